"""The documents of our own pages: a folder for each page, and in it one for the roles that use it.

    documents/dashboard/hub-department/overview.graphql

is a document of the client ``dashboard``, valid for hubs and departments.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from db.session import Database
from gateway.document_checks import Candidate, Tick, check_documents
from gateway.documents import Documents
from gateway.manifests import ManifestDocument, Refusal, Refused, RegistrationRefused, read_manifest
from gateway.registration import store_documents
from gateway.settings import Limits
from permissions.viewer import Role
from schema.build import build_schema

FOLDER = Path(__file__).parent / "web" / "documents"


@dataclass(frozen=True, slots=True)
class PageDocuments:
    """The documents that one page sends in one role."""

    client: str
    role: Role
    documents: tuple[ManifestDocument, ...]


def page_documents(folder: Path = FOLDER) -> Iterator[PageDocuments]:
    """The documents of all pages, by page and role.

    Raises:
        RegistrationRefused: a folder is not named after roles, or holds no document.
    """
    for page in sorted(each for each in folder.glob("*") if each.is_dir()):
        for audience in sorted(each for each in page.glob("*") if each.is_dir()):
            documents = tuple(read_manifest(audience))
            for role in _roles(audience):
                yield PageDocuments(page.name, role, documents)


def check_pages(
    documents: Documents, limits: Limits, folder: Path = FOLDER, tick: Tick = lambda: None
) -> list[tuple[PageDocuments, list[Candidate]]]:
    """The documents of all pages as they would be registered.

    Raises:
        RegistrationRefused: with everything that stands in the way, of every page.
    """
    refusals: list[Refused] = []
    checked = []
    for page in page_documents(folder):
        try:
            found = check_documents(
                documents, page.role, page.documents, longest_page=limits.page_size, tick=tick
            )
        except RegistrationRefused as refused:
            refusals.extend(
                Refused(each.code, f"{page.client} ({page.role}): {each.where}", each.message)
                for each in refused.refusals
            )
        else:
            checked.append((page, list(found)))
    if refusals:
        raise RegistrationRefused(refusals)
    return checked


async def register_pages(database_url: str, limits: Limits, folder: Path = FOLDER) -> int:
    """Registers what the pages of this release send; returns how many documents were new.

    Those of earlier releases stay, for processes and browsers that still run them.

    Raises:
        RegistrationRefused: a document is not valid; ``documents check`` finds it before a release.
    """
    roles = {page.role for page in page_documents(folder)}
    documents = Documents({role: build_schema(role) for role in roles}, limits)
    new = 0
    async with Database(database_url) as database:
        for page, candidates in check_pages(documents, limits, folder):
            outcome = await store_documents(
                database,
                page.client,
                page.role,
                candidates,
                schema_hash=documents.schema_hashes[page.role],
            )
            new += len(outcome.new) + len(outcome.back)
    return new


def _roles(audience: Path) -> list[Role]:
    try:
        return [Role(name.upper()) for name in audience.name.split("-")]
    except ValueError:
        refused = Refused(
            Refusal.MANIFEST_UNKNOWN_FORMAT,
            f"{audience.parent.name}/{audience.name}",
            "The folder's name must be roles, joined by hyphens.",
        )
        raise RegistrationRefused([refused]) from None
