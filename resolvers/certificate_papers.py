"""Certificates as they are put on paper: for who may have them, one or a team's many."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from db.clock import CHINA
from db.enums import CertificateStatus
from db.queries.certificates import ARCHIVED, PRINTABLE, PrintableRow
from db.queries.entities import CERTIFICATE
from db.queries.rows import CertificateRow
from db.session import Database, Snapshot
from loaders.registry import Loaders
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import Policy
from permissions.errors import Forbidden, Unauthenticated
from permissions.facts import CertificateFacts
from permissions.gather import gather, gather_teams
from permissions.offers import offered
from permissions.viewer import Viewer
from permissions.visible import visible
from resolvers.certificate_desk import CertificateDesk

BATCH = 50
NOBODY = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Printable:
    """A certificate with its check code, and what has become of it since it was issued."""

    number: str
    code: str
    snapshot: Mapping[str, Any]
    is_outdated: bool
    is_superseded: bool
    hides_id_number: bool


async def get_printable(
    snapshot: Snapshot, viewer: Viewer, desk: CertificateDesk, number: str
) -> Printable | None:
    """The certificate of a number; None if it is missing, hidden, or counts no more.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: the viewer may know of it and may not have it.
    """
    if viewer.account_id is None:
        raise Unauthenticated
    loaders = Loaders(snapshot, lambda entity: visible(entity, viewer))
    row = CERTIFICATE.row.only(())
    (found,) = await loaders.rows(CERTIFICATE, [number], key="certificate_no", row=row)
    if found is None:
        return None
    facts = (await gather(snapshot, CERTIFICATE.name, [found.id]))[found.id]
    decision = decide(Action.CERTIFICATE_DOWNLOAD, viewer, facts)
    if not decision.allowed:
        raise Forbidden(f"Not yours to print: {decision.because}.")
    printable = await snapshot.fetch_one(PRINTABLE, ids=[found.id])
    return None if printable is None else _printable(printable, desk)


async def check_codes(
    snapshot: Snapshot,
    viewer: Viewer,
    desk: CertificateDesk,
    rows: Sequence[CertificateRow],
    *,
    now: datetime,
    policy: Policy,
) -> list[str | None]:
    """The check code of each certificate that the viewer may have as a file, else None."""
    facts = await gather(snapshot, CERTIFICATE.name, [row.id for row in rows])
    asked = [facts[row.id] for row in rows]
    may_print = offered(Action.CERTIFICATE_DOWNLOAD, viewer, asked, now=now, policy=policy)
    return [
        desk.signer.code(row.certificate_no, row.key_id) if may else None
        for row, may in zip(rows, may_print, strict=True)
    ]


async def list_printable(
    database: Database,
    viewer: Viewer,
    desk: CertificateDesk,
    *,
    since: date,
    until: date,
) -> AsyncIterator[Sequence[Printable]]:
    """What the viewer's team issued in these days of China, the last included, batch by batch.

    Each batch is read on a connection of its own, so that a slow download holds none.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act for a team that issues.
    """
    team_id = await _issuing_team(database, viewer)
    after = 0
    while True:
        async with database.read() as snapshot:
            rows = await snapshot.fetch(
                ARCHIVED,
                team=team_id,
                since=datetime.combine(since, time.min, CHINA),
                before=datetime.combine(until + timedelta(days=1), time.min, CHINA),
                after=after,
                limit=BATCH,
            )
        if not rows:
            return
        after = rows[-1].id
        yield [_printable(row, desk) for row in rows]


async def _issuing_team(database: Database, viewer: Viewer) -> int:
    if viewer.account_id is None:
        raise Unauthenticated
    team_id = viewer.team.id if viewer.team is not None else NOBODY
    async with database.read() as snapshot:
        team = (await gather_teams(snapshot, [team_id])).get(team_id)
    status = CertificateStatus.ISSUED
    facts = CertificateFacts(id=NOBODY, team=team, volunteer_id=NOBODY, status=status)
    decision = decide(Action.CERTIFICATE_DOWNLOAD, viewer, facts)
    if team is None or not decision.allowed:
        raise Forbidden("Only who issues for a team, acting for it, has its certificates.")
    return team.id


def _printable(row: PrintableRow, desk: CertificateDesk) -> Printable:
    return Printable(
        number=row.certificate_no,
        code=desk.signer.code(row.certificate_no, row.key_id),
        snapshot=json.loads(row.snapshot),
        is_outdated=row.is_outdated,
        is_superseded=row.status == CertificateStatus.SUPERSEDED,
        hides_id_number=row.is_id_number_withdrawn,
    )
