"""The course of a record: applied for, decided, disputed, corrected, voided; checked in and out."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from db.clock import CHINA, run_due
from db.enums import SignUpStatus, TeamAdminRole, TeamStatus
from db.lock_order import Rank
from db.models import Post, Project, SignUp, Volunteer
from db.session import Database
from permissions.edges import Policy
from permissions.errors import Forbidden, Unauthenticated
from permissions.viewer import PUBLIC, Viewer
from resolvers.acting import Refused
from resolvers.outcomes import Outcome
from resolvers.records.applying import apply_for_record
from resolvers.records.attendance import complete_sign_up, open_record
from resolvers.records.correcting import (
    Changes,
    complete_open_record,
    correct_record,
    void_record,
)
from resolvers.records.disputing import confirm_record, dispute_record, withdraw_application
from resolvers.records.policy import RecordPolicy
from resolvers.review_decisions import Decided, DecisionOutcome, decide_reviews
from tests.small_world import NOW, Planter, connected
from tests.workflows.service import LONG_AGO, YESTERDAY, Service, codes, entry, fields

pytestmark = pytest.mark.asyncio(loop_scope="module")

AT_ONCE = RecordPolicy(publicity_days=0)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def database(url: str) -> AsyncIterator[Database]:
    async with Database(url) as database:
        yield database


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(database: Database) -> Service:
    return await Service.plant(Planter(database))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def db(url: str) -> AsyncIterator[Any]:
    async with connected(url) as connection:
        yield connection


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reviewer(service: Service) -> Viewer:
    return await service.forest.manager("team", TeamAdminRole.REVIEWER)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hub(service: Service) -> Viewer:
    return await service.forest.manager("hub")


async def state_of(db: Any, record_id: int | None) -> tuple[str, int]:
    """The state of a record, and the minutes that its volunteer has."""
    row = await db.fetchrow(
        "select r.status, v.effective_minutes from service_records r"
        " join volunteers v on v.id = r.volunteer_id where r.id = $1",
        record_id,
    )
    return row["status"], row["effective_minutes"]


async def entered(service: Service, member: Volunteer, **more: Any) -> int:
    """The id of a record that counts already."""
    outcome = await service.enter(entry(member, **more), policy=AT_ONCE)
    assert outcome.subject_id is not None, outcome.errors
    return outcome.subject_id


async def applied(service: Service, member: Volunteer, **more: Any) -> Outcome:
    """What comes of the member's own application."""
    policy, now = more.pop("policy", RecordPolicy()), more.pop("now", NOW)
    viewer = more.pop("viewer", None) or await service.viewer_of(member)
    return await apply_for_record(
        service.planter.database,
        viewer,
        more.pop("team_id", service.team.id),
        entry(member, **more),
        None,
        now=now,
        policy=policy,
    )


async def review_of(db: Any, record_id: int | None, kind: str) -> int:
    number: int = await db.fetchval(
        "select id from reviews where subject_type = 'ServiceRecord' and subject_id = $1"
        " and kind = $2 order by id desc limit 1",
        record_id,
        kind,
    )
    return number


async def decide(
    service: Service, viewer: Viewer, ids: list[int], *, approves: bool = True, why: str = "属实"
) -> DecisionOutcome:
    return await decide_reviews(
        service.planter.database,
        viewer,
        Decided(ids=ids, approves=approves, opinion=why),
        None,
        policy=Policy(),
        now=NOW,
    )


def refusals(outcome: DecisionOutcome) -> list[list[str]]:
    return [[error.code.value for error in item.errors] for item in outcome.items]


async def test_volunteer_applies_and_the_team_approves(
    database: Database, db: Any, service: Service, reviewer: Viewer
) -> None:
    member = await service.member()

    outcome = await applied(service, member)
    waiting = await state_of(db, outcome.subject_id)
    review = await review_of(db, outcome.subject_id, "RECORD_APPLICATION")
    decided = await decide(service, reviewer, [review])

    assert (outcome.errors, waiting) == ((), ("APPLIED", 0))
    assert refusals(decided) == [[]]
    assert await state_of(db, outcome.subject_id) == ("NOT_EFFECTIVE", 0)
    await run_due(database.engine, now=NOW + timedelta(days=6))
    assert await state_of(db, outcome.subject_id) == ("EFFECTIVE", 120)
    source = await db.fetchrow(
        "select source, recorder_id from service_records where id = $1", outcome.subject_id
    )
    assert tuple(source) == ("VOLUNTEER_APPLICATION", None)


