"""The engine as the execution context of a Strawberry schema.

    strawberry.Schema(Query, execution_context_class=BreadthFirstExecutionContext)

What it does not know goes to the parent class: a mutation's root fields, a subscription's source
stream, `@defer` and `@stream`, introspection, resolver middleware, abort signals.
"""

from collections.abc import Sequence
from typing import Any

from graphql import GraphQLObjectType
from graphql.execution.collect_fields import GroupedFieldSet
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from gateway.engine.plan import Plan
from gateway.engine.plans import plans_of
from gateway.engine.run import Answer, Run, Statistics


class BreadthFirstExecutionContext(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's execution context, going level by level where it can."""

    deadline: float | None = None
    """When, by `time.monotonic()`, to give up between two levels."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.statistics = Statistics()
        self._plan: Plan | None = None

    def use(self, plan: Plan) -> None:
        """Take a plan made before instead of looking for one."""
        self._plan = plan

    def forget(self) -> None:
        """Let go of the request when it is done.

        An executor refers to itself through its helpers: what it holds would wait for the garbage
        collector, and looking through all rows of a large answer costs as much as reading them.
        """
        self.context_value = self.root_value = None

    def execute_collected_root_fields(
        self,
        root_type: GraphQLObjectType,
        root_value: Any,
        grouped_field_set: GroupedFieldSet,
        serially: bool,
        new_defer_usages: Sequence[Any],
    ) -> Any:
        plan = None if serially or new_defer_usages else self._plan_if_ours()
        if plan is None:
            return super().execute_collected_root_fields(
                root_type, root_value, grouped_field_set, serially, new_defer_usages
            )
        return self._run(plan, root_type, root_value, grouped_field_set, None)

    def execute_collected_subfields(  # noqa: PLR0917  # graphql-core's signature
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path,
        grouped_field_set: GroupedFieldSet,
        new_defer_usages: Sequence[Any],
        delivery_group_map: Any,
    ) -> Any:
        """What a mutation's root field returned; all else below a root is within a run."""
        plan = None if new_defer_usages or delivery_group_map else self._plan_if_ours()
        if plan is None:
            return super().execute_collected_subfields(
                parent_type,
                source_value,
                path,
                grouped_field_set,
                new_defer_usages,
                delivery_group_map,
            )
        return self._run(plan, parent_type, source_value, grouped_field_set, path)

    def _run(
        self,
        plan: Plan,
        object_type: GraphQLObjectType,
        source: Any,
        grouped: GroupedFieldSet,
        path: Path | None,
    ) -> Answer:
        run = Run(self, plan, statistics=self.statistics, deadline=self.deadline)
        selection = plan.selection(self, object_type, grouped)
        return run.execute(selection, source, path, self.collected_errors.errors.append)

    def _plan_if_ours(self) -> Plan | None:
        middleware = self.middleware_manager
        if self.abort_signal is not None or (middleware is not None and middleware.middlewares):
            return None
        if self._plan is None:
            self._plan = plans_of(self.schema).plan(self.operation, self.fragment_definitions)
        return self._plan if self._plan.supported else None
