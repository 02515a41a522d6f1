"""Changing a team's data: what is reviewed, what is done at once, by whom."""

from typing import Any

import pytest

from db.enums import (
    EntityStatus,
    PermissionGroup,
    RegistrationStatus,
    TeamAdminRole,
    TeamKind,
    TeamStatus,
)
from db.session import Database
from permissions.edges import Policy
from permissions.errors import Forbidden
from permissions.viewer import Viewer
from resolvers.outcomes import Outcome
from resolvers.ports import LegalEntity, NoEntity
from resolvers.review_decisions import Decided, decide_reviews
from resolvers.team_change_form import TeamChanges
from resolvers.team_changes import TeamUpdate, update_team
from resolvers.team_form import TeamPerson
from tests.small_world import NOW
from tests.workflows.desk import DESK, with_register
from tests.workflows.district import CONTACT, PRINCIPAL, District

CODE = "53500000MJP000002B"


@pytest.fixture
async def district(shared: District, db: Any) -> District:
    await db.execute("update teams set status = 'DISSOLVED' where uscc is not null")
    await shared.team(
        "group", "community", shared.regions["community"], name=f"读书会{shared.serial}"
    )
    return shared


async def update(
    database: Database, viewer: Viewer, team_id: int, changes: TeamChanges, **more: Any
) -> Outcome:
    return await update_team(
        database,
        viewer,
        TeamUpdate(team_id, changes),
        more.get("key"),
        desk=more.get("desk", DESK),
        policy=Policy(),
        now=NOW,
    )


async def decide(
    database: Database, viewer: Viewer, review_id: int | None, *, approves: bool = True
) -> list[str]:
    assert review_id is not None
    decided = Decided(ids=[review_id], approves=approves, opinion=None if approves else "不符")
    outcome = await decide_reviews(database, viewer, decided, None, policy=Policy(), now=NOW)
    return [error.code.value for item in outcome.items for error in item.errors]


def codes(outcome: Outcome) -> list[tuple[str, str | None]]:
    return [(error.code.value, error.field) for error in outcome.errors]


async def team_row(db: Any, team_id: int) -> Any:
    return await db.fetchrow("select * from teams where id = $1", team_id)


async def test_key_data_wait_for_the_contact_team_and_the_rest_is_done_at_once(
    database: Database, db: Any, district: District
) -> None:
    team = district.forest.teams["group"]
    manager = await district.forest.manager("group")

    outcome = await update(
        database,
        manager,
        team.id,
        {"name": "快乐读书志愿服务队", "intro": "每周六读书", "address": "和平路 1 号"},
    )

    assert (outcome.errors, outcome.warnings) == ((), ())
    row = await team_row(db, team.id)
    assert (row["name"], row["status"]) == (team.name, "CHANGE_PENDING")
    assert (row["intro"], row["address"]) == ("每周六读书", "和平路 1 号")
    review = await db.fetchrow("select * from reviews where id = $1", outcome.review_id)
    assert review["kind"] == "TEAM_CHANGE"
    assert review["reviewer_team_id"] == district.forest.teams["community"].id

    hub = await district.forest.manager("community")
    assert await decide(database, hub, outcome.review_id) == []

    row = await team_row(db, team.id)
    assert (row["name"], row["status"]) == ("快乐读书志愿服务队", "ENABLED")
    assert "读书" in row["name_grams"]
    assert row["sort_key"] != team.sort_key


async def test_rejected_change_keeps_the_team_as_it_was(
    database: Database, db: Any, district: District
) -> None:
    team = district.forest.teams["group"]
    outcome = await update(
        database, await district.forest.manager("group"), team.id, {"name": "另名志愿服务队"}
    )

    hub = await district.forest.manager("community")
    assert await decide(database, hub, outcome.review_id, approves=False) == []

    row = await team_row(db, team.id)
    assert (row["name"], row["status"]) == (team.name, "ENABLED")


