"""Signing in, keeping a session, changing the profile, joining a team, over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio

from db.passwords import hash_password
from tests.api.client import NATIONAL, STATION_HOST, Answer, Client, running
from tests.api.people_world import account, global_id, id_of, prepare_people
from tests.servers import Databases
from tests.small_world import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

PASSWORD = "correct horse"
SESSION = """
  accessToken expiresAt refreshToken
  account { displayName mustChangePassword capacities { key label role } }
  userErrors { code field message }
"""
SIGN_IN = f"mutation ($input: SignInInput!) {{ signIn(input: $input) {{ {SESSION} }} }}"
REFRESH = (
    f"mutation ($input: RefreshSessionInput!) {{ refreshSession(input: $input) {{ {SESSION} }} }}"
)
SIGN_OUT = "mutation ($input: SignOutInput!) { signOut(input: $input) { signedOut } }"
UPDATE = """
mutation ($input: UpdateProfileInput!) {
  updateProfile(input: $input) {
    volunteer { id nickname mobile mobilePublic email skills serviceCategories teamInvitePolicy }
    userErrors { code field }
  }
}
"""
JOIN = """
mutation ($input: JoinTeamInput!) {
  joinTeam(input: $input) {
    membership { id status team { id } volunteer { id } }
    userErrors { code field }
  }
}
"""
REFUSED = {
    "accessToken": None,
    "expiresAt": None,
    "refreshToken": None,
    "account": None,
    "userErrors": [
        {
            "code": "SIGN_IN_REFUSED",
            "field": None,
            "message": "The username or password is wrong,"
            " or sign-in is paused after repeated failures.",
        }
    ],
}


@pytest.fixture(scope="module")
def written_url(databases: Databases) -> Iterator[str]:
    url = databases.clone("people", prepare_people)
    yield url
    databases.drop(url)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def station(written_url: str, redis_url: str) -> AsyncIterator[Client]:
    hashed = await asyncio.to_thread(hash_password, PASSWORD)
    async with connected(written_url) as connection:
        await connection.execute("update accounts set password_hash = $1", hashed)
    async with running(written_url, redis_url) as client:
        yield client


async def sign_in(station: Client, username: str, host: str = NATIONAL) -> Answer:
    return await station.ask(
        SIGN_IN, {"input": {"username": username, "password": PASSWORD}}, host=host
    )


def assert_written(answer: Answer) -> None:
    """The answer says where its write stands."""
    token = answer.body["extensions"]["consistencyToken"]
    assert answer.response.headers["x-consistency-token"] == token
    assert token.count(".") == 2


async def test_session_is_opened_kept_and_ended(station: Client) -> None:
    opened = await sign_in(station, " LI ")
    payload = opened.good["signIn"]
    token = {"authorization": f"Bearer {payload['accessToken']}"}
    known = await station.ask("{ viewer { displayName role } }", headers=token)
    kept = await station.ask(REFRESH, {"input": {"refreshToken": payload["refreshToken"]}})
    again = await station.ask(REFRESH, {"input": {"refreshToken": payload["refreshToken"]}})
    newer = kept.good["refreshSession"]
    ended = await station.ask(SIGN_OUT, {"input": {"refreshToken": newer["refreshToken"]}})
    twice = await station.ask(SIGN_OUT, {"input": {"refreshToken": newer["refreshToken"]}})
    late = await station.ask(REFRESH, {"input": {"refreshToken": newer["refreshToken"]}})

    assert payload["account"] == {
        "displayName": "李明",
        "mustChangePassword": False,
        "capacities": [{"key": "volunteer", "label": "志愿者", "role": "VOLUNTEER"}],
    }
    assert payload["userErrors"] == []
    assert known.good == {"viewer": {"displayName": "李明", "role": "VOLUNTEER"}}
    assert newer["account"] == payload["account"]
    assert newer["refreshToken"] != payload["refreshToken"]
    assert ended.good == twice.good == {"signOut": {"signedOut": True}}
    for refused in (again, late):
        assert refused.codes == ["UNAUTHENTICATED"]
        assert refused.body["data"] is None
    for written in (opened, kept, ended):
        assert_written(written)


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("li", "wrong"),
        ("li", ""),
        ("nobody", PASSWORD),
        ("", ""),
        ("li\u0000", PASSWORD),
        ("li", "\u0000"),
        ("l" * 10_000, PASSWORD),
        ("li", "p" * 100_000),
    ],
)
async def test_refused_sign_in_says_nothing_of_why(
    station: Client, username: str, password: str
) -> None:
    answer = await station.ask(SIGN_IN, {"input": {"username": username, "password": password}})

    assert answer.good == {"signIn": REFUSED}


async def test_capacities_are_told_with_their_keys(station: Client) -> None:
    answer = await sign_in(station, "yubei")

    assert answer.good["signIn"]["account"]["capacities"] == [
        {"key": "team:T001", "label": "渝北区志愿者协会", "role": "HUB"}
    ]


async def test_department_signs_in_at_the_national_site_only(station: Client) -> None:
    here = await sign_in(station, "mca_yubei", STATION_HOST)
    there = await sign_in(station, "mca_yubei")

    assert here.good["signIn"]["userErrors"][0]["code"] == "NATIONAL_SITE_ONLY"
    assert here.good["signIn"]["accessToken"] is None
    assert [each["key"] for each in there.good["signIn"]["account"]["capacities"]] == [
        "department:500112000000"
    ]


async def test_station_offers_no_department_that_cannot_act_there(
    station: Client, written_url: str
) -> None:
    async with connected(written_url) as connection:
        await connection.execute(
            "insert into department_users (province, account_id, region_id)"
            " select province, $1, id from regions where code = '500112000000'",
            account("jiangbei"),
        )
    offered = {}
    for host in (NATIONAL, STATION_HOST):
        signed = await sign_in(station, "jiangbei", host)
        asked = await station.ask(
            "{ viewer { capacities { role } } }", viewer=account("jiangbei"), host=host
        )
        offered[host] = [
            [each["role"] for each in held]
            for held in (
                signed.good["signIn"]["account"]["capacities"],
                asked.good["viewer"]["capacities"],
            )
        ]

    assert offered == {NATIONAL: [["HUB", "DEPARTMENT"]] * 2, STATION_HOST: [["HUB"]] * 2}


async def test_disabled_account_loses_its_session(station: Client, written_url: str) -> None:
    opened = (await sign_in(station, "chen")).good["signIn"]
    async with connected(written_url) as connection:
        await connection.execute("update accounts set status = 'DISABLED' where username = 'chen'")

    asked = await station.ask("{ viewer { role } }", viewer=account("chen"))
    kept = await station.ask(REFRESH, {"input": {"refreshToken": opened["refreshToken"]}})
    again = await sign_in(station, "chen")

    assert (asked.status, asked.codes) == (401, ["UNAUTHENTICATED"])
    assert kept.codes == ["UNAUTHENTICATED"]
    assert again.good == {"signIn": REFUSED}


async def change(station: Client, who: str = "li", **given: Any) -> Answer:
    return await station.ask(UPDATE, {"input": given}, viewer=account(who))


NICKNAME = "{ viewer { volunteer { nickname } } }"


async def test_request_that_sends_a_token_back_is_answered_after_its_write(
    station: Client,
) -> None:
    written = await change(station, nickname="又明")
    token = written.response.headers["x-consistency-token"]
    without = await station.ask(NICKNAME, viewer=account("li"))

    shown = await station.ask(
        NICKNAME, viewer=account("li"), headers={"X-Consistency-Token": token}
    )

    assert shown.good == {"viewer": {"volunteer": {"nickname": "又明"}}}
    assert shown.statements == without.statements + 1


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "here",
        "1.1",
        "{system}.{timeline}.{later}",
        "{system}.{timeline}.18446744073709551615",
        "{elsewhere}.{timeline}.{number}",
        "{system}.9.{number}",
    ],
)
async def test_token_that_this_station_never_gave_stops_the_request(
    station: Client, wrong: str
) -> None:
    written = await change(station, nickname="明")
    system, timeline, number = map(int, written.response.headers["x-consistency-token"].split("."))
    token = wrong.format(
        system=system,
        elsewhere=system + 1,
        timeline=timeline,
        number=number,
        later=number + 100_000,
    )

    for document in (NICKNAME, UPDATE):
        refused = await station.ask(
            document,
            {"input": {"nickname": "never"}} if document == UPDATE else None,
            viewer=account("li"),
            headers={"X-Consistency-Token": token},
        )
        assert (refused.status, refused.codes) == (400, ["CONSISTENCY_TOKEN_INVALID"])
    assert (await station.ask(NICKNAME, viewer=account("li"))).good == {
        "viewer": {"volunteer": {"nickname": "明"}}
    }


async def test_public_learns_nothing_of_numbers_of_transactions(station: Client) -> None:
    written = await change(station, nickname="明")
    system, timeline, number = written.response.headers["x-consistency-token"].split(".")
    answers = [
        await station.ask(
            "{ viewer { role } }", headers={"X-Consistency-Token": f"{system}.{timeline}.{each}"}
        )
        for each in (number, int(number) + 100_000)
    ]

    assert [(each.good, each.statements) for each in answers] == [
        ({"viewer": {"role": "PUBLIC"}}, 0)
    ] * 2


async def test_payload_shows_the_profile_after_the_write(station: Client) -> None:
    answer = await change(
        station,
        nickname=" 明明 ",
        mobilePublic=True,
        email="li@example.org",
        skills=["急救", " 急救 ", "摄影"],
        serviceCategories=["CULTURE"],
        teamInvitePolicy="ACCEPT",
    )
    cleared = await change(station, email=None, nickname="")

    stored = (await change(station)).good["updateProfile"]["volunteer"]["mobile"]
    changed = {
        "id": global_id("Volunteer", "li"),
        "nickname": "明明",
        "mobile": stored,
        "mobilePublic": True,
        "email": "li@example.org",
        "skills": ["急救", "摄影"],
        "serviceCategories": ["CULTURE"],
        "teamInvitePolicy": "ACCEPT",
    }
    assert answer.good["updateProfile"] == {"volunteer": changed, "userErrors": []}
    assert cleared.good["updateProfile"]["volunteer"] == {
        **changed,
        "email": None,
        "nickname": None,
    }
    assert_written(answer)


async def test_stored_phone_is_not_changed_without_a_code_to_it(station: Client) -> None:
    stored = (await change(station)).good["updateProfile"]["volunteer"]["mobile"]

    answers = [await change(station, mobile=each) for each in ("13811112222", None, stored)]

    assert [
        [error["code"] for error in answer.good["updateProfile"]["userErrors"]]
        for answer in answers
    ] == [["CODE_REQUIRED"], ["CODE_REQUIRED"], []]


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ({"mobile": "123"}, [{"code": "INVALID", "field": "mobile"}]),
        ({"email": "nobody"}, [{"code": "INVALID", "field": "email"}]),
        ({"nickname": "长" * 21}, [{"code": "TOO_LONG", "field": "nickname"}]),
        ({"nickname": "a\u0000"}, [{"code": "INVALID", "field": "nickname"}]),
        ({"serviceCategories": ["NOTHING"]}, [{"code": "INVALID", "field": "serviceCategories"}]),
        (
            {"mobile": "1", "email": "x"},
            [{"code": "INVALID", "field": "mobile"}, {"code": "INVALID", "field": "email"}],
        ),
    ],
)
async def test_change_that_does_not_fit_is_told_by_field_and_not_made(
    station: Client, given: dict[str, Any], errors: list[dict[str, str]]
) -> None:
    before = (await change(station, "wang")).good["updateProfile"]["volunteer"]

    answer = await change(station, "wang", address="解放碑", **given)

    payload = answer.good["updateProfile"]
    assert payload == {"volunteer": None, "userErrors": errors}
    assert (await change(station, "wang")).good["updateProfile"]["volunteer"] == before


@pytest.mark.parametrize(
    "field",
    ["mobilePublic", "skills", "serviceCategories", "projectInvitePolicy", "teamInvitePolicy"],
)
async def test_field_that_cannot_be_empty_takes_no_null(station: Client, field: str) -> None:
    answer = await change(station, "wang", **{field: None})

    assert answer.errors[0]["extensions"] == {"code": "INVALID_INPUT", "field": f"input.{field}"}
    assert answer.data is None


async def test_same_key_answers_with_the_first_outcome(station: Client, written_url: str) -> None:
    first = await change(station, "sun", nickname="丽丽", idempotencyKey="k-1")
    second = await change(station, "sun", nickname="丽丽", idempotencyKey="k-1")
    other = await change(station, "sun", nickname="小丽", idempotencyKey="k-1")
    unfit = await change(station, "sun", nickname="小丽", idempotencyKey="")
    async with connected(written_url) as connection:
        audited = await connection.fetchval(
            "select count(*) from audit_log where account_id = $1", account("sun")
        )

    assert first.good == second.good
    assert first.good["updateProfile"]["volunteer"]["nickname"] == "丽丽"
    assert other.codes == ["IDEMPOTENCY_KEY_REUSED"]
    assert unfit.errors[0]["extensions"] == {"code": "INVALID_INPUT", "field": "idempotencyKey"}
    assert audited == 1


async def join(station: Client, who: str, team: str, **given: Any) -> Answer:
    return await station.ask(JOIN, {"input": {"teamId": team, **given}}, viewer=account(who))


async def test_joining_gives_the_membership_as_it_now_is(station: Client) -> None:
    team = global_id("Team", "reading")

    first = await join(station, "zhao", team, idempotencyKey="j-1")
    repeated = await join(station, "zhao", team, idempotencyKey="j-1")
    again = await join(station, "zhao", team)
    seen = await station.ask(
        "{ reviews(filter: {kind: [MEMBERSHIP]}) { nodes { team { id } } } }",
        viewer=account("zhao"),
    )

    membership = first.good["joinTeam"]["membership"]
    assert {**membership, "id": None} == {
        "id": None,
        "status": "APPLYING",
        "team": {"id": team},
        "volunteer": {"id": global_id("Volunteer", "zhao")},
    }
    assert repeated.good == first.good
    assert again.good["joinTeam"] == {
        "membership": None,
        "userErrors": [{"code": "ALREADY_APPLIED", "field": "teamId"}],
    }
    assert seen.good["reviews"]["nodes"] == [{"team": {"id": team}}]
    assert_written(first)


@pytest.mark.parametrize("team", ["quiet", "pending", "old_hub", "missing"])
async def test_team_that_is_hidden_is_joined_as_one_that_is_missing(
    station: Client, team: str
) -> None:
    given = "VGVhbTo4MDAwMDAw" if team == "missing" else global_id("Team", team)

    answer = await join(station, "wang", given)

    assert answer.good["joinTeam"] == {
        "membership": None,
        "userErrors": [{"code": "NOT_FOUND", "field": "teamId"}],
    }


async def test_what_is_no_team_cannot_be_joined(station: Client) -> None:
    answer = await join(station, "wang", global_id("Project", "open_day"))

    assert answer.errors[0]["extensions"] == {"code": "INVALID_ID", "field": "input.teamId"}


@pytest.mark.parametrize("document", [UPDATE, JOIN])
@pytest.mark.parametrize("who", [None, "reading", "yubei", "mca_city"])
async def test_what_volunteers_do_does_not_exist_for_others(
    station: Client, who: str | None, document: str
) -> None:
    answer = await station.ask(document, {"input": {}}, viewer=account(who) if who else None)

    assert set(answer.codes) == {"DOCUMENT_INVALID"}
    assert "data" not in answer.body


async def test_mutations_of_one_request_run_in_order_and_each_reads_its_own(
    station: Client,
) -> None:
    answer = await station.ask(
        """
        mutation {
          a: updateProfile(input: {nickname: "一"}) { volunteer { nickname } }
          b: updateProfile(input: {nickname: "二"}) { volunteer { nickname } }
          c: updateProfile(input: {}) { volunteer { nickname } }
        }
        """,
        viewer=account("zhao"),
    )

    assert answer.good == {
        "a": {"volunteer": {"nickname": "一"}},
        "b": {"volunteer": {"nickname": "二"}},
        "c": {"volunteer": {"nickname": "二"}},
    }


async def test_disabled_volunteer_changes_nothing(station: Client, written_url: str) -> None:
    async with connected(written_url) as connection:
        await connection.execute(
            "update volunteers set status = 'DISABLED' where id = $1", id_of("Volunteer", "sun")
        )

    answer = await change(station, "sun", nickname="新")

    assert answer.codes == ["FORBIDDEN"]
    assert answer.data is None
