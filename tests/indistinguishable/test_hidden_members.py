"""What is hidden from a role answers, byte for byte, as at a gateway that never had it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
import strawberry
from graphql import GraphQLSchema, print_schema
from graphql.pyutils.suggestion_list import LexicalDistance
from strawberry.schema.config import StrawberryConfig

from permissions.viewer import Role
from schema.build import NODES, build_schema
from schema.mutation import Mutation
from schema.query import Query
from schema.whole_numbers import LONG, Long
from tests.indistinguishable import library
from tests.indistinguishable.control import Control, control_of
from tests.indistinguishable.gateways import Gateway, gateway_of, standing_on
from tests.indistinguishable.naming import INTROSPECTION, requests

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOUSES = [("station", role) for role in Role] + [
    ("library", Role.PUBLIC),
    ("library", library.READER),
    ("library", library.KEEPER),
]


@pytest.fixture(scope="module", autouse=True)
def measured_once() -> Iterator[None]:
    """How far two names are apart is measured once: it is most of what these tests cost."""
    measure = LexicalDistance.measure
    found: dict[tuple[str, str], int | None] = {}

    def look_up(of: LexicalDistance, option: str, threshold: int) -> int | None:
        pair = (of._input, option)  # the threshold follows from the first
        if pair not in found:
            found[pair] = measure(of, option, threshold)
        return found[pair]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LexicalDistance, "measure", look_up)
        yield


def whole_station() -> strawberry.Schema:
    """The station's schema with every member."""
    return strawberry.Schema(
        query=Query,
        mutation=Mutation,
        types=NODES,
        config=StrawberryConfig(
            enable_experimental_incremental_execution=False, scalar_map={Long: LONG}
        ),
    )


@dataclass(frozen=True, slots=True)
class House:
    """A role's gateway, its control, and the schema with every member."""

    schema: GraphQLSchema
    gateway: Gateway
    control: Control
    control_gateway: Gateway
    whole: GraphQLSchema


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=HOUSES,
    ids=lambda house: f"{house[0]}-{house[1].value}",
)
async def house(request: pytest.FixtureRequest) -> AsyncIterator[House]:
    name, role = request.param
    if name == "station":
        schema, make, types = build_schema(role), whole_station, NODES
    else:
        schema, make, types = library.library(role), library.whole_library, library.TYPES
    control = control_of(
        make(),
        role,
        types=[each.__name__ for each in types],
        directives=[each.name for each in schema._schema.directives],
    )
    made = House(
        schema=schema._schema,
        gateway=gateway_of(schema),
        control=control,
        control_gateway=gateway_of(standing_on(control.schema, make())),
        whole=make()._schema,
    )
    async with made.gateway.http, made.control_gateway.http:
        yield made


async def test_schema_is_the_control_and_tells_the_same_of_itself(house: House) -> None:
    assert print_schema(house.schema) == print_schema(house.control.schema)
    told = await house.gateway.ask(INTROSPECTION)
    assert told.startswith(b"200 ")
    assert told == await house.control_gateway.ask(INTROSPECTION)


async def test_every_hidden_member_answers_as_if_it_had_never_been(house: House) -> None:
    asked = 0
    for member in house.control.hidden:
        for request in requests(member, house.whole):
            answer = await house.gateway.ask(*request)
            assert answer == await house.control_gateway.ask(*request), (str(member), request)
            asked += 1
    assert asked >= 3 * len(house.control.hidden)


async def test_member_that_is_not_hidden_answers_otherwise(house: House) -> None:
    everyone = gateway_of(standing_on(house.whole, whole_station()))
    async with everyone.http:
        for member in house.control.hidden:
            for request in requests(member, house.whole):
                if await everyone.ask(*request) != await house.gateway.ask(*request):
                    break
            else:
                pytest.fail(f"no request tells {member}")
