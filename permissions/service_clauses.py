"""The edges between a viewer and checks, needs, offers and rewards, in SQL.

The parameters are those of ``clauses``, filled in by ``visible``.
"""

from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, FromClause, and_, bindparam, exists, or_, select

from db import models
from db.enums import InspectionStatus, MatchStatus, RewardItemStatus
from db.models.base import BYTES_TEXT
from db.paths import in_subtree
from db.scope import Clause
from db.statements import among
from permissions.clauses import PUBLIC_TEAMS, in_subtree_of_mine, of_my_team
from permissions.clauses import public_team as works

_team = bindparam("v_team", type_=BigInteger)
_volunteer = bindparam("v_volunteer", type_=BigInteger)
_region = bindparam("v_region", type_=BYTES_TEXT)
_region_end = bindparam("v_region_end", type_=BYTES_TEXT)
_regions = models.Region.__table__
_teams = models.Team.__table__
_inspections = models.Inspection.__table__
_parts = models.InspectionTeam.__table__
_answers = models.NeedAnswer.__table__


def region_in_mine(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Rows of a region that the viewer's department, hub or contract is over."""
    below = select(_regions.c.id).where(in_subtree(_regions.c.path, _region, _region_end))
    return row.c.region_id.in_(below)


# Random checks: their results are public.


def published(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Checks whose result is public."""
    return row.c.status == InspectionStatus.PUBLISHED.value


@dataclass(frozen=True, slots=True)
class Asked:
    """Checks that have asked a team which the clause lets through."""

    of: Clause

    def __call__(self, row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
        part = _parts.alias("part")
        team = _teams.alias("part_team")
        is_part = and_(part.c.inspection_id == row.c.id, team.c.id == part.c.team_id)
        found = exists().where(is_part, self.of(part, team)).correlate(row)
        return and_(row.c.asked_at.is_not(None), found)


asked_my_team = Asked(of_my_team)
asked_my_subtree = Asked(in_subtree_of_mine)


@dataclass(frozen=True, slots=True)
class OfInspection:
    """Items of checks that the clause lets through."""

    of: Clause

    def __call__(self, row: FromClause, team: FromClause) -> ColumnElement[bool]:
        inspection = _inspections.alias("its_inspection")
        is_its = inspection.c.id == row.c.inspection_id
        return exists().where(is_its, self.of(inspection, team)).correlate(row)


def _was_asked(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    return row.c.asked_at.is_not(None)


of_asked_inspection = OfInspection(_was_asked)
of_inspection_in_my_region = OfInspection(region_in_mine)


# Needs and offers: what is open is public, a volunteer's offers for working teams alone.


def _is_open(row: FromClause) -> ColumnElement[bool]:
    return row.c.status == MatchStatus.OPEN.value


def open_of_team(row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Open needs or offers of teams that work."""
    return and_(_is_open(row), works(row, team))


def open_of_volunteer(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Open offers of volunteers, for a team that works itself."""
    me = _teams.alias("me")
    looking = exists().where(me.c.id == _team, among(me.c.status, PUBLIC_TEAMS))
    return and_(_is_open(row), row.c.volunteer_id.is_not(None), looking)


def of_volunteer_in_my_region(row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Offers of volunteers for a region of the viewer's."""
    return and_(row.c.volunteer_id.is_not(None), region_in_mine(row, team))


def i_answered(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Needs that the viewer has answered, as a volunteer or for a team."""
    mine = or_(_answers.c.volunteer_id == _volunteer, _answers.c.from_team_id == _team)
    return exists().where(_answers.c.need_id == row.c.id, mine).correlate(row)


def from_my_team(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Answers by which the viewer's team would help."""
    return row.c.from_team_id == _team


# Rewards.


def on_offer(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Rewards that can be redeemed."""
    return row.c.status == RewardItemStatus.OFFERED.value
