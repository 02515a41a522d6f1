"""Marks that a department puts on records."""

from db.write import Write

_MARK_BOUGHT = "update service_records set is_bought = true, is_flagged = true where id = $1"


async def mark_bought(write: Write, record_id: int) -> None:
    """Marks a record as bought (非法购买): no certificate stands for it."""
    await write.run(_MARK_BOUGHT, record_id)
