"""A copy of everything that is kept about the person who asks, each copy audited (PIPL art. 45)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from db.consistency import ConsistencyToken
from db.events import DomainEvent, SubjectType
from db.identities import SealBroken, unseal
from db.keys import Key
from db.queries.identities import SealedIdentity, fetch_identity
from db.queries.own_data import fetch_all
from db.write import Writable
from permissions.viewer import Viewer
from resolvers.profile import require_volunteer


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnData:
    """The copy; never stored, never logged."""

    data: Mapping[str, Any] = field(repr=False)
    consistency_token: ConsistencyToken | None = None


async def export_own_data(database: Writable, viewer: Viewer, *, keys: Sequence[Key]) -> OwnData:
    """What is kept about the viewer's own volunteer; its audit row is on disk before it is given.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer.
    """
    volunteer_id = require_volunteer(viewer)
    async with database.write(
        account_id=viewer.account_id, capacity=viewer.capacity, action="exportOwnData"
    ) as write:
        found = dict(await fetch_all(write, volunteer_id))
        sealed = await fetch_identity(write, volunteer_id)
        write.record(
            DomainEvent(
                name="volunteer.data_exported",
                subject_type=SubjectType.VOLUNTEER,
                subject_id=volunteer_id,
                because="owner",
                payload=None,
            )
        )
    if sealed is not None:
        found["identity"] = {
            "idType": sealed.id_type.value,
            "idNumber": open_number(sealed, volunteer_id, keys),
        }
    return OwnData(data=found, consistency_token=write.token)


def open_number(sealed: SealedIdentity, volunteer_id: int, keys: Sequence[Key]) -> str:
    """The number that was sealed for the volunteer.

    Raises:
        SealBroken: its key is not among these.
    """
    key = next((key for key in keys if key.id == sealed.key_id), None)
    if key is None:
        raise SealBroken("The key of a sealed ID number is not among the station's.")
    return unseal(sealed.sealed_number, volunteer_id=volunteer_id, key=key)
