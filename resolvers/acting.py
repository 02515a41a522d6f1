"""The common course of a mutation: one write, its work or its refusals, its stored outcome."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from db.events import Json
from db.queries import pages
from db.queries.entities import Entity
from db.write import Writable, Write
from permissions.errors import Unauthenticated, UserError, UserErrorCode
from permissions.viewer import Viewer
from permissions.visible import visible
from resolvers.outcomes import Outcome, refused, require_key

Work = Callable[[Write], Awaitable[Mapping[str, Json]]]


class Refused(Exception):
    """Expected refusals, found out before anything was written."""

    def __init__(self, *errors: UserError) -> None:
        super().__init__(*(error.code for error in errors))
        self.errors = errors

    @classmethod
    def because(cls, code: UserErrorCode, field: str | None, message: str) -> "Refused":
        """One refusal."""
        return cls(UserError(code, field, message))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A mutation's name, its idempotency key, and the input that a repeat must bring again."""

    action: str
    key: str | None
    input: Mapping[str, Any] = field(default_factory=dict)


async def perform(database: Writable, viewer: Viewer, request: Request, work: Work) -> Outcome:
    """What the work comes to, in one write; what it refuses, or did before, without it.

    Raises:
        InvalidInput: the idempotency key cannot be stored.
    """
    require_key(request.key)
    async with database.write(
        account_id=viewer.account_id,
        capacity=viewer.capacity,
        action=request.action,
        idempotency_key=request.key,
        input=request.input,
    ) as write:
        if not write.is_repeat:
            try:
                write.outcome = await work(write)
            except Refused as refusal:
                write.outcome = refused(*refusal.errors)
    return Outcome.of(write)


def require_account(viewer: Viewer) -> int:
    """The account that asks.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    if viewer.account_id is None:
        raise Unauthenticated
    return viewer.account_id


async def ids_in_scope(
    write: Write, viewer: Viewer, entity: Entity, ids: Collection[int]
) -> frozenset[int]:
    """The ids of rows that the viewer may see; what is hidden and what is missing are alike."""
    row = entity.row.only((), "lookup_key")
    statement, values = pages.by_key(entity, "id", visible(entity.name, viewer), row, sorted(ids))
    return frozenset(each.id for each in await write.fetch(statement, **values))


def refuse_if_any(errors: Iterable[UserError | None]) -> None:
    """Fails with what is not None.

    Raises:
        Refused: there are errors.
    """
    found = [error for error in errors if error is not None]
    if found:
        raise Refused(*found)
