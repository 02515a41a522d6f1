"""Accounts, their sessions, and the capacities they hold."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from db.enums import AccountStatus, TeamAdminRole
from db.models.base import Base, BytesText, Now, Replicated, WithId, replica_identity, stored


class Account(Replicated, Base):
    """Who signs in: one person's account, or the one of an administrator.

    ``standing_version`` moves in the transaction that changes what the account may do, so that a
    cached standing is never used after it (DESIGN §5).
    """

    __tablename__ = "accounts"
    __table_args__ = (
        replica_identity("accounts"),
        CheckConstraint("username = lower(username)", "username_lower"),
        CheckConstraint("standing_version > 0", "standing_version_positive"),
        CheckConstraint(
            "must_change_password or password_expires_at is null", "first_passwords_expire"
        ),
    )

    username: Mapped[BytesText] = mapped_column(unique=True)
    display_name: Mapped[str]
    password_hash: Mapped[str | None] = mapped_column(
        comment="argon2id, or legacy$<scheme>$<salt>$<hex digest> until the first sign-in"
    )
    status: Mapped[AccountStatus] = mapped_column(stored(AccountStatus, "status"))
    must_change_password: Mapped[bool] = mapped_column(server_default="false")
    password_expires_at: Mapped[datetime | None] = mapped_column(
        comment="Until when a first password lets in; none once it was changed"
    )
    session_epoch: Mapped[int] = mapped_column(
        server_default="1", comment="Moves when all sessions end: tokens of another are refused"
    )
    failed_sign_ins: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    locked_until: Mapped[datetime | None]
    standing_version: Mapped[int] = mapped_column(server_default="1")
    issuer_subject: Mapped[str | None] = mapped_column(
        unique=True, comment="'<issuer>|<subject>' of an external identity provider"
    )
    is_developer: Mapped[bool] = mapped_column(server_default="false")
    is_operator: Mapped[bool] = mapped_column(server_default="false")
    is_auditor: Mapped[bool] = mapped_column(server_default="false")
    is_station_editor: Mapped[bool] = mapped_column(server_default="false")
    last_signed_in_at: Mapped[datetime | None]
    created_at: Mapped[Now]


class SignInSession(WithId, Base):
    """One refresh token of a chain that began with a sign-in; a used one ends its chain."""

    __tablename__ = "sign_in_sessions"
    __table_args__ = (
        Index("ix_sign_in_sessions_account_id", "account_id"),
        Index("ix_sign_in_sessions_family", "family"),
        Index("ix_sign_in_sessions_expires_at", "expires_at"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    family: Mapped[UUID] = mapped_column(Uuid)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[Now]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class TeamAdmin(Replicated, Base):
    """A person named to act for a team."""

    __tablename__ = "team_admins"
    __table_args__ = (
        replica_identity("team_admins"),
        Index("ix_team_admins_account_id", "account_id"),
        Index(
            "ux_team_admins_current",
            "team_id",
            "account_id",
            "role",
            unique=True,
            postgresql_where=text("revoked_at is null"),
        ),
    )

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    role: Mapped[TeamAdminRole] = mapped_column(stored(TeamAdminRole, "role"))
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    granted_at: Mapped[Now]
    revoked_at: Mapped[datetime | None]


class DepartmentUser(Replicated, Base):
    """A person of a civil-affairs department; its region is what the person rules over."""

    __tablename__ = "department_users"
    __table_args__ = (
        replica_identity("department_users"),
        Index("ix_department_users_account_id", "account_id"),
        Index(
            "ux_department_users_current",
            "region_id",
            "account_id",
            unique=True,
            postgresql_where=text("revoked_at is null"),
        ),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("regions.id"))
    title: Mapped[str | None]
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    granted_at: Mapped[Now]
    reminded_at: Mapped[datetime | None] = mapped_column(
        comment="When a department last asked them to sign in"
    )
    revoked_at: Mapped[datetime | None]
