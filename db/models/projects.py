"""Projects, their posts, and the sign-ups to them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from db.enums import ProjectStatus, RecruitScope, SignUpStatus, StoppedBy
from db.models.base import Base, BytesText, Now, Replicated, replica_identity, stored


class Project(Replicated, Base):
    """A volunteer project of a team (DOMAIN §3.3, §6.2)."""

    __tablename__ = "projects"
    __table_args__ = (
        replica_identity("projects"),
        Index(
            "ix_projects_team_id_starts_at_id", "team_id", text("starts_at desc"), text("id desc")
        ),
        Index("ix_projects_starts_at_id", text("starts_at desc"), text("id desc")),
        Index("ix_projects_region_path", "region_path"),
        Index("ix_projects_name_grams", "name_grams", postgresql_using="gin"),
        Index(
            "ix_projects_due",
            "status",
            "starts_at",
            "ends_at",
            postgresql_where=text("status in ('WAITING', 'RUNNING')"),
        ),
        CheckConstraint("ends_at > starts_at", "dates_in_order"),
        CheckConstraint("recruit_ends_at > recruit_starts_at", "recruitment_dates_in_order"),
        CheckConstraint("recruit_ends_at <= ends_at", "recruitment_ends_with_the_project"),
        CheckConstraint("min_minutes_required >= 0", "min_minutes_not_negative"),
        CheckConstraint("char_length(name) <= 50", "name_length"),
        CheckConstraint("stopped_by is null or status = 'DISABLED'", "only_disabled_is_stopped"),
    )

    project_no: Mapped[BytesText] = mapped_column(unique=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    name: Mapped[str]
    sort_key: Mapped[BytesText]
    name_grams: Mapped[list[str]] = mapped_column(ARRAY(Text))
    status: Mapped[ProjectStatus] = mapped_column(stored(ProjectStatus, "status"))
    status_before: Mapped[ProjectStatus | None] = mapped_column(
        stored(ProjectStatus, "status_before"), comment="What a disabled project returns to"
    )
    stopped_by: Mapped[StoppedBy | None] = mapped_column(stored(StoppedBy, "stopped_by"))
    status_reason: Mapped[str | None]
    resumed_at: Mapped[datetime | None] = mapped_column(
        comment="When it was last enabled again; nobody is to blame for what stood still"
    )
    opinion: Mapped[str | None]
    scope: Mapped[RecruitScope] = mapped_column(stored(RecruitScope, "scope"))
    no_review_password_hash: Mapped[str | None]
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    region_path: Mapped[BytesText]
    address: Mapped[str | None]
    lng: Mapped[float | None] = mapped_column(Double())
    lat: Mapped[float | None] = mapped_column(Double())
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    recruit_starts_at: Mapped[datetime | None]
    recruit_ends_at: Mapped[datetime | None]
    categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    targets: Mapped[list[str]] = mapped_column(ARRAY(Text))
    guarantees: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    min_minutes_required: Mapped[int] = mapped_column(server_default="0")
    description: Mapped[str]
    risk_notice: Mapped[str | None]
    cover_file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))
    proof_file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))
    proof_file: Mapped[str | None] = mapped_column(comment="Where another system keeps the proof")
    is_truth_declared: Mapped[bool] = mapped_column(server_default="false")
    declarations: Mapped[list[str]] = mapped_column(
        ARRAY(Text),
        server_default="{}",
        comment="The prohibited kinds that the team says the activity is none of",
    )
    contact_name: Mapped[str]
    contact_mobile: Mapped[str]
    contact_mobile_public: Mapped[bool] = mapped_column(server_default="false")
    contact_landline: Mapped[str | None]
    contact_landline_public: Mapped[bool] = mapped_column(server_default="false")
    contact_email: Mapped[str | None]
    contact_email_public: Mapped[bool] = mapped_column(server_default="false")
    published_at: Mapped[datetime | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class ProjectTeam(Base):
    """A team whose members may sign up to a project of scope TEAMS."""

    __tablename__ = "project_teams"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True, index=True)


class ProjectExclusion(Base):
    """Two projects of a team, to one of which a volunteer may be accepted; both ways round."""

    __tablename__ = "project_exclusions"
    __table_args__ = (CheckConstraint("project_id <> other_id", "not_itself"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True, index=True)


class PasswordTries(Base):
    """A volunteer's wrong tries at a project's no-review password, and until when none counts."""

    __tablename__ = "project_password_tries"

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"), primary_key=True)
    failures: Mapped[int] = mapped_column(SmallInteger)
    paused_until: Mapped[datetime | None]


class Post(Replicated, Base):
    """A post of a project with its quota; ``joined`` never passes ``planned``."""

    __tablename__ = "posts"
    __table_args__ = (
        replica_identity("posts"),
        Index("ux_posts_project_id_post_no", "project_id", "post_no", unique=True),
        CheckConstraint("planned > 0", "planned_positive"),
        CheckConstraint("joined between 0 and planned", "quota_holds"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    post_no: Mapped[int] = mapped_column(SmallInteger)
    name: Mapped[str]
    planned: Mapped[int]
    joined: Mapped[int] = mapped_column(server_default="0")
    description: Mapped[str | None]
    conditions: Mapped[str | None]


class SignUp(Replicated, Base):
    """A volunteer's sign-up to a post; ``team_id`` is the project's: scope needs no join."""

    __tablename__ = "sign_ups"
    __table_args__ = (
        replica_identity("sign_ups"),
        Index("ix_sign_ups_project_id_id", "project_id", "id"),
        Index("ix_sign_ups_volunteer_id_id", "volunteer_id", "id"),
        Index("ix_sign_ups_post_id", "post_id"),
        Index("ix_sign_ups_team_id_status", "team_id", "status"),
        Index(
            "ux_sign_ups_one_active",
            "project_id",
            "volunteer_id",
            unique=True,
            postgresql_where=text(
                "status in ('APPLIED', 'INVITED', 'ACCEPTED', 'ATTENDED', 'NO_SHOW')"
            ),
        ),
        Index(
            "ix_sign_ups_open",
            "project_id",
            postgresql_where=text("status in ('APPLIED', 'INVITED', 'ACCEPTED')"),
        ),
        CheckConstraint("checked_out_at > checked_in_at", "check_out_after_check_in"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("projects.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteers.id"))
    status: Mapped[SignUpStatus] = mapped_column(stored(SignUpStatus, "status"))
    applied_at: Mapped[Now]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(
        comment="Why it was refused, declined, cancelled or withdrawn"
    )
    checked_in_at: Mapped[datetime | None]
    checked_out_at: Mapped[datetime | None]
