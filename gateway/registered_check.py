"""Checking what is registered against this release: the deploy fails, not a request."""

from collections import defaultdict

from db.progress import Progress
from db.queries import documents as stored
from db.queries.documents import DOCUMENTS
from db.session import Database
from gateway.document_checks import refusals_of
from gateway.documents import Documents
from gateway.manifests import ManifestDocument, Refused, RegistrationRefused
from gateway.registration import OPERATOR
from permissions.viewer import Role


async def check_registered(database: Database, documents: Documents, progress: Progress) -> int:
    """How many documents are registered, all valid; each is asked once for each schema.

    Raises:
        RegistrationRefused: naming client, document and member of whatever would break.
    """
    async with database.read() as snapshot:
        rows = await snapshot.fetch(DOCUMENTS)
    refusals: list[Refused] = []
    valid: dict[Role, list[int]] = defaultdict(list)
    for number, row in enumerate(rows, 1):
        role = Role(row.role)
        if row.schema_hash != documents.schema_hashes[role]:
            each = ManifestDocument(row.document_id, row.text, row.document_id)
            found = refusals_of(documents, role, each)
            where = f"{row.client} ({role}): {row.document_id}"
            refusals.extend(Refused(each.code, where, each.message) for each in found)
            if not found:
                valid[role].append(row.id)
        progress("checking", number, len(rows))
    for role, ids in valid.items():
        async with database.write(
            account_id=None, capacity=OPERATOR, action="documents.check"
        ) as write:
            await stored.update_schema_hash(write, ids, documents.schema_hashes[role])
    if refusals:
        raise RegistrationRefused(refusals)
    return len(rows)
