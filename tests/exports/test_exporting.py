"""Exports from the wish to the file: made by the rights of the moment, lost by nobody."""

import asyncio
import csv
import io
import zipfile
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from typing import Any

import httpx
import openpyxl
import pytest
import pytest_asyncio

from db.enums import ExportFormat
from db.keys import Purpose
from db.session import Database
from gateway.auth import Authentication
from gateway.exporting import Exporting
from gateway.settings import Settings
from gateway.tokens import AccessTokens
from permissions.edges import Policy
from permissions.errors import Forbidden
from permissions.standing import fetch_standing
from permissions.viewer import Viewer
from resolvers.exports import making
from resolvers.exports.asking import (
    ReportWish,
    StatisticsWish,
    ask_for_report,
    ask_for_statistics,
)
from resolvers.outcomes import Outcome
from schema.cursors import CursorSeal
from tests.api.client import KEYS, Client, running
from tests.api.people_world import account, global_id, id_of, prepare_people
from tests.servers import Databases
from tests.small_world import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

TODAY = date(2026, 11, 20)
ASK = """
mutation ($input: ExportStatisticsInput!) {
  exportStatistics(input: $input) {
    export { id state progress url fileName kind format } userErrors { code field }
  }
}
"""
ASK_REPORT = """
mutation ($input: ExportYearlyReportInput!) {
  exportYearlyReport(input: $input) { export { id } userErrors { code field } }
}
"""
STATE = "query ($id: ID!) { export(id: $id) { state progress failure fileName url size } }"
YUBEI: dict[str, Any] = {
    "viewer": account("mca_yubei"),
    "acting_as": "department:500112000000",
}
YEAR = {"regionCode": "500112", "since": "2026-01-01", "until": "2026-10-31"}


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    made = databases.clone("people", prepare_people)
    yield made
    databases.drop(made)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(url: str, redis_url: str) -> AsyncIterator[Client]:
    async with running(url, redis_url) as client:
        yield client


@pytest.fixture
def quiet_url(databases: Databases) -> Iterator[str]:
    """A station of which no gateway works on exports."""
    made = databases.clone("people", prepare_people)
    yield made
    databases.drop(made)


@pytest_asyncio.fixture(loop_scope="module")
async def database(quiet_url: str) -> AsyncIterator[Database]:
    async with Database(quiet_url) as database:
        yield database


@pytest_asyncio.fixture(loop_scope="module")
async def db(quiet_url: str) -> AsyncIterator[Any]:
    async with connected(quiet_url) as connection:
        yield connection


def worker(database: Database, policy: Policy = Policy()) -> Exporting:  # noqa: B008 - a value
    tokens = AccessTokens(KEYS, issuer="test", lifetime=timedelta(minutes=1))
    return Exporting(
        database,
        cursors=CursorSeal((KEYS.current(Purpose.CURSOR).secret,)),
        desk=Authentication(settings=Settings(), tokens=tokens).desk(""),
        policy=policy,
    )


async def viewer(database: Database, name: str, acting_as: str) -> Viewer:
    async with database.read() as snapshot:
        return (await fetch_standing(snapshot, account(name))).acting_as(acting_as)


async def asked(database: Database, *, key: str | None = None) -> int | None:
    """The id of an export of 渝北区's department, which waits."""
    who = await viewer(database, "mca_yubei", "department:500112000000")
    wish = StatisticsWish(
        region_id=id_of("Region", "yubei"), since=date(2026, 1, 1), until=date(2026, 10, 31)
    )
    outcome = await ask_for_statistics(database, who, wish, ExportFormat.CSV, key, today=TODAY)
    return outcome.subject_id


async def done(client: Client, export_id: str, **asking: Any) -> dict[str, Any]:
    """The export once it has ended."""
    for _ in range(200):
        state: dict[str, Any] = (await client.ask(STATE, {"id": export_id}, **asking)).good[
            "export"
        ]
        if state["state"] in {"DONE", "FAILED"}:
            return state
        await asyncio.sleep(0.05)
    raise AssertionError(state)


