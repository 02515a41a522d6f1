"""A look at a whole ID number: for the person and for the real-name duty, each look audited."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from db.consistency import ConsistencyToken
from db.enums import IdentityType
from db.events import DomainEvent, SubjectType
from db.identities import SealBroken, unseal
from db.keys import Key
from db.queries.identities import SealedIdentity, fetch_identity
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import Policy
from permissions.errors import Forbidden, Unauthenticated, UserError, UserErrorCode
from permissions.gather import gather
from permissions.viewer import Viewer

NO_SUCH_VOLUNTEER = UserError(UserErrorCode.NOT_FOUND, "volunteerId", "No such volunteer.")


class RevealPurpose(StrEnum):
    """What a whole ID number is looked at for; a fixed list, so that no audit row names anyone."""

    OWN_DATA = "OWN_DATA"
    REAL_NAME_CHECK = "REAL_NAME_CHECK"
    DUPLICATE_CHECK = "DUPLICATE_CHECK"
    LEGAL_DUTY = "LEGAL_DUTY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """An ID number, or why it is not shown; never stored, never logged."""

    id_type: IdentityType | None = None
    id_number: str | None = None
    errors: Sequence[UserError] = ()
    consistency_token: ConsistencyToken | None = None

    def __repr__(self) -> str:
        return f"Revealed(id_type={self.id_type!r}, errors={self.errors!r})"


async def reveal_id_number(
    database: Writable,
    viewer: Viewer,
    volunteer_id: int,
    purpose: RevealPurpose,
    *,
    keys: Sequence[Key],
    policy: Policy,
) -> Revealed:
    """The ID number of a volunteer; its audit row is on disk before the number is opened.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: the viewer may read the volunteer and has no such duty.
    """
    if viewer.account_id is None:
        raise Unauthenticated
    async with database.write(
        account_id=viewer.account_id, capacity=viewer.capacity, action="revealIdNumber"
    ) as write:
        sealed = await _audited(write, viewer, volunteer_id, purpose, policy)
    if sealed is None:
        return Revealed(errors=(NO_SUCH_VOLUNTEER,))
    key = next((key for key in keys if key.id == sealed.key_id), None)
    if key is None:
        raise SealBroken("The key of a sealed ID number is not among the station's.")
    number = unseal(sealed.sealed_number, volunteer_id=volunteer_id, key=key)
    return Revealed(id_type=sealed.id_type, id_number=number, consistency_token=write.token)


async def _audited(
    write: Write, viewer: Viewer, volunteer_id: int, purpose: RevealPurpose, policy: Policy
) -> SealedIdentity | None:
    found = await gather(write, "Volunteer", [volunteer_id])
    volunteer = found.get(volunteer_id)
    # SECURITY: first, so that a hidden volunteer and a missing one are answered alike.
    if volunteer is None or not decide(Action.READ, viewer, volunteer).allowed:
        return None
    decision = decide(Action.ID_NUMBER_REVEAL, viewer, volunteer, policy=policy)
    if not decision.allowed:
        raise Forbidden
    sealed = await fetch_identity(write, volunteer_id)
    if sealed is not None:
        write.record(
            DomainEvent(
                name="volunteer.id_number_revealed",
                subject_type=SubjectType.VOLUNTEER,
                subject_id=volunteer_id,
                because=decision.because,
                payload=None,
                detail={"purpose": purpose.value},
            )
        )
    return sealed
