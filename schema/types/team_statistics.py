"""The figures of teams, as fields of theirs."""

from collections.abc import Sequence
from typing import Any

from db.queries.rows import TeamRow
from permissions.statistics import sees_figures_of_team
from resolvers.statistics import children, teams_with_figures, totals
from schema.costs import CHILDREN, sized
from schema.info import Info
from schema.types.statistics import AsOf, ChildTeamStatistics, Months, TeamStatistics
from schema.visibility import ACCOUNTABLE, batched, object_type

NEEDS = ("id", "path", "region_path")


@object_type(to=ACCOUNTABLE, description="Figures of a team (队伍统计)")
class TeamFigures:
    """Fields of teams; the objects are ``TeamRow``."""

    @batched(
        TeamStatistics | None,
        to=ACCOUNTABLE,
        description="Figures of the team and all below it, for who answers for it (统计)",
        needs=NEEDS,
    )
    @staticmethod
    async def statistics(parents: Sequence[TeamRow], info: Info, as_of: AsOf = None) -> Any:
        allowed = await _allowed(parents, info)
        scopes = [-row.id for row in allowed]
        found = await totals(info.context, scopes, allowed, as_of) if allowed else ()
        by_id = {-each.scope: each for each in found}
        return [by_id.get(row.id) for row in parents]

    @batched(
        list[ChildTeamStatistics],
        to=ACCOUNTABLE,
        description="Figures of each team directly below, by name (下级队伍统计)",
        needs=NEEDS,
        hints=(sized(CHILDREN),),
    )
    @staticmethod
    async def child_statistics(
        parents: Sequence[TeamRow], info: Info, months: Months = 12, as_of: AsOf = None
    ) -> Any:
        # SECURITY: who sees a team's figures by a view link sees its own, not those below it.
        own = info.context.viewer
        ids = [row.id for row in parents if sees_figures_of_team(own, row.path, row.region_path)]
        below = await children(info.context, "teams", ids, months, as_of) if ids else ()
        found = dict(zip(ids, below, strict=True))
        return [found.get(row.id, ()) for row in parents]


async def _allowed(parents: Sequence[TeamRow], info: Info) -> list[TeamRow]:
    # SECURITY: a team whose figures are not the viewer's answers as if it had none.
    seen = await teams_with_figures(info.context, parents)
    return [row for row, yes in zip(parents, seen, strict=True) if yes]
