"""What becomes of a manifest: all of it registered, or nothing."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from db.session import Database
from gateway.document_ids import document_id
from gateway.manifests import Refusal, RegistrationRefused, read_manifest
from gateway.registered_check import check_registered
from gateway.registration import ClientUnknown, TrafficRemains, retire
from permissions.viewer import Role
from tests.edge.documents_world import DOCUMENTS, json_file, manifest, register
from tests.small_world import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAME = "query Name($c: String!) { region(code: $c) { name } }"
TEAMS = "query Teams($n: Int) { teams(first: $n) { nodes { name region { name } } } }"
VOLUNTEER = 'query Secret { volunteer(volunteerNo: "1") { name mobile } }'


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def database(database_url: str) -> AsyncIterator[Database]:
    async with Database(database_url) as opened:
        yield opened


async def stored(database: Database) -> list[dict[str, Any]]:
    """Every row of clients and documents, and the revision."""
    async with connected(database.url) as connection:
        tables = ("document_clients", "trusted_documents", "client_modes", "document_revision")
        return [
            dict(row)
            for table in tables
            for row in await connection.fetch(f"select * from {table} order by 1")  # noqa: S608 - names of ours
        ]


@pytest.mark.parametrize(
    ("role", "text", "code", "message"),
    [
        (Role.PUBLIC, "query A { region", Refusal.DOCUMENT_SYNTAX, "Syntax Error"),
        (Role.PUBLIC, f"query A {{ {'a' * 5_000_000} }}", Refusal.DOCUMENT_TOO_LARGE, "65536"),
        (Role.PUBLIC, f"query A {{ {'a ' * 20_000} }}", Refusal.DOCUMENT_TOO_LARGE, "4000 tokens"),
        (Role.PUBLIC, "fragment F on Team { name }", Refusal.DOCUMENT_INVALID, "never used"),
        (Role.PUBLIC, "query A { nothing }", Refusal.DOCUMENT_INVALID, "'nothing'"),
        (Role.PUBLIC, "{ viewer { role } }", Refusal.OPERATION_ANONYMOUS, "no name"),
        (
            Role.PUBLIC,
            "query A { viewer { role } } { viewer { role } }",
            Refusal.OPERATION_ANONYMOUS,
            "among several",
        ),
        (
            Role.PUBLIC,
            "query A { __schema { types { name } } }",
            Refusal.DOCUMENT_INVALID,
            "intros",
        ),
        (
            Role.PUBLIC,
            VOLUNTEER,
            Refusal.ROLE_TOO_LOW,
            "PUBLIC has no Query.volunteer; it is valid",
        ),
        (
            Role.VOLUNTEER,
            'query A { team(teamNo: "1") { name statusReason } }',
            Refusal.ROLE_TOO_LOW,
            "VOLUNTEER has no Team.statusReason; it is valid for TEAM, HUB, DEPARTMENT.",
        ),
        (Role.PUBLIC, TEAMS, Refusal.TOO_EXPENSIVE, "Teams costs 61"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_refused_document_is_named_and_the_store_stays_as_it_was(  # noqa: PLR0917
    database: Database, tmp_path: Path, role: Role, text: str, code: Refusal, message: str
) -> None:
    before = await stored(database)

    with pytest.raises(RegistrationRefused) as caught:
        await register(database, "page", role, manifest(tmp_path, [NAME, text]), most_cost=50)

    assert {(each.code, each.where) for each in caught.value.refusals} == {(code, "00001.graphql")}
    assert message in str(caught.value)
    assert await stored(database) == before


async def test_manifest_registered_again_changes_nothing(
    database: Database, tmp_path: Path
) -> None:
    documents = manifest(tmp_path, [NAME, TEAMS])

    first = await register(database, "again", Role.PUBLIC, documents)
    before = await stored(database)
    second = await register(database, "again", Role.PUBLIC, documents)

    ids = {each.id for each in documents}
    assert (first.new, first.known) == (ids, frozenset())
    assert (second.new, second.known, second.revision) == (frozenset(), ids, None)
    assert await stored(database) == before


async def test_changed_document_is_a_new_one_and_the_old_stays(
    database: Database, tmp_path: Path
) -> None:
    await register(database, "changed", Role.PUBLIC, manifest(tmp_path, [NAME]))
    outcome = await register(database, "changed", Role.PUBLIC, manifest(tmp_path, [NAME + " "]))

    assert outcome.new == {document_id(NAME + " ")}
    async with connected(database.url) as connection:
        ids = await connection.fetch(
            "select document_id from trusted_documents d join document_clients c"
            " on c.id = d.client_id where c.name = 'changed' and retired_at is null"
        )
    assert {row[0] for row in ids} == {document_id(NAME), document_id(NAME + " ")}


async def test_alias_of_another_text_is_refused(database: Database, tmp_path: Path) -> None:
    await register(database, "alias", Role.PUBLIC, read_manifest(json_file(tmp_path, {"a": NAME})))
    before = await stored(database)

    other = read_manifest(json_file(tmp_path, {"a": TEAMS}))
    with pytest.raises(RegistrationRefused, match="ID_TAKEN"):
        await register(database, "alias", Role.PUBLIC, other)

    assert await stored(database) == before


async def test_partner_that_was_not_made_is_unknown(database: Database, tmp_path: Path) -> None:
    with pytest.raises(ClientUnknown):
        await register(database, "nobody", Role.PARTNER, manifest(tmp_path, [NAME]))


async def test_document_with_traffic_is_retired_by_force_only(
    database: Database, tmp_path: Path
) -> None:
    documents = manifest(tmp_path, [NAME])
    await register(database, "busy", Role.PUBLIC, documents)
    async with connected(database.url) as connection:
        row, today = await connection.fetchrow(
            "select d.id, current_date from trusted_documents d join document_clients c"
            " on c.id = d.client_id where c.name = 'busy'"
        )
        await connection.execute("insert into document_usage values ($1, $2, 7, 70)", row, today)
    before = await stored(database)
    found = {row: documents[0].id}

    with pytest.raises(TrafficRemains, match="7 requests"):
        await retire(database, "busy", found, today=today)
    assert await stored(database) == before

    await retire(database, "busy", found, today=today, force=True)
    back = await register(database, "busy", Role.PUBLIC, documents)
    assert back.back == {documents[0].id}


async def test_registered_document_that_a_release_breaks_is_named(
    database: Database, tmp_path: Path
) -> None:
    documents = manifest(tmp_path, [NAME])
    await register(database, "broken", Role.PUBLIC, documents)
    async with connected(database.url) as connection:
        text = "query Old { region(code: 1) { name formerName } }"
        await connection.execute(
            "update trusted_documents set text = $1, schema_hash = ''"
            " where client_id = (select id from document_clients where name = 'broken')",
            text,
        )

    with pytest.raises(RegistrationRefused) as caught:
        await check_registered(database, DOCUMENTS, lambda *_: None)

    (refusal,) = caught.value.refusals
    assert refusal.code is Refusal.DOCUMENT_INVALID
    assert refusal.where == f"broken (PUBLIC): {documents[0].id}"
    assert refusal.message == "PUBLIC has no Region.formerName."
