"""A database that an earlier release began is brought up to date."""

from collections.abc import Iterator

import pytest

from db.ledger.facts import LISTS
from db.ledger.folding import fold_all
from db.ledger.verifying import verify
from db.migrate import MigrationRefused, SchemaState, StationMismatch, schema_state, upgrade
from db.session import Database
from tests.servers import Databases
from tests.small_world import STATION, Planter, connected, empty_station

FIRST = (STATION << 40) + 1
INSERT = """
insert into outbox (event, subject_type, subject_id, payload) values ('e', 'Team', 1, '{}')
returning id
"""


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


async def test_table_of_a_later_release_counts_from_the_station_s_first_id(url: str) -> None:
    async with connected(url) as connection:
        await connection.execute(
            "alter table outbox alter column id set minvalue 1 set start with 1 restart"
        )

    await upgrade(url, station=STATION)

    async with connected(url) as connection:
        assert await connection.fetchval(INSERT) == FIRST


async def test_upgrade_again_goes_on_counting(url: str) -> None:
    async with connected(url) as connection:
        before = await connection.fetchval(INSERT)

    await upgrade(url, station=STATION)

    async with connected(url) as connection:
        assert await connection.fetchval(INSERT) == before + 1
    assert await schema_state(url) is SchemaState.CURRENT


async def test_database_of_another_station_is_refused(url: str) -> None:
    with pytest.raises(StationMismatch, match="belongs to station 50, but STATION is 51"):
        await upgrade(url, station=51)


async def test_writer_that_does_not_end_is_not_waited_for(url: str) -> None:
    async with connected(url) as connection, connected(url) as writing, writing.transaction():
        await connection.execute("update alembic_version set version_num = '0014'")
        await writing.execute("lock table projects in row exclusive mode")

        with pytest.raises(MigrationRefused, match="Nothing was changed"):
            await upgrade(url, station=STATION)

        assert await connection.fetchval("select version_num from alembic_version") == "0014"
    await upgrade(url, station=STATION)


async def test_what_stood_before_lists_were_counted_is_counted_once(url: str) -> None:
    async with Database(url) as database:
        planter = Planter(database)
        region = await planter.region()
        team, volunteer = await planter.team(region), await planter.volunteer(region)
        for _ in range(3):
            await planter.record(volunteer, team)
        for status in ("DRAFT", "RUNNING", "CLOSED", "MAKE_UP", "WAITING"):
            await planter.project(team, status=status)
    async with connected(url) as connection:
        await connection.execute("delete from ledger_pending where kind = any($1)", LISTS)
        for _again in range(2):
            await connection.execute("update alembic_version set version_num = '0014'")
            await upgrade(url, station=STATION)

            assert await verify(connection) == []
        listed = "select kind, sum(n) from ledger_pending where kind = any($1) group by 1"
        assert dict(await connection.fetch(listed, LISTS)) == {
            "listed_record": 3,
            "listed_project": 4,
            "other_project": 1,
        }
        await fold_all(connection)
        await connection.execute("update alembic_version set version_num = '0014'")

        await upgrade(url, station=STATION)

        assert await verify(connection) == []
        await fold_all(connection)
        assert await verify(connection) == []
