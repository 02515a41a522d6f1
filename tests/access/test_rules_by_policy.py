"""Where what the station has settled matters: every action, done to everything by everybody."""

import pytest

from db.enums import (
    AnswerSide,
    AnswerStatus,
    InspectionStatus,
    InspectionVerdict,
    MatchStatus,
    MembershipStatus,
    NoticeReader,
    RecordStatus,
    RedemptionStatus,
    ReviewKind,
    RewardItemStatus,
)
from permissions.actions import Action
from permissions.decide import BY_POLICY, RULES, PolicyMissing, decide
from permissions.facts import (
    AdministratorFacts,
    ComplaintFacts,
    GroupFacts,
    MembershipFacts,
    MoveFacts,
    NoticeFacts,
    RecordFacts,
    RegionFacts,
    StationFacts,
    SubmissionFacts,
)
from permissions.matching import NeedAnswerFacts, NeedFacts, OfferFacts
from permissions.rewarding import RedemptionFacts, RewardItemFacts
from permissions.supervision import InspectionFacts, InspectionItemFacts
from permissions.viewer import Viewer
from tests.access.people import (
    CERTIFICATE,
    COUNTY,
    OFF,
    ON,
    PEOPLE,
    PROJECT,
    SIGN_UP,
    TEAM,
    TOWN,
    VOLUNTEER,
    Group,
    review,
)

# Something of each kind that an action is done to.
SUBJECTS = (
    TEAM,
    MoveFacts(team=TEAM, to=TOWN),
    GroupFacts(team=TEAM, group=Group.JUNIOR_TEAM),
    MembershipFacts(id=1, team=TEAM, volunteer_id=1, status=MembershipStatus.APPLYING),
    PROJECT,
    SIGN_UP,
    RecordFacts(id=1, team=TEAM, volunteer_id=2, status=RecordStatus.EFFECTIVE),
    CERTIFICATE,
    VOLUNTEER,
    ComplaintFacts(id=1, team=TEAM, handler=TOWN, complainant_account_id=None),
    SubmissionFacts(id=1, team=TEAM, author_account_id=None),
    review(ReviewKind.TEAM_CHANGE, TEAM, TOWN),
    RegionFacts(2, "1/2/"),
    NoticeFacts(id=1, team=None, office=COUNTY, readers=frozenset({NoticeReader.TEAMS})),
    StationFacts(1, "1/2/"),
    AdministratorFacts(id=1, account_id=24, region_path="1/2/"),
    InspectionFacts(
        id=1, region_path="1/2/", status=InspectionStatus.MATERIALS_ASKED, asked=[TEAM]
    ),
    InspectionItemFacts(
        id=1, region_path="1/2/", team=TEAM, is_asked=True, verdict=InspectionVerdict.FORGED
    ),
    NeedFacts(id=1, team=TEAM, status=MatchStatus.OPEN),
    OfferFacts(id=1, team=TEAM, volunteer_id=None, region_path="1/2/", status=MatchStatus.OPEN),
    NeedAnswerFacts(
        id=1,
        team=TEAM,
        from_team=None,
        volunteer_id=1,
        asked_by=AnswerSide.OFFERER,
        status=AnswerStatus.PENDING,
    ),
    RewardItemFacts(id=1, region_path="1/2/", status=RewardItemStatus.OFFERED),
    RedemptionFacts(id=1, region_path="1/2/", volunteer_id=1, status=RedemptionStatus.REQUESTED),
)


def test_every_kind_of_subject_is_tried() -> None:
    assert {type(each) for each in SUBJECTS} == {kind for kind, _ in RULES.values()}


def test_policy_of_the_station_matters_where_it_must_be_given_and_nowhere_else() -> None:
    switched: dict[Action, set[str]] = {}
    for action in RULES:
        for viewer in PEOPLE.values():
            for subject in SUBJECTS:
                quick = decide(action, viewer, subject, policy=ON)
                slow = decide(action, viewer, subject, policy=OFF)
                if quick != slow:
                    switched.setdefault(action, set()).add(slow.because)
                    assert (quick.allowed, slow.allowed) == (True, False)

    assert set(switched) == BY_POLICY
    assert set.union(*switched.values()) == {
        "not its reviewer, and quick review is switched off",
        "quick review is switched off",
    }


@pytest.mark.parametrize("action", sorted(BY_POLICY))
def test_decision_that_needs_the_policy_is_an_error_without_it(action: Action) -> None:
    with pytest.raises(PolicyMissing, match=f"^{action}$"):
        decide(action, Viewer(), object())
