"""Single rows by a unique column."""

from typing import Any

from db.queries import pages
from db.queries.entities import Entity
from db.rows import Row
from db.scope import Scope
from db.session import Snapshot
from loaders.many import Many


class RowByKey(Many[Row | None]):
    """The row of each key; None where there is none or it is out of scope."""

    def __init__(
        self, snapshot: Snapshot, entity: Entity, key: str, scope: Scope, row: type[Row]
    ) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._row = row.only(row.__columns__, "lookup_key")
        self._statement = pages.by_key(entity, key, scope, self._row)
        self._values = scope.values

    async def fetch(self, keys: list[Any]) -> dict[Any, Row | None]:
        found: dict[Any, Row | None] = dict.fromkeys(keys)
        for row in await self._snapshot.fetch(self._statement, keys=keys, **self._values):
            found[row[-1]] = row
        return found
