"""The redistricting of 2025 on the seeded station, line by line; and files that do not fit."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from db.errors import DatabaseAway
from db.redistricting.file import RedistrictingRefused, read_districts, read_towns
from db.seed.run import DATA
from db.urls import sqlalchemy_url
from gateway.redistricting import DISTRICTS, DayToCome, as_text, order_from
from resolvers.redistricting import Order, Report, redistrict
from tests.db.test_seed import TODAY, prepare
from tests.db.tree_oracle import check_tree
from tests.servers import Databases
from tests.small_world import connected

FILE = DATA / "chongqing_rehang_2025.csv"
HEADER = "old_town_code9,town,old_district6,new_town_code9,new_district6,villages_moved\n"
EFFECTIVE = TODAY - timedelta(days=30)
JIANGBEI, YUBEI, BEIBEI, LIANGJIANG = "500105", "500112", "500109", "500157"
LINE = "500112133,统景镇,500112,500109124,500109,23\n"

TOWN_HUBS = """
select d.name, r.short_name, t.id from teams t
join teams d on d.id = t.contact_team_id
join regions r on r.id = d.region_id
where t.hub_level = 'TOWN'
"""
COUNTED = (
    *("regions", "teams", "volunteers", "memberships", "projects", "posts", "sign_ups"),
    *("service_records", "certificates", "reviews", "team_view_links", "department_users"),
)

COUNT = "select count(*) from {table}"
PRINT = "select md5(string_agg(t::text, '|' order by t::text)) from {table} t"
STRAY = """
select count(*) from {table} t join regions r on r.id = t.region_id where t.region_path <> r.path
"""
# What lies or hangs in the regions $2, with paths like $1.
LEFT_BEHIND = (
    """
    select count(*) from teams where registration_authority_id = any($2)
      or (region_path like any($1) and status <> 'DISSOLVED')
    """,
    "select count(*) from volunteers where region_path like any($1) or region_id = any($2)",
    "select count(*) from projects where region_path like any($1) or region_id = any($2)",
    """
    select count(*) from teams t join teams d on d.id = t.contact_team_id
    where d.region_path like any($1) or d.region_id = any($2)
    """,
    """
    select count(*) from team_view_links v join teams d on d.id = v.view_team_id
    where d.region_path like any($1) or d.region_id = any($2)
    """,
)


async def carry_out(
    url: str,
    file: Path = FILE,
    *,
    dry_run: bool = False,
    effective_on: date = EFFECTIVE,
) -> Report:
    order = Order(
        towns=read_towns(file),
        districts=read_districts(DISTRICTS),
        effective_on=effective_on,
        document="渝府发〔2025〕1号",
    )
    engine = create_async_engine(sqlalchemy_url(url))
    try:
        return await redistrict(engine, order, dry_run=dry_run)
    finally:
        await engine.dispose()


async def counts(db: Any) -> dict[str, int]:
    found = {table: await db.fetchval(COUNT.format(table=table)) for table in COUNTED}
    found["minutes"] = await db.fetchval("select sum(minutes) from service_records")
    return found


async def town_hubs(db: Any) -> dict[str, set[int]]:
    """The town hubs under the hub of each district, by the district's short name."""
    under: dict[str, set[int]] = {}
    for row in await db.fetch(TOWN_HUBS):
        under.setdefault(row["short_name"], set()).add(row["id"])
    return under


async def fingerprint(db: Any) -> list[Any]:
    """What of the tables a redistricting may change."""
    return [
        await db.fetchval(PRINT.format(table=table))
        for table in (
            *("regions", "teams", "volunteers", "projects", "service_records", "reviews"),
            *("team_attachments", "region_successions", "installation", "team_view_links"),
            *("outbox", "audit_log"),
        )
    ]


@pytest.fixture(scope="module")
def station(databases: Databases) -> Iterator[tuple[str, str]]:
    """The seeded station twice: as it was, and after the redistricting."""
    before = databases.clone("seeded_for_its_tests", prepare)
    after = databases.clone("seeded_for_its_tests", prepare)
    yield before, after
    databases.drop(before)
    databases.drop(after)


@pytest.fixture(scope="module")
def report(station: tuple[str, str]) -> Report:
    return asyncio.run(carry_out(station[1]))


@pytest.fixture
async def before(station: tuple[str, str]) -> AsyncIterator[Any]:
    async with connected(station[0]) as connection:
        yield connection


