"""View teams, the organisation a team is of, legal persons' register, superiors' alerts."""

from typing import Any

import pytest

from db.enums import EntityStatus, PermissionGroup, RegistrationStatus, TeamKind
from db.session import Database
from permissions.edges import Policy
from permissions.errors import Forbidden
from permissions.viewer import Viewer
from resolvers.legal_persons import check_legal_person
from resolvers.moves import Wish, move_team
from resolvers.outcomes import Outcome
from resolvers.ports import LegalEntity, NoEntity
from resolvers.team_registration import register_team
from resolvers.team_relations import Affiliation, ViewTeams, set_affiliated_org, set_view_teams
from resolvers.team_states import Order, disable_team
from tests.small_world import NOW
from tests.workflows.desk import DESK, with_register
from tests.workflows.district import District, unknown_code


@pytest.fixture
async def team(shared: District) -> int:
    await shared.team("group", "community", shared.regions["community"])
    return shared.forest.teams["group"].id


async def view(database: Database, viewer: Viewer, team_id: int, *views: int) -> Outcome:
    chosen = ViewTeams(team_id, views)
    return await set_view_teams(database, viewer, chosen, None, policy=Policy())


async def check(
    database: Database, viewer: Viewer, team_id: int, answer: LegalEntity | NoEntity
) -> Outcome:
    return await check_legal_person(
        database, viewer, team_id, None, desk=with_register(answer), policy=Policy(), now=NOW
    )


def codes(outcome: Outcome) -> list[tuple[str, str | None]]:
    return [(error.code.value, error.field) for error in outcome.errors]


async def views_of(db: Any, team_id: int) -> set[int]:
    rows = await db.fetch("select view_team_id from team_view_links where team_id = $1", team_id)
    return {row["view_team_id"] for row in rows}


async def test_view_teams_of_any_line_are_chosen_and_left_without_approval(
    database: Database, db: Any, shared: District, team: int
) -> None:
    forest = shared.forest
    manager = await forest.manager("group")
    other, city = forest.teams["other"].id, forest.teams["city"].id

    assert codes(await view(database, manager, team, other, city)) == []
    assert await views_of(db, team) == {other, city}
    assert codes(await view(database, manager, team, city)) == []
    assert await views_of(db, team) == {city}
    assert codes(await view(database, manager, team)) == []
    assert await views_of(db, team) == set()
    reviews = await db.fetchval("select count(*) from reviews where team_id = $1", team)
    assert reviews == 0


async def test_view_team_is_no_contact_team_and_no_hidden_or_stopped_one(
    database: Database, db: Any, shared: District, team: int
) -> None:
    forest = shared.forest
    manager = await forest.manager("group")
    hub, other = forest.teams["community"].id, forest.teams["other"].id

    assert codes(await view(database, manager, team, hub)) == [("INVALID", "viewTeamIds")]
    assert codes(await view(database, manager, team, team)) == [("INVALID", "viewTeamIds")]
    assert codes(await view(database, manager, team, other + 9999)) == [
        ("NOT_FOUND", "viewTeamIds")
    ]
    many = range(1, 22)
    assert ("TOO_LONG", "viewTeamIds") in codes(await view(database, manager, team, *many))
    assert await views_of(db, team) == set()
    with pytest.raises(Forbidden):
        await view(database, await forest.manager("community"), team, other)


async def test_view_team_that_becomes_the_contact_team_is_one_no_more(
    database: Database, db: Any, shared: District, team: int
) -> None:
    forest = shared.forest
    town = forest.teams["town"].id
    await view(database, await forest.manager("group"), team, town)
    wish = Wish(team_id=team, contact_team_id=town, reason="调整")

    await move_team(database, await forest.manager("district"), wish, None, today=NOW.date())

    assert await views_of(db, team) == set()


async def test_team_says_which_organisation_it_is_of(
    database: Database, db: Any, shared: District, team: int
) -> None:
    forest = shared.forest
    manager = await forest.manager("group")
    await shared.team("plain", "community", shared.regions["community"])

    async def say(org: int | None) -> list[tuple[str, str | None]]:
        chosen = Affiliation(team, org)
        return codes(await set_affiliated_org(database, manager, chosen, None, policy=Policy()))

    async def stored() -> int | None:
        found: int | None = await db.fetchval(
            "select affiliated_org_id from teams where id = $1", team
        )
        return found

    assert await say(forest.teams["town"].id) == []
    assert await stored() == forest.teams["town"].id
    assert await say(forest.teams["plain"].id) == [("INVALID", "orgId")]
    assert await say(team) == [("INVALID", "orgId")]
    assert await say(team + 9999) == [("NOT_FOUND", "orgId")]
    assert await say(None) == []
    assert await stored() is None


