"""Figures of regions by path."""

from datetime import date
from typing import Any

from db.queries.region_statistics import MONTHS, TOTALS, MonthRow, TotalsRow
from db.session import Snapshot
from loaders.many import Many


class TotalsByPath(Many[TotalsRow]):
    """The totals of each region."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self._snapshot = snapshot

    async def fetch(self, keys: list[Any]) -> dict[Any, TotalsRow]:
        rows = await self._snapshot.fetch(TOTALS, paths=keys)
        return {row.path: row for row in rows}


class MonthsByPath(Many[list[MonthRow]]):
    """The months of each region since a first one, oldest first; empty months are absent."""

    def __init__(self, snapshot: Snapshot, first_month: date) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._first_month = first_month

    async def fetch(self, keys: list[Any]) -> dict[Any, list[MonthRow]]:
        found: dict[str, list[MonthRow]] = {key: [] for key in keys}
        for row in await self._snapshot.fetch(MONTHS, paths=keys, first_month=self._first_month):
            found[row.path].append(row)
        return found