async def test_later_change_takes_the_place_of_one_that_waits(
    database: Database, db: Any, district: District
) -> None:
    team = district.forest.teams["group"]
    manager = await district.forest.manager("group")
    first = await update(database, manager, team.id, {"name": "甲一志愿服务队"})
    second = await update(database, manager, team.id, {"name": "乙二志愿服务队"})

    states = await db.fetch(
        "select state from reviews where id = any($1::bigint[]) order by id",
        [first.review_id, second.review_id],
    )
    assert [row["state"] for row in states] == ["WITHDRAWN", "PENDING"]
    hub = await district.forest.manager("community")
    assert await decide(database, hub, first.review_id) == ["ALREADY_DECIDED"]
    assert await decide(database, hub, second.review_id) == []
    assert (await team_row(db, team.id))["name"] == "乙二志愿服务队"


async def test_mobile_of_the_principal_changes_at_once_and_the_name_is_reviewed(
    database: Database, db: Any, district: District
) -> None:
    team = district.forest.teams["group"]
    manager = await district.forest.manager("group")

    outcome = await update(database, manager, team.id, {"principal": PRINCIPAL, "contact": CONTACT})

    row = await team_row(db, team.id)
    assert (row["principal_name"], row["principal_mobile"]) == (team.principal_name, "13800000011")
    assert (row["contact_name"], row["contact_email"]) == (CONTACT.name, CONTACT.email)
    assert outcome.review_id is not None
    await decide(database, await district.forest.manager("community"), outcome.review_id)
    assert (await team_row(db, team.id))["principal_name"] == PRINCIPAL.name


async def test_superior_changes_name_principal_and_contact_at_once_and_nothing_else(
    database: Database, db: Any, district: District
) -> None:
    team = district.forest.teams["group"]
    for n, viewer in enumerate(
        [
            await district.forest.manager("community"),
            await district.forest.manager("district"),
            await district.forest.officer(district.regions["town"]),
        ]
    ):
        outcome = await update(
            database,
            viewer,
            team.id,
            {"name": f"第{n}读书志愿服务队", "principal": PRINCIPAL, "contact": CONTACT},
        )
        assert (codes(outcome), outcome.review_id) == ([], None)
        row = await team_row(db, team.id)
        assert (row["name"], row["status"]) == (f"第{n}读书志愿服务队", "ENABLED")
        assert row["principal_name"] == PRINCIPAL.name

        refused = await update(database, viewer, team.id, {"intro": "他人写的"})
        assert codes(refused) == [("FIELD_LOCKED", None)]


async def test_nobody_else_changes_a_team(database: Database, district: District) -> None:
    team = district.forest.teams["group"]
    for viewer in (
        await district.forest.manager("other"),
        await district.forest.manager("group", TeamAdminRole.RECORDER),
        await district.forest.officer(district.regions["other"]),
        await district.person(),
    ):
        with pytest.raises(Forbidden):
            await update(database, viewer, team.id, {"intro": "改"})


async def test_change_of_region_is_history_and_reaches_the_standing(
    database: Database, db: Any, district: District
) -> None:
    forest = district.forest
    await district.team("under-town", "town", district.regions["community"], name="镇属队")
    team, village = forest.teams["under-town"], district.regions["village"]
    outcome = await update(
        database, await forest.manager("under-town"), team.id, {"region_code": village.code}
    )
    assert codes(outcome) == []

    await decide(database, await forest.manager("town"), outcome.review_id)

    row = await team_row(db, team.id)
    assert (row["region_id"], row["region_path"]) == (village.id, village.path)
    history = await db.fetch(
        "select region_path, valid_to from team_attachments where team_id = $1 order by id", team.id
    )
    assert [each["region_path"] for each in history] == [team.region_path, village.path]
    assert [each["valid_to"] is None for each in history] == [False, True]


async def test_region_must_lie_in_the_territory_of_the_contact_team(
    database: Database, district: District
) -> None:
    team = district.forest.teams["group"]
    manager = await district.forest.manager("group")

    outcome = await update(
        database, manager, team.id, {"region_code": district.regions["village"].code}
    )

    assert codes(outcome) == [("CONTACT_TEAM_UNFIT", "contactTeamId")]