@pytest.mark.parametrize("approves", [True, False])
async def test_sign_up_is_attended_once_the_application_for_its_record_is_approved(
    db: Any,
    service: Service,
    reviewer: Viewer,
    approves: bool,
) -> None:
    project = await service.project()
    member = await service.member()
    sign_up = await signed_up(service, member, project)
    outcome = await applied(service, member, project_id=project.id)
    state = "select status from sign_ups where id = $1"
    waiting = await db.fetchval(state, sign_up.id)
    review = await review_of(db, outcome.subject_id, "RECORD_APPLICATION")

    await decide(service, reviewer, [review], approves=approves)

    assert waiting == "ACCEPTED"
    assert await db.fetchval(state, sign_up.id) == ("ATTENDED" if approves else "ACCEPTED")


async def test_applications_are_decided_by_named_staff_alone_and_never_by_oneself(
    db: Any, service: Service, hub: Viewer
) -> None:
    member = await service.member()
    outcome = await applied(service, member)
    review = await review_of(db, outcome.subject_id, "RECORD_APPLICATION")

    assert refusals(await decide(service, hub, [review])) == [["NOT_YOUR_REVIEW"]]
    recorder = service.recorder
    assert refusals(await decide(service, recorder, [review])) == [[]]
    assert refusals(await decide(service, recorder, [review])) == [["ALREADY_DECIDED"]]


async def test_refused_application_says_why_and_frees_the_time(
    db: Any, service: Service, reviewer: Viewer
) -> None:
    member = await service.member()
    first = await applied(service, member)
    twice = await applied(service, member)
    review = await review_of(db, first.subject_id, "RECORD_APPLICATION")

    silent = await decide(service, reviewer, [review], approves=False, why="")
    refused = await decide(service, reviewer, [review], approves=False, why="没有参加")
    again = await applied(service, member)

    assert codes(twice) == ["TIME_CONFLICT"]
    assert refusals(silent) == [["REASON_REQUIRED"]]
    assert refusals(refused) == [[]]
    assert await state_of(db, first.subject_id) == ("REJECTED", 0)
    assert codes(again) == []


async def test_late_application_is_decided_by_the_team_and_then_above(
    db: Any, service: Service, reviewer: Viewer, hub: Viewer
) -> None:
    member = await service.member()
    outcome = await applied(service, member, starts_at=LONG_AGO)
    first = await review_of(db, outcome.subject_id, "RECORD_APPLICATION")

    assert refusals(await decide(service, reviewer, [first])) == [[]]
    assert await state_of(db, outcome.subject_id) == ("NOT_EFFECTIVE", 0)
    second = await review_of(db, outcome.subject_id, "LATE_HOURS")
    assert refusals(await decide(service, reviewer, [second])) == [["NOT_YOUR_REVIEW"]]
    assert refusals(await decide(service, hub, [second])) == [[]]
    row = await db.fetchrow(
        "select is_overdue, publicity_from from service_records where id = $1", outcome.subject_id
    )
    assert tuple(row) == (True, date(2026, 5, 20))


async def test_late_entry_that_is_not_let_count_is_void(
    db: Any, service: Service, hub: Viewer
) -> None:
    member = await service.member()
    outcome = await service.enter(entry(member, LONG_AGO))
    review = await review_of(db, outcome.subject_id, "LATE_HOURS")

    decided = await decide(service, hub, [review], approves=False, why="材料不足")

    assert refusals(decided) == [[]]
    row = await db.fetchrow(
        "select status, void_reason from service_records where id = $1", outcome.subject_id
    )
    assert tuple(row) == ("VOID", "材料不足")


