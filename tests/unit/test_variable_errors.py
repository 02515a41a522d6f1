"""Errors about variables say where and why, and never what was given."""

from typing import Any

import pytest
from graphql import build_schema, parse
from graphql.execution.values import get_variable_values

from gateway.variable_errors import without_values

SCHEMA = build_schema(
    """
    enum Sex { MALE FEMALE }
    input Person { name: String! sex: Sex born: Int ok: Boolean tags: [String!] of: Person }
    type Query { a(person: Person!): Int }
    """
)
SECRET = "500112199001010017"
AT = "Variable '$p' has invalid value"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (SECRET, f"{AT}: Expected value of type 'Person' to be an object."),
        ({"name": 5}, f"{AT} at .name: String cannot represent a non string value."),
        ({"name": {"a": SECRET}}, f"{AT} at .name: String cannot represent a non string value."),
        (
            {"name": "x", "sex": SECRET},
            f"{AT} at .sex: This value does not exist in 'Sex' enum.",
        ),
        (
            {"name": "x", "sex": "MAL"},
            (
                f"{AT} at .sex: This value does not exist in 'Sex' enum."
                " Did you mean the enum value 'MALE'?"
            ),
        ),
        (
            {"name": "x", "sex": f"a' does not exist in '{SECRET}"},
            f"{AT} at .sex: This value does not exist in 'Sex' enum.",
        ),
        ({"name": "x", "born": SECRET}, f"{AT} at .born: Int cannot represent non-integer value."),
        (
            {"name": "x", "ok": SECRET},
            f"{AT} at .ok: Boolean cannot represent a non boolean value.",
        ),
        (
            {"name": SECRET, "nam": 1},
            (
                f"{AT}: Expected value of type 'Person' not to include unknown field 'nam'."
                " Did you mean 'name'?"
            ),
        ),
        (
            {"name": "x", SECRET: 1},
            f"{AT}: Expected value of type 'Person' not to include unknown field.",
        ),
        (
            {"of": {"name": SECRET}},
            f"{AT}: Expected value of type 'Person' to include required field 'name'.",
        ),
        (
            {"name": None},
            f"{AT} at .name: Expected value of non-null type 'String!' not to be None.",
        ),
        (
            {"name": "x", "tags": ["a", {SECRET: SECRET}]},
            f"{AT} at .tags[1]: String cannot represent a non string value.",
        ),
    ],
)
def test_error_says_where_and_why_and_not_what(given: Any, said: str) -> None:
    document: Any = parse("query ($p: Person!) { a(person: $p) }").definitions[0]

    found = get_variable_values(SCHEMA, document.variable_definitions, {"p": given})

    errors = found if isinstance(found, list) else getattr(found, "errors", found)
    assert isinstance(errors, list)
    told = [without_values(error.message) for error in errors]
    assert said in told
    assert not [each for each in told if SECRET in each]
