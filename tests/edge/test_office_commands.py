"""The commands `administrators …` and `stations …`, by which an empty system is begun."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from db.passwords import verify_password
from db.urls import asyncpg_dsn
from gateway.cli import REFUSED, app
from tests.api.client import KEYS
from tests.servers import Databases
from tests.small_world import empty_station

Run = Callable[..., Result]
REGION = """
insert into regions (id, province, parent_id, path, depth, level, code, division_code, name,
  short_name) values ($1, '50', $2, $3, $4, $5, $6::text, $6::text, $7, $7)
"""


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


@pytest.fixture
def run(url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("gateway.station.load_keys", lambda _settings: KEYS)

    def invoke(*arguments: str, broken: str | None = None) -> Result:
        result = CliRunner().invoke(app, list(arguments))
        if broken is None:
            assert result.exit_code == 0, (result.output, result.exception)
        else:
            assert isinstance(result.exception, REFUSED), result.output
            assert str(result.exception) == broken
        return result

    return invoke


def rows(url: str, sql: str, *arguments: Any) -> list[Any]:
    async def fetch() -> list[Any]:
        connection = await asyncpg.connect(asyncpg_dsn(url))
        try:
            found: list[Any] = await connection.fetch(sql, *arguments)
            return found
        finally:
            await connection.close()

    return asyncio.run(fetch())


def test_operator_begins_an_empty_system(run: Run, url: str) -> None:
    run("stations", "found", broken="There are no regions yet; run `regions import`.")
    rows(url, REGION, 1, None, "1/", 1, "NATION", "000000000000", "中国")
    rows(url, REGION, 2, 1, "1/2/", 2, "PROVINCE", "500000000000", "重庆市")
    rows(url, REGION, 3, 2, "1/2/3/", 3, "TOWN", "500112001000", "双龙湖街道")

    for _ in range(2):
        listed = run("stations", "found").stdout
    issued = run("administrators", "issue", "500000", "Mca_CQ", "何静", "--title", "系统管理员")

    assert "志愿重庆" in listed
    assert "cq.localhost" in listed
    assert "national.localhost" in listed
    (account,) = rows(
        url,
        "select a.*, d.region_id, d.title from accounts a"
        " join department_users d on d.account_id = a.id",
    )
    assert (account["username"], account["display_name"]) == ("mca_cq", "何静")
    assert (account["region_id"], account["title"]) == (2, "系统管理员")
    assert account["must_change_password"]
    assert verify_password(account["password_hash"], issued.stdout.strip()).ok
    audited = rows(url, "select capacity, action from audit_log order by id desc limit 1")
    assert tuple(audited[0]) == ("operator", "administrator.issued")

    # What an operator may get wrong.
    nowhere = "region: No department is of a region of this code."
    run("administrators", "issue", "510000", "mca_sc", "何静", broken=nowhere)
    run("administrators", "issue", "500112001", "mca_town", "何静", broken=nowhere)
    taken = "username: Another account has this username."
    run("administrators", "issue", "500000", "mca_cq", "何静", broken=taken)
    run("administrators", "issue", "500000", "mca_x", " ", broken="name: This must be given.")

    # Phases, by hand.
    rows(url, "update stations set phase = 'LEGACY', batch = null where number = 50")
    which = "batch: Which batch of the trial?"
    run("stations", "phase", "cq.localhost", "TRIAL", broken=which)
    run("stations", "phase", "CQ.localhost", "TRIAL", "--batch", "2")
    run("stations", "phase", "xx.localhost", "TRIAL", broken="There is no station xx.localhost.")
    (station,) = rows(url, "select phase, batch from stations where number = 50")
    assert tuple(station) == ("TRIAL", 2)
    assert "TRIAL" in run("stations", "list").stdout
