"""Where the bytes of files lie: in the data folder, or in storage that speaks S3."""

import asyncio
import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from db.private_files import make_folder
from gateway.settings import Settings
from resolvers.uploads import FileStorage, StorageAway

T = TypeVar("T")

DEFAULT_REGION = "us-east-1"
PATIENCE = "20s"
RETRIES = 2


@dataclass(frozen=True, slots=True)
class DiskFiles:
    """Files below a folder, in folders by the first bytes of their digests."""

    folder: Path

    async def put(self, digest: bytes, data: bytes, /) -> None:
        """Keeps bytes, whole or not at all."""
        await self._run(self._put, digest, data)

    async def get(self, digest: bytes, /) -> bytes | None:
        """The bytes, if they are there."""
        return await self._run(self._get, digest)

    async def delete(self, digest: bytes, /) -> None:
        """Removes the bytes, if they are there."""
        await self._run(lambda: self._path(digest).unlink(missing_ok=True))

    def _path(self, digest: bytes) -> Path:
        name = digest.hex()
        return self.folder / name[:2] / name[2:4] / name

    def _get(self, digest: bytes) -> bytes | None:
        try:
            return self._path(digest).read_bytes()
        except FileNotFoundError:
            return None

    def _put(self, digest: bytes, data: bytes) -> None:
        path = self._path(digest)
        if path.exists():
            return
        make_folder(path.parent, 0o700)
        part = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "wb") as file:  # noqa: PTH123 -- a descriptor, not a path
                file.write(data)
                file.flush()
                os.fsync(descriptor)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # else a crash could lose the name
        finally:
            os.close(folder)

    async def _run(self, work: Callable[..., T], *arguments: bytes) -> T:
        try:
            return await asyncio.to_thread(work, *arguments)
        except OSError as error:
            raise StorageAway from error


@dataclass(frozen=True, slots=True)
class S3Files:
    """Files in a bucket, each under its digest."""

    bucket: S3Store

    @classmethod
    def at(cls, url: str) -> "S3Files":
        """The bucket of a URL ``https://key:secret@host/bucket?region=…``."""
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        region = parse_qs(parts.query).get("region", [DEFAULT_REGION])[0]
        return cls(
            S3Store(
                parts.path.strip("/"),
                endpoint=f"{parts.scheme}://{parts.hostname}{port}",
                access_key_id=unquote(parts.username or ""),
                secret_access_key=unquote(parts.password or ""),
                region=region,
                virtual_hosted_style_request=False,
                client_options={"timeout": PATIENCE, "allow_http": parts.scheme == "http"},
                retry_config={"max_retries": RETRIES},
            )
        )

    async def put(self, digest: bytes, data: bytes, /) -> None:
        """Keeps bytes."""
        try:
            await obstore.put_async(self.bucket, digest.hex(), data)
        except (BaseError, OSError) as error:
            raise StorageAway from error

    async def get(self, digest: bytes, /) -> bytes | None:
        """The bytes, if they are there."""
        try:
            found = await obstore.get_async(self.bucket, digest.hex())
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise StorageAway from error

    async def delete(self, digest: bytes, /) -> None:
        """Removes the bytes, if they are there."""
        try:
            await obstore.delete_async(self.bucket, digest.hex())
        except FileNotFoundError:
            return
        except (BaseError, OSError) as error:
            raise StorageAway from error


def file_storage(settings: Settings) -> FileStorage:
    """The storage that the settings name; the data folder without."""
    if settings.files_url is not None:
        return S3Files.at(settings.files_url)
    return DiskFiles(settings.data_dir / "files")
