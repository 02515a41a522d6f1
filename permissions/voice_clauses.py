"""The edges between a viewer and complaints, articles and notices, in SQL.

The twins of ``reading``; parameters are filled in by ``visible``, as those of ``clauses``.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    FromClause,
    and_,
    any_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
)

from db import models
from db.enums import MembershipStatus, NoticeReader, SubmissionStatus
from db.models.base import BYTES_TEXT
from db.paths import in_subtree
from db.scope import Clause
from db.statements import among
from permissions.clauses import all_of, of_my_team, public_team
from permissions.publishing_rules import EDITED, HANDED_IN

_account = bindparam("v_account", type_=BigInteger)
_person = bindparam("v_person", type_=BigInteger)
_volunteer = bindparam("v_volunteer", type_=BigInteger)
_path = bindparam("v_path", type_=BYTES_TEXT)
_place = bindparam("v_place", type_=BYTES_TEXT)
_region = bindparam("v_region", type_=BYTES_TEXT)
_region_end = bindparam("v_region_end", type_=BYTES_TEXT)
_is_editor = bindparam("v_editor", type_=Boolean)

_regions = models.Region.__table__
_volunteers = models.Volunteer.__table__
_memberships = models.Membership.__table__
_teams = models.Team.__table__


# Complaints: the team of a row is the one that holds it.


def i_complained(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Complaints of the viewer's account."""
    return row.c.complainant_account_id == _account


def not_about_me(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Complaints that are not about the person who asks, in whatever capacity."""
    return row.c.about_volunteer_id.is_distinct_from(_person)


def held_in_my_region(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Complaints that a department in the viewer's region holds."""
    below = select(_regions.c.id).where(in_subtree(_regions.c.path, _region, _region_end))
    return row.c.handler_region_id.in_(below)


# Articles.


def published(row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Published articles of teams that work."""
    is_published = row.c.status == SubmissionStatus.PUBLISHED.value
    return and_(is_published, public_team(row, team))


def handed_in(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Articles that others than their authors see."""
    return among(row.c.status, sorted(HANDED_IN))


def to_edit(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """What the station's editor works on."""
    return and_(_is_editor, among(row.c.status, sorted(EDITED)))


def _of_team_itself(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    return row.c.volunteer_id.is_(None)


my_teams_own: Clause = all_of(of_my_team, _of_team_itself)


# Notices: the team of a row is the hub that issued it. A department's has no team, and a hub's no
# region: what is asked of the one that is not there is null, which lets no row through.


def _is_for(row: FromClause, reader: NoticeReader) -> ColumnElement[bool]:
    return literal(reader.value) == any_(row.c.readers)


def _stands(row: FromClause) -> ColumnElement[bool]:
    return row.c.withdrawn_at.is_(None)


def _region_of(row: FromClause) -> ColumnElement[str]:
    return (
        select(_regions.c.path).where(_regions.c.id == row.c.region_id).correlate(row)
    ).scalar_subquery()


def for_anyone(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Notices to anyone."""
    return and_(_stands(row), _is_for(row, NoticeReader.ANYONE))


def for_volunteer(row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Notices to the volunteers of a region, and to the members of a hub's subtree."""
    home = select(_volunteers.c.region_path).where(_volunteers.c.id == _volunteer)
    place = home.scalar_subquery()
    mine = _teams.alias("member_of")
    joined = (
        exists()
        .where(
            _memberships.c.volunteer_id == _volunteer,
            mine.c.id == _memberships.c.team_id,
            among(_memberships.c.status, (MembershipStatus.JOINED,)),
            func.starts_with(mine.c.path, team.c.path),
        )
        .correlate(team)
    )
    is_near = func.starts_with(place, _region_of(row))
    return and_(_stands(row), _is_for(row, NoticeReader.VOLUNTEERS), or_(is_near, joined))


def for_team(row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Notices to the teams of a region, and to those of a hub's subtree."""
    below = func.starts_with(_path, team.c.path)
    near = func.starts_with(_place, _region_of(row))
    return and_(_stands(row), _is_for(row, NoticeReader.TEAMS), or_(below, near))


def for_department(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Notices to the departments of a region."""
    near = func.starts_with(_place, _region_of(row))
    return and_(_stands(row), _is_for(row, NoticeReader.DEPARTMENTS), near)


def issued_in_my_region(row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Notices of the viewer's department and of those below, and of hubs in its region."""
    inside = in_subtree(_region_of(row), _region, _region_end)
    return or_(inside, in_subtree(team.c.region_path, _region, _region_end))


def of_station(row: FromClause, _team_of: FromClause) -> ColumnElement[bool]:
    """Notices of the station, for its editor."""
    return and_(_is_editor, row.c.of_station)