@pytest.fixture
async def after(station: tuple[str, str], report: Report) -> AsyncIterator[Any]:
    assert report.plan.towns
    async with connected(station[1]) as connection:
        yield connection


@pytest.fixture
def fresh(databases: Databases) -> Iterator[str]:
    url = databases.clone("seeded_for_its_tests", prepare)
    yield url
    databases.drop(url)


async def test_each_district_hub_loses_and_gains_exactly_its_towns(
    before: Any, after: Any, report: Report
) -> None:
    was, now = await town_hubs(before), await town_hubs(after)
    districts = was.keys() | now.keys()
    lost = {d: len(was.get(d, set()) - now.get(d, set())) for d in districts}
    gained = {d: len(now.get(d, set()) - was.get(d, set())) for d in districts}

    assert {d: n for d, n in lost.items() if n} == {"江北区": 12, "渝北区": 30, "北碚区": 5}
    assert {d: n for d, n in gained.items() if n} == {"两江新区": 42, "北碚区": 5}
    assert len(report.plan.towns) == 47
    assert report.plan.villages == 598


async def test_every_count_is_kept(before: Any, after: Any, report: Report) -> None:
    assert await counts(before) == await counts(after)
    assert report.before.totals == report.after.totals


async def test_towns_and_villages_keep_their_rows_under_new_codes(before: Any, after: Any) -> None:
    query = "select id, code, name, parent_id from regions"
    was = {row["id"]: row for row in await before.fetch(query)}
    now = {row["id"]: row for row in await after.fetch(query)}
    changed = {n for n in was if was[n]["code"] != now[n]["code"]}
    towns = {line.old_code: line for line in read_towns(FILE)}

    assert was.keys() == now.keys()
    assert all(was[n]["name"] == now[n]["name"] for n in was)
    for n in changed:
        old, new = was[n]["code"], now[n]["code"]
        if old == "500Z01":
            assert new == "500157000000"
            continue
        line = towns[old[:9] + "000"]
        assert new == line.new_code[:9] + old[9:]
    assert len(changed) == 1 + 47 + 598
    assert {n for n in was if was[n]["parent_id"] != now[n]["parent_id"]} == {
        row["id"] for row in was.values() if row["code"] in towns
    }


async def test_districts_whose_area_changed_forget_their_population(
    before: Any, after: Any
) -> None:
    query = "select left(code, 6) from regions where population is not null"
    was, now = [{row[0] for row in await db.fetch(query)} for db in (before, after)]

    # 渝北区 ends: what it was counted with stays what it was.
    assert was - now == {BEIBEI}
    assert {"500000", YUBEI, "500101"} <= now <= was


async def test_region_paths_and_division_codes_follow(after: Any) -> None:
    wrong = await after.fetchval(
        "select count(*) from regions r left join regions p on p.id = r.parent_id"
        " where r.path <> coalesce(p.path, '') || r.id || '/'"
        " or r.depth <> coalesce(p.depth, 0) + 1"
        " or (r.code ~ '^[0-9]{12}$' and r.division_code is distinct from r.code)"
    )

    assert wrong == 0


async def test_successions_name_every_old_code(after: Any) -> None:
    rows = await after.fetch(
        "select s.kind, count(*) as n, count(distinct s.old_code) as codes,"
        " bool_and(s.effective_on = $1 and s.document = '渝府发〔2025〕1号') as dated"
        " from region_successions s group by 1 order by 1",
        EFFECTIVE,
    )
    merged = await after.fetch(
        "select s.old_code, n.code from region_successions s"
        " join regions n on n.id = s.new_region_id where s.kind = 'MERGED' order by 1"
    )

    assert [tuple(row) for row in rows] == [
        ("CODED", 599, 599, True),
        ("MERGED", 2, 2, True),
        ("MOVED", 47, 47, True),
    ]
    assert [tuple(row) for row in merged] == [
        ("500105000000", "500157000000"),
        ("500112000000", "500157000000"),
    ]


async def test_functional_zone_keeps_its_identity(before: Any, after: Any) -> None:
    query = (
        "select r.id, r.path, t.id as hub, t.path as hub_path, t.team_no, t.name from regions r"
        " join teams t on t.region_id = r.id and t.is_hub where r.name = '两江新区'"
    )

    assert await before.fetchrow(query) == await after.fetchrow(query)


