"""Consents of a volunteer: {scope, recipient, purpose}, given and withdrawn, never deleted (§8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.enums import ConsentKind, VolunteerStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries import consents as queries
from db.queries import joining
from db.write import Writable, Write
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, perform
from resolvers.guardians import guardian_errors, guardian_scope, require_consenting
from resolvers.membership_changes import STOPPED
from resolvers.outcomes import Outcome, succeeded
from resolvers.profile import require_volunteer
from resolvers.texts import line_errors, name_errors
from resolvers.volunteer_form import Guardian

LONGEST_LINE = 200
MAX_ITEMS, LONGEST_ITEM = 20, 50
# What is given beside a registration; that one is given and withdrawn with it.
GIVABLE = frozenset(ConsentKind) - {ConsentKind.REGISTRATION}
# Handing data to others, or to everybody, names them (PIPL art. 23, 25).
WITH_RECIPIENT = frozenset({ConsentKind.TRANSFER})
NOT_FOUND = UserError(UserErrorCode.NOT_FOUND, "consentId", "No such consent of yours.")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConsent:
    """What is agreed to: which items go to whom, for what; by a guardian under 18."""

    kind: ConsentKind
    purpose: str
    recipient: str | None = None
    items: Sequence[str] = ()
    guardian: Guardian | None = None


async def give_consent(
    database: Writable, viewer: Viewer, given: NewConsent, idempotency_key: str | None
) -> Outcome:
    """The consent; one that says the same and stands already is answered with.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer in good standing.
    """
    volunteer_id = require_volunteer(viewer)
    if errors := _form_errors(given):
        return Outcome(errors=errors)

    async def work(write: Write) -> Mapping[str, Json]:
        await _lock(write, volunteer_id)
        guardian = given.guardian
        await require_consenting(write, volunteer_id, guardian)
        scope: dict[str, Json] = {"items": [*given.items]} if given.items else {}
        scope |= guardian_scope(guardian)
        terms = queries.Terms(given.recipient, given.purpose, scope)
        found = await queries.find_equal(write, volunteer_id, given.kind, terms)
        if found is not None:
            return succeeded(found)
        by = guardian.name if guardian is not None else viewer.display_name
        consent_id = await queries.insert(write, volunteer_id, given.kind, terms, given_by=by)
        write.record(_event("consent.given", consent_id, volunteer_id, given.kind))
        return succeeded(consent_id)

    request = Request(
        action="giveConsent",
        key=idempotency_key,
        input={
            "kind": given.kind.value,
            "recipient": given.recipient,
            "purpose": given.purpose,
            "items": [*given.items],
            "by_guardian": given.guardian is not None,
        },
    )
    return await perform(database, viewer, request, work)


async def withdraw_consent(
    database: Writable, viewer: Viewer, consent_id: int, idempotency_key: str | None
) -> Outcome:
    """The consent, withdrawn: sharing stops, lawful records stay (PIPL art. 15, 47).

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer.
    """
    volunteer_id = require_volunteer(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        write.locking(Rank.VOLUNTEER)
        await joining.lock_volunteer(write, volunteer_id)
        found = await queries.fetch_own(write, consent_id, volunteer_id)
        if found is None:
            raise Refused(NOT_FOUND)
        kind = ConsentKind(found["kind"])
        if kind is ConsentKind.REGISTRATION:
            message = "This consent ends with withdrawing as a volunteer."
            raise Refused.because(UserErrorCode.WRONG_STATE, "consentId", message)
        if found["withdrawn_at"] is not None:
            message = "It was withdrawn already."
            raise Refused.because(UserErrorCode.CONSENT_WITHDRAWN, "consentId", message)
        await queries.withdraw(write, consent_id)
        if kind is ConsentKind.EXTRA_ITEMS and not await queries.has_standing(
            write, volunteer_id, kind
        ):
            await queries.forget_extra_items(write, volunteer_id)
        if kind is ConsentKind.PUBLICATION and not await queries.has_standing(
            write, volunteer_id, kind
        ):
            await queries.unpublish(write, volunteer_id)
        write.record(_event("consent.withdrawn", consent_id, volunteer_id, kind))
        return succeeded(consent_id)

    request = Request(
        action="withdrawConsent", key=idempotency_key, input={"consent_id": consent_id}
    )
    return await perform(database, viewer, request, work)


async def _lock(write: Write, volunteer_id: int) -> None:
    write.locking(Rank.VOLUNTEER)
    if await joining.lock_volunteer(write, volunteer_id) is not VolunteerStatus.ENABLED:
        raise Forbidden(STOPPED)


def _form_errors(given: NewConsent) -> Sequence[UserError]:
    errors: list[UserError] = []
    if given.kind not in GIVABLE:
        message = "Registering and withdrawing give and end this consent."
        errors.append(UserError(UserErrorCode.INVALID, "kind", message))
    if not given.purpose:
        errors.append(UserError(UserErrorCode.REQUIRED, "purpose", "A consent has a purpose."))
    errors += line_errors("purpose", given.purpose, longest=LONGEST_LINE)
    if given.kind in WITH_RECIPIENT and not given.recipient:
        errors.append(UserError(UserErrorCode.REQUIRED, "recipient", "To whom the data go."))
    errors += name_errors("recipient", given.recipient or "", longest=LONGEST_LINE)
    if len(given.items) > MAX_ITEMS:
        errors.append(UserError(UserErrorCode.TOO_LONG, "items", f"At most {MAX_ITEMS} items."))
    for item in given.items[:MAX_ITEMS]:
        errors += name_errors("items", item, longest=LONGEST_ITEM)
    if given.guardian is not None:
        errors += guardian_errors(given.guardian)
    elif given.kind is ConsentKind.GUARDIAN:
        errors.append(UserError(UserErrorCode.REQUIRED, "guardian", "This must be given."))
    return errors


def _event(name: str, consent_id: int, volunteer_id: int, kind: ConsentKind) -> DomainEvent:
    told: dict[str, Json] = {"volunteerId": volunteer_id, "kind": kind.value}
    return DomainEvent(
        name=name,
        subject_type=SubjectType.CONSENT,
        subject_id=consent_id,
        because="owner",
        payload=told,
        detail=told,
    )
