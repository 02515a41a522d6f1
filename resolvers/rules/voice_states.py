"""The state machines of complaints and of contributed articles (DOMAIN §6.6, §6.7)."""

from db.enums import ComplaintStatus, SubmissionStatus
from resolvers.rules.states import Machine

_C, _S = ComplaintStatus, SubmissionStatus

COMPLAINT = Machine(
    "complaint",
    first=(_C.SUBMITTED,),
    moves={
        _C.SUBMITTED: (_C.ACCEPTED, _C.TRANSFERRED),
        # Who it was handed to takes it on, or answers with who is competent in turn.
        _C.TRANSFERRED: (_C.ACCEPTED, _C.TRANSFERRED),
        _C.ACCEPTED: (_C.INVESTIGATING, _C.TRANSFERRED),
        _C.INVESTIGATING: (_C.UPHELD, _C.DISMISSED),
        # Submitted again to the superior: an appeal.
        _C.UPHELD: (_C.CLOSED, _C.SUBMITTED),
        _C.DISMISSED: (_C.CLOSED, _C.SUBMITTED),
        _C.CLOSED: (),
    },
)

SUBMISSION = Machine(
    "submission",
    first=(_S.DRAFT,),
    moves={
        _S.DRAFT: (_S.SUBMITTED, _S.WITHDRAWN),
        _S.SUBMITTED: (_S.REVIEWED, _S.RETURNED, _S.WITHDRAWN),
        _S.REVIEWED: (_S.PUBLISHED, _S.RETURNED, _S.WITHDRAWN),
        # Changed, it is handed in again, and reviewed again.
        _S.RETURNED: (_S.SUBMITTED, _S.WITHDRAWN),
        _S.PUBLISHED: (_S.OFFLINE, _S.WITHDRAWN),
        _S.OFFLINE: (_S.PUBLISHED, _S.WITHDRAWN),
        _S.WITHDRAWN: (),
    },
)
