"""A real PostgreSQL on a loopback port, with its data in the data folder."""

import contextlib
import os
import re
import secrets
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from db.embedded.place import find_account, find_home, find_programs
from db.embedded.postgres_conf import hba_conf, postgresql_conf
from db.embedded.process import (
    POLL_S,
    Account,
    Child,
    EmbeddedServerError,
    Tell,
    arguments_of,
    choose_port,
    forget_port,
    run_to_end,
    silent,
    wait_until,
)
from db.private_files import make_folder, passable_mode, write_private

Major = Literal[16, 18]

ROLE = DATABASE = "volunteer"
STOP_PATIENCE_S = 60.0
QUIT_PATIENCE_S = 10.0
ORPHANS_PATIENCE_S = 30.0
TELL_EVERY_S = 3.0

# What a postmaster says when the port, or the memory of an earlier run, is not free yet.
PORT_TAKEN = re.compile(r"could not bind|could not create any TCP/IP sockets")
ORPHANS = re.compile(r"pre-existing shared memory block|lock file \"postmaster.pid\"")
LOG_PREFIX = re.compile(r"^\S+ \S+ UTC \[\d+\] [A-Z]+: +")


class EmbeddedPostgres:
    """One PostgreSQL cluster, kept in `<data_dir>/postgres`, a child of this process."""

    def __init__(
        self,
        data_dir: Path,
        *,
        major: Major = 18,
        durable: bool = True,
        max_connections: int = 100,
        tell: Tell = silent,
    ) -> None:
        self._state = data_dir.absolute() / "postgres"
        self._major = major
        self._durable = durable
        self._max_connections = max_connections
        self._tell = tell
        self._child: Child | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it listens, with the password."""
        password = self._password_file.read_text(encoding="utf-8").strip()
        port = self._port_file.read_text(encoding="utf-8").strip()
        return f"postgresql://{ROLE}:{password}@127.0.0.1:{port}/{DATABASE}"

    @property
    def is_running(self) -> bool:
        """Whether its process has not ended."""
        return self._child is not None and self._child.is_running

    @property
    def pid(self) -> int | None:
        """The process id of the postmaster."""
        return self._child.pid if self._child else None

    def start(self) -> str:
        """Starts it, making the cluster if there is none, and returns its url once it answers.

        Waits for as long as a recovery takes. A server that an earlier run left on the same data
        is stopped first; one of our own that still runs is left as it is.
        """
        if self.is_running:
            return self.url
        make_folder(self._state, passable_mode())
        account = find_account(self._state / f"data-{self._major}")
        home = find_home(self._state, account=account)
        data = home / f"data-{self._major}"
        account = find_account(data)
        self._stop_earlier(data)
        programs = find_programs(home, major=self._major, account=account)
        if not data.exists():
            self._initialise(programs, data, account)
        elif not self._password_file.exists():
            raise EmbeddedServerError(
                f"The password of the embedded PostgreSQL, {self._password_file}, is gone;"
                " bring it back, or remove the data folder to begin with an empty database."
            )
        self._launch(programs, data, account)
        return self.url

    def stop(self) -> None:
        """Stops it in PostgreSQL's fast mode: sessions are ended, everything is on disk."""
        if self._child:
            self._child.stop(
                (signal.SIGINT, STOP_PATIENCE_S),
                (signal.SIGQUIT, QUIT_PATIENCE_S),
            )
            self._child = None

    @property
    def _password_file(self) -> Path:
        return self._state / f"password-{self._major}"

    @property
    def _port_file(self) -> Path:
        return self._state / f"port-{self._major}"

    def _initialise(self, programs: Path, data: Path, account: Account | None) -> None:
        """Makes the cluster beside its place and moves it there when it is whole."""
        self._tell(f"Making a PostgreSQL {self._major} cluster in {data}")
        part = data.with_name(f"making-{data.name}")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        password = secrets.token_urlsafe(24)
        password_file = data.with_name("initdb-password")
        write_private(password_file, password, owner=account.owner if account else None)
        if account:
            os.chown(part, account.uid, account.gid)
        initdb = [
            str(programs / "initdb"),
            *("-D", str(part)),
            *("--encoding=UTF8", "--locale=C"),
            *(f"--username={ROLE}", f"--pwfile={password_file}", "--auth=scram-sha-256"),
        ]
        if not self._durable:
            initdb.append("--no-sync")
        try:
            run_to_end(initdb, account=account, name="initdb")
        finally:
            password_file.unlink()
        run_to_end(
            [str(programs / "postgres"), "--single", "-D", str(part), "postgres"],
            account=account,
            text=f"create database {DATABASE};\n",
            name="Making the database",
        )
        write_private(self._password_file, f"{password}\n")
        part.replace(data)

    def _launch(self, programs: Path, data: Path, account: Account | None) -> None:
        owner = account.owner if account else None
        deadline = time.monotonic() + ORPHANS_PATIENCE_S
        while True:
            port = choose_port(self._port_file)
            conf = postgresql_conf(
                port=port, max_connections=self._max_connections, durable=self._durable
            )
            write_private(data / "postgresql.conf", conf, owner=owner)
            write_private(data / "pg_hba.conf", hba_conf(), owner=owner)
            stale = _PidFile.read(data)
            self._child = Child(
                [str(programs / "postgres"), "-D", str(data)],
                account=account,
                log=self._state / "postgres.log",
                death_signal=signal.SIGINT,
            )
            if self._wait_ready(data, self._child, stale=stale):
                return
            said = "\n".join(self._child.said())
            self._child = None
            retry = time.monotonic() < deadline
            if retry and PORT_TAKEN.search(said):
                forget_port(self._port_file)
            elif retry and ORPHANS.search(said):
                time.sleep(10 * POLL_S)
            else:
                raise EmbeddedServerError(self._failure(said))

    def _wait_ready(self, data: Path, child: Child, *, stale: "_PidFile | None") -> bool:
        """Whether it became ready; it has ended if not."""
        tell_at = time.monotonic() + TELL_EVERY_S
        while child.is_running:
            found = _PidFile.read(data)
            # In a container process ids repeat: the file of a killed run may name our child's.
            if found != stale and found and (found.pid, found.status) == (child.pid, "ready"):
                return True
            if time.monotonic() > tell_at:
                tell_at += TELL_EVERY_S
                last = [LOG_PREFIX.sub("", line) for line in child.said()[-1:]]
                self._tell(f"PostgreSQL is starting: {''.join(last) or 'no word yet'}")
            time.sleep(POLL_S)
        return False

    def _failure(self, said: str) -> str:
        fatal = [line for line in said.splitlines() if " FATAL: " in line or " PANIC: " in line]
        reason = LOG_PREFIX.sub("", (fatal or said.splitlines() or ["it said nothing"])[-1])
        return f"PostgreSQL did not start: {reason} (log: {self._state / 'postgres.log'})."

    def _stop_earlier(self, data: Path) -> None:
        """Ends the server of an earlier run that still holds the data."""
        found = _PidFile.read(data)
        if found is None:
            return
        pid = found.pid

        def serves() -> bool:
            return str(data) in arguments_of(pid)

        if not serves():
            # The number may belong to a stranger by now, and PostgreSQL would then refuse to start.
            # Its own guard against orphans, the shared memory block, does not need the file.
            if arguments_of(pid):
                (data / "postmaster.pid").unlink(missing_ok=True)
            return
        self._tell(f"Stopping the PostgreSQL of an earlier run (process {pid})")
        for step, patience_s in (
            (signal.SIGINT, STOP_PATIENCE_S),
            (signal.SIGQUIT, QUIT_PATIENCE_S),
        ):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, step)
            if wait_until(lambda: not serves(), patience_s):
                return
        raise EmbeddedServerError(
            f"The PostgreSQL of an earlier run (process {pid}) does not stop; end it by hand."
        )


@dataclass(frozen=True, slots=True)
class _PidFile:
    """What a postmaster keeps in its pid file."""

    pid: int
    started: str
    status: str

    @classmethod
    def read(cls, data: Path) -> Self | None:
        try:
            lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            return cls(int(lines[0]), lines[2], "".join(lines[7:8]).strip())
        except (OSError, ValueError, IndexError):
            return None
