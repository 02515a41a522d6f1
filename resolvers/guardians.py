"""Guardians of persons under 18: where their consent must stand (CQ §9, PIPL art. 31)."""

from collections.abc import Sequence

from db.enums import IdentityType
from db.events import Json
from db.queries import consents as queries
from db.write import Write
from permissions.errors import UserError, UserErrorCode
from resolvers.acting import Refused
from resolvers.rules.persons import person_name_error
from resolvers.texts import mobile_errors, name_errors
from resolvers.volunteer_form import Guardian

LONGEST_RELATION = 20
UNGUARDED = "A guardian's consent is needed under 18."


async def require_guardian(write: Write, volunteer_id: int, *, field: str | None) -> None:
    """Fails for who is under 18 without a guardian's consent that stands.

    Raises:
        Refused: GUARDIAN_REQUIRED.
    """
    if await queries.fetch_unguarded(write, [volunteer_id]):
        raise Refused.because(UserErrorCode.GUARDIAN_REQUIRED, field, UNGUARDED)


async def require_consenting(write: Write, volunteer_id: int, guardian: Guardian | None) -> None:
    """Fails for who is under 18 unless a guardian gives this consent, which is one of its own.

    Raises:
        Refused: GUARDIAN_REQUIRED.
    """
    if guardian is None and await queries.is_minor(write, volunteer_id):
        message = "Under 18 the guardian consents."
        raise Refused.because(UserErrorCode.GUARDIAN_REQUIRED, "guardian", message)


def guardian_scope(guardian: Guardian | None) -> dict[str, Json]:
    """What a consent keeps of the guardian who gave it, beside the name."""
    if guardian is None:
        return {}
    return {"relation": guardian.relation, "mobile": guardian.mobile}


def guardian_errors(guardian: Guardian) -> Sequence[UserError]:
    """What is wrong with what was told of a guardian."""
    found = [
        person_name_error(guardian.name, IdentityType.RESIDENT_ID, field="guardian.name"),
        *mobile_errors("guardian.mobile", guardian.mobile),
        *name_errors("guardian.relation", guardian.relation, longest=LONGEST_RELATION),
    ]
    if not guardian.relation:
        found.append(UserError(UserErrorCode.REQUIRED, "guardian.relation", "This must be given."))
    return [error for error in found if error is not None]
