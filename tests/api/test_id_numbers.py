"""Whole ID numbers: for the person and the real-name duty, an audit row for each look."""

import pytest
import pytest_asyncio

from db.enums import IdentityType
from db.identities import blind_index, seal
from db.keys import Purpose
from tests.api.client import KEYS, Client
from tests.api.people_world import account, global_id, id_of
from tests.small_world import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

REVEAL = """
mutation ($id: ID!, $purpose: RevealPurpose!) {
  revealIdNumber(input: {volunteerId: $id, purpose: $purpose}) {
    idNumber idType userErrors { code field }
  }
}
"""
NUMBER = "500112199001010017"
NOT_FOUND = {
    "idNumber": None,
    "idType": None,
    "userErrors": [{"code": "NOT_FOUND", "field": "volunteerId"}],
}
YUBEI, JIANGBEI = "department:500112000000", "department:500105000000"


@pytest_asyncio.fixture(loop_scope="module", scope="module", autouse=True)
async def sealed(people_url: str) -> None:
    """The ID number of ``li``, sealed."""
    li = id_of("Volunteer", "li")
    key = KEYS.current(Purpose.IDENTITY)
    async with connected(people_url) as connection:
        await connection.execute(
            "insert into volunteer_identities values ($1, 'RESIDENT_ID', $2, $3, $4)",
            li,
            seal(NUMBER, volunteer_id=li, key=key),
            key.id,
            blind_index(IdentityType.RESIDENT_ID, NUMBER, key=KEYS.current(Purpose.BLIND_INDEX)),
        )


async def looks(url: str) -> list[tuple[int, str, str, str]]:
    async with connected(url) as connection:
        rows = await connection.fetch(
            "select account_id, capacity, because, detail::text as detail from audit_log"
            " where action = 'volunteer.id_number_revealed' order by id"
        )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("who", "acting_as", "because"),
    [("li", "volunteer", "owner"), ("mca_yubei", YUBEI, "department over region")],
)
async def test_each_look_leaves_an_audit_row_that_holds_no_number(
    people: Client, people_url: str, who: str, acting_as: str, because: str
) -> None:
    before = await looks(people_url)

    for _ in range(2):
        answer = await people.ask(
            REVEAL,
            {"id": global_id("Volunteer", "li"), "purpose": "REAL_NAME_CHECK"},
            viewer=account(who),
            acting_as=acting_as,
        )
        assert answer.good["revealIdNumber"] == {
            "idNumber": NUMBER,
            "idType": "RESIDENT_ID",
            "userErrors": [],
        }

    row = (account(who), acting_as, because, '{"purpose": "REAL_NAME_CHECK"}')
    assert await looks(people_url) == [*before, row, row]
    async with connected(people_url) as connection:
        told = await connection.fetchval(
            "select count(*) from outbox where payload::text like $1", f"%{NUMBER}%"
        )
    assert told == 0


@pytest.mark.parametrize(
    ("who", "acting_as", "volunteer"),
    [
        ("mca_jiangbei", JIANGBEI, "li"),  # resident of another district
        ("mca_yubei", YUBEI, "sun"),  # known through a team, resident elsewhere: see below
        ("li", "volunteer", "wang"),
        ("wang", "volunteer", "li"),
    ],
)
async def test_others_are_not_shown_a_number_and_leave_no_row(
    people: Client, people_url: str, who: str, acting_as: str, volunteer: str
) -> None:
    before = await looks(people_url)

    answer = await people.ask(
        REVEAL,
        {"id": global_id("Volunteer", volunteer), "purpose": "REAL_NAME_CHECK"},
        viewer=account(who),
        acting_as=acting_as,
    )

    if volunteer == "sun":
        assert answer.codes == ["FORBIDDEN"]
    else:
        assert answer.good["revealIdNumber"] == NOT_FOUND
    assert await looks(people_url) == before


@pytest.mark.parametrize("who", ["reading", "village", "yubei"])
async def test_look_does_not_exist_for_teams_and_hubs(people: Client, who: str) -> None:
    answer = await people.ask(
        REVEAL,
        {"id": global_id("Volunteer", "li"), "purpose": "REAL_NAME_CHECK"},
        viewer=account(who),
    )

    assert set(answer.codes) == {"DOCUMENT_INVALID"}


async def test_person_whose_identity_was_erased_is_answered_like_a_missing_one(
    people: Client,
) -> None:
    answer = await people.ask(
        REVEAL,
        {"id": global_id("Volunteer", "wang"), "purpose": "OWN_DATA"},
        viewer=account("wang"),
        acting_as="volunteer",
    )

    assert answer.good["revealIdNumber"] == NOT_FOUND
