"""How an area uses the system (应用情况): its administrators, and the work of the last days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from db.ledger.periods import ALL_TIME, Stretch
from db.queries.administrators import AREA_USE, AreaUseRow
from db.queries.rows import RegionRow
from loaders.statistics import Ask, Figures
from permissions.context import RequestContext
from permissions.statistics import sees_figures_of
from resolvers.metrics import SOURCES, Metric
from resolvers.statistics import today_of

DAYS = 30
"""Who has not signed in for so many days is to be reminded (督促定期登录)."""

NET = (Metric.VOLUNTEERS, Metric.TEAMS, Metric.PROJECTS)
DONE = (Metric.RECORDS, Metric.MINUTES)
_NAMES = frozenset(name for metric in (*NET, *DONE) for name in SOURCES[metric].names)


@dataclass(frozen=True, slots=True)
class AreaUse:
    """How a region and all below it use the system."""

    region: Any
    administrators: AreaUseRow
    figures: Figures
    periods: Mapping[int, int]

    def total(self, metric: Metric) -> int:
        """An indicator as it stands."""
        return self._sum(metric, {ALL_TIME: 1})

    def lately(self, metric: Metric) -> int:
        """What the last days added, of what comes and goes the balance."""
        return self._sum(metric, self.periods)

    def _sum(self, metric: Metric, periods: Mapping[int, int]) -> int:
        source = SOURCES[metric]
        return self.figures.sum(source.names, periods, quantity=source.quantity)


async def use_of_area(context: RequestContext, region: RegionRow | None) -> Sequence[AreaUse]:
    """The use of each region directly below one; elsewhere than in the viewer's own, none."""
    if region is None or not sees_figures_of(context.viewer, region.path):
        return ()
    today = today_of(context)
    periods = lately(today)
    ask = Ask(names=_NAMES, periods=frozenset({ALL_TIME, *periods}))
    (below,) = await context.loaders.child_figures("regions", [region.id], ask)
    rows = await context.snapshot.fetch(
        AREA_USE, parent=region.id, since=context.now - timedelta(days=DAYS)
    )
    counted = {row.region_id: row for row in rows}
    return [
        AreaUse(child.row, counted[child.row.id], child.figures, periods)
        for child in below
        if child.row.id in counted
    ]


def lately(today: date) -> Mapping[int, int]:
    """The periods of the last days, today the last of them."""
    return Stretch(today - timedelta(days=DAYS - 1), today).periods(today)
