"""Errors to their places: located, in order, and nulls carried up to where null is allowed.

A breadth-first run meets errors in another order than graphql-core, and goes on where graphql-core
has given up an object already. What graphql-core would report is found by walking the failed
positions, and only those, depth first.
"""

from collections.abc import Sequence
from typing import Any

from graphql import FieldNode, GraphQLError, located_error

from gateway.engine.frames import Failure, Step


class _Position:
    """A position of the response that failed or has failed positions below."""

    __slots__ = ("below", "error", "nodes", "step")

    def __init__(self, step: Step) -> None:
        self.step = step
        self.below: dict[str | int, _Position] = {}
        self.error: Exception | None = None
        self.nodes: list[FieldNode] = []


def settle(
    failures: Sequence[Failure], data: dict[str, Any], prefix: Sequence[str | int]
) -> tuple[list[GraphQLError], GraphQLError | None]:
    """Null what failed within `data`; the errors to report, and the one that takes all of it."""
    root = _Position(Step("", nullable=False, order=0))
    for failure in failures:
        position = root
        for step in failure.origin.trail(failure.depth, failure.place):
            below = position.below.get(step.key)
            if below is None:
                below = position.below[step.key] = _Position(step)
            position = below
        if position.error is None:
            position.error = failure.error
            position.nodes = failure.origin.field.nodes
    errors: list[GraphQLError] = []
    return errors, _settle_below(root, data, list(prefix), errors)


def _settle_below(
    position: _Position, value: Any, path: list[str | int], errors: list[GraphQLError]
) -> GraphQLError | None:
    """The first error below that this position cannot hold."""
    for below in sorted(position.below.values(), key=lambda each: each.step.order):
        key = below.step.key
        path.append(key)
        raised = _settle_below(below, value[key], path, errors)
        if raised is None and below.error is not None:
            raised = located_error(below.error, below.nodes, list(path))
        path.pop()
        if raised is None:
            continue
        if not below.step.nullable:
            return raised
        errors.append(raised)
        value[key] = None
    return None
