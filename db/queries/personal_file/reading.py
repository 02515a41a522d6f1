"""What is read beside lists: a record's revisions and disputes, a volunteer's file.

What hangs on a row that the viewer has been shown needs no scope of its own; what teams keep of a
volunteer is seen as their records are.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from db import models
from db.enums import (
    AwardGrantor,
    DisputeOutcome,
    EvaluationStatus,
    RecordStatus,
    RegionLevel,
    TransferStatus,
)
from db.rows import Row
from db.scope import Scope
from db.statements import Statement, prepare

MOST_TRANSFERRED = 1000
_IDS = bindparam("ids", type_=ARRAY(BigInteger))


class RevisionRow(Row):
    """What a record said before it was corrected."""

    id: int
    record_id: int
    revision: int
    content: str
    reason: str
    created_at: datetime


class DisputeRow(Row):
    """A dispute of a record."""

    id: int
    record_id: int
    reason: str
    due_on: date
    created_at: datetime
    outcome: DisputeOutcome | None
    answer: str | None
    answered_at: datetime | None


class EvaluationRow(Row):
    """An evaluation."""

    id: int
    record_id: int | None
    project_id: int | None
    volunteer_id: int
    team_id: int
    score: int
    comment: str | None
    status: EvaluationStatus
    evaluated_on: date


class TrainingRow(Row):
    """A training."""

    id: int
    volunteer_id: int
    team_id: int
    name: str
    content: str | None
    minutes: int
    organiser: str
    held_on: date


class AwardRow(Row):
    """An award."""

    id: int
    volunteer_id: int
    team_id: int | None
    name: str
    granted_by: str
    granted_on: date
    grantor: AwardGrantor
    material: str | None
    verification: str | None


class StarRatingRow(Row):
    """A star rating."""

    id: int
    volunteer_id: int
    stars: int
    stars_before: int
    minutes: int
    reason: str | None
    rated_at: datetime


class StarThresholdRow(Row):
    """A step of a scale."""

    id: int
    stars: int
    hours: int
    least_score: Decimal | None
    rated_by: RegionLevel | None


class TransferRow(Row):
    """Records handed from one team to another."""

    id: int
    volunteer_id: int
    team_id: int
    to_team_id: int
    status: TransferStatus
    note: str | None
    created_at: datetime
    answered_at: datetime | None
    purpose: str
    consent_withdrawn_at: datetime | None


class TransferredRow(Row):
    """A record that was handed on, as it was then."""

    transfer_id: int
    id: int
    activity_name: str
    content: str
    place: str
    starts_at: datetime
    ends_at: datetime | None
    minutes: int
    status: RecordStatus
    revision: int


REVISIONS = Statement(
    """
    select id, record_id, revision, content::text, reason, created_at
    from service_record_revisions where record_id = any($1::bigint[]) order by record_id, revision
    """,
    ("ids",),
    {},
    RevisionRow,
)
DISPUTES = Statement(
    """
    select id, record_id, reason, due_on, created_at, outcome, answer, answered_at
    from record_disputes where record_id = any($1::bigint[]) order by record_id, id
    """,
    ("ids",),
    {},
    DisputeRow,
)
EVALUATIONS_OF_RECORDS = Statement(
    """
    select id, record_id, project_id, volunteer_id, team_id, score, comment, status, evaluated_on
    from evaluations where record_id = any($1::bigint[])
    """,
    ("ids",),
    {},
    EvaluationRow,
)
STAR_RATINGS = Statement(
    """
    select id, volunteer_id, stars, stars_before, minutes, reason, rated_at
    from star_ratings where volunteer_id = any($1::bigint[]) order by volunteer_id, id desc
    """,
    ("ids",),
    {},
    StarRatingRow,
)
# The scale of the nearest region at or above a place that has one of its own, else the nation's.
STAR_SCALE = Statement(
    """
    select t.id, t.stars, t.hours, t.least_score, t.rated_by from star_thresholds t
    where t.region_id is not distinct from (
      select o.region_id from star_thresholds o join regions r on r.id = o.region_id
      where starts_with($1, r.path) order by r.depth desc limit 1)
    order by t.stars
    """,
    ("region",),
    {},
    StarThresholdRow,
)
TRANSFERRED = Statement(
    f"""
    select x.transfer_id, r.id, r.activity_name, r.content, r.place, r.starts_at, r.ends_at,
           r.minutes, r.status, r.revision
    from unnest($1::bigint[]) as t (id)
    cross join lateral (
      select * from transferred_records x where x.transfer_id = t.id
      order by x.record_id desc limit {MOST_TRANSFERRED}) x
    join service_records r on r.id = x.record_id
    order by x.transfer_id, r.starts_at desc, r.id desc
    """,  # noqa: S608 - a number of ours
    ("ids",),
    {},
    TransferredRow,
)


class Kept(StrEnum):
    """What teams keep of volunteers beside their records."""

    TRAININGS = "TRAININGS"
    AWARDS = "AWARDS"
    EVALUATIONS = "EVALUATIONS"


# The table, its row, and the date by which the newest is first.
_KEPT: Mapping[Kept, tuple[Any, type[Row], str]] = {
    Kept.TRAININGS: (models.Training, TrainingRow, "held_on"),
    Kept.AWARDS: (models.Award, AwardRow, "granted_on"),
    Kept.EVALUATIONS: (models.Evaluation, EvaluationRow, "evaluated_on"),
}


@cache
def kept_of(what: Kept, scope: Scope) -> Statement[Any]:
    """What teams keep of volunteers, the newest first."""
    model, row, newest = _KEPT[what]
    table, team = model.__table__.alias("r"), models.Team.__table__.alias("t")
    query = (
        select(*row.select_from(table))
        .select_from(table.outerjoin(team, team.c.id == table.c.team_id))
        .where(table.c.volunteer_id == any_(_IDS), scope.clause(table, team))
        .order_by(table.c.volunteer_id, table.c[newest].desc(), table.c.id.desc())
    )
    return prepare(query, row)


@cache
def transfers(scope: Scope, *, of_own: bool) -> Statement[TransferRow]:
    """The transfers that the viewer may see; those of others only while their consent stands."""
    table = models.RecordTransfer.__table__.alias("r")
    team, consent = models.Team.__table__.alias("t"), models.Consent.__table__.alias("c")
    columns = [table.c[name] for name in TransferRow.__columns__[:-2]]
    query = (
        select(*columns, consent.c.purpose, consent.c.withdrawn_at)
        .select_from(
            table.join(team, team.c.id == table.c.to_team_id).join(
                consent, consent.c.id == table.c.consent_id
            )
        )
        .where(scope.clause(table, team))
        .order_by(table.c.id.desc())
        .limit(MOST_TRANSFERRED)
    )
    if not of_own:
        query = query.where(consent.c.withdrawn_at.is_(None))
    return prepare(query, TransferRow)
