"""A small world of self-service: people with phones, and what their phones were sent."""

import re
from collections import Counter as Tally
from dataclasses import dataclass, field
from typing import Any

from db.enums import IdentityType, RecoveryPurpose
from db.identities import blind_index
from db.keys import Purpose
from db.models import Team, Volunteer, VolunteerIdentity
from db.session import Database
from permissions.standing import fetch_standing
from permissions.viewer import Viewer
from resolvers.self_service import Challenge, Claim, Recovered, request_code, reset_password
from resolvers.self_service_desk import SelfServiceDesk
from tests.api.client import KEYS
from tests.db.forest import Forest
from tests.small_world import NOW, Planter

PASSWORD = "New-horse-battery-9"
OLD_PASSWORD = "Old-horse-battery-9"
BLIND = KEYS.current(Purpose.BLIND_INDEX)


@dataclass(slots=True)
class Phones:
    """Keeps what phones are sent; what goes to nobody is kept too."""

    sent: list[tuple[str | None, str]] = field(default_factory=list)

    def put(self, mobile: str | None, text: str, /) -> None:
        self.sent.append((mobile, text))

    def code(self, mobile: str) -> str:
        """The code of the last message to a phone."""
        text = next(text for to, text in reversed(self.sent) if to == mobile)
        found = re.search(r"\d{6}", text)
        assert found is not None
        return found[0]


@dataclass(slots=True)
class Open:
    """Lets everybody through, and counts."""

    taken: Tally[tuple[str, str]] = field(default_factory=Tally)

    async def take(self, what: str, who: str, /) -> None:
        self.taken[what, who] += 1


@dataclass(slots=True)
class Counter:
    """Where people come who lost their way in."""

    planter: Planter
    forest: Forest
    phones: Phones = field(default_factory=Phones)
    throttle: Open = field(default_factory=Open)
    made: int = 0

    @classmethod
    async def open(cls, planter: Planter) -> "Counter":
        return cls(planter, Forest(planter, await planter.region()))

    @property
    def database(self) -> Database:
        return self.planter.database

    @property
    def desk(self) -> SelfServiceDesk:
        return SelfServiceDesk(messages=self.phones, throttle=self.throttle, blind_index_key=BLIND)

    async def person(self, mobile: str | None = "13800000001") -> tuple[Volunteer, Claim]:
        """A volunteer with an account, and what they would tell."""
        volunteer = await self.planter.volunteer(self.forest.region, mobile=mobile)
        number = f"id-{volunteer.id}"
        await self.planter.add(
            VolunteerIdentity(
                volunteer_id=volunteer.id,
                id_type=IdentityType.RESIDENT_ID,
                sealed_number=b"",
                key_id="k1",
                blind_index=blind_index(IdentityType.RESIDENT_ID, number, key=BLIND),
            )
        )
        return volunteer, Claim(name=volunteer.name, id_number=number)

    async def viewer(self, volunteer: Volunteer) -> Viewer:
        assert volunteer.account_id is not None
        async with self.database.read() as snapshot:
            return (await fetch_standing(snapshot, volunteer.account_id)).acting_as("volunteer")

    async def asked(
        self, claim: Claim, purpose: RecoveryPurpose = RecoveryPurpose.PASSWORD
    ) -> Challenge:
        return await request_code(
            self.database, self.desk, purpose, claim, asker="somebody", now=NOW
        )

    async def reset(self, token: str | None, code: str, password: str = PASSWORD) -> Recovered:
        return await reset_password(
            self.database, self.desk, token or "", code, password, asker="somebody"
        )

    async def account_of(self, db: Any, volunteer: Volunteer) -> Any:
        return await db.fetchrow("select * from accounts where id = $1", volunteer.account_id)


def team_claim(team: Team, **values: Any) -> Claim:
    return Claim(name=team.name, team_number=team.team_no, **values)


def codes(outcome: Any) -> list[str]:
    return [error.code.value for error in outcome.errors]
