"""Guardians of persons under 18: where their consent must stand (CQ §9, PIPL art. 31)."""

from collections.abc import Sequence

from db.enums import IdentityType
from db.queries import consents as queries
from db.write import Write
from permissions.errors import UserError, UserErrorCode
from resolvers.acting import Refused
from resolvers.rules.persons import person_name_error
from resolvers.texts import line_errors, mobile_errors
from resolvers.volunteer_form import Guardian

LONGEST_RELATION = 20


async def require_guardian(write: Write, volunteer_id: int, *, field: str | None) -> None:
    """Fails for who is under 18 without a guardian's consent that stands.

    Raises:
        Refused: GUARDIAN_REQUIRED.
    """
    is_minor, has_guardian = await queries.fetch_guarded(write, volunteer_id)
    if is_minor and not has_guardian:
        raise Refused.because(
            UserErrorCode.GUARDIAN_REQUIRED, field, "A guardian's consent is needed under 18."
        )


def guardian_errors(guardian: Guardian) -> Sequence[UserError]:
    """What is wrong with what was told of a guardian."""
    found = [
        person_name_error(guardian.name, IdentityType.RESIDENT_ID, field="guardian.name"),
        *mobile_errors("guardian.mobile", guardian.mobile),
        *line_errors("guardian.relation", guardian.relation, longest=LONGEST_RELATION),
    ]
    if not guardian.relation:
        found.append(UserError(UserErrorCode.REQUIRED, "guardian.relation", "This must be given."))
    return [error for error in found if error is not None]
