"""Relay connections over pages: the arguments, the types, the cursors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, NamedTuple

import strawberry
from strawberry import UNSET

from db.queries.entities import Entity, Order
from db.queries.filtering import UNFILTERED, Filtering
from db.queries.pages import Relation
from db.rows import Row
from gateway.engine.selection import selected
from loaders.pages import Page, PageArgs
from permissions.context import RequestContext
from permissions.errors import InvalidCursor, InvalidInput, LimitExceeded
from schema.costs import CONNECTION, COUNTED
from schema.info import Info
from schema.references import wanted
from schema.visibility import EVERYONE, Audience, attribute, batched, object_type

First = Annotated[
    int | None,
    strawberry.argument(description="Rows from the start of the list, at most 100 (前几条)"),
]
After = Annotated[
    str | None, strawberry.argument(description="Cursor that the rows follow (在此游标之后)")
]
Last = Annotated[
    int | None,
    strawberry.argument(description="Rows from the end of the list, at most 100 (末几条)"),
]
Before = Annotated[
    str | None, strawberry.argument(description="Cursor that the rows precede (在此游标之前)")
]


@dataclass(frozen=True, slots=True)
class Cut:
    """The four paging arguments of a field, as given."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Filters:
    """Which filters are on, and the parameters of their conditions."""

    chosen: Filtering = UNFILTERED
    values: Mapping[str, Any] = field(default_factory=dict)


NO_FILTERS = Filters()


def page_args(
    info: Info, entity: Entity, order: Order, cut: Cut, filters: Filters = NO_FILTERS
) -> PageArgs:
    """What a list is asked for, with the columns that the selection needs.

    Raises:
        InvalidInput: a negative size, both ends at once.
        LimitExceeded: more rows than one list gives.
        InvalidCursor: a cursor that this list did not give.
    """
    context = info.context
    backward = cut.last is not None
    if cut.first is not None and backward:
        raise InvalidInput("last", "Give first or last, not both.")
    size = cut.last if backward else cut.first
    name = "last" if backward else "first"
    if size is None:
        size = context.bounds.default
    if size < 0:
        raise InvalidInput(name, f"{name} must not be negative.")
    if size > context.bounds.most:
        raise LimitExceeded("pageSize", f"{name} must be at most {context.bounds.most}.")
    row, joined = wanted(info, entity, ("edges", "node"), ("nodes",))
    return PageArgs(
        order=order,
        size=size,
        row=row,
        joined=tuple(joined),
        filters=filters.chosen,
        values=tuple(sorted(filters.values.items())),
        after=_opened(context, order, cut.after, "after"),
        before=_opened(context, order, cut.before, "before"),
        backward=backward,
        cursors="cursor" in selected(info, "edges"),
    )


def _opened(context: RequestContext, order: Order, cursor: str | None, field: str) -> int | None:
    if cursor is None or cursor is UNSET:
        return None
    row = context.cursors.open(order.number, cursor)
    if row is None:
        raise InvalidCursor(field)
    return row


async def connect(
    info: Info,
    relation: Relation,
    parents: Sequence[Any],
    *,
    order: str,
    cut: Cut,
    filters: Filters = NO_FILTERS,
) -> Sequence[Page]:
    """The page of each parent's related rows."""
    args = page_args(info, relation.entity, relation.entity.orders[order], cut, filters)
    return await info.context.loaders.pages(relation, parents, args)


