"""Which filters of an entity a statement has."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, FromClause, bindparam, select

from db import models
from db.paths import in_subtree, sql_path_end
from db.queries.entities import Entity
from db.scope import Scope


@dataclass(frozen=True, slots=True)
class Filtering:
    """The filters that are on, by name; their values come at run time.

    With ``under``, only rows of the team ``f_under`` or of a team below it; the team itself must be
    in that scope, so that a hidden team has no more rows below it than a missing one.
    """

    names: frozenset[str] = frozenset()
    under: Scope | None = None

    def conditions(
        self, entity: Entity, row: FromClause, team: FromClause
    ) -> list[ColumnElement[bool]]:
        """What a row must satisfy."""
        found = [entity.filters[name](row, team) for name in sorted(self.names)]
        return found if self.under is None else [*found, _under(team, self.under)]


UNFILTERED = Filtering()


def _under(team: FromClause, scope: Scope) -> ColumnElement[bool]:
    above = models.Team.__table__.alias("above")
    path = (
        select(above.c.path)
        .where(above.c.id == bindparam("f_under", type_=BigInteger), scope.clause(above, above))
        .correlate(None)
        .scalar_subquery()
    )
    return in_subtree(team.c.path, path, sql_path_end(path))
