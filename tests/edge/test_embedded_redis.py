import os
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis

from db.embedded.process import arguments_of, wait_until
from db.embedded.redis import EmbeddedRedis
from tests.servers import new_data_dir


@pytest.fixture
def folder() -> Iterator[Path]:
    made = new_data_dir()
    yield made
    shutil.rmtree(made)


def ping(url: str) -> bool:
    with redis.Redis.from_url(url) as client:
        return bool(client.ping())


def test_answers_with_its_password_only(folder: Path) -> None:
    with EmbeddedRedis(folder) as server:
        password = urlsplit(server.url).password or ""

        assert ping(server.url)
        with pytest.raises(redis.AuthenticationError):
            ping(server.url.replace(password, "guess"))


def test_password_is_in_private_files_and_on_no_command_line(folder: Path) -> None:
    with EmbeddedRedis(folder) as server:
        password = urlsplit(server.url).password or ""
        assert server.pid
        holding = [
            path for path in (folder / "redis").iterdir() if password in path.read_text("utf-8")
        ]

        assert not [word for word in arguments_of(server.pid) if password in word]
        assert {path.name for path in holding} == {"password", "redis.conf"}
        assert {path.stat().st_mode & 0o777 for path in holding} == {0o600}


def test_server_left_by_an_earlier_run_is_stopped_first(folder: Path) -> None:
    left = EmbeddedRedis(folder)
    left.start()

    with EmbeddedRedis(folder) as server:
        assert ping(server.url)
        assert not left.is_running


def test_killed_server_starts_again_at_the_same_url(folder: Path) -> None:
    with EmbeddedRedis(folder) as server:
        before = server.url
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        assert wait_until(lambda: not server.is_running, 5)

        assert server.start() == before
        assert ping(before)


def test_taken_port_is_exchanged(folder: Path) -> None:
    with EmbeddedRedis(folder) as server:
        remembered = urlsplit(server.url).port
    with socket.create_server(("127.0.0.1", remembered or 0)), EmbeddedRedis(folder) as server:
        assert urlsplit(server.url).port != remembered
        assert ping(server.url)
