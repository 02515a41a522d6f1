"""The state machines of teams, members, projects, sign-ups, records: one table each (DOMAIN §6)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from db.enums import (
    MembershipStatus,
    ProjectStatus,
    RecordStatus,
    SignUpStatus,
    TeamStatus,
)
from permissions.errors import UserError, UserErrorCode

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Machine(Generic[S]):
    """Which state may follow which; what the table does not name is refused."""

    noun: str
    first: Collection[S]
    moves: Mapping[S, Collection[S]]

    def allows(self, now: S | None, to: S) -> bool:
        """Whether ``to`` may follow; None is what does not exist yet."""
        return to in (self.first if now is None else self.moves[now])

    def refusal(self, now: S | None, to: S, *, field: str | None) -> UserError | None:
        """What a client is told of a forbidden step, naming the state; None if it is allowed."""
        if self.allows(now, to):
            return None
        stands = "does not exist" if now is None else f"is {now.value}"
        message = f"A {self.noun} that {stands} cannot become {to.value}."
        return UserError(UserErrorCode.WRONG_STATE, field, message)

    def before(self, to: S) -> frozenset[S]:
        """The states that ``to`` may follow."""
        return frozenset(now for now, then in self.moves.items() if to in then)


_T, _P, _U, _R = TeamStatus, ProjectStatus, SignUpStatus, RecordStatus
_M = MembershipStatus

TEAM = Machine(
    "team",
    first=(_T.DRAFT, _T.PENDING),
    moves={
        _T.DRAFT: (_T.PENDING,),
        _T.PENDING: (_T.ENABLED, _T.REJECTED, _T.DRAFT),
        _T.REJECTED: (_T.PENDING,),
        _T.ENABLED: (_T.CHANGE_PENDING, _T.DISABLED, _T.DISSOLVED),
        _T.CHANGE_PENDING: (_T.ENABLED, _T.DISABLED, _T.DISSOLVED),
        # A change that waited when the team was disabled waits on.
        _T.DISABLED: (_T.ENABLED, _T.CHANGE_PENDING, _T.DISSOLVED),
        _T.DISSOLVED: (),
    },
)

MEMBERSHIP = Machine(
    "membership",
    first=(_M.APPLYING, _M.INVITED, _M.JOINED),
    moves={
        _M.APPLYING: (_M.JOINED, _M.REFUSED, _M.LEFT),
        _M.INVITED: (_M.JOINED, _M.DECLINED, _M.LEFT),
        _M.JOINED: (_M.LEFT,),
        # Whoever is out may come again.
        _M.REFUSED: (_M.APPLYING, _M.INVITED, _M.JOINED),
        _M.DECLINED: (_M.APPLYING, _M.INVITED, _M.JOINED),
        _M.LEFT: (_M.APPLYING, _M.INVITED, _M.JOINED),
    },
)

PROJECT = Machine(
    "project",
    first=(_P.DRAFT,),
    moves={
        # Without review a draft is published at once, into the state that its dates say.
        _P.DRAFT: (_P.PENDING, _P.WAITING, _P.RUNNING, _P.MAKE_UP),
        _P.PENDING: (_P.DRAFT, _P.REJECTED, _P.WAITING, _P.RUNNING, _P.MAKE_UP),
        _P.REJECTED: (_P.DRAFT, _P.PENDING),
        # Closed before it begins: called off.
        _P.WAITING: (_P.RUNNING, _P.CLOSED, _P.DISABLED),
        _P.RUNNING: (_P.CLOSED, _P.DISABLED),
        _P.MAKE_UP: (_P.DISABLED,),
        _P.DISABLED: (_P.WAITING, _P.RUNNING, _P.MAKE_UP, _P.CLOSED),
        _P.CLOSED: (),
    },
)

SIGN_UP = Machine(
    "sign-up",
    first=(_U.APPLIED, _U.INVITED),
    moves={
        # A state that may follow itself is another post of the same project.
        _U.APPLIED: (_U.APPLIED, _U.ACCEPTED, _U.REFUSED, _U.CANCELLED),
        _U.INVITED: (_U.INVITED, _U.ACCEPTED, _U.DECLINED, _U.CANCELLED),
        # Cancelled with a project that was called off.
        _U.ACCEPTED: (_U.ACCEPTED, _U.ATTENDED, _U.NO_SHOW, _U.WITHDRAWN, _U.CANCELLED),
        _U.REFUSED: (_U.APPLIED, _U.INVITED),
        _U.DECLINED: (_U.APPLIED, _U.INVITED),
        _U.CANCELLED: (_U.APPLIED, _U.INVITED),
        _U.WITHDRAWN: (_U.APPLIED, _U.INVITED),
        _U.ATTENDED: (),
        # A record that is entered afterwards shows that the volunteer came.
        _U.NO_SHOW: (_U.ATTENDED,),
    },
)

RECORD = Machine(
    "record",
    first=(_R.OPEN, _R.APPLIED, _R.NOT_EFFECTIVE, _R.EFFECTIVE),
    moves={
        _R.OPEN: (_R.NOT_EFFECTIVE, _R.EFFECTIVE, _R.VOID),
        _R.APPLIED: (_R.NOT_EFFECTIVE, _R.EFFECTIVE, _R.REJECTED, _R.VOID),
        # Publicity is the time for objections.
        _R.NOT_EFFECTIVE: (_R.EFFECTIVE, _R.DISPUTED, _R.VOID),
        # Corrected to hours that nobody could object to yet, or that are reviewed above the team.
        _R.EFFECTIVE: (_R.NOT_EFFECTIVE, _R.DISPUTED, _R.VOID),
        # Confirmed as it was, or corrected in a new revision: it goes on where it stood.
        _R.DISPUTED: (_R.NOT_EFFECTIVE, _R.EFFECTIVE, _R.VOID),
        _R.REJECTED: (_R.VOID,),
        _R.VOID: (),
    },
)
