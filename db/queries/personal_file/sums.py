"""What a volunteer served by team and project: what counts, and what does not count yet."""

from functools import cache

from sqlalchemy import BigInteger, ColumnElement, any_, bindparam, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY

from db import models
from db.enums import RecordStatus
from db.rows import Row
from db.scope import Scope
from db.statements import Statement, among, prepare

_IDS = bindparam("ids", type_=ARRAY(BigInteger))
_COUNTS = (RecordStatus.EFFECTIVE,)
_PENDING = (RecordStatus.APPLIED, RecordStatus.NOT_EFFECTIVE, RecordStatus.DISPUTED)


class ServedRow(Row):
    """The minutes of a volunteer's records for a team, in a project or in none."""

    volunteer_id: int
    team_id: int
    project_id: int | None
    minutes: int
    pending_minutes: int


@cache
def served(scope: Scope) -> Statement[ServedRow]:
    """The sums over those records of volunteers that the viewer may see, the largest first."""
    record = models.ServiceRecord.__table__.alias("r")
    team = models.Team.__table__.alias("t")

    def total(*of: RecordStatus) -> ColumnElement[int]:
        summed = func.sum(record.c.minutes).filter(among(record.c.status, of))
        return func.coalesce(summed, 0).cast(BigInteger)

    keys = (record.c.volunteer_id, record.c.team_id, record.c.project_id)
    query = (
        select(*keys, total(*_COUNTS).label("minutes"), total(*_PENDING).label("pending_minutes"))
        .select_from(record.join(team, team.c.id == record.c.team_id))
        .where(
            record.c.volunteer_id == any_(_IDS),
            among(record.c.status, (*_COUNTS, *_PENDING)),
            scope.clause(record, team),
        )
        .group_by(*keys)
        .order_by(
            record.c.volunteer_id,
            literal_column("minutes").desc(),
            record.c.team_id,
            record.c.project_id,
        )
    )
    return prepare(query, ServedRow)
