"""Manifests: the documents of a client, as its build tools hand them over.

Read are Apollo's ``apollo-persisted-query-manifest``, Relay's persisted queries as an object or as
an array of pairs (the form of ``@graphql-codegen/client-preset`` is the former), and folders of
``.graphql`` files.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias

import orjson

from gateway.document_ids import digest_matches, document_id, is_id, rule_of

APOLLO = "apollo-persisted-query-manifest"
SUFFIXES = (".graphql", ".gql")
MOST_DOCUMENTS = 20_000
MOST_BYTES = 512 * 1024 * 1024

Entry: TypeAlias = tuple[str | None, str, str]
"""An id if there is one, a text, and where it stands."""


class Refusal(StrEnum):
    """Why something was not registered; public, added and never renamed."""

    MANIFEST_UNREADABLE = "MANIFEST_UNREADABLE"
    MANIFEST_UNKNOWN_FORMAT = "MANIFEST_UNKNOWN_FORMAT"
    MANIFEST_EMPTY = "MANIFEST_EMPTY"
    MANIFEST_TOO_LARGE = "MANIFEST_TOO_LARGE"
    ID_MALFORMED = "ID_MALFORMED"
    ID_TAKEN = "ID_TAKEN"
    HASH_MISMATCH = "HASH_MISMATCH"
    DOCUMENT_TOO_LARGE = "DOCUMENT_TOO_LARGE"
    DOCUMENT_SYNTAX = "DOCUMENT_SYNTAX"
    DOCUMENT_INVALID = "DOCUMENT_INVALID"
    OPERATION_MISSING = "OPERATION_MISSING"
    OPERATION_ANONYMOUS = "OPERATION_ANONYMOUS"
    ROLE_TOO_LOW = "ROLE_TOO_LOW"
    TOO_EXPENSIVE = "TOO_EXPENSIVE"


@dataclass(frozen=True, slots=True)
class Refused:
    """One thing that stands in the way, and where."""

    code: Refusal
    where: str
    message: str


class RegistrationRefused(Exception):
    """Nothing was registered; the message lists everything that stands in the way."""

    def __init__(self, refusals: Sequence[Refused]) -> None:
        lines = [f"{each.where}: {each.code}: {each.message}" for each in refusals]
        super().__init__("\n".join(lines))
        self.refusals = tuple(refusals)


@dataclass(frozen=True, slots=True)
class ManifestDocument:
    """A document of a manifest: where it stands, its text, its own id and what else names it."""

    where: str
    text: str
    id: str
    aliases: tuple[str, ...] = ()


def read_manifest(path: Path) -> Sequence[ManifestDocument]:
    """The documents of a manifest file or a folder, each once.

    Raises:
        RegistrationRefused: it is none, or ids do not fit the texts.
    """
    entries = _folder(path) if path.is_dir() else _file(path)
    if not entries:
        _refuse(Refusal.MANIFEST_EMPTY, path.name, "There is no document in it.")
    if len(entries) > MOST_DOCUMENTS:
        _refuse(
            Refusal.MANIFEST_TOO_LARGE,
            path.name,
            f"It has {len(entries)} documents, and a manifest may have {MOST_DOCUMENTS}.",
        )
    return _documents(entries)


def _folder(path: Path) -> list[Entry]:
    files = sorted(each for each in path.rglob("*") if each.suffix in SUFFIXES and each.is_file())
    return [
        (None, _text(each), str(each.relative_to(path))) for each in files[: MOST_DOCUMENTS + 1]
    ]


def _file(path: Path) -> list[Entry]:
    if path.suffix in SUFFIXES:
        return [(None, _text(path), path.name)]
    try:
        given = orjson.loads(_text(path))
    except orjson.JSONDecodeError as error:
        message = f"It is not JSON: {error}."
        raise RegistrationRefused(
            [Refused(Refusal.MANIFEST_UNREADABLE, path.name, message)]
        ) from None
    return list(_entries(given, path.name))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            _refuse(Refusal.MANIFEST_TOO_LARGE, path.name, f"It is longer than {MOST_BYTES} bytes.")
        return path.read_text("utf-8")
    except OSError as error:
        message = f"It cannot be read: {error.strerror}."
    except UnicodeDecodeError:
        message = "It is not UTF-8."
    raise RegistrationRefused([Refused(Refusal.MANIFEST_UNREADABLE, path.name, message)])


def _entries(given: Any, file: str) -> Iterable[Entry]:
    if isinstance(given, dict) and "format" in given:
        return _apollo(given, file)
    if isinstance(given, dict) and all(isinstance(text, str) for text in given.values()):
        return [(name, text, name) for name, text in given.items()]
    if isinstance(given, list) and all(_is_pair(each) for each in given):
        return [(name, text, name) for name, text in given]
    raise RegistrationRefused([_unknown(file)])


def _apollo(given: Mapping[str, Any], name: str) -> Iterable[Entry]:
    operations = given.get("operations")
    if given["format"] != APOLLO or given.get("version") != 1 or not isinstance(operations, list):
        raise RegistrationRefused([_unknown(name)])
    for number, each in enumerate(operations, 1):
        if not (isinstance(each, dict) and _is_pair([each.get("id"), each.get("body")])):
            where = f"{name}: operation {number}"
            _refuse(Refusal.MANIFEST_UNREADABLE, where, "It has no id or no body.")
        yield each["id"], each["body"], str(each.get("name") or each["id"])


def _is_pair(given: Any) -> bool:
    return isinstance(given, list) and len(given) == 2 and all(isinstance(v, str) for v in given)  # noqa: PLR2004


def _documents(entries: Iterable[Entry]) -> Sequence[ManifestDocument]:
    refusals: list[Refused] = []
    named: dict[str, str] = {}
    found: dict[str, ManifestDocument] = {}
    for given, text, where in entries:
        own = document_id(text)
        aliases: tuple[str, ...] = ()
        if given is not None:
            refusal = _id_refusal(given, text, own, named, where)
            if refusal is not None:
                refusals.append(refusal)
                continue
            named[given] = own
            bare = own.partition(":")[2]
            aliases = () if given in {own, bare} else (given,)
        known = found.get(own, ManifestDocument(where, text, own))
        found[own] = replace(known, aliases=tuple(dict.fromkeys((*known.aliases, *aliases))))
    if refusals:
        raise RegistrationRefused(refusals)
    return list(found.values())


def _id_refusal(
    given: str, text: str, own: str, named: Mapping[str, str], where: str
) -> Refused | None:
    if not is_id(given):
        said = f"{rule_of(given)} {json.dumps(given[:80])} is none."
        return Refused(Refusal.ID_MALFORMED, where[:80], said)
    if not digest_matches(given, text):
        return Refused(Refusal.HASH_MISMATCH, where, f"The text's id is {own}, not {given}.")
    if named.get(given, own) != own:
        return Refused(Refusal.ID_TAKEN, where, f"{given} names two different texts.")
    return None


def _unknown(name: str) -> Refused:
    return Refused(
        Refusal.MANIFEST_UNKNOWN_FORMAT,
        name,
        f"It is neither {APOLLO} version 1 nor Relay's object or array of ids and texts.",
    )


def _refuse(code: Refusal, where: str, message: str) -> None:
    raise RegistrationRefused([Refused(code, where, message)])
