"""Correcting real-name data: asked by the person, checked anew, decided by a department (§46)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from db.clock import CHINA
from db.enums import IdentityType, RealNameStatus, ReviewState, Sex, VolunteerStatus
from db.events import DomainEvent, Json, SubjectType
from db.identities import blind_index, seal
from db.lock_order import Rank
from db.models import CorrectionRequest
from db.queries import corrections as queries
from db.queries import joining, registering
from db.queries.identities import SealedIdentity
from db.write import Writable, Write
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, perform, refuse_if_any
from resolvers.membership_changes import STOPPED
from resolvers.outcomes import Outcome, succeeded
from resolvers.own_data import open_number
from resolvers.ports import RegistrationDesk
from resolvers.profile import require_volunteer
from resolvers.rules.persons import Identity, birth_date_error, person_name_error, read_identity
from resolvers.team_acts import check_reason
from resolvers.volunteer_registration import ALREADY_REGISTERED, check_real_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What is wrong and how it should be; what is None stays as it is."""

    name: str | None = None
    id_type: IdentityType | None = None
    id_number: str | None = field(default=None, repr=False)
    born_on: date | None = None
    sex: Sex | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Checked:
    """A correction whose texts are right and whose person was checked anew."""

    identity: Identity
    real_name: RealNameStatus


async def request_correction(
    database: Writable,
    viewer: Viewer,
    given: Correction,
    idempotency_key: str | None,
    *,
    desk: RegistrationDesk,
    now: datetime,
) -> Outcome:
    """The request, which a department over the residence decides.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer in good standing.
    """
    volunteer_id = require_volunteer(viewer)
    checked = await _check(database, viewer, given, desk, now)
    if isinstance(checked, UserError):
        return Outcome(errors=[checked])
    identity, is_new = checked.identity, given.id_number is not None
    index = blind_index(identity.id_type, identity.number, key=desk.blind_index_key)

    async def work(write: Write) -> Mapping[str, Json]:
        check_reason(given.reason)
        if is_new and await registering.lock_identity(write, index) not in {None, volunteer_id}:
            raise Refused(ALREADY_REGISTERED)
        write.locking(Rank.VOLUNTEER)
        if await joining.lock_volunteer(write, volunteer_id) is not VolunteerStatus.ENABLED:
            raise Forbidden(STOPPED)
        if await queries.is_waiting(write, volunteer_id):
            message = "A request of yours waits already."
            raise Refused.because(UserErrorCode.ALREADY_APPLIED, None, message)
        request = CorrectionRequest(
            province=await _province(write, volunteer_id),
            volunteer_id=volunteer_id,
            state=ReviewState.PENDING,
            name=given.name,
            born_on=identity.born_on if given.born_on or is_new else None,
            sex=identity.sex if given.sex or is_new else None,
            real_name_status=checked.real_name,
            reason=given.reason,
            **(_sealed(identity, index, volunteer_id, desk) if is_new else {}),
        )
        write.session.add(request)
        await write.session.flush()
        asked = sorted(_told(given))
        write.record(_event("volunteer.correction_asked", volunteer_id, request.id, fields=asked))
        return succeeded(request.id)

    told = {"fields": sorted(_told(given)), "identity": index.hex(), "name": given.name}
    request = Request(action="requestCorrection", key=idempotency_key, input=told)
    return await perform(database, viewer, request, work)


