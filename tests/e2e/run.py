"""The script behind `make e2e`: brings a browser, the pages and a gateway, and runs the tests."""
# ruff: noqa: S603, S607, T201 — a command line that starts the machine's own programs

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from gateway.web import build

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SCREENSHOTS = ROOT / "build" / "e2e"

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
START_SECONDS = 180  # from nothing: servers, migrations, the seed
STOP_SECONDS = 30


class NotReadyError(Exception):
    """What the tests lack, as a sentence for people."""


def find_browser() -> str:
    """The path of a Chromium; Debian's is installed where there is none."""
    if not (found := on_path(BROWSERS)):
        apt_install("chromium", lacking="a Chromium browser", variable="CHROMIUM")
        found = on_path(BROWSERS)
    if not found:
        raise NotReadyError("Debian's package chromium brought no program of that name.")
    return found


def require_chinese_font() -> None:
    """Chinese letters must have a shape, or the pictures show boxes."""
    listed = subprocess.run(
        ["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False
    )
    if not listed.stdout.strip():
        apt_install("fonts-wqy-zenhei", lacking="a font with Chinese letters", variable=None)


def on_path(names: Sequence[str]) -> str | None:
    """The browser that the environment names, else the first of the names on the PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def apt_install(package: str, *, lacking: str, variable: str | None) -> None:
    """Install a Debian package, or say what to do where that is not ours to do."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        instead = f", or name one by {variable}" if variable else ""
        raise NotReadyError(
            f"The browser tests need {lacking}: install it (Debian: {package}){instead}."
        )
    print(f"Installing Debian's {package} …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (
        ["update", "-qq"],
        ["install", "-y", "-qq", "--no-install-recommends", package],
    ):
        done = subprocess.run(
            ["apt-get", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise NotReadyError(f"apt-get could not install {package}:\n{done.stdout}")


@contextmanager
def running_gateway() -> Iterator[str]:
    """The address of a gateway: BASE_URL if it is set, else one on a data folder of its own."""
    if given := os.environ.get("BASE_URL"):
        yield given
        return
    port = free_port()
    with TemporaryDirectory(prefix="e2e-") as folder:
        log = Path(folder) / "gateway.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [Path(sys.executable).parent / "volunteer-gateway", "serve"],
                env={**os.environ, "DATA_DIR": f"{folder}/data", "PORT": str(port)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        address = f"http://localhost:{port}"
        try:
            wait_until_ready(address, process, log)
            yield address
        finally:
            stop(process)


def free_port() -> int:
    """A port that nobody listened on a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when /readyz answers 200."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{address}/readyz", timeout=5, trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass  # not listening yet
        time.sleep(0.3)
    raise NotReadyError(f"The gateway did not become ready:\n{log.read_text('utf-8')}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the gateway as Ctrl-C does, and by force only when it does not listen."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def main() -> int:
    """Run the test files named as arguments, or all of them."""
    try:
        browser = find_browser()
        require_chinese_font()
        node = build.find_node()
        build.install(node)
        build.build()
        named = [Path(name) for name in sys.argv[1:]] or sorted(HERE.glob("*.test.mjs"))
        with running_gateway() as address:
            environment = {
                **os.environ,
                "BASE_URL": address,
                "CHROMIUM": browser,
                "PYTHON": sys.executable,
                "E2E_SCREENSHOTS": str(SCREENSHOTS),
            }
            # One file after another: two browsers at once would time each other out on two cores.
            command = ["--test", "--test-concurrency=1", "--test-reporter=spec", *map(str, named)]
            done = subprocess.run([str(node.node), *command], env=environment, check=False)
            return done.returncode
    except (NotReadyError, build.BuildError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
