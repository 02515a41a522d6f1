import os
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from db.embedded.place import can_enter, find_account
from db.embedded.postgres import EmbeddedPostgres
from db.embedded.process import EmbeddedServerError, wait_until
from tests.servers import new_data_dir

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="concerns root only")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    folder = new_data_dir()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def postgres(cluster: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(cluster)
    yield server
    server.stop()


async def ask(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("major", [16, 18])
async def test_fresh_cluster_is_what_the_design_asks(major: int, tmp_path: Path) -> None:
    del tmp_path
    folder = new_data_dir()
    with EmbeddedPostgres(folder, major=major, durable=False) as server:  # type: ignore[arg-type]
        found = {
            name: await ask(server.url, f"show {name}")
            for name in ("server_encoding", "wal_level", "listen_addresses", "fsync")
        }
        version = await ask(server.url, "show server_version_num")
        collation = await ask(
            server.url, "select datcollate from pg_database where datname = current_database()"
        )
    shutil.rmtree(folder)

    assert found == {
        "server_encoding": "UTF8",
        "wal_level": "logical",
        "listen_addresses": "127.0.0.1",
        "fsync": "off",
    }
    assert int(str(version)) // 10_000 == major
    assert collation == "C"


async def test_restart_finds_rows_and_keeps_url(postgres: EmbeddedPostgres) -> None:
    first_url = postgres.start()
    await ask(first_url, "create table kept (n int)")
    await ask(first_url, "insert into kept values (7)")
    postgres.stop()

    second_url = postgres.start()

    assert second_url == first_url
    assert await ask(second_url, "select n from kept") == 7


async def test_wrong_password_is_refused(postgres: EmbeddedPostgres) -> None:
    url = postgres.start()
    password = urlsplit(url).password or ""

    with pytest.raises(asyncpg.InvalidPasswordError):
        await ask(url.replace(password, "guess"), "select 1")


async def test_killed_postmaster_does_not_block_next_start(postgres: EmbeddedPostgres) -> None:
    url = postgres.start()
    await ask(url, "create table after_kill as select generate_series(1, 1000) as n")
    assert postgres.pid
    os.kill(postgres.pid, signal.SIGKILL)
    assert wait_until(lambda: not postgres.is_running, 5)

    again = postgres.start()

    assert await ask(again, "select count(*) from after_kill") == 1000


async def test_server_left_by_an_earlier_run_is_stopped_first(cluster: Path) -> None:
    left = EmbeddedPostgres(cluster)
    left.start()

    with EmbeddedPostgres(cluster) as server:
        assert await ask(server.url, "select 1") == 1
        assert not left.is_running
        assert server.pid != left.pid


async def test_pid_file_naming_a_stranger_does_not_block_start(
    cluster: Path, postgres: EmbeddedPostgres
) -> None:
    postgres.start()
    postgres.stop()
    pid_file = cluster / "postgres" / "data-18" / "postmaster.pid"
    assert not pid_file.exists()
    pid_file.write_text(f"{os.getppid()}\n/elsewhere\n1\n5432\n\n127.0.0.1\n\nready   \n")

    assert await ask(postgres.start(), "select 1") == 1
    assert wait_until(lambda: postgres.is_running, 1)


async def test_taken_port_is_exchanged(cluster: Path, postgres: EmbeddedPostgres) -> None:
    postgres.start()
    postgres.stop()
    remembered = int((cluster / "postgres" / "port-18").read_text())

    with socket.create_server(("127.0.0.1", remembered)):
        url = postgres.start()

        assert urlsplit(url).port != remembered
        assert await ask(url, "select 1") == 1


def test_interrupted_initdb_is_begun_anew() -> None:
    folder = new_data_dir()
    half = folder / "postgres" / "making-data-18"
    half.mkdir(parents=True)
    (folder / "postgres").chmod(0o711)
    (half / "PG_VERSION").write_text("18\n")

    with EmbeddedPostgres(folder, durable=False) as server:
        assert server.is_running
        assert not half.exists()
    shutil.rmtree(folder)


def test_lost_password_is_told_in_one_sentence(cluster: Path, postgres: EmbeddedPostgres) -> None:
    postgres.start()
    postgres.stop()
    password = cluster / "postgres" / "password-18"
    kept = password.read_text()
    password.unlink()

    with pytest.raises(EmbeddedServerError, match=r"^The password .* is gone; bring it back"):
        postgres.start()

    password.write_text(kept)


async def test_failed_statement_leaves_no_value_in_the_log(
    cluster: Path, postgres: EmbeddedPostgres
) -> None:
    url = postgres.start()
    await ask(url, "create table ids (id text primary key)")
    await ask(url, "insert into ids values ('500000199001011234')")

    with pytest.raises(asyncpg.UniqueViolationError):
        await ask(url, "insert into ids values ('500000199001011234')")

    assert "500000199001011234" not in (cluster / "postgres" / "postgres.log").read_text()


@as_root
def test_as_root_the_server_runs_as_another_account(postgres: EmbeddedPostgres) -> None:
    postgres.start()

    assert Path(f"/proc/{postgres.pid}").stat().st_uid != 0


@as_root
def test_out_of_reach_data_folder_gets_a_place_named_in_it(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    account = find_account(closed / "none")
    assert account
    before = {path: path.stat().st_mode for path in (closed, *closed.parents)}

    with EmbeddedPostgres(closed, durable=False) as server:
        assert server.is_running

    home = Path((closed / "postgres" / "location").read_text().strip())
    assert (home / "data-18" / "PG_VERSION").exists()
    assert can_enter(home, account)
    assert not can_enter(closed, account)
    assert {path: path.stat().st_mode for path in (closed, *closed.parents)} == before

    shutil.rmtree(home)
    with pytest.raises(EmbeddedServerError, match="which is gone; bring it back"):
        EmbeddedPostgres(closed).start()


@as_root
def test_other_wheel_version_is_copied_again(cluster: Path, postgres: EmbeddedPostgres) -> None:
    postgres.start()
    postgres.stop()
    state = cluster / "postgres"
    (current,) = state.glob("programs-18-*")
    current.rename(state / "programs-18-0.0.1")

    postgres.start()

    assert [path.name for path in state.glob("programs-18-*")] == [current.name]
