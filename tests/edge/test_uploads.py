"""Files over HTTP: which are taken, who is given them, and what becomes of those nothing needs."""

import io
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from db.enums import FilePurpose, ProjectStatus, ReviewKind, ReviewState, TeamAdminRole
from db.events import SubjectType
from db.models import Review
from db.queries.files import attach_files
from db.session import Database
from gateway.file_storage import DiskFiles, file_storage
from gateway.settings import Limits, Settings
from permissions.viewer import PUBLIC, Viewer
from resolvers.uploads import FileStorage, StorageAway, keep_file, sweep_files
from schema.ids import decode, encode
from tests.api.client import Client, running
from tests.edge.pictures import PDF, picture
from tests.servers import Databases
from tests.small_world import NOW, Planter, connected, empty_station
from tests.workflows.district import District

pytestmark = pytest.mark.asyncio(loop_scope="module")

MOST = 300_000


@dataclass(slots=True)
class Station:
    """A station with a district, and the folder its files lie in."""

    client: Client
    database: Database
    planter: Planter
    folder: Path
    district: District = field(init=False)

    @property
    def storage(self) -> FileStorage:
        return file_storage(self.client.settings)

    def kept(self) -> int:
        """How many files lie in the storage."""
        return len([path for path in self.folder.rglob("*") if path.is_file()])

    async def send(
        self, viewer: Viewer, data: Any, *, purpose: str = "PROOF", **headers: str
    ) -> httpx.Response:
        return await self.client.http.post(
            f"/files?purpose={purpose}", content=data, headers={**self.headers(viewer), **headers}
        )

    async def get(self, viewer: Viewer, file_id: str) -> httpx.Response:
        return await self.client.http.get(f"/files/{file_id}", headers=self.headers(viewer))

    def headers(self, viewer: Viewer) -> dict[str, str]:
        """The headers of a capacity, at the national site."""
        if viewer.account_id is None:
            return {"host": "national.localhost"}
        return {
            "host": "national.localhost",
            "authorization": f"Bearer {self.client.token(viewer.account_id)}",
            "x-acting-as": viewer.capacity,
        }

    async def attached(
        self, owner: Viewer, team: str, *, purpose: FilePurpose, subject: tuple[SubjectType, int]
    ) -> str:
        """A file of the owner that belongs to a subject of a team."""
        # Another shade each time, or it would be the file of another test.
        sent = await self.send(owner, picture("PNG"), purpose=purpose.value)
        file_id: str = sent.json()["id"]
        assert await self.attach(owner, file_id, team, purpose=purpose, subject=subject)
        return file_id

    async def attach(
        self,
        owner: Viewer,
        file_id: str,
        team: str,
        *,
        purpose: FilePurpose,
        subject: tuple[SubjectType, int],
    ) -> bool:
        number = decode(file_id)[1]
        assert owner.account_id is not None
        async with self.database.write(account_id=None, capacity="test", action="a") as write:
            found = await attach_files(
                write,
                [number],
                owner=owner.account_id,
                purpose=purpose,
                subject=subject,
                team_id=self.district.forest.teams[team].id,
            )
        return found == {number}


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def station(
    url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Station]:
    folder = tmp_path_factory.mktemp("data")
    settings = Settings(data_dir=folder, limits=Limits(file_bytes=MOST))
    async with Database(url) as database, running(url, redis_url, settings) as client:
        planter = Planter(database)
        station = Station(client, database, planter, folder / "files")
        station.district = await District.plant(planter)
        yield station


@pytest_asyncio.fixture(loop_scope="module")
async def db(url: str) -> AsyncIterator[Any]:
    async with connected(url) as connection:
        yield connection


FILES: dict[str, Callable[[], bytes]] = {
    "image/jpeg": lambda: picture("JPEG"),
    "image/png": lambda: picture("PNG"),
    "image/webp": lambda: picture("WEBP"),
    "application/pdf": lambda: PDF,
}


