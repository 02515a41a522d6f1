"""Accounts of departments are passed on from level to level, each within its own region."""

import asyncio
from typing import Any

import pytest

from permissions.errors import Forbidden
from resolvers.administrators.issuing import Appointee, issue_administrator
from schema.ids import encode
from tests.administrators.offices import HAND_OVER, ISSUE, LIST, REMOVE, RESET, Offices
from tests.api.client import running

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOBODY = {"administrator": None, "firstPassword": None}


async def test_department_issues_an_account_of_a_department_directly_below(
    offices: Offices,
) -> None:
    told = await offices.issue("province", "city", title=" 系统管理员 ")

    made = told["administrator"]
    assert told["userErrors"] == []
    assert len(told["firstPassword"]) == 23
    assert made["region"] == {"code": offices.code("city")}
    assert (made["title"], made["lastSignedInAt"]) == ("系统管理员", None)
    assert made["owesPassword"]
    assert not made["needsReminding"]
    stored = await offices.rows(
        "select password_hash, must_change_password, password_expires_at - created_at as lifetime"
        " from accounts where username = $1",
        made["username"],
    )
    assert stored[0]["password_hash"].startswith("$argon2id$")
    assert stored[0]["lifetime"].days == 14


ISSUERS = {
    "nation": {"province", "other_province"},
    "province": {"city", "other_city"},
    "city": {"county", "other_county"},
    "county": set(),
}


@pytest.mark.parametrize("by", ISSUERS)
async def test_only_the_level_directly_below_is_issued(offices: Offices, by: str) -> None:
    allowed = set()
    for region in offices.regions:
        answer = await offices.client.ask(
            ISSUE, {"input": offices.person(regionCode=offices.code(region))}, **offices.asking(by)
        )
        if "errors" not in answer.body:
            assert answer.good["issueAdministrator"]["userErrors"] == [], region
            allowed.add(region)
        else:
            assert answer.codes == ["FORBIDDEN"]

    assert allowed == ISSUERS[by]


BAD = {
    "short username": ({"username": "ab"}, [("INVALID", "username")]),
    "odd username": ({"username": "管理员一"}, [("INVALID", "username")]),
    "long username": ({"username": "a" * 31}, [("INVALID", "username")]),
    "username of another": ({"username": "taken_name"}, [("USERNAME_TAKEN", "username")]),
    "no name": ({"name": "  "}, [("REQUIRED", "name")]),
    "long name": ({"name": "名" * 61}, [("TOO_LONG", "name")]),
    "control characters": (
        {"name": "甲\u202e乙", "title": "\x07"},
        [("INVALID", "name"), ("INVALID", "title")],
    ),
    "zero byte": ({"name": "甲\x00"}, [("INVALID", "name")]),
    "long title": ({"title": "长" * 61}, [("TOO_LONG", "title")]),
    "no such region": ({"regionCode": "999999999999"}, [("NOT_FOUND", "regionCode")]),
    "odd region": ({"regionCode": "\x00"}, [("NOT_FOUND", "regionCode")]),
}


@pytest.mark.parametrize(("given", "errors"), BAD.values(), ids=BAD)
async def test_bad_input_issues_nothing(
    offices: Offices, given: dict[str, str], errors: list[tuple[str, str]]
) -> None:
    if given.get("username") == "taken_name":
        await offices.planter.account(username="taken_name")
    before = await offices.rows("select count(*) from accounts")

    person = offices.person(regionCode=offices.code("county"))
    answer = await offices.client.ask(
        ISSUE, {"input": {**person, **given}}, **offices.asking("city")
    )

    told = answer.good["issueAdministrator"]
    assert [(each["code"], each["field"]) for each in told.pop("userErrors")] == errors
    assert told == NOBODY
    assert await offices.rows("select count(*) from accounts") == before


async def test_repeat_under_a_key_makes_one_account_and_tells_no_password_again(
    offices: Offices,
) -> None:
    person = offices.person(regionCode=offices.code("county"), idempotencyKey="county-1")

    answers = [
        (await offices.client.ask(ISSUE, {"input": person}, **offices.asking("city"))).good[
            "issueAdministrator"
        ]
        for _ in range(2)
    ]

    assert answers[0]["administrator"]["id"] == answers[1]["administrator"]["id"]
    assert answers[0]["firstPassword"] is not None
    assert answers[1]["firstPassword"] is None


