"""Whether a ledger made anew from the tables says of every day what the old one said."""

from typing import Any

from db.ledger.folding import fold_all
from db.ledger.rebuilding import make_anew
from db.locks import Lock

_TOTALS = """
select t.scope, c.name, t.period, t.n, t.quantity
from ledger_totals t join ledger_codes c on c.number = t.code where (t.n, t.quantity) <> (0, 0)
"""
_BEFORE = f"create temp table told_before on commit drop as {_TOTALS}"
_CHANGED = f"""
(table told_before except {_TOTALS}) union all ({_TOTALS} except table told_before)
"""


async def changed_by_rebuilding(db: Any) -> list[tuple[Any, ...]]:
    """The totals that a rebuild would change: those before and those after; nothing stays."""
    await fold_all(db)
    transaction = db.transaction()
    await transaction.start()
    try:
        await db.execute(f"select pg_advisory_xact_lock({Lock.LEDGER})")
        await db.execute(_BEFORE)
        await make_anew(db)
        return sorted(tuple(row) for row in await db.fetch(_CHANGED))
    finally:
        await transaction.rollback()