async def test_application_waits_only_where_the_volunteer_belongs(
    service: Service, db: Any
) -> None:
    member = await service.member()
    stranger = await service.planter.volunteer(service.forest.region)
    hidden = await service.forest.plant("hidden", "hub", status=TeamStatus.PENDING)
    other = await service.forest.plant("stopped", "hub")

    assert fields(await applied(service, stranger)) == [("NOT_MEMBER", "teamId")]
    for team_id in (7, hidden.id):
        assert fields(await applied(service, member, team_id=team_id)) == [("NOT_FOUND", "teamId")]
    assert fields(await applied(service, member, team_id=other.id)) == [("NOT_MEMBER", "teamId")]
    with pytest.raises(Forbidden):
        await applied(service, member, viewer=service.recorder)
    with pytest.raises(Unauthenticated):
        await applied(service, member, viewer=PUBLIC)
    assert not await db.fetchval(
        "select count(*) from service_records where volunteer_id = $1", stranger.id
    )


async def test_application_is_taken_back_before_it_is_decided(
    database: Database, db: Any, service: Service, reviewer: Viewer
) -> None:
    member = await service.member()
    viewer = await service.viewer_of(member)
    outcome = await applied(service, member)
    assert outcome.subject_id is not None
    review = await review_of(db, outcome.subject_id, "RECORD_APPLICATION")

    taken = await withdraw_application(database, viewer, outcome.subject_id, None, now=NOW)
    again = await withdraw_application(database, viewer, outcome.subject_id, None, now=NOW)

    assert (codes(taken), fields(again)) == ([], [("WRONG_STATE", "recordId")])
    assert await state_of(db, outcome.subject_id) == ("VOID", 0)
    assert refusals(await decide(service, reviewer, [review])) == [["ALREADY_DECIDED"]]


async def correct(
    service: Service, record_id: int, viewer: Viewer | None = None, **changes: Any
) -> Outcome:
    reason = changes.pop("reason", "时长有误")
    now, policy = changes.pop("now", NOW), changes.pop("policy", AT_ONCE)
    return await correct_record(
        service.planter.database,
        viewer or service.recorder,
        record_id,
        Changes(**changes),
        None,
        reason=reason,
        now=now,
        policy=policy,
    )


async def test_correction_is_a_new_revision_and_the_old_one_stays_to_be_read(
    db: Any, service: Service
) -> None:
    member = await service.member()
    record_id = await entered(service, member)

    first = await correct(service, record_id, ends_at=YESTERDAY + timedelta(hours=3))
    second = await correct(service, record_id, content="陪伴老人", unserved_minutes=60)

    assert (codes(first), codes(second)) == ([], [])
    row = await db.fetchrow("select * from service_records where id = $1", record_id)
    assert (row["revision"], row["minutes"], row["content"]) == (3, 120, "陪伴老人")
    assert await state_of(db, record_id) == ("EFFECTIVE", 120)
    kept = await db.fetch(
        "select revision, content, reason, account_id from service_record_revisions"
        " where record_id = $1 order by revision",
        record_id,
    )
    assert [each["revision"] for each in kept] == [1, 2]
    said = [json.loads(each["content"]) for each in kept]
    assert [each["minutes"] for each in said] == [120, 180]
    assert said[0]["content"] == "陪伴老人，打扫房间"
    assert {each["account_id"] for each in kept} == {service.recorder.account_id}


BAD: list[tuple[dict[str, Any], list[tuple[str, str | None]]]] = [
    ({}, [("REQUIRED", "changes")]),
    ({"reason": " ", "content": "别的"}, [("REASON_REQUIRED", "reason")]),
    ({"reason": "为" * 501, "content": "别的"}, [("TOO_LONG", "reason")]),
    ({"content": "长" * 501}, [("TOO_LONG", "content")]),
    ({"place": "社\x07区"}, [("INVALID", "place")]),
    ({"targets": ("外星人",)}, [("INVALID", "targets")]),
    ({"ends_at": YESTERDAY}, [("ENDS_BEFORE_START", "endsAt")]),
    ({"ends_at": NOW + timedelta(hours=1)}, [("IN_THE_FUTURE", "endsAt")]),
    ({"unserved_minutes": 120}, [("INVALID", "unservedMinutes")]),
    ({"unserved_minutes": -1}, [("INVALID", "unservedMinutes")]),
    ({"content": "点赞10次换1小时"}, [("PROHIBITED_KIND", "content")]),
]


