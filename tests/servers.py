"""PostgreSQL and Redis for tests: one of each a run, a database of its own for each module.

A pytest plugin. The servers are embedded ones (TEST_POSTGRES_MAJOR chooses 18 or 16) unless
TEST_DATABASE_URL and TEST_REDIS_URL name others, the former with a user who may create databases.
`tests/conftest.py` loads it and says how the template of the databases is prepared:

    pytest_plugins = ["tests.servers"]

    @pytest.fixture(scope="session")
    def prepare_database() -> Prepare:
        return migrate_and_seed  # async def migrate_and_seed(url: str) -> None

A second, larger template is one more line: `databases.clone("chongqing", prepare_chongqing)`.
"""

import asyncio
import os
import shutil
import tempfile
import uuid
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from db.embedded.postgres import EmbeddedPostgres
from db.embedded.redis import EmbeddedRedis
from db.private_files import passable_mode

Prepare = Callable[[str], Awaitable[None]]
T = TypeVar("T")

REDIS_DATABASES = 16
WORKER_SERVERS = "volunteer_gateway_servers"


class Databases:
    """Databases of one test run on one server, each a copy of a template prepared once."""

    def __init__(self, server_url: str, *, run: str) -> None:
        self._server_url = server_url
        self._prefix = f"test_{run}"

    def clone(self, template: str, prepare: Prepare) -> str:
        """The url of a new database, equal to what `prepare` makes of an empty one."""
        return run_apart(self._clone(template, prepare))

    def drop(self, url: str) -> None:
        """Removes a database, whoever is still connected to it."""
        run_apart(self._drop(f"= '{make_url(url).database}'"))

    def drop_all(self) -> None:
        """Removes the databases of the run, templates too."""
        run_apart(self._drop(f"like '{self._prefix}\\_%'"))

    async def _clone(self, template: str, prepare: Prepare) -> str:
        source = f"{self._prefix}_{template}"
        name = f"{source}_{uuid.uuid4().hex[:12]}"
        admin = await asyncpg.connect(self._server_url)
        try:
            # Workers meet here: the first prepares, the others find it done.
            await admin.execute("select pg_advisory_lock(hashtext($1))", source)
            if not await admin.fetchval("select 1 from pg_database where datname = $1", source):
                making = f"{source}_making"
                await admin.execute(f'drop database if exists "{making}" with (force)')
                await admin.execute(f'create database "{making}"')
                await prepare(self._url(making))
                await admin.execute(f'alter database "{making}" rename to "{source}"')
            await admin.execute("select pg_advisory_unlock(hashtext($1))", source)
            await admin.execute(f'create database "{name}" template "{source}"')
        finally:
            await admin.close()
        return self._url(name)

    async def _drop(self, names: str) -> None:
        admin = await asyncpg.connect(self._server_url)
        try:
            found = await admin.fetch(f"select datname from pg_database where datname {names}")  # noqa: S608 -- names of our own making
            for (name,) in found:
                await admin.execute(f'drop database if exists "{name}" with (force)')
        finally:
            await admin.close()

    def _url(self, database: str) -> str:
        url = make_url(self._server_url).set(database=database)
        return url.render_as_string(hide_password=False)


class Servers:
    """The servers of one test run, started when first asked for."""

    def __init__(self) -> None:
        self.run = uuid.uuid4().hex[:8]
        self._folder: Path | None = None
        self._postgres: EmbeddedPostgres | None = None
        self._redis: EmbeddedRedis | None = None
        self._database_url = os.environ.get("TEST_DATABASE_URL")
        self._redis_url = os.environ.get("TEST_REDIS_URL")

    @property
    def database_url(self) -> str:
        """The PostgreSQL server, by its database for administration."""
        if self._database_url is None:
            self._postgres = EmbeddedPostgres(
                self._data_dir(),
                major=16 if os.environ.get("TEST_POSTGRES_MAJOR") == "16" else 18,
                durable=False,
                max_connections=200,
            )
            self._database_url = self._postgres.start()
        return self._database_url

    @property
    def redis_url(self) -> str:
        """The Redis server."""
        if self._redis_url is None:
            self._redis = EmbeddedRedis(self._data_dir())
            self._redis_url = self._redis.start()
        return self._redis_url

    def stop(self) -> None:
        """Leaves nothing behind."""
        if self._postgres:
            self._postgres.stop()
        elif self._database_url:
            Databases(self._database_url, run=self.run).drop_all()
        if self._redis:
            self._redis.stop()
        if self._folder:
            shutil.rmtree(self._folder)

    def _data_dir(self) -> Path:
        if self._folder is None:
            self._folder = new_data_dir()
        return self._folder


SERVERS = pytest.StashKey[Servers]()


def new_data_dir() -> Path:
    """A data folder that embedded servers reach, also as root (pytest's own are closed)."""
    folder = Path(tempfile.mkdtemp(prefix="volunteer-gateway-test-"))
    folder.chmod(passable_mode())
    return folder


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine, run on a loop of its own that pytest-asyncio never sees."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[SERVERS] = Servers()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """In the controller of pytest-xdist: all workers share the servers of the run."""
    servers = node.config.stash[SERVERS]
    node.workerinput[WORKER_SERVERS] = (servers.run, servers.database_url, servers.redis_url)


def pytest_unconfigure(config: pytest.Config) -> None:
    if servers := config.stash.get(SERVERS, None):
        servers.stop()


@pytest.fixture(scope="session")
def databases(pytestconfig: pytest.Config) -> Databases:
    if hasattr(pytestconfig, "workerinput"):
        run, database_url, _ = pytestconfig.workerinput[WORKER_SERVERS]
        return Databases(database_url, run=run)
    servers = pytestconfig.stash[SERVERS]
    return Databases(servers.database_url, run=servers.run)


@pytest.fixture(scope="session")
def prepare_database() -> Prepare:
    """What makes the template of `database_url`: nothing, until a conftest says otherwise."""

    async def leave_empty(url: str) -> None:
        del url

    return leave_empty


@pytest.fixture(scope="module")
def database_url(databases: Databases, prepare_database: Prepare) -> Iterator[str]:
    """A database for the tests of one module."""
    url = databases.clone("default", prepare_database)
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def redis_url(pytestconfig: pytest.Config) -> str:
    """A Redis database for the tests of one worker."""
    if not hasattr(pytestconfig, "workerinput"):
        return pytestconfig.stash[SERVERS].redis_url
    _, _, url = pytestconfig.workerinput[WORKER_SERVERS]
    number = int(pytestconfig.workerinput["workerid"].removeprefix("gw")) % REDIS_DATABASES
    return make_url(url).set(database=str(number)).render_as_string(hide_password=False)
