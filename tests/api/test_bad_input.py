"""What does not fit gets a clear error with a stable code, and no hint of what is hidden."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from db.keys import Purpose
from gateway.tokens import AccessTokens
from tests.api.client import KEYS, STATION_HOST, Client, running
from tests.api.people_world import account, global_id, prepare_people
from tests.servers import Databases
from tests.small_world import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

NODE = "query ($id: ID!) { node(id: $id) { id __typename } }"
WHO = "{ viewer { role } }"


def sealed(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "malformed",
    [
        *("", " ", "1", "Team:1", "Ω", "=", "////", "a" * 10_000, "\u0000", "VGVhbTox="),
        *(
            sealed(text)
            for text in (
                *("Team", "Team:", ":1", "Team:0", "Team:01", "Team:-1", "Team:1.0", "Team: 1"),
                *("Team:1\n", "Team:9223372036854775808", "Team:99999999999999999999", "团体:1"),
                *("Team:１", "T" * 41 + ":1", "Team:1:1"),
            )
        ),
    ],
)
async def test_malformed_id_is_refused_by_its_form(people: Client, malformed: str) -> None:
    answer = await people.ask(NODE, {"id": malformed}, viewer=account("mca_city"))

    assert answer.codes == ["INVALID_ID"]
    assert answer.errors[0]["extensions"]["field"] == "id"
    assert answer.data == {"node": None}


# Each for who may not know of it, beside an id of the same type that names no row.
HIDDEN = {
    "row out of scope": (None, global_id("Team", "quiet"), sealed("Team:8000000")),
    "row of a type that the role has not": (
        *(None, global_id("Volunteer", "li"), sealed("Volunteer:8000000")),
    ),
    "type that there never was": (None, sealed("Unicorn:1"), sealed("Unicorn:2")),
    "row without a type of its own": (
        *("yubei", global_id("TeamAttachment", "a_far"), sealed("TeamAttachment:8000000")),
    ),
    "row in scope without a global id": (
        *("jiangbei", global_id("TeamAttachment", "a_far"), sealed("TeamAttachment:8000000")),
    ),
    "someone else's row": ("zhao", global_id("ServiceRecord", "r_li"), sealed("ServiceRecord:9")),
    "inner type": ("yubei", sealed("PageInfo:1"), sealed("Team:8000000")),
}


@pytest.mark.parametrize("case", HIDDEN)
async def test_hidden_and_missing_answer_alike(people: Client, case: str) -> None:
    who, hidden, missing = HIDDEN[case]
    viewer = account(who) if who else None

    first = await people.ask(NODE, {"id": hidden}, viewer=viewer)
    second = await people.ask(NODE, {"id": missing}, viewer=viewer)

    assert first.body == second.body == {"data": {"node": None}}
    assert first.statements == second.statements == (2 if who else 1)


async def test_hidden_and_missing_numbers_answer_alike(people: Client) -> None:
    document = "query ($no: String!) { team(teamNo: $no) { id } }"

    hidden = await people.ask(document, {"no": "T006"})
    missing = await people.ask(document, {"no": "T999"})

    assert hidden.body == missing.body == {"data": {"team": None}}
    assert hidden.statements == missing.statements == 1


async def test_filter_under_a_hidden_team_is_as_under_a_missing_one(people: Client) -> None:
    document = "query ($id: ID!) { projects(filter: {under: $id}) { totalCount nodes { id } } }"

    hidden = await people.ask(document, {"id": global_id("Team", "quiet")})
    missing = await people.ask(document, {"id": sealed("Team:8000000")})

    assert hidden.body == missing.body
    assert hidden.good == {"projects": {"totalCount": 0, "nodes": []}}
    assert hidden.statements == missing.statements


async def test_visible_rows_below_a_hidden_team_do_not_tell_of_it(
    databases: Databases, redis_url: str
) -> None:
    document = """
    query ($id: ID!) {
      teams(filter: {under: $id}) { totalCount nodes { id } }
      projects(filter: {under: $id}) { totalCount nodes { id } }
    }
    """
    nothing = {"totalCount": 0, "nodes": []}
    url = databases.clone("people", prepare_people)
    async with connected(url) as connection:
        await connection.execute("update teams set status = 'DISABLED' where name like '%大队'")

    async with running(url, redis_url) as client:
        below = await client.ask(document, {"id": global_id("Team", "reading")})
        hidden = await client.ask(document, {"id": global_id("Team", "village")})
        above = await client.ask(
            document, {"id": global_id("Team", "village")}, viewer=account("street")
        )

    assert below.good["projects"]["totalCount"] == 1
    assert hidden.good == {"teams": nothing, "projects": nothing}
    assert above.good["teams"]["totalCount"] == 4
    databases.drop(url)


@pytest.mark.parametrize("given", ["nonsense", global_id("Project", "open_day"), ""])
async def test_filter_under_what_is_no_team_is_refused(people: Client, given: str) -> None:
    answer = await people.ask(
        "query ($id: ID!) { projects(filter: {under: $id}) { nodes { id } } }", {"id": given}
    )

    assert answer.codes == ["INVALID_ID"]
    assert answer.errors[0]["extensions"]["field"] == "under"
    assert answer.data is None


async def test_nodes_takes_100_ids_and_no_more(people: Client) -> None:
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    team = global_id("Team", "yubei")

    most = await people.ask(document, {"ids": [team] * 100})
    more = await people.ask(document, {"ids": [team] * 101})

    assert most.good == {"nodes": [{"id": team}] * 100}
    assert more.codes == ["LIMIT_EXCEEDED"]
    assert more.errors[0]["extensions"]["limit"] == "nodes"
    assert more.data is None


async def test_one_malformed_id_among_good_ones_refuses_all(people: Client) -> None:
    answer = await people.ask(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }",
        {"ids": [global_id("Team", "yubei"), "nonsense"]},
    )

    assert answer.codes == ["INVALID_ID"]
    assert answer.data is None


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("500112001001", "长空社区"),
        ("500112001", "双凤桥街道"),
        ("500112", "渝北区"),
        (" 500112 ", "渝北区"),
        ("500112000000000000", "渝北区"),
        ("50", "重庆市"),
        ("5001", None),
        ("CQ-GXQ", "高新区"),
        ("cq-gxq", None),
        ("500199", None),
        ("500112000000000001", None),
        ("5001120010010000", None),
        ("5", None),
        ("", None),
        ("５００１１２", None),
        ("'; drop table regions --", None),
    ],
)
async def test_region_is_found_by_each_form_of_its_code(
    people: Client, code: str, name: str | None
) -> None:
    answer = await people.ask(
        "query ($code: String!) { region(code: $code) { name } hub(regionCode: $code) { id } }",
        {"code": code},
    )

    assert answer.good["region"] == (None if name is None else {"name": name})


async def test_filter_by_an_unknown_region_is_refused(people: Client) -> None:
    answer = await people.ask('{ teams(filter: {region: "500199"}) { nodes { id } } }')

    assert answer.codes == ["INVALID_INPUT"]
    assert answer.errors[0]["extensions"]["field"] == "region"
    assert answer.data is None


UNFIT = {
    "zero byte": "\u0000",
    "lone surrogate": "\ud800",
}
TEXTS = {
    "team": "query ($text: String!) { team(teamNo: $text) { id } }",
    "project": "query ($text: String!) { project(projectNo: $text) { id } }",
    "region": "query ($text: String!) { region(code: $text) { id } }",
    "hub": "query ($text: String!) { hub(regionCode: $text) { id } }",
    "station": "query ($text: String!) { station(host: $text) { id } }",
}
LISTS = {
    "name": "query ($text: String!) { teams(filter: {name: $text}) { nodes { id } } }",
    "region": "query ($text: String!) { teams(filter: {region: $text}) { nodes { id } } }",
    "category": (
        "query ($text: String!) { teams(filter: {serviceCategories: [$text]}) { nodes { id } } }"
    ),
    "target": "query ($text: String!) { projects(filter: {targets: [$text]}) { nodes { id } } }",
}


@pytest.mark.parametrize("unfit", UNFIT)
@pytest.mark.parametrize("field", TEXTS)
async def test_text_that_no_database_holds_finds_nothing(
    people: Client, field: str, unfit: str
) -> None:
    answer = await ask_raw(people, TEXTS[field], {"text": f"a{UNFIT[unfit]}"})

    assert answer.good == {field: None}


@pytest.mark.parametrize("unfit", UNFIT)
@pytest.mark.parametrize("filtered", LISTS)
async def test_filter_by_text_that_no_database_holds_is_refused_or_finds_nothing(
    people: Client, filtered: str, unfit: str
) -> None:
    answer = await ask_raw(people, LISTS[filtered], {"text": f"a{UNFIT[unfit]}"})

    if filtered in {"name", "region"}:
        assert answer.codes == ["INVALID_INPUT"]
        assert answer.errors[0]["extensions"]["field"] == filtered
    else:
        assert next(iter(answer.good.values())) == {"nodes": []}


async def ask_raw(people: Client, document: str, variables: Mapping[str, Any]) -> Any:
    """Asks with variables that only the JSON of Python's own library can write."""
    return await people.send(
        "POST",
        content=json.dumps({"query": document, "variables": variables}).encode(),
        headers={"accept": "application/graphql-response+json"},
    )


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2026-01-01T08:00:00", "INVALID_INPUT"),
        ("2026-01-01", "INVALID_INPUT"),
        ("yesterday", "VARIABLES_INVALID"),
        ("0001-01-01T00:00:00+14:00", "INVALID_INPUT"),
        ("9999-12-31T23:59:59-14:00", "INVALID_INPUT"),
    ],
)
async def test_moment_that_names_none_is_refused(people: Client, moment: str, code: str) -> None:
    answer = await people.ask(
        "query ($at: DateTime!) { projects(filter: {since: $at}) { nodes { id } } }", {"at": moment}
    )

    assert answer.codes == [code]
    assert answer.body.get("data") is None


