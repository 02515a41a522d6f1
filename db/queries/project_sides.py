"""The teams that projects recruit from and the projects that they exclude, for many at once."""

from db.rows import Row
from db.statements import Statement


class SideRow(Row):
    """A project, and what stands beside it."""

    project_id: int
    other_id: int


ALLOWED_TEAMS = Statement(
    """
    select project_id, team_id from project_teams where project_id = any($1::bigint[])
    order by project_id, team_id
    """,
    ("ids",),
    {},
    SideRow,
)
EXCLUSIVE_PROJECTS = Statement(
    """
    select project_id, other_id from project_exclusions where project_id = any($1::bigint[])
    order by project_id, other_id
    """,
    ("ids",),
    {},
    SideRow,
)