async def fetch(client: Client, url: str, **asking: Any) -> httpx.Response:
    headers = {"x-acting-as": asking["acting_as"]} if "acting_as" in asking else {}
    if "viewer" in asking:
        headers["authorization"] = f"Bearer {client.token(asking['viewer'])}"
    return await client.http.get(url, headers={**headers, "host": "national.localhost"})


async def test_department_takes_the_figures_of_its_region_out(client: Client) -> None:
    given = {**YEAR, "format": "CSV", "idempotencyKey": "one"}
    first = (await client.ask(ASK, {"input": given}, **YUBEI)).good["exportStatistics"]
    again = (await client.ask(ASK, {"input": given}, **YUBEI)).good["exportStatistics"]

    state = await done(client, first["export"]["id"], **YUBEI)
    answer = await fetch(client, state["url"], **YUBEI)

    assert again["export"]["id"] == first["export"]["id"]
    assert first["export"]["kind"] == "STATISTICS"
    assert state["fileName"] == "渝北区志愿服务统计_2026-01-01_2026-10-31.csv"
    assert (state["progress"], state["failure"]) == (100, None)
    assert answer.status_code == 200
    assert len(answer.content) == state["size"]
    assert answer.headers["cache-control"] == "private, no-store"
    assert "%E6%B8%9D%E5%8C%97%E5%8C%BA" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    told = (
        await client.ask(
            '{ region(code: "500112") { statistics(asOf: "2026-10-31") { teams records } } }',
            **YUBEI,
        )
    ).good["region"]["statistics"]
    assert ["志愿队伍", str(told["teams"])] in [row[:2] for row in rows]
    assert ["服务记录", str(told["records"])] in [row[:2] for row in rows]
    assert told["teams"] > 0
    assert [row for row in rows if row[1:2] == ["双凤桥街道"]]


async def test_workbook_has_a_sheet_for_each_table(client: Client) -> None:
    asked = (await client.ask(ASK, {"input": YEAR}, **YUBEI)).good["exportStatistics"]["export"]
    state = await done(client, asked["id"], **YUBEI)

    answer = await fetch(client, state["url"], **YUBEI)

    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["总计", "按月", "下级区划", "下级区划按月", "分类"]
    assert book["按月"].max_row == 1 + 10
    assert {row[2] for row in book["分类"].iter_rows(min_row=2, values_only=True)} >= {"性别"}


async def test_tables_of_one_file_agree_on_what_happened_within_its_months(client: Client) -> None:
    april = {**YEAR, "since": "2026-04-01", "until": "2026-04-30"}  # whose records are of March
    told = []
    for days in (YEAR, april):
        asked = (await client.ask(ASK, {"input": days}, **YUBEI)).good["exportStatistics"]
        state = await done(client, asked["export"]["id"], **YUBEI)
        answer = await fetch(client, state["url"], **YUBEI)
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        tables = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
        (in_all, within) = next(row[1:] for row in tables["总计"] if row[0] == "服务记录")
        kinds = [row[-1] for row in tables["分类"] if (row[0], row[2]) == ("服务记录", "记录来源")]
        (column,) = [n for n, name in enumerate(tables["按月"][0]) if name == "服务记录"]
        head = tables["下级区划"][0]
        below = [
            sum(row[head.index(f"服务记录（{which}）")] for row in tables["下级区划"][1:])
            for which in ("期内", "累计")
        ]
        assert within == sum(kinds) == sum(row[column] for row in tables["按月"][1:])
        told.append((within, in_all, *below))

    (within, in_all, within_below, in_all_below), april_alone = told
    assert within == in_all >= within_below == in_all_below > 0
    assert april_alone == (0, in_all, 0, in_all_below)


async def test_team_takes_its_yearly_report_out(client: Client) -> None:
    manager = {"viewer": account("reading"), "acting_as": f"team:{TEAM_NO}"}
    given = {"teamId": global_id("Team", "reading"), "year": 2026, "format": "CSV"}
    asked = (await client.ask(ASK_REPORT, {"input": given}, **manager)).good["exportYearlyReport"]
    state = await done(client, asked["export"]["id"], **manager)

    answer = await fetch(client, state["url"], **manager)

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    (year,) = [row for row in rows if row[:1] == ["全年"]]
    march = next(row for row in rows if row[:1] == ["2026-03"])
    assert year[1:4] == march[1:4]
    assert int(year[1]) == 1
    assert [row[:1] for row in rows].count(["项目编号"]) == 1