async def test_first_password_is_nowhere_but_in_the_answer(offices: Offices) -> None:
    person = offices.person(regionCode=offices.code("county"), idempotencyKey="county-2")
    answer = await offices.client.ask(ISSUE, {"input": person}, **offices.asking("city"))

    first = answer.good["issueAdministrator"]["firstPassword"]

    for table in ("accounts", "outbox", "audit_log", "idempotency_keys", "department_users"):
        rows = await offices.rows(f"select t::text from {table} t")  # noqa: S608 - names of ours
        assert not [row for row in rows if first in row[0]], table


async def test_account_handed_over_passes_to_a_new_person_at_once(offices: Offices) -> None:
    before = await offices.settled("city", "county")
    person = offices.person(administratorId=before["id"])

    answer = await offices.client.ask(HAND_OVER, {"input": person}, **offices.asking("city"))
    told = answer.good["handOverAdministrator"]
    stale = await offices.with_token(before["accessToken"], LIST)
    entered = await offices.enter(person["username"], told["firstPassword"])

    assert told["administrator"]["name"] == person["name"]
    assert told["administrator"]["region"] == {"code": offices.code("county")}
    assert stale.codes == ["UNAUTHENTICATED"]
    assert entered["account"]["mustChangePassword"]
    audited = await offices.rows(
        "select action, because from audit_log where action like 'administrator.%'"
        " order by id desc limit 2"
    )
    assert {tuple(row) for row in audited} == {
        ("administrator.handed_over", "department above"),
        ("administrator.issued", "department above"),
    }


async def test_administrator_hands_the_own_office_over(offices: Offices) -> None:
    held = await offices.settled("city", "county")
    person = offices.person(administratorId=held["id"])

    answer = await offices.with_token(held["accessToken"], HAND_OVER, {"input": person})

    assert answer.good["handOverAdministrator"]["firstPassword"]
    assert answer.good["handOverAdministrator"]["userErrors"] == []
    assert (await offices.with_token(held["accessToken"], LIST)).codes == ["UNAUTHENTICATED"]


async def test_removal_holds_at_once_on_every_process(offices: Offices, redis_url: str) -> None:
    held = await offices.settled("city", "county")
    async with running(offices.planter.database.url, redis_url) as other:
        headers = {"authorization": f"Bearer {held['accessToken']}"}
        assert (await other.ask(LIST, headers=headers)).status == 200
        given = {"administratorId": held["id"], "reason": "调离"}

        answer = await offices.client.ask(REMOVE, {"input": given}, **offices.asking("province"))

        assert answer.good["removeAdministrator"] == {
            "administratorId": held["id"],
            "userErrors": [],
        }
        assert (await other.ask(LIST, headers=headers)).codes == ["UNAUTHENTICATED"]
    assert (await offices.with_token(held["accessToken"], LIST)).codes == ["UNAUTHENTICATED"]
    (account,) = await offices.rows(
        "select status from accounts where username = $1", held["username"]
    )
    assert account["status"] == "DISABLED"


async def test_removed_administrator_who_is_a_volunteer_too_keeps_the_account(
    offices: Offices,
) -> None:
    office = await offices.seat("volunteering", "county")
    account = offices.accounts["volunteering"]
    volunteer = await offices.planter.volunteer(offices.regions["county"], account_id=account)
    given = {"administratorId": _id(office), "reason": "任期届满"}

    answer = await offices.client.ask(REMOVE, {"input": given}, **offices.asking("city"))

    assert answer.good["removeAdministrator"]["userErrors"] == []
    asked = "{ viewer { role volunteer { volunteerNo } capacities { key } } }"
    entered = await offices.rows("select session_epoch from accounts where id = $1", account)
    token = offices.client.tokens.issue(account, entered[0]["session_epoch"]).text
    seen = (await offices.with_token(token, asked)).good["viewer"]
    assert seen["volunteer"] == {"volunteerNo": volunteer.volunteer_no}
    assert seen["capacities"] == [{"key": "volunteer"}]


async def test_reset_gives_a_new_first_password_and_ends_sessions(offices: Offices) -> None:
    held = await offices.settled("city", "county")

    answer = await offices.client.ask(
        RESET, {"input": {"administratorId": held["id"]}}, **offices.asking("province")
    )
    told = answer.good["resetAdministratorPassword"]

    assert told["administrator"] == {"id": held["id"], "owesPassword": True}
    assert (await offices.with_token(held["accessToken"], LIST)).codes == ["UNAUTHENTICATED"]
    entered = await offices.enter(held["username"], told["firstPassword"])
    assert entered["account"]["mustChangePassword"]


