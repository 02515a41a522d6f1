"""Messages to accounts, written with what they tell of."""

from collections.abc import Collection, Mapping
from datetime import datetime

from db.events import Json
from db.rows import Row
from db.statements import Statement
from db.write import Write
from db.write_rows import to_json

_INSERT = """
insert into notifications (province, account_id, event, payload)
select a.province, a.id, $2, $3::text::jsonb from accounts a where a.id = any($1::bigint[])
order by a.id
"""
_READ = """
update notifications set read_at = now()
where account_id = $1 and id = any($2::bigint[]) and read_at is null returning id
"""


class NotificationRow(Row):
    """A message to an account, and the team and the complaint or article that it is about."""

    id: int
    event: str
    team_id: int | None
    subject_type: str | None
    subject_id: int | None
    created_at: datetime
    read_at: datetime | None


NOTIFICATIONS = Statement(
    """
    select id, event, (payload ->> 'teamId')::bigint,
      case when payload ? 'complaintId' then 'Complaint'
           when payload ? 'submissionId' then 'Submission' end,
      coalesce(payload ->> 'complaintId', payload ->> 'submissionId')::bigint,
      created_at, read_at
    from notifications where account_id = $1 order by id desc limit $2
    """,
    ("account", "most"),
    {},
    NotificationRow,
)


async def notify(
    write: Write, accounts: Collection[int], event: str, payload: Mapping[str, Json]
) -> None:
    """Leaves a message for each account; it holds ids and no personal data."""
    if accounts:
        await write.run(_INSERT, sorted(accounts), event, to_json(payload))


async def mark_read(write: Write, account_id: int, ids: Collection[int]) -> int:
    """How many of the account's own messages were marked just now."""
    return len(await write.run(_READ, account_id, sorted(ids)))
