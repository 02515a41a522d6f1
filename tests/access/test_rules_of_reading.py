"""Who reads files and figures, who is to handle a complaint, and what absent facts grant."""

from dataclasses import replace

import pytest

from db.enums import (
    AnswerSide,
    AnswerStatus,
    FilePurpose,
    MatchStatus,
    MembershipStatus,
    NoticeReader,
    ProjectStatus,
    TeamStatus,
)
from permissions.actions import Action
from permissions.complaint_rules import handler_for, is_competent
from permissions.decide import decide
from permissions.facts import (
    ComplaintFacts,
    FileFacts,
    MembershipFacts,
    NoticeFacts,
    ProjectFacts,
    SubmissionFacts,
    TeamFacts,
)
from permissions.matching import NeedAnswerFacts, NeedFacts, OfferFacts
from permissions.reviewers import Reviewer
from permissions.statistics import sees_figures_below
from permissions.viewer import ActingPartner, Role, Viewer
from tests.access.people import (
    CERTIFICATE,
    CITY,
    COUNTY,
    ELSEWHERE,
    GONE,
    LEGAL,
    ON,
    PEOPLE,
    PROJECT,
    PROVINCE,
    STOPPED,
    TEAM,
    TOWN,
    Group,
    team,
    who_may,
)

PARTNER = Viewer(role=Role.PARTNER, partner=ActingPartner(id=1, name="", region_path="1/2/"))
COVER = FileFacts(id=1, owner_account_id=12, purpose=FilePurpose.COVER, team=TEAM, project=PROJECT)
PAPER = replace(COVER, purpose=FilePurpose.SCAN)
EVERYBODY = dict.fromkeys([*PEOPLE, "partner"], "public")
INSIDE = {
    **dict.fromkeys(["team", "recorder", "reviewer", "member"], "own team"),
    **dict.fromkeys(["town", "town's recorder", "district", "city"], "team above"),
    "city's reviewer": "team above",
    **dict.fromkeys(["county", "province"], "department over region"),
}
SENDER = {"stranger": "owner"}
SELF = {"volunteer": "owner"}

FILES: list[tuple[str, FileFacts, dict[str, str]]] = [
    ("cover", COVER, EVERYBODY),
    (
        "cover of a draft",
        replace(COVER, project=replace(PROJECT, status=ProjectStatus.DRAFT)),
        {**INSIDE, **SENDER},
    ),
    (
        "cover of a stopped team's project",
        replace(COVER, team=STOPPED, project=replace(PROJECT, team=STOPPED)),
        {**INSIDE, **SENDER},
    ),
    ("cover of nothing yet", replace(COVER, team=None, project=None), SENDER),
    ("paper of a public project", PAPER, {**INSIDE, **SENDER}),
    (
        "paper that a team reviews",
        replace(PAPER, team=None, project=None, reviewers=[COUNTY, LEGAL]),
        {"legal": "reviewer", "county": "reviewer", "province": "reviewer", **SENDER},
    ),
    (
        "paper that others review",
        replace(PAPER, project=None, reviewers=[LEGAL, ELSEWHERE]),
        {
            **INSIDE,
            "legal": "reviewer",
            "elsewhere": "reviewer",
            "province": "reviewer",
            **SENDER,
        },
    ),
]


@pytest.mark.parametrize(("what", "file", "readers"), FILES, ids=[what for what, _, _ in FILES])
def test_file_is_read_by_these_people_by_these_edges_and_nobody_else(
    what: str, file: FileFacts, readers: dict[str, str]
) -> None:
    found = who_may(Action.READ, file, {**PEOPLE, "partner": PARTNER})

    assert (what, found) == (what, readers)


BY_TEAM = PEOPLE["team"].acting
BY_TOWN = PEOPLE["town"].acting


@pytest.mark.parametrize("subject", ["Team", "ServiceRecord", "Certificate"])
def test_what_offices_look_into_goes_to_the_office(subject: str) -> None:
    assert handler_for(subject, TEAM) == COUNTY
    assert handler_for(subject, STOPPED) == COUNTY
    assert handler_for(subject, LEGAL) == ELSEWHERE


