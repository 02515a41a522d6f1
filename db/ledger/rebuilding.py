"""Rebuilding: totals made anew from the base tables, while the station goes on.

Stocks begin on the day that their rows name, and where their team has hung elsewhere before, they
are replayed through its history. What the tables no longer tell, such as a volunteer's withdrawal
years ago, is gone from the past: a ledger that verifies is better left alone.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from collections.abc import Iterator
from typing import Any

from db.ledger import facts
from db.ledger.facts import BEGAN, COLUMNS
from db.ledger.laying import SETTINGS, lay
from db.ledger.verifying import folder_held
from db.progress import Progress, silent

# Where each team lay, from a day until another; the first stretch reaches back to the beginning.
_PLACES = """
create temp table ledger_stretches on commit drop as
select team_id as id, path, region_path, valid_to as until,
  case when row_number() over (partition by team_id order by valid_from, id) = 1
    then '-infinity' else valid_from end as since
from team_attachments
union all
select t.id, t.path, t.region_path, null, '-infinity' from teams t
where not exists (select from team_attachments a where a.team_id = t.id)
"""
_PLACED_TEAMS = """
(select t.id, t.status, t.hub_level, t.kind, t.registration_status, t.permission_group,
  t.service_categories, t.region_id, t.registered_at, t.created_at,
  p.path, p.region_path, p.since, p.until
from teams t join ledger_stretches p on p.id = t.id)
"""
_EMPTY = (
    "delete from ledger_pending",
    "delete from ledger_totals",
    "delete from ledger_leaves",
    "delete from ledger_sizes",
    "delete from ledger_places",
)


def _selects() -> Iterator[str]:
    """What everything counts as, from the day on which it began to."""
    for template, table in (
        (facts.VOLUNTEERS, "volunteers"),
        (facts.IDENTITIES, "volunteer_identities"),
        (facts.RECORDS, "service_records"),
        (facts.TEAM_REVIEWS, "reviews"),
        (facts.REGION_REVIEWS, "reviews"),
        (facts.COMMUNITIES, "regions"),
    ):
        day = BEGAN[table]
        yield facts.facts(
            template, table, f"least({day}, current_date)" if table != "service_records" else day
        )
    for template, table, stretch in (
        (facts.TEAMS, "teams", "r"),
        (facts.MEMBERSHIPS, "memberships", "t"),
        (facts.PROJECTS, "projects", "t"),
        (facts.SIGN_UPS, "sign_ups", "t"),
    ):
        began = f"least({BEGAN[table]}, current_date)"
        rows = _PLACED_TEAMS if table == "teams" else table
        lasted = f"({stretch}.until is null or {stretch}.until > {began})"
        came = f"case when {lasted} then greatest({began}, {stretch}.since) end"
        went = f"case when {stretch}.until > {began} then {stretch}.until end"
        yield facts.facts(template, rows, came, teams="ledger_stretches")
        minus = COLUMNS.replace("n, quantity", "-n as n, -quantity as quantity")
        ended = facts.facts(template, rows, went, teams="ledger_stretches")
        yield f"select {minus} from ({ended}) w"


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
        await connection.execute(SETTINGS)
        for statement in (*_EMPTY, _PLACES):
            await connection.execute(statement)
        made: str = await connection.execute(_facts())
        await lay(connection, progress=progress)
        return int(made.rsplit(" ", 1)[1])
