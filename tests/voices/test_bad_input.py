"""What each mutation of complaints, articles and notices refuses, and that nothing changes."""

from dataclasses import replace
from typing import Any

import pytest

from db.enums import ComplaintMeasure, ComplaintStatus, NoticeReader, SubmissionStatus
from resolvers.notices import NewNotice, issue_notice
from resolvers.submissions.writing import Article
from tests.voices.desk import Desk
from tests.voices.ward import TEXT, Ward, codes

HIDDEN = 2**40 + 7
LONG = "长" * 5001
CONTROL = "时长\u0007不实"
OVERRIDE = "时长\u202e不实"
SURROGATE = "时长\ud800"


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"text": ""}, ("REQUIRED", "text")),
        ({"text": " \n "}, ("REQUIRED", "text")),
        ({"text": LONG}, ("TOO_LONG", "text")),
        ({"text": CONTROL}, ("INVALID", "text")),
        ({"text": OVERRIDE}, ("INVALID", "text")),
        ({"text": SURROGATE}, ("INVALID", "text")),
        ({"subject": ("Team", HIDDEN)}, ("NOT_FOUND", "subjectId")),
        ({"subject": ("Project", HIDDEN)}, ("NOT_FOUND", "subjectId")),
        ({"subject": ("ServiceRecord", "the record")}, ("NOT_FOUND", "subjectId")),
        ({"subject": ("Volunteer", "the volunteer")}, ("NOT_FOUND", "subjectId")),
        ({"subject": None}, ("INVALID", "subjectId")),
        ({"volunteer_no": "V0", "volunteer_name": "无此人"}, ("NOT_FOUND", "volunteer")),
        ({"volunteer_no": "the number", "volunteer_name": "错名"}, ("NOT_FOUND", "volunteer")),
        (
            {"volunteer_no": "the number", "volunteer_name": "the name"},
            ("REQUIRED", "teamId"),
        ),
        (
            {"volunteer_no": "the number", "volunteer_name": "the name", "team_id": HIDDEN},
            ("NOT_FOUND", "teamId"),
        ),
        ({"office_code": "000"}, ("NOT_FOUND", "officeCode")),
        ({"office_code": "the town"}, ("NOT_FOUND", "officeCode")),  # no department there
    ],
)
async def test_complaint_that_makes_no_sense_is_refused(
    db: Any, ward: Ward, values: dict[str, Any], refused: tuple[str, str]
) -> None:
    known = {
        "the record": ward.record.id,
        "the volunteer": ward.volunteer.id,
        "the number": ward.volunteer.volunteer_no,
        "the name": ward.volunteer.name,
        "the town": ward.district.regions["town"].code,
    }
    told = {
        name: known.get(value, value) if isinstance(value, str) else value
        for name, value in values.items()
    }
    if isinstance(told.get("subject"), tuple):
        kind, number = told["subject"]
        told["subject"] = (kind, known.get(number, number))
    viewer = await ward.district.person()

    case = ward.case(**told) if "subject" not in told else _about(ward, told)
    outcome = await ward.submit(viewer, case)

    assert [(each.code.value, each.field) for each in outcome.errors] == [refused]
    count = "select count(*) from complaints where complainant_account_id = $1"
    assert await db.fetchval(count, viewer.account_id) == 0


def _about(ward: Ward, told: dict[str, Any]) -> Any:
    return replace(ward.case(), **told)


async def test_nobody_complains_about_themselves(ward: Ward) -> None:
    assert codes(await ward.submit(await ward.member(), ward.about_volunteer())) == ["INVALID"]


@pytest.mark.parametrize(
    ("to", "refused"),
    [
        ({"reason": " "}, ["REASON_REQUIRED"]),
        ({"reason": "长" * 501}, ["TOO_LONG"]),
        ({"reason": CONTROL}, ["INVALID"]),
        ({"elsewhere": " "}, ["REQUIRED"]),
        ({"elsewhere": "局" * 101}, ["TOO_LONG"]),
        ({"elsewhere": "公安\u0000机关"}, ["INVALID"]),
        ({"elsewhere": "公安机关", "to_office_code": "500000"}, ["INVALID"]),
        ({"to_team_id": HIDDEN}, ["NOT_FOUND"]),
        ({"to_office_code": "no such"}, ["NOT_FOUND"]),
        ({}, ["INVALID"]),  # it is competent itself
    ],
)
async def test_transfer_that_makes_no_sense_is_refused(
    db: Any, ward: Ward, to: dict[str, Any], refused: list[str]
) -> None:
    complaint_id = await ward.submitted(await ward.district.person())
    office = await ward.officer("district")

    assert await ward.transfer(office, complaint_id, **to) == refused

    status = "select status from complaints where id = $1"
    assert await db.fetchval(status, complaint_id) == "SUBMITTED"


