"""Rebuilding: totals made anew from the base tables, while the station goes on.

Stocks begin on the day that their rows name; what they were until a day, where no row tells it any
more, the triggers kept (``ledger_past``). Both lie where their team, or their region, lay on each
day. So a rebuild comes to what the ledger said of every past day, but of rows that came in beside
the triggers: of those it knows what the tables tell.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from collections.abc import Iterator, Mapping
from typing import Any

from db.ledger import facts
from db.ledger.facts import BEGAN, COLUMNS
from db.ledger.laying import SETTINGS, lay
from db.ledger.triggers import TODAY
from db.ledger.verifying import folder_held
from db.progress import Progress, silent

# Where each team and each region lay, from a day until another; the first stretch reaches back to
# the beginning.
_TEAMS = """
create temp table ledger_stretches on commit drop as
select team_id as id, path, region_path, valid_to as until,
  case when row_number() over (partition by team_id order by valid_from, id) = 1
    then '-infinity' else valid_from end as since
from team_attachments
union all
select t.id, t.path, t.region_path, null, '-infinity' from teams t
where not exists (select from team_attachments a where a.team_id = t.id)
"""
_REGIONS = """
create temp table ledger_grounds on commit drop as
select id, path, until, coalesce(lag(until) over (partition by id order by until, nth),
  '-infinity') as since
from (
  select region_id as id, path, until, id as nth from ledger_regions
  union all select id, path, null, null from regions) f
"""
_PLACED_TEAMS = """
(select t.id, t.status, t.hub_level, t.kind, t.registration_status, t.permission_group,
  t.service_categories, t.region_id, t.registered_at, t.created_at,
  p.path, p.region_path, p.since, p.until
from teams t join ledger_stretches p on p.id = t.id)
"""
_PLACED_VOLUNTEERS = """
(select v.id, v.status, v.registered_at, v.sex, v.born_on, v.star, v.effective_minutes,
  v.education, v.employment, v.political_status, v.service_categories, v.skills,
  p.path as region_path, p.since, p.until
from volunteers v join ledger_grounds p on p.id = v.region_id)
"""
_PLACED_REGIONS = """
(select r.id, r.level, r.valid_from, r.valid_to, p.path, p.since, p.until
from regions r join ledger_grounds p on p.id = r.id)
"""
_EMPTY = (
    "delete from ledger_pending",
    "delete from ledger_totals",
    "delete from ledger_leaves",
    "delete from ledger_sizes",
    "delete from ledger_places",
)

# Each template, the table, the rows and sources by stretches, and which of them has the stretch.
_STOCKS: tuple[tuple[str, str, str, Mapping[str, str], str], ...] = (
    (facts.VOLUNTEERS, "volunteers", _PLACED_VOLUNTEERS, {}, "r"),
    (
        facts.IDENTITIES,
        "volunteer_identities",
        "volunteer_identities",
        {"volunteers": _PLACED_VOLUNTEERS},
        "v",
    ),
    (facts.TEAMS, "teams", _PLACED_TEAMS, {}, "r"),
    (facts.MEMBERSHIPS, "memberships", "memberships", {"teams": "ledger_stretches"}, "t"),
    (facts.PROJECTS, "projects", "projects", {"teams": "ledger_stretches"}, "t"),
    (facts.SIGN_UPS, "sign_ups", "sign_ups", {"teams": "ledger_stretches"}, "t"),
    (facts.TEAM_REVIEWS, "reviews", "reviews", {"teams": "ledger_stretches"}, "t"),
    (facts.REGION_REVIEWS, "reviews", "reviews", {"regions": "ledger_grounds"}, "g"),
    (facts.COMMUNITIES, "regions", _PLACED_REGIONS, {}, "r"),
)
_OF_TEAM = ("ledger_stretches", "team_id", "s.region_path", "s.path")
_OF_REGION = ("ledger_grounds", "region_id", "s.path", 'null::text collate "C"')
_PAST = """
select p.kind, d.day, {region_path} as region_path, {team_path} as team_path, p.person, p.thing,
  p.dims, p.n * d.sign as n, p.quantity * d.sign as quantity
from ledger_past p
join {stretches} s on s.id = p.{key} and s.since < p.until
  and (s.until is null or s.until > p.began)
cross join lateral (values (greatest(p.began, s.since), 1), (least(p.until, s.until), -1))
  d(day, sign)
"""


def _selects() -> Iterator[str]:
    """What everything counts as, from the day on which it began to, and what it did until then."""
    yield facts.facts(facts.RECORDS, "service_records", BEGAN["service_records"])
    yield facts.facts(facts.LISTED_RECORDS, "service_records", facts.TIMELESS)
    yield facts.facts(facts.LISTED_PROJECTS, "projects", facts.TIMELESS)
    minus = COLUMNS.replace("n, quantity", "-n as n, -quantity as quantity")
    for template, table, rows, sources, stretch in _STOCKS:
        began = f"least({BEGAN[table]}, {TODAY})"
        lasted = f"({stretch}.until is null or {stretch}.until > {began})"
        came = f"case when {lasted} then greatest({began}, {stretch}.since) end"
        went = f"case when {stretch}.until > {began} then {stretch}.until end"
        yield facts.facts(template, rows, came, **sources)
        yield f"select {minus} from ({facts.facts(template, rows, went, **sources)}) w"
    for stretches, key, region_path, team_path in (_OF_TEAM, _OF_REGION):
        yield _PAST.format(
            stretches=stretches, key=key, region_path=region_path, team_path=team_path
        )


def _facts() -> str:
    every = "\nunion all\n".join(f"select {COLUMNS} from ({each}) f" for each in _selects())
    return f"""
create temp table ledger_facts on commit drop as
select {COLUMNS} from ({every}) e where day is not null
"""


async def rebuild(connection: Any, *, progress: Progress = silent) -> int:
    """How many facts the totals were made of, anew, in one transaction.

    Readers see the old totals until it is done and the new ones from then on; what is written
    meanwhile stays pending, for the folder. ``connection`` is asyncpg's, outside a transaction.
    """
    async with folder_held(connection), connection.transaction(isolation="repeatable_read"):
        return await make_anew(connection, progress=progress)


async def make_anew(connection: Any, *, progress: Progress = silent) -> int:
    """How many facts the totals were made of, in the caller's transaction, which holds the lock."""
    await connection.execute(SETTINGS)
    for statement in (*_EMPTY, _TEAMS, _REGIONS):
        await connection.execute(statement)
    made: str = await connection.execute(_facts())
    await lay(connection, progress=progress)
    return int(made.rsplit(" ", 1)[1])
