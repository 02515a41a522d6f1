"""Certificates as files: one PDF, or an archive of what a team issued.

``GET /certificates/<number>.pdf``, ``GET /certificates.zip?since=2026-05-01&until=2026-05-31``.
"""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from db.numbers.certificates import read_typed
from db.session import Database, Snapshot
from gateway.certificates.paper import Paper, Press
from gateway.file_answers import HEADERS, FileAnswers
from gateway.request_body import RequestRefused
from permissions.viewer import Viewer
from resolvers.certificate_desk import CertificateDesk
from resolvers.certificate_papers import Printable, get_printable, list_printable
from resolvers.certificate_wish import FIRST_DAY

PDF = "application/pdf"
ZIP = "application/zip"
MOST_DAYS = 366
NOT_FOUND = RequestRefused(404, "There is no such certificate.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFiles:
    """Gives certificates to who may have them."""

    database: Database
    answers: FileAnswers
    desk: CertificateDesk
    press: Press
    check_url: str

    def routes(self) -> list[Route]:
        """The two routes."""
        return [
            Route("/certificates/{number}.pdf", self.pdf, methods=["GET"]),
            Route("/certificates.zip", self.archive, methods=["GET"]),
        ]

    async def pdf(self, request: Request) -> Response:
        """One certificate; a hidden one and a missing one are the same."""
        return await self.answers.answer(request, self._pdf)

    async def archive(self, request: Request) -> Response:
        """What the team that the viewer acts for issued in a time, one PDF each."""
        return await self.answers.answer(request, self._archive)

    async def _pdf(self, request: Request, viewer: Viewer, snapshot: Snapshot) -> Response:
        number = read_typed(request.path_params["number"])
        printable = await get_printable(snapshot, viewer, self.desk, number)
        if printable is None:
            raise NOT_FOUND
        body = await asyncio.to_thread(self._printed, printable)
        named = {"Content-Disposition": f'attachment; filename="{printable.number}.pdf"'}
        return Response(body, 200, {**HEADERS, **named}, media_type=PDF)

    async def _archive(self, request: Request, viewer: Viewer, _snapshot: Snapshot) -> Response:
        since, until = _day(request, "since"), _day(request, "until")
        known = range(FIRST_DAY.year, date.max.year)
        is_known = since.year in known and until.year in known
        if not is_known or not 0 <= (until - since).days < MOST_DAYS:
            raise RequestRefused(400, f"Ask for 1 to {MOST_DAYS} days, the first one first.")
        batches = list_printable(self.database, viewer, self.desk, since=since, until=until)
        # The first batch is read before anything is sent, so that a refusal has its status.
        first = await anext(batches, None)
        named = {"Content-Disposition": f'attachment; filename="certificates-{since}.zip"'}
        return StreamingResponse(
            self._zipped(first, batches), 200, {**HEADERS, **named}, media_type=ZIP
        )

    async def _zipped(
        self, first: Sequence[Printable] | None, rest: AsyncIterator[Sequence[Printable]]
    ) -> AsyncIterator[bytes]:
        """The archive as it grows; no more than one batch is held at a time."""
        written = io.BytesIO()
        with zipfile.ZipFile(_Unseekable(written), "w", zipfile.ZIP_STORED) as archive:
            batch = first
            while batch is not None:
                for printable in batch:
                    pdf = await asyncio.to_thread(self._printed, printable)
                    archive.writestr(f"{printable.number}.pdf", pdf)
                    yield _taken(written)
                batch = await anext(rest, None)
        yield _taken(written)

    def _printed(self, printable: Printable) -> bytes:
        return self.press.print(
            Paper(
                snapshot=printable.snapshot,
                code=printable.code,
                check_url=self.check_url,
                is_outdated=printable.is_outdated,
                is_superseded=printable.is_superseded,
                hides_id_number=printable.hides_id_number,
            )
        )


class _Unseekable(io.RawIOBase):
    """A file that can only be written on, so that an archive never goes back in it."""

    def __init__(self, to: io.BytesIO) -> None:
        self._to = to

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return self._to.write(data)


def _taken(written: io.BytesIO) -> bytes:
    """What was written since the last time."""
    data = written.getvalue()
    written.seek(0)
    written.truncate()
    return data


def _day(request: Request, name: str) -> date:
    try:
        return date.fromisoformat(request.query_params.get(name, ""))
    except ValueError:
        raise RequestRefused(400, f"Say {name}= as a day: 2026-05-31.") from None
