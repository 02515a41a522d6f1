"""Whether the gateway lives, and whether it can serve."""

from dataclasses import dataclass
from typing import Any

import asyncpg
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import JSONResponse

from db.errors import DatabaseRefusal
from db.session import Database, Snapshot
from gateway.document_store import DocumentStore


@dataclass(frozen=True, slots=True)
class Health:
    """The two questions a balancer asks."""

    database: Database
    redis: Any
    documents: DocumentStore

    async def live(self, _request: Request) -> JSONResponse:
        """200 as long as the process answers."""
        return JSONResponse({"status": "ok"})

    async def ready(self, _request: Request) -> JSONResponse:
        """200 if PostgreSQL answers and the documents are known.

        Redis away is told, and does not stop answers (DESIGN §12).
        """
        database, redis = await self._database(), await self._redis()
        documents = "ok" if self.documents.is_warm else "loading"
        ready = database == "ok" and documents == "ok"
        status = "ok" if ready else "away" if database != "ok" else "starting"
        return JSONResponse(
            {"status": status, "postgresql": database, "redis": redis, "documents": documents},
            200 if ready else 503,
        )

    async def _database(self) -> str:
        snapshot = Snapshot(self.database)
        try:
            await snapshot.open()
        except (DatabaseRefusal, asyncpg.PostgresError):
            return "away"
        finally:
            await snapshot.close()
        return "ok"

    async def _redis(self) -> str:
        try:
            await self.redis.ping()
        except (RedisError, OSError, TimeoutError):
            return "away"
        return "ok"
