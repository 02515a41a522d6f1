"""Which rows a viewer may see: the SQL side of the policy (DESIGN §5).

Every function answers for one entity with a ``Scope``. Absent facts deny: a viewer whose capacity
names nothing sees what the public sees.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    and_,
    bindparam,
    false,
    or_,
    select,
    true,
)

from db import models
from db.enums import MembershipStatus, ProjectStatus, TeamStatus
from db.models.base import BYTES_TEXT
from db.paths import in_subtree, path_end
from db.scope import Clause, Scope
from db.statements import among
from permissions.groups import Right, holds
from permissions.viewer import Role, Viewer

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


def _everyone(_row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    return true()


def _nobody(_row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    return false()


EVERY_ROW = Scope("every", _everyone)
NO_ROW = Scope("none", _nobody)


def visible(entity: str, viewer: Viewer) -> Scope:
    """The rows of an entity that the viewer may see; of an unknown entity, none."""
    rule = _RULES.get(entity)
    if rule is None:
        return NO_ROW
    standing = _standing(viewer)
    clause = rule.get(standing, rule.get("PUBLIC", _nobody))
    return Scope(f"{entity}:{standing}", clause, _values(viewer))


def _standing(viewer: Viewer) -> str:
    """Which column of the rules a viewer falls into.

    A role without the facts that make it one falls back to PUBLIC.
    """
    if viewer.role is Role.VOLUNTEER and viewer.account_id is not None:
        return "VOLUNTEER"
    if viewer.role is Role.TEAM and viewer.team is not None:
        return "TEAM"
    if viewer.role is Role.HUB and viewer.team is not None:
        wide = holds(viewer.team.permission_group, Right.MANAGE_REGION_VOLUNTEERS)
        return "HUB_REGION" if wide and viewer.team.hub_level is not None else "HUB"
    if viewer.role is Role.DEPARTMENT and viewer.department is not None:
        return "DEPARTMENT"
    if viewer.role is Role.PARTNER and viewer.partner is not None:
        return "PARTNER"
    return "PUBLIC"


def _values(viewer: Viewer) -> Mapping[str, Any]:
    """The parameters of the clauses; 0 and the empty path match no row."""
    team, department, partner = viewer.team, viewer.department, viewer.partner
    region = ""
    if department is not None:
        region = department.region_path
    elif partner is not None:
        region = partner.region_path
    elif team is not None:
        region = team.region_path
    path = team.path if team is not None else ""
    return {
        "v_account": viewer.account_id or 0,
        "v_volunteer": viewer.volunteer_id or 0,
        "v_team": team.id if team is not None else 0,
        "v_path": path,
        "v_path_end": path_end(path) if path else "",
        "v_region": region,
        "v_region_end": path_end(region) if region else "",
    }


def _in_subtree(_row: FromClause, team: FromClause) -> ColumnElement[bool]:
    return in_subtree(team.c.path, _path, _path_end)


def _in_region(_row: FromClause, team: FromClause) -> ColumnElement[bool]:
    return in_subtree(team.c.region_path, _region, _region_end)


def _own_team(_row: FromClause, team: FromClause) -> ColumnElement[bool]:
    return team.c.id == _team


def _own(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    return row.c.volunteer_id == _volunteer


# Teams: everyone sees enabled ones; a disabled or pending one is seen from inside, from above, by
# the team it chose as view team, and by the department of its region (DOMAIN §6.1, §11.5, §11.25).


def _public_team(_row: FromClause, team: FromClause) -> ColumnElement[bool]:
    return among(team.c.status, PUBLIC_TEAMS)


def _chose_me(_row: FromClause, team: FromClause) -> ColumnElement[bool]:
    return team.c.id.in_(select(_links.c.team_id).where(_links.c.view_team_id == _team))


def _known_team(row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Teams of a volunteer's own memberships and records."""
    joined = select(_memberships.c.team_id).where(
        _memberships.c.volunteer_id == _volunteer, among(_memberships.c.status, OWN_MEMBERSHIPS)
    )
    recorded = select(_records.c.team_id).where(_records.c.volunteer_id == _volunteer)
    return or_(_public_team(row, team), team.c.id.in_(joined), team.c.id.in_(recorded))


# Projects: published ones of public teams for everyone; all of them for who manages the team.


def _public_project(row: FromClause, team: FromClause) -> ColumnElement[bool]:
    return and_(among(row.c.status, PUBLIC_PROJECTS), _public_team(row, team))


def _known_project(row: FromClause, team: FromClause) -> ColumnElement[bool]:
    signed = select(_sign_ups.c.project_id).where(_sign_ups.c.volunteer_id == _volunteer)
    recorded = select(_records.c.project_id).where(
        _records.c.volunteer_id == _volunteer, _records.c.project_id.is_not(None)
    )
    return or_(_public_project(row, team), row.c.id.in_(signed), row.c.id.in_(recorded))


