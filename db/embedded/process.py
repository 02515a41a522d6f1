"""Child processes of the gateway that end with it, and what is asked of the system about them."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Tell = Callable[[str], None]

LAUNCHER = Path(__file__).with_name("launch.py")
LOG_BYTES_MAX = 10 * 1024 * 1024
POLL_S = 0.02


class EmbeddedServerError(Exception):
    """An embedded server cannot run; the message is one sentence for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The system account that a server runs as."""

    uid: int
    gid: int

    @property
    def owner(self) -> tuple[int, int]:
        """The owner of its files."""
        return self.uid, self.gid


def silent(message: str) -> None:
    """Tells nobody."""
    del message


class Child:
    """A server process, with its log."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        account: Account | None,
        log: Path,
        death_signal: signal.Signals,
        stdin: Path | None = None,
    ) -> None:
        _rotate(log)
        with log.open("ab") as output, _open_or_null(stdin) as source:
            self._log = log
            self._log_start = output.tell()
            self._process = subprocess.Popen(  # noqa: S603 -- our own command
                launch_command(command, account=account, death_signal=death_signal),
                stdin=source,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=clean_environment(),
                start_new_session=True,  # Ctrl-C in the terminal is for the gateway alone
            )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def said(self) -> list[str]:
        """The lines of its log since it was launched."""
        with self._log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace").splitlines()

    def stop(self, *steps: tuple[signal.Signals, float]) -> None:
        """Sends each signal in turn until the process ends within the seconds of one."""
        for step, patience_s in steps:
            if self.is_running:
                self._process.send_signal(step)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(patience_s)
                return
        self._process.kill()
        self._process.wait()


def run_to_end(
    command: Sequence[str], *, account: Account | None, text: str = "", name: str
) -> None:
    """Runs a command that ends by itself, and fails with what it said."""
    done = subprocess.run(  # noqa: S603 -- our own command
        launch_command(command, account=account, death_signal=signal.SIGTERM),
        input=text,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=clean_environment(),
    )
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()
        reason = "; ".join(line.strip() for line in said[-3:])
        raise EmbeddedServerError(f"{name} failed: {reason}")


def launch_command(
    command: Sequence[str], *, account: Account | None, death_signal: signal.Signals
) -> list[str]:
    """The command that becomes the given one, as the account, tied to this process."""
    uid, gid = (account.uid, account.gid) if account else (-1, -1)
    numbers = (uid, gid, int(death_signal), os.getpid())
    return [sys.executable, "-I", "-S", str(LAUNCHER), *map(str, numbers), *command]


def clean_environment() -> Mapping[str, str]:
    """What a server needs of the environment: not our secrets, which its account could read."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def arguments_of(pid: int) -> list[str]:
    """The command line of a process; empty if there is no such process."""
    if Path("/proc/self/cmdline").exists():
        try:
            raw = (Path("/proc") / str(pid) / "cmdline").read_bytes()
        except OSError:
            return []
        return os.fsdecode(raw).split("\0")
    listed = subprocess.run(  # noqa: S603 -- our own command
        ["/bin/ps", "-ww", "-o", "args=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    )
    return listed.stdout.split()


def wait_until(condition: Callable[[], bool], patience_s: float) -> bool:
    """Whether the condition came true in time."""
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True


def choose_port(remembered: Path) -> int:
    """A free loopback port: that of the last time if nobody took it."""
    with contextlib.suppress(OSError, ValueError):
        port = int(remembered.read_text())
        if _is_free(port):
            return port
    port = forget_port(remembered)
    remembered.write_text(f"{port}\n")
    return port


def forget_port(remembered: Path) -> int:
    """Another free port, when the remembered one proved to be taken."""
    remembered.unlink(missing_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_BYTES_MAX:
        log.replace(log.with_name(f"{log.name}.1"))
    if not log.exists():
        log.touch(0o600)


@contextlib.contextmanager
def _open_or_null(path: Path | None) -> Iterator[int]:
    descriptor = os.open(path or os.devnull, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
