"""What a document costs: the IBM specification's costs, as a formula over the variables.

The cost of a request is that of its fields and of the objects they give (``fieldCost`` and
``typeCost`` of the specification, added up). A list counts as often as its slicing argument says
in this very request; an input object counts where it is given. One pass over the document: each
fragment is priced once, whatever spreads it. A field asked for twice at one place is priced twice,
so the price is never too low.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInputType,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    is_abstract_type,
    is_object_type,
    value_from_ast_untyped,
)

from gateway.cost_rules import CostRules, FieldRule, is_plumbing
from gateway.cost_values import asked_for, has_variables, length_of, variable_length
from gateway.input_costs import input_cost
from gateway.price import Formula, Term, Variables, Writing

INTROSPECTION = 10.0
META = frozenset({"__schema", "__type"})

Split: TypeAlias = tuple[Term, Term]
"""A cost that is paid once, and one that each item of the connection around pays."""

Shape: TypeAlias = frozenset[str]
NO_SHAPE: Shape = frozenset()
PAGES: Shape = frozenset({"edges", "nodes"})


class Pricing:
    """Prices documents of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._rules = CostRules(schema)

    def formula(self, document: DocumentNode, operation: OperationDefinitionNode) -> Formula:
        """The price of an operation of a valid document."""
        return _Pass(self._rules, document, operation).formula()


