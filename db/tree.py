"""Rewriting the team tree: paths, depths and history of whole subtrees (DOMAIN §6.8).

The caller holds the tree lock exclusively, and the statements run in this order: lock, begin the
history, rewrite, write the history. Days are half open: a stretch of history ends on the day on
which the next begins, so that a team moved twice in a day has no gap and no overlap.
"""

from collections.abc import Collection, Mapping
from datetime import date

from db.ledger.triggers import SET_DAY
from db.lock_order import Rank
from db.write import Write

# Teams lock in id order like every other write; two subtrees may share no team, or none would.
_LOCK = """
select s.id from teams s where s.id = any(array(
  select b.id from unnest($1::bigint[]) as top (id)
  join teams t on t.id = top.id
  join teams b on b.path >= t.path and b.path < left(t.path, -1) || '0'
)) or s.id = any($2::bigint[])
order by s.id for update
"""
_BEGIN_HISTORY = """
insert into team_attachments (province, team_id, contact_team_id, path, region_path, valid_from)
select t.province, t.id, t.contact_team_id, t.path, t.region_path,
  least(coalesce(t.founded_on, (t.created_at at time zone 'Asia/Shanghai')::date), $2::date)
from teams t
where t.id = any($1::bigint[])
  and not exists (select from team_attachments a where a.team_id = t.id)
order by t.id
"""
# No path is another's for a moment: each ends in the id of its own team.
_REWRITE = """
with moved as materialized (
  select t.id, t.path, t.depth, c.id as contact_id, c.path || t.id || '/' as new_path,
    c.depth + 1 as new_depth
  from unnest($1::bigint[], $2::bigint[]) as m (team_id, contact_id)
  join teams t on t.id = m.team_id
  join teams c on c.id = m.contact_id
)
update teams s set
  path = m.new_path || substr(s.path, length(m.path) + 1),
  depth = s.depth + m.new_depth - m.depth,
  contact_team_id = case when s.id = m.id then m.contact_id else s.contact_team_id end,
  branch_of_id = case
    when s.id = m.id and s.branch_of_id is not null then m.contact_id else s.branch_of_id end,
  updated_at = case when s.id = m.id then now() else s.updated_at end
from moved m
where s.path >= m.path and s.path < left(m.path, -1) || '0'
"""
# A view team is never the contact team (DOMAIN §11.5).
_DROP_VIEWS = """
delete from team_view_links v using unnest($1::bigint[], $2::bigint[]) as m (team_id, contact_id)
where v.team_id = m.team_id and v.view_team_id = m.contact_id
"""
_CLOSE_HISTORY = """
update team_attachments a set valid_to = greatest(a.valid_from, $2::date)
from teams t
where t.id = any($1::bigint[]) and a.team_id = t.id and a.valid_to is null
  and (a.path, a.region_path) is distinct from (t.path, t.region_path)
"""
_OPEN_HISTORY = """
insert into team_attachments (province, team_id, contact_team_id, path, region_path, valid_from,
  is_forced, reason)
select t.province, t.id, t.contact_team_id, t.path, t.region_path, last.valid_to, $2, $3
from teams t
cross join lateral (
  select max(a.valid_to) as valid_to from team_attachments a where a.team_id = t.id
) last
where t.id = any($1::bigint[]) and last.valid_to is not null
  and not exists (select from team_attachments a where a.team_id = t.id and a.valid_to is null)
order by t.id
"""
_MOVE_EPOCH = "update installation set tree_epoch = tree_epoch + 1"
_HEIGHT = """
select t.id, max(b.depth) - t.depth as height from teams t
join teams b on b.path >= t.path and b.path < left(t.path, -1) || '0'
where t.id = any($1::bigint[]) group by t.id
"""


async def lock_subtrees(
    write: Write, tops: Collection[int], *, beside: Collection[int] = ()
) -> list[int]:
    """The ids of all teams at and below ``tops``, and of those ``beside``, locked in id order."""
    write.locking(Rank.TEAM)
    rows = await write.run(_LOCK, sorted(tops), sorted(beside))
    return [row["id"] for row in rows]


async def fetch_heights(write: Write, tops: Collection[int]) -> Mapping[int, int]:
    """How many levels lie below each team."""
    return {row["id"]: row["height"] for row in await write.run(_HEIGHT, sorted(tops))}


async def begin_history(write: Write, team_ids: Collection[int], day: date) -> None:
    """Gives teams that have no history yet the stretch that now ends; what moves, does so then."""
    await write.run(SET_DAY, day)
    await write.run(_BEGIN_HISTORY, sorted(team_ids), day)


async def rewrite_paths(write: Write, moves: Mapping[int, int]) -> None:
    """Hangs each team under its new contact team, everything below it included.

    No moved team may lie below another, nor a new contact team below any: the caller has checked.
    """
    if moves:
        await write.run(_REWRITE, list(moves), list(moves.values()))
        await write.run(_DROP_VIEWS, list(moves), list(moves.values()))


async def write_history(
    write: Write, team_ids: Collection[int], *, day: date, is_forced: bool, reason: str | None
) -> None:
    """Ends the current stretch of every team whose path or region changed, and begins the next.

    A stretch that began after ``day`` ends where it began.
    """
    ids = sorted(team_ids)
    await write.run(_CLOSE_HISTORY, ids, day)
    await write.run(_OPEN_HISTORY, ids, is_forced, reason)


async def move_epoch(write: Write) -> None:
    """Makes every standing that was computed from the tree so far a thing of the past.

    No account's ``standing_version`` has to move for a changed path, group or state of its team:
    standings are kept under the epoch as well.
    """
    await write.run(_MOVE_EPOCH)
