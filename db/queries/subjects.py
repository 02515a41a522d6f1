"""Rows as people name them: an account by its username, a subject by its printed number."""

from db.rows import Row
from db.statements import Statement


class IdRow(Row):
    """An id."""

    id: int


class SubjectRow(Row):
    """A row of an entity."""

    entity: str
    id: int


ACCOUNT_OF_USERNAME = Statement(
    "select id from accounts where username = $1", ("username",), {}, IdRow
)
SUBJECT_OF_NUMBER = Statement(
    """
    select 'Team', id from teams where team_no = $1
    union all select 'Project', id from projects where project_no = $1
    union all select 'Volunteer', id from volunteers where volunteer_no = $1
    union all select 'Certificate', id from certificates where certificate_no = $1
    union all select 'Region', id from regions where code = $1
    """,
    ("number",),
    {},
    SubjectRow,
)
