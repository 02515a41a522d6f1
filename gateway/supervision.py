"""Brings embedded servers back when they die under a running station."""

import logging
import threading
from collections.abc import Sequence
from typing import Protocol, Self

from db.embedded.process import EmbeddedServerError

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
FAILURE_PAUSE_S = 5.0
JOIN_PATIENCE_S = 30.0


class EmbeddedServer(Protocol):
    """What is asked of an embedded server."""

    @property
    def is_running(self) -> bool:
        """Whether its process has not ended."""

    @property
    def url(self) -> str:
        """Where it listens."""

    def start(self) -> str:
        """Starts it and returns its url once it answers."""

    def stop(self) -> None:
        """Stops it."""


class Supervisor:
    """A thread that starts a dead server again, on its old port; the gateway then reconnects."""

    def __init__(self, servers: Sequence[EmbeddedServer]) -> None:
        self._servers = servers
        self._ended = threading.Event()
        # One thread for its whole life: a server is told of its parent's death when the thread
        # that launched it ends.
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._ended.set()
        self._thread.join(JOIN_PATIENCE_S)

    def _watch(self) -> None:
        while not self._ended.wait(LOOK_EVERY_S):
            for server in self._servers:
                if not server.is_running:
                    self._revive(server)

    def _revive(self, server: EmbeddedServer) -> None:
        name = type(server).__name__
        log.error("embedded_server_died", extra={"server": name})
        before = server.url
        try:
            after = server.start()
        except (EmbeddedServerError, OSError):
            log.exception("embedded_server_not_revived", extra={"server": name})
            self._ended.wait(FAILURE_PAUSE_S)
            return
        log.warning("embedded_server_revived", extra={"server": name})
        if before != after:
            log.error("embedded_server_moved_restart_the_gateway", extra={"server": name})
