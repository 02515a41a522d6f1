"""Storage that speaks as much of S3 as files need, and takes only requests signed as S3 asks.

The signature is computed anew from the published algorithm (AWS Signature Version 4), which the
tests hold to the published example.
"""

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def signature(method: str, target: str, headers: Mapping[str, str], secret: str = SECRET) -> str:
    """The signature that a request's headers ask for, by those it says are signed."""
    authorization = headers["authorization"]
    fields = dict(part.strip().split("=", 1) for part in authorization.split(" ", 1)[1].split(","))
    _, day, region, service, _ = fields["Credential"].split("/")
    signed = fields["SignedHeaders"].split(";")
    parts = urlsplit(target)
    query = "&".join(
        f"{quote(name, safe='')}={quote(value, safe='')}"
        for name, value in sorted(parse_qsl(parts.query, keep_blank_values=True))
    )
    canonical = "\n".join(
        [
            method,
            quote(unquote(parts.path)),
            query,
            *(f"{name}:{' '.join(headers[name].split())}" for name in signed),
            "",
            ";".join(signed),
            headers["x-amz-content-sha256"],
        ]
    )
    scope = f"{day}/{region}/{service}/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, digest])
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, text.encode(), "sha256").hexdigest()


class Handler(BaseHTTPRequestHandler):
    """One request to the bucket."""

    protocol_version = "HTTP/1.1"
    server: "BucketServer"

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self._refused(body):
            return
        self.server.objects[self.path] = body
        self._answer(200, b"", {"ETag": f'"{hashlib.md5(body).hexdigest()}"'})  # noqa: S324 - S3's

    def do_GET(self) -> None:
        if self._refused(b""):
            return
        found = self.server.objects.get(self.path)
        if found is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            return
        headers = {"ETag": '"x"', "Last-Modified": "Wed, 20 May 2026 04:00:00 GMT"}
        self._answer(200, found, headers)

    def do_POST(self) -> None:
        """Removes the objects that the body lists (DeleteObjects)."""
        body = self.rfile.read(int(self.headers["content-length"]))
        if self._refused(body):
            return
        keys = re.findall(rb"<Key>([0-9a-f]+)</Key>", body)
        for key in keys:
            self.server.objects.pop(f"{urlsplit(self.path).path.rstrip('/')}/{key.decode()}", None)
        deleted = b"".join(b"<Deleted><Key>%b</Key></Deleted>" % key for key in keys)
        self._answer(200, b"<DeleteResult>%b</DeleteResult>" % deleted)

    def _refused(self, body: bytes) -> bool:
        headers = {name.lower(): value for name, value in self.headers.items()}
        given = headers.get("authorization", "").rpartition("Signature=")[2]
        told = headers.get("x-amz-content-sha256", "")
        is_good = (
            headers.get("authorization", "").startswith(f"AWS4-HMAC-SHA256 Credential={KEY_ID}/")
            and given == signature(self.command, self.path, headers)
            and told in {hashlib.sha256(body).hexdigest(), "UNSIGNED-PAYLOAD"}
        )
        if not is_good or self.server.is_away:
            self._answer(403 if not is_good else 503, b"<Error><Code>Refused</Code></Error>")
        return not is_good or self.server.is_away

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Says nothing."""


class BucketServer(ThreadingHTTPServer):
    """A server with one bucket named ``files``."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.objects: dict[str, bytes] = {}
        self.is_away = False

    def url(self, *, secret: str = SECRET) -> str:
        """The setting that names it."""
        user = f"{KEY_ID}:{quote(secret, safe='')}"
        return f"http://{user}@127.0.0.1:{self.server_port}/files?region=cn-west"


@contextmanager
def bucket_server() -> Iterator[BucketServer]:
    """A server that runs until the block ends."""
    server = BucketServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