@pytest.mark.parametrize(("wrong", "expected"), BAD)
async def test_wrong_correction_changes_nothing(
    db: Any, service: Service, wrong: dict[str, Any], expected: list[tuple[str, str | None]]
) -> None:
    member = await service.member()
    record_id = await entered(service, member)

    outcome = await correct(service, record_id, **wrong)

    assert fields(outcome) == expected
    assert await state_of(db, record_id) == ("EFFECTIVE", 120)
    assert not await db.fetchval(
        "select count(*) from service_record_revisions where record_id = $1", record_id
    )


async def test_correction_into_the_time_of_another_record_is_refused(
    db: Any, service: Service
) -> None:
    member = await service.member()
    record_id = await entered(service, member)
    await entered(service, member, starts_at=YESTERDAY + timedelta(hours=3))

    clash = await correct(service, record_id, ends_at=YESTERDAY + timedelta(hours=4))
    fits = await correct(service, record_id, ends_at=YESTERDAY + timedelta(hours=3))

    assert fields(clash) == [("TIME_CONFLICT", "startsAt")]
    assert codes(fits) == []
    assert await db.fetchval("select revision from service_records where id = $1", record_id) == 2


LATER = NOW + timedelta(days=60)
HOUR = timedelta(hours=1)
IN_MARCH = {"starts_at": LONG_AGO, "ends_at": LONG_AGO + 10 * HOUR}


async def course_of(db: Any, record_id: int) -> tuple[Any, ...]:
    """State, minutes, lateness and last day of publicity of a record, and who must decide it."""
    row = await db.fetchrow(
        "select r.status, r.minutes, r.is_overdue, r.publicity_to, (select array_agg(array["
        "   w.kind, w.reviewer_team_id::text, w.applicant_account_id::text]) from reviews w"
        "   where w.subject_type = 'ServiceRecord' and w.subject_id = r.id"
        "   and w.state = 'PENDING') as asked"
        " from service_records r where r.id = $1",
        record_id,
    )
    return tuple(row)


def late_hours(service: Service) -> list[list[str]]:
    """The one review that late hours wait for."""
    hub, asks = service.forest.teams["hub"].id, service.recorder.account_id
    return [["LATE_HOURS", str(hub), str(asks)]]


async def test_record_that_is_moved_past_the_term_is_late_and_reviewed_above_the_team(
    database: Database, db: Any, service: Service, hub: Viewer
) -> None:
    member = await service.member()
    record_id = await entered(service, member)

    outcome = await correct(service, record_id, **IN_MARCH)

    assert codes(outcome) == []
    assert await course_of(db, record_id) == (
        "NOT_EFFECTIVE",
        600,
        True,
        None,
        late_hours(service),
    )
    await run_due(database.engine, now=LATER)
    assert await state_of(db, record_id) == ("NOT_EFFECTIVE", 0)
    told = await db.fetchval(
        "select detail from audit_log where subject_type = 'ServiceRecord'"
        " and subject_id = $1 and action = 'service_record.corrected'",
        record_id,
    )
    assert json.loads(told)["statusBefore"] == "EFFECTIVE"
    assert json.loads(told)["awaitsReview"] is True
    review = await review_of(db, record_id, "LATE_HOURS")
    assert refusals(await decide(service, service.recorder, [review])) == [["NOT_YOUR_REVIEW"]]
    assert refusals(await decide(service, hub, [review])) == [[]]
    await run_due(database.engine, now=NOW + timedelta(days=6))
    assert await state_of(db, record_id) == ("EFFECTIVE", 600)


@pytest.mark.parametrize(
    "changes",
    [
        {"content": "陪伴老人"},
        {"unserved_minutes": 30},
        {"ends_at": YESTERDAY + HOUR},
        {"starts_at": YESTERDAY + HOUR},
    ],
)
async def test_correction_that_claims_no_further_time_leaves_the_record_where_it_stood(
    db: Any, service: Service, changes: dict[str, Any]
) -> None:
    counting = await entered(service, await service.member())
    public = (await service.enter(entry(await service.member()))).subject_id
    assert public is not None

    for record_id in (counting, public):
        assert codes(await correct(service, record_id, now=LATER, **changes)) == []

    assert [(await course_of(db, each))[0::2] for each in (counting, public)] == [
        ("EFFECTIVE", False, None),
        ("NOT_EFFECTIVE", False, None),
    ]
    assert (await course_of(db, public))[3] == date(2026, 5, 25)


