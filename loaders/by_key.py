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
        self._entity, self._key, self._scope = entity, key, scope
        self._row = row.only(row.__columns__, "lookup_key")

    async def fetch(self, keys: list[Any]) -> dict[Any, Row | None]:
        statement, values = pages.by_key(self._entity, self._key, self._scope, self._row, keys)
        found: dict[Any, Row | None] = dict.fromkeys(keys)
        for row in await self._snapshot.fetch(statement, **values):
            found[row[-1]] = row
        return found