async def test_dissolved_districts_and_hubs_keep_code_and_name_and_name_a_successor(
    after: Any,
) -> None:
    rows = await after.fetch(
        "select r.code, r.valid_to, t.name, t.status, s.name as successor from regions r"
        " join teams t on t.region_id = r.id and t.is_hub"
        " left join teams s on s.id = t.successor_id where t.status = 'DISSOLVED' order by 1"
    )

    assert [tuple(row) for row in rows] == [
        ("500105000000", EFFECTIVE, "江北区志愿者协会", "DISSOLVED", "两江新区志愿者协会"),
        ("500112000000", EFFECTIVE, "渝北区志愿者协会", "DISSOLVED", "两江新区志愿者协会"),
    ]


async def test_tree_and_history_hold_for_every_team(after: Any) -> None:
    await check_tree(after, today=TODAY)


async def test_nothing_lies_or_hangs_in_a_dissolved_district(after: Any) -> None:
    ended = await after.fetch("select id, path from regions where valid_to is not null")
    paths = [row["path"] for row in ended]

    for query in LEFT_BEHIND:
        found = await after.fetchval(
            query, [f"{path}%" for path in paths], [row["id"] for row in ended]
        )
        assert found == 0, query


async def test_copied_paths_are_those_of_the_regions(after: Any) -> None:
    for table in ("teams", "volunteers", "projects"):
        wrong = await after.fetchval(STRAY.format(table=table))
        assert wrong == 0, table


async def test_records_before_the_day_stay_and_those_since_follow_their_team(
    before: Any, after: Any, report: Report
) -> None:
    query = (
        "select s.id, s.region_path, t.region_path as team_region,"
        " (s.starts_at at time zone 'Asia/Shanghai')::date >= $1 as since"
        " from service_records s join teams t on t.id = s.team_id"
    )
    was = {row["id"]: row for row in await before.fetch(query, EFFECTIVE)}
    now = {row["id"]: row for row in await after.fetch(query, EFFECTIVE)}
    changed = {n for n in was if was[n]["region_path"] != now[n]["region_path"]}

    assert 0 < len(changed) == report.records_followed
    assert all(now[n]["since"] for n in changed)
    moved = {n for n in was if was[n]["team_region"] != now[n]["team_region"]}
    assert any(not now[n]["since"] for n in moved)
    assert changed == {n for n in moved if now[n]["since"]}
    assert all(now[n]["region_path"] == now[n]["team_region"] for n in changed)


async def test_history_tells_the_day_before_from_the_day(before: Any, after: Any) -> None:
    team = await before.fetchrow(
        "select t.id, t.path, t.region_path from teams t where t.name = '龙溪街道志愿服务总队'"
    )
    as_of = (
        "select path, region_path, is_forced, reason from team_attachments where team_id = $1"
        " and valid_from <= $2 and (valid_to is null or $2 < valid_to)"
    )

    (then,) = await after.fetch(as_of, team["id"], EFFECTIVE - timedelta(days=1))
    (now,) = await after.fetch(as_of, team["id"], EFFECTIVE)

    assert (then["path"], then["region_path"]) == (team["path"], team["region_path"])
    assert now["path"] != team["path"]
    assert (now["is_forced"], now["reason"]) == (True, "渝府发〔2025〕1号")


async def test_epoch_moves_once_and_every_move_is_an_event(
    before: Any, after: Any, report: Report
) -> None:
    epoch = "select tree_epoch from installation"
    events = await after.fetch("select event, count(*) as n from outbox group by 1 order by 1")

    assert await after.fetchval(epoch) == await before.fetchval(epoch) + 1
    assert [tuple(row) for row in events] == [
        ("team.dissolved", 2),
        ("team.moved", report.rehung),
    ]


async def test_second_run_finds_nothing_to_do(station: tuple[str, str], after: Any) -> None:
    was = await fingerprint(after)

    again = await carry_out(station[1])

    assert as_text(again) == (
        "Nothing is left to do: all 47 towns stand where the file has them.\n"
    )
    assert await fingerprint(after) == was


def test_report_shows_each_district_and_that_counts_are_kept(report: Report) -> None:
    text = as_text(report)
    rows = {line.split()[0]: line.split() for line in text.splitlines() if "志愿者协会" in line}

    assert rows["江北区志愿者协会"][1:5] == ["(dissolved)", "12", "-12", "0"]
    assert rows["渝北区志愿者协会"][1:5] == ["(dissolved)", "30", "-30", "0"]
    assert rows["北碚区志愿者协会"][1:5] == ["17", "-5", "+5", "17"]
    assert rows["两江新区志愿者协会"][1:4] == ["0", "+42", "42"]
    assert "47 towns move, with 598 villages" in text
    assert text.count("kept") == 11
    assert "CHANGED" not in text