@pytest.mark.parametrize(
    "changes",
    [
        {"ends_at": YESTERDAY + 2 * HOUR, "starts_at": YESTERDAY - HOUR},
        {"ends_at": YESTERDAY + 3 * HOUR, "unserved_minutes": 60},
        {"unserved_minutes": 0},
    ],
)
async def test_further_time_is_public_anew_within_the_term_and_reviewed_after_it(
    db: Any, service: Service, changes: dict[str, Any]
) -> None:
    """It takes the course of an entry that is made now: what nobody could object to, counts not."""
    half = {"unserved_minutes": 30}
    soon, late = [await entered(service, await service.member(), **half) for _ in range(2)]
    public = (await service.enter(entry(await service.member(), **half))).subject_id
    assert public is not None
    days = timedelta(days=2)

    for record_id, now in ((soon, NOW + days), (late, LATER), (public, LATER)):
        with_publicity = {"now": now, "policy": RecordPolicy(), **changes}
        assert codes(await correct(service, record_id, **with_publicity)) == []

    status, _, *course = await course_of(db, soon)
    assert (status, *course) == ("NOT_EFFECTIVE", False, date(2026, 5, 27), None)
    for record_id in (late, public):
        status, _, *course = await course_of(db, record_id)
        assert (status, *course) == ("NOT_EFFECTIVE", True, None, late_hours(service))


async def test_disputed_record_that_claims_further_time_too_late_is_answered_and_reviewed(
    database: Database, db: Any, service: Service
) -> None:
    """DOMAIN §6.4: corrected, it is disputed no more; the hours wait as any late ones do."""
    member = await service.member()
    record_id = await entered(service, member)
    viewer = await service.viewer_of(member)
    await dispute_record(database, viewer, record_id, "应为三小时", None, now=LATER)

    outcome = await correct(service, record_id, ends_at=YESTERDAY + 3 * HOUR, now=LATER)

    assert codes(outcome) == []
    status, *course = await course_of(db, record_id)
    assert (status, *course) == ("NOT_EFFECTIVE", 180, True, None, late_hours(service))
    answered = await db.fetchval(
        "select outcome from record_disputes where record_id = $1", record_id
    )
    assert answered == "CORRECTED"
    again = await dispute_record(database, viewer, record_id, "有误", None, now=LATER)
    assert fields(again) == [("WRONG_STATE", "recordId")]


async def test_record_that_waits_for_a_review_waits_for_that_one_however_it_is_corrected(
    db: Any, service: Service
) -> None:
    outcome = await service.enter(entry(await service.member(), LONG_AGO))
    record_id = outcome.subject_id
    assert record_id is not None
    review = await review_of(db, record_id, "LATE_HOURS")

    for changes, late in (
        ({"unserved_minutes": 30}, True),
        ({"unserved_minutes": 0}, True),
        ({"starts_at": YESTERDAY, "ends_at": YESTERDAY + HOUR}, False),
    ):
        assert codes(await correct(service, record_id, **changes)) == []
        status, _, *course = await course_of(db, record_id)
        assert (status, *course) == ("NOT_EFFECTIVE", late, None, late_hours(service))
    assert await review_of(db, record_id, "LATE_HOURS") == review


async def test_further_minutes_are_reviewed_where_the_region_asks_for_it(
    database: Database, db: Any
) -> None:
    service = await Service.plant(Planter(database))
    hub = await service.forest.manager("hub")
    await db.execute(
        "insert into local_policies (province, region_id, reviews_hours, reason)"
        " values ('50', $1, true, '试点')",
        service.forest.region.id,
    )
    record_id = await entered(service, await service.member(), ends_at=YESTERDAY + HOUR / 6)
    await decide(service, hub, [await review_of(db, record_id, "LATE_HOURS")])
    await run_due(database.engine, now=NOW + timedelta(days=6))
    before = await state_of(db, record_id)

    outcome = await correct(service, record_id, ends_at=YESTERDAY + 12 * HOUR)

    assert (before, codes(outcome)) == (("EFFECTIVE", 10), [])
    status, *course = await course_of(db, record_id)
    assert (status, *course) == ("NOT_EFFECTIVE", 720, False, None, late_hours(service))
    assert await state_of(db, record_id) == ("NOT_EFFECTIVE", 0)


