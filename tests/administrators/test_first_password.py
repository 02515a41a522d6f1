"""A first password opens nothing but its own change."""

import pytest

from tests.administrators.offices import (
    CHANGE,
    LIST,
    PASSWORD,
    SIGN_IN,
    Offices,
)
from tests.api.client import STATION_HOST

pytestmark = pytest.mark.asyncio(loop_scope="module")

VIEWER = "{ viewer { displayName capacities { key } } }"
GOOD = "Chaotianmen-2021-men"


async def test_issued_account_changes_its_first_password_and_then_acts(offices: Offices) -> None:
    told = await offices.issue("city", "county", title="系统管理员")
    username, first = told["administrator"]["username"], told["firstPassword"]

    entered = await offices.enter(username, first)
    token = entered["accessToken"]
    changed = await offices.with_token(
        token, CHANGE, {"input": {"currentPassword": first, "newPassword": GOOD}}
    )
    outcome = changed.good["changePassword"]
    listed = await offices.with_token(outcome["accessToken"], LIST)
    again = await offices.enter(username, GOOD)

    assert entered["account"] == {
        "mustChangePassword": True,
        "capacities": [{"key": f"department:{offices.code('county')}"}],
    }
    assert outcome["userErrors"] == []
    assert outcome["account"] == {"mustChangePassword": False}
    assert username in {row["username"] for row in listed.good["administrators"]["nodes"]}
    assert again["account"]["mustChangePassword"] is False
    assert (await offices.enter(username, first))["userErrors"] == [{"code": "SIGN_IN_REFUSED"}]


REFUSED_BEFORE = {
    "query": VIEWER,
    "introspection": "{ __typename }",
    "public query": "{ serviceCategories { code } }",
    "mutation": "mutation { markNotificationsRead(input: {ids: []}) { userErrors { code } } }",
    "beside the change": 'mutation { changePassword(input: {currentPassword: "", newPassword: ""})'
    " { userErrors { code } } markNotificationsRead(input: {ids: []}) { userErrors { code } } }",
    "under the change's name": "mutation { changePassword: markNotificationsRead(input: {ids: []})"
    " { userErrors { code } } }",
    "in a fragment": "mutation { ...F } fragment F on Mutation {"
    " markNotificationsRead(input: {ids: []}) { userErrors { code } } }",
}


@pytest.mark.parametrize("document", REFUSED_BEFORE.values(), ids=REFUSED_BEFORE)
async def test_every_other_operation_is_refused_before_the_change(
    offices: Offices, document: str
) -> None:
    told = await offices.issue("city", "county")
    entered = await offices.enter(told["administrator"]["username"], told["firstPassword"])

    answer = await offices.with_token(entered["accessToken"], document)

    assert (answer.status, answer.codes) == (403, ["PASSWORD_CHANGE_REQUIRED"])
    assert "data" not in answer.body


async def test_files_are_refused_before_the_change(offices: Offices) -> None:
    told = await offices.issue("city", "county")
    entered = await offices.enter(told["administrator"]["username"], told["firstPassword"])

    headers = {"authorization": f"Bearer {entered['accessToken']}"}
    answer = await offices.client.http.get("/certificates/X.pdf", headers=headers)

    assert answer.status_code == 403
    assert answer.json()["errors"][0]["extensions"]["code"] == "PASSWORD_CHANGE_REQUIRED"


BAD = {
    "wrong": ("wrong", GOOD, ("PASSWORD_WRONG", "currentPassword")),
    "empty": ("", GOOD, ("PASSWORD_WRONG", "currentPassword")),
    "endless": ("x" * 100_000, GOOD, ("PASSWORD_WRONG", "currentPassword")),
    "surrogate": ("\\ud800", GOOD, ("PASSWORD_WRONG", "currentPassword")),
    "the same": (PASSWORD, PASSWORD, ("PASSWORD_WEAK", "newPassword")),
    "short": (PASSWORD, "Ab1-", ("PASSWORD_WEAK", "newPassword")),
    "plain": (PASSWORD, "abcdefghij", ("PASSWORD_WEAK", "newPassword")),
    "too long": (PASSWORD, "Ab1-" * 300, ("PASSWORD_WEAK", "newPassword")),
}


@pytest.mark.parametrize(("current", "new", "error"), BAD.values(), ids=BAD)
async def test_bad_password_is_refused_and_nothing_changes(
    offices: Offices, current: str, new: str, error: tuple[str, str]
) -> None:
    await offices.seat("colleague", "county")

    given = {"input": {"currentPassword": current, "newPassword": new}}
    answer = await offices.client.ask(CHANGE, given, viewer=offices.accounts["colleague"])

    code, field = error
    assert answer.good["changePassword"] == {
        "accessToken": None,
        "refreshToken": None,
        "account": None,
        "userErrors": [{"code": code, "field": field}],
    }