async def test_rehearsal_reports_and_changes_nothing(station: tuple[str, str], before: Any) -> None:
    was = await fingerprint(before)

    rehearsed = await carry_out(station[0], dry_run=True)

    assert (len(rehearsed.plan.towns), rehearsed.plan.villages) == (47, 598)
    assert await fingerprint(before) == was


async def test_connection_lost_in_the_middle_leaves_nothing(
    station: tuple[str, str], before: Any
) -> None:
    """It waits for a volunteer, with regions and teams rewritten, when its server process ends."""
    was = await fingerprint(before)
    async with connected(station[0]) as holder, holder.transaction():
        await holder.execute(
            "select id from volunteers where region_path like"
            " (select path || '%' from regions where code = '500112000000') for update"
        )
        running = asyncio.create_task(carry_out(station[0]))
        async with asyncio.timeout(60):
            while not (
                waiting := await before.fetchval(
                    "select pid from pg_stat_activity where datname = current_database()"
                    " and wait_event_type = 'Lock' and query like '%volunteers%for update%'"
                )
            ):
                await asyncio.sleep(0.05)
        await before.execute("select pg_terminate_backend($1)", waiting)
        with pytest.raises(DatabaseAway):
            await running

    assert await fingerprint(before) == was


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("", "line 1: there is no town in the file"),
        ("500112133,统景镇,500112,500109124\n", "line 2: 4 columns instead of 6"),
        ("50011213x,统景镇,500112,500109124,500109,23\n", "line 2: '50011213x' is no code"),
        ("500112133,统景镇,500112,500109124,500157,23\n", "line 2: the new code 500109124 is not"),
        ("500112133,,500112,500109124,500109,23\n", "line 2: the name must have"),
        ("500112133,统景镇,500112,500109124,500109,many\n", "line 2: 'many' is no number"),
        (LINE + LINE, "lines 2, 3: the code 500112133000 stands more than once"),
        ("500112999,统景镇,500112,500109124,500109,23\n", "line 2: no town stands under the code"),
        ("500112133,大湾镇,500112,500109124,500109,23\n", "line 2: 500112133000 is 统景镇, not"),
        ("500112133,统景镇,500105,500109124,500109,23\n", "line 2: 统景镇 does not lie in 500105"),
        ("500112133,统景镇,500112,500999124,500999,23\n", "line 2: the district 500999000000 is"),
        ("500112133,统景镇,500112,500109124,500109,22\n", "line 2: 统景镇 has 23 villages, not 22"),
        (
            LINE + "500112135,大湾镇,500112,500109001,500109,25\n",
            "line 3: the code 500109001000 belongs to 天生街道",
        ),
    ],
)
async def test_file_that_does_not_fit_is_named_by_line_and_nothing_is_done(
    station: tuple[str, str], before: Any, tmp_path: Path, rows: str, said: str
) -> None:
    file = tmp_path / "towns.csv"
    file.write_text(HEADER + rows, encoding="utf-8")
    regions = await before.fetchval(PRINT.format(table="regions"))

    with pytest.raises(RedistrictingRefused) as refusal:
        await carry_out(station[0], file)

    assert said in str(refusal.value)
    assert await before.fetchval(PRINT.format(table="regions")) == regions


def test_other_header_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "towns.csv"
    file.write_text("code,name\n", encoding="utf-8")

    with pytest.raises(RedistrictingRefused, match="line 1: the header must be old_town_code9"):
        read_towns(file)


def test_day_to_come_is_refused() -> None:
    with pytest.raises(DayToCome):
        order_from(FILE, DISTRICTS, effective_on=date(2999, 1, 1), document=None)


def written(folder: Path, rows: Sequence[str]) -> Path:
    file = folder / "towns.csv"
    file.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return file