# Volunteers: themselves; who joined, signed up to or was recorded by a team, for who manages it;
# residents, for a hub with 区域内志愿者管理 and for the department (DOMAIN §4, §9).


def _self(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    return row.c.id == _volunteer


def _tied_to(*conditions: Callable[[FromClause], ColumnElement[bool]]) -> Clause:
    """Volunteers with a membership, a sign-up or a record at a team of the conditions."""

    def clause(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
        ties = []
        for table in (_memberships, _sign_ups, _records):
            tie = table.alias("tie")
            team = _teams.alias("tie_team")
            ties.append(
                select(tie.c.volunteer_id)
                .select_from(tie.join(team, team.c.id == tie.c.team_id))
                .where(tie.c.volunteer_id == row.c.id, *(each(team) for each in conditions))
                .correlate(row)
                .exists()
            )
        return or_(*ties)

    return clause


_tied_to_team = _tied_to(lambda team: team.c.id == _team)
_tied_to_subtree = _tied_to(lambda team: in_subtree(team.c.path, _path, _path_end))
_tied_to_region = _tied_to(lambda team: in_subtree(team.c.region_path, _region, _region_end))


def _resident(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    return in_subtree(row.c.region_path, _region, _region_end)


def _any(*clauses: Clause) -> Clause:
    return lambda row, team: or_(*(clause(row, team) for clause in clauses))


def _all(*clauses: Clause) -> Clause:
    return lambda row, team: and_(*(clause(row, team) for clause in clauses))


def _applied(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    return row.c.applicant_account_id == _account


def _awaits_my_team(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    return row.c.reviewer_team_id == _team


def _awaits_my_region(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    below = select(_regions.c.id).where(in_subtree(_regions.c.path, _region, _region_end))
    return row.c.reviewer_region_id.in_(below)


# What follows a person rather than a team: the person, the team it is of, those above it, and the
# department of its region; never a view team, never the public.
_personal: Mapping[str, Clause] = {
    "PUBLIC": _nobody,
    "VOLUNTEER": _own,
    "TEAM": _own_team,
    "HUB": _in_subtree,
    "HUB_REGION": _in_subtree,
    "DEPARTMENT": _in_region,
    "PARTNER": _nobody,
}


def _of_project(rule: Clause) -> Clause:
    """Rows of projects that the rule lets through."""

    def clause(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
        project = _projects.alias("their_project")
        team = _teams.alias("their_team")
        allowed = (
            select(project.c.id)
            .select_from(project.join(team, team.c.id == project.c.team_id))
            .where(rule(project, team), project.c.id == row.c.project_id)
            .correlate(row)
        )
        return allowed.exists()

    return clause


_PROJECT: Mapping[str, Clause] = {
    "PUBLIC": _public_project,
    "VOLUNTEER": _known_project,
    "TEAM": _any(_public_project, _own_team),
    "HUB": _any(_public_project, _in_subtree),
    "HUB_REGION": _any(_public_project, _in_subtree),
    "DEPARTMENT": _any(_public_project, _in_region),
    "PARTNER": _all(_public_project, _in_region),
}

_RULES: Mapping[str, Mapping[str, Clause]] = {
    "Region": {"PUBLIC": _everyone},
    "Station": {"PUBLIC": _everyone},
    "Team": {
        "PUBLIC": _public_team,
        "VOLUNTEER": _known_team,
        "TEAM": _any(_public_team, _own_team, _chose_me),
        "HUB": _any(_public_team, _in_subtree, _chose_me),
        "HUB_REGION": _any(_public_team, _in_subtree, _chose_me),
        "DEPARTMENT": _any(_public_team, _in_region),
        "PARTNER": _all(_public_team, _in_region),
    },
    "TeamAttachment": {
        "PUBLIC": _nobody,
        "TEAM": _own_team,
        "HUB": _in_subtree,
        "HUB_REGION": _in_subtree,
        "DEPARTMENT": _in_region,
    },
    "Project": _PROJECT,
    "Post": {standing: _of_project(rule) for standing, rule in _PROJECT.items()},
    "Volunteer": {
        "PUBLIC": _nobody,
        "VOLUNTEER": _self,
        "TEAM": _tied_to_team,
        "HUB": _tied_to_subtree,
        "HUB_REGION": _any(_tied_to_subtree, _resident),
        "DEPARTMENT": _any(_resident, _tied_to_region),
        "PARTNER": _nobody,
    },
    "Membership": _personal,
    "SignUp": _personal,
    "ServiceRecord": _personal,
    "Certificate": _personal,
    "Review": {
        "PUBLIC": _nobody,
        "VOLUNTEER": _applied,
        "TEAM": _any(_applied, _own_team, _awaits_my_team),
        "HUB": _any(_applied, _in_subtree, _awaits_my_team),
        "HUB_REGION": _any(_applied, _in_subtree, _awaits_my_team),
        "DEPARTMENT": _any(_applied, _in_region, _awaits_my_region),
    },
}
