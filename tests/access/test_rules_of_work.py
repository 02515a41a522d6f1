"""What each rule allows whom, and by which edge, where the worlds and the oracle say nothing."""

from dataclasses import replace
from typing import Any

import pytest

from db.enums import (
    AnswerSide,
    AnswerStatus,
    CertificateStatus,
    HubLevel,
    InspectionStatus,
    InspectionVerdict,
    MatchStatus,
    MembershipStatus,
    NoticeReader,
    PermissionGroup,
    ProjectStatus,
    RecordStatus,
    RecruitScope,
    RedemptionStatus,
    RegionLevel,
    ReviewKind,
    ReviewState,
    RewardItemStatus,
    SignUpStatus,
    StoppedBy,
    TeamAdminRole,
    TeamStatus,
)
from permissions.actions import Action
from permissions.decide import BY_POLICY, RULES, PolicyMissing, decide
from permissions.edges import OWN_APPLICATION, TEAM_STOPPED, Policy
from permissions.facts import (
    AdministratorFacts,
    CertificateFacts,
    ComplaintFacts,
    GroupFacts,
    MembershipFacts,
    MoveFacts,
    NoticeFacts,
    OfficeFacts,
    ProjectFacts,
    RecordFacts,
    RegionFacts,
    ReviewFacts,
    SignUpFacts,
    StationFacts,
    SubmissionFacts,
    TeamFacts,
    VolunteerFacts,
)
from permissions.groups import rehung_group
from permissions.matching import NeedAnswerFacts, NeedFacts, OfferFacts
from permissions.rewarding import RedemptionFacts, RewardItemFacts
from permissions.rights import Right, holds
from permissions.supervision import InspectionFacts, InspectionItemFacts
from permissions.viewer import ActingDepartment, ActingTeam, Role, Viewer

PROVINCE, COUNTY, ELSEWHERE = OfficeFacts(1, "1/"), OfficeFacts(2, "1/2/"), OfficeFacts(3, "1/3/")
Group = PermissionGroup
ON, OFF = Policy(), Policy(quick_review=False)


def team(
    number: int, under: TeamFacts | None, group: Group, hub: HubLevel | None = None, **facts: Any
) -> TeamFacts:
    given = {"office": COUNTY, "status": TeamStatus.ENABLED, **facts}
    path = f"{under.path if under else ''}{number}/"
    name = f"队{number}"
    return TeamFacts(
        id=number, name=name, path=path, group=group, hub_level=hub, contact=under, **given
    )


CITY = team(1, None, Group.SENIOR_QUICK, HubLevel.CITY, office=PROVINCE)
DISTRICT = team(2, CITY, Group.SENIOR_QUICK, HubLevel.DISTRICT)
TOWN = team(3, DISTRICT, Group.MIDDLE_QUICK, HubLevel.TOWN)
TEAM = team(4, TOWN, Group.BASIC)
LEGAL = team(5, None, Group.MIDDLE, is_legal=True, authority=ELSEWHERE)
GONE = team(6, TOWN, Group.BASIC, status=TeamStatus.DISSOLVED, successor_id=4)
STOPPED = replace(TEAM, status=TeamStatus.DISABLED)
FREE = replace(TEAM, group=Group.JUNIOR_PROJECT)
HEIR_OF_NONE = team(7, TOWN, Group.BASIC, status=TeamStatus.DISABLED)
GONE_WITH_ALL_ABOVE = replace(
    GONE,
    successor_id=None,
    contact=team(
        3,
        team(2, None, Group.SENIOR_QUICK, status=TeamStatus.DISSOLVED),
        Group.MIDDLE_QUICK,
        status=TeamStatus.DISSOLVED,
    ),
)


def acting(for_: TeamFacts, account: int, *roles: TeamAdminRole, **more: Any) -> Viewer:
    named = frozenset(roles or {TeamAdminRole.MANAGER})
    held = ActingTeam(
        id=for_.id,
        team_no="",
        name=for_.name,
        path=for_.path,
        region_path=for_.office.region_path,
        status=for_.status,
        permission_group=for_.group,
        hub_level=for_.hub_level,
        takes_teams=holds(for_.group, Right.ALLOW_SUB_TEAM_REGISTRATION),
        roles=named,
    )
    role = Role.HUB if held.reviews_others else Role.TEAM
    return Viewer(role=role, account_id=account, team=held, **more)


