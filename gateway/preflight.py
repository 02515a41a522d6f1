"""Asks the servers that the settings name, before anything is built on them."""

from urllib.parse import urlsplit

import asyncpg
import redis.asyncio
from redis.exceptions import AuthenticationError, RedisError, ResponseError

from db.urls import asyncpg_dsn

POSTGRES_LEAST = 16
REDIS_LEAST = (6, 2)
PATIENCE_S = 5


class PreflightError(Exception):
    """A named server cannot be used; the message is one sentence and holds no password."""


async def check_postgres(url: str) -> None:
    """Fails unless a PostgreSQL that we can write to answers there, new enough and in UTF-8."""
    at = _place(url, 5432)
    try:
        connection = await asyncpg.connect(asyncpg_dsn(url), timeout=PATIENCE_S)
    except asyncpg.InvalidCatalogNameError:
        raise PreflightError(f"DATABASE_URL: there is no such database at {at}.") from None
    except asyncpg.InvalidAuthorizationSpecificationError:
        raise PreflightError(f"DATABASE_URL: {at} refuses this user or password.") from None
    except asyncpg.PostgresError as error:
        raise PreflightError(f"DATABASE_URL: {at} refuses: {error}.") from None
    except (OSError, TimeoutError):
        raise PreflightError(f"DATABASE_URL: no PostgreSQL answers at {at}.") from None
    except (ValueError, asyncpg.InterfaceError):
        raise PreflightError(f"DATABASE_URL: {at} does not speak as PostgreSQL does.") from None
    try:
        if connection.get_server_version().major < POSTGRES_LEAST:
            raise PreflightError(f"DATABASE_URL: {at} is older than PostgreSQL {POSTGRES_LEAST}.")
        if await connection.fetchval("show server_encoding") != "UTF8":
            raise PreflightError(f"DATABASE_URL: the database at {at} is not in UTF-8.")
        if await connection.fetchval("select pg_is_in_recovery()"):
            raise PreflightError(f"DATABASE_URL: {at} is a standby; name the primary.")
    finally:
        await connection.close()


async def check_redis(url: str) -> None:
    """Fails unless a Redis answers there, new enough."""
    at = _place(url, 6379)
    try:
        async with redis.asyncio.from_url(
            url, socket_connect_timeout=PATIENCE_S, socket_timeout=PATIENCE_S
        ) as client:
            info = await client.info("server")
    except AuthenticationError:
        raise PreflightError(f"REDIS_URL: {at} refuses this user or password.") from None
    except ResponseError as error:
        raise PreflightError(f"REDIS_URL: {at} refuses: {error}.") from None
    except (RedisError, OSError, TimeoutError, ValueError):
        raise PreflightError(f"REDIS_URL: no Redis answers at {at}.") from None
    version = tuple(int(part) for part in str(info["redis_version"]).split(".")[:2])
    if version < REDIS_LEAST:
        raise PreflightError(f"REDIS_URL: {at} is older than Redis 6.2.")


def _place(url: str, default_port: int) -> str:
    # SECURITY: host, port and database only; the user's name and password stay out of messages.
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or default_port}{parts.path}"
