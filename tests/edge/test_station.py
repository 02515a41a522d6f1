import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import asyncpg
import httpx
import pytest
import redis

from db.embedded.process import silent, wait_until
from gateway.settings import Settings
from gateway.station import reach_servers
from tests.edge.station_process import start
from tests.servers import new_data_dir, run_apart

START_PATIENCE_S = 10.0  # what the operator was promised on existing data
FIRST_START_PATIENCE_S = 60.0
STOP_PATIENCE_S = 20.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    made = new_data_dir()
    yield made
    shutil.rmtree(made)


@pytest.fixture(scope="module")
def environment(data_dir: Path) -> Mapping[str, str]:
    named = {
        "DATA_DIR": str(data_dir),
        "PORT": str(free_port()),
        "PYTHONPYCACHEPREFIX": str(data_dir / "bytecode"),  # to compile is no part of a start
    }
    unset = {
        "PYTHONDONTWRITEBYTECODE",
        "DATABASE_URL",
        "REDIS_URL",
        "ENVIRONMENT",
        "HOST",
        "STATION",
    }
    return {**{name: os.environ[name] for name in set(os.environ) - unset}, **named}


class Process:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self.url = f"http://127.0.0.1:{environment['PORT']}"
        self.http = httpx.Client(base_url=self.url)  # one: each reads all certificates first
        # A pipe that nobody reads would block it.
        self.stderr = tempfile.TemporaryFile("w+")  # noqa: SIM115 -- closed by wait
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "tests.edge.station_process"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=self.stderr,
            text=True,
        )

    def is_ready(self) -> bool:
        assert self.popen.poll() is None, self.wait()
        with suppress(httpx.HTTPError):
            return self.http.get("/marks").status_code == 200
        return False

    def marks(self) -> set[str]:
        return set(self.http.get("/marks").json())

    def end(self, number: signal.Signals) -> tuple[int, str]:
        self.popen.send_signal(number)
        return self.wait()

    def wait(self) -> tuple[int, str]:
        """The exit code and words of a station that ends."""
        self.http.close()
        self.popen.communicate(timeout=STOP_PATIENCE_S)
        with self.stderr:
            self.stderr.seek(0)
            return self.popen.returncode, self.stderr.read()


@contextmanager
def running(environment: Mapping[str, str], patience_s: float) -> Iterator[Process]:
    process = Process(environment)
    try:
        assert wait_until(process.is_ready, patience_s)
        yield process
    finally:
        if not process.stderr.closed:
            process.end(signal.SIGTERM)


def refused(environment: Mapping[str, str]) -> tuple[int, str]:
    """The exit code and words of a station that must not start."""
    code, said = Process(environment).wait()
    return code, said.strip()


def refused_here(environment: Mapping[str, str]) -> tuple[int, str]:
    """The same without a process of its own: for what is refused before any server starts."""
    said: list[str] = []
    return start(environment, tell=said.append), "\n".join(said)


