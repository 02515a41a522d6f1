"""The plans of a schema, found by the operation that they are for."""

from collections import OrderedDict

from graphql import FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode

from gateway.engine.plan import Plan

KEY = "breadth-first-plans"
MOST_PLANS = 256


class Plans:
    """Plans of the operations that a schema was last asked for.

    They are found by the identity of the parsed operation: whoever caches documents has them
    planned once.
    """

    def __init__(self, most: int = MOST_PLANS) -> None:
        self._most = most
        self._plans: OrderedDict[int, Plan] = OrderedDict()

    def plan(
        self, operation: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]
    ) -> Plan:
        """The plan of an operation, made now if it is new."""
        known = self._plans.get(id(operation))
        if known is not None and known.operation is operation:
            self._plans.move_to_end(id(operation))
            return known
        made = self._plans[id(operation)] = Plan(operation, fragments)
        if len(self._plans) > self._most:
            self._plans.popitem(last=False)
        return made


def plans_of(schema: GraphQLSchema) -> Plans:
    """The plans kept with a schema."""
    kept: Plans = schema.extensions.setdefault(KEY, Plans())
    return kept
