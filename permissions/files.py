"""Who may read which uploaded file: the rows of ``db.queries.files.FILE``.

A file is read by who sent it, by who acts for the team it belongs to, by those above that team or
ruling its region, and by who must decide on what it belongs to. A cover is public with its project.
"""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, select
from sqlalchemy.types import BigInteger

from db import models
from db.enums import FilePurpose
from db.events import SubjectType
from db.scope import Clause, Scope
from permissions import clauses as rows
from permissions.viewer import PUBLIC, Role, Viewer
from permissions.visible import visible

_account = bindparam("v_account", type_=BigInteger)


def readable_files(viewer: Viewer) -> Scope:
    """The files that the viewer may read."""
    asking = viewer if viewer.is_complete else PUBLIC
    clause = _RULES.get(asking.role, _public_cover)
    return Scope(f"File:{asking.role.value}", clause, visible("Review", asking).values)


def _public_cover(row: FromClause, _team: FromClause) -> ColumnElement[bool]:
    project = models.Project.__table__.alias("covered")
    team = models.Team.__table__.alias("covered_team")
    shown = (
        select(project.c.id)
        .select_from(project.join(team, team.c.id == project.c.team_id))
        .where(project.c.id == row.c.subject_id, rows.public_project(project, team))
        .correlate(row)
        .exists()
    )
    return and_(
        row.c.purpose == FilePurpose.COVER.value,
        row.c.subject_type == SubjectType.PROJECT.value,
        shown,
    )


def _mine(row: FromClause, _team: FromClause) -> ColumnElement[bool]:
    return row.c.owner_account_id == _account


def _under_review(of: Clause) -> Clause:
    """Files of what a review is about that the clause lets through."""

    def clause(row: FromClause, team: FromClause) -> ColumnElement[bool]:
        review = models.Review.__table__.alias("its_review")
        return (
            select(review.c.id)
            .where(
                review.c.subject_type == row.c.subject_type,
                review.c.subject_id == row.c.subject_id,
                of(review, team),
            )
            .correlate(row, team)
            .exists()
        )

    return clause


_RULES: Mapping[Role, Clause] = {
    Role.VOLUNTEER: rows.any_of(_public_cover, _mine),
    Role.TEAM: rows.any_of(
        _public_cover, _mine, rows.of_my_team, _under_review(rows.awaits_my_team)
    ),
    Role.HUB: rows.any_of(
        _public_cover, _mine, rows.in_subtree_of_mine, _under_review(rows.awaits_my_team)
    ),
    Role.DEPARTMENT: rows.any_of(
        _public_cover, _mine, rows.in_my_region, _under_review(rows.awaits_my_region)
    ),
}
