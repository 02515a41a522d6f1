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
class KeptFigures:
    """Figures of the ledger, of all regions, or of the region or the subtree of a team.

    ``region`` or ``team`` name the parameter with the path of the one that they are of.
    """

    names: tuple[str, ...]
    region: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What the ledger keeps of the number of a scope's rows: ``figures``, and some ``more`` rows.

    ``counted`` are the rows that the figures count of all.
    """

    figures: tuple[KeptFigures, ...]
    counted: Clause | None = None
    more: Clause | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """A condition over an entity's rows: its shape, and the values of its parameters.

    Scopes of one key have the same SQL, so that statements are compiled and prepared once.
    """

    key: str
    clause: Clause = field(compare=False)
    values: Mapping[str, Any] = field(default_factory=dict, compare=False)
    kept: Kept | None = field(default=None, compare=False)
    """What the ledger knows of the number of its rows."""
