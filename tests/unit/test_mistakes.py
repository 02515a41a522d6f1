"""What a document with mistakes is told: what was meant, while that is cheap to find."""

import pytest

from gateway.documents import MOST_SUGGESTED_FOR, DocumentRefused, Documents
from gateway.settings import Settings
from permissions.viewer import Role
from schema.build import build_schema


@pytest.fixture(scope="module")
def documents() -> Documents:
    return Documents({Role.PUBLIC: build_schema(Role.PUBLIC)}, Settings().limits)


def told(documents: Documents, mistakes: int) -> list[str]:
    spreads = " ".join(["... on Reginn { name }"] * mistakes)
    with pytest.raises(DocumentRefused) as refused:
        documents.prepare(Role.PUBLIC, f'{{ node(id: "x") {{ {spreads} }} }}', introspection=False)
    return [each.message for each in refused.value.errors]


def test_few_mistakes_are_told_with_what_was_meant(documents: Documents) -> None:
    assert (
        told(documents, MOST_SUGGESTED_FOR)
        == ["Unknown type 'Reginn'. Did you mean 'Region'?"] * MOST_SUGGESTED_FOR
    )


def test_many_mistakes_are_told_without_searching_what_was_meant(documents: Documents) -> None:
    assert told(documents, MOST_SUGGESTED_FOR + 1) == ["Unknown type 'Reginn'."] * (
        MOST_SUGGESTED_FOR + 1
    )