TEAM_NO = "T005"


async def test_files_hold_nothing_of_a_person(client: Client, url: str) -> None:
    """Neither kind, in either format: no name, number, phone or address of anybody."""
    manager = {"viewer": account("reading"), "acting_as": f"team:{TEAM_NO}"}
    report = {"teamId": global_id("Team", "reading"), "year": 2026}
    async with connected(url) as db:
        rows = await db.fetch(
            "select unnest(array[name, volunteer_no, mobile, email, address]) from volunteers"
            " union select unnest(array[principal_name, principal_mobile, contact_name,"
            " contact_mobile, contact_email]) from teams"
            " union select unnest(array[username, display_name]) from accounts"
            " union select unnest(array[contact_name, contact_mobile]) from projects"
        )
        public = await db.fetch("select name from teams union select name from regions")
    # Short ones could stand in any word; of teams and regions the files tell.
    told = "\n".join(row[0] for row in public)
    private = {
        text
        for (text,) in rows
        if text and len(text) > (4 if text.isascii() else 1) and text not in told
    }
    assert any(each.isdigit() for each in private)

    for file_format in ("CSV", "XLSX"):
        for document, given, who in ((ASK, YEAR, YUBEI), (ASK_REPORT, report, manager)):
            answer = await client.ask(document, {"input": {**given, "format": file_format}}, **who)
            (asked,) = answer.good.values()
            state = await done(client, asked["export"]["id"], **who)
            content = (await fetch(client, state["url"], **who)).content

            text = state["fileName"] + _text_of(content, file_format)

            assert "2026" in text
            assert not {each for each in private if each in text}, (file_format, document)


def _text_of(content: bytes, file_format: str) -> str:
    """Everything that a file says, its metadata with it."""
    if file_format == "CSV":
        return content.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return "\n".join(parts.read(each).decode() for each in parts.namelist())


async def test_export_is_its_accounts_alone(client: Client) -> None:
    asked = (await client.ask(ASK, {"input": YEAR}, **YUBEI)).good["exportStatistics"]["export"]
    state = await done(client, asked["id"], **YUBEI)
    other = {"viewer": account("mca_city"), "acting_as": "department:500000000000"}

    answers = [
        await fetch(client, state["url"], **other),
        await fetch(client, "/exports/nothing", **other),
        await fetch(client, f"/exports/{global_id('Team', 'reading')}", **other),
    ]
    seen = await client.ask(STATE, {"id": asked["id"]}, **other)

    assert {(each.status_code, each.content) for each in answers} == {(404, answers[0].content)}
    assert seen.good == {"export": None}
    assert (await fetch(client, state["url"])).status_code == 401


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"regionCode": "500105"}, [("FORBIDDEN", None)]),
        ({"regionCode": "999999"}, [("NOT_FOUND", "regionCode")]),
        ({"regionCode": "\u0000"}, [("NOT_FOUND", "regionCode")]),
        ({"since": "2026-11-01"}, [("INVALID", "until")]),
        ({"until": "2090-01-01"}, [("INVALID", "until")]),
        ({"since": "2019-01-01"}, [("INVALID", "since")]),
        ({"since": "2023-10-01"}, [("INVALID", "since")]),  # 37 months
        ({"since": "2026-01-02"}, [("INVALID", "since")]),
        ({"until": "2026-10-30"}, [("INVALID", "until")]),
    ],
)
async def test_wish_that_cannot_be_met_is_refused(
    client: Client, changes: dict[str, str], refused: list[tuple[str, str | None]]
) -> None:
    answer = await client.ask(ASK, {"input": {**YEAR, **changes}}, **YUBEI)

    codes = [(code, None) for code in answer.codes]
    if not codes:
        errors = answer.data["exportStatistics"]["userErrors"]
        codes = [(each["code"], each["field"]) for each in errors]
    assert codes == refused


