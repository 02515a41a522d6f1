"""Registering hubs, groups, legal persons and branches: who decides, what is refused."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from db.enums import HubLevel, PermissionGroup, RegistrationStatus, TeamKind, TeamStatus
from db.session import Database
from permissions.edges import Policy
from permissions.errors import Unauthenticated
from permissions.viewer import PUBLIC, Viewer
from resolvers.outcomes import Outcome
from resolvers.review_decisions import Decided, decide_reviews
from resolvers.team_form import ApprovingUnit, NewTeam, TeamPerson
from resolvers.team_registration import register_team
from tests.small_world import NOW, Planter
from tests.workflows.desk import DESK
from tests.workflows.district import District, unknown_code

UNIT = ApprovingUnit(name="某小学", contact="孙丽", phone="023-67000000")
LEGAL = RegistrationStatus.LEGAL_PERSON


@pytest.fixture
async def district(planter: Planter, db: Any) -> District:
    # The register holds few legal persons; each test begins with none of them registered.
    await db.execute("update teams set status = 'DISSOLVED' where uscc is not null")
    return await District.plant(planter)


@pytest.fixture
async def viewer(district: District) -> Viewer:
    return await district.person()


async def register(
    database: Database, viewer: Viewer, given: NewTeam, key: str | None = None
) -> Outcome:
    return await register_team(database, viewer, DESK, given, key, now=NOW)


def codes(outcome: Outcome) -> list[tuple[str, str | None]]:
    return [(error.code.value, error.field) for error in outcome.errors]


async def stored(db: Any, outcome: Outcome) -> Any:
    """The review with its team."""
    return await db.fetchrow(
        "select r.*, t.id as team, t.team_no, t.status, t.permission_group, t.path, t.name"
        " from reviews r join teams t on t.id = r.team_id where r.id = $1",
        outcome.subject_id,
    )


async def test_group_waits_for_the_hub_of_its_community(
    database: Database, db: Any, district: District, viewer: Viewer
) -> None:
    outcome = await register(database, viewer, district.group())

    assert (outcome.errors, outcome.warnings) == ((), ())
    row = await stored(db, outcome)
    hub = district.forest.teams["community"]
    assert (row["kind"], row["state"]) == ("TEAM_REGISTRATION", "PENDING")
    assert (row["reviewer_team_id"], row["applicant_account_id"]) == (hub.id, viewer.account_id)
    assert (row["status"], row["permission_group"]) == ("PENDING", "PENDING")
    assert row["path"] == f"{hub.path}{row['team']}/"
    assert row["team_no"] == outcome.number
    roles = await db.fetch(
        "select account_id, role from team_admins where team_id = $1", row["team"]
    )
    assert [tuple(each) for each in roles] == [(viewer.account_id, "MANAGER")]


async def test_hub_waits_for_the_hub_above(
    database: Database, db: Any, district: District, viewer: Viewer
) -> None:
    row = await stored(db, await register(database, viewer, district.hub()))

    assert row["reviewer_team_id"] == district.forest.teams["town"].id


async def test_legal_person_waits_for_its_registration_authority(
    database: Database, db: Any, district: District, viewer: Viewer
) -> None:
    row = await stored(db, await register(database, viewer, district.legal()))

    assert row["reviewer_team_id"] is None
    assert row["reviewer_region_id"] == district.regions["district"].id
    assert row["path"] == f"{row['team']}/"


async def test_hub_that_is_a_legal_person_may_be_called_otherwise(
    database: Database, db: Any, district: District, viewer: Viewer
) -> None:
    hub = district.hub(
        name="重庆市巴渝助学基金会",
        kind=TeamKind.ORGANIZATION,
        registration_status=LEGAL,
        uscc="53500000MJP000002B",
        authority_code=district.regions["district"].code,
    )

    row = await stored(db, await register(database, viewer, hub))

    assert row["reviewer_region_id"] == district.regions["district"].id
    assert row["path"].startswith(district.forest.teams["town"].path)


async def test_branch_waits_for_its_organisation(
    database: Database, db: Any, district: District, viewer: Viewer
) -> None:
    await district.team(
        "legal",
        None,
        district.regions["district"],
        registration_status=LEGAL,
        kind=TeamKind.ORGANIZATION,
        uscc=unknown_code(),
        permission_group=PermissionGroup.MIDDLE,
    )
    branch = district.group(
        name="某协会两路分会",
        contact_team_id=None,
        branch_of_id=district.forest.teams["legal"].id,
        region_code=district.regions["other"].code,
    )

    outcome = await register(database, viewer, branch)

    row = await stored(db, outcome)
    assert row["reviewer_team_id"] == district.forest.teams["legal"].id
    assert [each.code.value for each in outcome.warnings] == ["NAME_UNUSUAL"]


async def test_group_without_a_contact_team_waits_for_the_department(
    database: Database, db: Any, district: District, viewer: Viewer
) -> None:
    group = district.group(contact_team_id=None, approving_unit=UNIT)

    row = await stored(db, await register(database, viewer, group))

    assert row["reviewer_region_id"] == district.regions["community"].id
    assert UNIT.name in row["change"]


async def test_what_is_unusual_is_warned_of_and_registered(
    database: Database, district: District, viewer: Viewer
) -> None:
    group = district.group(name="爱心社", contact_team_id=district.forest.teams["town"].id)

    outcome = await register(database, viewer, group)

    assert outcome.errors == ()
    assert [each.code.value for each in outcome.warnings] == [
        "NAME_UNUSUAL",
        "CONTACT_TEAM_UNUSUAL",
    ]


def person(**values: Any) -> TeamPerson:
    return TeamPerson(**{"name": "王建国", "mobile": "13800000011", **values})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": ""}, ("REQUIRED", "name")),
        ({"name": "队" * 51}, ("TOO_LONG", "name")),
        ({"name": "编织\u0007志愿服务队"}, ("INVALID", "name")),
        ({"kind": TeamKind.ORGANIZATION}, ("INVALID", "kind")),
        ({"uscc": "53500000MJP000002B"}, ("INVALID", "uscc")),
        ({"contact_team_id": None}, ("REQUIRED", "contactTeamId")),
        (
            {"contact_team_id": None, "approving_unit": replace(UNIT, phone="none")},
            ("INVALID", "approvingUnit.phone"),
        ),
        ({"principal": person(name="x")}, ("INVALID", "principal.name")),
        ({"principal": person(mobile="")}, ("INVALID", "principal.mobile")),
        ({"contact": person(mobile="23800000011")}, ("INVALID", "contact.mobile")),
        ({"contact": person(email="@")}, ("INVALID", "contact.email")),
        ({"postcode": "40000"}, ("INVALID", "postcode")),
        ({"lng": 200.0, "lat": 1.0}, ("INVALID", "lng")),
        ({"lng": 106.0}, ("INVALID", "lat")),
        ({"lng": float("nan"), "lat": 1.0}, ("INVALID", "lng")),
        ({"founded_on": NOW.date().replace(year=2027)}, ("INVALID", "foundedOn")),
        ({"planned_size": 0}, ("INVALID", "plannedSize")),
        ({"intro": "长" * 2_001}, ("TOO_LONG", "intro")),
        ({"intro": "x" * 10_000_000}, ("TOO_LONG", "intro")),
        ({"service_categories": ("NONE",)}, ("INVALID", "serviceCategories")),
        ({"region_code": "1"}, ("NOT_FOUND", "regionCode")),
        ({"contact_team_id": 1}, ("NOT_FOUND", "contactTeamId")),
        ({"view_team_ids": (1,)}, ("NOT_FOUND", "viewTeamIds")),
        ({"team_id": 1}, ("NOT_FOUND", "teamId")),
    ],
)
async def test_bad_input_is_refused_and_nothing_kept(
    database: Database,
    db: Any,
    district: District,
    viewer: Viewer,
    *,
    changes: dict[str, Any],
    expected: tuple[str, str],
) -> None:
    before = await db.fetchval("select count(*) from teams")

    outcome = await register(database, viewer, district.group(**changes))

    assert codes(outcome) == [expected]
    assert await db.fetchval("select count(*) from teams") == before


async def test_group_with_the_name_of_a_hub_is_refused(
    database: Database, district: District, viewer: Viewer
) -> None:
    short = district.regions["community"].short_name
    names = (f"{short}志愿服务队", f"{short}志願服務大隊", f"{short} 志愿服务大队")

    found = [codes(await register(database, viewer, district.group(name=each))) for each in names]

    assert found[0] == [("NAME_LIKE_HUB", "name")]
    for each in found[1:]:
        assert each == [("NAME_LIKE_HUB", "name"), ("NAME_TAKEN", "name")]


async def test_name_is_taken_however_it_is_written(
    database: Database, district: District, viewer: Viewer
) -> None:
    await register(database, viewer, district.group())

    for name in ("邢孃孃开心編織志願服務隊", "邢孃孃 开心编织志愿服务队"):
        again = await register(database, viewer, district.group(name=name))
        assert codes(again) == [("NAME_TAKEN", "name")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "别处社区志愿服务大队"}, ("NAME_NOT_OF_REGION", "name")),
        ({"hub_level": HubLevel.TOWN}, ("LEVEL_NOT_OF_REGION", "hubLevel")),
        ({"responsible_unit": None}, ("REQUIRED", "responsibleUnit")),
        ({"contact_team_id": None}, ("CONTACT_TEAM_UNFIT", "contactTeamId")),
    ],
)
async def test_hub_that_does_not_fit_its_region_is_refused(
    database: Database,
    district: District,
    viewer: Viewer,
    changes: dict[str, Any],
    expected: tuple[str, str],
) -> None:
    assert expected in codes(await register(database, viewer, district.hub(**changes)))


async def test_hub_hangs_under_the_nearest_hub_of_its_own_territory(
    database: Database, district: District, viewer: Viewer
) -> None:
    for contact in ("district", "other", "community"):
        contact_team_id = district.forest.teams[contact].id
        outcome = await register(database, viewer, district.hub(contact_team_id=contact_team_id))
        assert codes(outcome)[0] == ("CONTACT_TEAM_UNFIT", "contactTeamId")


async def test_second_hub_of_a_region_is_refused(
    database: Database, district: District, viewer: Viewer
) -> None:
    region = district.regions["village"]
    await register(database, viewer, district.hub())
    other = district.hub(
        name=f"{district.regions['town'].short_name}{region.short_name}志愿服务大队"
    )

    assert codes(await register(database, viewer, other)) == [("HUB_EXISTS", "regionCode")]


async def test_of_ten_hubs_of_a_region_at_once_one_is_registered(
    database: Database, db: Any, district: District, viewer: Viewer
) -> None:
    outcomes = await asyncio.gather(
        *(register(database, viewer, district.hub()) for _ in range(10))
    )

    assert sum(1 for each in outcomes if each.subject_id is not None) == 1
    told = {code for each in outcomes for code, _ in codes(each)}
    assert told == {"HUB_EXISTS", "NAME_TAKEN"}
    region_id = district.regions["village"].id
    assert await db.fetchval("select count(*) from teams where region_id = $1", region_id) == 1


async def test_group_hangs_in_its_own_territory_under_a_team_that_takes_teams(
    database: Database, db: Any, district: District, viewer: Viewer
) -> None:
    await district.team("basic", "community", district.regions["community"])
    for contact in ("other", "basic"):
        contact_team_id = district.forest.teams[contact].id
        outcome = await register(database, viewer, district.group(contact_team_id=contact_team_id))
        assert codes(outcome) == [("CONTACT_TEAM_UNFIT", "contactTeamId")]
    hub = district.forest.teams["community"]
    await db.execute("update teams set status = 'DISABLED' where id = $1", hub.id)

    assert codes(await register(database, viewer, district.group())) == [
        ("NOT_FOUND", "contactTeamId")
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"uscc": None}, ("REQUIRED", "uscc")),
        ({"uscc": "53500000MJP000002C"}, ("USCC_INVALID", "uscc")),
        ({"uscc": unknown_code()}, ("NOT_IN_REGISTER", "uscc")),
        ({"uscc": "51500112MJP000048R"}, ("NOT_IN_GOOD_STANDING", "uscc")),
        ({"uscc": "51500112MJP000056L"}, ("NOT_IN_GOOD_STANDING", "uscc")),
        ({"uscc": "51500112MJP000064F"}, ("REGISTER_UNAVAILABLE", None)),
        ({"name": "巴渝助学基金会"}, ("NAME_NOT_REGISTERED", "name")),
        ({"authority_code": None}, ("REQUIRED", "registrationAuthorityCode")),
        ({"authority_code": "1"}, ("NOT_FOUND", "registrationAuthorityCode")),
        ({"kind": TeamKind.GROUP}, ("INVALID", "kind")),
        ({"contact_team_id": 7}, ("INVALID", "contactTeamId")),
        ({"branch_of_id": 7}, ("INVALID", "branchOfId")),
    ],
)
async def test_legal_person_that_is_not_as_registered_is_refused(
    database: Database,
    district: District,
    viewer: Viewer,
    changes: dict[str, Any],
    expected: tuple[str, str | None],
) -> None:
    assert codes(await register(database, viewer, district.legal(**changes))) == [expected]


async def test_code_is_registered_once_in_the_whole_station(
    database: Database, district: District, viewer: Viewer
) -> None:
    other = district.legal(region_code=district.regions["other"].code)

    outcomes = await asyncio.gather(
        register(database, viewer, district.legal()), register(database, viewer, other)
    )

    assert sorted(codes(each) for each in outcomes) == [[], [("USCC_TAKEN", "uscc")]]


async def test_branch_of_what_is_no_legal_person_is_refused(
    database: Database, district: District, viewer: Viewer
) -> None:
    branch = district.group(
        contact_team_id=None, branch_of_id=district.forest.teams["community"].id
    )

    assert codes(await register(database, viewer, branch)) == [("CONTACT_TEAM_UNFIT", "branchOfId")]


async def test_refused_team_is_handed_in_again_by_its_manager_alone(
    database: Database, db: Any, district: District, viewer: Viewer
) -> None:
    first = await stored(db, await register(database, viewer, district.group()))
    team_id = first["team"]
    again = district.group(team_id=team_id, name="另一志愿服务队")

    waiting = await register(database, viewer, again)
    assert codes(waiting) == [("WRONG_STATE", "teamId")]

    await db.execute(
        "update reviews set state = 'REJECTED', decided_at = now() where id = $1", first["id"]
    )
    await db.execute("update teams set status = 'REJECTED' where id = $1", team_id)
    stranger = await register(database, await district.person(), again)
    outcome = await register(database, viewer, again)

    assert codes(stranger) == [("NOT_FOUND", "teamId")]
    row = await stored(db, outcome)
    assert (row["team"], row["name"]) == (team_id, "另一志愿服务队")
    assert row["status"] == TeamStatus.PENDING.value
    assert row["team_no"] == first["team_no"]


async def test_repeat_under_a_key_registers_once(
    database: Database, district: District, viewer: Viewer
) -> None:
    first = await register(database, viewer, district.group(name="爱心社"), key="k")
    repeat = await register(database, viewer, district.group(name="爱心社"), key="k")

    assert (repeat.subject_id, repeat.number) == (first.subject_id, first.number)
    assert repeat.warnings == first.warnings != ()


async def test_nobody_registers_unsigned(database: Database, district: District) -> None:
    with pytest.raises(Unauthenticated):
        await register(database, PUBLIC, district.group())


async def test_team_on_file_waits_for_the_office_that_keeps_the_file(
    database: Database, db: Any, district: District, viewer: Viewer
) -> None:
    filed = district.group(
        registration_status=RegistrationStatus.FILED,
        authority_code=district.regions["town"].code,
    )

    row = await stored(db, await register(database, viewer, filed))

    assert (row["reviewer_team_id"], row["reviewer_region_id"]) == (
        None,
        district.regions["town"].id,
    )
    assert row["path"].startswith(district.forest.teams["community"].path)
    officer = await district.forest.officer(district.regions["town"])
    decided = Decided(ids=[row["id"]], approves=True)
    await decide_reviews(database, officer, decided, None, policy=Policy(), now=NOW)
    team = await db.fetchrow("select * from teams where id = $1", row["team"])
    assert (team["status"], team["permission_group"]) == ("ENABLED", "JUNIOR_PROJECT")


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        (None, ("REQUIRED", "registrationAuthorityCode")),
        ("other", ("INVALID", "registrationAuthorityCode")),
        ("village", ("INVALID", "registrationAuthorityCode")),
    ],
)
async def test_file_is_kept_by_an_office_over_the_team(
    database: Database,
    district: District,
    viewer: Viewer,
    region: str | None,
    expected: tuple[str, str],
) -> None:
    code = None if region is None else district.regions[region].code
    filed = district.group(registration_status=RegistrationStatus.FILED, authority_code=code)

    assert codes(await register(database, viewer, filed)) == [expected]
