"""What stands beside a project's row, and what of it is its team's own business."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from db.queries.entities import Entity
from db.queries.project_sides import SideRow
from db.queries.rows import ProjectRow
from db.statements import Statement
from permissions.contacts import Shown
from schema.info import Info
from schema.references import referred
from schema.types.contact import shown_projects
from schema.visibility import MANAGERS, batched


async def beside(
    info: Info, entity: Entity, statement: Statement[SideRow], parents: Sequence[ProjectRow]
) -> list[list[Any]]:
    """The rows beside each project that the viewer may see, in id order."""
    found = await info.context.snapshot.fetch(statement, ids=[row.id for row in parents])
    rows = await referred(info, entity, [side.other_id for side in found])
    grouped: dict[int, list[Any]] = defaultdict(list)
    for side, row in zip(found, rows, strict=True):
        if row is not None:
            grouped[side.project_id].append(row)
    return [grouped[row.id] for row in parents]


def own_business(
    column: str,
    graphql_type: Any,
    *,
    description: str,
    read: Callable[[Any], Any] = lambda value: value,
) -> Any:
    """A field for the project's team, those above it and its department; null for others."""

    @batched(graphql_type, to=MANAGERS, description=description, needs=("team_id", column))
    async def resolve(parents: Sequence[ProjectRow], info: Info) -> list[Any]:
        shown = await shown_projects(info, parents)
        return [
            read(getattr(row, column)) if each is Shown.FULL else None
            for row, each in zip(parents, shown, strict=True)
        ]

    return resolve
