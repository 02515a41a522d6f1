"""Figures of the ledger by scope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from db.ledger.reading import FIGURES
from db.paths import path_end
from db.queries.statistics import CHOSE_TEAM, LEADING_TEAMS, MOVED
from db.rows import Row, part_of_each
from db.session import Snapshot
from loaders.many import Many


@dataclass(frozen=True, slots=True)
class Ask:
    """Which figures are asked for: names in periods, others in others, and by their beginnings."""

    names: frozenset[str] = frozenset()
    periods: frozenset[int] = frozenset()
    more_names: frozenset[str] = frozenset()
    more_periods: frozenset[int] = frozenset()
    beginnings: frozenset[str] = frozenset()
    their_periods: frozenset[int] = frozenset()

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters of the statement."""
        return {name: sorted(getattr(self, name)) for name in self.__slots__}


# Paths are digits and slashes.
BEHIND_PATHS = ":"

# How many, and how much of what is summed with them.
Amount = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was found for one scope, by name and period; what was not found is nothing."""

    amounts: Mapping[tuple[str, int], Amount] = field(default_factory=dict)

    def sum(self, names: Sequence[str], periods: Mapping[int, int], *, quantity: bool) -> int:
        """The sum over names and signed periods."""
        total = 0
        for name in names:
            for period, sign in periods.items():
                found = self.amounts.get((name, period))
                if found is not None:
                    total += sign * found[quantity]
        return total


class Child(NamedTuple):
    """A region or team right below, and its figures."""

    row: Any
    figures: Figures


class FiguresByScope(Many[Figures]):
    """The figures of each scope: a region's id, or minus a team's."""

    def __init__(self, snapshot: Snapshot, ask: Ask) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._ask = ask

    async def fetch(self, keys: list[Any]) -> dict[Any, Figures]:
        rows = await self._snapshot.fetch(FIGURES["own"], **self._ask.parameters, keys=keys)
        return dict.fromkeys(keys, Figures()) | {row.scope: figures_in(row) for row in rows}


class ChildrenByParent(Many[Sequence[Child]]):
    """The regions (or teams) right below each parent with their figures, in one statement."""

    def __init__(self, snapshot: Snapshot, kind: str, ask: Ask) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._kind = kind
        self._ask = ask

    async def fetch(self, keys: list[Any]) -> dict[Any, Sequence[Child]]:
        statement = FIGURES[self._kind]
        rows = await self._snapshot.fetch(statement, **self._ask.parameters, keys=keys)
        found: dict[Any, list[Child]] = {key: [] for key in keys}
        for row, child in zip(rows, part_of_each(rows, self._kind) or (), strict=True):
            parent = child.parent_id if self._kind == "regions" else child.contact_team_id
            found[parent].append(Child(child, figures_in(row)))
        return {key: tuple(children) for key, children in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leading:
    """Which teams are compared: those of a region, and of a subtree if one is named."""

    region_path: str
    subtree: str | None
    most: int


async def fetch_leading(
    snapshot: Snapshot,
    wish: Leading,
    names: Sequence[str],
    periods: Mapping[int, int],
    *,
    quantity: bool,
) -> Sequence[tuple[int, Any]]:
    """The teams that are no hubs with the most of a figure, each after its value."""
    region, subtree = wish.region_path, wish.subtree
    rows = await snapshot.fetch(
        LEADING_TEAMS,
        names=list(names),
        periods=list(periods),
        signs=list(periods.values()),
        is_quantity=quantity,
        region=region,
        region_end=path_end(region),
        path=subtree or "",
        path_end=path_end(subtree) if subtree else BEHIND_PATHS,
        most=wish.most,
    )
    teams = part_of_each(rows, "teams") or ()
    return [(row.value, team) for row, team in zip(rows, teams, strict=True)]


async def fetch_moved(snapshot: Snapshot, regions: Sequence[int]) -> Mapping[int, date]:
    """Since when the regions right below each are those that they are, where they were others."""
    rows = await snapshot.fetch(MOVED, keys=list(regions))
    return {row.id: row.until for row in rows}


class ChoseTeam(Many[bool]):
    """Whether each team chose the given one as its view team."""

    def __init__(self, snapshot: Snapshot, view_team_id: int) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._view_team_id = view_team_id

    async def fetch(self, keys: list[Any]) -> dict[Any, bool]:
        rows = await self._snapshot.fetch(CHOSE_TEAM, view_team=self._view_team_id, teams=keys)
        return dict.fromkeys(keys, False) | {row.team_id: True for row in rows}


def figures_in(row: Row) -> Figures:
    """The figures that a row of the statement holds."""
    _, names, periods, amounts, quantities = row[:5]
    if names is None:
        return Figures()
    keys, values = zip(names, periods, strict=True), zip(amounts, quantities, strict=True)
    found: dict[tuple[str, int], Amount] = dict(zip(keys, values, strict=True))
    if len(found) == len(names):
        return Figures(found)
    # What is pending stands beside what is folded.
    summed: dict[tuple[str, int], Amount] = {}
    for name, period, n, quantity in zip(names, periods, amounts, quantities, strict=True):
        known = summed.get((name, period), (0, 0))
        summed[name, period] = (known[0] + n, known[1] + quantity)
    return Figures(summed)
