"""Reading a record's history and a volunteer's file, for many at once."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from db.queries.personal_file import reading, sums
from db.rows import Row
from permissions.context import RequestContext
from permissions.viewer import Role

# What teams keep of a volunteer is seen by whom their records are: the person, the team, those
# above it, the department of its region.
AS_RECORDS = "ServiceRecord"


async def list_revisions(context: RequestContext, ids: Sequence[int]) -> Sequence[Sequence[Row]]:
    """What each record said before, the oldest first."""
    return _by(ids, await context.snapshot.fetch(reading.REVISIONS, ids=[*ids]), "record_id")


async def list_disputes(context: RequestContext, ids: Sequence[int]) -> Sequence[Sequence[Row]]:
    """The disputes of each record, the oldest first."""
    return _by(ids, await context.snapshot.fetch(reading.DISPUTES, ids=[*ids]), "record_id")


async def list_record_evaluations(
    context: RequestContext, ids: Sequence[int]
) -> Sequence[Row | None]:
    """The evaluation of each record."""
    rows = await context.snapshot.fetch(reading.EVALUATIONS_OF_RECORDS, ids=[*ids])
    found = {row.record_id: row for row in rows}
    return [found.get(each) for each in ids]


async def list_star_ratings(context: RequestContext, ids: Sequence[int]) -> Sequence[Sequence[Row]]:
    """The ratings of each volunteer, the newest first."""
    return _by(ids, await context.snapshot.fetch(reading.STAR_RATINGS, ids=[*ids]), "volunteer_id")


async def list_trainings(context: RequestContext, ids: Sequence[int]) -> Sequence[Sequence[Row]]:
    """The trainings of each volunteer, the newest first."""
    return await _kept(context, ids, reading.Kept.TRAININGS)


async def list_awards(context: RequestContext, ids: Sequence[int]) -> Sequence[Sequence[Row]]:
    """The awards of each volunteer, the newest first."""
    return await _kept(context, ids, reading.Kept.AWARDS)


async def list_evaluations(context: RequestContext, ids: Sequence[int]) -> Sequence[Sequence[Row]]:
    """The evaluations of each volunteer, the newest first."""
    return await _kept(context, ids, reading.Kept.EVALUATIONS)


async def list_served(context: RequestContext, ids: Sequence[int]) -> Sequence[Sequence[Row]]:
    """What each volunteer served by team and project, as far as the viewer sees the records."""
    scope = context.scope(AS_RECORDS)
    rows = await context.snapshot.fetch(sums.served(scope), ids=[*ids], **scope.values)
    return _by(ids, rows, "volunteer_id")


async def list_transfers(context: RequestContext) -> Sequence[Row]:
    """The viewer's own transfers, or those that its team received; the newest first."""
    scope = context.scope(AS_RECORDS)
    statement = reading.transfers(scope, of_own=context.viewer.role is Role.VOLUNTEER)
    return await context.snapshot.fetch(statement, **scope.values)


async def list_transferred(context: RequestContext, ids: Sequence[int]) -> Sequence[Sequence[Row]]:
    """The records of each transfer, the latest service first."""
    rows = await context.snapshot.fetch(reading.TRANSFERRED, ids=[*ids])
    return _by(ids, rows, "transfer_id")


async def list_star_scale(context: RequestContext, region_path: str) -> Sequence[Row]:
    """From how many hours on stars are given at a place."""
    return await context.snapshot.fetch(reading.STAR_SCALE, region=region_path)


async def _kept(
    context: RequestContext, ids: Sequence[int], what: reading.Kept
) -> Sequence[Sequence[Row]]:
    scope = context.scope(AS_RECORDS)
    statement = reading.kept_of(what, scope)
    rows = await context.snapshot.fetch(statement, ids=[*ids], **scope.values)
    return _by(ids, rows, "volunteer_id")


def _by(ids: Sequence[int], rows: Sequence[Any], column: str) -> Sequence[Sequence[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    return [found[each] for each in ids]