async def legal(shared: District, db: Any) -> int:
    region = shared.regions["district"]
    await db.execute("update teams set status = 'DISSOLVED' where uscc is not null")
    await shared.team(
        "legal",
        None,
        region,
        name=f"旧名{shared.serial}基金会",
        kind=TeamKind.ORGANIZATION,
        registration_status=RegistrationStatus.LEGAL_PERSON,
        registration_authority_id=region.id,
        uscc=unknown_code(),
        permission_group=PermissionGroup.MIDDLE,
    )
    return shared.forest.teams["legal"].id


async def test_legal_persons_name_follows_its_register(
    database: Database, db: Any, shared: District
) -> None:
    number = await legal(shared, db)
    manager = await shared.forest.manager("legal")
    name = f"新名{shared.serial}基金会"

    outcome = await check(database, manager, number, LegalEntity(name, EntityStatus.NORMAL))

    assert codes(outcome) == []
    row = await db.fetchrow("select * from teams where id = $1", number)
    assert (row["name"], row["status"], row["entity_status"]) == (name, "ENABLED", "NORMAL")
    assert row["entity_checked_at"] == NOW


@pytest.mark.parametrize("status", [EntityStatus.DEREGISTERED, EntityStatus.REVOKED])
async def test_deregistered_legal_person_is_flagged_and_stopped_with_its_projects(
    database: Database, db: Any, shared: District, *, status: EntityStatus
) -> None:
    number = await legal(shared, db)
    project = await shared.planter.project(shared.forest.teams["legal"])
    officer = await shared.forest.officer(shared.regions["district"])

    await check(database, officer, number, LegalEntity("旧名", status))

    row = await db.fetchrow("select * from teams where id = $1", number)
    assert (row["status"], row["entity_status"]) == ("DISABLED", status.value)
    assert row["name"].startswith("旧名")
    assert await db.fetchval("select status from projects where id = $1", project.id) == "DISABLED"


async def test_register_that_is_away_or_knows_nobody_changes_nothing(
    database: Database, db: Any, shared: District, team: int
) -> None:
    number = await legal(shared, db)
    manager = await shared.forest.manager("legal")

    away = await check(database, manager, number, NoEntity.UNAVAILABLE)
    unknown = await check(database, manager, number, NoEntity.NOT_FOUND)
    entity = LegalEntity("某队", EntityStatus.NORMAL)
    group = await check(database, await shared.forest.manager("group"), team, entity)

    assert codes(away) == [("REGISTER_UNAVAILABLE", None)]
    assert codes(unknown) == [("NOT_IN_REGISTER", "uscc")]
    assert codes(group) == [("INVALID", "teamId")]
    row = await db.fetchrow("select * from teams where id = $1", number)
    assert (row["status"], row["entity_status"]) == ("ENABLED", None)
    with pytest.raises(Forbidden):
        await check(database, await shared.forest.manager("other"), number, entity)


async def test_disabled_contact_team_alerts_the_team_above_and_takes_no_new_teams(
    database: Database, db: Any, planter: Any
) -> None:
    district = await District.plant(planter)
    forest = district.forest
    hub, town = forest.teams["community"], await forest.manager("town")
    order = Order(team_id=hub.id, reason="整改")

    await disable_team(database, town, order, None, policy=Policy())

    told = await db.fetch(
        "select account_id, payload::text from notifications where event = 'team.disabled_below'"
    )
    assert [row["account_id"] for row in told] == [town.account_id]
    assert str(hub.id) in told[0]["payload"]
    person = await district.person()
    asked = await register_team(database, person, DESK, district.group(), None, now=NOW)
    # A volunteer does not see a disabled team.
    assert [each.code.value for each in asked.errors] == ["NOT_FOUND"]
    await district.team("mover", "town", district.regions["community"])
    wish = Wish(team_id=forest.teams["mover"].id, contact_team_id=hub.id, reason=None)
    moved = await move_team(database, town, wish, None, today=NOW.date())
    assert [each.code.value for each in moved.errors] == ["CONTACT_TEAM_UNFIT"]
