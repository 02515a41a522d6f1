"""Every mutation's wrong inputs: each is answered as its table says, and nothing is written."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from http import HTTPStatus
from typing import Any

import pytest
import pytest_asyncio
from graphql import GraphQLField, GraphQLInputObjectType, get_named_type

from permissions.errors import ErrorCode
from permissions.user_errors import UserErrorCode
from permissions.viewer import Role
from tests.api.client import Client, forget_paces, running
from tests.api.people_world import account, id_of, prepare_people
from tests.api.test_visibility import VIEWERS
from tests.api.wrong_inputs import (
    ROWS,
    TABLE,
    Case,
    cases,
    document,
    input_of,
    mutations,
    refusals_in,
    refusals_of,
    told,
)
from tests.servers import Databases
from tests.small_world import connected

in_module = pytest.mark.asyncio(loop_scope="module")

MUTATIONS = mutations()
AT_ONCE = 6
TEN_MEGABYTES = 10 * 2**20 // len("长".encode())
HUBS = {"city", "yubei", "jiangbei", "street", "village"}
OWN = {"outbox", "audit_log"}
BESIDE = ("audit_heads", "ledger_")  # what the station makes of these two
COUNTED = "select '{0}', count(*), {1} from {0}"
# What the world of named people lacks: a station below the department that decides for it, who
# keeps one, and the editor of one.
EXTRA = (
    """
    insert into stations (id, number, code, name, host, region_id, phase, service_categories)
    values (91, 991, 'YB', '渝北', 'yb.localhost', {yubei}, 'LEGACY', '{{CULTURE}}')
    """,
    "insert into station_admins (station_id, account_id) values ({chongqing}, {li})",
    "update accounts set is_station_editor = true where id = {far}",
)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def url(databases: Databases) -> AsyncIterator[str]:
    url = databases.clone("people", prepare_people)
    names = {
        "yubei": id_of("Region", "yubei"),
        "chongqing": id_of("Station", "chongqing"),
        "li": account("li"),
        "far": account("far"),
    }
    async with connected(url) as connection:
        for statement in EXTRA:
            await connection.execute(statement.format(**names))
    yield url
    databases.drop(url)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def station(url: str, redis_url: str) -> AsyncIterator[Client]:
    await forget_paces(redis_url)
    async with running(url, redis_url) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def db(url: str) -> AsyncIterator[Any]:
    async with connected(url) as connection:
        yield connection


def role_of(who: str) -> Role:
    capacity = VIEWERS[who][1]
    if capacity is None:
        return Role.PUBLIC
    if capacity.startswith("department"):
        return Role.DEPARTMENT
    if capacity == "volunteer":
        return Role.VOLUNTEER
    return Role.HUB if who in HUBS else Role.TEAM


def any_of(name: str) -> GraphQLField:
    """The mutation, as who asks it has it."""
    return MUTATIONS[name][role_of(ROWS[name]["as"])]


@in_module
@pytest.mark.parametrize("name", [name for name in ROWS if input_of(any_of(name)) is not None])
async def test_wrong_input_is_refused_by_its_code_and_writes_nothing(
    station: Client, db: Any, name: str
) -> None:
    row = ROWS[name]
    mutation = MUTATIONS[name][role_of(row["as"])]
    wrong = list(cases(name, mutation))
    before = await written(db)

    answers = await ask_all(station, document(name, mutation), row["as"], wrong)

    found = {
        each.name: ", ".join(sorted(got))
        for each, got in zip(wrong, answers, strict=True)
        if got != refusals_of(each.expected)
    }
    assert found == {each.name: each.expected for each in wrong if each.name in found}
    after = await written(db)
    assert {table for table in after if after[table] != before[table]} <= {*row.get("writes", ())}


async def ask_all(station: Client, text: str, who: str, wrong: list[Case]) -> list[set[str]]:
    """The refusals that each wrong input is given."""
    name, capacity = VIEWERS[who]
    headers = {"accept": "application/graphql-response+json"}
    if name is not None and capacity is not None:
        headers["authorization"] = f"Bearer {station.token(account(name))}"
        headers["x-acting-as"] = capacity
    places = asyncio.Semaphore(AT_ONCE)

    async def ask(case: Case) -> set[str]:
        # Halves of surrogate pairs are JSON that only Python's own library writes.
        body = json.dumps({"query": text, "variables": {"input": case.given}})
        async with places:
            answer = await station.send("POST", content=body.encode(), headers=headers)
        raised = [error["extensions"] for error in answer.errors]
        return told([*raised, *refusals_in(answer.body.get("data"))])

    return await asyncio.gather(*map(ask, wrong))


async def written(db: Any) -> dict[str, Any]:
    """How many rows each table has, and the last transaction that wrote one of them.

    What the station does by itself to rows of the outbox and the audit log is no write of theirs.
    """
    tables = await db.fetch(
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
    )
    counted = " union all ".join(
        COUNTED.format(name, "0" if name in OWN else "max(xmin::text::bigint)")
        for (name,) in tables
        if not name.startswith(BESIDE)
    )
    return {name: rest for name, *rest in await db.fetch(counted)}


def test_every_mutation_of_every_role_has_a_table_of_wrong_inputs() -> None:
    assert set(ROWS) == set(MUTATIONS)
    assert [name for name, row in ROWS.items() if role_of(row["as"]) not in MUTATIONS[name]] == []


def test_every_kind_of_wrong_input_that_applies_is_asked_or_said_to_be_fine() -> None:
    kinds = set(TABLE["usual"])
    for name in ROWS:
        mutation = any_of(name)
        found = {(each.field, each.kind) for each in cases(name, mutation, fine=True)}
        assert {kind for _, kind in found} <= kinds
        fields = {field for field, _ in found}
        for key in ROWS[name].get("answers") or {}:
            field, _, kind = key.partition(" ")
            assert field in fields, f"{name} has no {field}"
            assert not kind or (field, kind) in found, f"{name} has no {key}"


def test_roles_give_a_mutation_the_same_input() -> None:
    for name, roles in MUTATIONS.items():
        shapes = {
            tuple(each for each in shape(field) if not each.startswith("idempotencyKey"))
            for field in roles.values()
        }
        assert len(shapes) == 1, name


def test_every_text_is_a_name_or_free_or_a_code() -> None:
    lists = [TABLE[each] for each in ("names", "texts", "codes")]
    texts = {leaf for name in ROWS for leaf in texts_of(input_of(any_of(name)))}
    assert sorted(each for some in lists for each in some) == sorted(texts)


def test_answers_are_stable_codes() -> None:
    codes = {*ErrorCode, *UserErrorCode} - {"INTERNAL"}
    for name in ROWS:
        for each in cases(name, any_of(name)):
            told_codes = {refusal.partition("@")[0] for refusal in refusals_of(each.expected)}
            assert told_codes <= codes, (name, each.name)


def shape(mutation: GraphQLField) -> list[str]:
    """The fields of a mutation's input with their types, all the way down."""
    return [*_fields(input_of(mutation))]


def _fields(kind: GraphQLInputObjectType | None) -> Iterator[str]:
    for name, each in ({} if kind is None else kind.fields).items():
        yield f"{name}: {each.type}"
        below = get_named_type(each.type)
        if isinstance(below, GraphQLInputObjectType):
            yield from _fields(below)


def texts_of(kind: GraphQLInputObjectType | None) -> Iterator[str]:
    """The names of the texts in an input, all the way down."""
    for name, each in ({} if kind is None else kind.fields).items():
        below = get_named_type(each.type)
        if isinstance(below, GraphQLInputObjectType):
            yield from texts_of(below)
        elif below.name == "String":
            yield name


@in_module
@pytest.mark.parametrize("field", ["name", "description", "regionCode"])
async def test_text_of_ten_megabytes_is_refused_before_it_is_read(
    station: Client, db: Any, field: str
) -> None:
    name = "createProject"
    good = next(cases(name, any_of(name))).given
    before = await written(db)

    answer = await station.ask(
        document(name, any_of(name)),
        {"input": {**good, field: "长" * TEN_MEGABYTES}},
        viewer=account("reading"),
        acting_as=VIEWERS["reading"][1],
    )

    assert answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert await written(db) == before
