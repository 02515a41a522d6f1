"""Figures of regions, counted from the base tables."""

from datetime import date

from sqlalchemy import BigInteger, Date, FromClause, bindparam, cast, column, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from db.models import Project, ServiceRecord, Team, Volunteer
from db.models.base import BYTES_TEXT
from db.paths import in_subtree, sql_path_end
from db.rows import Row
from db.statements import Statement, among, prepare

COUNTED_TEAMS = ("ENABLED", "CHANGE_PENDING")
COUNTED_PROJECTS = ("WAITING", "RUNNING", "CLOSED", "MAKE_UP")
ZONE = "Asia/Shanghai"


class TotalsRow(Row):
    """The figures of the region with this path."""

    path: str
    volunteers: int
    teams: int
    hubs: int
    projects: int
    records: int
    minutes: int


class MonthRow(Row):
    """One month of the region with this path; months without service are absent."""

    path: str
    month: date
    records: int
    minutes: int


def _given() -> FromClause:
    paths = bindparam("paths", type_=ARRAY(BYTES_TEXT))
    unnested = func.unnest(paths).table_valued(column("path", BYTES_TEXT), name="given")
    return unnested.render_derived()


def _totals() -> Statement[TotalsRow]:
    given = _given()
    path, end = given.c.path, sql_path_end(given.c.path)
    volunteers = (
        select(func.count().label("n"))
        .select_from(Volunteer)
        .where(in_subtree(Volunteer.region_path, path, end), Volunteer.status == "ENABLED")
        .lateral("volunteers_of")
    )
    teams = (
        select(
            func.count().filter(~Team.is_hub).label("others"),
            func.count().filter(Team.is_hub).label("hubs"),
        )
        .where(in_subtree(Team.region_path, path, end), among(Team.status, COUNTED_TEAMS))
        .lateral("teams_of")
    )
    projects = (
        select(func.count().label("n"))
        .join_from(Project, Team, Team.id == Project.team_id)
        .where(in_subtree(Team.region_path, path, end), among(Project.status, COUNTED_PROJECTS))
        .lateral("projects_of")
    )
    minutes = cast(func.coalesce(func.sum(ServiceRecord.minutes), 0), BigInteger)
    records = (
        select(func.count().label("n"), minutes.label("minutes"))
        .where(
            in_subtree(ServiceRecord.region_path, path, end), ServiceRecord.status == "EFFECTIVE"
        )
        .lateral("records_of")
    )
    source = given
    for each in (volunteers, teams, projects, records):
        source = source.join(each, true())
    query = select(
        path,
        volunteers.c.n,
        teams.c.others,
        teams.c.hubs,
        projects.c.n,
        records.c.n,
        records.c.minutes,
    ).select_from(source)
    return prepare(query, TotalsRow)


def _months() -> Statement[MonthRow]:
    given = _given()
    path, end = given.c.path, sql_path_end(given.c.path)
    local = func.timezone(ZONE, ServiceRecord.starts_at)
    month = cast(func.date_trunc("month", local), Date).label("month")
    minutes = cast(func.sum(ServiceRecord.minutes), BigInteger)
    by_month = (
        select(month, func.count().label("n"), minutes.label("minutes"))
        .where(
            in_subtree(ServiceRecord.region_path, path, end),
            ServiceRecord.status == "EFFECTIVE",
            local >= bindparam("first_month", type_=Date),
        )
        .group_by(month)
        .lateral("months_of")
    )
    query = select(path, by_month.c.month, by_month.c.n, by_month.c.minutes).select_from(
        given.join(by_month, true())
    )
    return prepare(query.order_by(path, by_month.c.month), MonthRow)


TOTALS = _totals()
MONTHS = _months()
