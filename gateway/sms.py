"""Messages to phones: a queue that never delays an answer, and the ways a message is sent.

A number and what it is sent are never logged.
"""

import asyncio
import json
import logging
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import httpx

from db.private_files import make_folder
from gateway.settings import Settings

log = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=5)
KEPT = timedelta(days=7)
MOST_WAITING = 1_000
FILE = "sms.jsonl"


class Sender(Protocol):
    """A way to send a message."""

    async def send(self, mobile: str, text: str, /) -> bool:
        """Whether the message was taken."""
        ...


@dataclass(frozen=True, slots=True)
class HttpSender:
    """A provider behind a URL, which is sent ``{"mobile", "text"}``."""

    url: str
    http: httpx.AsyncClient

    async def send(self, mobile: str, text: str, /) -> bool:
        """Whether the provider took it."""
        try:
            response = await self.http.post(
                self.url, json={"mobile": mobile, "text": text}, timeout=PATIENCE.total_seconds()
            )
            response.raise_for_status()
        except httpx.HTTPError as error:
            log.warning("sms_not_sent", extra={"error": type(error).__name__})
            return False
        return True


@dataclass(frozen=True, slots=True)
class FileSender:
    """The stand-in of a development station: appends to a file that only its owner reads.

    What is older than a week is taken out each time something is added.
    """

    path: Path
    kept: timedelta = KEPT

    async def send(self, mobile: str, text: str, /) -> bool:
        """Always; the file is written in a thread."""
        await asyncio.to_thread(self._append, mobile, text, datetime.now(UTC))
        return True

    def _append(self, mobile: str, text: str, now: datetime) -> None:
        line = {"at": now.isoformat(timespec="seconds"), "mobile": mobile, "text": text}
        lines = [*self._recent(now - self.kept), json.dumps(line, ensure_ascii=False)]
        make_folder(self.path.parent, 0o700)
        part = self.path.with_suffix(".part")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
            file.writelines(f"{each}\n" for each in lines)
        part.replace(self.path)

    def _recent(self, since: datetime) -> list[str]:
        if not self.path.exists():
            return []
        lines = self.path.read_text("utf-8").splitlines()
        return [line for line in lines if datetime.fromisoformat(json.loads(line)["at"]) >= since]


@dataclass(frozen=True, slots=True)
class NoSender:
    """The sender of a station that was told of none."""

    async def send(self, _mobile: str, _text: str, /) -> bool:
        """Nothing is sent, and the operator is told."""
        log.error("sms_not_configured")
        return False


@dataclass(slots=True)
class MessageQueue:
    """Messages on their way; what does not fit, or waits when the process ends, is lost.

    Whoever waits for it asks again.
    """

    sender: Sender
    _waiting: asyncio.Queue[tuple[str | None, str]] = field(init=False)

    def __post_init__(self) -> None:
        self._waiting = asyncio.Queue(MOST_WAITING)

    def put(self, mobile: str | None, text: str, /) -> None:
        """Queues a message; to nobody, it does as much and sends nothing."""
        try:
            self._waiting.put_nowait((mobile, text))
        except asyncio.QueueFull:
            log.warning("sms_queue_full")

    async def keep(self) -> None:
        """Sends what is queued, until cancelled."""
        while True:
            await self.send_next()

    async def send_next(self) -> None:
        """Sends the next message, waiting for it."""
        mobile, text = await self._waiting.get()
        if mobile is not None:
            await self.sender.send(mobile, text)

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits."""
        return self._waiting.empty()


def message_sender(settings: Settings, http: httpx.AsyncClient) -> Sender:
    """The provider that the settings name; without one a stand-in, never in production."""
    if settings.sms_url is not None:
        return HttpSender(settings.sms_url, http)
    return NoSender() if settings.is_production else FileSender(settings.data_dir / FILE)
