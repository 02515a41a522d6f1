"""What self-service needs beside the database: a way to people's phones, a key, a pace."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from db.keys import Key
from resolvers.throttling import Throttle


class Messages(Protocol):
    """Messages to phones, sent after the answer, so that sending one takes no time of it."""

    def put(self, mobile: str | None, text: str, /) -> None:
        """Queues a message; to nobody, it does as much and sends nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfServiceDesk:
    """How people are helped without staff."""

    messages: Messages
    throttle: Throttle
    blind_index_key: Key
    lifetime: timedelta = timedelta(minutes=10)
    tries: int = 5
