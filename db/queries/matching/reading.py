"""Whom to call about a need, for those who may."""

from db.rows import Row
from db.statements import Statement


class ContactRow(Row):
    """Whom to call about a need, by the need or the answer that leads to it."""

    id: int
    name: str
    phone: str


# A team reads its own, and its department; who would help, once that is accepted.
NEED_CONTACTS = Statement(
    """
    select n.id, n.contact_name, n.contact_phone
    from needs n join teams t on t.id = n.team_id
    where n.id = any($1::bigint[])
      and (n.team_id = $2 or (t.region_path >= $3 and t.region_path < $4))
    """,
    ("ids", "team", "region", "region_end"),
    {},
    ContactRow,
)
ANSWER_CONTACTS = Statement(
    """
    select a.id, n.contact_name, n.contact_phone
    from need_answers a join needs n on n.id = a.need_id
    where a.id = any($1::bigint[]) and a.status = 'ACCEPTED'
      and (a.volunteer_id = $2 or a.from_team_id = $3 or a.team_id = $3)
    """,
    ("ids", "volunteer", "team"),
    {},
    ContactRow,
)
