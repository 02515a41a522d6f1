"""Figures of regions by path."""

from datetime import date
from typing import Any

from aiodataloader import DataLoader

from db.queries.region_statistics import MONTHS, TOTALS, MonthRow, TotalsRow
from db.session import Snapshot


class TotalsByPath(DataLoader[str, TotalsRow]):
    """The totals of each region."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__()
        self._snapshot = snapshot

    async def batch_load_fn(self, keys: list[Any]) -> list[TotalsRow]:
        rows = await self._snapshot.fetch(TOTALS, paths=keys)
        found = {row.path: row for row in rows}
        return [found[key] for key in keys]


class MonthsByPath(DataLoader[str, list[MonthRow]]):
    """The months of each region since a first one, oldest first; empty months are absent."""

    def __init__(self, snapshot: Snapshot, first_month: date) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._first_month = first_month

    async def batch_load_fn(self, keys: list[Any]) -> list[list[MonthRow]]:
        found: dict[str, list[MonthRow]] = {key: [] for key in keys}
        for row in await self._snapshot.fetch(MONTHS, paths=keys, first_month=self._first_month):
            found[row.path].append(row)
        return [found[key] for key in keys]
