"""Mutates the access rule and its SQL twin: `python -m tests.mutants [NAME ...]`.

mutmut runs the tests named in pyproject.toml for every mutant; the scopes' have their world stored
beforehand, on one server. A mutant that survives is either named in `mutants.yaml`, with the reason
why nothing can tell it from the rule, or it fails the run; so does a reason that excuses nobody.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from db.embedded.postgres import EmbeddedPostgres
from tests.access.test_scopes import prepare_scopes
from tests.servers import Databases, new_data_dir

REASONS = Path(__file__).with_name("mutants.yaml")
NOT_RUN = "not checked"
CAUGHT = {"killed", "caught by type check"}
RESULT = re.compile(r"^\s+(?P<name>\S+): (?P<status>.+)$", re.MULTILINE)
NUMBERED = re.compile(r"__mutmut_\d+$")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A mutant by what it changes: the function, the line as it was, the line as it is."""

    function: str
    was: str
    now: str


@contextmanager
def stored_world() -> Iterator[str]:
    """The url of a database that holds the world of the scopes."""
    postgres = EmbeddedPostgres(new_data_dir(), major=18, durable=False, max_connections=50)
    try:
        yield Databases(postgres.start(), run="mutants").clone("scopes", prepare_scopes)
    finally:
        postgres.stop()


def mutmut(*arguments: str) -> str:
    """What mutmut prints."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603


def survivors() -> Iterator[tuple[str, Mutant]]:
    """The mutants that no test caught, by name."""
    for found in RESULT.finditer(mutmut("results")):
        if found["status"] not in CAUGHT | {NOT_RUN}:
            yield f"{found['name']} ({found['status']})", described(found["name"])


def described(name: str) -> Mutant:
    """What a mutant changes."""
    lines = mutmut("show", name).splitlines()
    was = [line[1:] for line in lines if line.startswith("-") and not line.startswith("---")]
    now = [line[1:] for line in lines if line.startswith("+") and not line.startswith("+++")]
    return Mutant(NUMBERED.sub("", name), _one_line(was), _one_line(now))


def _one_line(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


def excused() -> dict[Mutant, str]:
    """The mutants that are the rule in other words, each with the reason."""
    told = yaml.safe_load(REASONS.read_text()) or []
    return {Mutant(each["function"], each["was"], each["now"]): each["why"] for each in told}


def main() -> int:
    """Runs mutmut and judges what survived."""
    children = os.environ.get("MUTANTS_CHILDREN", "2")
    with stored_world() as url:
        environment = {
            **os.environ,
            "HYPOTHESIS_PROFILE": "mutants",
            "MUTANTS_DATABASE_URL": url,
        }
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", children, *sys.argv[1:]]
        subprocess.run(command, check=True, env=environment)  # noqa: S603
    reasons = excused()
    unexplained = 0
    for name, mutant in survivors():
        if reasons.pop(mutant, None) is None:
            unexplained += 1
            print(f"{name}\n  was: {mutant.was}\n  now: {mutant.now}")  # noqa: T201
    if len(sys.argv) > 1:  # the others were not run
        reasons = {}
    for mutant in reasons:
        print(f"caught, or gone, though excused: {mutant}")  # noqa: T201
    return 1 if unexplained or reasons else 0


if __name__ == "__main__":
    sys.exit(main())
