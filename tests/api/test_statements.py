"""How many statements the workload documents take: the same, however wide the tree is."""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from db.keys import Purpose
from db.session import Database
from permissions.context import RequestContext
from permissions.edges import Policy
from permissions.standing import fetch_standing
from schema.build import build_schema
from schema.cursors import CursorSeal
from schema.ids import encode
from tests.api import wide_world as world
from tests.api.client import KEYS, NATIONAL, Client, running
from tests.servers import Databases

pytestmark = pytest.mark.asyncio(loop_scope="module")

FOLDER = Path(__file__).parents[1] / "benchmarks/documents"
DOCUMENTS = {path.stem: path.read_text("utf-8") for path in FOLDER.glob("*.graphql")}
# What each document takes besides the one statement that establishes who asks.
ENGINE = {"tree": 4, "page": 2, "profile": 2, "region": 3}
STOCK = {"tree": 6, "page": 2, "profile": 2, "region": 3}


def asked(name: str, district: str) -> tuple[int, Mapping[str, Any]]:
    """Which account asks a document, with which variables."""
    if name == "profile":
        return world.volunteer_account(district), {}
    variables = {
        "tree": {"regionCode": world.code(district)},
        "page": {"under": encode("Team", world.first_town(district))},
        "region": {"code": world.code(district)},
    }
    return world.account(district), variables[name]


@pytest.fixture(scope="module")
def wide_url(databases: Databases) -> Iterator[str]:
    url = databases.clone("wide", world.prepare_wide)
    yield url
    databases.drop(url)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def wide(wide_url: str, redis_url: str) -> AsyncIterator[Client]:
    async with running(wide_url, redis_url) as client:
        yield client


async def run_by_graphql_core(url: str, name: str, district: str) -> tuple[Any, int]:
    """The result of Strawberry's own pipeline, and its statements besides who asks."""
    account, variables = asked(name, district)
    async with Database(url) as database, database.read() as snapshot:
        standing = await fetch_standing(snapshot, account)
        viewer = standing.acting_as(None)
        context = RequestContext(
            viewer=viewer,
            capacities=standing.capacities(),
            database=database,
            snapshot=snapshot,
            now=datetime.now(UTC),
            cursors=CursorSeal((KEYS.current(Purpose.CURSOR).secret,)),
            sign_in=None,  # type: ignore[arg-type]  # nobody signs in here
            policy=Policy(),
            host=NATIONAL,
        )
        schema = build_schema(viewer.role)
        result = await schema.execute(
            DOCUMENTS[name], variable_values=dict(variables), context_value=context
        )
        assert result.errors is None
        return result.data, snapshot.statements - 1


def without_moments(value: Any) -> Any:
    """An answer without the moment it holds for."""
    if isinstance(value, dict):
        return {key: without_moments(each) for key, each in value.items() if key != "asOf"}
    return [without_moments(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("district", world.WIDTHS)
@pytest.mark.parametrize("name", DOCUMENTS)
async def test_document_takes_its_statements_on_the_engine(
    wide: Client, name: str, district: str
) -> None:
    account, variables = asked(name, district)

    answer = await wide.ask(DOCUMENTS[name], variables, viewer=account)

    assert answer.good
    assert answer.statements - 1 == ENGINE[name]


@pytest.mark.parametrize("district", world.WIDTHS)
@pytest.mark.parametrize("name", DOCUMENTS)
async def test_document_gives_the_same_by_graphql_core(
    wide: Client, wide_url: str, name: str, district: str
) -> None:
    account, variables = asked(name, district)
    answer = await wide.ask(DOCUMENTS[name], variables, viewer=account)

    data, statements = await run_by_graphql_core(wide_url, name, district)

    assert without_moments(data) == without_moments(answer.good)
    assert statements == STOCK[name]


@pytest.mark.parametrize(("district", "width"), world.WIDTHS.items())
async def test_documents_give_what_is_there(wide: Client, district: str, width: int) -> None:
    answers = {}
    for name, document in DOCUMENTS.items():
        account, variables = asked(name, district)
        answers[name] = (await wide.ask(document, variables, viewer=account)).good

    hub = answers["tree"]["hub"]
    towns = hub["childHubs"]
    projects = answers["page"]["projects"]
    records = answers["profile"]["viewer"]["volunteer"]["serviceRecords"]["edges"]
    below = answers["region"]["region"]["childStatistics"]
    assert [len(towns), sum(len(town["childHubs"]) for town in towns)] == [width, width]
    assert {len(each["teams"]["edges"]) for each in (hub, *towns)} == {5}
    assert len(projects["edges"]) == min(width, 50)
    assert projects["pageInfo"]["hasNextPage"] is (width > 50)
    assert {len(edge["node"]["signUps"]["edges"]) for edge in projects["edges"]} == {10}
    assert all(edge["node"]["team"]["contactTeam"] for edge in projects["edges"])
    assert len(records) == min(width, 20)
    assert len(below) == width
    assert answers["region"]["region"]["statistics"]["teams"] == (1 + 2 * width) * 7
    assert sum(each["totals"]["projects"] for each in below) == width
    assert {len(each["months"]) for each in below} == {12}
