"""The data folder, held by one station at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db.private_files import make_folder, passable_mode


class DataFolderInUse(Exception):
    """Another station holds the folder; the message says which process."""


@contextmanager
def hold(folder: Path, *, alone: bool) -> Iterator[None]:
    """Holds the folder, made if missing, until the block ends or the process dies in any way.

    Stations with servers of their own need it alone; those on named servers may share it.
    """
    make_folder(folder, passable_mode())
    # Not inherited by children, so that the lock ends with us and not with the last of them.
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 20).decode(errors="replace").strip() or "unknown"
            raise DataFolderInUse(
                f"Another station (process {holder}) runs on the data in {folder};"
                " stop it, or set DATA_DIR to another folder."
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