@pytest.mark.parametrize(
    ("measure", "upholds", "outcome", "refused"),
    [
        (None, True, TEXT, ["REQUIRED"]),
        (ComplaintMeasure.WARNING, False, TEXT, ["INVALID"]),
        (ComplaintMeasure.WARNING, True, "", ["REASON_REQUIRED"]),
        (ComplaintMeasure.WARNING, True, "长" * 501, ["TOO_LONG"]),
        (ComplaintMeasure.WARNING, True, OVERRIDE, ["INVALID"]),
        (None, False, " ", ["REASON_REQUIRED"]),
    ],
)
async def test_decision_that_makes_no_sense_is_refused(
    ward: Ward,
    measure: ComplaintMeasure | None,
    upholds: bool,
    outcome: str,
    refused: list[str],
) -> None:
    complaint_id = await ward.submitted(await ward.district.person())
    office = await ward.officer("district")
    await ward.investigated(office, complaint_id)

    assert await ward.rule(office, complaint_id, measure, outcome, upholds=upholds) == refused


async def test_acts_on_a_complaint_that_is_not_there_are_refused(ward: Ward) -> None:
    office, person = await ward.officer("district"), await ward.district.person()

    assert await ward.advance(office, HIDDEN, ComplaintStatus.ACCEPTED) == ["NOT_FOUND"]
    assert await ward.transfer(office, HIDDEN) == ["NOT_FOUND"]
    assert await ward.rule(office, HIDDEN, ComplaintMeasure.WARNING) == ["NOT_FOUND"]
    assert await ward.appeal(person, HIDDEN) == ["NOT_FOUND"]
    assert await ward.close(person, HIDDEN) == ["NOT_FOUND"]


@pytest.mark.parametrize(
    ("title", "body", "refused"),
    [
        ("", "正文", [("REQUIRED", "title")]),
        ("题目", "", [("REQUIRED", "body")]),
        ("", "", [("REQUIRED", "title"), ("REQUIRED", "body")]),
        ("题" * 101, "正文", [("TOO_LONG", "title")]),
        ("题\n目", "正文", [("INVALID", "title")]),
        ("题目", "文" * 20_001, [("TOO_LONG", "body")]),
        ("题目", CONTROL, [("INVALID", "body")]),
        ("题目", SURROGATE, [("INVALID", "body")]),
    ],
)
async def test_article_that_is_no_text_is_refused_when_made_and_when_changed(
    ward: Ward, title: str, body: str, refused: list[tuple[str, str]]
) -> None:
    desk, author = await Desk.open(ward), await ward.member()

    created = await desk.create(author, Article(title, body))
    changed = await desk.update(author, await desk.drafted(author), Article(title, body))

    assert [(each.code.value, each.field) for each in created.errors] == refused
    assert changed == [code for code, _ in refused]


async def test_acts_on_an_article_that_is_not_there_are_refused(ward: Ward) -> None:
    desk, author = await Desk.open(ward), await ward.member()

    assert codes(await desk.create(author, team="legal")) == ["NOT_MEMBER"]
    assert await desk.update(author, HIDDEN, Article("题目", None)) == ["NOT_FOUND"]
    assert codes(await desk.submit(author, HIDDEN)) == ["NOT_FOUND"]
    assert await desk.withdraw(author, HIDDEN) == ["NOT_FOUND"]
    for to in (SubmissionStatus.PUBLISHED, SubmissionStatus.RETURNED, SubmissionStatus.OFFLINE):
        assert await desk.settle(desk.editor, HIDDEN, to) == ["NOT_FOUND"]
    nothing = await desk.update(author, await desk.drafted(author), Article(None, None))
    assert nothing == ["REQUIRED"]


@pytest.mark.parametrize("opinion", ["", " ", "长" * 501, CONTROL])
async def test_opinion_that_is_no_text_is_refused(ward: Ward, opinion: str) -> None:
    desk = await Desk.open(ward)
    submission_id = await desk.ready(await ward.member())

    told = await desk.settle(desk.editor, submission_id, SubmissionStatus.RETURNED, opinion)

    expected = {"": "REASON_REQUIRED", " ": "REASON_REQUIRED", CONTROL: "INVALID"}
    assert told == [expected.get(opinion, "TOO_LONG")]


@pytest.mark.parametrize(
    ("values", "refused"),
    [
        ({"title": ""}, [("REQUIRED", "title")]),
        ({"body": ""}, [("REQUIRED", "body")]),
        ({"readers": ()}, [("REQUIRED", "readers")]),
        ({"title": "题" * 101}, [("TOO_LONG", "title")]),
        ({"body": LONG}, [("TOO_LONG", "body")]),
        ({"title": CONTROL}, [("INVALID", "title")]),
        ({"body": SURROGATE}, [("INVALID", "body")]),
        ({"region_code": "500112000000"}, [("INVALID", "regionCode")]),  # a hub has a subtree
        ({"readers": (NoticeReader.DEPARTMENTS,)}, [("INVALID", "readers")]),
    ],
)
async def test_notice_that_makes_no_sense_is_refused(
    db: Any, ward: Ward, values: dict[str, Any], refused: list[tuple[str, str]]
) -> None:
    hub = await ward.forest.manager("town")
    given = {"title": "通知", "body": "内容", "readers": (NoticeReader.TEAMS,), **values}

    outcome = await issue_notice(ward.database, hub, NewNotice(**given), None, station=50)

    assert [(each.code.value, each.field) for each in outcome.errors] == refused
    count = "select count(*) from notices where issuer_account_id = $1"
    assert await db.fetchval(count, hub.account_id) == 0
