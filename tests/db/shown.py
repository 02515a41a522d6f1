"""Asks a server for a consistency token."""

from typing import Any

from db.consistency import STATUS, ConsistencyToken, is_shown


async def shows(connection: Any, token: ConsistencyToken) -> bool:
    """Whether the server of asyncpg's connection shows the token's write."""
    (server,) = await connection.fetch(STATUS.sql, token.transaction, record_class=STATUS.row)
    return is_shown(server, token)