def office(place: OfficeFacts, account: int) -> Viewer:
    held = ActingDepartment(
        region_id=place.region_id,
        region_code="",
        region_name="",
        region_path=place.region_path,
        region_level=RegionLevel.COUNTY,
    )
    return Viewer(role=Role.DEPARTMENT, account_id=account, department=held)


PEOPLE = {
    "public": Viewer(),
    "volunteer": Viewer(role=Role.VOLUNTEER, account_id=11, volunteer_id=1),
    "stranger": Viewer(role=Role.VOLUNTEER, account_id=12, volunteer_id=2),
    "person": Viewer(role=Role.VOLUNTEER, account_id=13),
    "team": acting(TEAM, 14),
    "recorder": acting(TEAM, 15, TeamAdminRole.RECORDER),
    "reviewer": acting(TEAM, 16, TeamAdminRole.REVIEWER),
    "member": acting(TEAM, 17, volunteer_id=1),
    "town": acting(TOWN, 18),
    "town's recorder": acting(TOWN, 19, TeamAdminRole.RECORDER),
    "district": acting(DISTRICT, 20),
    "city": acting(CITY, 21),
    "city's reviewer": acting(CITY, 22, TeamAdminRole.REVIEWER),
    "legal": acting(LEGAL, 23),
    "county": office(COUNTY, 24),
    "elsewhere": office(ELSEWHERE, 25),
    "province": office(PROVINCE, 26),
    "editor": Viewer(role=Role.VOLUNTEER, account_id=27, flags=frozenset({"is_station_editor"})),
    "nobody's flag": Viewer(flags=frozenset({"is_station_editor"})),
}
ABOVE = {
    "town": "contact team above",
    "district": "quick review of 队2",
    "city": "quick review of 队1",
    "city's reviewer": "quick review of 队1",
    "county": "department over region",
    "province": "department over region",
}
CONTACT = "contact team above"
SUPERIOR = {"district": CONTACT}
OFFICES = ("county", "province")
OVER = dict.fromkeys(OFFICES, "department over region")
MANAGING = dict.fromkeys(["district", "city", "city's reviewer"], "hub of the region")
OWN = {"team": "own team", "member": "own team"}
RECORDING = {**OWN, "recorder": "own team"}
NOT_ONESELF = {"team": "own team", "recorder": "own team"}
VOLUNTEER = VolunteerFacts(id=1, region_path="1/2/", account_id=11, tied_to=[TEAM])
MEMBER = {"team": TEAM, "volunteer_id": 1, "account_id": 14}
PROJECT = ProjectFacts(id=1, team=TEAM, status=ProjectStatus.RUNNING)
SIGN_UP = SignUpFacts(id=1, team=TEAM, volunteer_id=1, status=SignUpStatus.APPLIED)
CERTIFICATE = CertificateFacts(
    id=1, team=TEAM, volunteer_id=1, status=CertificateStatus.REQUESTED, account_id=11
)


def review(kind: ReviewKind, of: TeamFacts, by: Any, applicant: int | None = None) -> ReviewFacts:
    return ReviewFacts(
        id=1,
        team=of,
        kind=kind,
        state=ReviewState.PENDING,
        reviewer=by,
        applicant_account_id=applicant,
    )


