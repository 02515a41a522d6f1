"""Entities: where rows come from, which team they belong to, how they are ordered and filtered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Double,
    FromClause,
    Text,
    any_,
    bindparam,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from db import models
from db.paths import in_subtree
from db.queries import rows
from db.rows import Row
from db.statements import among

TEXTS = ARRAY(Text)
IDS = ARRAY(BigInteger)

# From the entity's table and its team's to a condition with parameters of the filter's own.
FilterClause = Callable[[FromClause, FromClause], ColumnElement[bool]]


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


def one_of(column: str) -> FilterClause:
    """Rows whose column is one of the given texts."""
    return lambda row, _team: row.c[column] == any_(bindparam(f"f_{column}", type_=TEXTS))


def equals(column: str, parameter: str) -> FilterClause:
    """Rows whose column is the given one."""
    return lambda row, _team: row.c[column] == bindparam(parameter, type_=row.c[column].type)


def since(column: str, parameter: str) -> FilterClause:
    """Rows at or after a moment."""
    return lambda row, _team: row.c[column] >= bindparam(parameter, type_=DateTime(timezone=True))


def before(column: str, parameter: str) -> FilterClause:
    """Rows before a moment."""
    return lambda row, _team: row.c[column] < bindparam(parameter, type_=DateTime(timezone=True))


def overlapping(column: str) -> FilterClause:
    """Rows whose array shares a value with the given one."""
    return lambda row, _team: row.c[column].bool_op("&&")(bindparam(f"f_{column}", type_=TEXTS))


def named(row: FromClause, _team: FromClause) -> ColumnElement[bool]:
    """Rows whose name holds the given text: found by grams, then compared as search compares."""
    grams = row.c.name_grams.bool_op("@>")(bindparam("f_grams", type_=TEXTS))
    folded = func.lower(func.pg_catalog.normalize(row.c.name, literal("NFKC", Text)))
    plain = func.regexp_replace(folded, r"\s", "", "g")
    return grams & (func.strpos(plain, bindparam("f_name", type_=Text)) > 0)


def in_region(row: FromClause, _team: FromClause) -> ColumnElement[bool]:
    """Rows that lie in a region or below it."""
    return _between(row.c.region_path, "f_region_path")


def _between(column: ColumnElement[str], parameter: str) -> ColumnElement[bool]:
    path = bindparam(parameter, type_=models.base.BYTES_TEXT)
    end = bindparam(f"{parameter}_end", type_=models.base.BYTES_TEXT)
    return in_subtree(column, path, end)


def _served(row: FromClause, _team: FromClause) -> ColumnElement[bool]:
    """Volunteers whose effective service within a time comes to so many minutes."""
    records = models.ServiceRecord.__table__
    served = (
        select(func.coalesce(func.sum(records.c.minutes), 0))
        .where(
            records.c.volunteer_id == row.c.id,
            records.c.status == literal("EFFECTIVE", Text),
            records.c.starts_at >= bindparam("f_served_since", type_=DateTime(timezone=True)),
            records.c.starts_at < bindparam("f_served_before", type_=DateTime(timezone=True)),
        )
        .correlate(row)
        .scalar_subquery()
    )
    return served >= bindparam("f_served_minutes", type_=BigInteger)


def hubs(row: FromClause, _team: FromClause) -> ColumnElement[bool]:
    """Teams that are hubs."""
    return row.c.is_hub


def not_hubs(row: FromClause, _team: FromClause) -> ColumnElement[bool]:
    """Teams that are no hubs."""
    return ~row.c.is_hub


REGION = Entity(
    "Region",
    models.Region.__table__,
    rows.RegionRow,
    None,
    {"CODE": Order(1, "code")},
    {
        "level": one_of("level"),
        "parent": equals("parent_id", "f_parent_id"),
        "under": lambda row, _team: _between(row.c.path, "f_region_path"),
        "name": lambda row, _team: func.strpos(row.c.name, bindparam("f_name", type_=Text)) > 0,
    },
)
STATION = Entity(
    "Station", models.Station.__table__, rows.StationRow, None, {"NUMBER": Order(2, "number")}
)
TEAM = Entity(
    "Team",
    models.Team.__table__,
    rows.TeamRow,
    "id",
    {"NAME": Order(3, "sort_key"), "NEWEST": Order(4, "id", descending=True)},
    {
        "hubs": hubs,
        "not_hubs": not_hubs,
        "hub_level": one_of("hub_level"),
        "kind": one_of("kind"),
        "registration_status": one_of("registration_status"),
        "status": one_of("status"),
        "permission_group": one_of("permission_group"),
        "categories": overlapping("service_categories"),
        "name": named,
        "region": in_region,
        "max_depth": lambda row, _team: row.c.depth <= bindparam("f_max_depth", type_=BigInteger),
    },
)
TEAM_ATTACHMENT = Entity(
    "TeamAttachment",
    models.TeamAttachment.__table__,
    rows.TeamAttachmentRow,
    "team_id",
    {"OLDEST": Order(5, "valid_from")},
)
VOLUNTEER = Entity(
    "Volunteer",
    models.Volunteer.__table__,
    rows.VolunteerRow,
    None,
    {
        "NAME": Order(6, "sort_key"),
        "NEWEST": Order(7, "id", descending=True),
        "MINUTES": Order(8, "effective_minutes", descending=True),
    },
    {
        "name": named,
        "region": in_region,
        "status": one_of("status"),
        "star": lambda row, _team: row.c.star >= bindparam("f_min_star", type_=BigInteger),
        "min_minutes": lambda row, _team: (
            row.c.effective_minutes >= bindparam("f_min_minutes", type_=BigInteger)
        ),
        "categories": overlapping("service_categories"),
        "below_star": lambda row, _team: row.c.star < bindparam("f_below_star", type_=BigInteger),
        "evaluated": lambda row, _team: (
            (row.c.evaluation_count > 0)
            & (
                row.c.evaluation_total
                >= row.c.evaluation_count * bindparam("f_min_score", type_=Double)
            )
        ),
        "served": _served,
    },
)
MEMBERSHIP = Entity(
    "Membership",
    models.Membership.__table__,
    rows.MembershipRow,
    "team_id",
    {"OLDEST": Order(9, "id"), "NEWEST": Order(10, "id", descending=True)},
    {"status": one_of("status")},
)
PROJECT = Entity(
    "Project",
    models.Project.__table__,
    rows.ProjectRow,
    "team_id",
    {
        "LATEST": Order(11, "starts_at", descending=True),
        "EARLIEST": Order(12, "starts_at"),
        "NEWEST": Order(13, "id", descending=True),
    },
    {
        "name": named,
        "region": in_region,
        "status": one_of("status"),
        "scope": one_of("scope"),
        "categories": overlapping("categories"),
        "targets": overlapping("targets"),
        "since": since("ends_at", "f_since"),
        "before": before("starts_at", "f_before"),
        "recruiting": lambda row, _team: (
            among(row.c.status, ["WAITING", "RUNNING"])
            & (row.c.recruit_starts_at <= bindparam("f_now", type_=DateTime(timezone=True)))
            & (row.c.recruit_ends_at > bindparam("f_now", type_=DateTime(timezone=True)))
        ),
    },
)
POST = Entity("Post", models.Post.__table__, rows.PostRow, None, {"NUMBER": Order(14, "post_no")})
SIGN_UP = Entity(
    "SignUp",
    models.SignUp.__table__,
    rows.SignUpRow,
    "team_id",
    {"OLDEST": Order(15, "id"), "NEWEST": Order(16, "id", descending=True)},
    {"status": one_of("status")},
)
SERVICE_RECORD = Entity(
    "ServiceRecord",
    models.ServiceRecord.__table__,
    rows.ServiceRecordRow,
    "team_id",
    {
        "LATEST": Order(17, "starts_at", descending=True),
        "EARLIEST": Order(18, "starts_at"),
    },
    {
        "status": one_of("status"),
        "source": one_of("source"),
        "since": since("starts_at", "f_since"),
        "before": before("starts_at", "f_before"),
        "region": in_region,
        "overdue": lambda row, _team: row.c.is_overdue,
    },
)
CERTIFICATE = Entity(
    "Certificate",
    models.Certificate.__table__,
    rows.CertificateRow,
    "team_id",
    {"NEWEST": Order(19, "id", descending=True)},
    {"status": one_of("status")},
)
REVIEW = Entity(
    "Review",
    models.Review.__table__,
    rows.ReviewRow,
    "team_id",
    {"OLDEST": Order(20, "id"), "NEWEST": Order(21, "id", descending=True)},
    {
        "state": one_of("state"),
        "kind": one_of("kind"),
        "awaiting_team": equals("reviewer_team_id", "f_reviewer_team_id"),
        "awaiting_region": equals("reviewer_region_id", "f_reviewer_region_id"),
        "since": since("created_at", "f_since"),
        "before": before("created_at", "f_before"),
        "applicant": equals("applicant_account_id", "f_applicant"),
        "own": equals("applicant_account_id", "f_account"),
    },
)

ENTITIES: Mapping[str, Entity] = {
    entity.name: entity
    for entity in (
        REGION,
        STATION,
        TEAM,
        TEAM_ATTACHMENT,
        VOLUNTEER,
        MEMBERSHIP,
        PROJECT,
        POST,
        SIGN_UP,
        SERVICE_RECORD,
        CERTIFICATE,
        REVIEW,
    )
}
