"""To-one edges: rows by the ids that other rows carry, with the columns that are selected."""

from collections.abc import Sequence
from typing import Any

from db.queries.entities import Entity
from gateway.engine.selection import selected
from schema.info import Info


async def referred(info: Info, entity: Entity, ids: Sequence[int | None]) -> Sequence[Any]:
    """The row of each id, None where there is none or it is hidden."""
    row = entity.row.only(selected(info) & frozenset(entity.row.__columns__))
    return await info.context.loaders.rows(entity, ids, row=row)
