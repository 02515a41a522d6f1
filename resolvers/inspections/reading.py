"""What is read of checks: the parts of teams, measures, who is overdue, a draw made again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from db.enums import InspectionKind
from db.paths import path_end
from db.queries.inspections import reading as queries
from db.queries.inspections.drawing import Population, draw
from permissions.context import RequestContext
from permissions.errors import Forbidden
from permissions.viewer import Role, Viewer
from permissions.visible import visible
from resolvers.inspections.drawing import midnight

MOST_OVERDUE = 500
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Redrawn:
    """What comes of a draw from what is there today, under the seed of that day."""

    population: int
    is_same_population: bool
    is_same_draw: bool


async def list_parts(
    context: RequestContext, inspection_ids: Sequence[int]
) -> Sequence[Sequence[queries.PartRow]]:
    """The parts of each check that the viewer may see."""
    rows = await context.snapshot.fetch(
        queries.PARTS, ids=sorted(set(inspection_ids)), **_standing(context.viewer)
    )
    return _by(rows, "inspection_id", inspection_ids)


async def list_measures(
    context: RequestContext, inspection_ids: Sequence[int]
) -> Sequence[Sequence[queries.MeasureRow]]:
    """The measures of each check that the viewer may see, the oldest first."""
    rows = await context.snapshot.fetch(
        queries.MEASURES, ids=sorted(set(inspection_ids)), **_standing(context.viewer)
    )
    return _by(rows, "inspection_id", inspection_ids)


async def list_files(
    context: RequestContext, parts: Sequence[queries.PartRow]
) -> Sequence[Sequence[int]]:
    """The files that came with each part, for who may read what was handed in."""
    told = [each.id for each in parts if each.is_told]
    rows = await context.snapshot.fetch(queries.FILES_OF_PARTS, ids=told) if told else []
    found = _by(rows, "part_id", [each.id for each in parts])
    return [[row.id for row in each] for each in found]


async def are_found(context: RequestContext, inspection_ids: Sequence[int]) -> Mapping[int, bool]:
    """Whether what was found in each check is for the viewer to read: published, or its own."""
    standing = _standing(context.viewer)
    rows = await context.snapshot.fetch(
        queries.FOUND,
        ids=sorted(set(inspection_ids)),
        region=standing["region"],
        region_end=standing["region_end"],
    )
    return {row.id: row.is_found for row in rows}


async def list_overdue(
    context: RequestContext, *, today: date, most: int
) -> Sequence[queries.OverdueRow]:
    """The parts that were due in the checks of the department's region, the longest first.

    Raises:
        Forbidden: the viewer does not act for a department.
    """
    office = context.viewer.department
    if context.viewer.role is not Role.DEPARTMENT or office is None:
        raise Forbidden("Only departments follow up their checks.")
    return await context.snapshot.fetch(
        queries.OVERDUE,
        region=office.region_path,
        region_end=path_end(office.region_path),
        today=today,
        most=most,
    )


async def redraw(context: RequestContext, inspection_ids: Sequence[int]) -> Sequence[Redrawn]:
    """Each check drawn again, from what there is to draw from today.

    Where records were voided or came in since, the population is another; the items are then not
    expected to be the same.
    """
    rows = await context.snapshot.fetch(queries.DRAWN, ids=sorted(set(inspection_ids)))
    made = {row.id: await _redrawn(context, row) for row in rows}
    return [made[each] for each in inspection_ids]


async def _redrawn(context: RequestContext, row: queries.DrawnRow) -> Redrawn:
    population = Population(
        region_path=row.region_path,
        since=midnight(row.since),
        before=midnight(row.until + timedelta(days=1)),
        kind=InspectionKind(row.kind),
        team_ids=row.team_ids or None,
    )
    drawn = await draw(context.snapshot, population, seed=row.seed, size=row.size)
    if not drawn:
        return Redrawn(0, is_same_population=False, is_same_draw=False)
    same = (drawn[0].population, drawn[0].fingerprint) == (row.population, row.fingerprint)
    return Redrawn(
        drawn[0].population,
        is_same_population=same,
        is_same_draw=[bytes(each.key) for each in drawn] == [bytes(key) for key in row.item_keys],
    )


def _standing(viewer: Viewer) -> Mapping[str, Any]:
    """The parameters by which statements know the viewer; the empty path matches no row."""
    values = visible("InspectionItem", viewer).values
    leads = viewer.role is Role.DEPARTMENT
    return {
        "region": values["v_region"] if leads else "",
        "region_end": values["v_region_end"] if leads else "",
        "team": values["v_team"],
        "path": values["v_path"],
        "path_end": values["v_path_end"],
        "is_hub": viewer.role is Role.HUB,
    }


def _by(rows: Sequence[T], key: str, wanted: Sequence[int]) -> list[Sequence[T]]:
    found: defaultdict[int, list[T]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return [found.get(each, ()) for each in wanted]
