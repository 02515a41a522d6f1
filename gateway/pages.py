"""The built web pages, served from memory."""

import hashlib
import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

DIST = Path(__file__).parent / "web" / "dist"

NOT_BUILT = (
    "The web pages are not built: run `make web`. 页面尚未构建：请运行 `make web`。\n"
    "The GraphQL API at this address works without them.\n"
)

# Nothing is ever loaded from elsewhere. The editor writes style elements and carries its fonts
# as data, which costs style-src and font-src their strictness.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
)

SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "; ".join(CONTENT_SECURITY_POLICY),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

# The bundler puts a hash of the content into the name of all it writes below assets/.
HASHED = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"

ENCODINGS = (("br", ".br"), ("gzip", ".gz"))  # the smaller first

# Named here rather than asked of the machine, whose own table may say otherwise.
MEDIA_TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
}

GRAPHQL_MEDIA_TYPES = ("application/graphql-response+json", "application/json")


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """A file of the build with its precompressed forms, the plain one under ``identity``."""

    media_type: str
    cache_control: str
    bodies: Mapping[str, bytes]
    digest: str

    @classmethod
    def read(cls, path: Path, *, hashed: bool) -> Self:
        """The file with those precompressed neighbours that exist."""
        plain = path.read_bytes()
        bodies = {"identity": plain}
        for encoding, suffix in ENCODINGS:
            neighbour = path.with_name(path.name + suffix)
            if neighbour.is_file():
                bodies[encoding] = neighbour.read_bytes()
        guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return cls(
            media_type=MEDIA_TYPES.get(path.suffix, guessed),
            cache_control=HASHED if hashed else REVALIDATE,
            bodies=bodies,
            digest=hashlib.sha256(plain).hexdigest()[:32],
        )

    def respond(self, request: Request) -> Response:
        """The file in the best encoding that the request accepts, or 304 when it has it already."""
        qualities = accept_qualities(request.headers.get("accept-encoding", ""))
        encoding = next(
            (name for name, _ in ENCODINGS if name in self.bodies and qualities.get(name, 0) > 0),
            "identity",
        )
        # A strong tag names bytes, so each encoding has its own.
        etag = f'"{self.digest}-{encoding}"'
        headers = {
            **SECURITY_HEADERS,
            "Cache-Control": self.cache_control,
            "ETag": etag,
            "Vary": "Accept-Encoding",
        }
        if etag_matches(request.headers.get("if-none-match", ""), etag):
            return Response(status_code=304, headers=headers)
        if encoding != "identity":
            headers["Content-Encoding"] = encoding
        return Response(self.bodies[encoding], media_type=self.media_type, headers=headers)


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages by name and the assets they load, all read when the gateway starts."""

    pages: Mapping[str, BuiltFile]
    assets: Mapping[str, BuiltFile]

    @classmethod
    def read(cls, dist: Path = DIST) -> Self:
        """All files of the build; none when there is no build."""
        compressed = {suffix for _, suffix in ENCODINGS}
        return cls(
            pages={path.stem: BuiltFile.read(path, hashed=False) for path in dist.glob("*.html")},
            assets={
                path.name: BuiltFile.read(path, hashed=True)
                for path in dist.glob("assets/*")
                if path.suffix not in compressed
            },
        )

    def page(self, name: str, request: Request) -> Response:
        """The HTML of a page, or 503 and what to do when it is not built."""
        built = self.pages.get(name)
        if built is None:
            return PlainTextResponse(NOT_BUILT, status_code=503, headers=SECURITY_HEADERS)
        response = built.respond(request)
        # The address of GraphiQL answers GraphQL as well, by what the client accepts.
        response.headers["Vary"] = "Accept, Accept-Encoding"
        return response

    def route(self, path: str, name: str) -> Route:
        """A page at an address of its own."""

        async def serve(request: Request) -> Response:
            return self.page(name, request)

        return Route(path, serve, methods=["GET"], name=name)

    def asset(self, request: Request) -> Response:
        """The asset named in the path."""
        built = self.assets.get(request.path_params["name"])
        if built is None:
            return PlainTextResponse("Not found.\n", status_code=404, headers=SECURITY_HEADERS)
        return built.respond(request)

    async def _serve_asset(self, request: Request) -> Response:
        return self.asset(request)

    def routes(self) -> Sequence[Route]:
        """Routes of the assets."""
        return [Route("/assets/{name}", self._serve_asset, methods=["GET"], name="asset")]


def prefers_html(request: Request) -> bool:
    """Whether the request is a browser's visit to a page and not a call of the API."""
    if request.method not in {"GET", "HEAD"}:
        return False
    qualities = accept_qualities(request.headers.get("accept", ""))
    html = qualities.get("text/html", 0)
    return html > 0 and html >= max(qualities.get(name, 0) for name in GRAPHQL_MEDIA_TYPES)


def accept_qualities(header: str) -> dict[str, float]:
    """The listed names in lower case with their q-values; a malformed q-value counts as 0."""
    qualities: dict[str, float] = {}
    for item in header.split(","):
        name, *parameters = (part.strip().lower() for part in item.split(";"))
        given = next((p.removeprefix("q=") for p in parameters if p.startswith("q=")), "1")
        try:
            qualities[name] = float(given)
        except ValueError:
            qualities[name] = 0
    qualities.pop("", None)
    return qualities


def prefers_english(wanted: str | None, accepted: Mapping[str, float]) -> bool:
    """Whether a plain page is to be in English: asked for, or the better of what is accepted."""
    if wanted is not None:
        return wanted.lower().startswith("en")
    chinese = max((q for name, q in accepted.items() if name.startswith(("zh", "*"))), default=0)
    english = max((q for name, q in accepted.items() if name.startswith("en")), default=0)
    return english > chinese


def etag_matches(header: str, etag: str) -> bool:
    """Whether an If-None-Match header names the tag; tags are compared weakly (RFC 9110)."""
    tags = {tag.strip().removeprefix("W/") for tag in header.split(",")}
    return etag in tags or header.strip() == "*"
