"""Objects of one level side by side, and where in the response each of them stands."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from graphql.pyutils import Path

from gateway.engine.field_plan import FieldPlan, SelectionPlan


class Step(NamedTuple):
    """One position on the way to a value: its key, whether it may be null, its place in order."""

    key: str | int
    nullable: bool
    order: int


class Frame:
    """Objects of one type and selection, with their results in the same order."""

    __slots__ = ("columns", "objects", "origin", "paths", "places", "results", "selection")

    results: list[dict[str, Any]]

    def __init__(
        self,
        selection: SelectionPlan,
        objects: Sequence[Any],
        origin: "Origin | None",
        places: Sequence[int] = (),
        columns: tuple[str, ...] | None = None,
    ) -> None:
        self.selection = selection
        self.objects = objects
        self.origin = origin
        self.places = places
        self.columns = columns
        self.paths: dict[int, Path | None] = {}

    def path(self, index: int) -> Path | None:
        """The response path of one object."""
        known = self.paths.get(index)
        if known is None and self.origin is not None:
            known = self.origin.path(self.origin.depth, self.places[index])
            self.paths[index] = known
        return known

    def trail(self, index: int) -> list[Step]:
        """The steps to one object from where the execution began."""
        if self.origin is None:
            return []
        return self.origin.trail(self.origin.depth, self.places[index])


class Origin:
    """The values of one field for all objects of a frame, and how lists among them were opened.

    A value is found by (depth, place): its place in the row of all values at that depth of lists.
    """

    __slots__ = ("_starts", "counts", "field", "frame")

    def __init__(self, frame: Frame, field: FieldPlan) -> None:
        self.frame = frame
        self.field = field
        self.counts: list[list[int | None]] = []
        self._starts: list[list[int]] = []

    @property
    def depth(self) -> int:
        """How many levels of lists are open."""
        return len(self.counts)

    def path(self, depth: int, place: int) -> Path:
        """The response path of one value."""
        index, positions = self._locate(depth, place)
        field = self.field
        path = Path(self.frame.path(index), field.key, field.parent_type.name)
        for position in positions:
            path = path.add_key(position)
        return path

    def trail(self, depth: int, place: int) -> list[Step]:
        """The steps to one value from where the execution began."""
        index, positions = self._locate(depth, place)
        field = self.field
        trail = self.frame.trail(index)
        trail.append(Step(field.key, field.nullable[0], field.index))
        for level, position in enumerate(positions, start=1):
            trail.append(Step(position, field.nullable[level], position))
        return trail

    def owner(self, depth: int, place: int) -> int:
        """The index of the frame's object to which a value belongs."""
        return self._locate(depth, place)[0]

    def _locate(self, depth: int, place: int) -> tuple[int, list[int]]:
        """The index of the frame's object, and the positions in its lists."""
        while len(self._starts) < depth:
            counts = self.counts[len(self._starts)]
            self._starts.append([0, *accumulate(count or 0 for count in counts)])
        positions: list[int] = []
        for level in reversed(range(depth)):
            starts = self._starts[level]
            # The last list that starts here: empty ones before it start at the same place.
            outer = bisect_right(starts, place) - 1
            positions.append(place - starts[outer])
            place = outer
        return place, positions[::-1]


class Failure(NamedTuple):
    """An error at one value."""

    origin: Origin
    depth: int
    place: int
    error: Exception
