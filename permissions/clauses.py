"""The edges between a viewer and a row, in SQL: what ``visible`` puts its scopes together from.

The parameters are filled in by ``visible``; 0 and the empty path match no row.
"""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    and_,
    any_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from db import models
from db.enums import MembershipStatus, ProjectStatus, RegistrationStatus, TeamStatus
from db.models.base import BYTES_TEXT
from db.paths import in_subtree
from db.scope import Clause
from db.statements import among, not_among
from db.ties import TYING

PUBLIC_TEAMS = (TeamStatus.ENABLED, TeamStatus.CHANGE_PENDING)
PUBLIC_PROJECTS = (
    ProjectStatus.WAITING,
    ProjectStatus.RUNNING,
    ProjectStatus.CLOSED,
    ProjectStatus.MAKE_UP,
)
OWN_MEMBERSHIPS = (
    MembershipStatus.JOINED,
    MembershipStatus.APPLYING,
    MembershipStatus.INVITED,
)

_account = bindparam("v_account", type_=BigInteger)
_volunteer = bindparam("v_volunteer", type_=BigInteger)
_team = bindparam("v_team", type_=BigInteger)
_path = bindparam("v_path", type_=BYTES_TEXT)
_path_end = bindparam("v_path_end", type_=BYTES_TEXT)
_region = bindparam("v_region", type_=BYTES_TEXT)
_region_end = bindparam("v_region_end", type_=BYTES_TEXT)

_memberships = models.Membership.__table__
_links = models.TeamViewLink.__table__
_records = models.ServiceRecord.__table__
_sign_ups = models.SignUp.__table__
_teams = models.Team.__table__
_projects = models.Project.__table__
_regions = models.Region.__table__


def everyone(_row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Every row."""
    return true()


def nobody(_row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """No row."""
    return false()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Rows that one of the clauses lets through."""

    clauses: tuple[Clause, ...]

    def __call__(self, row: FromClause, team: FromClause) -> ColumnElement[bool]:
        return or_(*(clause(row, team) for clause in self.clauses))


@dataclass(frozen=True, slots=True)
class AllOf:
    """Rows that all of the clauses let through."""

    clauses: tuple[Clause, ...]

    def __call__(self, row: FromClause, team: FromClause) -> ColumnElement[bool]:
        return and_(*(clause(row, team) for clause in self.clauses))


def any_of(*clauses: Clause) -> Clause:
    """Rows that one of the clauses lets through."""
    return AnyOf(clauses)


def all_of(*clauses: Clause) -> Clause:
    """Rows that all of the clauses let through."""
    return AllOf(clauses)


def in_subtree_of_mine(_row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Rows of the viewer's team and of all below it."""
    return in_subtree(team.c.path, _path, _path_end)


def in_my_region(_row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Rows of teams in the viewer's region."""
    return in_subtree(team.c.region_path, _region, _region_end)


def of_my_team(_row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Rows of the viewer's team."""
    return team.c.id == _team


def mine(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Rows that follow the viewer as a volunteer."""
    return row.c.volunteer_id == _volunteer


def among_ids(
    column: ColumnElement[int], ids: Select[int] | CompoundSelect[int]
) -> ColumnElement[bool]:
    """Whether an id is one of a few that are found first: ``in`` would be asked row by row."""
    return column == any_(func.array(ids.scalar_subquery(), type_=ARRAY(BigInteger)))


# Teams: everyone sees enabled ones; a disabled or pending one is seen from inside, from above, by
# the team it chose as view team, and by the department of its region (DOMAIN §6.1, §11.5, §11.25).
# A legal person hangs under no hub: those of its area see it by region (DESIGN §4).


def public_team(_row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Teams that work."""
    return among(team.c.status, PUBLIC_TEAMS)


def hidden_team(_row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Teams that do not work."""
    return not_among(team.c.status, PUBLIC_TEAMS)


def chose_me(_row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Teams that chose the viewer's as view team."""
    chose = select(_links.c.team_id).where(_links.c.view_team_id == _team)
    return among_ids(team.c.id, chose)


def legal_in_area(_row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Legal persons in the region of the viewer's hub."""
    legal = team.c.registration_status == RegistrationStatus.LEGAL_PERSON.value
    return and_(legal, in_subtree(team.c.region_path, _region, _region_end))


def known_team(_row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Teams of a volunteer's own memberships and records."""
    joined = select(_memberships.c.team_id).where(
        _memberships.c.volunteer_id == _volunteer, among(_memberships.c.status, OWN_MEMBERSHIPS)
    )
    recorded = select(_records.c.team_id).where(_records.c.volunteer_id == _volunteer)
    return or_(among_ids(team.c.id, joined), among_ids(team.c.id, recorded))


# Projects: published ones of public teams for everyone; all of them for who manages the team.


def public_project(row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Published projects of teams that work."""
    return and_(among(row.c.status, PUBLIC_PROJECTS), public_team(row, team))


def hidden_project(row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Projects that are not published, or of teams that do not work."""
    return or_(not_among(row.c.status, PUBLIC_PROJECTS), hidden_team(row, team))


def known_project(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Projects of a volunteer's own sign-ups and records."""
    signed = select(_sign_ups.c.project_id).where(_sign_ups.c.volunteer_id == _volunteer)
    recorded = select(_records.c.project_id).where(
        _records.c.volunteer_id == _volunteer, _records.c.project_id.is_not(None)
    )
    return or_(among_ids(row.c.id, signed), among_ids(row.c.id, recorded))


@dataclass(frozen=True, slots=True)
class OfProject:
    """Rows of projects that the rule lets through."""

    rule: Clause

    def __call__(self, row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
        project = _projects.alias("their_project")
        team = _teams.alias("their_team")
        is_theirs = and_(project.c.id == row.c.project_id, team.c.id == project.c.team_id)
        return exists().where(is_theirs, self.rule(project, team)).correlate(row)


# Volunteers: themselves; who is tied to a team by what waits or stands, for who answers for it;
# residents, for a hub with 区域内志愿者管理 and for the department (DOMAIN §4, §9).


def myself(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """The volunteer that the viewer acts as."""
    return row.c.id == _volunteer


def resident(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Volunteers who live, and administrators who act, in the viewer's region."""
    return in_subtree(row.c.region_path, _region, _region_end)


@dataclass(frozen=True, slots=True)
class TiedTo:
    """Volunteers whom a membership, a sign-up or a record ties to a team of the rule."""

    rule: Clause

    def __call__(self, row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
        ties = []
        for table in (_memberships, _sign_ups, _records):
            states = TYING[table.description]
            tie = table.alias("tie")
            team = _teams.alias("tie_team")
            is_tied = and_(
                tie.c.volunteer_id == row.c.id,
                team.c.id == tie.c.team_id,
                among(tie.c.status, states),
            )
            ties.append(exists().where(is_tied, self.rule(team, team)).correlate(row))
        return or_(*ties)


tied_to_my_team = TiedTo(of_my_team)
tied_to_my_subtree = TiedTo(in_subtree_of_mine)
tied_to_my_region = TiedTo(in_my_region)


# Reviews.


def i_applied(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Reviews that the viewer's account asked for."""
    return row.c.applicant_account_id == _account


def awaits_my_team(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Reviews that the viewer's team must decide, or has decided."""
    return row.c.reviewer_team_id == _team


def awaits_my_region(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Reviews that a department in the viewer's region must decide, or has decided."""
    below = select(_regions.c.id).where(in_subtree(_regions.c.path, _region, _region_end))
    return row.c.reviewer_region_id.in_(below)