async def test_only_who_keeps_the_team_s_records_corrects_voids_and_confirms(
    database: Database, service: Service, hub: Viewer, reviewer: Viewer
) -> None:
    member = await service.member()
    record_id = await entered(service, member)
    volunteer = await service.viewer_of(member)
    stranger = await service.viewer_of(await service.planter.volunteer(service.forest.region))
    rival = await service.forest.plant("rival", "hub")
    outsider = await service.forest.manager("rival")

    acts: list[Callable[[Viewer], Any]] = [
        lambda viewer: correct(service, record_id, viewer, content="别的"),
        lambda viewer: void_record(database, viewer, record_id, "有误", None, now=NOW),
        lambda viewer: confirm_record(database, viewer, record_id, "属实", None, now=NOW),
    ]
    for act in acts:
        for viewer in (hub, reviewer, volunteer):
            with pytest.raises(Forbidden):
                await act(viewer)
        for viewer in (outsider, stranger):
            assert fields(await act(viewer)) == [("NOT_FOUND", "recordId")]
        with pytest.raises(Unauthenticated):
            await act(PUBLIC)
    assert rival.id != service.team.id


async def test_disputed_record_does_not_count_until_the_team_has_confirmed_it(
    database: Database, db: Any, service: Service
) -> None:
    member = await service.member()
    viewer = await service.viewer_of(member)
    record_id = await entered(service, member)

    disputed = await dispute_record(database, viewer, record_id, "应为三小时", None, now=NOW)
    during = await state_of(db, record_id)
    twice = await dispute_record(database, viewer, record_id, "应为三小时", None, now=NOW)
    silent = await confirm_record(database, service.recorder, record_id, " ", None, now=NOW)
    confirmed = await confirm_record(
        database, service.recorder, record_id, "签到表为两小时", None, now=NOW
    )

    assert (codes(disputed), during) == ([], ("DISPUTED", 0))
    assert fields(twice) == [("WRONG_STATE", "recordId")]
    assert fields(silent) == [("REASON_REQUIRED", "answer")]
    assert codes(confirmed) == []
    assert await state_of(db, record_id) == ("EFFECTIVE", 120)
    row = await db.fetchrow("select * from record_disputes where record_id = $1", record_id)
    assert (row["reason"], row["outcome"], row["answer"]) == (
        "应为三小时",
        "CONFIRMED",
        "签到表为两小时",
    )
    assert row["due_on"] == date(2026, 6, 3)  # ten working days


async def test_correction_answers_a_dispute(database: Database, db: Any, service: Service) -> None:
    member = await service.member()
    record_id = await entered(service, member)
    viewer = await service.viewer_of(member)
    await dispute_record(database, viewer, record_id, "应为三小时", None, now=NOW)

    outcome = await correct(service, record_id, ends_at=YESTERDAY + timedelta(hours=3))

    assert codes(outcome) == []
    assert await state_of(db, record_id) == ("EFFECTIVE", 180)
    answered = await db.fetchval(
        "select outcome from record_disputes where record_id = $1", record_id
    )
    assert answered == "CORRECTED"


async def test_record_disputed_in_publicity_goes_on_with_it(
    database: Database, db: Any, service: Service
) -> None:
    member = await service.member()
    outcome = await service.enter(entry(member))
    assert outcome.subject_id is not None
    record_id, viewer = outcome.subject_id, await service.viewer_of(member)
    await dispute_record(database, viewer, record_id, "不是我", None, now=NOW)

    await run_due(database.engine, now=NOW + timedelta(days=6))
    held = await state_of(db, record_id)
    await confirm_record(database, service.recorder, record_id, "是本人", None, now=NOW)

    assert held == ("DISPUTED", 0)
    assert await state_of(db, record_id) == ("NOT_EFFECTIVE", 0)
    await run_due(database.engine, now=NOW + timedelta(days=6))
    assert await state_of(db, record_id) == ("EFFECTIVE", 120)


