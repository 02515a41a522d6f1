"""Asks the policy about a stored world: viewers by the real standing, rows by the real scopes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg

from db.queries import counts, pages
from db.queries.entities import ENTITIES
from db.queries.pages import PageShape, Relation
from db.queries.personal_file import reading
from db.urls import asyncpg_dsn
from permissions.gather import gather
from permissions.standing import Standing, fetch_standing
from permissions.viewer import PUBLIC, ActingPartner, Role, Viewer
from permissions.visible import visible
from resolvers.personal_file.reading import AS_RECORDS
from tests.access.world import World, store

EVERY_ROW = 10_000


class Asker:
    """A connection inside a transaction that holds one world and is undone at its end."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.statements = 0

    async def fetch(self, statement: Any, /, **values: Any) -> list[Any]:
        self.statements += 1
        rows: list[Any] = await self.connection.fetch(
            statement.sql, *statement.arguments(values), record_class=statement.row
        )
        return rows

    async def fetch_one(self, statement: Any, /, **values: Any) -> Any:
        rows = await self.fetch(statement, **values)
        return rows[0] if rows else None

    async def viewers(self, world: World) -> list[Viewer]:
        """Everyone who could ask, in every capacity that the standing grants."""
        found = [PUBLIC]
        for number in range(len(world.accounts)):
            standing = await self.standing(number + 1)
            found.extend(standing.capacities() or [standing.acting_as(None)])
        for number, region in enumerate(world.contracts):
            partner = ActingPartner(
                id=number + 1, name=f"伙伴{number}", region_path=world.region_path(region)
            )
            found.append(Viewer(role=Role.PARTNER, partner=partner))
        return found

    async def standing(self, account: int) -> Standing:
        """Everything that an account may act as."""
        return await fetch_standing(self, account)  # type: ignore[arg-type]

    async def visible_ids(self, entity: str, viewer: Viewer) -> set[int]:
        """The ids that a list without bounds gives."""
        scope = visible(entity, viewer)
        kind = ENTITIES[entity]
        order = next(iter(kind.orders.values()))
        statement = pages.page(kind, scope, PageShape(order), kind.row.only(()))
        rows = await self.fetch(statement, limit=EVERY_ROW, **scope.values)
        return {row.id for row in rows}

    async def kept_number(self, entity: str, viewer: Viewer) -> int:
        """How long that list is by the ledger."""
        scope = visible(entity, viewer)
        assert scope.kept is not None
        statement = counts.kept_count(ENTITIES[entity], scope, scope.kept)
        row = await self.fetch_one(statement, **scope.values)
        return int(row.number + row.more - row.fewer)

    async def kept_numbers(
        self, relation: Relation, viewer: Viewer, paths: list[str]
    ) -> dict[str, int] | None:
        """How long the lists below paths are by the ledger; None if it does not know."""
        scope = visible(relation.entity.name, viewer)
        assert scope.kept is not None
        statement = counts.kept_counts(relation, scope, scope.kept)
        if statement is None:
            return None
        rows = await self.fetch(statement, parents=paths, **scope.values)
        return {row.parent_key: row.number + row.more - row.fewer for row in rows}

    async def transfers(self, viewer: Viewer) -> set[int]:
        """The ids of the transfers that the viewer is shown."""
        scope = visible(AS_RECORDS, viewer)
        statement = reading.transfers(scope, of_own=viewer.role is Role.VOLUNTEER)
        return {row.id for row in await self.fetch(statement, **scope.values)}

    async def facts(self, world: World, entity: str, viewer: Viewer) -> dict[int, Any]:
        """The gathered facts of every row of an entity."""
        ids = [number + 1 for number in range(len(world.rows()[entity]))]
        return dict(await gather(self, entity, ids, volunteer_id=viewer.volunteer_id))


class Undo(Exception):
    """Ends the transaction of a world."""


async def connect(url: str) -> Any:
    """A connection that keeps every statement of the policy prepared."""
    return await asyncpg.connect(asyncpg_dsn(url), statement_cache_size=1000)


async def stored(connection: Any, world: World, ask: Any) -> None:
    """Stores a world, asks, and forgets it."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await store(connection, world)
        await ask(Asker(connection))
    finally:
        await transaction.rollback()


@contextmanager
def told(world: World, viewer: Viewer, what: str) -> Iterator[None]:
    """Says who asked for what, when an assertion fails."""
    try:
        yield
    except AssertionError as error:
        error.add_note(f"{viewer.capacity} ({viewer.role}) asked for {what} in {world}")
        raise
