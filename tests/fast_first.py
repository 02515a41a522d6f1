"""Runs the quick tests first: a pytest plugin for mutants, which most often a pure test catches."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tables of cases, then drawn worlds, at last what asks the database."""
    items.sort(key=_cost)


def _cost(item: pytest.Item) -> tuple[int, str]:
    if "test_scopes" in item.path.name:
        return 2, item.name
    return int(item.path.name in {"test_rule.py", "test_rules_of_offices.py"}), item.name
