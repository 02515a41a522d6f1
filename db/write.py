"""The seam that every write goes through (DESIGN §4): one transaction, its key, its events."""

import logging
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol, TypeVar

import asyncpg
from asyncpg import Record
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from db.consistency import ConsistencyToken, fetch_cluster
from db.driver_errors import DRIVER_ERRORS, refusal_of
from db.events import DomainEvent, Json
from db.idempotency import Claim, hash_input, take
from db.lock_order import LOCKED_TABLE, LockOrder, Rank
from db.locks import Lock
from db.primary import Begun, begun
from db.statements import Statement
from db.write_rows import TRANSACTION, insert_rows

log = logging.getLogger(__name__)

R = TypeVar("R", bound=Record)

_LOCK_TREE = {
    False: f"select pg_advisory_xact_lock_shared({Lock.TEAM_TREE})",
    True: f"select pg_advisory_xact_lock({Lock.TEAM_TREE})",
}


class Writable(Protocol):
    """What use cases ask of the database to write: ``db.session.Database``."""

    @property
    def engine(self) -> AsyncEngine:
        """The engine of the primary."""
        ...

    def write(
        self,
        *,
        account_id: int | None,
        capacity: str,
        action: str,
        idempotency_key: str | None = None,
        input: Mapping[str, Any] | None = None,
    ) -> AbstractAsyncContextManager["Write"]:
        """A write, committed when its block ends; see ``open_write``."""
        ...


class Write:
    """One transaction of one account: what it may run, lock and record.

    ``outcome`` is what a repeat under the same key is answered from; on a repeat it is there from
    the start, and the block does nothing else.
    """

    def __init__(self, own: Begun, *, account_id: int | None, capacity: str) -> None:
        self.account_id = account_id
        self.capacity = capacity
        self.outcome: Mapping[str, Json] | None = None
        self.is_repeat = False
        self.token: ConsistencyToken | None = None
        self.events: list[DomainEvent] = []
        self._own = own
        self._driver = own.driver
        self._session: AsyncSession | None = None
        self._order = LockOrder()

    @property
    def session(self) -> AsyncSession:
        """The ORM on this transaction; only the seam commits, whatever the session is told."""
        if self._session is None:
            self._session = AsyncSession(self._own.orm, expire_on_commit=False)
        return self._session

    async def fetch(self, statement: Statement[R], /, **values: Any) -> list[R]:
        """All rows of a prepared statement."""
        rows: list[R] = await self._driver.fetch(
            statement.sql, *statement.arguments(values), record_class=statement.row
        )
        return rows

    async def run(self, sql: str, /, *arguments: Any) -> list[Record]:
        """The rows of a statement in the driver's own form; it sees what the session flushed."""
        rows: list[Record] = await self._driver.fetch(sql, *arguments)
        return rows

    async def lock_tree(self, *, exclusive: bool = False) -> None:
        """Holds the team tree: shared to read ancestors for a write, exclusively to move."""
        self._order.enter(Rank.TREE)
        await self._driver.execute(_LOCK_TREE[exclusive])

    async def lock(
        self, rank: Rank, ids: Collection[int], *, shared: bool = False
    ) -> frozenset[int]:
        """Locks rows in id order; returns the ids that exist."""
        self._order.enter(rank)
        rows = await self._driver.fetch(
            f"select id from {LOCKED_TABLE[rank]} where id = any($1::bigint[])"  # noqa: S608 - a name of ours
            f" order by id for {'share' if shared else 'update'}",
            sorted(ids),
        )
        return frozenset(row["id"] for row in rows)

    def locking(self, rank: Rank) -> None:
        """Notes that the next statement itself locks rows of the rank, in id order."""
        self._order.enter(rank)

    def record(self, *events: DomainEvent) -> None:
        """Adds what was done; its rows are written with the commit."""
        self.events.extend(events)

    async def flush(self, *, claim: Claim | None) -> int | None:
        """Writes what the session holds and the rows of the events; for the seam alone.

        Returns the transaction's id, None when there were no rows to write.
        """
        if self._session is not None:
            await self._session.flush()
        if self.is_repeat:
            if self.events:
                raise RuntimeError("A repeated request must not act again.")
            return None
        if claim is not None and self.outcome is None:
            raise RuntimeError("A write under a key must set its outcome.")
        if not self.events and claim is None:
            return None
        return await insert_rows(
            self._driver,
            self.events,
            account_id=self.account_id,
            capacity=self.capacity,
            claim=claim,
            outcome=self.outcome,
        )


@asynccontextmanager
async def open_write(
    engine: AsyncEngine,
    *,
    account_id: int | None,
    capacity: str,
    action: str,
    idempotency_key: str | None = None,
    input: Mapping[str, Any] | None = None,
    is_answered: bool = False,
) -> AsyncIterator[Write]:
    """A write on the engine, committed when the block ends and undone when it raises.

    After the block of one ``is_answered`` by a mutation, ``token`` names its transaction, also
    where it only refused or repeated: it shows what that was for. It is None when the server
    went away after the commit.

    Raises:
        KeyReused: the key was given before with another input.
        LockUnavailable: another write holds what this one needs; sent again, it may succeed.
        StatementTimeout: a statement took longer than it may.
        DatabaseAway, DatabaseBusy: the primary cannot be reached, or no connection came free.
    """
    claim = None
    if idempotency_key is not None:
        if account_id is None:
            raise ValueError("An idempotency key belongs to an account.")
        claim = Claim(account_id=account_id, action=action, key=idempotency_key)
    try:
        async with begun(engine) as own:
            write = Write(own, account_id=account_id, capacity=capacity)
            if claim is not None:
                write.outcome = await take(own.driver, claim, hash_input(input or {}))
                write.is_repeat = write.outcome is not None
            yield write
            transaction = await write.flush(claim=claim)
            if transaction is None and is_answered:
                transaction = await own.driver.fetchval(TRANSACTION)
            await own.commit()
            if transaction is not None and is_answered:
                write.token = await _token(own, transaction)
    except DRIVER_ERRORS as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error


async def _token(own: Begun, transaction: int) -> ConsistencyToken | None:
    """The transaction's; the write is committed, so no failure here may undo its answer."""
    try:
        return ConsistencyToken(await fetch_cluster(own.driver, own.kept), transaction)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        log.warning("consistency_token_unread", exc_info=True)
        return None
