"""Who acts for a team: named, removed, handed over; never without a manager."""

import asyncio
from typing import Any

import pytest

from db.enums import TeamAdminRole
from db.models import Account
from db.session import Database
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import Policy
from permissions.errors import CapacityNotHeld, Forbidden
from permissions.gather import gather_teams
from permissions.standing import fetch_standing
from permissions.viewer import Viewer
from resolvers.outcomes import Outcome
from resolvers.team_staff import Person, hand_over, name_staff, remove_staff
from tests.workflows.district import District

MANAGER, RECORDER, REVIEWER = TeamAdminRole


@pytest.fixture
async def team(shared: District) -> int:
    await shared.team("group", "community", shared.regions["community"])
    return shared.forest.teams["group"].id


@pytest.fixture
async def manager(shared: District, team: int) -> Viewer:
    assert team
    return await shared.forest.manager("group")


def of(account: Account, team_id: int) -> Person:
    return Person(team_id=team_id, username=account.username, name=account.display_name)


async def name(
    database: Database, viewer: Viewer, person: Person, *roles: TeamAdminRole
) -> Outcome:
    return await name_staff(database, viewer, person, roles, None, policy=Policy())


async def remove(database: Database, viewer: Viewer, person: Person) -> Outcome:
    return await remove_staff(database, viewer, person, None, policy=Policy())


async def standing_of(database: Database, account_id: int, team_no: str) -> Viewer:
    async with database.read() as snapshot:
        return (await fetch_standing(snapshot, account_id)).acting_as(f"team:{team_no}")


def codes(outcome: Outcome) -> list[tuple[str, str | None]]:
    return [(error.code.value, error.field) for error in outcome.errors]


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (MANAGER, {"RECORD_CREATE", "TEAM_UPDATE", "TEAM_NAME_ADMINS", "PROJECT_CREATE"}),
        (RECORDER, {"RECORD_CREATE"}),
        (REVIEWER, set()),
    ],
)
async def test_person_named_for_a_duty_has_that_duty_alone(
    database: Database,
    shared: District,
    team: int,
    manager: Viewer,
    *,
    role: TeamAdminRole,
    allowed: set[str],
) -> None:
    account = await shared.planter.account()

    assert codes(await name(database, manager, of(account, team), role)) == []

    viewer = await standing_of(database, account.id, shared.forest.teams["group"].team_no)
    async with database.read() as snapshot:
        facts = (await gather_teams(snapshot, [team]))[team]
    asked = ("RECORD_CREATE", "TEAM_UPDATE", "TEAM_NAME_ADMINS", "PROJECT_CREATE")
    assert {
        each for each in asked if decide(Action(each), viewer, facts, policy=Policy()).allowed
    } == allowed


async def test_naming_again_sets_all_duties_and_moves_the_standing(
    database: Database, db: Any, shared: District, team: int, manager: Viewer
) -> None:
    account = await shared.planter.account()
    await name(database, manager, of(account, team), RECORDER)
    await name(database, manager, of(account, team), REVIEWER, RECORDER)
    await name(database, manager, of(account, team), REVIEWER)

    rows = await db.fetch(
        "select role, revoked_at is null as holds from team_admins where account_id = $1"
        " order by id",
        account.id,
    )
    assert [tuple(row) for row in rows] == [("RECORDER", False), ("REVIEWER", True)]
    version = await db.fetchval("select standing_version from accounts where id = $1", account.id)
    assert version == 4


async def test_account_can_be_made_and_must_change_its_password(
    database: Database, db: Any, team: int, manager: Viewer
) -> None:
    person = Person(team_id=team, username="recorder1", name="钱多", password="First-step-42x")

    first = await name(database, manager, person, RECORDER)
    second = await name(database, manager, person, RECORDER)

    assert codes(first) == []
    assert codes(second) == [("USERNAME_TAKEN", "username")]
    row = await db.fetchrow("select * from accounts where username = 'recorder1'")
    assert row["must_change_password"]
    assert row["password_hash"].startswith("$argon2id$")