async def test_name_that_was_taken_while_the_change_waited_is_refused(
    database: Database, db: Any, district: District
) -> None:
    team = district.forest.teams["group"]
    outcome = await update(
        database, await district.forest.manager("group"), team.id, {"name": "抢名志愿服务队"}
    )
    await district.team("rival", "community", district.regions["community"], name="抢名志愿服务队")

    hub = await district.forest.manager("community")
    assert await decide(database, hub, outcome.review_id) == ["NAME_TAKEN"]
    assert (await team_row(db, team.id))["status"] == "CHANGE_PENDING"


@pytest.mark.parametrize(
    ("status", "expected"),
    [(TeamStatus.PENDING, "WRONG_STATE"), (TeamStatus.REJECTED, "WRONG_STATE")],
)
async def test_team_that_does_not_work_yet_hands_its_registration_in_again(
    database: Database, db: Any, district: District, *, status: TeamStatus, expected: str
) -> None:
    team = district.forest.teams["group"]
    manager = await district.forest.manager("group")
    await db.execute("update teams set status = $2 where id = $1", team.id, status.value)

    assert codes(await update(database, manager, team.id, {"name": "新名志愿服务队"})) == [
        (expected, "teamId")
    ]
    assert codes(await update(database, manager, team.id, {"intro": "介绍"})) == []


async def test_name_of_a_legal_person_is_the_registered_one(
    database: Database, db: Any, district: District
) -> None:
    await district.team(
        "legal",
        None,
        district.regions["district"],
        name="旧名基金会",
        kind=TeamKind.ORGANIZATION,
        registration_status=RegistrationStatus.LEGAL_PERSON,
        registration_authority_id=district.regions["district"].id,
        uscc=CODE,
        permission_group=PermissionGroup.MIDDLE,
    )
    team = district.forest.teams["legal"]
    manager = await district.forest.manager("legal")

    wrong = await update(database, manager, team.id, {"name": "随便基金会"})
    right = await update(database, manager, team.id, {"name": "重庆市巴渝助学基金会"})
    gone = await update(
        database,
        manager,
        team.id,
        {"name": "重庆市巴渝助学基金会"},
        desk=with_register(LegalEntity("重庆市巴渝助学基金会", EntityStatus.DEREGISTERED)),
    )
    away = await update(
        database,
        manager,
        team.id,
        {"name": "重庆市巴渝助学基金会"},
        desk=with_register(NoEntity.UNAVAILABLE),
    )

    assert codes(wrong) == [("NAME_NOT_REGISTERED", "name")]
    assert codes(gone) == [("NOT_IN_GOOD_STANDING", "uscc")]
    assert codes(away) == [("REGISTER_UNAVAILABLE", None)]
    assert codes(right) == []
    authority = await db.fetchval(
        "select reviewer_region_id from reviews where id = $1", right.review_id
    )
    assert authority == district.regions["district"].id


BAD: list[tuple[TeamChanges, list[tuple[str, str | None]]]] = [
    ({"name": "队"}, [("REQUIRED", "name")]),
    ({"name": "长" * 51}, [("TOO_LONG", "name")]),
    ({"name": "坏\x00名志愿服务队"}, [("INVALID", "name")]),
    ({"intro": "字" * 2001}, [("TOO_LONG", "intro")]),
    ({"intro": "\u202e反写"}, [("INVALID", "intro")]),
    ({"address": "\x07"}, [("INVALID", "address")]),
    ({"postcode": "1234"}, [("INVALID", "postcode")]),
    ({"lng": 200.0, "lat": 10.0}, [("INVALID", "lng")]),
    ({"lng": 100.0}, [("INVALID", "lat")]),
    ({"planned_size": 0}, [("INVALID", "plannedSize")]),
    ({"region_code": "509999999999"}, [("NOT_FOUND", "regionCode")]),
    ({"service_categories": ("无此类",)}, [("INVALID", "serviceCategories")]),
    ({"principal": TeamPerson(name="Bob", mobile="138")}, [("INVALID", "principal.name")]),
    ({"contact": TeamPerson(name="赵敏", mobile="23800000000")}, [("INVALID", "contact.mobile")]),
    (
        {"contact": TeamPerson(name="赵敏", mobile="13800000012", email="x")},
        [("INVALID", "contact.email")],
    ),
    ({"uscc": CODE}, [("INVALID", "uscc")]),
    ({"kind": TeamKind.OTHER_LEGAL}, [("INVALID", "kind")]),
    (
        {
            "registration_status": RegistrationStatus.LEGAL_PERSON,
            "kind": TeamKind.ORGANIZATION,
            "uscc": "53500000MJP0000020",
            "authority_code": None,
        },
        [("USCC_INVALID", "uscc")],
    ),
]