@pytest.mark.parametrize("subject", ["Project", "Volunteer"])
@pytest.mark.parametrize(
    ("team", "by", "handler"),
    [
        (TEAM, None, TEAM),
        (TEAM, BY_TOWN, TEAM),
        (TEAM, BY_TEAM, TOWN),
        (STOPPED, None, TOWN),
        (STOPPED, BY_TOWN, TOWN),
        (LEGAL, None, ELSEWHERE),
        (replace(LEGAL, authority=None), None, COUNTY),
    ],
)
def test_complaint_about_a_project_or_person_goes_to_the_team_first(
    subject: str, team: TeamFacts, by: object, handler: Reviewer
) -> None:
    assert handler_for(subject, team, by=by) == handler  # type: ignore[arg-type]


def test_office_over_a_team_that_is_no_legal_person_is_that_of_its_region() -> None:
    assert handler_for("Team", replace(TEAM, authority=ELSEWHERE)) == COUNTY


@pytest.mark.parametrize(
    ("subject", "team", "handler", "competent"),
    [
        ("Project", TEAM, None, False),
        ("Project", None, None, False),
        ("Certificate", None, COUNTY, True),
        ("Certificate", None, TOWN, False),
        ("Team", TEAM, replace(COUNTY, region_path=""), False),
        ("Team", TEAM, COUNTY, True),
        ("Team", TEAM, PROVINCE, True),
        ("Team", TEAM, ELSEWHERE, False),
        ("Team", LEGAL, ELSEWHERE, True),
        ("Team", LEGAL, COUNTY, False),
        ("Team", TEAM, TOWN, False),
        ("ServiceRecord", TEAM, TEAM, False),
        ("Project", LEGAL, LEGAL, False),
        ("Project", TEAM, TEAM, True),
        ("Project", TEAM, TOWN, True),
        ("Project", TOWN, TEAM, False),
        ("Project", TEAM, COUNTY, True),
    ],
)
def test_who_holds_a_complaint_is_competent_for_its_matter_and_place(
    subject: str, team: TeamFacts | None, handler: Reviewer | None, competent: bool
) -> None:
    complaint = ComplaintFacts(
        id=1, team=team, handler=handler, complainant_account_id=None, subject_type=subject
    )

    assert is_competent(complaint) is competent


@pytest.mark.parametrize("status", TeamStatus)
def test_figures_of_a_team_below_are_shown_as_its_own_are(status: TeamStatus) -> None:
    works = status in {TeamStatus.ENABLED, TeamStatus.CHANGE_PENDING}
    found = {
        name
        for name, viewer in {**PEOPLE, "partner": PARTNER}.items()
        if sees_figures_below(viewer, TEAM.path, COUNTY.region_path, status)
    }

    assert found == {*INSIDE} | ({"partner"} if works else set())


def test_team_below_in_another_region_is_not_the_partners() -> None:
    for region in (PROVINCE, ELSEWHERE):
        assert not sees_figures_below(PARTNER, TEAM.path, region.region_path, TeamStatus.ENABLED)


