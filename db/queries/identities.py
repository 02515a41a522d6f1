"""Sealed ID numbers, as a look at one reads them."""

from dataclasses import dataclass

from db.enums import IdentityType
from db.write import Write

_IDENTITY = """
select id_type, sealed_number, key_id from volunteer_identities where volunteer_id = $1
"""


@dataclass(frozen=True, slots=True)
class SealedIdentity:
    """The sealed ID number of a volunteer, and which key opens it."""

    id_type: IdentityType
    sealed_number: bytes
    key_id: str


async def fetch_identity(write: Write, volunteer_id: int) -> SealedIdentity | None:
    """The sealed identity of a volunteer; an erased person has none."""
    rows = await write.run(_IDENTITY, volunteer_id)
    if not rows:
        return None
    row = rows[0]
    return SealedIdentity(IdentityType(row["id_type"]), row["sealed_number"], row["key_id"])