async def test_hub_without_the_right_to_the_regions_volunteers_takes_nothing_out(
    database: Database,
) -> None:
    street = await viewer(database, "street", "team:T003")
    wish = StatisticsWish(
        region_id=id_of("Region", "street"), since=date(2026, 1, 1), until=date(2026, 1, 31)
    )

    with pytest.raises(Forbidden):
        await ask_for_statistics(database, street, wish, ExportFormat.CSV, None, today=TODAY)


@pytest.mark.parametrize("year", [2011, 2027])
async def test_report_of_a_year_without_one_is_refused(database: Database, year: int) -> None:
    reading = await viewer(database, "reading", f"team:{TEAM_NO}")
    wish = ReportWish(team_id=id_of("Team", "reading"), year=year)

    outcome = await ask_for_report(
        database, reading, wish, ExportFormat.CSV, None, policy=Policy(), today=TODAY
    )

    assert [(each.code, each.field) for each in outcome.errors] == [("INVALID", "year")]


async def test_report_is_for_hubs_far_above_while_the_station_has_quick_review(
    database: Database,
) -> None:
    hub = await viewer(database, "yubei", "team:T001")
    wish = ReportWish(team_id=id_of("Team", "reading"), year=2026)

    async def ask(policy: Policy) -> Outcome:
        return await ask_for_report(
            database, hub, wish, ExportFormat.CSV, None, policy=policy, today=TODAY
        )

    with pytest.raises(Forbidden):
        await ask(Policy(quick_review=False))
    assert (await ask(Policy())).errors == ()


async def test_fourth_export_at_once_waits_for_another_to_end(database: Database) -> None:
    asked_at_once = await asyncio.gather(*(asked(database) for _ in range(6)))

    assert sum(each is not None for each in asked_at_once) == 3
    assert await worker(database).run_once()
    assert await asked(database) is not None


async def test_who_lost_the_right_since_gets_no_file(database: Database, db: Any) -> None:
    export_id = await asked(database)
    await db.execute("delete from department_users")
    await db.execute("update accounts set standing_version = standing_version + 1")

    await worker(database).run_once()

    row = await db.fetchrow("select state, failure, content from exports where id = $1", export_id)
    assert row["state"] == "FAILED"
    assert row["failure"] in {"CAPACITY_NOT_HELD", "FORBIDDEN"}
    assert row["content"] is None


async def test_export_of_a_dead_worker_is_taken_up_again_and_at_last_given_up(
    database: Database, db: Any
) -> None:
    export_id = await asked(database)
    dead = "update exports set state = 'RUNNING', held_until = now() - interval '1 s'"
    await db.execute(f"{dead}, attempts = 1")
    await worker(database).run_once()
    assert await db.fetchval("select state from exports where id = $1", export_id) == "DONE"

    second = await asked(database)
    await db.execute(f"{dead}, attempts = 3 where id = $1", second)
    await worker(database).run_once()
    row = await db.fetchrow("select state, failure from exports where id = $1", second)
    assert tuple(row) == ("FAILED", "GAVE_UP")


async def test_two_workers_make_each_export_once(database: Database, db: Any) -> None:
    for _ in range(3):
        await asked(database)
    one, two = worker(database), worker(database)

    ran = await asyncio.gather(*(each.run_once() for each in (one, two, one, two)))

    assert sorted(ran) == [False, True, True, True]
    attempts = await db.fetch("select state, attempts from exports")
    assert {tuple(row) for row in attempts} == {("DONE", 1)}


async def test_worker_that_lost_its_export_keeps_nothing(
    database: Database, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_id = await asked(database)
    region_sheets = making.region_sheets

    async def slow(*given: Any) -> Any:
        sheets = await region_sheets(*given)
        await db.execute("update exports set attempts = attempts + 1")  # another took it up
        return sheets

    monkeypatch.setattr(making, "region_sheets", slow)
    await worker(database).run_once()

    row = await db.fetchrow("select state, content from exports where id = $1", export_id)
    assert tuple(row) == ("RUNNING", None)


async def test_old_exports_are_removed_with_their_files(database: Database, db: Any) -> None:
    await asked(database)
    await worker(database).run_once()
    await db.execute("update exports set created_at = now() - interval '8 days'")

    await worker(database).run_once()

    assert await db.fetchval("select count(*) from exports") == 0
