"""The state machine of random checks (O67 §21-22)."""

from db.enums import InspectionStatus
from resolvers.rules.states import Machine

_I = InspectionStatus

INSPECTION = Machine(
    "check",
    first=(_I.DRAWN,),
    moves={
        _I.DRAWN: (_I.MATERIALS_ASKED, _I.CANCELLED),
        _I.MATERIALS_ASKED: (_I.EXAMINED, _I.CANCELLED),
        # Findings may be mended until they are public.
        _I.EXAMINED: (_I.PUBLISHED, _I.CANCELLED),
        _I.PUBLISHED: (),
        _I.CANCELLED: (),
    },
)
