"""The facts that access to complaints, articles and notices is decided on."""

from db.rows import Row
from db.statements import Statement


class ComplaintFactsRow(Row):
    """A complaint; one that is closed has the status CLOSED."""

    id: int
    team_id: int | None
    subject_type: str
    about_volunteer_id: int | None
    handler_team_id: int | None
    handler_region_id: int | None
    handler_region_path: str | None
    complainant_account_id: int
    status: str


class SubmissionFactsRow(Row):
    """A contributed article."""

    id: int
    team_id: int
    volunteer_id: int | None
    author_account_id: int
    status: str


class NoticeFactsRow(Row):
    """A notice, and whether it is for the volunteer asked about."""

    id: int
    team_id: int | None
    region_id: int | None
    region_path: str | None
    readers: list[str]
    of_station: bool
    is_withdrawn: bool
    is_for_volunteer: bool


COMPLAINT_FACTS = Statement(
    """
    select c.id, c.team_id, c.subject_type, c.about_volunteer_id, c.handler_team_id,
           c.handler_region_id, a.path, c.complainant_account_id,
           case when c.closed_at is null then c.status else 'CLOSED' end
    from complaints c left join regions a on a.id = c.handler_region_id
    where c.id = any($1::bigint[])
    """,
    ("ids",),
    {},
    ComplaintFactsRow,
)
SUBMISSION_FACTS = Statement(
    """
    select id, team_id, volunteer_id, author_account_id, status
    from submissions where id = any($1::bigint[])
    """,
    ("ids",),
    {},
    SubmissionFactsRow,
)
NOTICE_FACTS = Statement(
    """
    select n.id, n.team_id, n.region_id, a.path, n.readers, n.of_station,
           n.withdrawn_at is not null,
           coalesce(
             (select starts_with(v.region_path, a.path) from volunteers v where v.id = $2), false)
           or exists (select from memberships m join teams own on own.id = m.team_id
                      where m.volunteer_id = $2 and m.status = 'JOINED'
                        and starts_with(own.path, t.path))
    from notices n left join regions a on a.id = n.region_id left join teams t on t.id = n.team_id
    where n.id = any($1::bigint[])
    """,
    ("ids", "volunteer"),
    {"volunteer": 0},
    NoticeFactsRow,
)
