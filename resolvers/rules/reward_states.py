"""The state machine of rewards that are asked for."""

from db.enums import RedemptionStatus
from resolvers.rules.states import Machine

_R = RedemptionStatus

REDEMPTION = Machine(
    "redemption",
    first=(_R.REQUESTED,),
    moves={
        _R.REQUESTED: (_R.GRANTED, _R.CANCELLED),
        # What was handed over is not taken back.
        _R.GRANTED: (),
        _R.CANCELLED: (),
    },
)
