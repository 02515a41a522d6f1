"""The command `redistrict`, from its arguments to what an operator reads."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from db.redistricting.file import RedistrictingRefused
from db.seed.run import DATA
from gateway.cli import app
from gateway.redistricting import DayToCome
from tests.db.test_seed import prepare
from tests.servers import Databases, new_data_dir

FILE = DATA / "chongqing_rehang_2025.csv"


@pytest.fixture
def command(
    databases: Databases, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CliRunner]:
    """Runs commands against a seeded station."""
    url = databases.clone("seeded_for_its_tests", prepare)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    data_dir = new_data_dir()
    monkeypatch.setenv("DATA_DIR", str(data_dir))
    yield CliRunner()
    shutil.rmtree(data_dir)
    databases.drop(url)


def redistrict(command: CliRunner, *arguments: object) -> Result:
    return command.invoke(app, ["redistrict", *map(str, arguments)])


def test_rehearsal_then_the_act_then_nothing_is_left(command: CliRunner) -> None:
    rehearsed = redistrict(command, FILE, "--dry-run")
    done = redistrict(command, FILE, "--effective-on", "2025-12-01", "--document", "渝府发1号")
    again = redistrict(command, FILE)

    assert "nothing was changed" in rehearsed.stderr
    assert "It is done." in done.stderr
    assert again.stdout == "Nothing is left to do: all 47 towns stand where the file has them.\n"
    for report in (rehearsed.stdout, done.stdout):
        rows = [line.split() for line in report.splitlines() if "志愿者协会" in line]
        assert [row[:1] + [cell for cell in row if cell[0] in "+-"] for row in rows] == [
            ["江北区志愿者协会", "-12"],
            ["北碚区志愿者协会", "-5", "+5"],
            ["渝北区志愿者协会", "-30"],
            ["两江新区志愿者协会", "+42"],
        ]


def test_bad_line_and_a_day_to_come_are_refused_in_words(
    command: CliRunner, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.csv"
    lines = FILE.read_text(encoding="utf-8").splitlines()
    bad.write_text("\n".join([*lines[:30], lines[30].replace("街道", "镇街")]), encoding="utf-8")

    faulty = redistrict(command, bad)
    early = redistrict(command, FILE, "--effective-on", "2999-01-01")

    assert isinstance(faulty.exception, RedistrictingRefused)
    assert str(faulty.exception).startswith("line 31: 500112017000 is 双凤桥街道, not 双凤桥镇街")
    assert isinstance(early.exception, DayToCome)
    assert "Nothing is left" not in redistrict(command, FILE, "--dry-run").stdout
