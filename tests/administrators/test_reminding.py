"""Who has not signed in for thirty days is reminded: once a day, from above or beside."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from resolvers.administrators.reminding import AGAIN, remind_administrator
from resolvers.outcomes import Outcome
from schema.ids import encode
from tests.administrators.offices import REMIND, Offices
from tests.administrators.test_watching import NOW, seen

pytestmark = pytest.mark.asyncio(loop_scope="module")

MESSAGES = "{ viewer { notifications { event } } }"


def _id(number: int) -> str:
    return str(encode("Administrator", number))


async def absent(offices: Offices, name: str, region: str, days: float = 31) -> str:
    """The id of somebody new in a region's office who has not signed in for days."""
    office = await offices.seat(name, region)
    offices.regions[name] = offices.regions[region]
    await seen(offices, name, days)
    return _id(office)


async def reminded(offices: Offices, by: str, office: str, key: str | None = None) -> Any:
    """What came of a reminder: codes of errors, or what was done."""
    given = {"administratorId": office, "idempotencyKey": key}
    answer = await offices.client.ask(REMIND, {"input": given}, **offices.asking(by))
    if "errors" in answer.body:
        return answer.codes
    told = answer.good["remindAdministrator"]
    return [error["code"] for error in told["userErrors"]] or told["administrator"]


async def later(offices: Offices, office: str, by: str, after: timedelta) -> Outcome:
    number = next(each for each in offices.offices.values() if _id(each) == office)
    database = offices.planter.database
    return await remind_administrator(database, offices.viewer(by), number, None, now=NOW + after)


async def messages_of(offices: Offices, name: str) -> list[str]:
    answer = await offices.client.ask(MESSAGES, **offices.asking(name))
    return [each["event"] for each in answer.good["viewer"]["notifications"]]


async def test_reminder_leaves_a_message_and_is_audited_and_shown_in_the_list(
    offices: Offices,
) -> None:
    office = await absent(offices, "sleeping", "county")

    told = await reminded(offices, "city", office)

    assert (told["id"], told["needsReminding"]) == (office, True)
    assert told["remindedAt"] is not None
    assert await messages_of(offices, "sleeping") == ["administrator.reminded"]
    (audited,) = await offices.rows(
        "select account_id, because, detail::text from audit_log"
        " where action = 'administrator.reminded' and subject_id = $1",
        offices.offices["sleeping"],
    )
    assert (audited["account_id"], audited["because"]) == (
        offices.accounts["city"],
        "department over region",
    )
    assert "sleeping" not in audited["detail"]


async def test_same_administrator_is_reminded_once_a_day(offices: Offices) -> None:
    office = await absent(offices, "dozing", "county")
    assert (await later(offices, office, "city", timedelta())).errors == ()

    soon = await later(offices, office, "province", AGAIN - timedelta(seconds=1))
    next_day = await later(offices, office, "province", AGAIN)

    assert [each.code for each in soon.errors] == ["ALREADY_REMINDED"]
    assert next_day.errors == ()
    assert await messages_of(offices, "dozing") == ["administrator.reminded"] * 2


async def test_of_two_who_remind_at_once_one_does(offices: Offices) -> None:
    office = await absent(offices, "napping", "county")

    told = await asyncio.gather(
        *(reminded(offices, by, office) for by in ("city", "province", "nation"))
    )

    assert sorted(each == ["ALREADY_REMINDED"] for each in told) == [False, True, True]
    assert await messages_of(offices, "napping") == ["administrator.reminded"]


async def test_repeat_under_a_key_reminds_once(offices: Offices) -> None:
    office = await absent(offices, "idle", "county")

    first = await reminded(offices, "city", office, "remind-1")
    again = await reminded(offices, "city", office, "remind-1")

    assert first == again
    assert await messages_of(offices, "idle") == ["administrator.reminded"]


@pytest.mark.parametrize(
    ("region", "by", "expected"),
    [
        ("city", "city", None),  # a colleague
        ("county", "nation", None),
        ("city", "county", ["NOT_FOUND"]),  # not upward
        ("county", "other_city", ["NOT_FOUND"]),
        ("county", "other_county", ["NOT_FOUND"]),
        ("county", "oneself", ["FORBIDDEN"]),
    ],
)
async def test_department_reminds_its_own_and_those_below_and_nobody_else(
    offices: Offices, region: str, by: str, expected: list[str] | None
) -> None:
    name = f"absent {region} {by}"
    office = await absent(offices, name, region)

    told = await reminded(offices, name if by == "oneself" else by, office)

    assert (told if expected else told["id"]) == (expected or office)
    assert len(await messages_of(offices, name)) == (expected is None)


@pytest.mark.parametrize(("days", "expected"), [(29.9, ["WRONG_STATE"]), (30.1, None)])
async def test_who_comes_is_not_reminded(
    offices: Offices, days: float, expected: list[str] | None
) -> None:
    office = await absent(offices, f"seen {days} days ago", "county", days)

    told = await reminded(offices, "city", office)

    assert (told if expected else told["id"]) == (expected or office)


async def test_who_was_named_lately_and_never_came_is_not_reminded(offices: Offices) -> None:
    office = await absent(offices, "named lately", "county")
    await seen(offices, "named lately", None, since=29)

    assert await reminded(offices, "city", office) == ["WRONG_STATE"]


BAD = {
    "no id": ("", ["INVALID_ID"]),
    "no global id": ("county", ["INVALID_ID"]),
    "zero byte": ("\x00", ["INVALID_ID"]),
    "id of something else": (str(encode("Team", 7)), ["INVALID_ID"]),
    "nobody": (_id(2**40), ["NOT_FOUND"]),
    "out of range": (_id(2**62), ["NOT_FOUND"]),
}


@pytest.mark.parametrize(("office", "expected"), BAD.values(), ids=BAD)
async def test_bad_input_reminds_nobody(offices: Offices, office: str, expected: list[str]) -> None:
    assert await reminded(offices, "city", office) == expected


@pytest.mark.parametrize("key", ["", "k" * 201, "a\nb"])
async def test_senseless_key_reminds_nobody(offices: Offices, key: str) -> None:
    office = await absent(offices, f"key {len(key)}", "county")

    assert await reminded(offices, "city", office, key) == ["INVALID_INPUT"]
    assert await messages_of(offices, f"key {len(key)}") == []


async def test_who_was_removed_is_reminded_no_more(offices: Offices) -> None:
    office = await absent(offices, "gone", "county")
    await offices.rows(
        "update department_users set revoked_at = now() where id = $1", offices.offices["gone"]
    )

    assert await reminded(offices, "city", office) == ["NOT_FOUND"]
