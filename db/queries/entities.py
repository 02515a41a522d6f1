"""Entities: where rows come from, which team they belong to, how they are ordered and filtered."""

from collections.abc import Mapping

from sqlalchemy import (
    BigInteger,
    DateTime,
    Double,
    Text,
    bindparam,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY

from db import models
from db.queries import rows
from db.queries.administrator_rows import AdministratorRow, administrators
from db.queries.conditions import (
    before,
    between,
    equals,
    hubs,
    in_region,
    named,
    not_hubs,
    one_of,
    overdue,
    overlapping,
    served,
    since,
    undecided,
    unread,
)
from db.queries.entity import Entity, Order
from db.queries.inspections.entities import INSPECTION, INSPECTION_ITEM
from db.queries.matching.entities import NEED, NEED_ANSWER, OFFER
from db.queries.record_rows import RecordPublicityRow, ServiceRecordRow, in_publicity
from db.queries.rewards.entities import REDEMPTION, REWARD_ITEM
from db.queries.voice_rows import ComplaintRow, NoticeRow, SubmissionRow
from db.statements import among

__all__ = ["ENTITIES", "IDS", "Entity", "Order"]

IDS = ARRAY(BigInteger)


REGION = Entity(
    "Region",
    models.Region.__table__,
    rows.RegionRow,
    None,
    {"CODE": Order(1, "code")},
    {
        "level": one_of("level"),
        "parent": equals("parent_id", "f_parent_id"),
        "under": lambda row, _team: between(row.c.path, "f_region_path"),
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
        "served": served,
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
    ServiceRecordRow,
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
# Of a team that the viewer sees; it is read through its team alone, and by no id.
RECORD_PUBLICITY = Entity(
    "RecordPublicity",
    in_publicity(),
    RecordPublicityRow,
    None,
    {"SOONEST": Order(22, "publicity_to")},
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
ADMINISTRATOR = Entity(
    "Administrator",
    administrators(),
    AdministratorRow,
    None,
    {"OLDEST": Order(41, "id"), "LONGEST_UNSEEN": Order(42, "seen_at")},
    {
        "region": in_region,
        "unseen": before("seen_at", "f_unseen_since"),
        "owing": lambda row, _team: row.c.must_change_password,
        "settled": lambda row, _team: ~row.c.must_change_password,
    },
)

COMPLAINT = Entity(
    "Complaint",
    models.Complaint.__table__,
    ComplaintRow,
    "handler_team_id",
    {"OLDEST": Order(60, "id"), "NEWEST": Order(61, "id", descending=True)},
    {
        "status": one_of("status"),
        "topic": one_of("topic"),
        "mine": equals("complainant_account_id", "f_complainant"),
        "held_by_team": equals("handler_team_id", "f_handler_team_id"),
        "held_by_region": equals("handler_region_id", "f_handler_region_id"),
        "undecided": undecided,
        "overdue": overdue,
    },
)
SUBMISSION = Entity(
    "Submission",
    models.Submission.__table__,
    SubmissionRow,
    "team_id",
    {"LATEST": Order(62, "changed_at", descending=True)},
    {
        "status": one_of("status"),
        "region": lambda _row, team: between(team.c.region_path, "f_region_path"),
    },
)
NOTICE = Entity(
    "Notice",
    models.Notice.__table__,
    NoticeRow,
    "team_id",
    {"NEWEST": Order(63, "id", descending=True)},
    {"unread": unread, "standing": lambda row, _team: row.c.withdrawn_at.is_(None)},
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
        ADMINISTRATOR,
        COMPLAINT,
        SUBMISSION,
        NOTICE,
        INSPECTION,
        INSPECTION_ITEM,
        NEED,
        OFFER,
        NEED_ANSWER,
        REWARD_ITEM,
        REDEMPTION,
    )
}
