"""An organisation's year: its effective records and its certificates, by month and by project."""

from datetime import date

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    and_,
    bindparam,
    cast,
    column,
    distinct,
    extract,
    func,
    select,
)

from db.enums import CertificateStatus, RecordStatus
from db.models import Certificate, Project, ServiceRecord
from db.rows import Row
from db.statements import prepare

ZONE = "Asia/Shanghai"


class MonthOfYearRow(Row):
    """One month that had records."""

    month: int
    records: int
    minutes: int
    volunteers: int


class CertificatesOfMonthRow(Row):
    """One month in which certificates were issued."""

    month: int
    issued: int
    revoked: int


class ProjectOfYearRow(Row):
    """One project that had records; without a number, records of no project."""

    project_no: str | None
    name: str | None
    records: int
    minutes: int
    volunteers: int
    first_on: date
    last_on: date


class WholeYearRow(Row):
    """How many persons served in the year."""

    volunteers: int


_team = bindparam("team", type_=BigInteger)
_since = bindparam("since", type_=ServiceRecord.starts_at.type)
_until = bindparam("until", type_=ServiceRecord.starts_at.type)
_day = cast(func.timezone(ZONE, ServiceRecord.starts_at), Date)
_served: ColumnElement[bool] = and_(
    ServiceRecord.team_id == _team,
    ServiceRecord.status == RecordStatus.EFFECTIVE,
    ServiceRecord.starts_at >= _since,
    ServiceRecord.starts_at < _until,
)
_sums = (
    func.count().label("records"),
    cast(func.sum(ServiceRecord.minutes), BigInteger).label("minutes"),
    func.count(distinct(ServiceRecord.volunteer_id)).label("volunteers"),
)

MONTHS_OF_YEAR = prepare(
    select(cast(extract("month", _day), BigInteger).label("month"), *_sums)
    .where(_served)
    .group_by(column("month"))
    .order_by(column("month")),
    MonthOfYearRow,
)
PROJECTS_OF_YEAR = prepare(
    select(
        Project.project_no,
        Project.name,
        *_sums,
        func.min(_day).label("first_on"),
        func.max(_day).label("last_on"),
    )
    .join_from(ServiceRecord, Project, Project.id == ServiceRecord.project_id, isouter=True)
    .where(_served)
    .group_by(Project.id)
    .order_by(column("minutes").desc(), Project.id),
    ProjectOfYearRow,
)
VOLUNTEERS_OF_YEAR = prepare(
    select(func.count(distinct(ServiceRecord.volunteer_id))).where(_served), WholeYearRow
)

_issued_on = cast(func.timezone(ZONE, Certificate.issued_at), Date)
CERTIFICATES_OF_YEAR = prepare(
    select(
        cast(extract("month", _issued_on), BigInteger).label("month"),
        func.count().label("issued"),
        func.count().filter(Certificate.status == CertificateStatus.REVOKED).label("revoked"),
    )
    .where(
        Certificate.team_id == _team,
        Certificate.issued_at >= _since,
        Certificate.issued_at < _until,
    )
    .group_by(column("month"))
    .order_by(column("month")),
    CertificatesOfMonthRow,
)
