"""Compares an answer with what the oracle lets the viewer see, part by part."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from permissions.viewer import Viewer
from schema.ids import decode
from tests.access.oracle import Oracle
from tests.fuzz.documents import WITHOUT_ID, Ask, Lookup, rows_under

Key = tuple[str, str, str]  # role, entity, path


@dataclass(slots=True)
class Seen:
    """How many rows each path returned and refused, and the cursors that were given."""

    returned: Counter[Key] = field(default_factory=Counter)
    refused: Counter[Key] = field(default_factory=Counter)
    cursors: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


@dataclass(slots=True)
class Check:
    """Walks the answers to one viewer; a broken one is only held against the bounds of scope."""

    oracle: Oracle
    viewer: Viewer
    seen: Seen
    is_broken: bool = False
    _known: dict[tuple[str, int], bool] = field(default_factory=dict)

    def reads(self, entity: str, number: int) -> bool:
        """Whether the viewer may see a row; there is none past the end of the world."""
        if (entity, number) not in self._known:
            exists = 0 <= number < len(self.oracle.world.rows()[entity])
            self._known[entity, number] = exists and self.oracle.reads(self.viewer, entity, number)
        return self._known[entity, number]

    def answer(self, asked: Sequence[Ask | Lookup], data: Mapping[str, Any]) -> None:
        """Checks every root field."""
        for each in asked:
            if isinstance(each, Lookup):
                self._lookup(each, data[each.alias])
            else:
                self.path(each, data[each.alias], -1)

    def path(self, ask: Ask, value: Any, parent: int) -> None:
        """Checks a field of a parent, and all below it."""
        related = self._related(ask, parent)
        allowed = [n for n in related if self.reads(ask.path.entity, n)]
        rows = self._rows(ask, value)
        numbers = [self._number(ask, row, parent) for row in rows]
        assert set(numbers) <= set(allowed), (str(ask.path), numbers, allowed)
        assert len(set(numbers)) == len(numbers), str(ask.path)
        if not self.is_broken:
            self._whole(ask, value, numbers, allowed)
            self._count(ask.path.entity, str(ask.path), len(numbers), len(related) - len(allowed))
        for row, number in zip(rows, numbers, strict=True):
            for below in ask.below:
                self.path(below, row[below.alias], number)

    def _related(self, ask: Ask, parent: int) -> list[int]:
        world = self.oracle.world
        if isinstance(ask.leads, tuple):
            _, top = ask.leads
            # A hidden team has no rows to filter by.
            return rows_under(world, ask.path.entity, top) if self.reads("Team", top) else []
        return [n for n in ask.leads(world, parent) if n is not None]

    def _rows(self, ask: Ask, value: Any) -> list[Any]:
        if value is None:
            return []
        match ask.path.shape:
            case "one":
                return [value]
            case "many":
                return list(value)
            case _:
                assert len(value["nodes"]) == len(value["edges"])
                kept = self.seen.cursors[str(ask.path)]
                kept += [edge["cursor"] for edge in value["edges"][:2]]
                del kept[:-50]
                return [edge["node"] for edge in value["edges"]]

    def _whole(self, ask: Ask, value: Any, numbers: Sequence[int], allowed: Sequence[int]) -> None:
        """What the viewer may see is given, and counted."""
        if ask.path.shape != "page":
            assert sorted(numbers) == sorted(allowed), (str(ask.path), numbers, allowed)
            return
        assert value["totalCount"] == len(allowed), (str(ask.path), value["totalCount"], allowed)
        if not ask.is_cut:
            assert len(numbers) == min(ask.size, len(allowed)), (str(ask.path), numbers, allowed)

    def _number(self, ask: Ask, row: Any, parent: int) -> int:
        if ask.path.entity == WITHOUT_ID:
            return parent
        entity, number = decode(row["id"])
        assert entity == row["__typename"] == ask.path.entity
        return number - 1

    def _lookup(self, lookup: Lookup, value: Any) -> None:
        rows = [value] if lookup.field == "node" else value
        for (entity, number), row in zip(lookup.wanted, rows or (), strict=rows is not None):
            if row is None:
                assert self.is_broken or not self.reads(entity, number), (entity, number)
                self._count(entity, f"Query.{lookup.field}", 0, 1)
                continue
            assert self.reads(entity, number), (entity, number)
            assert (row["__typename"], decode(row["id"])) == (entity, (entity, number + 1))
            self._count(entity, f"Query.{lookup.field}", 1, 0)
            for below in lookup.below[entity]:
                self.path(below, row[below.alias], number)

    def _count(self, entity: str, path: str, returned: int, refused: int) -> None:
        key = (self.viewer.role.value, entity, path)
        self.seen.returned[key] += returned
        self.seen.refused[key] += refused