async def test_town_that_becomes_a_street_renames_its_hub_but_not_a_registered_name(
    fresh: str, tmp_path: Path
) -> None:
    file = written(
        tmp_path,
        [
            "500112133,统景街道,500112,500109124,500109,23",
            "500112135,大湾街道,500112,500109123,500109,25",
        ],
    )
    async with connected(fresh) as db:
        await db.execute(
            "update teams set registration_status = 'LEGAL_PERSON', uscc = '52500112MJP000001W',"
            " name = '大湾志愿者联合会' where name = '大湾镇志愿服务总队'"
        )

        done = await carry_out(fresh, file)

        hubs = await db.fetch(
            "select r.name as region, t.name, t.responsible_unit, t.name_grams from teams t"
            " join regions r on r.id = t.region_id where t.is_hub and r.code = any($1) order by 1",
            ["500109124000", "500109123000"],
        )
    assert done.renamed == 1
    assert not done.plan.dissolved
    assert {hub["region"]: hub["name"] for hub in hubs} == {
        "统景街道": "统景街道志愿服务总队",
        "大湾街道": "大湾志愿者联合会",
    }
    renamed = next(hub for hub in hubs if hub["region"] == "统景街道")
    assert renamed["responsible_unit"] == "统景街道办事处"
    assert "街道" in renamed["name_grams"]


async def test_two_towns_may_exchange_their_codes(fresh: str, tmp_path: Path) -> None:
    file = written(
        tmp_path,
        [
            "500112133,统景镇,500112,500112135,500112,23",
            "500112135,大湾镇,500112,500112133,500112,25",
        ],
    )

    await carry_out(fresh, file)
    again = await carry_out(fresh, file)

    async with connected(fresh) as db:
        names = await db.fetch(
            "select name, (select count(*) from regions v where v.parent_id = r.id"
            " and left(v.code, 9) = left(r.code, 9)) as villages from regions r"
            " where code = any($1) order by code",
            ["500112133000", "500112135000"],
        )
        await check_tree(db, today=TODAY)
    assert [tuple(row) for row in names] == [("大湾镇", 25), ("统景镇", 23)]
    assert not again.plan.towns


async def test_file_that_grew_does_only_the_new_lines(fresh: str, tmp_path: Path) -> None:
    await carry_out(fresh, written(tmp_path, [LINE.strip()]))

    second = await carry_out(fresh)

    assert (second.plan.done, len(second.plan.towns)) == (1, 46)
    assert len(second.plan.dissolved) == 2


async def test_new_hub_that_takes_no_teams_is_refused(fresh: str) -> None:
    async with connected(fresh) as db:
        await db.execute("update teams set status = 'DISABLED' where name = '两江新区志愿者协会'")

    with pytest.raises(RedistrictingRefused, match="the new district's hub is missing or takes no"):
        await carry_out(fresh)


REVIEW = """
insert into reviews (province, kind, state, subject_type, subject_id, team_id, reviewer_team_id,
  reviewer_region_id, change)
values ('50', $1, 'PENDING', $2, $3, $4, $5, $6, $7) returning id
"""


async def test_what_waited_goes_to_who_decides_now(fresh: str) -> None:
    async with connected(fresh) as db:
        hub = {
            name: await db.fetchval("select id from teams where name = $1", name)
            for name in (
                *("渝北区志愿者协会", "两江新区志愿者协会", "北碚区志愿者协会"),
                *("龙溪街道志愿服务总队", "统景镇志愿服务总队"),
            )
        }
        yubei, new, beibei, longxi, tongjing = hub.values()
        legal = await db.fetchrow(
            "select t.id from teams t join regions r on r.id = t.registration_authority_id"
            " where r.code = '500112000000'"
        )
        office = await db.fetchval("select id from regions where code = '500112000000'")
        other = await db.fetchval("select id from teams where name = '渝中区志愿者协会'")
        await db.execute("delete from reviews where state = 'PENDING'")

        async def waits(kind: str, team: int, by: int | None, at: int | None = None) -> int:
            change = f'{{"contactTeamId": {by or 0}}}'
            row: int = await db.fetchval(REVIEW, kind, "Team", team, team, by, at, change)
            return row

        reviews = {
            await waits("TEAM_CHANGE", longxi, yubei): ("PENDING", new, None),
            await waits("TEAM_CHANGE", tongjing, yubei): ("PENDING", beibei, None),
            await waits("TEAM_CHANGE", legal["id"], None, office): ("PENDING", None, "两江新区"),
            await waits("COMPLAINT", longxi, None, office): ("PENDING", None, "两江新区"),
            await waits("TEAM_MOVE", other, yubei): ("PENDING", new, None),
            await waits("MEMBERSHIP", yubei, yubei): ("WITHDRAWN", yubei, None),
            await waits("SUBMISSION", yubei, other): ("WITHDRAWN", other, None),
        }

        done = await carry_out(fresh)

        rows = await db.fetch(
            "select v.id, v.state, v.reviewer_team_id, r.name, v.change->>'contactTeamId' as to"
            " from reviews v left join regions r on r.id = v.reviewer_region_id"
            " where v.id = any($1::bigint[])",
            [*reviews],
        )
    assert {row["id"]: (row["state"], row["reviewer_team_id"], row["name"]) for row in rows} == (
        reviews
    )
    assert done.rerouted == 5
    assert str(new) in {row["to"] for row in rows}


