"""How much of people's names and numbers each relation is shown (DOMAIN §8)."""

import pytest

from tests.api.client import Client
from tests.api.people_world import account, global_id
from tests.api.test_visibility import VIEWERS

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEAM = """
query ($id: ID!) {
  node(id: $id) {
    ... on Team { principal { name mobile } contact { name mobile } }
    ... on Project { contact { name mobile } }
  }
}
"""
VOLUNTEER = "query ($id: ID!) { node(id: $id) { ... on Volunteer { name mobile } } }"

WHOLE = {"name": "周正", "mobile": "13900000001"}
MASKED = {"name": "周*", "mobile": None}
# Who stands inside or above ``reading``, and the department of its region.
ABOVE_READING = {
    *("reading", "village", "street", "yubei", "mca_yubei", "mca_city"),
}


@pytest.mark.parametrize("viewer", VIEWERS)
async def test_team_shows_its_principal_to_itself_and_those_above(
    people: Client, viewer: str
) -> None:
    who, acting_as = VIEWERS[viewer]

    answer = await people.ask(
        TEAM,
        {"id": global_id("Team", "reading")},
        viewer=account(who) if who else None,
        acting_as=acting_as,
    )

    assert answer.good["node"] == (
        {"principal": WHOLE, "contact": {"name": "吴小芳", "mobile": "13900000002"}}
        if viewer in ABOVE_READING
        else {"principal": MASKED, "contact": {"name": "吴*芳", "mobile": None}}
    )


@pytest.mark.parametrize("viewer", VIEWERS)
async def test_project_shows_its_contact_to_who_manages_the_team(
    people: Client, viewer: str
) -> None:
    who, acting_as = VIEWERS[viewer]

    answer = await people.ask(
        TEAM,
        {"id": global_id("Project", "open_day")},
        viewer=account(who) if who else None,
        acting_as=acting_as,
    )

    assert answer.good["node"]["contact"] == (
        {"name": "郑和平", "mobile": "13700000003"}
        if viewer in ABOVE_READING
        else {"name": "郑*平", "mobile": None}
    )


async def test_number_that_its_owner_made_public_is_shown_to_all(people: Client) -> None:
    answer = await people.ask(TEAM, {"id": global_id("Team", "far")})

    assert answer.good["node"] == {
        "principal": MASKED,
        "contact": {"name": "吴小芳", "mobile": "13900000002"},
    }


@pytest.mark.parametrize(
    ("viewer", "volunteer", "name", "mobile"),
    [
        ("li", "li", "李明", "13800000000"),
        ("chen", "chen", "陈一鸣", "13800000004"),
        ("reading", "li", "李明", "138****0000"),
        ("reading", "sun", "孙丽", "138****0003"),
        ("legal", "wang", "王建国", "138****0001"),
        ("village", "li", "李*", None),
        ("village", "chen", "陈*鸣", "13800000004"),
        ("street", "li", "李*", None),
        ("yubei", "li", "李明", "138****0000"),
        ("yubei", "zhao", "赵敏", "138****0002"),
        ("jiangbei", "wang", "王建国", "138****0001"),
        ("mca_yubei", "li", "李明", "138****0000"),
        ("mca_city", "chen", "陈一鸣", "13800000004"),
    ],
)
async def test_volunteer_is_shown_by_relation(
    people: Client, viewer: str, volunteer: str, name: str, mobile: str | None
) -> None:
    who, acting_as = VIEWERS[viewer]

    answer = await people.ask(
        VOLUNTEER,
        {"id": global_id("Volunteer", volunteer)},
        viewer=account(who or ""),
        acting_as=acting_as,
    )

    assert answer.good["node"] == {"name": name, "mobile": mobile}


MEMBERSHIP = (
    "query ($id: ID!) { node(id: $id) { ... on Membership { maskedName volunteer { name } } } }"
)


@pytest.mark.parametrize(
    ("viewer", "membership", "shown"),
    [
        ("reading", "m_li", {"maskedName": "李*", "volunteer": {"name": "李明"}}),
        ("reading", "m_sun", {"maskedName": "孙*", "volunteer": {"name": "孙丽"}}),
        ("far", "m_chen_left", {"maskedName": "陈*鸣", "volunteer": None}),
        ("chen", "m_chen_left", {"maskedName": "陈*鸣", "volunteer": {"name": "陈一鸣"}}),
    ],
)
async def test_member_who_left_is_a_masked_name(
    people: Client, viewer: str, membership: str, shown: object
) -> None:
    who, acting_as = VIEWERS[viewer]

    answer = await people.ask(
        MEMBERSHIP,
        {"id": global_id("Membership", membership)},
        viewer=account(who or ""),
        acting_as=acting_as,
    )

    assert answer.good["node"] == shown


@pytest.mark.parametrize("field", ["email", "address", "bornOn", "nickname", "ethnicity"])
async def test_what_is_personal_exists_for_volunteers_only(people: Client, field: str) -> None:
    document = f"{{ volunteers {{ nodes {{ {field} }} }} }}"

    answer = await people.ask(document, viewer=account("mca_city"))

    assert answer.codes == ["DOCUMENT_INVALID"]
    assert answer.errors[0]["message"].startswith(
        f"Cannot query field '{field}' on type 'Volunteer'."
    )
