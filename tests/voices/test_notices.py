"""Notices: who issues them, whom they reach, who withdraws them, who has read them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from db.enums import NoticeReader, StationPhase
from db.models import Station
from db.queries import pages
from db.queries.entities import NOTICE
from db.queries.pages import PageShape
from permissions.errors import Forbidden, InvalidInput, Unauthenticated
from permissions.viewer import PUBLIC, Viewer
from permissions.visible import visible
from resolvers.notices import NewNotice, issue_notice, mark_notices_read, withdraw_notice
from resolvers.outcomes import Outcome
from tests.voices.desk import Desk
from tests.voices.ward import Ward, codes

R = NoticeReader
NUMBER = 50


async def issue(ward: Ward, viewer: Viewer, *readers: NoticeReader, **values: Any) -> Outcome:
    given = {"title": "关于时长录入的通知", "body": "请于十个工作日内录入。", **values}
    new = NewNotice(readers=readers, **given)
    return await issue_notice(ward.database, viewer, new, None, station=NUMBER)


async def issued(ward: Ward, viewer: Viewer, *readers: NoticeReader, **values: Any) -> int:
    outcome = await issue(ward, viewer, *readers, **values)
    assert outcome.errors == ()
    assert outcome.subject_id is not None
    return outcome.subject_id


async def listed(ward: Ward, viewer: Viewer) -> set[int]:
    scope = visible("Notice", viewer)
    statement = pages.page(NOTICE, scope, PageShape(NOTICE.orders["NEWEST"]), NOTICE.row.only(()))
    async with ward.database.read() as snapshot:
        rows = await snapshot.fetch(statement, limit=1000, **scope.values)
    return {row.id for row in rows}


async def reached(ward: Ward, number: int) -> set[str]:
    """Who of the ward finds a notice in their list."""
    asking = {
        "public": PUBLIC,
        "member": await ward.member(),
        "stranger": await ward.of(await ward.planter.volunteer(ward.district.regions["other"])),
        **{name: await ward.forest.manager(name) for name in ("group", "legal", "town", "other")},
        **{f"office {name}": await ward.officer(name) for name in ("city", "district", "other")},
    }
    return {name for name, viewer in asking.items() if number in await listed(ward, viewer)}


@pytest.mark.parametrize(
    ("readers", "found"),
    [
        ([R.VOLUNTEERS], {"member", "office city", "office district"}),
        ([R.TEAMS], {"group", "legal", "town", "office city", "office district"}),
        ([R.DEPARTMENTS], {"office city", "office district"}),
        (
            [R.ANYONE],
            {
                *("public", "member", "stranger", "group", "legal", "town", "other"),
                *("office city", "office district", "office other"),
            },
        ),
    ],
)
async def test_departments_notice_reaches_its_region_and_the_departments_above(
    ward: Ward, readers: Sequence[NoticeReader], found: set[str]
) -> None:
    number = await issued(ward, await ward.officer("district"), *readers)

    assert await reached(ward, number) == found


async def test_hubs_notice_reaches_its_subtree_and_the_members_there(ward: Ward) -> None:
    town = await ward.forest.manager("town")

    number = await issued(ward, town, R.TEAMS, R.VOLUNTEERS)

    # The legal person lies in the town and hangs under nobody; the departments oversee the hub.
    overseers = {"office city", "office district"}
    assert await reached(ward, number) == {"member", "group", "town"} | overseers


async def test_department_narrows_a_notice_to_a_region_of_its_own_and_no_other(
    ward: Ward,
) -> None:
    office = await ward.officer("city")
    codes_of = {name: region.code for name, region in ward.district.regions.items()}

    number = await issued(ward, office, R.DEPARTMENTS, region_code=codes_of["other"])

    assert await reached(ward, number) == {"office city", "office other"}
    district = await ward.officer("district")
    with pytest.raises(Forbidden):
        await issue(ward, district, R.TEAMS, region_code=codes_of["other"])
    assert codes(await issue(ward, district, R.TEAMS, region_code="999999999999")) == ["NOT_FOUND"]


async def test_editor_speaks_for_the_station(ward: Ward, db: Any) -> None:
    desk = await Desk.open(ward)
    await db.execute("delete from stations where number = $1", NUMBER)
    missing = await issue(ward, desk.editor, R.ANYONE, of_station=True)
    await ward.planter.add(
        Station(
            number=NUMBER,
            code=f"S{ward.district.serial}",
            name="志愿重庆",
            host=f"s{ward.district.serial}.localhost",
            region_id=ward.district.regions["city"].id,
            phase=StationPhase.FORMAL,
        )
    )

    number = await issued(ward, desk.editor, R.TEAMS, of_station=True)

    assert codes(missing) == ["NOT_FOUND"]
    assert "group" in await reached(ward, number)
    for viewer in (await ward.officer("city"), await ward.forest.manager("city")):
        with pytest.raises(Forbidden):
            await issue(ward, viewer, R.TEAMS, of_station=True)


async def test_neither_volunteers_nor_teams_that_are_no_hubs_issue_notices(ward: Ward) -> None:
    with pytest.raises(Unauthenticated):
        await issue(ward, PUBLIC, R.ANYONE)
    for viewer in (await ward.member(), await ward.forest.manager("group")):
        with pytest.raises(Forbidden):
            await issue(ward, viewer, R.ANYONE)


async def test_withdrawn_notice_is_read_by_who_issued_it_alone(ward: Ward, db: Any) -> None:
    office = await ward.officer("district")
    number = await issued(ward, office, R.ANYONE)

    async def withdraw(viewer: Viewer, reason: str = "内容有误") -> list[str]:
        now = datetime.now(UTC)
        return codes(await withdraw_notice(ward.database, viewer, number, reason, None, now=now))

    with pytest.raises(Forbidden):
        await withdraw(await ward.forest.manager("town"))
    assert await withdraw(office, " ") == ["REASON_REQUIRED"]
    assert await withdraw(office) == []
    assert await withdraw(office) == ["WRONG_STATE"]
    assert await reached(ward, number) == {"office city", "office district"}
    assert await withdraw(await ward.member()) == ["NOT_FOUND"]
    events = await db.fetch(
        "select event from outbox where subject_type = 'Notice' and subject_id = $1 order by id",
        number,
    )
    assert [row["event"] for row in events] == ["notice.issued", "notice.withdrawn"]


async def test_reading_is_noted_once_and_only_of_what_may_be_read(ward: Ward, db: Any) -> None:
    member = await ward.member()
    office = await ward.officer("district")
    seen = await issued(ward, office, R.VOLUNTEERS)
    hidden = await issued(ward, office, R.DEPARTMENTS)

    for _ in range(2):
        done = await mark_notices_read(ward.database, member, [seen, hidden, 7], None)
        assert done.errors == ()

    rows = await db.fetch(
        "select notice_id from notice_reads where account_id = $1", member.account_id
    )
    assert [row["notice_id"] for row in rows] == [seen]
    for wrong in ([], [seen] * 101):
        with pytest.raises(InvalidInput):
            await mark_notices_read(ward.database, member, wrong, None)
