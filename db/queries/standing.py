"""Who asks: an account with everything it may act as, in one statement.

A process that has seen the account says at which ``standing_version`` and ``tree_epoch``; while
both still stand, the capacities are not looked up again.
"""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    and_,
    bindparam,
    case,
    exists,
    func,
    null,
    select,
    true,
)
from sqlalchemy.orm import aliased

from db.models import (
    Account,
    DepartmentUser,
    Installation,
    Region,
    StationAdmin,
    Team,
    TeamAdmin,
    Volunteer,
)
from db.rows import Row
from db.statements import Statement, prepare
from db.write import Write


class StandingRow(Row):
    """An account, its flags, and its capacities as JSON texts, unless they are known."""

    id: int
    display_name: str
    status: str
    standing_version: int
    is_developer: bool
    is_operator: bool
    is_auditor: bool
    is_station_editor: bool
    must_change_password: bool
    session_epoch: int
    tree_epoch: int
    volunteer_id: int | None
    teams: str | None
    departments: str | None
    stations: list[int] | None
    is_known: bool


def _standing(named: ColumnElement[bool]) -> Statement[StandingRow]:
    branch = aliased(Team)
    has_branches = exists().where(branch.branch_of_id == Team.id).correlate(Team)
    teams = (
        select(
            func.json_agg(
                func.json_build_object(
                    *("id", Team.id),
                    *("team_no", Team.team_no),
                    *("name", Team.name),
                    *("path", Team.path),
                    *("region_path", Team.region_path),
                    *("status", Team.status),
                    *("permission_group", Team.permission_group),
                    *("hub_level", Team.hub_level),
                    *("registration_status", Team.registration_status),
                    *("has_branches", has_branches),
                    *("role", TeamAdmin.role),
                )
            )
        )
        .join_from(TeamAdmin, Team, Team.id == TeamAdmin.team_id)
        .where(TeamAdmin.account_id == Account.id, TeamAdmin.revoked_at.is_(None))
        .correlate(Account)
        .scalar_subquery()
    )
    departments = (
        select(
            func.json_agg(
                func.json_build_object(
                    *("region_id", Region.id),
                    *("region_code", Region.code),
                    *("region_name", Region.name),
                    *("region_path", Region.path),
                    *("region_level", Region.level),
                )
            )
        )
        .join_from(DepartmentUser, Region, Region.id == DepartmentUser.region_id)
        .where(DepartmentUser.account_id == Account.id, DepartmentUser.revoked_at.is_(None))
        .correlate(Account)
        .scalar_subquery()
    )
    stations = (
        select(func.array_agg(StationAdmin.station_id))
        .where(StationAdmin.account_id == Account.id, StationAdmin.revoked_at.is_(None))
        .correlate(Account)
        .scalar_subquery()
    )
    known = and_(
        Account.standing_version == bindparam("known_version", type_=BigInteger),
        Installation.tree_epoch == bindparam("known_epoch", type_=BigInteger),
    )
    query = (
        select(
            Account.id,
            Account.display_name,
            Account.status,
            Account.standing_version,
            Account.is_developer,
            Account.is_operator,
            Account.is_auditor,
            Account.is_station_editor,
            Account.must_change_password,
            Account.session_epoch,
            Installation.tree_epoch,
            Volunteer.id,
            case((known, null()), else_=teams),
            case((known, null()), else_=departments),
            case((known, null()), else_=stations),
            known,
        )
        .join_from(Account, Installation, true())
        .outerjoin(Volunteer, Volunteer.account_id == Account.id)
        .where(named)
    )
    return prepare(query, StandingRow)


STANDING = _standing(Account.id == bindparam("account", type_=BigInteger))
STANDING_OF_SUBJECT = _standing(Account.issuer_subject == bindparam("subject", type_=Text))


async def accounts_of_teams(write: Write, team_ids: Collection[int]) -> tuple[int, ...]:
    """The accounts that act for teams: whose standing a change of the teams' own facts moves.

    For ``DomainEvent.standing_of``; a changed path is told by the tree's epoch instead.
    """
    rows = await write.run(_ACCOUNTS_OF_TEAMS, sorted(team_ids))
    return tuple(row["account_id"] for row in rows)


_ACCOUNTS_OF_TEAMS = """
select distinct account_id from team_admins
where team_id = any($1::bigint[]) and revoked_at is null order by account_id
"""
