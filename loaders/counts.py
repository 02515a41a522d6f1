"""How long lists are: counted no further than a bound, or read from the ledger where it knows."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from db.queries import counts
from db.queries.entities import Entity
from db.queries.filtering import UNFILTERED, Filtering
from db.queries.pages import Relation
from db.queries.rows import KeptCountRow
from db.scope import Scope
from db.session import Snapshot
from loaders.many import Many


class Counted(NamedTuple):
    """A number of rows; not exact where there are more."""

    number: int
    is_exact: bool = True


def counted(number: int) -> Counted:
    """What a count up to one beyond the bound tells."""
    return (
        Counted(counts.MOST_COUNTED, is_exact=False)
        if number > counts.MOST_COUNTED
        else Counted(number)
    )


def by_ledger(row: KeptCountRow) -> Counted | None:
    """What the ledger and the difference come to; None if that is beyond the bound.

    Or if they cannot be: rows came in beside the triggers, and the ledger is yet to be rebuilt.
    """
    number = row.number + row.more - row.fewer
    if row.more > counts.MOST_COUNTED or number < 0:
        return None
    return Counted(number)


class CountAll(Many[Counted]):
    """How many rows of an entity are in scope and pass the filters, under the key None."""

    def __init__(
        self,
        snapshot: Snapshot,
        entity: Entity,
        scope: Scope,
        filters: Filtering,
        values: Mapping[str, Any],
    ) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._statement = counts.count(entity, scope, filters)
        kept = scope.kept if filters == UNFILTERED else None
        self._kept = None if kept is None else counts.kept_count(entity, scope, kept)
        self._values = {**scope.values, **values}

    async def fetch(self, keys: list[Any]) -> dict[Any, Counted]:
        total = None
        if self._kept is not None:
            known = await self._snapshot.fetch_one(self._kept, **self._values)
            total = None if known is None else by_ledger(known)
        if total is None:
            row = await self._snapshot.fetch_one(self._statement, **self._values)
            total = counted(row[1] if row is not None else 0)
        return dict.fromkeys(keys, total)


class CountByParent(Many[Counted]):
    """How many related rows in scope each parent has."""

    def __init__(
        self,
        snapshot: Snapshot,
        relation: Relation,
        scope: Scope,
        filters: Filtering,
        values: Mapping[str, Any],
    ) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._statement = counts.counts(relation, scope, filters)
        kept = scope.kept if filters == UNFILTERED and relation.by_path else None
        self._kept = None if kept is None else counts.kept_counts(relation, scope, kept)
        self._values = {**scope.values, **values}

    async def fetch(self, keys: list[Any]) -> dict[Any, Counted]:
        found: dict[Any, Counted] = {}
        if self._kept is not None:
            for row in await self._snapshot.fetch(self._kept, parents=keys, **self._values):
                if (total := by_ledger(row)) is not None:
                    found[row.parent_key] = total
        rest = [key for key in keys if key not in found]
        if rest:
            rows = await self._snapshot.fetch(self._statement, parents=rest, **self._values)
            found |= {row.parent_key: counted(row.count) for row in rows}
        return dict.fromkeys(keys, Counted(0)) | found
