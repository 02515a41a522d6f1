"""Registration of a volunteer: real name, one person one volunteer, consents (DOMAIN §2, §7.4)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.clock import CHINA
from db.enums import ConsentKind, IdentityType, RealNameStatus, VolunteerStatus
from db.events import DomainEvent, Json, SubjectType
from db.identities import blind_index, seal
from db.lock_order import Rank
from db.models import Consent, Volunteer, VolunteerIdentity
from db.names import grams, sort_key
from db.numbers.business import volunteer_no
from db.passwords import hash_password
from db.queries import registering
from db.queries.registering import RegionFound
from db.write import Writable, Write
from permissions.errors import InvalidInput, UserError, UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, perform
from resolvers.outcomes import Outcome, succeeded
from resolvers.ports import RealName, RegistrationDesk
from resolvers.rules.persons import Identity, is_sensitive, read_identity
from resolvers.volunteer_form import (
    EXTRA_ITEMS,
    NewVolunteer,
    account_errors,
    form_errors,
    stored_username,
)

# What the row holds under the name that the form has.
PLAIN = (
    *("name", "nickname", "ethnicity", "political_status", "education", "employment"),
    *("mobile", "email", "address"),
)
ALREADY_REGISTERED = UserError(
    UserErrorCode.ALREADY_REGISTERED, "idNumber", "This ID number is registered."
)
REAL_NAME_REFUSALS: Mapping[RealName, UserError] = {
    RealName.MISMATCH: UserError(
        UserErrorCode.REAL_NAME_MISMATCH, "idNumber", "Name and ID number do not belong together."
    ),
    # Taken unchecked, anyone could occupy the number of another while the check is away.
    RealName.UNAVAILABLE: UserError(
        UserErrorCode.REGISTER_UNAVAILABLE, None, "The real-name check is away; try again later."
    ),
}


async def register_volunteer(
    database: Writable,
    viewer: Viewer,
    desk: RegistrationDesk,
    given: NewVolunteer,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The new volunteer and its number, or what is wrong with what was told.

    Signed in, the account becomes the volunteer's; else an account is made.

    Raises:
        InvalidInput: a key without an account to keep it for.
    """
    if viewer.account_id is None and idempotency_key is not None:
        raise InvalidInput("idempotencyKey", "A key is kept for an account; sign in to use one.")
    today = now.astimezone(CHINA).date()
    identity = read_identity(
        given.id_type, given.id_number, born_on=given.born_on, sex=given.sex, today=today
    )
    errors = [*form_errors(given, identity, today), *account_errors(viewer, given, identity)]
    if errors or isinstance(identity, UserError):
        return Outcome(errors=errors)
    status = await check_real_name(desk, given.name, identity)
    if isinstance(status, UserError):
        return Outcome(errors=(status,))
    hashed = (
        None if given.password is None else await asyncio.to_thread(hash_password, given.password)
    )
    index = blind_index(identity.id_type, identity.number, key=desk.blind_index_key)
    work = _Registration(viewer, desk, given, identity, index, hashed, status, now)
    request = Request(
        action="registerVolunteer", key=idempotency_key, input={"identity": index.hex()}
    )
    return await perform(database, viewer, request, work.register)


