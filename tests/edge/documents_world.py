"""Stations for tests of registered documents: the people's world, and a way to register."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from db.session import Database
from gateway.document_checks import check_documents
from gateway.documents import Documents
from gateway.manifests import ManifestDocument, read_manifest
from gateway.registration import Registered, store_documents
from gateway.settings import Limits
from permissions.viewer import Role
from schema.build import build_schemas

DOCUMENTS = Documents(build_schemas(), Limits())


def manifest(folder: Path, texts: Sequence[str]) -> Sequence[ManifestDocument]:
    """A manifest of texts, read from a folder as the command reads it."""
    for number, text in enumerate(texts):
        (folder / f"{number:05d}.graphql").write_text(text, "utf-8")
    return read_manifest(folder)


def json_file(folder: Path, content: Any) -> Path:
    """A manifest file."""
    path = folder / "manifest.json"
    path.write_bytes(orjson.dumps(content))
    return path


async def register(
    database: Database,
    client: str,
    role: Role,
    documents: Sequence[ManifestDocument],
    *,
    most_cost: int | None = None,
) -> Registered:
    """Registers a manifest as the command does."""
    candidates = check_documents(DOCUMENTS, role, documents, longest_page=100, most_cost=most_cost)
    return await store_documents(
        database, client, role, candidates, schema_hash=DOCUMENTS.schema_hashes[role]
    )


def apollo(*operations: Mapping[str, str]) -> dict[str, Any]:
    """Apollo's manifest."""
    return {
        "format": "apollo-persisted-query-manifest",
        "version": 1,
        "operations": [{"type": "query", **each} for each in operations],
    }
