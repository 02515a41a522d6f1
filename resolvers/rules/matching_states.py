"""The state machines of needs, offers and answers."""

from db.enums import AnswerStatus, MatchStatus
from resolvers.rules.states import Machine

_M, _A = MatchStatus, AnswerStatus

_ENDS = {
    _M.OPEN: (_M.MET, _M.CLOSED, _M.EXPIRED),
    _M.MET: (),
    _M.CLOSED: (),
    _M.EXPIRED: (),
}
NEED = Machine("need", first=(_M.OPEN,), moves=_ENDS)
OFFER = Machine("offer", first=(_M.OPEN,), moves=_ENDS)
ANSWER = Machine(
    "answer",
    first=(_A.PENDING,),
    moves={
        _A.PENDING: (_A.ACCEPTED, _A.DECLINED, _A.WITHDRAWN),
        # Who cannot come after all gives the place back.
        _A.ACCEPTED: (_A.WITHDRAWN,),
        _A.DECLINED: (),
        _A.WITHDRAWN: (),
    },
)
