"""Partner systems: made, given keys, stopped; and recognised by a key when they call."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from db.consistency import ConsistencyToken
from db.enums import PartnerStatus
from db.events import DomainEvent, Json, SubjectType
from db.queries import partners as queries
from db.queries.partners import KEY, PARTNER_NAMED, PartnerRow
from db.session import Snapshot
from db.write import Writable, Write
from permissions.errors import (
    Forbidden,
    PartnerKeyExpired,
    PartnerKeyInvalid,
    PartnerSuspended,
    UserError,
    UserErrorCode,
)
from permissions.viewer import ActingPartner, Role, Viewer
from resolvers.outcomes import Outcome, refused, require_key, succeeded
from resolvers.texts import name_errors

KEY_PREFIX = "vgk_"
KEY_BYTES = 32
HINT_LENGTH = 4
LONGEST_KEY = timedelta(days=3 * 366)
NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")
MOST_CONTACT = 200
MOST_PACE = 10**9

NO_SUCH_PARTNER = UserError(UserErrorCode.NOT_FOUND, "partnerId", "No such partner.")
NO_SUCH_KEY = UserError(UserErrorCode.NOT_FOUND, "keyId", "No such key.")
NO_SUCH_REGION = UserError(UserErrorCode.NOT_FOUND, "regionCode", "No such region.")
NAME_TAKEN = UserError(UserErrorCode.NAME_TAKEN, "name", "Another client has this name.")
NAME_INVALID = UserError(
    UserErrorCode.INVALID, "name", "A name is 2 to 63 lower-case letters, digits and hyphens."
)
CONTACT_INVALID = UserError(
    UserErrorCode.INVALID, "contact", f"A contact has 1 to {MOST_CONTACT} characters."
)
EXPIRY_INVALID = UserError(
    UserErrorCode.INVALID, "expiresAt", "A key ends in the future, within three years."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much a partner may ask for."""

    requests_per_minute: int
    requests_per_day: int
    cost_per_minute: int
    cost_per_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A partner that calls, and what it may."""

    viewer: Viewer
    partner_id: int
    pace: Pace

    @property
    def cost_per_minute(self) -> int:
        """What one request may cost at most."""
        return self.pace.cost_per_minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who changes partners: an operator everywhere, a department in its own region."""

    account_id: int | None
    capacity: str
    region_path: str | None

    @classmethod
    def of(cls, viewer: Viewer) -> "Author":
        """The author that a viewer is.

        Raises:
            Forbidden: it is no department.
        """
        if viewer.department is None:
            raise Forbidden
        return cls(
            account_id=viewer.account_id,
            capacity=viewer.capacity,
            region_path=viewer.department.region_path,
        )

    def covers(self, region_path: str) -> bool:
        """Whether a region is one that it decides for."""
        return self.region_path is None or region_path.startswith(self.region_path)

    @property
    def because(self) -> str:
        """What allows it."""
        return "operator's command" if self.region_path is None else "department of the region"


