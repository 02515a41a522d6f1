"""What becomes of a volunteer's offers and answers when they leave, and when they are erased."""

from db.lock_order import Rank
from db.write import Write

_LOCK_NEEDS = """
select n.id from needs n where n.id in (
  select a.need_id from need_answers a
  where a.volunteer_id = $1 and a.status in ('PENDING', 'ACCEPTED')
) order by n.id for update
"""
_GIVE_PLACES_BACK = """
update needs n set found = n.found - a.people
from need_answers a where a.need_id = n.id and a.volunteer_id = $1 and a.status = 'ACCEPTED'
"""
_WITHDRAW_ANSWERS = """
update need_answers set status = 'WITHDRAWN', decided_at = now()
where volunteer_id = $1 and status in ('PENDING', 'ACCEPTED')
"""
_CLOSE_OFFERS = """
update offers set status = 'CLOSED' where volunteer_id = $1 and status = 'OPEN'
"""
# What people write of themselves tells who they are.
_ERASE_OFFERS = """
update offers set title = '', description = '', skills = '{}', close_reason = null
where volunteer_id = $1
"""
_ERASE_ANSWERS = "update need_answers set message = '', reason = null where volunteer_id = $1"


async def leave(write: Write, volunteer_id: int) -> None:
    """Ends the open offers and answers of a volunteer; accepted ones give their places back."""
    write.locking(Rank.NEED)
    await write.run(_LOCK_NEEDS, volunteer_id)
    await write.run(_GIVE_PLACES_BACK, volunteer_id)
    await write.run(_WITHDRAW_ANSWERS, volunteer_id)
    await write.run(_CLOSE_OFFERS, volunteer_id)


async def erase(write: Write, volunteer_id: int) -> None:
    """Takes away what a volunteer has written in offers and answers."""
    await write.run(_ERASE_OFFERS, volunteer_id)
    await write.run(_ERASE_ANSWERS, volunteer_id)