async def test_only_the_volunteer_disputes(
    database: Database, service: Service, reviewer: Viewer
) -> None:
    member = await service.member()
    record_id = await entered(service, member)
    stranger = await service.viewer_of(await service.member())

    outcome = await dispute_record(database, stranger, record_id, "有误", None, now=NOW)

    assert fields(outcome) == [("NOT_FOUND", "recordId")]
    with pytest.raises(Forbidden):
        await dispute_record(database, reviewer, record_id, "有误", None, now=NOW)


async def test_void_record_counts_for_nothing_and_stays(
    database: Database, db: Any, service: Service
) -> None:
    member = await service.member()
    record_id = await entered(service, member, score=5)

    silent = await void_record(database, service.recorder, record_id, "", None, now=NOW)
    outcome = await void_record(database, service.recorder, record_id, "重复录入", None, now=NOW)
    again = await void_record(database, service.recorder, record_id, "重复录入", None, now=NOW)

    assert fields(silent) == [("REASON_REQUIRED", "reason")]
    assert codes(outcome) == []
    assert fields(again) == [("WRONG_STATE", "recordId")]
    assert await state_of(db, record_id) == ("VOID", 0)
    counted = await db.fetchval("select evaluation_count from volunteers where id = $1", member.id)
    assert counted == 0
    assert codes(await service.enter(entry(member))) == []  # the time is free again


async def test_voiding_takes_back_the_review_of_late_hours(
    database: Database, db: Any, service: Service
) -> None:
    member = await service.member()
    outcome = await service.enter(entry(member, LONG_AGO))
    assert outcome.subject_id is not None

    await void_record(database, service.recorder, outcome.subject_id, "有误", None, now=NOW)

    review = await review_of(db, outcome.subject_id, "LATE_HOURS")
    assert await db.fetchval("select state from reviews where id = $1", review) == "WITHDRAWN"


async def test_recorder_keeps_nothing_of_their_own_but_may_void_it(
    database: Database, service: Service
) -> None:
    volunteer = await service.member()
    record_id = await entered(service, volunteer)
    assert volunteer.account_id is not None
    own = replace(service.recorder, volunteer_id=volunteer.id, account_id=volunteer.account_id)

    assert fields(await correct(service, record_id, own, content="别的")) == [
        ("OWN_RECORD", "recordId")
    ]
    voided = await void_record(database, own, record_id, "没有参加", None, now=NOW)
    assert codes(voided) == []


async def test_disputing_and_voiding_at_once_leave_the_minutes_right(
    database: Database, db: Any, service: Service
) -> None:
    member = await service.member()
    record_id = await entered(service, member)
    viewer = await service.viewer_of(member)

    await asyncio.gather(
        dispute_record(database, viewer, record_id, "有误", None, now=NOW),
        void_record(database, service.recorder, record_id, "有误", None, now=NOW),
        correct(service, record_id, ends_at=YESTERDAY + timedelta(hours=1)),
    )

    assert await state_of(db, record_id) == ("VOID", 0)


# By check-in and check-out.


async def signed_up(service: Service, member: Volunteer, project: Project) -> SignUp:
    post = Post(province="50", project_id=project.id, post_no=1, name="陪护", planned=3)
    await service.planter.add(post)
    sign_up = SignUp(
        province="50",
        project_id=project.id,
        post_id=post.id,
        team_id=service.team.id,
        volunteer_id=member.id,
        status=SignUpStatus.ACCEPTED,
    )
    await service.planter.add(sign_up)
    return sign_up


async def check(
    service: Service, sign_up: SignUp, at: datetime, *, out: bool = False, now: datetime = NOW
) -> int:
    """The record that a check-in opens, or a check-out completes."""
    async with service.planter.database.write(
        account_id=None, capacity="test", action="check"
    ) as write:
        await write.lock_tree()
        await write.lock(Rank.VOLUNTEER, [sign_up.volunteer_id])
        if not out:
            return await open_record(write, sign_up.id, at, because="owner")
        return await complete_sign_up(write, sign_up.id, at, now=now, because="owner")


