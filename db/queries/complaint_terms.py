"""By when a complaint is to be decided, reviewed or appealed, and who was reminded of it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from db.enums import ComplaintReminder
from db.write import Write

TIME_TO_DECIDE = timedelta(days=60)
"""From handing in to the first decision: as for petitions (信访工作条例 art. 34)."""
TIME_TO_REVIEW = timedelta(days=30)
"""From an appeal to its decision: as for 复查 and 复核 (信访工作条例 art. 35, 36)."""
TIME_TO_APPEAL = timedelta(days=60)
"""From a decision to the appeal: as for 行政复议 (行政复议法 art. 20); petitions leave half."""

# Of what is past already nothing is told again; of what is due soon, once it is past.
_TO_REMIND = """
select id from complaints
where closed_at is null and decided_at is null and reminded is distinct from 'PAST'
  and due_at <= $2 and (reminded is null or due_at <= $1) and id > $3
order by id limit $4
"""
_REMIND = """
update complaints set reminded = case when due_at <= $2 then 'PAST' else 'SOON' end
where id = any($1::bigint[]) and closed_at is null and decided_at is null
  and due_at <= $3 and (reminded is null or reminded = 'SOON' and due_at <= $2)
returning id, reminded
"""


async def fetch_to_remind(
    write: Write, *, now: datetime, soon: datetime, after: int, limit: int
) -> list[int]:
    """Undecided complaints behind one whose holder is to be told that they are due, or were."""
    return [row["id"] for row in await write.run(_TO_REMIND, now, soon, after, limit)]


async def mark_reminded(
    write: Write, ids: Collection[int], *, now: datetime, soon: datetime
) -> Sequence[tuple[int, ComplaintReminder]]:
    """Those of the complaints, locked now, that nobody was told of meanwhile, and what to tell."""
    rows = await write.run(_REMIND, ids, now, soon)
    return sorted((row["id"], ComplaintReminder(row["reminded"])) for row in rows)
