"""How long lists are: counted no further than a bound, or read from the ledger where it knows."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from db.queries import counts
from db.queries.entities import Entity
from db.queries.filtering import UNFILTERED, Filtering
from db.queries.pages import Relation
from db.scope import Scope
from db.session import Snapshot
from loaders.many import Many
from loaders.statistics import fetch_number


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
        self._values = {**scope.values, **values}
        self._names = scope.counted_as if filters == UNFILTERED else ()

    async def fetch(self, keys: list[Any]) -> dict[Any, Counted]:
        if self._names:
            return dict.fromkeys(keys, Counted(await fetch_number(self._snapshot, self._names)))
        row = await self._snapshot.fetch_one(self._statement, **self._values)
        return dict.fromkeys(keys, counted(row[1] if row is not None else 0))


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
        self._values = {**scope.values, **values}

    async def fetch(self, keys: list[Any]) -> dict[Any, Counted]:
        rows = await self._snapshot.fetch(self._statement, parents=keys, **self._values)
        found = {row.parent_key: counted(row.count) for row in rows}
        return dict.fromkeys(keys, Counted(0)) | found