def test_row_that_leaves_out_whose_it_is_is_nobodys() -> None:
    """No viewer without a volunteer is the volunteer that a row does not name."""
    offer = OfferFacts(
        id=1, team=None, volunteer_id=None, region_path="9/", status=MatchStatus.CLOSED
    )
    need = NeedFacts(
        id=1,
        team=replace(TEAM, id=9, path="9/", office=replace(COUNTY, region_path="9/")),
        status=MatchStatus.CLOSED,
        volunteer_ids=[None],  # type: ignore[list-item]
    )
    answer = NeedAnswerFacts(
        id=1,
        team=need.team,
        from_team=None,
        volunteer_id=None,
        asked_by=AnswerSide.NEED,
        status=AnswerStatus.ACCEPTED,
    )
    project = ProjectFacts(
        id=1,
        team=need.team,
        status=ProjectStatus.DRAFT,
        known_to=[None],  # type: ignore[list-item]
    )
    asked = [
        *((Action.READ, each) for each in (offer, need, answer, project)),
        (Action.OFFER_CLOSE, offer),
        (Action.ANSWER_DECIDE, answer),
        (Action.ANSWER_WITHDRAW, answer),
        (Action.ANSWER_WITHDRAW, replace(answer, status=AnswerStatus.PENDING)),
    ]
    pending_offer = replace(answer, status=AnswerStatus.PENDING, asked_by=AnswerSide.OFFERER)

    for viewer in PEOPLE.values():
        for action, subject in [*asked, (Action.ANSWER_WITHDRAW, pending_offer)]:
            assert not decide(action, viewer, subject, policy=ON).allowed, (viewer, action, subject)


def test_complaint_that_nobody_holds_is_read_by_who_complained_alone() -> None:
    complaint = ComplaintFacts(id=1, team=TEAM, handler=None, complainant_account_id=12)
    found = {name for name, each in PEOPLE.items() if decide(Action.READ, each, complaint).allowed}

    assert found == {"stranger"}


OF_COUNTY = NoticeFacts(id=1, team=None, office=COUNTY, readers={NoticeReader.TEAMS})
OF_TOWN = replace(OF_COUNTY, team=TOWN, office=None)
OF_NOBODY = replace(OF_COUNTY, office=None, readers=frozenset(NoticeReader) - {NoticeReader.ANYONE})
ISSUERS = dict.fromkeys(["county", "province"], "issuer")
TEAMS_BELOW_TOWN = ["team", "recorder", "reviewer", "member"]
TEAMS_OF_COUNTY = [*TEAMS_BELOW_TOWN, "town", "town's recorder", "district", "legal"]
NOTICES: list[tuple[str, NoticeFacts, dict[str, str]]] = [
    (
        "department's, for teams",
        OF_COUNTY,
        {**dict.fromkeys(TEAMS_OF_COUNTY, "addressed to it"), **ISSUERS},
    ),
    (
        "department's, for departments",
        replace(OF_COUNTY, office=PROVINCE, readers={NoticeReader.DEPARTMENTS}),
        {**dict.fromkeys(["county", "elsewhere"], "addressed to it"), "province": "issuer"},
    ),
    (
        "department's, for volunteers",
        replace(OF_COUNTY, readers={NoticeReader.VOLUNTEERS}, known_to={1}),
        {"volunteer": "addressed to it", **ISSUERS},
    ),
    (
        "station's, for departments",
        replace(OF_COUNTY, readers={NoticeReader.DEPARTMENTS}, of_station=True),
        {"editor": "issuer", **ISSUERS},
    ),
    (
        "hub's, for teams",
        OF_TOWN,
        {
            **dict.fromkeys(TEAMS_BELOW_TOWN, "addressed to it"),
            **dict.fromkeys(["town", "town's recorder"], "issuer"),
            **ISSUERS,
        },
    ),
    (
        "hub's, for departments",
        replace(OF_TOWN, team=CITY, readers={NoticeReader.DEPARTMENTS}),
        dict.fromkeys(["city", "city's reviewer", "province"], "issuer"),
    ),
    (
        "withdrawn one, for anyone",
        replace(OF_COUNTY, readers={NoticeReader.ANYONE}, is_withdrawn=True),
        ISSUERS,
    ),
    ("nobody's, for everybody who is signed in", OF_NOBODY, {}),
    ("nobody's, for anyone", replace(OF_NOBODY, readers={NoticeReader.ANYONE}), EVERYBODY),
]


@pytest.mark.parametrize(("what", "notice", "read"), NOTICES, ids=[what for what, *_ in NOTICES])
def test_notice_is_read_by_whom_it_is_for_and_by_who_issued_it(
    what: str, notice: NoticeFacts, read: dict[str, str]
) -> None:
    found = who_may(Action.READ, notice, {**PEOPLE, "partner": PARTNER})

    assert (what, found) == (what, read)