OPERATOR = Author(account_id=None, capacity="operator", region_path=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPartner:
    """A partner to be made."""

    name: str
    region_code: str
    contact: str
    pace: Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOutcome:
    """A key that was made; ``secret`` is told once and never again."""

    outcome: Outcome
    secret: str | None = None

    @property
    def consistency_token(self) -> ConsistencyToken | None:
        """Where in the log the write stands."""
        return self.outcome.consistency_token


async def recognise_partner(snapshot: Snapshot, key: str, now: datetime) -> Contract:
    """The partner that holds a key, as of this moment: one that is stopped is stopped at once.

    Raises:
        PartnerKeyInvalid: nobody holds it, or it was revoked.
        PartnerKeyExpired: it has ended.
        PartnerSuspended: the partner was stopped.
    """
    row = await snapshot.fetch_one(KEY, key_hash=_hash(key))
    if row is None or row.revoked_at is not None:
        raise PartnerKeyInvalid
    if row.expires_at is not None and row.expires_at <= now:
        raise PartnerKeyExpired
    if row.status != PartnerStatus.ACTIVE:
        raise PartnerSuspended
    return contract_of(row)


async def partner_named(snapshot: Snapshot, name: str) -> Contract | None:
    """The contract of a partner, whatever its state."""
    row = await snapshot.fetch_one(PARTNER_NAMED, name=name)
    return None if row is None else contract_of(row)


def contract_of(row: PartnerRow) -> Contract:
    """The contract in a row."""
    partner = ActingPartner(id=row.id, name=row.name, region_path=row.region_path)
    return Contract(
        viewer=Viewer(role=Role.PARTNER, partner=partner),
        partner_id=row.id,
        pace=Pace(
            requests_per_minute=row.requests_per_minute,
            requests_per_day=row.requests_per_day,
            cost_per_minute=row.cost_per_minute,
            cost_per_day=row.cost_per_day,
        ),
    )


async def create_partner(
    database: Writable, author: Author, new: NewPartner, idempotency_key: str | None = None
) -> Outcome:
    """A new partner without a key; a region that the author does not decide for is as unknown."""
    require_key(idempotency_key)
    async with database.write(
        account_id=author.account_id,
        capacity=author.capacity,
        action="createPartner",
        idempotency_key=idempotency_key,
        input={
            "name": new.name,
            "region": new.region_code,
            "contact": new.contact,
            "pace": _pace(new.pace),
        },
    ) as write:
        if not write.is_repeat:
            write.outcome = await _create(write, author, new)
    return Outcome.of(write)


async def _create(write: Write, author: Author, new: NewPartner) -> Mapping[str, Json]:
    errors = [*_wrong_names(new), *_wrong_pace(new.pace)]
    region = await queries.fetch_region(write, new.region_code)
    # SECURITY: a department makes partners for its own region and those below it only.
    if region is None or not author.covers(region[1]):
        errors.append(NO_SUCH_REGION)
    if errors or region is None:
        return refused(*errors)
    pace = _pace(new.pace)
    partner_id = await queries.insert_partner(
        write, name=new.name, region_id=region[0], contact=new.contact, **pace
    )
    if partner_id is None:
        return refused(NAME_TAKEN)
    write.record(_event("partner.created", partner_id, author, {"name": new.name, **pace}))
    return succeeded(partner_id)


def _wrong_names(new: NewPartner) -> list[UserError]:
    errors = [] if NAME.fullmatch(new.name) else [NAME_INVALID]
    if not 0 < len(new.contact.strip()) <= MOST_CONTACT:
        return [*errors, CONTACT_INVALID]
    return [*errors, *name_errors("contact", new.contact, longest=MOST_CONTACT)]


def _wrong_pace(pace: Pace) -> list[UserError]:
    return [
        UserError(UserErrorCode.INVALID, _field(name), f"It must be from 1 to {MOST_PACE}.")
        for name, value in _pace(pace).items()
        if not 0 < value <= MOST_PACE
    ]


def _field(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(each.capitalize() for each in others)


async def issue_key(
    database: Writable,
    author: Author,
    partner_id: int,
    *,
    now: datetime,
    expires_at: datetime | None = None,
) -> KeyOutcome:
    """A new key of a partner, beside those it has."""
    secret = KEY_PREFIX + secrets.token_urlsafe(KEY_BYTES)
    async with database.write(
        account_id=author.account_id, capacity=author.capacity, action="issuePartnerKey"
    ) as write:
        if expires_at is not None and not now < expires_at <= now + LONGEST_KEY:
            return KeyOutcome(outcome=Outcome(errors=(EXPIRY_INVALID,)))
        if not await _lock(write, author, partner_id):
            return KeyOutcome(outcome=Outcome(errors=(NO_SUCH_PARTNER,)))
        hint = secret[-HINT_LENGTH:]
        key_id = await queries.insert_key(
            write, partner_id, key_hash=_hash(secret), hint=hint, expires_at=expires_at
        )
        detail: dict[str, Json] = {"keyId": key_id, "hint": hint}
        write.record(_event("partner.key_issued", partner_id, author, detail))
    outcome = Outcome(subject_id=key_id, consistency_token=write.token)
    return KeyOutcome(outcome=outcome, secret=secret)


async def revoke_key(database: Writable, author: Author, key_id: int) -> Outcome:
    """Ends a key at once."""
    async with database.write(
        account_id=author.account_id, capacity=author.capacity, action="revokePartnerKey"
    ) as write:
        partner_id = await queries.fetch_partner_of_key(write, key_id)
        if partner_id is None or not await _lock(write, author, partner_id):
            return Outcome(errors=(NO_SUCH_KEY,))
        if await queries.revoke_key(write, key_id, partner_id):
            write.record(_event("partner.key_revoked", partner_id, author, {"keyId": key_id}))
    return Outcome(subject_id=partner_id, consistency_token=write.token)


async def set_status(
    database: Writable, author: Author, partner_id: int, status: PartnerStatus
) -> Outcome:
    """Stops a partner, or lets it call again; the next request of any process goes by it."""
    async with database.write(
        account_id=author.account_id, capacity=author.capacity, action="setPartnerStatus"
    ) as write:
        if not await _lock(write, author, partner_id):
            return Outcome(errors=(NO_SUCH_PARTNER,))
        await queries.update_status(write, partner_id, status)
        name = "partner.suspended" if status is PartnerStatus.SUSPENDED else "partner.resumed"
        write.record(_event(name, partner_id, author, {}))
    return Outcome(subject_id=partner_id, consistency_token=write.token)


async def _lock(write: Write, author: Author, partner_id: int) -> bool:
    """Whether the partner exists for the author."""
    found = await queries.lock_partner(write, partner_id)
    # SECURITY: another region's partner answers as one that does not exist.
    return found is not None and author.covers(found[2])


def _hash(key: str) -> bytes:
    """A key as it is stored: it is 32 random bytes, which no dictionary holds."""
    return sha256(key.encode("utf-8", "surrogatepass")).digest()


def _pace(pace: Pace) -> dict[str, int]:
    return {
        "requests_per_minute": pace.requests_per_minute,
        "requests_per_day": pace.requests_per_day,
        "cost_per_minute": pace.cost_per_minute,
        "cost_per_day": pace.cost_per_day,
    }


def _event(name: str, partner_id: int, author: Author, detail: Mapping[str, Json]) -> DomainEvent:
    return DomainEvent(
        name=name,
        subject_type=SubjectType.PARTNER,
        subject_id=partner_id,
        because=author.because,
        payload=None,
        detail=detail,
    )