async def withdraw_correction(
    database: Writable, viewer: Viewer, request_id: int, idempotency_key: str | None
) -> Outcome:
    """The viewer's own request, taken back.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer.
    """
    volunteer_id = require_volunteer(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        write.locking(Rank.VOLUNTEER)
        await joining.lock_volunteer(write, volunteer_id)
        found = await queries.fetch_request(write, request_id)
        if found is None or found["volunteer_id"] != volunteer_id:
            raise Refused(NO_SUCH_REQUEST)
        refuse_if_any([decided_error(found)])
        await queries.end(write, request_id, ReviewState.WITHDRAWN, None)
        write.record(_event("volunteer.correction_withdrawn", volunteer_id, request_id))
        return succeeded(request_id)

    told = {"request_id": request_id}
    request = Request(action="withdrawCorrection", key=idempotency_key, input=told)
    return await perform(database, viewer, request, work)


NO_SUCH_REQUEST = UserError(UserErrorCode.NOT_FOUND, "correctionId", "No such request.")


def decided_error(request: Any) -> UserError | None:
    """Why a request is not decided on any more; None while it waits."""
    if request["state"] == ReviewState.PENDING:
        return None
    message = "This was decided already."
    return UserError(UserErrorCode.ALREADY_DECIDED, "correctionId", message)


async def _check(
    database: Writable,
    viewer: Viewer,
    given: Correction,
    desk: RegistrationDesk,
    now: datetime,
) -> _Checked | UserError:
    """The person as corrected, found by the population database where it knows such numbers."""
    volunteer_id, today = require_volunteer(viewer), now.astimezone(CHINA).date()
    if not _told(given):
        return UserError(UserErrorCode.REQUIRED, "name", "Say what is wrong.")
    async with database.write(
        account_id=viewer.account_id, capacity=viewer.capacity, action="readIdentity"
    ) as write:
        known = await queries.fetch_known(write, volunteer_id)
    if known["sealed_number"] is None and given.id_number is None:
        return UserError(UserErrorCode.REQUIRED, "idNumber", "No document of yours is kept.")
    id_type = given.id_type or IdentityType(known["id_type"] or IdentityType.RESIDENT_ID)
    name = given.name or known["name"]
    number = given.id_number or _open(known, volunteer_id, desk)
    identity = _read(given, known, id_type, number, today)
    if isinstance(identity, UserError):
        return identity
    error = person_name_error(name, id_type) or birth_date_error(identity.born_on, today=today)
    if error is not None:
        return error
    status = await check_real_name(desk, name, identity)
    return status if isinstance(status, UserError) else _Checked(identity, status)


def _read(
    given: Correction, known: Any, id_type: IdentityType, number: str, today: date
) -> Identity | UserError:
    """The document as corrected; a resident ID says the birth date and sex itself."""
    born_on, sex = given.born_on, given.sex
    if id_type is not IdentityType.RESIDENT_ID:
        born_on, sex = born_on or known["born_on"], sex or Sex(known["sex"])
    return read_identity(id_type, number, born_on=born_on, sex=sex, today=today)


def _open(known: Any, volunteer_id: int, desk: RegistrationDesk) -> str:
    sealed = SealedIdentity(IdentityType(known["id_type"]), known["sealed_number"], known["key_id"])
    return open_number(sealed, volunteer_id, (desk.identity_key, *desk.old_identity_keys))


def _sealed(
    identity: Identity, index: bytes, volunteer_id: int, desk: RegistrationDesk
) -> Mapping[str, Any]:
    key = desk.identity_key
    return {
        "id_type": identity.id_type,
        "sealed_number": seal(identity.number, volunteer_id=volunteer_id, key=key),
        "key_id": key.id,
        "blind_index": index,
    }


def _told(given: Correction) -> set[str]:
    names = ("name", "id_number", "born_on", "sex")
    return {name for name in names if getattr(given, name) is not None}


async def _province(write: Write, volunteer_id: int) -> str:
    rows = await write.run("select province from volunteers where id = $1", volunteer_id)
    province: str = rows[0]["province"]
    return province


def _event(
    name: str, volunteer_id: int, request_id: int, *, fields: Sequence[str] = ()
) -> DomainEvent:
    told: dict[str, Json] = {"correctionId": request_id, "fields": [*fields]}
    return DomainEvent(
        name=name,
        subject_type=SubjectType.VOLUNTEER,
        subject_id=volunteer_id,
        because="owner",
        payload=told,
        detail=told,
    )