def connection_field(
    relation: Relation,
    graphql_type: Any,
    *,
    order: str,
    to: Audience,
    description: str,
    hints: Sequence[object] = (CONNECTION,),
) -> Any:
    """A field that gives a page of the parent's related rows."""
    needs = ("path",) if relation.by_path else ("id",)

    @batched(graphql_type, to=to, description=description, needs=needs, hints=hints)
    async def resolve(
        parents: Sequence[Any],
        info: Info,
        *,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Sequence[Page]:
        keys = [row.path if relation.by_path else row.id for row in parents]
        cut = Cut(first, after, last, before)
        return await connect(info, relation, keys, order=order, cut=cut)

    return resolve


def lazy_type(name: str, module: str) -> Any:
    """A type by name, for modules that would otherwise import each other."""
    return Annotated[name, strawberry.lazy(module)]


def list_of(node: Any) -> Any:
    """The type of a list without gaps, of a type given by name."""
    return list[node]


async def every(
    info: Info, relation: Relation, parents: Sequence[Any], order: str
) -> Sequence[Sequence[Row]]:
    """All related rows of each parent, for lists that the domain keeps short."""
    entity = relation.entity
    row = entity.row.only(selected(info) & frozenset(entity.row.__columns__))
    args = PageArgs(order=entity.orders[order], size=EVERY, row=row)
    return [page.rows for page in await info.context.loaders.pages(relation, parents, args)]


# Longer than any list that is given whole: the largest county has 62 towns, the largest town a few
# hundred villages, the nation 2,975 counties.
EVERY = 5_000


class Edge(NamedTuple):
    """A row in its list; where no cursor is asked for, the row stands for its edge."""

    node: Row
    page: Page


@object_type(to=EVERYONE, description="Where a page lies in its list (分页信息)")
class PageInfo:
    """Where a page lies in its list; the objects are pages."""

    has_next_page: bool = attribute(to=EVERYONE, description="Whether rows follow (是否有下一页)")
    has_previous_page: bool = attribute(
        to=EVERYONE, description="Whether rows precede (是否有上一页)"
    )

    @batched(str | None, to=EVERYONE, description="Cursor of the first row (首条游标)")
    @staticmethod
    def start_cursor(parents: Sequence[Page], info: Info) -> list[str | None]:
        return [_cursor(info, page, 0) for page in parents]

    @batched(str | None, to=EVERYONE, description="Cursor of the last row (末条游标)")
    @staticmethod
    def end_cursor(parents: Sequence[Page], info: Info) -> list[str | None]:
        return [_cursor(info, page, -1) for page in parents]


def _cursor(info: Info, page: Page, at: int) -> str | None:
    if not page.rows:
        return None
    row: Any = page.rows[at]
    return info.context.cursors.seal(page.args.order.number, [row.id])[0]


def _edges(parents: Sequence[Page]) -> list[Sequence[Edge | Row]]:
    return [
        [Edge(row, page) for row in page.rows] if page.args.cursors else page.rows
        for page in parents
    ]


def _node(parents: Sequence[Edge | Row]) -> list[Row]:
    return [each.node if type(each) is Edge else each for each in parents]  # type: ignore[misc]


def _nodes(parents: Sequence[Page]) -> list[Sequence[Row]]:
    return [page.rows for page in parents]


def _itself(parents: Sequence[Page]) -> Sequence[Page]:
    return parents


def _cursors(parents: Sequence[Edge], info: Info) -> list[str]:
    sealed: dict[int, list[str]] = {}
    places: dict[int, int] = {}
    by_order: dict[int, list[int]] = {}
    for edge in parents:
        row: Any = edge.node
        by_order.setdefault(edge.page.args.order.number, []).append(row.id)
    for order, ids in by_order.items():
        sealed[order] = info.context.cursors.seal(order, ids)
        places[order] = 0
    cursors = []
    for edge in parents:
        order = edge.page.args.order.number
        cursors.append(sealed[order][places[order]])
        places[order] += 1
    return cursors


async def _totals(parents: Sequence[Page], info: Info) -> list[int]:
    return [each.number for each in await info.context.loaders.totals(parents)]


async def _are_exact(parents: Sequence[Page], info: Info) -> list[bool]:
    return [each.is_exact for each in await info.context.loaders.totals(parents)]


def connection_of(name: str, node: Any, *, to: Audience, term: str) -> type:
    """The connection type of a node type, and its edge type."""
    edge = type(
        f"{name}Edge",
        (),
        {
            "__doc__": f"A {name} in a list.",
            "__module__": __name__,
            "node": batched(node, to=to, description=f"The row of the edge ({term})")(_node),
            "cursor": batched(str, to=to, description="Cursor of the edge (游标)")(_cursors),
        },
    )
    object_type(to=to, description=f"A row in a list of {name} ({term}列表项)")(edge)
    connection = type(
        f"{name}Connection",
        (),
        {
            "__doc__": f"A page of a list of {name}.",
            "__module__": __name__,
            "edges": batched(list[edge], to=to, description="Rows with cursors (列表项)")(_edges),  # type: ignore[valid-type]
            "nodes": batched(list[node], to=to, description=f"Rows alone ({term})")(_nodes),
            "page_info": batched(
                PageInfo, to=to, description="Where the page lies in the list (分页信息)"
            )(_itself),
            "total_count": batched(
                int,
                to=to,
                description="Rows of the whole list; not every one is counted beyond 10,000 (总数)",
                hints=(COUNTED,),
            )(_totals),
            "total_count_is_exact": batched(
                bool,
                to=to,
                description="Whether there are no more than the total says (总数是否精确)",
                hints=(COUNTED,),
            )(_are_exact),
        },
    )
    return object_type(to=to, description=f"A page of a list of {name} ({term}列表)")(connection)
