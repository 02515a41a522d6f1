"""Legal persons that the clock compares with their register: renamed, stopped, passed by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from db.enums import EntityStatus, RegistrationStatus, TeamKind
from db.numbers import uscc
from db.session import Database
from permissions.edges import Policy
from resolvers.legal_person_rounds import AGAIN, Round, check_round
from resolvers.ports import LegalEntity, NoEntity
from resolvers.team_dissolution import Dissolution, dissolve_team
from tests.small_world import NOW
from tests.workflows.district import District


@dataclass(slots=True)
class Register:
    """A register of legal persons that keeps who it was asked for."""

    answers: Mapping[str, LegalEntity | NoEntity]
    asked: list[str] = field(default_factory=list)

    async def find(self, code: str, /) -> LegalEntity | NoEntity:
        self.asked.append(code)
        return self.answers.get(code, NoEntity.NOT_FOUND)


class Societies:
    """Legal persons of one district, by short names."""

    def __init__(self, district: District, db: Any) -> None:
        self.district = district
        self.db = db
        self.codes: dict[str, str] = {}

    async def plant(self, *names: str, **values: Any) -> None:
        region = self.district.regions["district"]
        for name in names:
            code = uscc.make("51", "500112", f"MJ{self.district.serial % 10**6:06d}")
            await self.district.team(
                name,
                None,
                region,
                name=f"{name}{self.district.serial}协会",
                kind=TeamKind.ORGANIZATION,
                registration_status=RegistrationStatus.LEGAL_PERSON,
                registration_authority_id=region.id,
                uscc=code,
                **values,
            )
            self.codes[name] = code

    def register(self, **answers: LegalEntity | NoEntity) -> Register:
        return Register({self.codes[name]: answer for name, answer in answers.items()})

    def entity(
        self, known_as: str, status: EntityStatus = EntityStatus.NORMAL, *, name: str | None = None
    ) -> LegalEntity:
        return LegalEntity(name or self.district.forest.teams[known_as].name, status)

    async def row(self, name: str) -> Any:
        return await self.db.fetchrow(
            "select * from teams where id = $1", self.district.forest.teams[name].id
        )


@pytest.fixture
async def societies(shared: District, db: Any) -> Societies:
    # Each test's own are the only ones that are due.
    await db.execute("update teams set entity_checked_at = $1 where uscc is not null", NOW)
    return Societies(shared, db)


async def test_one_that_left_its_register_is_stopped_flagged_and_told_to_the_department(
    database: Database, db: Any, societies: Societies
) -> None:
    await societies.plant("gone", "revoked", "fine")
    officer = await societies.district.forest.officer(societies.district.regions["district"])
    register = societies.register(
        gone=societies.entity("gone", EntityStatus.DEREGISTERED),
        revoked=societies.entity("revoked", EntityStatus.REVOKED),
        fine=societies.entity("fine"),
    )

    done = await check_round(database.engine, register, now=NOW)

    assert done == Round(checked=3, stopped=2)
    found = {name: await societies.row(name) for name in societies.codes}
    assert {name: (row["status"], row["entity_status"]) for name, row in found.items()} == {
        "gone": ("DISABLED", "DEREGISTERED"),
        "revoked": ("DISABLED", "REVOKED"),
        "fine": ("ENABLED", "NORMAL"),
    }
    assert {row["entity_checked_at"] for row in found.values()} == {NOW}
    assert found["gone"]["status_reason"] == "法人已注销登记"
    told = await db.fetch(
        "select event, (payload ->> 'teamId')::bigint as team from notifications"
        " where account_id = $1 order by id",
        officer.account_id,
    )
    teams = societies.district.forest.teams
    assert [tuple(each) for each in told] == [
        ("team.legal_person_ended", teams[name].id) for name in ("gone", "revoked")
    ]
    # The department ends it, and its successor certifies what it recorded.
    ended = await dissolve_team(
        database,
        officer,
        Dissolution(team_id=teams["gone"].id, reason="法人已注销", successor_id=teams["fine"].id),
        None,
        policy=Policy(),
        now=NOW,
    )
    assert ended.errors == ()
    assert (await societies.row("gone"))["successor_id"] == teams["fine"].id


async def test_name_follows_the_register_unless_another_is_called_so(
    database: Database, societies: Societies
) -> None:
    await societies.plant("one", "two")
    first = societies.district.forest.teams["one"].name
    register = societies.register(
        one=societies.entity("one", name=f"新{first}"),
        two=societies.entity("two", name=f"新{first}"),
    )

    done = await check_round(database.engine, register, now=NOW)

    assert done == Round(checked=2)
    assert (await societies.row("one"))["name"] == f"新{first}"
    two = await societies.row("two")
    assert two["name"] == societies.district.forest.teams["two"].name
    assert (two["status"], two["entity_checked_at"]) == ("ENABLED", NOW)


async def test_one_the_register_does_not_know_is_noted_and_works_on(
    database: Database, db: Any, societies: Societies
) -> None:
    await societies.plant("unknown")

    done = await check_round(database.engine, Register({}), now=NOW)

    assert done == Round(checked=1)
    row = await societies.row("unknown")
    assert (row["status"], row["entity_status"]) == ("ENABLED", None)
    noted = await db.fetchval(
        "select detail ->> 'entityStatus' from audit_log where subject_id = $1"
        " and action = 'team.register_checked' and capacity = 'clock'",
        row["id"],
    )
    assert noted == "NOT_FOUND"


async def test_few_are_asked_at_a_time_and_each_once_a_month(
    database: Database, societies: Societies
) -> None:
    names = ["a", "b", "c", "d", "e"]
    await societies.plant(*names)
    register = societies.register(**{name: societies.entity(name) for name in names})
    sizes, after = [], 0
    for _ in range(3):
        before = len(register.asked)
        done = await check_round(database.engine, register, now=NOW, after=after, few=2)
        after = done.after
        sizes.append(len(register.asked) - before)

    assert sizes == [2, 2, 1]
    assert sorted(register.asked) == sorted(societies.codes.values())
    assert after == 0
    assert await check_round(database.engine, register, now=NOW) == Round()
    later = await check_round(database.engine, register, now=NOW + AGAIN + timedelta(seconds=1))
    assert later.checked >= len(names)


async def test_register_that_is_away_ends_the_round_and_holds_nobody_up(
    database: Database, societies: Societies
) -> None:
    await societies.plant("first", "silent", "last")
    register = societies.register(
        first=societies.entity("first"),
        silent=NoEntity.UNAVAILABLE,
        last=societies.entity("last", EntityStatus.DEREGISTERED),
    )
    teams = societies.district.forest.teams

    done = await check_round(database.engine, register, now=NOW)

    assert done == Round(checked=1, after=teams["silent"].id, is_away=True)
    assert register.asked == [societies.codes["first"], societies.codes["silent"]]
    following = await check_round(database.engine, register, now=NOW, after=done.after)
    assert following == Round(checked=1, stopped=1)
    silent = await societies.row("silent")
    assert (silent["status"], silent["entity_checked_at"]) == ("ENABLED", None)


async def test_one_that_was_checked_meanwhile_is_left(
    database: Database, db: Any, societies: Societies
) -> None:
    await societies.plant("quick")
    team = societies.district.forest.teams["quick"]

    class Slow(Register):
        async def find(self, code: str, /) -> LegalEntity | NoEntity:
            await db.execute("update teams set entity_checked_at = $2 where id = $1", team.id, NOW)
            return await super().find(code)

    gone = societies.entity("quick", EntityStatus.DEREGISTERED)
    done = await check_round(database.engine, Slow({societies.codes["quick"]: gone}), now=NOW)

    assert done == Round()
    assert (await societies.row("quick"))["status"] == "ENABLED"


async def test_one_that_ended_or_waits_is_not_asked_for(
    database: Database, db: Any, societies: Societies
) -> None:
    await societies.plant("ended", "waiting")
    for name, status in (("ended", "DISSOLVED"), ("waiting", "PENDING")):
        team = societies.district.forest.teams[name]
        await db.execute("update teams set status = $2 where id = $1", team.id, status)
    register = Register({})

    assert await check_round(database.engine, register, now=NOW) == Round()
    assert register.asked == []
