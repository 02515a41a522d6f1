"""What certificates need beside the database: keys, the station they come from, a pace."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.keys import Key
from db.signatures import Signer
from resolvers.throttling import Throttle


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateDesk:
    """Who signs certificates, opens the ID numbers that are shown masked, and counts checks."""

    station: int
    signer: Signer
    identity_keys: Sequence[Key]
    throttle: Throttle