async def test_last_manager_is_not_removed_and_does_not_step_down(
    database: Database, shared: District, team: int, manager: Viewer, db: Any
) -> None:
    own = await account_of(db, manager)
    other = await shared.planter.account()

    assert codes(await remove(database, manager, of(own, team))) == [("LAST_MANAGER", "username")]
    assert codes(await name(database, manager, of(own, team), RECORDER)) == [
        ("LAST_MANAGER", "username")
    ]
    await name(database, manager, of(other, team), MANAGER)
    assert codes(await remove(database, manager, of(own, team))) == []
    with pytest.raises(CapacityNotHeld):
        await standing_of(database, own.id, shared.forest.teams["group"].team_no)


async def test_two_managers_who_remove_each_other_leave_one(
    database: Database, shared: District, team: int, manager: Viewer, db: Any
) -> None:
    own = await account_of(db, manager)
    other = await shared.planter.account()
    await name(database, manager, of(other, team), MANAGER)
    rival = await standing_of(database, other.id, shared.forest.teams["group"].team_no)

    results = await asyncio.gather(
        remove(database, manager, of(other, team)),
        remove(database, rival, of(own, team)),
        return_exceptions=True,
    )

    assert sum(isinstance(each, Forbidden) for each in results) == 1
    left = await db.fetchval(
        "select count(*) from team_admins where team_id = $1 and role = 'MANAGER'"
        " and revoked_at is null",
        team,
    )
    assert left == 1


async def test_team_is_handed_over_and_the_old_manager_is_out(
    database: Database, shared: District, team: int, manager: Viewer, db: Any
) -> None:
    team_no = shared.forest.teams["group"].team_no
    other = await shared.planter.account()

    own = await account_of(db, manager)
    to_oneself = await hand_over(database, manager, of(own, team), None, policy=Policy())
    outcome = await hand_over(database, manager, of(other, team), None, policy=Policy())

    assert codes(to_oneself) == [("INVALID", "username")]
    assert codes(outcome) == []
    assert (await standing_of(database, other.id, team_no)).team is not None
    with pytest.raises(CapacityNotHeld):
        await standing_of(database, own.id, team_no)
    with pytest.raises(Forbidden):  # a standing read before
        await name(database, manager, of(own, team), MANAGER)


async def test_only_the_manager_names_people(
    database: Database, shared: District, team: int
) -> None:
    account = await shared.planter.account()
    for viewer in (
        await shared.forest.manager("group", RECORDER, REVIEWER),
        await shared.forest.manager("community"),
        await shared.forest.officer(shared.regions["district"]),
    ):
        with pytest.raises(Forbidden):
            await name(database, viewer, of(account, team), RECORDER)


BAD: list[tuple[dict[str, Any], list[tuple[str, str | None]]]] = [
    ({"username": "nobody"}, [("NOT_FOUND", "username")]),
    ({"name": "别人"}, [("NOT_FOUND", "username")]),
    ({"name": "长" * 61}, [("TOO_LONG", "name")]),
    ({"name": "钱\x00"}, [("INVALID", "name")]),
    ({"password": "short"}, [("PASSWORD_WEAK", "password")]),
    ({"password": "Good-enough-77", "username": "1x"}, [("INVALID", "username")]),
    ({"password": "Good-enough-77", "name": ""}, [("REQUIRED", "name")]),
]


@pytest.mark.parametrize(("more", "expected"), BAD)
async def test_bad_input_is_refused_with_its_field(
    database: Database,
    shared: District,
    team: int,
    manager: Viewer,
    *,
    more: dict[str, Any],
    expected: list[tuple[str, str | None]],
) -> None:
    account = await shared.planter.account()
    given = {"username": account.username, "name": account.display_name, **more}

    outcome = await name(database, manager, Person(team_id=team, **given), RECORDER)

    assert codes(outcome) == expected


async def test_no_duty_at_all_is_refused(database: Database, team: int, manager: Viewer) -> None:
    person = Person(team_id=team, username="someone", name="某人")

    assert codes(await name(database, manager, person)) == [("REQUIRED", "roles")]
    assert codes(await remove(database, manager, person)) == [("NOT_FOUND", "username")]


async def account_of(db: Any, viewer: Viewer) -> Account:
    row = await db.fetchrow("select * from accounts where id = $1", viewer.account_id)
    return Account(id=row["id"], username=row["username"], display_name=row["display_name"])