@pytest.mark.parametrize("levels", [-1, 0])
async def test_descendants_of_no_level_are_none(people: Client, levels: int) -> None:
    answer = await people.ask(
        'query ($levels: Int!) { hub(regionCode: "500112") {'
        " descendants(levels: $levels) { totalCount nodes { id } } } }",
        {"levels": levels},
    )

    if levels < 0:
        assert answer.codes == ["INVALID_INPUT"]
        assert answer.errors[0]["extensions"]["field"] == "levels"
    else:
        assert answer.good == {"hub": {"descendants": {"totalCount": 0, "nodes": []}}}


def forged(**changes: Any) -> str:
    """A token signed with our key, as ours but for the changes."""
    key = KEYS.current(Purpose.TOKEN)
    now = datetime.now(UTC)
    claims = {
        "iss": "volunteer-gateway:50",
        "sub": str(account("yubei")),
        "iat": now,
        "exp": now + timedelta(minutes=5),
        **changes.pop("claims", {}),
    }
    headers = {"kid": key.id, "typ": "at+jwt", **changes.pop("headers", {})}
    algorithm = changes.pop("algorithm", "HS256")
    secret = changes.pop("secret", key.secret)
    return jwt.encode(claims, secret, algorithm, headers=headers)


def expired() -> str:
    past = datetime.now(UTC) - timedelta(hours=1)
    tokens = AccessTokens(
        KEYS,
        issuer="volunteer-gateway:50",
        lifetime=timedelta(minutes=15),
        clock=lambda: past,
    )
    return tokens.issue(account("yubei")).text


