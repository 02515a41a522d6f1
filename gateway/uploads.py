"""Files over HTTP: ``POST /files?purpose=PROOF`` with the file as the body, ``GET /files/{id}``.

No name is taken with a file and none is given back, so none can lead anywhere.
"""

import asyncio
from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from db.enums import FilePurpose
from db.session import Database, Snapshot
from gateway.file_answers import HEADERS, JSON, PRIVATE, FileAnswers
from gateway.file_types import ENDINGS, NotTaken, media_type_of
from gateway.request_body import RequestRefused, read_body
from gateway.settings import Limits
from permissions.errors import InvalidId
from permissions.viewer import Viewer
from resolvers.acting import require_account
from resolvers.uploads import FileStorage, keep_file, read_file
from schema.ids import decode, encode

PUBLIC = "public, max-age=300"
NOT_FOUND = RequestRefused(404, "There is no such file.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesEndpoint:
    """Takes files and gives them to who may read them."""

    database: Database
    storage: FileStorage
    answers: FileAnswers
    limits: Limits

    def routes(self) -> list[Route]:
        """The two routes."""
        return [
            Route("/files", self.post, methods=["POST"]),
            Route("/files/{id}", self.get, methods=["GET"]),
        ]

    async def post(self, request: Request) -> Response:
        """Takes a file; the same one again is answered with the same id."""
        return await self.answers.answer(request, self._post)

    async def get(self, request: Request) -> Response:
        """Gives a file; a hidden one and a missing one are the same."""
        return await self.answers.answer(request, self._get)

    async def _post(self, request: Request, viewer: Viewer, _snapshot: Snapshot) -> Response:
        require_account(viewer)  # before a byte of the body is read
        purpose = _purpose(request)
        if request.headers.get("content-type", "").lower().startswith("multipart/"):
            raise RequestRefused(415, "Send the file itself as the body, not a form.")
        data = await read_body(request, self.limits.file_bytes)
        if not data:
            raise RequestRefused(400, "The file is empty.")
        try:
            media_type = await asyncio.to_thread(media_type_of, data)
        except NotTaken as refusal:
            raise RequestRefused(415, str(refusal)) from None
        kept = await keep_file(
            self.database,
            self.storage,
            viewer,
            purpose=purpose,
            media_type=media_type,
            data=data,
        )
        body = {"id": encode("File", kept.id), "mediaType": media_type, "size": len(data)}
        headers = {"Cache-Control": PRIVATE, "Location": f"/files/{body['id']}"}
        return Response(orjson.dumps(body), 201 if kept.is_new else 200, headers, media_type=JSON)

    async def _get(self, request: Request, viewer: Viewer, snapshot: Snapshot) -> Response:
        try:
            name, number = decode(request.path_params["id"], field="id")
        except InvalidId:
            raise NOT_FOUND from None
        found = None
        if name == "File":
            found = await read_file(self.database, self.storage, viewer, snapshot, number)
        if found is None:
            raise NOT_FOUND
        row, data = found
        ending = ENDINGS[row.media_type]
        is_cover = row.purpose == FilePurpose.COVER
        headers = {
            **HEADERS,
            "Cache-Control": PUBLIC if is_cover and viewer.account_id is None else PRIVATE,
            "Content-Disposition": f'attachment; filename="{number}.{ending}"',
        }
        return Response(data, 200, headers, media_type=row.media_type)


def _purpose(request: Request) -> FilePurpose:
    try:
        return FilePurpose(request.query_params.get("purpose", ""))
    except ValueError:
        among = ", ".join(FilePurpose)
        raise RequestRefused(400, f"Say what the file is for: ?purpose= one of {among}.") from None