async def test_password_of_who_is_more_than_the_office_is_not_reset(offices: Offices) -> None:
    office = await offices.seat("also_volunteer", "county")
    await offices.planter.volunteer(
        offices.regions["county"], account_id=offices.accounts["also_volunteer"]
    )

    answer = await offices.client.ask(
        RESET, {"input": {"administratorId": _id(office)}}, **offices.asking("city")
    )

    assert answer.good["resetAdministratorPassword"] == {
        **NOBODY,
        "userErrors": [{"code": "WRONG_STATE", "field": "administratorId"}],
    }


ACTS = {
    "remove": (REMOVE, {"reason": "调离"}),
    "reset": (RESET, {}),
    "hand over": (HAND_OVER, {"username": "successor_x", "name": "后任"}),
}


@pytest.mark.parametrize(("document", "given"), ACTS.values(), ids=ACTS)
async def test_offices_elsewhere_are_hidden_and_those_beside_forbidden(
    offices: Offices, document: str, given: dict[str, str]
) -> None:
    async def outcome(by: str, office: str) -> Any:
        wish = {"input": {**given, "administratorId": office}}
        answer = await offices.client.ask(document, wish, **offices.asking(by))
        if "errors" in answer.body:
            return answer.codes
        (told,) = answer.good.values()
        return [error["code"] for error in told["userErrors"]]

    colleague = await offices.seat("beside", "city")
    offices.regions["beside"] = offices.regions["city"]

    assert await outcome("city", _id(colleague)) == ["FORBIDDEN"]
    for hidden in ("province", "other_city", "far_county", "other_province"):
        assert await outcome("city", _id(offices.offices[hidden])) == ["NOT_FOUND"], hidden
    assert await outcome("city", _id(2**40)) == ["NOT_FOUND"]
    assert await outcome("city", "not an id") == ["INVALID_ID"]


async def test_removed_a_moment_ago_may_issue_no_more(offices: Offices) -> None:
    """The standing was read before; who is removed meanwhile is refused all the same."""
    office = await offices.seat("leaving", "city")
    offices.regions["leaving"] = offices.regions["city"]
    viewer = offices.viewer("leaving")
    await offices.rows("update department_users set revoked_at = now() where id = $1", office)

    appointee = Appointee(username="too_late", name="迟到")
    database, region = offices.planter.database, offices.regions["county"]

    with pytest.raises(Forbidden, match="no more"):
        await issue_administrator(database, viewer, region.id, appointee, None)


async def test_two_who_remove_at_once_do_it_once(offices: Offices) -> None:
    held = await offices.settled("city", "county")
    given = {"input": {"administratorId": held["id"], "reason": "调离"}}

    answers = await asyncio.gather(
        *(offices.client.ask(REMOVE, given, **offices.asking(by)) for by in ("city", "province"))
    )

    outcomes = sorted(
        tuple(error["code"] for error in answer.good["removeAdministrator"]["userErrors"])
        for answer in answers
    )
    assert outcomes == [(), ("NOT_FOUND",)]


BAD_REASONS = {
    "none": ("  ", "REASON_REQUIRED"),
    "long": ("长" * 201, "TOO_LONG"),
    "control": ("调离\x00", "INVALID"),
}


@pytest.mark.parametrize(("reason", "code"), BAD_REASONS.values(), ids=BAD_REASONS)
async def test_removal_says_why(offices: Offices, reason: str, code: str) -> None:
    given = {"administratorId": _id(offices.offices["other_county"]), "reason": reason}

    answer = await offices.client.ask(REMOVE, {"input": given}, **offices.asking("city"))

    assert answer.good["removeAdministrator"] == {
        "administratorId": None,
        "userErrors": [{"code": code, "field": "reason"}],
    }


@pytest.mark.parametrize("wish", ["volunteer", None])
async def test_who_acts_for_no_department_has_no_such_members(
    offices: Offices, wish: str | None
) -> None:
    volunteer = await offices.planter.volunteer(offices.regions["county"])
    viewer = volunteer.account_id if wish else None

    answer = await offices.client.ask(LIST, viewer=viewer, acting_as=wish)

    assert answer.codes[0] == "DOCUMENT_INVALID"


def _id(number: int) -> str:
    return str(encode("Administrator", number))
