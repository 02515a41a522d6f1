"""The examples that the page offers, each asked by someone of its role."""

from pathlib import Path

import pytest

from tests.api.client import Client
from tests.api.people_world import account
from tests.api.test_visibility import VIEWERS

pytestmark = pytest.mark.asyncio(loop_scope="module")

EXAMPLES = sorted((Path(__file__).parents[2] / "gateway/web/examples").glob("*.graphql"))
ASKERS = {
    "public": "public",
    "volunteer": "li",
    "team": "reading",
    "hub": "yubei",
    "department": "mca_city",
}
ASKED = {
    path.stem: path.read_text("utf-8") for path in EXAMPLES if path.name.partition("-")[0] in ASKERS
}


@pytest.mark.parametrize("name", ASKED)
async def test_example_is_answered_and_finds_something(people: Client, name: str) -> None:
    who, acting_as = VIEWERS[ASKERS[name.partition("-")[0]]]

    answer = await people.ask(
        ASKED[name],
        viewer=account(who) if who else None,
        acting_as=acting_as,
        host="localhost",
    )

    assert all(found is not None for found in answer.good.values())
