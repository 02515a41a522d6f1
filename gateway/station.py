"""The station: its servers, its database and its HTTP server as one thing that starts and stops."""

import asyncio
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

import uvicorn

from db.embedded.postgres import EmbeddedPostgres
from db.embedded.process import EmbeddedServerError, Tell
from db.embedded.redis import EmbeddedRedis
from db.keys import KeyRing
from gateway.data_folder import DataFolderInUse, hold
from gateway.environment import SettingsError
from gateway.garbage import spare_the_collector
from gateway.preflight import PreflightError, check_postgres, check_redis
from gateway.settings import Settings, load_keys
from gateway.supervision import EmbeddedServer, Supervisor

log = logging.getLogger(__name__)

GRACE_S = 10
BACKLOG = 2048
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StationError(Exception):
    """The station cannot run; the message is one sentence for the operator."""


REFUSALS: tuple[type[Exception], ...] = (
    StationError,
    SettingsError,
    PreflightError,
    EmbeddedServerError,
    DataFolderInUse,
)
"""Errors whose message is a sentence for the operator."""


class _Stopped(KeyboardInterrupt):
    """The operator asked us to stop; a KeyboardInterrupt because event loops let those pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A station whose servers run: its settings name them."""

    settings: Settings
    keys: KeyRing
    database_url: str
    redis_url: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the station is made of, given by the one who knows all parts."""

    migrate: Callable[[Station], Awaitable[None]]
    seed: Callable[[Station], Awaitable[None]]
    create_app: Callable[[Station], Any]
    greeting: Callable[[Station], str]
    refusals: tuple[type[Exception], ...] = ()
    """Errors of the parts whose message is a sentence for the operator, such as a wrong schema."""


def run_station(settings: Settings, parts: Parts, *, tell: Tell) -> int:
    """Runs a station until it is told to stop, and returns the exit code.

    Ctrl-C and SIGTERM stop the HTTP server first, then the embedded servers.
    """
    try:
        with _on_signals(_stop_here):
            _run(settings, parts, tell)
    except _Stopped:
        return 0
    except (*REFUSALS, *parts.refusals) as error:
        tell(str(error))
        return 1
    return 0


@contextmanager
def reach_servers(settings: Settings, *, tell: Tell) -> Iterator[Station]:
    """The station without its HTTP server, for commands that work on its data.

    Servers that a running station holds are used as they are; otherwise they run for the block.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(_hold(settings))
        except DataFolderInUse:
            postgres = EmbeddedPostgres(settings.data_dir, major=settings.postgres_major)
            station = _station(
                settings,
                load_keys(settings),
                database_url=settings.database_url or postgres.url,
                redis_url=settings.redis_url or EmbeddedRedis(settings.data_dir).url,
            )
        else:
            station = stack.enter_context(_running_servers(settings, tell))
        yield station


def _run(settings: Settings, parts: Parts, tell: Tell) -> None:
    with _hold(settings):
        _listen(settings).close()  # a busy port is told before any long work
        with _running_servers(settings, tell) as station:
            asyncio.run(_prepare(station, parts))
            with _listen(settings) as listener:
                _serve(station, parts, listener)


def _hold(settings: Settings) -> AbstractContextManager[None]:
    alone = settings.database_url is None or settings.redis_url is None
    return hold(settings.data_dir, alone=alone)


@contextmanager
def _running_servers(settings: Settings, tell: Tell) -> Iterator[Station]:
    keys = load_keys(settings)
    asyncio.run(_check(settings))
    with ExitStack() as stack:
        servers: list[EmbeddedServer] = []
        stack.callback(_stop, servers)
        database_url = settings.database_url or _start(
            EmbeddedPostgres(settings.data_dir, major=settings.postgres_major, tell=tell), servers
        )
        redis_url = settings.redis_url or _start(EmbeddedRedis(settings.data_dir), servers)
        stack.enter_context(Supervisor(servers))
        yield _station(settings, keys, database_url=database_url, redis_url=redis_url)


def _station(settings: Settings, keys: KeyRing, *, database_url: str, redis_url: str) -> Station:
    return Station(
        settings=settings,
        keys=keys,
        database_url=database_url,
        redis_url=redis_url,
        address=f"http://{_printed_host(settings.host)}:{settings.port}",
    )


async def _prepare(station: Station, parts: Parts) -> None:
    await parts.migrate(station)
    await parts.seed(station)


async def _check(settings: Settings) -> None:
    if settings.database_url:
        await check_postgres(settings.database_url)
    if settings.redis_url:
        await check_redis(settings.redis_url)


def _serve(station: Station, parts: Parts, listener: socket.socket) -> None:
    config = uvicorn.Config(
        parts.create_app(station),
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    server = _GreetingServer(config, lambda: parts.greeting(station))
    spare_the_collector()
    try:
        server.run(sockets=[listener])
    except SystemExit:
        raise StationError("The gateway did not start; the log above says why.") from None


class _GreetingServer(uvicorn.Server):
    """Prints the greeting when it answers."""

    def __init__(self, config: uvicorn.Config, greeting: Callable[[], str]) -> None:
        super().__init__(config)
        self._greeting = greeting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(f"{self._greeting()}\n")
            sys.stdout.flush()


def _start(server: EmbeddedServer, servers: list[EmbeddedServer]) -> str:
    servers.append(server)  # first: what is interrupted while it starts must be stopped too
    return server.start()


def _stop(servers: Sequence[EmbeddedServer]) -> None:
    # Impatience now would only cause a recovery later.
    with _on_signals(signal.SIG_IGN):
        for server in reversed(servers):
            server.stop()


def _listen(settings: Settings) -> socket.socket:
    try:
        family, _, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError:
        raise StationError(f"HOST {settings.host} is no address of this machine.") from None
    try:
        return socket.create_server(address, family=family, backlog=BACKLOG)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise StationError(
            f"Port {settings.port} of {settings.host} cannot be used ({reason});"
            " stop what listens there, or set PORT to another."
        ) from None


def _printed_host(host: str) -> str:
    if host in {"0.0.0.0", "::"}:  # noqa: S104 -- compared, not bound
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _stop_here(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise _Stopped


@contextmanager
def _on_signals(
    handler: signal.Handlers | Callable[[int, FrameType | None], None],
) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # signals go to the main thread only, and only it may say how
        return
    previous = {number: signal.signal(number, handler) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, before in previous.items():
            signal.signal(number, before)