@pytest.fixture(scope="module")
def used(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment of a station that has run once."""
    with running(environment, FIRST_START_PATIENCE_S) as process:
        assert process.http.post("/marks/first").status_code == 200
    return environment


def servers_of(data_dir: Path) -> list[int]:
    """The process ids of servers on the data: PostgreSQL by its pid file."""
    with suppress(OSError):
        return [int((data_dir / "postgres/data-18/postmaster.pid").read_text().split()[0])]
    return []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_stops_all_and_next_start_finds_everything(
    used: Mapping[str, str], data_dir: Path, number: signal.Signals
) -> None:
    with running(used, START_PATIENCE_S) as process:
        keys = process.http.get("/keys").json()
        postgres_url_file = (data_dir / "postgres" / "port-18").read_text()

        assert process.end(number) == (0, "")

    assert servers_of(data_dir) == []
    with running(used, START_PATIENCE_S) as process:
        assert process.marks() == {"seeded", "first"} | {
            mark for mark in process.marks() if mark.startswith("load")
        }
        assert process.http.get("/keys").json() == keys
        assert (data_dir / "postgres" / "port-18").read_text() == postgres_url_file


def test_greeting_is_printed_once_it_answers(used: Mapping[str, str]) -> None:
    process = Process(used)
    assert process.popen.stdout
    line = process.popen.stdout.readline()
    answered = process.http.get("/marks").status_code
    process.end(signal.SIGTERM)

    assert line == f"ready at {process.url}\n"
    assert answered == 200


def test_killed_under_load_starts_again_and_lost_no_acknowledged_write(
    used: Mapping[str, str],
) -> None:
    acknowledged: set[str] = set()
    with running(used, START_PATIENCE_S) as process:

        def load(worker: int) -> None:
            with suppress(httpx.HTTPError), httpx.Client() as client:
                for n in range(10_000):
                    mark = f"load-{process.popen.pid}-{worker}-{n}"
                    if client.post(f"{process.url}/marks/{mark}").status_code == 200:
                        acknowledged.add(mark)

        threads = [threading.Thread(target=load, args=(worker,)) for worker in range(4)]
        for thread in threads:
            thread.start()
        assert wait_until(lambda: len(acknowledged) > 100, 20)
        process.end(signal.SIGKILL)
        for thread in threads:
            thread.join()

    began = time.monotonic()
    with running(used, START_PATIENCE_S) as process:
        took_s = time.monotonic() - began
        assert acknowledged <= process.marks()
    assert took_s < START_PATIENCE_S


def test_postgres_killed_under_a_running_station_comes_back(
    used: Mapping[str, str], data_dir: Path
) -> None:
    with running(used, START_PATIENCE_S) as process:
        (postgres,) = servers_of(data_dir)
        os.kill(postgres, signal.SIGKILL)

        assert wait_until(lambda: servers_of(data_dir) not in ([], [postgres]), 10)
        assert wait_until(process.is_ready, 10)
        assert "first" in process.marks()


def test_second_station_on_the_same_data_is_refused(
    used: Mapping[str, str], data_dir: Path
) -> None:
    with running(used, START_PATIENCE_S) as process:
        code, said = refused({**used, "PORT": str(free_port())})

        assert (code, said) == (
            1,
            (
                f"Another station (process {process.popen.pid}) runs on the data in {data_dir};"
                " stop it, or set DATA_DIR to another folder."
            ),
        )
        assert "first" in process.marks()


def test_busy_port_is_told_in_one_sentence(used: Mapping[str, str]) -> None:
    port = used["PORT"]
    with socket.create_server(("127.0.0.1", int(port))):
        code, said = refused(used)

    assert code == 1
    assert said == (
        f"Port {port} of 127.0.0.1 cannot be used (Address already in use);"
        " stop what listens there, or set PORT to another."
    )


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"DATABASE_URL": "postgresql://u:s3cret@127.0.0.1:1/d"},
            "DATABASE_URL: no PostgreSQL answers at 127.0.0.1:1/d.",
        ),
        (
            {"DATABASE_URL": "postgresql://u:s3cret@nowhere.invalid/d"},
            "DATABASE_URL: no PostgreSQL answers at nowhere.invalid:5432/d.",
        ),
        (
            {"DATABASE_URL": "mysql://u:s3cret@127.0.0.1/d"},
            (
                "DATABASE_URL must be an address such as"
                " postgresql://user:password@host:5432/database."
            ),
        ),
        (
            {"REDIS_URL": "redis://:s3cret@127.0.0.1:1/0"},
            "REDIS_URL: no Redis answers at 127.0.0.1:1/0.",
        ),
        ({"HOST": "nowhere.invalid"}, "HOST nowhere.invalid is no address of this machine."),
        ({"PORT": "http"}, "PORT must be a whole number from 1 to 65535."),
        (
            {"ENVIRONMENT": "production"},
            (
                "In production the keys are supplied: set KEYS_DIR, or KEY_TOKEN, KEY_IDENTITY,"
                " KEY_BLIND_INDEX, KEY_CURSOR, KEY_CERTIFICATE, KEY_AUDIT."
            ),
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_wrong_setting_is_told_in_one_sentence(
    used: Mapping[str, str], variables: Mapping[str, str], sentence: str
) -> None:
    assert refused_here({**used, **variables}) == (1, sentence)


def test_named_servers_are_used_and_shared(
    used: Mapping[str, str], database_url: str, redis_url: str
) -> None:
    named = {**used, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
    with running(named, START_PATIENCE_S) as first:
        first.http.post("/marks/shared")
        with running({**named, "PORT": str(free_port())}, START_PATIENCE_S) as second:
            assert second.marks() == {"seeded", "shared"}


def test_wrong_password_and_database_are_told_without_the_password(
    used: Mapping[str, str], database_url: str
) -> None:
    before, _, at = database_url.rpartition("@")
    guess = f"{before.rpartition(':')[0]}:guess@{at}"

    assert refused_here({**used, "DATABASE_URL": guess}) == (
        1,
        f"DATABASE_URL: {at} refuses this user or password.",
    )
    assert refused_here({**used, "DATABASE_URL": f"{database_url}_missing"}) == (
        1,
        f"DATABASE_URL: there is no such database at {at}_missing.",
    )


@pytest.mark.parametrize("serving", [True, False], ids=["beside a station", "alone"])
def test_command_reaches_the_data(
    used: Mapping[str, str], data_dir: Path, *, serving: bool
) -> None:
    with ExitStack() as stack:
        if serving:
            stack.enter_context(running(used, START_PATIENCE_S))
        settings = Settings.from_environment(used)
        with reach_servers(settings, tell=silent) as station:
            found = run_apart(fetch_mark(station.database_url, "first"))
            with redis.Redis.from_url(station.redis_url) as client:
                assert client.ping()
        left = servers_of(data_dir)

    assert found == "first"
    assert bool(left) == serving


async def fetch_mark(url: str, mark: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("select mark from marks where mark = $1", mark)
    finally:
        await connection.close()


def test_refusal_of_a_part_is_told_and_servers_are_stopped(
    used: Mapping[str, str], data_dir: Path
) -> None:
    with running(used, START_PATIENCE_S) as process:
        process.http.post("/marks/newer schema")

    code, said = refused(used)

    assert (code, said) == (1, "The database has a newer schema than this release knows.")
    assert servers_of(data_dir) == []