class _Pass:
    """The one pass over a document."""

    def __init__(
        self, rules: CostRules, document: DocumentNode, operation: OperationDefinitionNode
    ) -> None:
        self._rules = rules
        self._schema = rules.schema
        self._operation = operation
        self._fragments = {
            each.name.value: each
            for each in document.definitions
            if isinstance(each, FragmentDefinitionNode)
        }
        self._writing = Writing()
        self._priced: dict[tuple[str, Shape], Split] = {}

    def formula(self) -> Formula:
        root = self._schema.get_root_type(self._operation.operation)
        if root is None:
            raise ValueError("The schema has no such operation.")
        for fragment in _inner_first(self._operation, self._fragments):
            on = self._schema.get_type(fragment.type_condition.name.value)
            if on is None:
                continue
            for shape in (NO_SHAPE, PAGES) if is_plumbing(on) else (NO_SHAPE,):
                self._priced[fragment.name.value, shape] = self._selections(
                    fragment.selection_set, on, shape
                )
        once, each = self._selections(self._operation.selection_set, root, NO_SHAPE)
        defaults = {
            each.variable.name.value: value_from_ast_untyped(each.default_value)
            for each in self._operation.variable_definitions or ()
            if each.default_value is not None
        }
        return self._writing.done(self._writing.total((once, each)), defaults)

    def _selections(
        self, selections: SelectionSetNode, parent: GraphQLNamedType, shape: Shape
    ) -> Split:
        """The cost of a selection; of an abstract type, that of the most expensive object."""
        common: list[Split] = []
        alone: dict[str, list[Split]] = {}
        for each in selections.selections:
            cost = self._selection(each, parent, shape)
            kind = self._condition(each)
            if is_abstract_type(parent) and kind is not None and is_object_type(kind):
                alone.setdefault(kind.name, []).append(cost)
            else:
                common.append(cost)
        if alone:
            sums = [self._sum(costs) for costs in alone.values()]
            greatest = self._writing.greatest
            common.append((greatest(once for once, _ in sums), greatest(per for _, per in sums)))
        return self._sum(common)

    def _sum(self, costs: Sequence[Split]) -> Split:
        total = self._writing.total
        return total(once for once, _ in costs), total(per for _, per in costs)

    def _condition(self, node: SelectionNode) -> GraphQLNamedType | None:
        if isinstance(node, FragmentSpreadNode):
            fragment = self._fragments.get(node.name.value)
            name = fragment.type_condition.name.value if fragment else None
        elif isinstance(node, InlineFragmentNode) and node.type_condition is not None:
            name = node.type_condition.name.value
        else:
            name = None
        return None if name is None else self._schema.get_type(name)

    def _selection(self, node: SelectionNode, parent: GraphQLNamedType, shape: Shape) -> Split:
        asked = asked_for(node.directives or ())
        if asked is False:
            return 0.0, 0.0
        if isinstance(node, FieldNode):
            cost = self._field(node, parent, shape)
        elif isinstance(node, FragmentSpreadNode):
            cost = self._spread(node.name.value, shape)
        elif isinstance(node, InlineFragmentNode):
            cost = self._selections(node.selection_set, self._condition(node) or parent, shape)
        else:
            raise TypeError(node)
        if asked is True:
            return cost
        return self._writing.when(asked, cost[0]), self._writing.when(asked, cost[1])

    def _spread(self, name: str, shape: Shape) -> Split:
        """A fragment's cost; of its shape inside a connection there are one or two, at most."""
        known = self._priced.get((name, shape))
        if known is not None:
            return known
        fragment = self._fragments.get(name)
        on = self._schema.get_type(fragment.type_condition.name.value) if fragment else None
        if fragment is None or on is None:
            return 0.0, 0.0
        self._priced[name, shape] = (0.0, 0.0)
        made = self._priced[name, shape] = self._selections(fragment.selection_set, on, shape)
        return made

    def _field(self, node: FieldNode, parent: GraphQLNamedType, shape: Shape) -> Split:
        name = node.name.value
        if name in META:
            return INTROSPECTION, 0.0
        field = self._schema.get_field(parent, name)  # type: ignore[arg-type]
        if field is None or name == "__typename":
            return 0.0, 0.0
        rule, writing = self._rules.of(field, parent), self._writing
        given = {each.name.value: each.value for each in node.arguments or ()}
        own = writing.total(
            (
                rule.weight,
                *(weight for name, weight in rule.arguments.items() if name in given),
                *(
                    self._input(of, given[name])
                    for name, of in rule.inputs.items()
                    if name in given
                ),
            )
        )
        once: Term = 0.0
        per: Term = 0.0
        if node.selection_set is not None:
            once, per = self._selections(node.selection_set, rule.named_type, rule.sized)
        below = writing.total((rule.type_weight, once))
        if rule.sized:
            size = self._size(rule, field.args, given)
            return writing.total((own, below, writing.times(size, per))), 0.0
        below = writing.total((below, per))
        if name in shape:
            return own, below
        if rule.assumed is not None:
            below = writing.times(self._size(rule, field.args, given), below)
        return writing.total((own, below)), 0.0

    def _input(self, of: GraphQLInputType, value: ValueNode) -> Term:
        """What an argument's value costs, with the variables of each request."""
        if not has_variables(value):
            return input_cost(of, value_from_ast_untyped(value))
        return self._writing.step(
            lambda _, variables: input_cost(of, value_from_ast_untyped(value, dict(variables)))
        )

    def _size(
        self, rule: FieldRule, arguments: Mapping[str, Any], given: Mapping[str, ValueNode]
    ) -> Term:
        """How many items a list has: as many as its slicing arguments say, else as assumed."""
        assumed = float(rule.assumed or 0)
        written: list[Callable[[Variables], float | None]] = []
        literal: list[float] = []
        for name in rule.slicing:
            node = given.get(name)
            if node is None:
                stated = length_of(arguments[name].default_value) if name in arguments else None
                literal.extend(() if stated is None else (stated,))
            elif isinstance(node, VariableNode):
                written.append(variable_length(node.name.value))
            elif isinstance(node, ListValueNode):
                literal.append(float(len(node.values)))
            elif not isinstance(node, NullValueNode):
                stated = length_of(value_from_ast_untyped(node))
                literal.extend(() if stated is None else (stated,))
        if not written:
            return max(literal, default=assumed)

        def size(_values: list[float], variables: Variables) -> float:
            sizes = [*literal, *(each for of in written if (each := of(variables)) is not None)]
            return max(sizes, default=assumed)

        return self._writing.step(size)


def _inner_first(
    operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterator[FragmentDefinitionNode]:
    """The fragments that an operation reaches, each after those within it, without recursion."""
    done: set[str] = set()
    todo: list[tuple[str, bool]] = [(name, False) for name in _spreads(operation)]
    while todo:
        name, inner_are_done = todo.pop()
        fragment = fragments.get(name)
        if fragment is None or (name in done and not inner_are_done):
            continue
        if inner_are_done:
            yield fragment
            continue
        done.add(name)
        todo.append((name, True))
        todo.extend((inner, False) for inner in _spreads(fragment) if inner not in done)


def _spreads(definition: OperationDefinitionNode | FragmentDefinitionNode) -> list[str]:
    """The names of the fragments spread in a definition itself, each once."""
    found: dict[str, None] = {}
    todo = [definition.selection_set]
    while todo:
        for each in todo.pop().selections:
            if isinstance(each, FragmentSpreadNode):
                found[each.name.value] = None
            elif (inner := getattr(each, "selection_set", None)) is not None:
                todo.append(inner)
    return list(found)
