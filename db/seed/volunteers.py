"""Volunteers with valid synthetic ID numbers, their accounts, memberships and consents."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from db.enums import (
    ConsentKind,
    IdentityType,
    MembershipStatus,
    RealNameStatus,
    Sex,
    VolunteerStatus,
)
from db.identities import NONCE_BYTES, indexer, seal
from db.keys import Key
from db.names import grams, sort_key
from db.numbers import resident_id
from db.numbers.business import SERIAL_MASK, volunteer_no
from db.progress import Progress
from db.seed.bulk import copy_rows, reserve_ids
from db.seed.life import Crowd, Life
from db.seed.people import People
from db.seed.volunteer_rows import (
    AccountRow,
    ConsentRow,
    IdentityRow,
    MembershipRow,
    VolunteerRow,
)

ADULT, YOUNGEST, OLDEST = 18, 14, 78
DAYS_A_YEAR = 365.25
APPLYING_SHARE = 0.02
UNCHECKED_SHARE = 0.08
SKILLS = (
    "急救",
    "心理疏导",
    "手语",
    "外语",
    "摄影",
    "法律咨询",
    "计算机",
    "理发",
    "家电维修",
    "教学",
)
# GB/T 3304, 4762, 4658 and 2261.4; the first ones are the most frequent.
ETHNICITIES = ("01",) * 18 + ("15", "03", "06")
POLITICAL_STATUSES = ("13",) * 6 + ("03",) * 3 + ("01",) * 3 + ("02",)
EDUCATIONS = ("20", "30", "60", "70", "10")
EMPLOYMENTS = ("17", "13", "31", "80", "24", "27", "51", "54")


@dataclass(frozen=True, slots=True)
class IdentityKeys:
    """What ID numbers are sealed with and found by."""

    identity: Key
    blind_index: Key


async def register_volunteers(
    connection: Any,
    life: Life,
    crowd: Crowd,
    keys: IdentityKeys,
    *,
    seed: int,
    today: date,
    progress: Progress,
) -> None:
    """Copies accounts, volunteers, identities, memberships and guardians' consents.

    Each table is a pass over the same persons: they are made anew from the seed, not held.
    """
    count = len(crowd)
    crowd.account_ids = await reserve_ids(connection, "accounts", count)
    crowd.ids = await reserve_ids(connection, "volunteers", count)
    registry = _Registry(life, crowd, keys, seed, today)
    members = sum(len(teams) for teams in crowd.teams)
    membership_ids = await reserve_ids(connection, "memberships", members)
    for table, row_type, rows, total in (
        ("accounts", AccountRow, registry.accounts(), count),
        ("volunteers", VolunteerRow, registry.volunteers(), count),
        ("volunteer_identities", IdentityRow, registry.identities(), count),
        ("memberships", MembershipRow, registry.memberships(membership_ids), members),
        ("consents", ConsentRow, registry.consents(), None),
    ):
        await copy_rows(connection, table, row_type, rows, progress=progress, total=total)


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    sex: Sex
    born_on: date


@dataclass(frozen=True, slots=True)
class _Registry:
    """The persons of a crowd, again and again the same."""

    life: Life
    crowd: Crowd
    keys: IdentityKeys
    seed: int
    today: date

    def persons(self) -> Iterator[_Person]:
        """Who they are, in order; at least fourteen on the day they registered."""
        people = People(Random(f"{self.seed}:persons"))  # noqa: S311 - nothing secret
        for registered in self.crowd.registered:
            sex = people.sex()
            age = YOUNGEST + people.random.random() * (OLDEST - YOUNGEST)
            born_on = date.fromordinal(registered - int(age * DAYS_A_YEAR) - 3)
            yield _Person(people.name(sex), sex, born_on)

    def accounts(self) -> Iterator[AccountRow]:
        """An account each, without a password."""
        for n, person in enumerate(self.persons()):
            account_id = self.crowd.account_ids[n]
            yield AccountRow(
                id=account_id,
                province=self._home(n).province,
                username=f"v{account_id & SERIAL_MASK:08d}",
                display_name=person.name,
            )

    def volunteers(self) -> Iterator[VolunteerRow]:
        """The volunteers."""
        people = People(Random(f"{self.seed}:volunteers"))  # noqa: S311 - nothing secret
        choose = people.random.choice
        for n, person in enumerate(self.persons()):
            home, registered_at = self._home(n), self._registered_at(n)
            checked = people.random.random() > UNCHECKED_SHARE
            yield VolunteerRow(
                id=self.crowd.ids[n],
                province=home.province,
                volunteer_no=volunteer_no(home.code, self.crowd.ids[n]),
                account_id=self.crowd.account_ids[n],
                name=person.name,
                sort_key=sort_key(person.name, person=True),
                name_grams=grams(person.name),
                sex=person.sex,
                born_on=person.born_on,
                region_id=home.region_id,
                region_path=home.region_path,
                ethnicity=choose(ETHNICITIES),
                political_status=choose(POLITICAL_STATUSES),
                education=choose(EDUCATIONS),
                employment=choose(EMPLOYMENTS),
                mobile=people.mobile(),
                skills=sorted({choose(SKILLS), choose(SKILLS)}),
                service_categories=sorted({"01", f"{people.random.randint(2, 22):02d}"}),
                status=VolunteerStatus.ENABLED if n % 200 != 199 else VolunteerStatus.WITHDRAWN,  # noqa: PLR2004
                real_name_status=(RealNameStatus.VERIFIED if checked else RealNameStatus.UNCHECKED),
                real_name_checked_at=registered_at + timedelta(hours=1) if checked else None,
                registered_at=registered_at,
            )

    def identities(self) -> Iterator[IdentityRow]:
        """Their ID numbers, no two alike, sealed."""
        index = indexer(IdentityType.RESIDENT_ID, key=self.keys.blind_index)
        secret = self.keys.identity.secret
        orders: dict[tuple[str, date, bool], int] = {}
        for n, person in enumerate(self.persons()):
            volunteer_id = self.crowd.ids[n]
            area = self._home(n).code[:6]
            male = person.sex is Sex.MALE
            place = (area if area.isdigit() else area[:2] + "0000", person.born_on, male)
            order = orders[place] = orders.get(place, 0) + 1
            number = resident_id.make(place[0], person.born_on, order * 2 - (1 if male else 0))
            # Made from the number itself, a nonce repeats for the same number only.
            nonce = hmac.digest(secret, f"{volunteer_id}:{number}".encode(), hashlib.sha256)
            yield IdentityRow(
                volunteer_id=volunteer_id,
                id_type=IdentityType.RESIDENT_ID,
                sealed_number=seal(
                    number,
                    volunteer_id=volunteer_id,
                    key=self.keys.identity,
                    nonce=nonce[:NONCE_BYTES],
                ),
                key_id=self.keys.identity.id,
                blind_index=index(number),
            )

    def memberships(self, ids: range) -> Iterator[MembershipRow]:
        """Their places in teams; a few newcomers still wait for an answer."""
        random = Random(f"{self.seed}:memberships")  # noqa: S311 - nothing secret
        numbers = iter(ids)
        for n, teams in enumerate(self.crowd.teams):
            for place, team in enumerate(teams):
                # The first one is always joined: it is where the records come from.
                joined = place == 0 or random.random() > APPLYING_SHARE
                since = self._registered_at(n) + timedelta(days=1, hours=int(random.random() * 400))
                if not joined:
                    days = int(random.random() * 20)
                    since = datetime.combine(self.today - timedelta(days=days + 1), time(3), UTC)
                yield MembershipRow(
                    id=next(numbers),
                    province=self.life.actors[team].province,
                    team_id=self.life.actors[team].id,
                    volunteer_id=self.crowd.ids[n],
                    status=MembershipStatus.JOINED if joined else MembershipStatus.APPLYING,
                    applied_at=since,
                    joined_at=since + timedelta(hours=20) if joined else None,
                )

    def consents(self) -> Iterator[ConsentRow]:
        """A guardian's for everyone who registered before the age of eighteen."""
        people = People(Random(f"{self.seed}:guardians"))  # noqa: S311 - nothing secret
        for n, person in enumerate(self.persons()):
            age = (self.crowd.registered[n] - person.born_on.toordinal()) / DAYS_A_YEAR
            if age < ADULT:
                yield ConsentRow(
                    self._home(n).province,
                    self.crowd.ids[n],
                    ConsentKind.GUARDIAN,
                    "未成年人注册为志愿者并参加志愿服务",
                    person.name[0] + people.name()[1:],
                    self._registered_at(n),
                )

    def _home(self, n: int) -> Any:
        return self.life.home.hubs[self.crowd.place[n]]

    def _registered_at(self, n: int) -> datetime:
        day = date.fromordinal(self.crowd.registered[n])
        return datetime.combine(day, time(n % 12, n % 60), UTC)
