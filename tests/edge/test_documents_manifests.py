"""Manifests as build tools write them, and those that are none."""

from hashlib import md5, sha1, sha256
from pathlib import Path
from typing import Any

import pytest

from gateway.document_ids import document_id
from gateway.manifests import Refusal, RegistrationRefused, read_manifest
from gateway.page_documents import check_pages
from gateway.settings import Limits
from tests.edge.documents_world import DOCUMENTS, apollo, json_file

NAME = "query Name($c: String!) { region(code: $c) { name } }"
TEAMS = "query Teams($n: Int) { teams(first: $n) { nodes { name region { name } } } }"
VOLUNTEER = 'query Secret { volunteer(volunteerNo: "1") { name mobile } }'
MD5 = md5(NAME.encode(), usedforsecurity=False).hexdigest()
SHA1 = sha1(NAME.encode(), usedforsecurity=False).hexdigest()
BARE = sha256(NAME.encode()).hexdigest()


# Appendix A of GraphQL over HTTP gives these two ids of one query.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}",
            "sha256:7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e",
        ),
        (
            "query($id:ID!){user(id:$id){name}}",
            "sha256:71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b",
        ),
    ],
    ids=["pretty", "compact"],
)
def test_id_is_that_of_the_specification(text: str, expected: str) -> None:
    assert document_id(text) == expected


@pytest.mark.parametrize(
    ("content", "aliases"),
    [
        (apollo({"id": BARE, "name": "Name", "body": NAME}), ()),
        (apollo({"id": "NameQuery.v2", "name": "Name", "body": NAME}), ("NameQuery.v2",)),
        ({MD5: NAME}, (MD5,)),
        ({SHA1: NAME}, (SHA1,)),
        ([[f"sha256:{BARE}", NAME]], ()),
        ([[BARE, NAME], ["also", NAME]], ("also",)),
    ],
    ids=["apollo", "apollo-named", "relay-md5", "client-preset-sha1", "relay-array", "twice"],
)
def test_manifest_is_read(tmp_path: Path, content: Any, aliases: tuple[str, ...]) -> None:
    (document,) = read_manifest(json_file(tmp_path, content))

    assert (document.id, document.text, document.aliases) == (f"sha256:{BARE}", NAME, aliases)


def test_folder_is_read_with_its_subfolders(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "a.graphql").write_text(NAME)
    (tmp_path / "inner/b.gql").write_text(TEAMS)
    (tmp_path / "notes.txt").write_text("none")

    assert [(each.where, each.text) for each in read_manifest(tmp_path)] == [
        ("a.graphql", NAME),
        ("inner/b.gql", TEAMS),
    ]


def refusals_of_file(path: Path) -> list[tuple[Refusal, str]]:
    with pytest.raises(RegistrationRefused) as caught:
        read_manifest(path)
    return [(each.code, each.where) for each in caught.value.refusals]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (apollo({"id": "0" * 64, "name": "Name", "body": NAME}), (Refusal.HASH_MISMATCH, "Name")),
        ({"0" * 32: NAME}, (Refusal.HASH_MISMATCH, "0" * 32)),
        ({f"sha256:{BARE.upper()}": NAME}, (Refusal.ID_MALFORMED, f"sha256:{BARE.upper()}")),
        ({f" sha256:{BARE}": NAME}, (Refusal.ID_MALFORMED, f" sha256:{BARE}")),
        ({"two words": NAME}, (Refusal.ID_MALFORMED, "two words")),
        ([["same", NAME], ["same", TEAMS]], (Refusal.ID_TAKEN, "same")),
        ({}, (Refusal.MANIFEST_EMPTY, "manifest.json")),
        ([], (Refusal.MANIFEST_EMPTY, "manifest.json")),
        ("text", (Refusal.MANIFEST_UNKNOWN_FORMAT, "manifest.json")),
        ({"id": 5}, (Refusal.MANIFEST_UNKNOWN_FORMAT, "manifest.json")),
        ({"format": "other", "version": 1}, (Refusal.MANIFEST_UNKNOWN_FORMAT, "manifest.json")),
        (apollo({"name": "Name"}), (Refusal.MANIFEST_UNREADABLE, "manifest.json: operation 1")),
    ],
)
def test_bad_manifest_is_named(tmp_path: Path, content: Any, expected: tuple[Refusal, str]) -> None:
    assert refusals_of_file(json_file(tmp_path, content)) == [expected]


def test_file_that_is_no_json_no_text_or_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{")
    (tmp_path / "b.graphql").write_bytes(b"\xff")

    for name in ("a.json", "b.graphql", "c.json"):
        assert refusals_of_file(tmp_path / name) == [(Refusal.MANIFEST_UNREADABLE, name)]
    (tmp_path / "empty").mkdir()
    assert refusals_of_file(tmp_path / "empty") == [(Refusal.MANIFEST_EMPTY, "empty")]


def test_hundred_thousand_documents_are_refused(tmp_path: Path) -> None:
    path = json_file(tmp_path, {f"q{n}": f"query Q{n} {{ a }}" for n in range(100_000)})

    assert refusals_of_file(path) == [(Refusal.MANIFEST_TOO_LARGE, "manifest.json")]


def test_documents_of_our_own_pages_are_valid() -> None:
    checked = check_pages(DOCUMENTS, Limits())

    assert {page.client for page, _ in checked}


def test_page_document_that_would_break_is_named_with_page_and_role(tmp_path: Path) -> None:
    folder = tmp_path / "board/public-hub"
    folder.mkdir(parents=True)
    (folder / "a.graphql").write_text(VOLUNTEER)

    with pytest.raises(RegistrationRefused) as caught:
        check_pages(DOCUMENTS, Limits(), tmp_path)

    assert [(each.code, each.where) for each in caught.value.refusals] == [
        (Refusal.ROLE_TOO_LOW, "board (PUBLIC): a.graphql")
    ]