async def test_check_in_opens_a_record_that_check_out_completes(db: Any, service: Service) -> None:
    member, project = await service.member(), await service.project()
    sign_up = await signed_up(service, member, project)

    opened = await check(service, sign_up, YESTERDAY)
    before = await state_of(db, opened)
    completed = await check(service, sign_up, YESTERDAY + timedelta(minutes=95), out=True)

    assert before == ("OPEN", 0)
    assert completed == opened
    row = await db.fetchrow("select * from service_records where id = $1", opened)
    assert (row["status"], row["minutes"], row["source"]) == ("NOT_EFFECTIVE", 95, "CHECK_IN")
    assert (row["activity_name"], row["content"]) == (project.name, "陪护")
    with pytest.raises(Refused):
        await check(service, sign_up, YESTERDAY + timedelta(minutes=96), out=True)


async def test_sign_out_after_midnight_is_one_record_of_two_days(db: Any, service: Service) -> None:
    """DOMAIN §11.16."""
    member, project = await service.member(), await service.project()
    sign_up = await signed_up(service, member, project)
    evening = datetime(2026, 5, 18, 22, 0, tzinfo=CHINA)

    record_id = await check(service, sign_up, evening)
    await check(service, sign_up, evening + timedelta(hours=4, minutes=30), out=True)

    row = await db.fetchrow(
        "select minutes, is_flagged, (ends_at at time zone 'Asia/Shanghai')::date as ended"
        " from service_records where id = $1",
        record_id,
    )
    assert tuple(row) == (270, False, date(2026, 5, 19))


async def test_missing_sign_out_stays_open_after_the_project_until_the_team_completes_it(
    database: Database, db: Any, service: Service
) -> None:
    """DOMAIN §11.16."""
    member = await service.member()
    project = await service.project(
        starts_at=YESTERDAY - timedelta(days=1), ends_at=YESTERDAY + timedelta(hours=5)
    )
    sign_up = await signed_up(service, member, project)
    record_id = await check(service, sign_up, YESTERDAY)

    await run_due(database.engine, now=NOW + timedelta(days=60))
    waiting = await state_of(db, record_id)
    early = await complete_open_record(
        database, service.recorder, record_id, YESTERDAY, None, unserved_minutes=0, now=NOW
    )
    outcome = await complete_open_record(
        database,
        service.recorder,
        record_id,
        YESTERDAY + timedelta(hours=3),
        None,
        unserved_minutes=30,
        now=NOW,
    )

    assert waiting == ("OPEN", 0)
    assert fields(early) == [("ENDS_BEFORE_START", "endsAt")]
    assert codes(outcome) == []
    row = await db.fetchrow("select * from service_records where id = $1", record_id)
    assert (row["status"], row["minutes"]) == ("NOT_EFFECTIVE", 150)
    assert row["recorder_id"] == service.recorder.account_id


async def test_open_record_that_is_completed_too_late_is_reviewed(
    database: Database, db: Any, service: Service
) -> None:
    member, project = await service.member(), await service.project(starts_at=LONG_AGO)
    sign_up = await signed_up(service, member, project)
    record_id = await check(service, sign_up, LONG_AGO)

    await complete_open_record(
        database,
        service.recorder,
        record_id,
        LONG_AGO + timedelta(hours=2),
        None,
        unserved_minutes=0,
        now=NOW,
    )

    row = await db.fetchrow("select * from service_records where id = $1", record_id)
    assert (row["status"], row["is_overdue"], row["publicity_to"]) == ("NOT_EFFECTIVE", True, None)
    assert await review_of(db, record_id, "LATE_HOURS")


async def test_check_in_or_check_out_in_the_time_of_another_record_is_refused(
    service: Service,
) -> None:
    member, project = await service.member(), await service.project()
    sign_up = await signed_up(service, member, project)
    await entered(service, member)

    with pytest.raises(Refused) as within:
        await check(service, sign_up, YESTERDAY + timedelta(hours=1))
    await check(service, sign_up, YESTERDAY - timedelta(hours=1))
    with pytest.raises(Refused) as over:
        await check(service, sign_up, YESTERDAY + timedelta(minutes=1), out=True)
    await check(service, sign_up, YESTERDAY, out=True)

    for refusal in (within, over):
        assert [error.code.value for error in refusal.value.errors] == ["TIME_CONFLICT"]
