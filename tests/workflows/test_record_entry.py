"""Entering records: by whom, of whom, of what; one and many."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from db.clock import CHINA, run_due
from db.enums import (
    MembershipStatus,
    ProjectStatus,
    RecordStatus,
    RecruitScope,
    SignUpStatus,
    TeamAdminRole,
    TeamStatus,
    VolunteerStatus,
)
from db.errors import KeyReused
from db.models import Membership, Post, ProjectRecorder, SignUp
from db.session import Database, PoolLimits
from permissions.errors import Forbidden, InvalidInput, Unauthenticated
from permissions.viewer import PUBLIC
from resolvers.records.entering import MOST, create_record
from resolvers.records.policy import RecordPolicy
from resolvers.rules.hours import HoursPolicy
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


@pytest_asyncio.fixture(loop_scope="module")
async def own_service(database: Database) -> Service:
    """One that a test may change as it likes."""
    return await Service.plant(Planter(database))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def db(url: str) -> AsyncIterator[Any]:
    async with connected(url) as connection:
        yield connection


async def record_of(db: Any, record_id: int | None) -> Any:
    return await db.fetchrow("select * from service_records where id = $1", record_id)


async def minutes_of(db: Any, volunteer_id: int) -> int:
    minutes: int = await db.fetchval(
        "select effective_minutes from volunteers where id = $1", volunteer_id
    )
    return minutes


async def test_recorder_enters_what_the_team_organised(db: Any, service: Service) -> None:
    member, project = await service.member(), await service.project(name="敬老")

    outcome = await service.enter(
        entry(member, project_id=project.id, activity_name=None, place=None, targets=None)
    )

    assert outcome.errors == ()
    row = await record_of(db, outcome.subject_id)
    assert (row["status"], row["source"], row["minutes"]) == ("NOT_EFFECTIVE", "TEAM_ENTRY", 120)
    assert (row["activity_name"], row["place"], row["targets"]) == (
        "敬老",
        "社区活动室",
        ["老年人"],
    )
    assert (row["publicity_from"], row["publicity_to"]) == (
        date(2026, 5, 20),
        date(2026, 5, 25),
    )
    assert row["recorder_id"] == service.recorder.account_id
    assert (row["is_overdue"], row["is_flagged"], row["region_path"]) == (
        False,
        False,
        service.team.region_path,
    )
    audited = await db.fetchrow(
        "select action, because, capacity from audit_log where subject_id = $1 and"
        " subject_type = 'ServiceRecord'",
        outcome.subject_id,
    )
    assert tuple(audited) == ("service_record.created", "own team", service.recorder.capacity)
    told = await db.fetchval(
        "select payload->>'minutes' from outbox where subject_id = $1 and"
        " event = 'service_record.created'",
        outcome.subject_id,
    )
    assert told == "120"


async def test_one_record_takes_three_statements_and_five_round_trips(
    url: str, service: Service
) -> None:
    sent: list[str] = []
    members = [await service.member() for _ in range(2)]
    async with Database(url, PoolLimits(writers=1)) as database:
        pooled = await database.engine.raw_connection()
        driver: Any = pooled.driver_connection
        pooled.close()
        driver.add_query_logger(lambda query: sent.append(query.query.strip()))
        for member in members:  # the first asks the driver's questions, too
            sent.clear()
            outcome = await create_record(
                database, service.recorder, service.team.id, entry(member), None, now=NOW
            )
            await asyncio.sleep(0)  # in which the driver tells of the last
            assert outcome.errors == ()

    assert [query.split()[0] for query in sent] == ["begin", "with", "with", "with", "commit"]


async def test_record_is_public_first_and_counts_by_the_clock(
    database: Database, db: Any, service: Service
) -> None:
    member = await service.member()
    outcome = await service.enter(entry(member))

    await run_due(database.engine, now=NOW + timedelta(days=5))
    during = (await record_of(db, outcome.subject_id))["status"], await minutes_of(db, member.id)
    await run_due(database.engine, now=NOW + timedelta(days=6))

    assert during == ("NOT_EFFECTIVE", 0)
    assert (await record_of(db, outcome.subject_id))["status"] == "EFFECTIVE"
    assert await minutes_of(db, member.id) == 120


async def test_without_publicity_a_record_counts_at_once(db: Any, service: Service) -> None:
    member = await service.member()

    outcome = await service.enter(entry(member, unserved_minutes=30), policy=AT_ONCE)

    row = await record_of(db, outcome.subject_id)
    assert (row["status"], row["minutes"], row["publicity_to"]) == ("EFFECTIVE", 90, None)
    assert await minutes_of(db, member.id) == 90


ITEMS: Mapping[str, Callable[[Any], Any]] = {
    "名称": lambda row: row["activity_name"],
    "日期": lambda row: row["starts_at"] and row["ends_at"],
    "地点": lambda row: row["place"],
    "服务对象": lambda row: row["targets"],
    "服务内容": lambda row: row["content"],
    "服务时长": lambda row: row["minutes"],
    "服务评价": lambda row: row["score"],
    "联系人": lambda row: row["contact_name"],
}


def seeds_items() -> list[str]:
    """What a record holds, as 渝民发〔2020〕17号 三(五) lists it."""
    text = (Path(__file__).parent / "record_items.txt").read_text("utf-8")
    start = text.index("志愿者参加志愿服务项目的") + len("志愿者参加志愿服务项目的")
    return text[start : text.index("等", start)].split("、")


async def test_record_carries_every_item_that_the_rules_ask_for(db: Any, service: Service) -> None:
    member, project = await service.member(), await service.project()

    outcome = await service.enter(entry(member, project_id=project.id, score=5, comment="认真负责"))

    row = await db.fetchrow(
        "select r.*, e.score, e.evaluated_on from service_records r"
        " join evaluations e on e.record_id = r.id where r.id = $1",
        outcome.subject_id,
    )
    assert seeds_items() == list(ITEMS)
    assert [item for item, value in ITEMS.items() if not value(row)] == []
    # Order 67 §7 and the measures of 2012 ask further for the organising unit and the recorder.
    assert row["team_id"] == service.team.id
    assert row["recorder_name"] == service.recorder.display_name
    assert row["evaluated_on"] == date(2026, 5, 20)


@pytest.mark.parametrize("role", [TeamAdminRole.MANAGER, TeamAdminRole.RECORDER])
async def test_only_named_staff_of_a_working_team_enter(
    db: Any, own_service: Service, role: TeamAdminRole
) -> None:
    member = await own_service.member()
    reviewer = await own_service.forest.manager("team", TeamAdminRole.REVIEWER)
    hub = await own_service.forest.manager("hub")
    named = await own_service.forest.manager("team", role)

    for other in (reviewer, hub, await own_service.viewer_of(member)):
        with pytest.raises(Forbidden):
            await own_service.enter(entry(member), viewer=other)
    with pytest.raises(Unauthenticated):
        await own_service.enter(entry(member), viewer=PUBLIC)
    assert codes(await own_service.enter(entry(member), viewer=named)) == []
    await db.execute(
        "update teams set status = $2 where id = $1", own_service.team.id, TeamStatus.DISABLED.value
    )
    with pytest.raises(Forbidden):
        await own_service.enter(entry(member, YESTERDAY - timedelta(days=1)), viewer=named)


async def test_recorder_enters_nothing_of_their_own(service: Service) -> None:
    member = await service.member()
    assert member.account_id is not None
    own = replace(service.recorder, volunteer_id=member.id, account_id=member.account_id)

    assert fields(await service.enter(entry(member), viewer=own)) == [("OWN_RECORD", "volunteerNo")]


async def test_volunteer_whom_the_team_does_not_know_is_named_by_number_and_name(
    service: Service,
) -> None:
    stranger = await service.planter.volunteer(service.forest.region)
    named: dict[str, Any] = {"volunteer_id": None, "volunteer_no": stranger.volunteer_no}

    by_id = await service.enter(entry(stranger))
    wrong = await service.enter(entry(stranger, **named, volunteer_name="别人"))
    right = await service.enter(entry(stranger, **named, volunteer_name=stranger.name))

    assert fields(by_id) == fields(wrong) == [("NOT_FOUND", "volunteerNo")]
    assert codes(right) == []


@pytest.mark.parametrize("status", [VolunteerStatus.DISABLED, VolunteerStatus.WITHDRAWN])
async def test_nothing_is_entered_of_who_was_stopped_or_has_withdrawn(
    service: Service, status: VolunteerStatus
) -> None:
    member = await service.member(status=status)

    assert fields(await service.enter(entry(member))) == [("WRONG_STATE", "volunteerNo")]


BAD: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"content": ""}, [("REQUIRED", "content")]),
    ({"content": "长" * 501}, [("TOO_LONG", "content")]),
    ({"content": "一" * 10_000_000}, [("TOO_LONG", "content")]),
    ({"content": "陪\x00伴"}, [("INVALID", "content")]),
    ({"content": "陪\u202e伴"}, [("INVALID", "content")]),
    ({"activity_name": None}, [("REQUIRED", "activityName")]),
    ({"activity_name": "名" * 51}, [("TOO_LONG", "activityName")]),
    ({"place": None}, [("REQUIRED", "place")]),
    ({"place": "地" * 201}, [("TOO_LONG", "place")]),
    ({"targets": ()}, [("REQUIRED", "targets")]),
    ({"targets": ("外星人",)}, [("INVALID", "targets")]),
    ({"contact_name": "联\n系"}, [("INVALID", "contactName")]),
    ({"note": "记" * 501}, [("TOO_LONG", "note")]),
    ({"post_id": 7}, [("REQUIRED", "projectId")]),
    ({"project_id": 7}, [("NOT_FOUND", "projectId")]),
    ({"volunteer_id": None}, [("REQUIRED", "volunteerNo")]),
    ({"volunteer_id": None, "volunteer_no": "V1"}, [("REQUIRED", "volunteerName")]),
    ({"volunteer_id": 7}, [("NOT_FOUND", "volunteerNo")]),
    ({"unserved_minutes": -1}, [("INVALID", "unservedMinutes")]),
    ({"unserved_minutes": 120}, [("INVALID", "unservedMinutes")]),
    ({"score": 0}, [("INVALID", "score")]),
    ({"score": 6}, [("INVALID", "score")]),
    ({"comment": "好"}, [("REQUIRED", "score")]),
    ({"ends_at": YESTERDAY}, [("ENDS_BEFORE_START", "endsAt")]),
    ({"ends_at": YESTERDAY - timedelta(hours=1)}, [("ENDS_BEFORE_START", "endsAt")]),
    ({"ends_at": NOW + timedelta(minutes=1)}, [("IN_THE_FUTURE", "endsAt")]),
    (
        {"starts_at": datetime(2026, 5, 19, 9), "ends_at": YESTERDAY + timedelta(hours=1)},  # noqa: DTZ001 - the point
        [("INVALID", "startsAt")],
    ),
    (
        {"starts_at": NOW - timedelta(days=2000), "ends_at": NOW - timedelta(days=1999.9)},
        [("BEFORE_REGISTRATION", "startsAt")],
    ),
    (
        {"starts_at": datetime(1, 1, 1, tzinfo=CHINA), "ends_at": YESTERDAY},
        [("INVALID", "startsAt")],
    ),
    ({"ends_at": datetime(9999, 12, 31, 23, tzinfo=CHINA)}, [("INVALID", "endsAt")]),
    (
        {"starts_at": YESTERDAY - timedelta(days=3), "ends_at": YESTERDAY + timedelta(hours=1)},
        [("TOO_LONG_A_DAY", "endsAt")],
    ),
    (
        {"volunteer_id": None, "volunteer_no": "\x00", "volunteer_name": "王"},
        [("INVALID", "volunteerNo")],
    ),
    ({"content": "捐款50元计1小时"}, [("PROHIBITED_KIND", "content")]),
    ({"note": "转发朋友圈一次奖励2小时"}, [("PROHIBITED_KIND", "content")]),
]


@pytest.mark.parametrize(("wrong", "expected"), BAD)
async def test_wrong_entry_is_refused_with_its_code(
    db: Any, service: Service, wrong: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    member = await service.member()

    outcome = await service.enter(entry(member, **wrong))

    assert fields(outcome) == expected
    assert not await db.fetchval(
        "select count(*) from service_records where volunteer_id = $1", member.id
    )


@pytest.mark.parametrize(
    ("begins", "lasts", "taken"),
    [
        *((-60, 60, False), (-60, 61, True), (0, 120, True), (30, 30, True), (119, 60, True)),
        *((120, 60, False), (-60, 300, True)),
    ],
)
async def test_records_of_one_volunteer_never_overlap_whichever_team_claims_the_time(
    service: Service, *, begins: int, lasts: int, taken: bool
) -> None:
    """DOMAIN §11.17."""
    member = await service.member()
    await service.forest.plant("other", "hub")
    rival = await service.forest.manager("other")
    await service.planter.add(
        Membership(
            province="50",
            team_id=service.forest.teams["other"].id,
            volunteer_id=member.id,
            status=MembershipStatus.JOINED,
            joined_at=NOW,
        )
    )
    assert codes(await service.enter(entry(member))) == []
    starts_at = YESTERDAY + timedelta(minutes=begins)
    claim = entry(member, starts_at, ends_at=starts_at + timedelta(minutes=lasts))

    outcome = await service.enter(claim, viewer=rival, team_id=service.forest.teams["other"].id)

    assert fields(outcome) == ([("TIME_CONFLICT", "startsAt")] if taken else [])


async def test_two_teams_that_claim_the_same_time_at_once_have_one_record(
    db: Any, service: Service
) -> None:
    """DOMAIN §11.17."""
    member = await service.member()
    outcomes = await asyncio.gather(
        *(
            service.enter(entry(member, YESTERDAY + timedelta(minutes=n)), policy=AT_ONCE)
            for n in range(8)
        )
    )

    assert sorted(codes(each) for each in outcomes) == [[]] + [["TIME_CONFLICT"]] * 7
    assert await minutes_of(db, member.id) == 120


async def test_same_key_from_twenty_connections_is_one_record(db: Any, service: Service) -> None:
    member = await service.member()

    outcomes = await asyncio.gather(
        *(service.enter(entry(member), key="one", policy=AT_ONCE) for _ in range(20))
    )

    assert {each.subject_id for each in outcomes} == {outcomes[0].subject_id}
    assert await minutes_of(db, member.id) == 120
    with pytest.raises(KeyReused):
        await service.enter(entry(member, content="别的"), key="one")


async def test_day_holds_no_more_than_it_may_and_a_long_one_is_looked_at(
    db: Any, service: Service
) -> None:
    member = await service.member()
    policy = RecordPolicy(hours=HoursPolicy(most_a_day=10 * 60, alert_above=4 * 60))
    morning, noon = (datetime(2026, 5, 19, hour, tzinfo=CHINA) for hour in (0, 6))

    first = await service.enter(entry(member, morning), policy=policy)
    second = await service.enter(
        entry(member, noon, ends_at=noon + timedelta(hours=6)), policy=policy
    )
    third = await service.enter(
        entry(member, noon + timedelta(hours=7), ends_at=noon + timedelta(hours=9, minutes=1)),
        policy=policy,
    )

    assert not (await record_of(db, first.subject_id))["is_flagged"]
    assert (await record_of(db, second.subject_id))["is_flagged"]
    assert fields(third) == [("TOO_LONG_A_DAY", "endsAt")]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, []),
        ({"status": ProjectStatus.CLOSED}, []),
        ({"status": ProjectStatus.DRAFT}, [("WRONG_STATE", "projectId")]),
        ({"status": ProjectStatus.DISABLED}, [("WRONG_STATE", "projectId")]),
        (
            {"status": ProjectStatus.PENDING, "scope": RecruitScope.MAKE_UP},
            [("WRONG_STATE", "projectId")],
        ),
        ({"starts_at": YESTERDAY + timedelta(minutes=1)}, [("OUTSIDE_PROJECT", "startsAt")]),
        ({"ends_at": YESTERDAY + timedelta(minutes=119)}, [("OUTSIDE_PROJECT", "startsAt")]),
    ],
)
async def test_service_of_a_project_is_recorded_once_it_goes_on(
    service: Service, values: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    member, project = await service.member(), await service.project(**values)

    assert fields(await service.enter(entry(member, project_id=project.id))) == expected


async def test_project_of_another_team_is_recorded_there_or_missing(service: Service) -> None:
    member = await service.member()
    other = await service.forest.plant("other", "hub")
    published = await service.planter.project(other, status=ProjectStatus.RUNNING)
    draft = await service.planter.project(other, status=ProjectStatus.DRAFT)

    assert fields(await service.enter(entry(member, project_id=published.id))) == [
        ("RECORDED_ELSEWHERE", "projectId")
    ]
    assert fields(await service.enter(entry(member, project_id=draft.id))) == [
        ("NOT_FOUND", "projectId")
    ]


async def test_of_cooperating_teams_the_one_that_was_named_records(service: Service) -> None:
    """DOMAIN §11.13."""
    member = await service.member()
    other = await service.forest.plant("other", "hub")
    theirs, own = await service.planter.project(other), await service.project()
    for project, team in ((theirs, service.team), (own, other)):
        project.status = ProjectStatus.RUNNING
        await service.planter.add(ProjectRecorder(project_id=project.id, team_id=team.id))
    async with service.planter.database.write(
        account_id=None, capacity="test", action="test"
    ) as write:
        await write.run(
            "update projects set status = 'RUNNING', starts_at = $2 where id = $1",
            theirs.id,
            NOW - timedelta(days=9),
        )

    assert fields(await service.enter(entry(member, project_id=theirs.id))) == []
    assert fields(await service.enter(entry(member, project_id=own.id))) == [
        ("RECORDED_ELSEWHERE", "projectId")
    ]


async def test_sign_up_gives_the_post_and_post_of_another_project_is_missing(
    db: Any, service: Service
) -> None:
    member = await service.member()
    project, other = await service.project(), await service.project()
    post = Post(province="50", project_id=project.id, post_no=1, name="陪护", planned=3)
    elsewhere = Post(province="50", project_id=other.id, post_no=1, name="搬运", planned=3)
    await service.planter.add(post, elsewhere)
    await service.planter.add(
        SignUp(
            province="50",
            project_id=project.id,
            post_id=post.id,
            team_id=service.team.id,
            volunteer_id=member.id,
            status=SignUpStatus.ACCEPTED,
        )
    )

    wrong = await service.enter(entry(member, project_id=project.id, post_id=elsewhere.id))
    outcome = await service.enter(entry(member, project_id=project.id))

    assert fields(wrong) == [("NOT_FOUND", "postId")]
    row = await record_of(db, outcome.subject_id)
    assert row["post_id"] == post.id
    assert row["sign_up_id"] is not None


async def test_late_entry_is_overdue_and_waits_for_the_team_above(
    database: Database, db: Any, service: Service
) -> None:
    member = await service.member()

    outcome = await service.enter(entry(member, LONG_AGO), policy=AT_ONCE)

    row = await record_of(db, outcome.subject_id)
    assert (row["status"], row["is_overdue"], row["publicity_to"]) == ("NOT_EFFECTIVE", True, None)
    review = await db.fetchrow(
        "select kind, state, reviewer_team_id from reviews where subject_id = $1"
        " and subject_type = 'ServiceRecord'",
        outcome.subject_id,
    )
    assert tuple(review) == ("LATE_HOURS", "PENDING", service.forest.teams["hub"].id)
    await run_due(database.engine, now=NOW + timedelta(days=60))
    assert (await record_of(db, outcome.subject_id))["status"] == "NOT_EFFECTIVE"


async def test_record_of_a_make_up_project_was_reviewed_with_it(db: Any, service: Service) -> None:
    member = await service.member(registered_at=NOW - timedelta(days=10))
    project = await service.project(
        status=ProjectStatus.MAKE_UP,
        scope=RecruitScope.MAKE_UP,
        starts_at=LONG_AGO - timedelta(days=1),
        ends_at=LONG_AGO + timedelta(days=1),
    )

    outcome = await service.enter(entry(member, LONG_AGO, project_id=project.id))

    row = await record_of(db, outcome.subject_id)
    assert (row["is_overdue"], row["publicity_from"]) == (True, date(2026, 5, 20))
    assert not await db.fetchval(
        "select count(*) from reviews where subject_id = $1 and subject_type = 'ServiceRecord'",
        outcome.subject_id,
    )


@pytest.mark.parametrize(
    ("ended", "last_day"),
    [
        (date(2026, 9, 28), date(2026, 10, 16)),  # over the national day
        (date(2026, 2, 10), date(2026, 3, 2)),  # over the spring festival, with a moved working day
        (date(2027, 9, 27), date(2027, 10, 11)),  # a year that the calendar lacks: Monday to Friday
    ],
)
async def test_deadline_is_ten_working_days_by_the_chinese_calendar(
    db: Any, service: Service, ended: date, last_day: date
) -> None:
    """DOMAIN §11.30."""
    member = await service.member()
    starts_at = datetime(ended.year, ended.month, ended.day, 9, tzinfo=CHINA)
    late = datetime(last_day.year, last_day.month, last_day.day, 23, 59, tzinfo=CHINA)

    in_time = await service.enter(entry(member, starts_at), now=late)
    after = await service.enter(
        entry(member, starts_at + timedelta(hours=3)), now=late + timedelta(minutes=1)
    )

    assert not (await record_of(db, in_time.subject_id))["is_overdue"]
    assert (await record_of(db, after.subject_id))["is_overdue"]


async def test_region_may_ask_for_a_review_of_all_hours(db: Any, own_service: Service) -> None:
    member = await own_service.member()
    await db.execute(
        "insert into local_policies (province, region_id, reviews_hours, reason)"
        " values ('50', $1, true, '试点')",
        own_service.forest.region.id,
    )

    outcome = await own_service.enter(entry(member))

    row = await record_of(db, outcome.subject_id)
    assert (row["status"], row["is_overdue"], row["publicity_to"]) == ("NOT_EFFECTIVE", False, None)


async def test_many_are_entered_with_an_outcome_for_each(db: Any, service: Service) -> None:
    first, second = await service.member(), await service.member()
    entries = [
        entry(first),
        entry(first, YESTERDAY + timedelta(hours=1)),  # overlaps the one before
        entry(second, score=4),
        entry(second, YESTERDAY + timedelta(hours=2), content=""),
        entry(second, YESTERDAY + timedelta(hours=2)),
        entry(second, LONG_AGO),
    ]

    outcome = await service.enter_all(entries, key="many", policy=AT_ONCE)
    again = await service.enter_all(entries, key="many", policy=AT_ONCE)

    found = [[error.code.value for error in each.errors] for each in outcome.items]
    assert found == [[], ["TIME_CONFLICT"], [], ["REQUIRED"], [], []]
    assert [each.record_id is not None for each in outcome.items] == [not each for each in found]
    assert again.items == outcome.items
    assert await minutes_of(db, first.id) == 120
    assert await minutes_of(db, second.id) == 240
    evaluated = await db.fetchrow(
        "select evaluation_count, evaluation_total from volunteers where id = $1", second.id
    )
    assert tuple(evaluated) == (1, 4)
    assert await db.fetchval(
        "select status from service_records where id = $1", outcome.items[5].record_id
    ) == (RecordStatus.NOT_EFFECTIVE)


async def test_no_entry_and_more_than_ten_thousand_are_refused(service: Service) -> None:
    member = await service.member()

    for count in (0, MOST + 1):
        with pytest.raises(InvalidInput):
            await service.enter_all([entry(member)] * count)
