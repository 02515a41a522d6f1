"""Who issues what a team recorded: itself, the unit it is inside of, or who carries on for it."""

from collections.abc import Sequence

from db.write import Write

# A group inside a unit or a community records under its guidance and issues nothing itself
# (Order 67 §26, DOMAIN §11.12): neither an organisation nor registered, and of one that is.
_UNIT = """
  case when {team}.kind = 'GROUP' and {team}.registration_status = 'UNREGISTERED'
    and {team}.hub_level is null then {team}.affiliated_org_id end"""
# Who issues for a team: itself, or its unit; dissolved, its successor, and so on; without one, the
# nearest contact team above it that is not dissolved.
_HEIRS = f"""
with recursive line as (
  select id as origin, id, status, successor_id, path, array[id] as seen,
    {_UNIT.format(team="teams")} as unit_id
  from teams where {{origins}}
  union all
  select line.origin, t.id, t.status, t.successor_id, t.path, line.seen || t.id,
    {_UNIT.format(team="t")}
  from line join teams t on t.id = coalesce(
    line.unit_id, case when line.status = 'DISSOLVED' then line.successor_id end)
  where not t.id = any(line.seen)
), last as (
  select distinct on (origin) * from line order by origin, cardinality(seen) desc
), heirs as (
  select origin, coalesce(
    case when status <> 'DISSOLVED' then id end,
    (select above.id from teams above
     where above.id = any(string_to_array(left(last.path, -1), '/')::bigint[])
       and above.status <> 'DISSOLVED'
     order by above.depth desc limit 1)) as heir
  from last
)
"""  # noqa: S608 - an expression of ours
_ISSUER = _HEIRS.format(origins="id = $1") + "select heir from heirs"  # noqa: S608 - words of ours
_WAITING_ELSEWHERE = f"""
id in (select team_id from certificates where status = 'REQUESTED')
and (status = 'DISSOLVED' or {_UNIT.format(team="teams")} is not null)
"""  # noqa: S608 - an expression of ours
_TAKE_OVER = """
, waiting as (
  select distinct on (c.volunteer_id, h.heir) c.id, h.heir
  from certificates c join heirs h on h.origin = c.team_id
  where c.status = 'REQUESTED' and h.heir <> c.team_id and not exists (
    select from certificates o
    where o.volunteer_id = c.volunteer_id and o.team_id = h.heir and o.status = 'REQUESTED')
  order by c.volunteer_id, h.heir, c.id limit $1
)
update certificates c set team_id = w.heir from waiting w
where c.id = w.id and c.status = 'REQUESTED'
returning c.id, c.volunteer_id, c.team_id
"""
_HAND_OVER = _HEIRS.format(origins=_WAITING_ELSEWHERE) + _TAKE_OVER


async def fetch_issuer(write: Write, team_id: int) -> int | None:
    """The team that issues what a team recorded; None if that one is dissolved without an heir."""
    rows = await write.run(_ISSUER, team_id)
    issuer_id: int | None = rows[0][0]
    return issuer_id


async def hand_over(write: Write, *, limit: int) -> Sequence[tuple[int, int, int]]:
    """The requests that waited at a team that issues nothing, and now wait at who does for it.

    Each with its volunteer and its new team.
    """
    rows = await write.run(_HAND_OVER, limit)
    return [(row["id"], row["volunteer_id"], row["team_id"]) for row in rows]