async def test_live_projects_of_a_dissolved_hub_go_on_with_its_successor(fresh: str) -> None:
    async with connected(fresh) as db:
        old = await db.fetchval("select id from teams where name = '渝北区志愿者协会'")
        live = await db.fetchval(
            "update projects set team_id = $1 where id = (select project_id from sign_ups s"
            " join projects p on p.id = s.project_id where p.status = 'WAITING' limit 1)"
            " returning id",
            old,
        )
        past = await db.fetchval(
            "update projects set team_id = $1 where id ="
            " (select id from projects where status = 'CLOSED' limit 1) returning id",
            old,
        )

        await carry_out(fresh)

        owners = {
            row["id"]: row["name"]
            for row in await db.fetch(
                "select p.id, t.name from projects p join teams t on t.id = p.team_id"
                " where p.id = any($1::bigint[])",
                [live, past],
            )
        }
        strays = await db.fetchval(
            "select count(*) from sign_ups s join projects p on p.id = s.project_id"
            " where p.id = $1 and s.team_id <> p.team_id",
            live,
        )
    assert owners == {live: "两江新区志愿者协会", past: "渝北区志愿者协会"}
    assert strays == 0


HANG = """
update teams t set contact_team_id = h.id, path = h.path || t.id || '/', depth = h.depth + 1,
  region_id = r.id, region_path = r.path, permission_group = 'JUNIOR_PROJECT'
from teams h, regions r
where t.id = $1 and h.name = $2 and r.code = $3
"""


async def test_teams_right_under_a_districts_hub_go_with_their_town_or_to_the_successor(
    fresh: str,
) -> None:
    """A raised group goes on under the successor, and ends under a hub that did not raise it."""
    async with connected(fresh) as db:
        heir, mover, stayer = await db.fetch(
            "select t.id from teams t where not t.is_hub and t.registration_status = 'UNREGISTERED'"
            " and t.branch_of_id is null and t.status = 'ENABLED' and t.permission_group = 'BASIC'"
            " order by t.id limit 3"
        )
        await db.execute(HANG, heir["id"], "渝北区志愿者协会", "500112000000")
        await db.execute(HANG, mover["id"], "北碚区志愿者协会", "500109108000")
        await db.execute(HANG, stayer["id"], "北碚区志愿者协会", "500109001000")
        await db.execute("delete from team_attachments")

        await carry_out(fresh)

        teams = await db.fetch(
            "select h.name as hub, r.code, t.permission_group from teams t"
            " join teams h on h.id = t.contact_team_id join regions r on r.id = t.region_id"
            " where t.id = any($1) order by array_position($1, t.id)",
            [heir["id"], mover["id"], stayer["id"]],
        )
        await check_tree(db, today=TODAY)
    assert [tuple(team) for team in teams] == [
        ("两江新区志愿者协会", "500157000000", "JUNIOR_PROJECT"),
        ("两江新区志愿者协会", "500157107000", "BASIC"),
        ("北碚区志愿者协会", "500109001000", "JUNIOR_PROJECT"),
    ]


async def test_town_hub_that_hangs_under_a_zone_stays_there_and_lies_in_the_new_district(
    fresh: str,
) -> None:
    async with connected(fresh) as db:
        town = await db.fetchrow("select id, path from teams where name = '统景镇志愿服务总队'")
        zone = await db.fetchrow("select id, path from teams where name = '重庆高新区志愿者协会'")
        await db.execute(
            "update teams set path = $2 || $4 || substr(path, length($1) + 1),"
            " contact_team_id = case when id = $3 then $5 else contact_team_id end"
            " where starts_with(path, $1)",
            *(town["path"], zone["path"], town["id"], f"{town['id']}/", zone["id"]),
        )
        await db.execute("delete from team_attachments")

        report = await carry_out(fresh)

        stands = await db.fetchrow(
            "select t.contact_team_id, r.code from teams t join regions r on r.id = t.region_id"
            " where t.id = $1",
            town["id"],
        )
        await check_tree(db, today=TODAY)
    assert tuple(stands) == (zone["id"], "500109124000")
    assert len(report.plan.towns) == 47