@pytest.mark.parametrize("media_type", FILES)
async def test_file_is_taken_for_what_it_is_and_given_back(
    station: Station, media_type: str
) -> None:
    person, data = await station.district.person(), FILES[media_type]()

    sent = await station.send(person, data, **{"content-type": "text/html"})
    again = await station.send(person, data)
    given = await station.get(person, sent.json()["id"])

    assert (sent.status_code, again.status_code) == (201, 200)
    assert again.json() == sent.json()
    assert sent.json()["mediaType"] == media_type
    assert sent.headers["location"] == f"/files/{sent.json()['id']}"
    assert (given.status_code, given.content) == (200, data)
    assert given.headers["content-type"] == media_type
    assert given.headers["content-disposition"].startswith("attachment; filename=")
    assert given.headers["x-content-type-options"] == "nosniff"
    assert given.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert given.headers["cache-control"] == "private, no-store"


def bomb() -> bytes:
    """A picture of 400 million pixels in a few hundred bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return len(data).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)

    header = (20_000).to_bytes(4) * 2 + bytes([8, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IEND", b"")


async def in_parts(data: bytes) -> AsyncIterator[bytes]:
    """A body of which nobody says how long it is."""
    for start in range(0, len(data), 60_000):
        yield data[start : start + 60_000]


BAD: dict[str, tuple[Callable[[], Any], int, str]] = {
    "empty": (lambda: b"", 400, "The file is empty."),
    "too large": (lambda: PDF + bytes(MOST), 413, f"The body is longer than {MOST} bytes."),
    "too large, unsaid": (
        lambda: in_parts(bytes(2 * MOST)),
        413,
        f"The body is longer than {MOST} bytes.",
    ),
    "text": ("志愿服务".encode, 415, "Send a JPEG, PNG or WebP picture, or a PDF."),
    "html": (lambda: b"<html><script>alert(1)</script></html>", 415, "Send a JPEG"),
    "svg": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>', 415, "Send a JPEG"),
    "xml before svg": (lambda: b'<?xml version="1.0"?><svg/>', 415, "Send a JPEG"),
    "gif": (lambda: picture("GIF"), 415, "Send a JPEG"),
    "program": (lambda: b"MZ\x90\x00" + bytes(200), 415, "Send a JPEG"),
    "archive": (lambda: b"PK\x03\x04" + bytes(200), 415, "Send a JPEG"),
    "html that begins like a picture": (
        lambda: b"\xff\xd8\xff<script>alert(1)</script>",
        415,
        "The picture is broken.",
    ),
    "half a JPEG": (lambda: half(picture("JPEG")), 415, "The picture is broken."),
    "half a PNG": (lambda: half(picture("PNG")), 415, "The picture is broken."),
    "half a WebP": (lambda: half(picture("WEBP")), 415, "The picture is broken."),
    "half a PDF": (lambda: half(PDF), 415, "The PDF is not whole."),
    "a picture of 400 megapixels": (bomb, 415, "A picture has at most 40 million pixels."),
}


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.parametrize("what", BAD)
async def test_what_is_no_good_file_is_refused_and_not_kept(
    station: Station, db: Any, what: str
) -> None:
    make, status, message = BAD[what]
    before = await db.fetchval("select count(*) from files"), station.kept()

    answer = await station.send(await station.district.person(), make())

    assert answer.status_code == status
    (error,) = answer.json()["errors"]
    assert error["message"].startswith(message)
    assert error["extensions"] == {"code": "REQUEST_INVALID"}
    assert (await db.fetchval("select count(*) from files"), station.kept()) == before


@pytest.mark.parametrize("purpose", ["", "proof", "OTHER", "PROOF,SCAN"])
async def test_purpose_must_be_said(station: Station, purpose: str) -> None:
    answer = await station.send(await station.district.person(), PDF, purpose=purpose)

    assert answer.status_code == 400
    assert "PROOF, SCAN, COVER" in answer.json()["errors"][0]["message"]


async def test_form_is_not_taken(station: Station) -> None:
    person = await station.district.person()

    answer = await station.send(person, PDF, **{"content-type": "multipart/form-data; boundary=x"})

    assert answer.status_code == 415


async def test_only_who_is_signed_in_sends_files(station: Station) -> None:
    async def never_read() -> AsyncIterator[bytes]:
        raise AssertionError("the body was read")
        yield b""

    assert (await station.send(PUBLIC, PDF)).status_code == 401
    answer = await station.send(PUBLIC, never_read())
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_no_name_leads_anywhere(station: Station, db: Any) -> None:
    person = await station.district.person()
    sent = await station.send(
        person, PDF, **{"content-disposition": 'attachment; filename="../../etc/passwd"'}
    )
    number = decode(sent.json()["id"])[1]
    given = await station.get(person, sent.json()["id"])

    assert given.headers["content-disposition"] == f'attachment; filename="{number}.pdf"'
    row = await db.fetchrow("select t::text from files t where id = $1", number)
    assert "passwd" not in row[0]
    for path in (
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e/keys",
        encode("Team", number),
        encode("File", number + 1000),
        "%00",
        "x" * 5000,
    ):
        assert (await station.get(person, path)).status_code == 404, path


async def test_proof_is_read_by_its_sender_its_team_and_those_above(station: Station) -> None:
    district = station.district
    forest, planter = district.forest, station.planter
    await district.team("group", "community", district.regions["community"])
    project = await planter.project(forest.teams["group"], status=ProjectStatus.PENDING)
    sender = await forest.manager("group")
    file_id = await station.attached(
        sender,
        "group",
        purpose=FilePurpose.PROOF,
        subject=(SubjectType.PROJECT, project.id),
    )
    region = district.regions["other"]
    await planter.add(
        Review(
            province="50",
            kind=ReviewKind.PROJECT_PUBLICATION,
            state=ReviewState.PENDING,
            subject_type="Project",
            subject_id=project.id,
            team_id=forest.teams["group"].id,
            reviewer_region_id=region.id,
        )
    )
    readers = {
        "sender": (sender, True),
        "manager": (await forest.manager("group"), True),
        "recorder": (await forest.manager("group", TeamAdminRole.RECORDER), True),
        "contact team": (await forest.manager("community"), True),
        "hub above": (await forest.manager("district"), True),
        "department": (await forest.officer(district.regions["district"]), True),
        "department that must decide": (await forest.officer(region), True),
        "hub elsewhere": (await forest.manager("other"), False),
        "volunteer": (await district.person(), False),
        "public": (PUBLIC, False),
    }

    found = {who: await station.get(viewer, file_id) for who, (viewer, _) in readers.items()}
    missing = await station.get(PUBLIC, encode("File", 1))

    assert {who: each.status_code for who, each in found.items()} == {
        who: 200 if allowed else 404 for who, (_, allowed) in readers.items()
    }
    assert found["public"].content == missing.content


async def test_look_at_anothers_proof_is_audited(station: Station, db: Any) -> None:
    forest = station.district.forest
    sender, other = await forest.manager("community"), await forest.manager("town")
    team_id = forest.teams["community"].id
    file_id = await station.attached(
        sender, "community", purpose=FilePurpose.SCAN, subject=(SubjectType.TEAM, team_id)
    )

    await station.get(sender, file_id)
    await station.get(other, file_id)

    rows = await db.fetch(
        "select action, account_id, detail from audit_log where subject_type = 'File'"
        " and subject_id = $1 order by id",
        decode(file_id)[1],
    )
    assert [tuple(row) for row in rows] == [
        ("file.sent", sender.account_id, '{"purpose": "SCAN"}'),
        ("file.read", other.account_id, '{"purpose": "SCAN"}'),
    ]


@pytest.mark.parametrize(
    ("status", "shown"), [(ProjectStatus.RUNNING, 200), (ProjectStatus.PENDING, 404)]
)
async def test_cover_is_public_with_its_project(
    station: Station, status: ProjectStatus, shown: int
) -> None:
    forest = station.district.forest
    project = await station.planter.project(forest.teams["community"], status=status)
    manager = await forest.manager("community")
    file_id = await station.attached(
        manager,
        "community",
        purpose=FilePurpose.COVER,
        subject=(SubjectType.PROJECT, project.id),
    )

    answer = await station.get(PUBLIC, file_id)

    assert answer.status_code == shown
    if shown == 200:
        assert answer.headers["cache-control"] == "public, max-age=300"
    assert (await station.get(manager, file_id)).status_code == 200


async def test_file_is_given_once_by_its_sender_for_its_purpose(station: Station) -> None:
    forest = station.district.forest
    sender, other = await forest.manager("community"), await forest.manager("community")
    subject = (SubjectType.TEAM, forest.teams["community"].id)
    file_id = (await station.send(sender, PDF, purpose="SCAN")).json()["id"]

    async def attach(owner: Viewer, purpose: FilePurpose) -> bool:
        return await station.attach(owner, file_id, "community", purpose=purpose, subject=subject)

    assert not await attach(other, FilePurpose.SCAN)
    assert not await attach(sender, FilePurpose.PROOF)
    assert await attach(sender, FilePurpose.SCAN)
    assert not await attach(sender, FilePurpose.SCAN)
    anew = await station.send(sender, PDF, purpose="SCAN")
    assert (anew.status_code, anew.json()["id"] == file_id) == (201, False)


async def aged(db: Any, file_id: str, hours: float) -> None:
    await db.execute(
        "update files set created_at = $2 where id = $1",
        decode(file_id)[1],
        NOW - timedelta(hours=hours),
    )


async def test_what_belongs_to_nothing_goes_after_a_day_with_bytes_none_needs(
    station: Station, db: Any
) -> None:
    forest = station.district.forest
    person, other = await forest.manager("community"), await forest.manager("community")
    await db.execute("delete from files where attached_at is null")
    alone, shared = picture("PNG"), picture("PNG", shade=7)
    subject = (SubjectType.TEAM, forest.teams["community"].id)
    ids = {
        "old": (await station.send(person, alone)).json()["id"],
        "young": (await station.send(person, PDF)).json()["id"],
        "shared": (await station.send(person, shared)).json()["id"],
        "attached": (await station.send(other, shared)).json()["id"],
    }
    await station.attach(
        other, ids["attached"], "community", purpose=FilePurpose.PROOF, subject=subject
    )
    kept = station.kept()
    for name, hours in {"old": 25, "young": 23, "shared": 25, "attached": 999}.items():
        await aged(db, ids[name], hours)

    removed = await sweep_files(station.database.engine, station.storage, now=NOW)

    answers = {name: await station.get(person, each) for name, each in ids.items()}
    assert removed == 2
    assert {name: each.status_code for name, each in answers.items()} == {
        "old": 404,
        "young": 200,
        "shared": 404,
        "attached": 200,
    }
    assert station.kept() == kept - 1


async def test_same_file_sent_again_waits_another_day(station: Station, db: Any) -> None:
    person = await station.district.person()
    file_id = (await station.send(person, PDF)).json()["id"]
    await aged(db, file_id, 1_000_000)

    again = await station.send(person, PDF)
    await sweep_files(station.database.engine, station.storage, now=NOW)

    assert again.json()["id"] == file_id
    assert (await station.get(person, file_id)).status_code == 200


async def test_account_has_no_more_than_a_hundred_files_that_belong_to_nothing(
    station: Station, db: Any
) -> None:
    person = await station.district.person()
    file_id = (await station.send(person, PDF)).json()["id"]
    await db.execute(
        "insert into files (owner_account_id, purpose, digest, media_type, size, stored_at)"
        " select owner_account_id, purpose, sha256(n::text::bytea), media_type, size, now()"
        " from files, generate_series(1, 99) n where id = $1",
        decode(file_id)[1],
    )

    refused = await station.send(person, picture("PNG"))

    assert refused.status_code == 429
    assert refused.json()["errors"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
    assert (await station.send(person, PDF)).status_code == 200


class Broken(DiskFiles):
    """A storage that fails once the row is there."""

    async def put(self, digest: bytes, data: bytes, /) -> None:
        del digest, data
        raise StorageAway


async def test_file_whose_bytes_were_not_kept_is_no_file_and_can_be_sent_again(
    station: Station, db: Any
) -> None:
    person = await station.district.person()
    data = io.BytesIO(picture("PNG")).getvalue()
    with pytest.raises(StorageAway):
        await keep_file(
            station.database,
            Broken(station.folder),
            person,
            purpose=FilePurpose.PROOF,
            media_type="image/png",
            data=data,
        )
    number = await db.fetchval("select max(id) from files")
    file_id, subject = encode("File", number), (SubjectType.TEAM, 1)
    early = await station.get(person, file_id)
    attached = await station.attach(
        person, file_id, "community", purpose=FilePurpose.PROOF, subject=subject
    )

    again = await station.send(person, data)

    assert (early.status_code, attached) == (404, False)
    assert again.json()["id"] == file_id
    assert (await station.get(person, file_id)).content == data


async def test_storage_that_is_away_is_a_503(station: Station) -> None:
    person = await station.district.person()
    aside = station.folder.rename(station.folder.with_name("aside"))
    station.folder.write_text("in the way")
    try:
        answer = await station.send(person, picture("PNG"))
    finally:
        station.folder.unlink()
        aside.rename(station.folder)

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"
