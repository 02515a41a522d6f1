"""A standing is worked out once and forgotten when it changes, on every process at once."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from db.events import DomainEvent, SubjectType
from db.queries.standing import accounts_of_teams
from db.session import Database
from permissions.errors import Unauthenticated
from permissions.standing import Standings, fetch_standing
from permissions.viewer import Role
from tests.api.client import running
from tests.api.people_world import account, id_of, prepare_people
from tests.servers import Databases
from tests.small_world import connected

VIEWER = "{ viewer { role team { name } } }"


@pytest.fixture
def url(databases: Databases) -> AsyncIterator[str]:
    url = databases.clone("people", prepare_people)
    yield url
    databases.drop(url)


@pytest_asyncio.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with Database(url) as database:
        yield database


async def revoke(database: Database, team: str, name: str) -> None:
    """Takes a manager's name off a team, through the seam."""
    async with database.write(account_id=None, capacity="test", action="revoke") as write:
        await write.run(
            "update team_admins set revoked_at = now() where team_id = $1 and account_id = $2",
            id_of("Team", team),
            account(name),
        )
        write.record(
            DomainEvent(
                name="team.admin_revoked",
                subject_type=SubjectType.TEAM,
                subject_id=id_of("Team", team),
                because="test",
                standing_of=(account(name),),
            )
        )


async def test_revoked_manager_loses_access_at_the_next_request_on_every_process(
    url: str, redis_url: str, database: Database
) -> None:
    wish = f"team:{await team_no(url, 'village')}"
    async with running(url, redis_url) as one, running(url, redis_url) as other:
        for process in (one, other, one, other):
            answer = await process.ask(VIEWER, viewer=account("village"), acting_as=wish)
            assert answer.good["viewer"]["role"] == "HUB"

        await revoke(database, "village", "village")

        for process in (one, other):
            answer = await process.ask(VIEWER, viewer=account("village"), acting_as=wish)
            assert answer.codes == ["CAPACITY_NOT_HELD"]


async def team_no(url: str, name: str) -> str:
    async with connected(url) as connection:
        number: str = await connection.fetchval(
            "select team_no from teams where id = $1", id_of("Team", name)
        )
    return number


async def test_standing_is_worked_out_once_while_its_numbers_stand(database: Database) -> None:
    standings = Standings()

    async with database.read() as snapshot:
        first = await standings.fetch(snapshot, account("village"))
        second = await standings.fetch(snapshot, account("village"))

    assert second is first
    assert snapshot.statements == 2


async def test_change_of_one_person_moves_that_persons_standing_alone(
    database: Database,
) -> None:
    standings = Standings()
    names = ("village", "street", "yubei", "mca_yubei", "li")
    async with database.read() as snapshot:
        before = [await standings.fetch(snapshot, account(name)) for name in names]

    await revoke(database, "village", "village")

    async with database.read() as snapshot:
        after = [await standings.fetch(snapshot, account(name)) for name in names]
    assert [old is new for old, new in zip(before, after, strict=True)] == [False, *[True] * 4]
    assert [team.name for team in after[0].teams] == []
    assert after[0].standing_version == before[0].standing_version + 1


async def test_organisation_that_may_take_teams_no_more_is_a_hub_while_it_has_branches(
    database: Database,
) -> None:
    legal = id_of("Team", "legal")
    roles = []
    for change in (
        "update teams set permission_group = 'BASIC' where id = $1",
        "update teams set branch_of_id = null where branch_of_id = $1",
    ):
        async with database.write(account_id=None, capacity="test", action="lower") as write:
            await write.run(change, legal)
            await write.run("update installation set tree_epoch = tree_epoch + 1")
        async with database.read() as snapshot:
            standing = await fetch_standing(snapshot, account("legal"))
        roles.append(standing.acting_as(None).role)

    assert roles == [Role.HUB, Role.TEAM]


async def test_moved_tree_makes_every_standing_anew(database: Database) -> None:
    standings = Standings()
    async with database.read() as snapshot:
        before = await standings.fetch(snapshot, account("village"))

    async with database.write(account_id=None, capacity="test", action="move") as write:
        await write.run("update installation set tree_epoch = tree_epoch + 1")

    async with database.read() as snapshot:
        after = await standings.fetch(snapshot, account("village"))
    assert after is not before
    assert after.teams == before.teams


async def test_changed_name_is_seen_although_no_number_moved(database: Database) -> None:
    standings = Standings()
    async with database.read() as snapshot:
        before = await standings.fetch(snapshot, account("village"))

    async with database.write(account_id=None, capacity="test", action="rename") as write:
        await write.run(
            "update accounts set display_name = '新名' where id = $1", account("village")
        )

    async with database.read() as snapshot:
        after = await standings.fetch(snapshot, account("village"))
    assert (after.display_name, after.teams) == ("新名", before.teams)


async def test_disabled_account_is_nobody_although_its_standing_was_known(
    database: Database,
) -> None:
    standings = Standings()
    async with database.read() as snapshot:
        await standings.fetch(snapshot, account("village"))

    async with database.write(account_id=None, capacity="test", action="disable") as write:
        await write.run("update accounts set status = 'DISABLED' where id = $1", account("village"))

    async with database.read() as snapshot:
        with pytest.raises(Unauthenticated):
            await standings.fetch(snapshot, account("village"))


async def test_least_recent_standings_are_given_up(database: Database) -> None:
    standings = Standings(most=1)
    async with database.read() as snapshot:
        first = await standings.fetch(snapshot, account("village"))
        await standings.fetch(snapshot, account("street"))
        again = await standings.fetch(snapshot, account("village"))

    assert again is not first
    assert again == first


async def test_accounts_of_teams_are_those_named_now(database: Database) -> None:
    async with database.write(account_id=None, capacity="test", action="look") as write:
        before = await accounts_of_teams(write, [id_of("Team", "village"), id_of("Team", "far")])
    await revoke(database, "village", "village")
    async with database.write(account_id=None, capacity="test", action="look") as write:
        after = await accounts_of_teams(write, [id_of("Team", "village"), id_of("Team", "far")])

    assert before == tuple(sorted((account("village"), account("far"))))
    assert after == (account("far"),)
