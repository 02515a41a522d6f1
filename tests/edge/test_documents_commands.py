"""The commands `documents …` and `partners …`, as an operator types them."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gateway.cli import REFUSED, app
from tests.api.people_world import prepare_people
from tests.servers import Databases

NAME = "query Name($c: String!) { region(code: $c) { name } }"
TEAMS = "query Teams($n: Int) { teams(first: $n) { nodes { name region { name } } } }"
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    made = databases.clone("people", prepare_people)
    yield made
    databases.drop(made)


@pytest.fixture
def run(url: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on the station of the tests; a refusal is told as the program tells it."""
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "400")

    def invoke(*arguments: str, refused: str | None = None) -> Result:
        result = CliRunner().invoke(app, list(arguments))
        if refused is None:
            assert result.exit_code == 0, (result.output, result.exception)
        else:
            assert isinstance(result.exception, REFUSED), result.output
            assert refused in str(result.exception)
        return result

    return invoke


def folder(path: Path, *texts: str) -> str:
    path.mkdir()
    for number, text in enumerate(texts):
        (path / f"{number}.graphql").write_text(text)
    return str(path)


def test_operator_registers_lists_shows_and_retires(run: Run, tmp_path: Path) -> None:
    documents = folder(tmp_path / "page", NAME, TEAMS)
    variables = tmp_path / "variables.json"
    variables.write_text(json.dumps({"Teams": {"n": 5}, "Name": {"c": "500112"}}))

    dry = run(
        "documents", "register", documents, "--client", "web", "--role", "PUBLIC", "--dry-run"
    )
    assert "checked" in dry.stdout
    run("documents", "register", documents, "--client", "web", refused="Say with --role")
    first = run(
        *("documents", "register", documents, "--client", "web", "--role", "public"),
        *("--variables", str(variables)),
    )
    again = run("documents", "register", documents, "--client", "web")
    listed = run("documents", "list", "--client", "web")

    row = next(line for line in first.stdout.splitlines() if "Teams" in line)
    cells = [cell.strip() for cell in row.strip("│┃ ").split("│")]
    assert cells[:3] == ["Teams", "query", "PUBLIC"]
    assert cells[3:7] == ["61", "301", "1", "new"]
    assert "2 documents are new, 0 came back, 0 were registered." in first.stderr
    assert "0 documents are new, 0 came back, 2 were registered." in again.stderr
    document_id = cells[7]
    assert document_id in listed.stdout

    assert TEAMS in run("documents", "show", document_id, "--client", "web").stdout
    run("documents", "mode", "safelist", "--client", "web")
    run("documents", "sunset", document_id, "--client", "web", "--on", "2030-01-31")
    assert "2030-01-31" in run("documents", "list").stdout
    run("documents", "retire", document_id[:20], "--client", "web")
    assert document_id not in run("documents", "list").stdout
    run("documents", "retire", document_id, "--client", "web", refused="no document")
    assert "registered documents are valid" in run("documents", "check").stderr
    assert "day" in run("documents", "usage", "--client", "web").stdout


def test_queries_of_a_role_are_tried_as_an_account_that_has_it(run: Run, tmp_path: Path) -> None:
    documents = folder(tmp_path / "own", "query Own { viewer { volunteer { name } } }")
    variables = tmp_path / "variables.json"
    variables.write_text(json.dumps({"Own": {}}))
    register = (
        *("documents", "register", documents, "--client", "app", "--role", "VOLUNTEER"),
        *("--variables", str(variables)),
    )

    untried = run(*register, "--dry-run")
    tried = run(*register, "--dry-run", "--account", "li")
    run(*register, "--account", "nobody", refused="There is no account nobody.")
    run(*register, "--account", "mca_yubei", refused="has the role DEPARTMENT")
    run(*register, "--account", "li", "--acting-as", "team:T001", refused="")

    assert "name an account with --account" in untried.stderr
    row = next(line for line in tried.stdout.splitlines() if "Own" in line)
    assert [cell.strip() for cell in row.strip("│┃ ").split("│")][5:7] == ["1", "checked"]


def test_check_of_the_pages_needs_no_station(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")

    assert "our own pages are valid" in run("documents", "check", "--pages").stderr


def test_operator_makes_a_partner_changes_its_key_and_stops_it(run: Run, tmp_path: Path) -> None:
    made = run("partners", "create", "sheng", "--region", "500112", "--contact", "甲")
    run("partners", "create", "sheng", "--region", "500112", "--contact", "甲", refused="name")
    run("partners", "create", "xian", "--region", "999999", "--contact", "甲", refused="region")
    newer = run("partners", "issue-key", "sheng", "--days", "90")
    documents = folder(tmp_path / "partner", TEAMS)
    registered = run("documents", "register", documents, "--client", "sheng")
    shown = run("partners", "show", "sheng")

    keys = [made.stdout.strip(), newer.stdout.strip()]
    assert all(key.startswith("vgk_") for key in keys)
    assert all(key[-4:] in shown.stdout for key in keys)
    assert "PARTNER" in registered.stdout
    rows = [line for line in shown.stdout.splitlines() if keys[0][-4:] in line]
    run("partners", "revoke-key", rows[0].strip("│ ").split("│")[0].strip())
    run("partners", "suspend", "sheng")
    assert "SUSPENDED" in run("partners", "list").stdout
    run("partners", "resume", "sheng")
    run("partners", "suspend", "nobody", refused="There is no partner nobody.")
