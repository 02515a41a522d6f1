"""Logs: one JSON object a line on stderr, each with the request it belongs to."""

import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TextIO

import orjson

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

# SECURITY: the last wall only; nobody should hand these over. What has such a name is masked.
SECRET_NAMES = frozenset(
    {
        *(
            "authorization",
            "cookie",
            "password",
            "token",
            "access_token",
            "refresh_token",
            "secret",
        ),
        *("key", "variables", "document", "query", "id_number", "phone"),
        *("database_url", "redis_url"),
    }
)
MASK = "***"
STANDARD = frozenset(
    {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName", "color_message"}
)


class JsonLines(logging.Formatter):
    """A record as one line of JSON: when, level, logger, event, request, data, trace."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if current := request_id.get():
            line["request_id"] = current
        for name, value in vars(record).items():
            if name not in STANDARD:
                line[name] = MASK if name.lower() in SECRET_NAMES else value
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def configure_logs(level: str = "INFO", *, stream: TextIO | None = None) -> None:
    """Sends every logger to stderr, or the stream, as lines of JSON."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Says every request in its own words; the gateway has a line of its own for each.
    logging.getLogger("uvicorn.access").disabled = True
    # Their INFO lines quote addresses of requests and statements.
    for name in ("httpx", "sqlalchemy.engine", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