OFFICES_OF = dict.fromkeys(["county", "province"], "department over region")
STOPPED_LEGAL = replace(LEGAL, status=TeamStatus.DISABLED)
BRANCH = team(8, LEGAL, Group.BASIC, branch_of_id=LEGAL.id, status=TeamStatus.DISABLED)
BRANCH_OF_STOPPED = replace(BRANCH, contact=STOPPED_LEGAL)
FROM_AFAR: list[tuple[str, object, dict[str, str]]] = [
    (
        "stopped legal person",
        STOPPED_LEGAL,
        {
            "legal": "own team",
            **dict.fromkeys(
                ["town", "town's recorder", "district", "city", "city's reviewer"],
                "hub of the area",
            ),
            **OFFICES_OF,
            "elsewhere": "reviewer",
        },
    ),
    ("branch of a working legal person", BRANCH, {"legal": "team above", **OFFICES_OF}),
    (
        "branch of a stopped legal person",
        BRANCH_OF_STOPPED,
        {"legal": "team above", **OFFICES_OF, "elsewhere": "reviewer"},
    ),
    (
        "draft of a legal person",
        replace(PROJECT, team=LEGAL, status=ProjectStatus.DRAFT),
        {"legal": "own team", **OFFICES_OF, "elsewhere": "reviewer"},
    ),
    (
        "membership in a legal person",
        MembershipFacts(id=1, team=LEGAL, volunteer_id=9, status=MembershipStatus.JOINED),
        {"legal": "own team", **OFFICES_OF},
    ),
    (
        "certificate of a legal person",
        replace(CERTIFICATE, team=LEGAL),
        {"volunteer": "owner", "legal": "own team", **OFFICES_OF, "elsewhere": "reviewer"},
    ),
    (
        "certificate of a team that another follows",
        replace(CERTIFICATE, team=GONE),
        {
            "volunteer": "owner",
            **dict.fromkeys(
                ["team", "recorder", "reviewer", "member"], "successor of the recording team"
            ),
            **{name: edge for name, edge in INSIDE.items() if edge != "own team"},
        },
    ),
    (
        "certificate of a team that will be followed",
        replace(CERTIFICATE, team=replace(GONE, status=TeamStatus.ENABLED)),
        {
            "volunteer": "owner",
            **{name: edge for name, edge in INSIDE.items() if edge != "own team"},
        },
    ),
    ("certificate that its volunteer printed", replace(CERTIFICATE, team=None), SELF),
    (
        "closed need of a legal person",
        NeedFacts(id=1, team=LEGAL, status=MatchStatus.CLOSED),
        {"legal": "own team", **OFFICES_OF, "elsewhere": "reviewer"},
    ),
    (
        "closed offer of a legal person",
        OfferFacts(
            id=1, team=LEGAL, volunteer_id=None, region_path="1/2/", status=MatchStatus.CLOSED
        ),
        {"legal": "own team", **OFFICES_OF, "elsewhere": "reviewer"},
    ),
    (
        "article for a legal person",
        SubmissionFacts(id=1, team=LEGAL, author_account_id=99, volunteer_id=9),
        {"legal": "own team", **OFFICES_OF, "elsewhere": "reviewer"},
    ),
]


@pytest.mark.parametrize(
    ("what", "row", "readers"), FROM_AFAR, ids=[what for what, _, _ in FROM_AFAR]
)
def test_who_decides_from_elsewhere_reads_what_it_decides_on_and_no_more(
    what: str, row: object, readers: dict[str, str]
) -> None:
    assert (what, who_may(Action.READ, row)) == (what, readers)


def test_team_above_that_takes_no_teams_carries_on_for_a_dissolved_one() -> None:
    below = team(9, TEAM, Group.BASIC, status=TeamStatus.DISSOLVED)

    found = who_may(Action.READ, replace(CERTIFICATE, team=below, volunteer_id=9))

    assert found["team"] == "superior of a dissolved recording team"
