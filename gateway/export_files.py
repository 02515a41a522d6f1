"""The files of exports: ``GET /exports/{id}``, for the account that asked for them."""

from dataclasses import dataclass
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from db.enums import ExportFormat
from db.session import Snapshot
from gateway.file_answers import HEADERS, FileAnswers
from gateway.request_body import RequestRefused
from permissions.errors import InvalidId
from permissions.viewer import Viewer
from resolvers.exports.asking import fetch_file
from schema.ids import decode

MEDIA_TYPES = {
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.CSV: "text/csv; charset=utf-8",
}
NOT_FOUND = RequestRefused(404, "There is no such export, or it is not done.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFiles:
    """Gives the files of exports."""

    answers: FileAnswers

    def routes(self) -> list[Route]:
        """The one route."""
        return [Route("/exports/{id}", self.get, methods=["GET"])]

    async def get(self, request: Request) -> Response:
        """One file; another account's and a missing one are the same."""
        return await self.answers.answer(request, _get)


async def _get(request: Request, viewer: Viewer, snapshot: Snapshot) -> Response:
    try:
        name, number = decode(request.path_params["id"], field="id")
    except InvalidId:
        raise NOT_FOUND from None
    found = await fetch_file(snapshot, viewer, number) if name == "Export" else None
    if found is None:
        raise NOT_FOUND
    plain = f"export-{number}.{found.format.lower()}"
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found.file_name)}"
    return Response(
        found.content,
        200,
        {**HEADERS, "Content-Disposition": named},
        media_type=MEDIA_TYPES[ExportFormat(found.format)],
    )
