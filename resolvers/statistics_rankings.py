"""Rankings: regions or teams by one indicator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from db.ledger.periods import Stretch
from loaders.statistics import Ask, Leading, fetch_leading
from permissions.context import RequestContext
from permissions.errors import InvalidInput
from resolvers.metrics import SOURCES, Metric
from resolvers.statistics import below, today_of
from resolvers.statistics_reports import Question, check_metrics, periods_of, value_of, whole_of

MOST_RANKED = 100


class RankedKind(StrEnum):
    """What a ranking compares."""

    REGIONS = "REGIONS"
    TEAMS = "TEAMS"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place in a ranking; equal figures share a rank."""

    rank: int
    place: Any
    value: int


async def ranking(
    context: RequestContext, kind: str, parent: int, question: Question, *, first: int
) -> Sequence[Ranked]:
    """The regions or teams right below a parent by one indicator, the most first.

    Raises:
        InvalidInput: as ``report``; too many at once.
    """
    sign = 1 if kind == "regions" else -1
    metric, whole, periods = _ranked_by(context, sign, question, first)
    ask = Ask(names=frozenset(SOURCES[metric].of(sign)), periods=frozenset(periods))
    (found,) = await below(context, kind, [parent], ask)
    today = today_of(context)
    valued = [
        (value_of(sign * child.row.id, child.figures, metric, whole, today), child.row)
        for child in found
    ]
    valued.sort(key=lambda each: -each[0])
    return _ranks(valued)[:first]


async def team_ranking(
    context: RequestContext, region: Any, question: Question, *, first: int
) -> Sequence[Ranked]:
    """The working teams of a region and of those below it, without its hubs, the most first.

    Raises:
        InvalidInput: as ``ranking``.
    """
    metric, _, periods = _ranked_by(context, -1, question, first)
    # SECURITY: a hub may read the figures of a region and not of each team there: of its own.
    acting = context.viewer.acting
    wish = Leading(
        region_path=region.path, subtree=acting.path if acting is not None else None, most=first
    )
    source = SOURCES[metric]
    found = await fetch_leading(
        context.snapshot, wish, source.of(-1), periods, quantity=source.quantity
    )
    return _ranks(found)


def _ranked_by(
    context: RequestContext, scope: int, question: Question, first: int
) -> tuple[Metric, Stretch, Mapping[int, int]]:
    """The metric of a ranking, its days, and the periods that they are."""
    if not 1 <= first <= MOST_RANKED:
        raise InvalidInput("first", f"first must be from 1 to {MOST_RANKED}.")
    today = today_of(context)
    (metric,) = question.metrics
    whole = whole_of(question, today)
    check_metrics(scope, [metric], None, whole, today)
    return metric, whole, periods_of(metric, whole, today)


def _ranks(valued: Sequence[tuple[int, Any]]) -> Sequence[Ranked]:
    """What is in order, with its ranks; equal figures share one."""
    values = [value for value, _ in valued]
    return [Ranked(values.index(value) + 1, row, value) for value, row in valued]
