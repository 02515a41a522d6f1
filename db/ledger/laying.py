"""Laying: many facts become totals at once, where nobody and no team was counted before.

Folding adds what came to what is there, and looks up for each row what was known. A new station, an
import or a rebuild has nothing to look up: its facts are summed where they lie and from there level
by level up both trees, so that none is taken to each of its ancestors and a total is written once.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from typing import Any

from db.ledger import lay_statements as sql
from db.ledger.facts import COLUMNS
from db.ledger.folding import TAKE_TURN, fold_all
from db.progress import Progress, silent

STEP = "lay the ledger"
# Below so many, folding is as quick.
LEAST = 5_000

# Each sort takes so much memory, and each hashing twice as much.
SETTINGS = """
set local statement_timeout = 0; set local work_mem = '64MB'; set local jit = off;
set local enable_nestloop = off; set local enable_mergejoin = off
"""
# The figures of all periods come from one pass over what is sorted, not from a table for each.
_SORTED = "set local enable_hashagg = off"
_IS_WORTH = """
select (select count(*) from (select from ledger_pending limit $1) p) = $1
  and not exists (select from ledger_leaves) and not exists (select from ledger_sizes)
  and not exists (select from ledger_places)
"""
_FACTS = f"""
create temp table ledger_facts on commit drop as select {COLUMNS} from ledger_pending where false
"""
_TAKEN = f"""
with taken as (delete from ledger_pending returning {COLUMNS})
insert into ledger_facts select * from taken
"""
_IS_EMPTY = "select not exists (select from ledger_totals)"

# The statements, each group a step.
_STEPS = (
    (sql.NODES, "analyze lay_nodes", sql.FACTS),
    (sql.SIZES, sql.PLACES, sql.SCALED, sql.COINED),
    (sql.LEAVES, sql.KEPT_LEAVES),
    (sql.CHANGED, sql.SEEN_HERE),
    (sql.WHOLE_HERE, sql.PARTS_HERE),
)


async def lay_pending(connection: Any, *, least: int = LEAST, progress: Progress = silent) -> int:
    """How many pending rows became totals at once; 0 where folding is due, or others do it.

    ``connection`` is asyncpg's, outside a transaction.
    """
    async with connection.transaction(isolation="read_committed"):
        if not await connection.fetchval(TAKE_TURN):
            return 0
        if not await connection.fetchval(_IS_WORTH, least):
            return 0
        await connection.execute(SETTINGS)
        await connection.execute(_FACTS)
        taken: str = await connection.execute(_TAKEN)
        await lay(connection, progress=progress)
        return int(taken.rsplit(" ", 1)[1])


async def fold_everything(connection: Any, *, progress: Progress = silent) -> int:
    """How many pending rows became totals, laid out where nothing is known yet, else folded."""
    laid = await lay_pending(connection, progress=progress)
    return laid + await fold_all(connection, progress=progress)


async def lay(connection: Any, *, progress: Progress = silent) -> None:
    """Makes totals of the table ``ledger_facts``, in the caller's transaction under ``SETTINGS``.

    Nobody and no team may be counted yet; totals that are there are added to.
    """
    done, steps = 0, len(_STEPS) + len(sql.RISES) + 2
    for step in _STEPS:
        for statement in step:
            await connection.execute(statement)
        done += 1
        progress(STEP, done, steps)
    deepest = await connection.fetchval(sql.DEPTH) or 0
    for what, rise in sql.RISES.items():
        await connection.execute(sql.EMPTY.format(what=what))
        for depth in range(deepest, 0, -1):
            await connection.execute(rise, depth)
        done += 1
        progress(STEP, done, steps)
    await connection.execute(sql.ONCE)
    is_empty: bool = await connection.fetchval(_IS_EMPTY)
    await connection.execute(_SORTED)
    for statement in sql.totals_statements(is_empty=is_empty):
        await connection.execute(statement)
        done += 1
        progress(STEP, done, steps)
