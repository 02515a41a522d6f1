"""The state machine of certificates (DOMAIN §6.5)."""

from db.enums import CertificateStatus
from resolvers.rules.states import Machine

_C = CertificateStatus

CERTIFICATE = Machine(
    "certificate",
    # What a volunteer prints is issued at once.
    first=(_C.REQUESTED, _C.ISSUED),
    moves={
        _C.REQUESTED: (_C.ISSUED, _C.DECLINED),
        _C.ISSUED: (_C.REVOKED, _C.SUPERSEDED),
        _C.DECLINED: (),
        # A superseded one is still around on paper, and may be revoked for what it says.
        _C.SUPERSEDED: (_C.REVOKED,),
        _C.REVOKED: (),
    },
)
