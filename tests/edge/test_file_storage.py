"""Where the bytes of files lie: on disk whole or not at all, and in storage that speaks S3."""

import asyncio
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.file_storage import DiskFiles, S3Files, file_storage
from gateway.settings import Settings
from resolvers.uploads import FileStorage, StorageAway
from tests.edge.s3_server import BucketServer, bucket_server, signature

DATA = bytes(range(256)) * 40
DIGEST = hashlib.sha256(DATA).digest()


@pytest.fixture
def bucket() -> Iterator[BucketServer]:
    with bucket_server() as server:
        yield server


@pytest.fixture(params=["disk", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, bucket: BucketServer) -> FileStorage:
    url = bucket.url() if request.param == "s3" else None
    return file_storage(Settings(data_dir=tmp_path, files_url=url))


def test_published_example_of_the_signature_is_met() -> None:
    headers = {
        "authorization": "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/"
        "aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=?",
        "host": "examplebucket.s3.amazonaws.com",
        "range": "bytes=0-9",
        "x-amz-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-amz-date": "20130524T000000Z",
    }

    found = signature("GET", "/test.txt", headers)

    assert found == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"


async def test_bytes_are_kept_given_and_removed(storage: FileStorage) -> None:
    assert await storage.get(DIGEST) is None
    await storage.delete(DIGEST)

    await storage.put(DIGEST, DATA)
    await storage.put(DIGEST, DATA)
    assert await storage.get(DIGEST) == DATA

    await storage.delete(DIGEST)
    assert await storage.get(DIGEST) is None


async def test_same_bytes_at_once_are_kept_once(storage: FileStorage) -> None:
    await asyncio.gather(*(storage.put(DIGEST, DATA) for _ in range(10)))

    assert await storage.get(DIGEST) == DATA


async def test_files_on_disk_lie_by_their_digest_and_only_their_owner_reads_them(
    tmp_path: Path,
) -> None:
    await DiskFiles(tmp_path / "files").put(DIGEST, DATA)

    name = DIGEST.hex()
    (found,) = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert found == tmp_path / "files" / name[:2] / name[2:4] / name
    assert found.stat().st_mode & 0o777 == 0o600


async def test_disk_that_refuses_is_storage_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way")

    with pytest.raises(StorageAway):
        await DiskFiles(tmp_path / "files").put(DIGEST, DATA)


async def test_bucket_takes_only_what_is_signed_with_its_secret(bucket: BucketServer) -> None:
    await S3Files.at(bucket.url()).put(DIGEST, DATA)
    assert bucket.objects == {f"/files/{DIGEST.hex()}": DATA}

    stranger = S3Files.at(bucket.url(secret="another"))
    for refused in (stranger.get(DIGEST), stranger.put(DIGEST, DATA), stranger.delete(DIGEST)):
        with pytest.raises(StorageAway):
            await refused
    assert bucket.objects == {f"/files/{DIGEST.hex()}": DATA}


async def test_bucket_that_is_away_is_said_so(bucket: BucketServer) -> None:
    storage = S3Files.at(bucket.url())
    bucket.is_away = True

    with pytest.raises(StorageAway):
        await storage.get(DIGEST)
