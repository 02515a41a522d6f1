"""What a document may be, found out in one pass over it, whatever its fragments multiply to."""

from collections.abc import Mapping
from typing import cast

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from permissions.errors import LimitExceeded


def require_depth(document: DocumentNode, most: int) -> None:
    """Fails if an operation nests fields deeper than it may.

    A fragment is measured once and remembered, so the work is linear in the document's size.
    Cyclic and unknown fragments are for validation to refuse.

    Raises:
        LimitExceeded: it does.
    """
    fragments = {
        each.name.value: each
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    known: dict[str, int] = {}
    for each in document.definitions:
        if isinstance(each, OperationDefinitionNode):
            depth = _depth(each.selection_set, fragments, known, frozenset())
            if depth > most:
                raise LimitExceeded("depth", f"The document is nested deeper than {most} fields.")


def _depth(
    selections: SelectionSetNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    known: dict[str, int],
    within: frozenset[str],
) -> int:
    deepest = 0
    for each in selections.selections:
        if isinstance(each, FieldNode):
            below = each.selection_set
            depth = 1 + (_depth(below, fragments, known, within) if below else 0)
        elif isinstance(each, FragmentSpreadNode):
            depth = _fragment_depth(each.name.value, fragments, known, within)
        else:
            depth = _depth(cast("InlineFragmentNode", each).selection_set, fragments, known, within)
        deepest = max(deepest, depth)
    return deepest


def _fragment_depth(
    name: str,
    fragments: Mapping[str, FragmentDefinitionNode],
    known: dict[str, int],
    within: frozenset[str],
) -> int:
    if name in within or name not in fragments:
        return 0
    if name not in known:
        inside = within | {name}
        known[name] = _depth(fragments[name].selection_set, fragments, known, inside)
    return known[name]
