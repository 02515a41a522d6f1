"""Pages: what a list is asked for, and what it gives, for one parent or for many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from db.queries import pages
from db.queries.entities import Entity, Order
from db.queries.filtering import UNFILTERED, Filtering
from db.queries.joined import Joined, carrying, scope_values
from db.queries.pages import PageShape, Relation
from db.rows import Row
from db.scope import Scope
from db.session import Snapshot
from loaders.many import Many

PARENT = "parent_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageArgs:
    """What makes two pages of one list differ; a value, so that equal wishes share a loader.

    ``values`` are the parameters of the filters, and ``after`` and ``before`` where given;
    ``cursors`` says whether the rows' own are asked for.
    """

    order: Order
    size: int
    row: type[Row]
    joined: tuple[Joined, ...] = ()
    filters: Filtering = UNFILTERED
    values: tuple[tuple[str, Any], ...] = ()
    after: int | None = None
    before: int | None = None
    backward: bool = False
    cursors: bool = False

    def narrowed(self, filters: Filtering, values: Mapping[str, Any]) -> "PageArgs":
        """The same page of the rows that pass the filters."""
        return replace(self, filters=filters, values=tuple(sorted(values.items())))

    @property
    def whole_row(self) -> type[Row]:
        """The class of the rows with what is joined to them."""
        return carrying(self.row, self.joined)

    @property
    def shape(self) -> PageShape:
        """The part that decides the SQL."""
        return PageShape(
            order=self.order,
            filters=self.filters,
            after=self.after is not None,
            before=self.before is not None,
            backward=self.backward,
        )

    @property
    def parameters(self) -> dict[str, Any]:
        """The part that decides the rows; one row more than asked tells whether there are more."""
        return {
            "limit": self.size + 1,
            "after": self.after,
            "before": self.before,
            **dict(self.values),
            **scope_values(self.joined),
        }


class Page(NamedTuple):
    """A page of a list, in the list's order, and how to count the list it was cut from."""

    rows: Sequence[Row]
    has_more: bool
    args: PageArgs
    source: Entity | Relation
    parent: Any = None

    @property
    def has_next_page(self) -> bool:
        """Whether rows follow."""
        return self.args.before is not None if self.args.backward else self.has_more

    @property
    def has_previous_page(self) -> bool:
        """Whether rows precede."""
        return self.has_more if self.args.backward else self.args.after is not None


def cut(
    found: Sequence[Row], args: PageArgs, source: Entity | Relation, parent: Any = None
) -> Page:
    """The page of the rows that a statement gave, one too many if there are more."""
    rows = found[: args.size]
    return Page(rows[::-1] if args.backward else rows, len(found) > args.size, args, source, parent)


async def fetch_page(snapshot: Snapshot, entity: Entity, scope: Scope, args: PageArgs) -> Page:
    """A page of all rows in scope."""
    statement = pages.page(entity, scope, args.shape, args.whole_row, args.joined)
    found = await snapshot.fetch(statement, **{**scope.values, **args.parameters})
    return cut(found, args, entity)


class PageByParent(Many[Page]):
    """A page of the related rows of each parent, in one statement."""

    def __init__(
        self, snapshot: Snapshot, relation: Relation, scope: Scope, args: PageArgs
    ) -> None:
        super().__init__()
        row = args.whole_row
        row = row.only(row.__columns__, PARENT)
        self._snapshot = snapshot
        self._relation = relation
        self._args = args
        self._statement = pages.pages(relation, scope, args.shape, row, args.joined)
        self._values = {**scope.values, **args.parameters}

    async def fetch(self, keys: list[Any]) -> dict[Any, Page]:
        found: dict[Any, list[Row]] = {key: [] for key in keys}
        for row in await self._snapshot.fetch(self._statement, parents=keys, **self._values):
            found[row[-1]].append(row)
        args, relation = self._args, self._relation
        return {key: cut(rows, args, relation, key) for key, rows in found.items()}