@dataclass(frozen=True, slots=True)
class _Registration:
    """A registration whose texts are right and whose person was checked."""

    viewer: Viewer
    desk: RegistrationDesk
    given: NewVolunteer
    identity: Identity
    index: bytes
    password_hash: str | None
    real_name: RealNameStatus
    now: datetime

    async def register(self, write: Write) -> Mapping[str, Json]:
        """The stored outcome."""
        given = self.given
        # The region's path is copied below: it must not move meanwhile.
        await write.lock_tree()
        region = await registering.fetch_region(write, given.region_code)
        known = await registering.fetch_categories(write) if given.service_categories else ()
        if region is None:
            raise Refused.because(UserErrorCode.NOT_FOUND, "regionCode", "No such region today.")
        if not set(given.service_categories) <= set(known):
            raise Refused.because(
                UserErrorCode.INVALID, "serviceCategories", "Not a category of service here."
            )
        holder = await registering.lock_identity(write, self.index)
        if holder is None:
            account_id = await self._account(write, region)
            volunteer = await self._store(write, account_id, region)
        else:
            volunteer, account_id = await self._return(write, holder, region)
        write.record(
            DomainEvent(
                name="volunteer.registered" if holder is None else "volunteer.returned",
                subject_type=SubjectType.VOLUNTEER,
                subject_id=volunteer.id,
                because="own registration",
                payload={"regionId": region.id},
                detail={
                    "accountId": account_id,
                    "idType": self.identity.id_type.value,
                    "realName": self.real_name.value,
                    "guardian": given.guardian is not None,
                },
                standing_of=(account_id,),
            )
        )
        return succeeded(volunteer.id, number=volunteer.volunteer_no)

    async def _account(self, write: Write, region: RegionFound) -> int:
        """The account of the volunteer: the viewer's own, or a new one."""
        if self.viewer.account_id is not None:
            if not await registering.lock_account_without_volunteer(write, self.viewer.account_id):
                raise Refused(ALREADY_REGISTERED)
            return self.viewer.account_id
        account_id = await registering.insert_account(
            write,
            province=region.province,
            username=stored_username(self.given),
            display_name=self.given.name,
            password_hash=self.password_hash or "",
        )
        if account_id is None:
            raise Refused.because(
                UserErrorCode.USERNAME_TAKEN, "username", "Another account has this username."
            )
        return account_id

    async def _return(
        self, write: Write, holder: int, region: RegionFound
    ) -> tuple[Volunteer, int]:
        """Who had withdrawn and is back, with number and records; and the account.

        SECURITY: a name and an ID number can be known to others; the records are given back to
        the account that they were left with, and to no other.
        """
        account_id = self.viewer.account_id
        write.locking(Rank.VOLUNTEER)
        volunteer = await write.session.get_one(Volunteer, holder, with_for_update=True)
        is_back = volunteer.status is VolunteerStatus.WITHDRAWN
        if account_id is None or volunteer.account_id != account_id or not is_back:
            raise Refused(ALREADY_REGISTERED)
        for name, value in self._values(region).items():
            setattr(volunteer, name, value)
        volunteer.updated_at = self.now
        write.session.add_all(self._consents(volunteer))
        await write.session.flush()
        return volunteer, account_id

    def _values(self, region: RegionFound) -> Mapping[str, Any]:
        """What was told of the person, as the volunteer's row keeps it."""
        given, identity = self.given, self.identity
        is_checked = self.real_name is RealNameStatus.VERIFIED
        return {
            **{name: getattr(given, name) for name in PLAIN},
            "province": region.province,
            "sort_key": sort_key(given.name, person=True),
            "name_grams": grams(given.name),
            "sex": identity.sex,
            "born_on": identity.born_on,
            "region_id": region.id,
            "region_path": region.path,
            "skills": [*given.skills],
            "service_categories": [*given.service_categories],
            "status": VolunteerStatus.ENABLED,
            "real_name_status": self.real_name,
            "real_name_checked_at": self.now if is_checked else None,
        }

    async def _store(self, write: Write, account_id: int, region: RegionFound) -> Volunteer:
        identity, key = self.identity, self.desk.identity_key
        number = await registering.next_id(write, "volunteers")
        volunteer = Volunteer(
            id=number,
            volunteer_no=volunteer_no(region.code, number),
            account_id=account_id,
            registered_at=self.now,
            **self._values(region),
        )
        write.session.add(volunteer)
        await write.session.flush()
        write.session.add(
            VolunteerIdentity(
                volunteer_id=number,
                id_type=identity.id_type,
                sealed_number=seal(identity.number, volunteer_id=number, key=key),
                key_id=key.id,
                blind_index=self.index,
            )
        )
        write.session.add_all(self._consents(volunteer))
        await write.session.flush()
        return volunteer

    def _consents(self, volunteer: Volunteer) -> Sequence[Consent]:
        """What was agreed to, by the person or the guardian."""
        given, guardian = self.given, self.given.guardian
        by = given.name if guardian is None else guardian.name
        common: dict[str, Any] = {"province": volunteer.province, "volunteer_id": volunteer.id}
        found = [
            Consent(**common, kind=ConsentKind.REGISTRATION, purpose="注册为志愿者", given_by=by)
        ]
        if guardian is not None:
            sensitive = is_sensitive(self.identity.born_on, today=self.now.astimezone(CHINA).date())
            scope = {"relation": guardian.relation, "mobile": guardian.mobile}
            found.append(
                Consent(
                    **common,
                    kind=ConsentKind.GUARDIAN,
                    purpose="未成年人参加志愿服务",
                    given_by=guardian.name,
                    scope={**scope, "sensitive": sensitive},
                )
            )
        if extra := [name for name in EXTRA_ITEMS if getattr(given, name) is not None]:
            found.append(
                Consent(
                    **common,
                    kind=ConsentKind.EXTRA_ITEMS,
                    purpose="登记补充信息",
                    given_by=by,
                    scope={"items": extra},
                )
            )
        return found


async def check_real_name(
    desk: RegistrationDesk, name: str, identity: Identity
) -> RealNameStatus | UserError:
    """What the population database says; it knows residents alone, others stay unchecked."""
    if identity.id_type is not IdentityType.RESIDENT_ID:
        return RealNameStatus.UNCHECKED
    answer = await desk.population.check(name, identity.number)
    return REAL_NAME_REFUSALS.get(answer, RealNameStatus.VERIFIED)
