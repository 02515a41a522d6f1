"""Whether the gateway lives, and whether it can serve."""

from dataclasses import dataclass
from typing import Any

import asyncpg
from redis.exceptions import RedisError
from starlette.requests import Request
from starlette.responses import JSONResponse

from db.audit.verify import Tail, fetch_tail
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

        Redis away is told, and does not stop answers (DESIGN §12); so is the age of the oldest
        entry of the audit log that is not sealed yet.
        """
        tail, redis = await self._audit_tail(), await self._redis()
        database = "away" if tail is None else "ok"
        documents = "ok" if self.documents.is_warm else "loading"
        ready = database == "ok" and documents == "ok"
        status = "ok" if ready else "away" if database != "ok" else "starting"
        parts = {"postgresql": database, "redis": redis, "documents": documents}
        audit = {} if tail is None else {"auditTailSeconds": round(tail.age.total_seconds(), 1)}
        return JSONResponse({"status": status, **parts, **audit}, 200 if ready else 503)

    async def _audit_tail(self) -> Tail | None:
        """How far the sealer of the audit log is behind; None if PostgreSQL does not answer."""
        snapshot = Snapshot(self.database)
        try:
            return await fetch_tail(snapshot)
        except (DatabaseRefusal, asyncpg.PostgresError):
            return None
        finally:
            await snapshot.close()

    async def _redis(self) -> str:
        try:
            await self.redis.ping()
        except (RedisError, OSError, TimeoutError):
            return "away"
        return "ok"
