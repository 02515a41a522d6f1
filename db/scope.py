"""Scopes: which rows of an entity a viewer may see, as a value (DESIGN §5).

``permissions.visible`` makes them, queries take them; whoever forgets one has a type error.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, FromClause

# From the entity's table, and the table of the team that the row belongs to, to a condition.
Clause = Callable[[FromClause, FromClause], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Scope:
    """A condition over an entity's rows: its shape, and the values of its parameters.

    Scopes of one key have the same SQL, so that statements are compiled and prepared once.
    """

    key: str
    clause: Clause = field(compare=False)
    values: Mapping[str, Any] = field(default_factory=dict, compare=False)
    counted_as: tuple[str, ...] = ()
    """The figures of the ledger whose sum over the topmost regions is the number of its rows."""
