"""Messages to accounts, written with what they tell of."""

from collections.abc import Collection, Mapping

from db.events import Json
from db.write import Write
from db.write_rows import to_json

_INSERT = """
insert into notifications (province, account_id, event, payload)
select a.province, a.id, $2, $3::text::jsonb from accounts a where a.id = any($1::bigint[])
order by a.id
"""


async def notify(
    write: Write, accounts: Collection[int], event: str, payload: Mapping[str, Json]
) -> None:
    """Leaves a message for each account; it holds ids and no personal data."""
    if accounts:
        await write.run(_INSERT, sorted(accounts), event, to_json(payload))
