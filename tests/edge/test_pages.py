import gzip
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.pages import Pages, prefers_html

HTML = "<!doctype html><p>志愿服务</p>".encode()
SCRIPT = b"console.log('hub')"
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def client(tmp_path: Path) -> AsyncClient:
    (tmp_path / "assets").mkdir()
    (tmp_path / "graphiql.html").write_bytes(HTML)
    (tmp_path / "assets/page-a1b2.js").write_bytes(SCRIPT)
    (tmp_path / "assets/page-a1b2.js.gz").write_bytes(gzip.compress(SCRIPT))
    return client_of(tmp_path)


def client_of(dist: Path) -> AsyncClient:
    pages = Pages.read(dist)

    async def graphql(request: Request) -> Response:
        if prefers_html(request):
            return pages.page("graphiql", request)
        return Response("{}", media_type="application/json")

    routes = [Route("/graphql", graphql, methods=["GET", "POST"]), *pages.routes()]
    transport = ASGITransport(Starlette(routes=routes))
    return AsyncClient(transport=transport, base_url="http://gateway")


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        (FIREFOX, True),
        ("text/html", True),
        ("text/html;q=0.5, application/json;q=0.9", False),
        ("application/graphql-response+json, text/html;q=0.1", False),
        ("text/html;q=0", False),
        ("text/html;q=much", False),
        ("*/*", False),
        ("", False),
    ],
)
async def test_page_is_for_those_who_prefer_html(
    client: AsyncClient, accept: str, html: bool
) -> None:
    answer = await client.get("/graphql", headers={"Accept": accept})

    assert (answer.content == HTML) is html


async def test_posted_document_never_answers_with_the_page(client: AsyncClient) -> None:
    answer = await client.post("/graphql", headers={"Accept": FIREFOX})

    assert answer.json() == {}


async def test_page_forbids_other_origins_and_is_revalidated(client: AsyncClient) -> None:
    answer = await client.get("/graphql", headers={"Accept": FIREFOX})

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "://" not in policy
    assert "*" not in policy
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["vary"] == "Accept, Accept-Encoding"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, br", "gzip"), ("br", None), ("gzip;q=0", None), ("", None), ("GZIP", "gzip")],
)
async def test_asset_comes_in_an_encoding_that_exists_and_is_accepted(
    client: AsyncClient, accepted: str, encoding: str | None
) -> None:
    answer = await client.get("/assets/page-a1b2.js", headers={"Accept-Encoding": accepted})

    assert answer.content == SCRIPT
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


async def test_known_tag_answers_not_modified_for_its_encoding_only(client: AsyncClient) -> None:
    plain = await client.get("/assets/page-a1b2.js", headers={"Accept-Encoding": "identity"})
    tag = plain.headers["etag"]

    same = {"If-None-Match": f'"other", W/{tag}', "Accept-Encoding": "identity"}
    again = await client.get("/assets/page-a1b2.js", headers=same)
    zipped = await client.get("/assets/page-a1b2.js", headers={**same, "Accept-Encoding": "gzip"})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (zipped.status_code, zipped.content) == (200, SCRIPT)


@pytest.mark.parametrize(
    "name", ["page-a1b2.js.gz", "graphiql.html", "..%2fgraphiql.html", "none.js"]
)
async def test_nothing_but_assets_is_served_as_one(client: AsyncClient, name: str) -> None:
    answer = await client.get(f"/assets/{name}")

    assert answer.status_code == 404


async def test_range_is_ignored(client: AsyncClient) -> None:
    answer = await client.get("/assets/page-a1b2.js", headers={"Range": "bytes=0-1,2-3"})

    assert (answer.status_code, answer.content) == (200, SCRIPT)


async def test_missing_build_says_what_to_run(tmp_path: Path) -> None:
    client = client_of(tmp_path / "dist")

    answer = await client.get("/graphql", headers={"Accept": FIREFOX})

    assert answer.status_code == 503
    assert "make web" in answer.text
