"""The edges to teams that lie elsewhere and are still decided on, in SQL: a part of ``clauses``.

Such teams are few and found first: a list's own plan stays as it is.
"""

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    bindparam,
    exists,
    func,
    not_,
    select,
    union_all,
)

from db import models
from db.enums import RegistrationStatus, TeamStatus
from db.models.base import BYTES_TEXT
from db.paths import in_subtree
from db.statements import among
from permissions.clauses import PUBLIC_TEAMS, among_ids

_team = bindparam("v_team", type_=BigInteger)
_path = bindparam("v_path", type_=BYTES_TEXT)
_path_end = bindparam("v_path_end", type_=BYTES_TEXT)
_region = bindparam("v_region", type_=BYTES_TEXT)
_region_end = bindparam("v_region_end", type_=BYTES_TEXT)
_teams = models.Team.__table__
_regions = models.Region.__table__


def answers_to_my_region(_row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Rows of teams elsewhere whose affairs a department in the viewer's region decides on.

    Legal persons answer to where they are registered, branches of stopped ones to where those are.
    """
    far = _teams.alias("far")
    organisation = _teams.alias("organisation")
    lies_elsewhere = not_(in_subtree(far.c.region_path, _region, _region_end))
    decides = in_subtree(_regions.c.path, _region, _region_end)
    is_legal = far.c.registration_status == RegistrationStatus.LEGAL_PERSON.value
    legal = (
        select(far.c.id)
        .join(_regions, _regions.c.id == far.c.registration_authority_id)
        .where(is_legal, decides, lies_elsewhere)
    )
    answers_to = func.coalesce(organisation.c.registration_authority_id, organisation.c.region_id)
    branches = (
        select(far.c.id)
        .join(organisation, organisation.c.id == far.c.branch_of_id)
        .join(_regions, _regions.c.id == answers_to)
        .where(
            not_(is_legal),
            not_(among(organisation.c.status, PUBLIC_TEAMS)),
            decides,
            lies_elsewhere,
        )
    )
    return among_ids(team.c.id, union_all(legal, branches))


# Certificates of a team that is no more: who carries on for it reads them as their own.


def left_to_me(_row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Rows of teams that do not work and whose successor is the viewer's."""
    left = _teams.alias("left_team")
    stopped = not_(among(left.c.status, PUBLIC_TEAMS))
    return among_ids(team.c.id, select(left.c.id).where(left.c.successor_id == _team, stopped))


def left_below_me(_row: FromClause, team: FromClause) -> ColumnElement[bool]:
    """Rows of dissolved teams that nobody follows but the viewer's, the nearest above them."""
    left, nearer = _teams.alias("left_team"), _teams.alias("nearer")
    # A team that is not dissolved stands there itself.
    stands_between = exists().where(
        in_subtree(nearer.c.path, _path, _path_end),
        nearer.c.id != _team,
        nearer.c.status != TeamStatus.DISSOLVED.value,
        func.starts_with(left.c.path, nearer.c.path),
    )
    below = select(left.c.id).where(
        in_subtree(left.c.path, _path, _path_end),
        left.c.successor_id.is_(None),
        not_(stands_between.correlate(left)),
    )
    return among_ids(team.c.id, below)
