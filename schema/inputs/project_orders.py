"""What handing in, taking back, stopping, starting and closing projects are given."""

import strawberry

from resolvers.project_states import ProjectOrder
from schema.ids import number_of
from schema.inputs.volunteer import KEY
from schema.visibility import MANAGERS, TEAMS, input_field, input_type


@input_type(to=TEAMS, description="Project to hand in, or to take back (提交, 撤回)")
class ProjectInput:
    """A project."""

    project_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the project (项目标识)", required=True
    )
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    @property
    def number(self) -> int:
        """The project's id."""
        return number_of(self.project_id, "Project", field="input.projectId")


@input_type(to=MANAGERS, description="Project to stop, start or close, and why (停用, 启用, 结项)")
class ProjectOrderInput:
    """A project and a reason."""

    project_id: strawberry.ID = input_field(
        to=MANAGERS, description="Global id of the project (项目标识)", required=True
    )
    reason: str = input_field(to=MANAGERS, description="Reason (原因)", required=True)
    idempotency_key: str | None = input_field(to=MANAGERS, description=KEY)

    @property
    def order(self) -> ProjectOrder:
        """The project and the reason, trimmed."""
        project_id = number_of(self.project_id, "Project", field="input.projectId")
        return ProjectOrder(project_id=project_id, reason=self.reason.strip())
