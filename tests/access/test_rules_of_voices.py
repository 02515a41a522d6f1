"""What each rule of complaints, articles and notices allows whom, and by which edge."""

from dataclasses import replace

import pytest

from db.enums import SubmissionStatus
from permissions.actions import Action
from permissions.facts import ComplaintFacts, NoticeFacts, SubmissionFacts
from tests.access.people import (
    ABOVE,
    CITY,
    COUNTY,
    DISTRICT,
    ELSEWHERE,
    LEGAL,
    OFFICES,
    OWN,
    PROVINCE,
    TEAM,
    TOWN,
    Case,
    Edges,
    who_may,
)

CONTACT = "contact team above"
SUPERIOR = {"district": CONTACT}

CASES: list[Case] = [
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
        "draft of an article",
        Action.SUBMISSION_REVIEW,
        SubmissionFacts(id=1, team=TEAM, author_account_id=20, status=SubmissionStatus.DRAFT),
        {},
    ),
    (
        "article",
        Action.SUBMISSION_PUBLISH,
        SubmissionFacts(id=1, team=TEAM, author_account_id=20, status=SubmissionStatus.REVIEWED),
        {"editor": "station editor"},
    ),
    (
        "article that the contact team has still to read",
        Action.SUBMISSION_PUBLISH,
        SubmissionFacts(id=1, team=TEAM, author_account_id=20),
        {},
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
        SubmissionFacts(id=1, team=TEAM, author_account_id=27, status=SubmissionStatus.REVIEWED),
        {},
    ),
]


@pytest.mark.parametrize(
    ("what", "action", "subject", "allowed"), CASES, ids=[f"{c[1]} {c[0]}" for c in CASES]
)
def test_rule_allows_these_people_by_these_edges_and_nobody_else(
    what: str, action: Action, subject: object, allowed: Edges
) -> None:
    assert (what, who_may(action, subject)) == (what, allowed)
