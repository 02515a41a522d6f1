"""The plan of a document: everything that can be known of an operation before a request."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    Undefined,
    VariableNode,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import GroupedFieldSet
from graphql.type.directives import GraphQLDisableErrorPropagationDirective

from gateway.engine.field_plan import Reach, SelectionPlan, plan_selection, written_arguments

SWITCHES = frozenset({"skip", "include"})
NOT_OURS = frozenset({"defer", "stream", GraphQLDisableErrorPropagationDirective.name})
META_FIELDS = frozenset({"__schema", "__type"})
MOST_VARIANTS = 64
"""Settings of `@skip` and `@include` variables whose selections are kept."""


class Plan:
    """One operation of a document, compiled piece by piece as requests reach its parts.

    A plan may be kept as long as the schema and used by any number of requests at once.
    """

    def __init__(
        self,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDefinitionNode],
        document: DocumentNode | None = None,
    ) -> None:
        self.operation = operation
        self.fragments = fragments
        self.document = document
        self._reach: dict[int, Reach] = {}
        self._variants: dict[tuple[Any, ...], dict[Any, SelectionPlan]] = {}
        scan = _Scan((operation, *fragments.values()))
        self._switches = tuple(sorted(scan.switches))
        self.supported = not scan.not_ours
        """Whether all of the document is execution as the engine knows it."""

    def selection(
        self, executor: Executor[Any], object_type: GraphQLObjectType, grouped: GroupedFieldSet
    ) -> SelectionPlan:
        """The plan of a collected selection: of the root, or of a mutation's payload."""
        coerced = executor.variable_values.coerced
        setting = tuple(coerced.get(name, Undefined) for name in self._switches)
        variant = self._variants.get(setting)
        if variant is None:
            if len(self._variants) >= MOST_VARIANTS:
                self._variants.pop(next(iter(self._variants)))
            variant = self._variants[setting] = {}
        nodes = (id(each.node) for details in grouped.values() for each in details)
        key = (object_type, *nodes)
        known = variant.get(key)
        if known is None:
            known = plan_selection(executor, object_type, grouped, self.reach_of)
            variant[key] = known
        return known

    def reach_of(self, nodes: Sequence[FieldNode]) -> Reach:
        """The fields that may be asked for below, on whatever types and switches."""
        sets = [node.selection_set for node in nodes if node.selection_set]
        return frozenset[tuple[str, str]]().union(*map(self._reach_of_set, sets))

    def _reach_of_set(self, selections: SelectionSetNode) -> Reach:
        known = self._reach.get(id(selections))
        if known is not None:
            return known
        self._reach[id(selections)] = frozenset()  # a fragment within itself adds nothing
        found: set[tuple[str, str]] = set()
        for selection in selections.selections:
            if isinstance(selection, FieldNode):
                found.add((selection.name.value, written_arguments(selection)))
                inner = selection.selection_set
            elif isinstance(selection, FragmentSpreadNode):
                fragment = self.fragments.get(selection.name.value)
                inner = None if fragment is None else fragment.selection_set
            else:
                inner = getattr(selection, "selection_set", None)
            if inner is not None:
                found |= self._reach_of_set(inner)
        reach = self._reach[id(selections)] = frozenset(found)
        return reach


class _Scan:
    """What of a document decides who executes it, and by which variables."""

    def __init__(self, definitions: Iterable[Node]) -> None:
        self.switches: set[str] = set()
        self.not_ours = False
        for definition in definitions:
            if isinstance(definition, FragmentDefinitionNode) and definition.variable_definitions:
                self.not_ours = True
            for node in _nodes(definition):
                self._look(node)

    def _look(self, node: Node) -> None:
        if isinstance(node, FieldNode) and node.name.value in META_FIELDS:
            self.not_ours = True
        for directive in getattr(node, "directives", None) or ():
            name = directive.name.value
            if name in NOT_OURS:
                self.not_ours = True
            elif name in SWITCHES:
                values = (argument.value for argument in directive.arguments)
                self.switches.update(v.name.value for v in values if isinstance(v, VariableNode))


def _nodes(definition: Node) -> Iterator[Node]:
    """The definition and all selections in it."""
    open_nodes = [definition]
    while open_nodes:
        node = open_nodes.pop()
        yield node
        selections = getattr(node, "selection_set", None)
        if selections is not None:
            open_nodes.extend(selections.selections)
