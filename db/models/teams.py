"""Contact teams: the forest, its view links, its history."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Computed, Double, ForeignKey, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import CHAR, Text

from db.enums import (
    EntityStatus,
    HubLevel,
    PermissionGroup,
    RegistrationStatus,
    TeamKind,
    TeamStatus,
)
from db.models.base import Base, BytesText, Now, Replicated, replica_identity, stored

MAX_DEPTH = 16


class Team(Replicated, Base):
    """A volunteer team of any kind: hub, legal person, branch or non-hub (DOMAIN §3.1).

    ``path`` is the ids of the ancestors and then its own, each closed by ``/``; a subtree is
    ``path >= p and path < end(p)``. Hub level and legal status are independent of each other.
    """

    __tablename__ = "teams"
    __table_args__ = (
        replica_identity("teams"),
        Index("ix_teams_children", "contact_team_id", "is_hub", "sort_key", "id"),
        Index("ix_teams_sort_key_id", "sort_key", "id"),
        Index("ix_teams_region_path", "region_path"),
        Index("ix_teams_region_id_is_hub", "region_id", "is_hub"),
        Index(
            "ix_teams_branch_of_id",
            "branch_of_id",
            postgresql_where=text("branch_of_id is not null"),
        ),
        Index(
            "ix_teams_registration_authority_id",
            "registration_authority_id",
            postgresql_where=text("registration_authority_id is not null"),
        ),
        Index(
            "ix_teams_successor_id",
            "successor_id",
            postgresql_where=text("successor_id is not null"),
        ),
        Index("ix_teams_name_grams", "name_grams", postgresql_using="gin"),
        # What lists have beside what the ledger counts.
        Index(
            "ix_teams_hidden",
            "path",
            postgresql_where=text("status not in ('ENABLED', 'CHANGE_PENDING')"),
        ),
        Index("ix_teams_uscc", "uscc", postgresql_where=text("uscc is not null")),
        # One hub per region; a dissolved one leaves its place (DOMAIN §11.8).
        Index(
            "ux_teams_one_hub_per_region",
            "region_id",
            unique=True,
            postgresql_where=text(
                "hub_level is not null and status not in ('DISSOLVED', 'REJECTED', 'DRAFT')"
            ),
        ),
        CheckConstraint("right(path, length(id::text) + 1) = id::text || '/'", "path_ends_in_id"),
        CheckConstraint("(contact_team_id is null) = (depth = 1)", "roots_have_no_contact_team"),
        CheckConstraint(f"depth between 1 and {MAX_DEPTH}", "depth_bounded"),
        CheckConstraint("contact_team_id <> id", "not_its_own_contact_team"),
        CheckConstraint(
            "branch_of_id is null or branch_of_id = contact_team_id",
            "branch_hangs_under_its_organisation",
        ),
        CheckConstraint(
            "uscc is not null or registration_status <> 'LEGAL_PERSON'", "legal_person_has_uscc"
        ),
        CheckConstraint("lng between -180 and 180 and lat between -90 and 90", "place_on_earth"),
    )

    team_no: Mapped[BytesText] = mapped_column(unique=True)
    name: Mapped[str]
    sort_key: Mapped[BytesText]
    name_grams: Mapped[list[str]] = mapped_column(ARRAY(Text))
    kind: Mapped[TeamKind] = mapped_column(stored(TeamKind, "kind"))
    registration_status: Mapped[RegistrationStatus] = mapped_column(
        stored(RegistrationStatus, "registration_status")
    )
    hub_level: Mapped[HubLevel | None] = mapped_column(stored(HubLevel, "hub_level"))
    is_hub: Mapped[bool] = mapped_column(Computed("hub_level is not null", persisted=True))
    permission_group: Mapped[PermissionGroup] = mapped_column(
        stored(PermissionGroup, "permission_group")
    )
    status: Mapped[TeamStatus] = mapped_column(stored(TeamStatus, "status"))
    status_reason: Mapped[str | None]

    contact_team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    branch_of_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    affiliated_org_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    path: Mapped[BytesText] = mapped_column(unique=True)
    depth: Mapped[int] = mapped_column(SmallInteger)

    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    region_path: Mapped[BytesText]
    registration_authority_id: Mapped[int | None] = mapped_column(
        ForeignKey("regions.id"), comment="Region whose civil-affairs department registered it"
    )
    uscc: Mapped[str | None] = mapped_column(CHAR(18))
    entity_status: Mapped[EntityStatus | None] = mapped_column(
        stored(EntityStatus, "entity_status"),
        comment="What the register of legal persons last said of it",
    )
    entity_checked_at: Mapped[datetime | None]
    responsible_unit: Mapped[str | None]
    responsible_unit_kind: Mapped[str | None]
    competent_unit: Mapped[str | None]
    competent_unit_kind: Mapped[str | None]

    address: Mapped[str | None]
    postcode: Mapped[str | None]
    lng: Mapped[float | None] = mapped_column(Double())
    lat: Mapped[float | None] = mapped_column(Double())
    founded_on: Mapped[date | None]
    planned_size: Mapped[int | None]
    service_categories: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    intro: Mapped[str | None]

    principal_name: Mapped[str]
    principal_mobile: Mapped[str]
    principal_mobile_public: Mapped[bool] = mapped_column(server_default="false")
    contact_name: Mapped[str]
    contact_mobile: Mapped[str]
    contact_mobile_public: Mapped[bool] = mapped_column(server_default="false")
    contact_email: Mapped[str | None]

    registered_at: Mapped[datetime | None]
    created_at: Mapped[Now]
    updated_at: Mapped[Now]


class TeamViewLink(Base):
    """A team that chose another as its view team (查看团体): read-only, no part of the path."""

    __tablename__ = "team_view_links"
    __table_args__ = (
        CheckConstraint("team_id <> view_team_id", "not_its_own_view_team"),
        Index("ix_team_view_links_view_team_id", "view_team_id"),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    view_team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    since: Mapped[date]


class TeamAttachment(Replicated, Base):
    """Where a team hung, and in which region it lay, from a day until another (DOMAIN §6.8)."""

    __tablename__ = "team_attachments"
    __table_args__ = (
        replica_identity("team_attachments"),
        Index(
            "ux_team_attachments_current",
            "team_id",
            unique=True,
            postgresql_where=text("valid_to is null"),
        ),
        Index("ix_team_attachments_team_id_valid_from", "team_id", "valid_from"),
        CheckConstraint("valid_to >= valid_from", "dates_in_order"),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    contact_team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    path: Mapped[BytesText]
    region_path: Mapped[BytesText]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    is_forced: Mapped[bool] = mapped_column(server_default="false")
    reason: Mapped[str | None]