@pytest.mark.parametrize(("changes", "expected"), BAD, ids=lambda each: str(each)[:40])
async def test_bad_input_is_refused_with_its_field(
    database: Database,
    db: Any,
    district: District,
    *,
    changes: TeamChanges,
    expected: list[tuple[str, str | None]],
) -> None:
    team = district.forest.teams["group"]

    outcome = await update(database, await district.forest.manager("group"), team.id, changes)

    assert codes(outcome)[:1] == expected
    row = await team_row(db, team.id)
    assert (row["name"], row["status"], row["intro"]) == (team.name, "ENABLED", None)


async def test_hub_does_not_change_its_region_and_a_group_becomes_no_legal_person(
    database: Database, district: District
) -> None:
    forest = district.forest
    hub = await update(
        database,
        await forest.manager("community"),
        forest.teams["community"].id,
        {"region_code": district.regions["village"].code},
    )
    group = await update(
        database,
        await forest.manager("group"),
        forest.teams["group"].id,
        {
            "registration_status": RegistrationStatus.LEGAL_PERSON,
            "kind": TeamKind.ORGANIZATION,
            "uscc": CODE,
            "authority_code": district.regions["district"].code,
            "name": "重庆市巴渝助学基金会",
        },
    )

    assert ("FIELD_LOCKED", "regionCode") in codes(hub)
    assert codes(group) == [("FIELD_LOCKED", "registrationStatus")]


async def test_hidden_and_missing_teams_are_alike(
    database: Database, db: Any, district: District
) -> None:
    team = district.forest.teams["group"]
    await db.execute("update teams set status = 'PENDING' where id = $1", team.id)
    other = await district.forest.manager("other")

    hidden = await update(database, other, team.id, {"name": "新名志愿服务队"})
    missing = await update(database, other, team.id + 10_000, {"name": "新名志愿服务队"})

    assert codes(hidden) == codes(missing) == [("NOT_FOUND", "teamId")]


async def test_same_key_answers_with_the_first_outcome(
    database: Database, district: District
) -> None:
    team = district.forest.teams["group"]
    manager = await district.forest.manager("group")
    changes: TeamChanges = {"name": "同键志愿服务队"}

    first = await update(database, manager, team.id, changes, key="k")
    second = await update(database, manager, team.id, changes, key="k")

    assert first.review_id == second.review_id


async def test_team_that_goes_on_file_is_vouched_for_by_that_office(
    database: Database, db: Any, district: District
) -> None:
    team, town = district.forest.teams["group"], district.regions["town"]

    outcome = await update(
        database,
        await district.forest.manager("group"),
        team.id,
        {"registration_status": RegistrationStatus.FILED, "authority_code": town.code},
    )

    review = await db.fetchrow("select * from reviews where id = $1", outcome.review_id)
    assert (review["reviewer_team_id"], review["reviewer_region_id"]) == (None, town.id)
    hub = await district.forest.manager("community")
    assert await decide(database, hub, outcome.review_id) == ["NOT_YOUR_REVIEW"]
    officer = await district.forest.officer(town)
    assert await decide(database, officer, outcome.review_id) == []
    row = await team_row(db, team.id)
    assert (row["registration_status"], row["registration_authority_id"]) == ("FILED", town.id)
