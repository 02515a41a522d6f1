import re
from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, parse

EXAMPLES = Path(__file__).parents[2] / "gateway/web/examples"
FILES = sorted(EXAMPLES.iterdir())
ROLES = {"public", "volunteer", "team", "hub", "department", "partner"}


def test_every_role_has_an_example() -> None:
    assert {path.name.partition("-")[0] for path in FILES} == ROLES


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_example_has_both_titles_and_one_named_operation(path: Path) -> None:
    text = path.read_text("utf-8")

    assert re.match(r"# zh: .*[\u4e00-\u9fff].*\n# en: [ -~]+\n\n[^#\s]", text)
    operations = [
        node for node in parse(text).definitions if isinstance(node, OperationDefinitionNode)
    ]
    assert [bool(operation.name) for operation in operations] == [True]