CASES: list[tuple[str, Action, object, dict[str, str]]] = [
    ("team", Action.TEAM_UPDATE, TEAM, {"team": "own team", "member": "own team", **ABOVE}),
    (
        "waiting team",
        Action.TEAM_UPDATE,
        replace(TEAM, status=TeamStatus.REJECTED),
        {"team": "own team", "member": "own team", **ABOVE},
    ),
    (
        "complaint to an office",
        Action.COMPLAINT_HANDLE,
        ComplaintFacts(id=1, team=TEAM, handler=COUNTY, complainant_account_id=26),
        {"county": "department of the region"},
    ),
    (
        "complaint to the team above",
        Action.COMPLAINT_HANDLE,
        ComplaintFacts(id=1, team=TEAM, handler=TOWN, complainant_account_id=20),
        {name: edge for name, edge in ABOVE.items() if name != "district"},
    ),
    (
        "appeal against the team above",
        Action.COMPLAINT_HANDLE,
        ComplaintFacts(id=1, team=TEAM, handler=DISTRICT, complainant_account_id=99),
        {**{name: ABOVE[name] for name in (*OFFICES, "city", "city's reviewer")}, **SUPERIOR},
    ),
    (
        "appeal to the city",
        Action.COMPLAINT_HANDLE,
        ComplaintFacts(id=1, team=TEAM, handler=CITY, complainant_account_id=99),
        {"city": CONTACT, "city's reviewer": CONTACT, "province": ABOVE["province"]},
    ),
    (
        "complaint about nobody",
        Action.COMPLAINT_HANDLE,
        ComplaintFacts(id=1, team=None, handler=TOWN, complainant_account_id=None),
        {},
    ),
    (
        "article",
        Action.SUBMISSION_REVIEW,
        SubmissionFacts(id=1, team=TEAM, author_account_id=20),
        {name: edge for name, edge in ABOVE.items() if name != "district"},
    ),
    (
        "article",
        Action.SUBMISSION_PUBLISH,
        SubmissionFacts(id=1, team=TEAM, author_account_id=20),
        {"editor": "station editor"},
    ),
    (
        "complaint that the office may decide",
        Action.COMPLAINT_DECIDE,
        ComplaintFacts(id=1, team=TEAM, handler=PROVINCE, complainant_account_id=1),
        {"province": "department of the region"},
    ),
    (
        "complaint that another office is competent for",
        Action.COMPLAINT_DECIDE,
        ComplaintFacts(id=1, team=TEAM, handler=ELSEWHERE, complainant_account_id=1),
        {},
    ),
    (
        "complaint about a legal person, for its registration authority",
        Action.COMPLAINT_ACCEPT,
        ComplaintFacts(id=1, team=LEGAL, handler=ELSEWHERE, complainant_account_id=1),
        {"elsewhere": "department of the region", "province": "department of the region"},
    ),
    (
        "complaint about a team, which no team decides",
        Action.COMPLAINT_INVESTIGATE,
        ComplaintFacts(
            id=1, team=TEAM, handler=TOWN, complainant_account_id=1, subject_type="Team"
        ),
        {},
    ),
    (
        "complaint about oneself",
        Action.COMPLAINT_HANDLE,
        ComplaintFacts(
            id=1, team=TEAM, handler=TEAM, complainant_account_id=1, about_volunteer_id=1
        ),
        {"team": "own team", "reviewer": "own team", **ABOVE, "town": "quick review of 队3"},
    ),
    (
        "own complaint",
        Action.COMPLAINT_APPEAL,
        ComplaintFacts(id=1, team=TEAM, handler=COUNTY, complainant_account_id=17),
        {"member": "complainant"},
    ),
    (
        "team to write for",
        Action.SUBMISSION_CREATE,
        replace(TEAM, known_to=frozenset({1})),
        {"volunteer": "owner", **OWN},
    ),
    (
        "volunteer's article",
        Action.SUBMISSION_UPDATE,
        SubmissionFacts(id=1, team=TEAM, author_account_id=11, volunteer_id=1),
        {"volunteer": "owner"},
    ),
    (
        "team's own article",
        Action.SUBMISSION_WITHDRAW,
        SubmissionFacts(id=1, team=TEAM, author_account_id=14),
        OWN,
    ),
    (
        "hub's notice",
        Action.NOTICE_WITHDRAW,
        NoticeFacts(id=1, team=TOWN, office=None, readers=frozenset()),
        {
            "town": "own team",
            "county": "department over region",
            "province": "department over region",
        },
    ),
    (
        "notice of a team that is no hub",
        Action.NOTICE_ISSUE,
        NoticeFacts(id=1, team=TEAM, office=None, readers=frozenset()),
        {},
    ),
    (
        "department's notice",
        Action.NOTICE_ISSUE,
        NoticeFacts(id=1, team=None, office=COUNTY, readers=frozenset()),
        {"county": "department over region", "province": "department over region"},
    ),
    (
        "station's notice",
        Action.NOTICE_ISSUE,
        NoticeFacts(id=1, team=None, office=PROVINCE, readers=frozenset(), of_station=True),
        {"editor": "station editor"},
    ),
    (
        "editor's own article",
        Action.SUBMISSION_PUBLISH,
        SubmissionFacts(id=1, team=TEAM, author_account_id=27),
        {},
    ),
    (
        "forced move",
        Action.TEAM_MOVE_FORCE,
        MoveFacts(team=TEAM, to=DISTRICT),
        {
            "district": "superior of both",
            "city": "superior of both",
            "county": "department over region",
            "province": "department over region",
        },
    ),
    (
        "accepted move",
        Action.TEAM_MOVE_ACCEPT,
        MoveFacts(team=TEAM, to=DISTRICT, applicant_account_id=22),
        {
            "district": "contact team above",
            "city": "quick review of 队1",
            "county": "department over region",
            "province": "department over region",
        },
    ),
    (
        "group of a rootless team",
        Action.TEAM_SET_GROUP,
        GroupFacts(team=team(8, None, Group.BASIC), group=Group.JUNIOR_TEAM),
        {"county": "department of the region", "province": "department of the region"},
    ),
    (
        "group of a rootless team with another authority",
        Action.TEAM_SET_GROUP,
        GroupFacts(team=team(8, None, Group.BASIC, authority=ELSEWHERE), group=Group.JUNIOR_TEAM),
        {"county": "department of the region", "province": "department of the region"},
    ),
    (
        "group of a legal person",
        Action.TEAM_SET_GROUP,
        GroupFacts(team=LEGAL, group=Group.JUNIOR_TEAM, applicant_account_id=26),
        {"elsewhere": "registration authority"},
    ),
    (
        "withdrawn application",
        Action.REVIEW_WITHDRAW,
        review(ReviewKind.TEAM_CHANGE, TEAM, TOWN, 12),
        {"stranger": "applicant", "team": "own team", "member": "own team"},
    ),
    (
        "withdrawn wish to join",
        Action.REVIEW_WITHDRAW,
        review(ReviewKind.MEMBERSHIP, TEAM, TEAM, 12),
        {"stranger": "applicant"},
    ),
    (
        "wish to join",
        Action.REVIEW_DECIDE,
        review(ReviewKind.MEMBERSHIP, TEAM, TEAM, 12),
        {"team": "own team", "member": "own team", "reviewer": "own team"},
    ),
    (
        "wish to join that went to an office",
        Action.REVIEW_DECIDE,
        review(ReviewKind.MEMBERSHIP, TEAM, COUNTY),
        {},
    ),
    (
        "wish to join that went to the team above",
        Action.REVIEW_DECIDE,
        review(ReviewKind.MEMBERSHIP, TEAM, TOWN),
        {},
    ),
    (
        "hours applied for",
        Action.REVIEW_DECIDE,
        review(ReviewKind.RECORD_APPLICATION, TEAM, TEAM, 12),
        {**RECORDING, "reviewer": "own team"},
    ),
    (
        "hours applied for at a dissolved team",
        Action.REVIEW_DECIDE,
        review(ReviewKind.RECORD_APPLICATION, GONE, TEAM, 12),
        {**RECORDING, "reviewer": "own team"},
    ),
    (
        "wish to join a dissolved team",
        Action.REVIEW_DECIDE,
        review(ReviewKind.MEMBERSHIP, GONE, TEAM, 12),
        {},
    ),
    *(
        (what, Action.REVIEW_DECIDE, review(ReviewKind.RECORD_APPLICATION, of, by, 12), {})
        for what, of, by in (
            ("hours that went past the successor", GONE, TOWN),
            ("hours that went to no successor", replace(GONE, successor_id=None), TEAM),
            ("hours of a team that only stopped", replace(HEIR_OF_NONE, successor_id=4), TEAM),
            ("hours that went to the team above", TEAM, TOWN),
            ("hours that went to an office", TEAM, COUNTY),
            ("hours that went to nobody", TEAM, None),
        )
    ),
    (
        "move that went to an office",
        Action.REVIEW_DECIDE,
        review(ReviewKind.TEAM_MOVE, TEAM, COUNTY),
        {"county": "department of the region", "province": "department of the region"},
    ),
    (
        "higher group",
        Action.REVIEW_DECIDE,
        review(ReviewKind.PERMISSION_GROUP, team(9, DISTRICT, Group.BASIC), DISTRICT),
        {"district": "contact team above", "city": "hub above", "city's reviewer": "hub above"},
    ),
    ("team to join", Action.MEMBERSHIP_APPLY, TEAM, {"volunteer": "owner", "stranger": "owner"}),
    ("stopped team to join", Action.MEMBERSHIP_APPLY, GONE, {}),
    (
        "membership",
        Action.MEMBERSHIP_DECIDE,
        MembershipFacts(id=1, status=MembershipStatus.APPLYING, team=TEAM, volunteer_id=1),
        {"team": "own team"},
    ),
    (
        "membership of the account's own",
        Action.MEMBERSHIP_DECIDE,
        MembershipFacts(id=1, status=MembershipStatus.APPLYING, **{**MEMBER, "volunteer_id": 5}),
        {"member": "own team"},
    ),
    (
        "sign-up",
        Action.SIGN_UP_DECIDE,
        SIGN_UP,
        NOT_ONESELF,
    ),
    (
        "record",
        Action.RECORD_VOID,
        RecordFacts(id=1, team=TEAM, volunteer_id=2, status=RecordStatus.EFFECTIVE),
        RECORDING,
    ),
    ("project", Action.SIGN_UP_APPLY, PROJECT, {"volunteer": "owner", "stranger": "owner"}),
    ("late entry", Action.SIGN_UP_APPLY, replace(PROJECT, scope=RecruitScope.MAKE_UP), {}),
    ("closed project", Action.SIGN_UP_APPLY, replace(PROJECT, status=ProjectStatus.CLOSED), {}),
    ("project of a stopped team", Action.SIGN_UP_APPLY, replace(PROJECT, team=STOPPED), {}),
    ("project", Action.PROJECT_CLOSE, PROJECT, OWN),
    ("project that is reviewed", Action.PROJECT_PUBLISH, PROJECT, {}),
    ("project of a team that publishes", Action.PROJECT_PUBLISH, replace(PROJECT, team=FREE), OWN),
    (
        "late entry of a team that publishes",
        Action.PROJECT_PUBLISH,
        replace(PROJECT, team=FREE, scope=RecruitScope.MAKE_UP),
        {},
    ),
    ("project", Action.PROJECT_REVIEW, PROJECT, ABOVE),
    ("project", Action.PROJECT_DISABLE, PROJECT, {**OWN, **ABOVE}),
    ("project", Action.PROJECT_ENABLE, PROJECT, {**OWN, **ABOVE}),
    (
        "project that its team stopped",
        Action.PROJECT_ENABLE,
        replace(PROJECT, stopped_by=StoppedBy.TEAM),
        {**OWN, **ABOVE},
    ),
    (
        "project that a superior stopped",
        Action.PROJECT_ENABLE,
        replace(PROJECT, stopped_by=StoppedBy.SUPERIOR),
        ABOVE,
    ),
    ("project of a stopped team", Action.PROJECT_ENABLE, replace(PROJECT, team=STOPPED), {}),
    (
        "post applied for",
        Action.SIGN_UP_CHANGE_POST,
        SIGN_UP,
        {**NOT_ONESELF, "volunteer": "owner"},
    ),
    (
        "post that the team gave",
        Action.SIGN_UP_CHANGE_POST,
        replace(SIGN_UP, status=SignUpStatus.ACCEPTED),
        NOT_ONESELF,
    ),
    ("sign-up", Action.SIGN_UP_CANCEL, SIGN_UP, {**NOT_ONESELF, "volunteer": "owner"}),
    ("sign-up", Action.SIGN_UP_ANSWER, SIGN_UP, {"volunteer": "owner"}),
    ("team", Action.MEMBERSHIP_INVITE, TEAM, OWN),
    (
        "team without the right to manage members",
        Action.MEMBERSHIP_INVITE,
        replace(TEAM, group=Group.PENDING),
        {},
    ),
    ("team", Action.RECORD_CREATE, TEAM, RECORDING),
    ("place", Action.REGION_EXPORT, RegionFacts(2, "1/2/"), {**MANAGING, **OVER}),
    (
        "place above the district's",
        Action.REGION_EXPORT,
        RegionFacts(1, "1/"),
        {
            **dict.fromkeys(["city", "city's reviewer"], "hub of the region"),
            "province": "department over region",
        },
    ),
    ("volunteer", Action.ID_NUMBER_REVEAL, VOLUNTEER, {"volunteer": "owner", **OVER}),
    (
        "member of two teams",
        Action.AWARD_RECORD,
        replace(VOLUNTEER, tied_to=[TOWN, TEAM]),
        {**NOT_ONESELF, **dict.fromkeys(["town", "town's recorder"], "own team")},
    ),
    ("member of no team", Action.AWARD_RECORD, replace(VOLUNTEER, tied_to=[]), {}),
    ("volunteer", Action.CERTIFICATE_PRINT, VOLUNTEER, {"volunteer": "owner"}),
    ("volunteer", Action.VOLUNTEER_UPDATE, VOLUNTEER, {"volunteer": "owner"}),
    ("certificate", Action.CERTIFICATE_ISSUE, CERTIFICATE, NOT_ONESELF),
    (
        "certificate of a dissolved team",
        Action.CERTIFICATE_ISSUE,
        replace(CERTIFICATE, team=GONE),
        {
            "team": "successor of the recording team",
            "recorder": "successor of the recording team",
        },
    ),
    (
        "certificate of a disabled team without a successor",
        Action.CERTIFICATE_ISSUE,
        replace(CERTIFICATE, team=HEIR_OF_NONE),
        {},
    ),
    ("certificate", Action.CERTIFICATE_REVOKE, CERTIFICATE, {**NOT_ONESELF, **ABOVE}),
    (
        "certificate of a dissolved team without an heir",
        Action.CERTIFICATE_ISSUE,
        replace(CERTIFICATE, team=replace(GONE, successor_id=None)),
        dict.fromkeys(["town", "town's recorder"], "superior of a dissolved recording team"),
    ),
    (
        "certificate of a dissolved team below a dissolved one",
        Action.CERTIFICATE_ISSUE,
        replace(
            CERTIFICATE,
            team=replace(
                GONE, successor_id=None, contact=replace(TOWN, status=TeamStatus.DISSOLVED)
            ),
        ),
        {"district": "superior of a dissolved recording team"},
    ),
    (
        "certificate of a dissolved team below none but dissolved ones",
        Action.CERTIFICATE_ISSUE,
        replace(CERTIFICATE, team=GONE_WITH_ALL_ABOVE),
        {},
    ),
    ("certificate asked for", Action.CERTIFICATE_CANCEL, CERTIFICATE, {"volunteer": "owner"}),
    (
        "certificate that its volunteer printed",
        Action.CERTIFICATE_REVOKE,
        replace(CERTIFICATE, team=None),
        {"volunteer": "owner"},
    ),
    (
        "certificate",
        Action.CERTIFICATE_DOWNLOAD,
        CERTIFICATE,
        {
            "volunteer": "owner",
            **RECORDING,
            **{name: ABOVE[name] for name in OFFICES},
        },
    ),
    (
        "certificate that its volunteer printed",
        Action.CERTIFICATE_DOWNLOAD,
        replace(CERTIFICATE, team=None),
        {"volunteer": "owner"},
    ),
    ("member", Action.AWARD_RECORD, VOLUNTEER, NOT_ONESELF),
    (
        "resident",
        Action.STAR_RATE,
        replace(VOLUNTEER, tied_to=[]),
        {
            "district": "hub that manages the region's volunteers",
            "city": "hub that manages the region's volunteers",
            "city's reviewer": "hub that manages the region's volunteers",
            "county": "department over region",
            "province": "department over region",
        },
    ),
    (
        "member who lives elsewhere",
        Action.STAR_RATE,
        replace(VOLUNTEER, region_path="1/3/"),
        {
            "city": "hub that manages the region's volunteers",
            "city's reviewer": "hub that manages the region's volunteers",
            "elsewhere": "department over region",
            "province": "department over region",
        },
    ),
    (
        "place with hubs of its own",
        Action.LOCAL_POLICY_SET,
        RegionFacts(COUNTY.region_id, COUNTY.region_path),
        {**dict.fromkeys(["town", "district"], "hub of the region"), **OVER},
    ),
    (
        "place with a city's hub",
        Action.LOCAL_POLICY_SET,
        RegionFacts(PROVINCE.region_id, PROVINCE.region_path),
        {"city": "hub of the region", "province": "department over region"},
    ),
    (
        "place without a hub",
        Action.LOCAL_POLICY_SET,
        RegionFacts(ELSEWHERE.region_id, ELSEWHERE.region_path),
        dict.fromkeys(["elsewhere", "province"], "department over region"),
    ),
    ("wrong name", Action.VOLUNTEER_CORRECT, VOLUNTEER, OVER),
    (
        "own wrong name, by account",
        Action.VOLUNTEER_CORRECT,
        replace(VOLUNTEER, account_id=24),
        {"province": "department over region"},
    ),
    (
        "wrong name of who has no account",
        Action.VOLUNTEER_CORRECT,
        replace(VOLUNTEER, account_id=None),
        OVER,
    ),
]


