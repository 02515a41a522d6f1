"""What an entity is: where its rows come from, which team they belong to, how they are ordered."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import FromClause

from db.queries.conditions import FilterClause
from db.rows import Row


@dataclass(frozen=True, slots=True)
class Order:
    """A total order: a column that is never null, and the id behind it.

    ``number`` stands for the order in cursors, for good; no two orders of any entities share one.
    """

    number: int
    column: str
    descending: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Entity:
    """How rows of one kind are read; ``team_key`` names the column of the team they belong to.

    It is ``id`` for teams themselves and None for what belongs to no team.
    """

    name: str
    table: FromClause
    row: type[Row]
    team_key: str | None
    orders: Mapping[str, Order]
    filters: Mapping[str, FilterClause] = field(default_factory=dict)