TOKENS = {
    "expired": expired,
    "unsigned": lambda: forged(algorithm="none", secret=None),
    "signed by another": lambda: forged(secret=bytes(32)),
    "of another issuer": lambda: forged(claims={"iss": "volunteer-gateway:51"}),
    "of an unknown key": lambda: forged(headers={"kid": "k9"}),
    "of another purpose": lambda: forged(headers={"typ": "JWT"}),
    "of an account that there is not": lambda: forged(claims={"sub": "987654321"}),
    "of a subject that is no number": lambda: forged(claims={"sub": "1; drop"}),
    "nonsense": lambda: "nonsense",
    "cut short": lambda: forged()[:-2],
}


@pytest.mark.parametrize("token", TOKENS)
async def test_token_that_does_not_hold_is_refused_whole(people: Client, token: str) -> None:
    answer = await people.ask(WHO, headers={"authorization": f"Bearer {TOKENS[token]()}"})

    assert answer.status == 401
    assert answer.response.headers["www-authenticate"] == "Bearer"
    assert answer.codes == ["UNAUTHENTICATED"]
    assert "data" not in answer.body


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Token x"])
async def test_authorization_of_another_scheme_is_refused(people: Client, header: str) -> None:
    answer = await people.ask(WHO, headers={"authorization": header})

    assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"])


async def test_forged_token_would_hold_if_it_were_true(people: Client) -> None:
    answer = await people.ask(WHO, headers={"authorization": f"Bearer {forged()}"})

    assert answer.good == {"viewer": {"role": "HUB"}}


@pytest.mark.parametrize(
    ("who", "acting_as"),
    [
        ("li", "team:T001"),
        ("li", "department:500112000000"),
        ("yubei", "volunteer"),
        ("yubei", "team:T002"),
        ("yubei", "team:T999"),
        ("yubei", "department:500112000000"),
        ("mca_yubei", "department:500105000000"),
        ("mca_yubei", "department:500000000000"),
        ("mca_yubei", "department:500112"),
        ("quiet", "team:T006"),
        ("yubei", ""),
        ("yubei", "public"),
        ("yubei", "partner:x"),
        ("yubei", "TEAM:T001"),
    ],
)
async def test_capacity_that_is_not_held_is_refused_whole(
    people: Client, who: str, acting_as: str
) -> None:
    answer = await people.ask(WHO, viewer=account(who), acting_as=acting_as)

    assert answer.status == 403
    assert answer.codes == ["CAPACITY_NOT_HELD"]
    assert "data" not in answer.body


async def test_capacity_without_a_token_is_refused(people: Client) -> None:
    answer = await people.ask(WHO, acting_as="team:T001")

    assert (answer.status, answer.codes) == (401, ["UNAUTHENTICATED"])
    assert "data" not in answer.body


async def test_department_acts_at_the_national_site_only(people: Client) -> None:
    office = "department:500112000000"

    there = await people.ask(WHO, viewer=account("mca_yubei"), acting_as=office)
    here = await people.ask(WHO, viewer=account("mca_yubei"), acting_as=office, host=STATION_HOST)
    unsaid = await people.ask(WHO, viewer=account("mca_yubei"), host=STATION_HOST)

    assert there.good == {"viewer": {"role": "DEPARTMENT"}}
    for refused in (here, unsaid):
        assert (refused.status, refused.codes) == (403, ["CAPACITY_NOT_HELD"])
        assert "data" not in refused.body


async def test_account_of_a_disabled_team_acts_as_nobody(people: Client) -> None:
    answer = await people.ask("{ viewer { role } teams { totalCount } }", viewer=account("quiet"))

    assert answer.good == {"viewer": {"role": "VOLUNTEER"}, "teams": {"totalCount": 10}}