async def test_password_with_the_own_username_is_weak(offices: Offices) -> None:
    await offices.seat("colleague", "county", username="county_admin")
    given = {"input": {"currentPassword": PASSWORD, "newPassword": "X-county_admin-9"}}

    answer = await offices.client.ask(CHANGE, given, viewer=offices.accounts["colleague"])

    assert answer.good["changePassword"]["userErrors"] == [
        {"code": "PASSWORD_WEAK", "field": "newPassword"}
    ]


async def test_change_ends_every_session_of_before_and_their_tokens(offices: Offices) -> None:
    await offices.seat("colleague", "county", username="many_sessions")
    first = await offices.enter("many_sessions", PASSWORD)
    second = await offices.enter("many_sessions", PASSWORD)

    changed = await offices.with_token(
        first["accessToken"], CHANGE, {"input": {"currentPassword": PASSWORD, "newPassword": GOOD}}
    )
    fresh = changed.good["changePassword"]
    refresh = "mutation ($t: String!) { refreshSession(input: {refreshToken: $t}) { accessToken } }"

    for stale in (first, second):
        answer = await offices.with_token(stale["accessToken"], VIEWER)
        assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"])
        renewed = await offices.client.ask(refresh, {"t": stale["refreshToken"]})
        assert renewed.codes == ["UNAUTHENTICATED"]
    assert (await offices.with_token(fresh["accessToken"], VIEWER)).status == 200
    renewed = await offices.client.ask(refresh, {"t": fresh["refreshToken"]})
    again = await offices.with_token(renewed.good["refreshSession"]["accessToken"], VIEWER)
    assert again.status == 200


async def test_trying_passwords_from_inside_pauses_the_account(offices: Offices) -> None:
    await offices.seat("colleague", "county", username="inside_job")
    wrong = {"input": {"currentPassword": "wrong", "newPassword": GOOD}}
    right = {"input": {"currentPassword": PASSWORD, "newPassword": GOOD}}

    for _ in range(5):
        await offices.client.ask(CHANGE, wrong, viewer=offices.accounts["colleague"])
    answer = await offices.client.ask(CHANGE, right, viewer=offices.accounts["colleague"])

    assert answer.good["changePassword"]["userErrors"] == [
        {"code": "PASSWORD_WRONG", "field": "currentPassword"}
    ]
    assert (await offices.enter("inside_job", PASSWORD))["userErrors"] == [
        {"code": "SIGN_IN_REFUSED"}
    ]


async def test_first_password_lapses(offices: Offices) -> None:
    told = await offices.issue("city", "county")
    username = told["administrator"]["username"]
    await offices.rows(
        "update accounts set password_expires_at = now() - interval '1 second' where username = $1",
        username,
    )

    entered = await offices.enter(username, told["firstPassword"])

    assert entered["userErrors"] == [{"code": "SIGN_IN_REFUSED"}]


# Edge case 27 of the domain.
async def test_department_user_who_tries_to_sign_in_at_a_station_is_refused(
    offices: Offices,
) -> None:
    told = await offices.settled("city", "county")
    token = told["accessToken"]
    wish = f"department:{offices.code('county')}"

    refused = await offices.client.ask(
        SIGN_IN, {"username": told["username"], "password": "Bayu-Shan-9Z"}, host=STATION_HOST
    )
    wrong = await offices.client.ask(
        SIGN_IN, {"username": told["username"], "password": "wrong"}, host=STATION_HOST
    )
    carried = await offices.with_token(token, VIEWER, acting_as=wish, host=STATION_HOST)
    unnamed = await offices.with_token(token, VIEWER, host=STATION_HOST)
    at_home = await offices.with_token(token, VIEWER, acting_as=wish)

    assert refused.good["signIn"] == {
        "accessToken": None,
        "refreshToken": None,
        "account": None,
        "userErrors": [{"code": "NATIONAL_SITE_ONLY"}],
    }
    assert wrong.good["signIn"]["userErrors"] == [{"code": "SIGN_IN_REFUSED"}]
    assert (carried.status, carried.codes) == (403, ["CAPACITY_NOT_HELD"])
    assert (unnamed.status, unnamed.codes) == (403, ["CAPACITY_NOT_HELD"])
    assert at_home.good["viewer"]["capacities"] == [{"key": wish}]
