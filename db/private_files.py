"""Files and folders of the data folder that only their owner reads."""

import os
from pathlib import Path


def write_private(path: Path, text: str, *, owner: tuple[int, int] | None = None) -> None:
    """Writes a file that only its owner (uid, gid; else we) reads, whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 -- a descriptor, not a path
        file.write(text)
        if owner:
            os.fchown(descriptor, *owner)
        file.flush()
        os.fsync(descriptor)
    part.replace(path)


def passable_mode() -> int:
    """The mode of folders that servers pass through, as root under another account."""
    return 0o711 if os.geteuid() == 0 else 0o700


def make_folder(path: Path, mode: int) -> None:
    """Makes the folder, and those above it that are missing; leaves existing ones as they are."""
    if path.is_dir():
        return
    make_folder(path.parent, passable_mode())
    path.mkdir(exist_ok=True)
    path.chmod(mode)
