"""To-one edges: the rows that other rows name, with the columns that are selected."""

from collections.abc import Sequence
from typing import Any

from db.queries.edges import EDGES
from db.queries.entities import ENTITIES, Entity
from db.queries.joined import Joined
from db.rows import Row, part_of_each
from gateway.engine.selection import selected
from schema.info import Info

DEEPEST = 3
"""How many edges in a row one statement follows; what lies behind them is asked for apart."""


async def referred(info: Info, entity: Entity, ids: Sequence[int | None]) -> Sequence[Any]:
    """The row of each id, None where there is none or it is hidden."""
    row = entity.row.only(selected(info) & frozenset(entity.row.__columns__))
    return await info.context.loaders.rows(entity, ids, row=row)


async def subjects(info: Info, parents: Sequence[Any]) -> Sequence[Any]:
    """The row of any entity that each parent names by type and id, None where it is hidden."""
    found: dict[tuple[str, int], Any] = {}
    for name in sorted({row.subject_type for row in parents if row.subject_type in ENTITIES}):
        ids = sorted({row.subject_id for row in parents if row.subject_type == name})
        rows = await info.context.loaders.rows(ENTITIES[name], ids)
        found.update(((name, each), row) for each, row in zip(ids, rows, strict=True))
    return [found.get((row.subject_type, row.subject_id)) for row in parents]


async def follow(info: Info, entity: Entity, parents: Sequence[Any], name: str) -> Sequence[Any]:
    """The row at the other end of an edge of each parent, None where it is hidden.

    The statement of the parents has brought it along if they are of a page.
    """
    parts = part_of_each(parents, name)
    if parts is not None:
        return parts
    edge = EDGES[entity][name]
    return await referred(info, edge.entity, [getattr(row, edge.column) for row in parents])


def wanted(info: Info, entity: Entity, *paths: tuple[str, ...]) -> tuple[type[Row], list[Joined]]:
    """The columns that selections below a field need, and the edges that they follow."""
    names = frozenset(name for path in paths for name in selected(info, *path))
    row = entity.row.only(names & frozenset(entity.row.__columns__))
    joined: list[Joined] = []
    if len(paths[0]) <= DEEPEST + 1:
        for name, edge in EDGES.get(entity, {}).items():
            if name in names:
                scope = info.context.scope(edge.entity.name)
                below = wanted(info, edge.entity, *((*path, name) for path in paths))
                joined.append(Joined(edge, below[0], scope, tuple(below[1])))
    return row, joined