@pytest.mark.parametrize(
    ("what", "action", "subject", "allowed"), CASES, ids=[f"{c[1]} {c[0]}" for c in CASES]
)
def test_rule_allows_these_people_by_these_edges_and_nobody_else(
    what: str, action: Action, subject: object, allowed: dict[str, str]
) -> None:
    found = {
        name: decision.because
        for name, viewer in PEOPLE.items()
        if (decision := decide(action, viewer, subject, policy=ON)).allowed
    }

    assert (what, found) == (what, allowed)


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


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        (team(9, DISTRICT, Group.JUNIOR_QUICK, HubLevel.TOWN), Group.JUNIOR_QUICK),
        (team(9, DISTRICT, Group.SENIOR_QUICK, HubLevel.TOWN), Group.MIDDLE_QUICK),
        (team(9, DISTRICT, Group.MIDDLE, is_legal=True), Group.MIDDLE),
    ],
)
def test_moved_team_keeps_what_its_level_or_kind_allows(moved: TeamFacts, expected: Group) -> None:
    assert rehung_group(moved, None) is expected


@pytest.mark.parametrize("status", [TeamStatus.DISABLED, TeamStatus.DISSOLVED])
def test_stopped_hub_settles_nothing_for_its_region(status: TeamStatus) -> None:
    stopped = acting(replace(TOWN, status=status), 28)
    region = RegionFacts(COUNTY.region_id, COUNTY.region_path)

    assert decide(Action.LOCAL_POLICY_SET, stopped, region) is TEAM_STOPPED


def test_department_that_is_the_person_under_another_account_corrects_no_name_of_its_own() -> None:
    oneself = replace(office(COUNTY, 28), volunteer_id=VOLUNTEER.id)

    assert decide(Action.VOLUNTEER_CORRECT, oneself, VOLUNTEER) is OWN_APPLICATION


@pytest.mark.parametrize("role", [TeamAdminRole.MANAGER, TeamAdminRole.REVIEWER])
@pytest.mark.parametrize("group", Group)
def test_wish_to_join_is_decided_by_a_team_that_may_manage_its_members(
    group: Group, role: TeamAdminRole
) -> None:
    own = replace(TEAM, group=group)
    wish = review(ReviewKind.MEMBERSHIP, own, own, 12)

    decision = decide(Action.REVIEW_DECIDE, acting(own, 28, role), wish, policy=ON)

    assert decision.allowed == (group is not Group.PENDING)
