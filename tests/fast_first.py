"""Makes mutants cheap: a pytest plugin for the runs of mutmut.

The quick tests come first, for most often a pure one catches a mutant; how long each takes is what
mutmut has measured before it tries the first. And which mutant is tried is read once in a run: as
it comes, mutmut reads it from the environment at every call of a function that has mutants, which
is two thirds of what a rule costs then.
"""

import json
import os
from pathlib import Path

import pytest
from mutmut.mutation import trampoline

MEASURED = Path("mutmut-stats.json")


def pytest_configure() -> None:
    """Every run of pytest has a process and a mutant of its own, or none."""
    tried = os.environ.get("MUTANT_UNDER_TEST", "")
    trampoline.get_mutant_under_test = lambda: tried


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the order of what they take; the unmeasured stay in front, in their own order."""
    if MEASURED.exists():
        seconds = json.loads(MEASURED.read_text())["duration_by_test"]
        items.sort(key=lambda item: seconds.get(item.nodeid, 0.0))
