"""One schema per role, from one set of classes."""

from collections.abc import Iterable, Mapping
from typing import Any

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

import schema.enums  # noqa: F401 - gives the stored enums their descriptions
from permissions.viewer import Role
from schema.mutation import Mutation
from schema.query import Query
from schema.types.project import Post, Project, SignUp
from schema.types.record import Certificate, ServiceRecord
from schema.types.region import Region, Station
from schema.types.review import Review
from schema.types.team import Team
from schema.types.volunteer import Membership, Volunteer
from schema.visibility import AUDIENCE

# What only the interface Node leads to.
NODES = (
    Region,
    Station,
    Team,
    Volunteer,
    Membership,
    Project,
    Post,
    SignUp,
    ServiceRecord,
    Certificate,
    Review,
)


class AudienceMissing(Exception):
    """A member of the schema does not say to whom it exists."""


class RoleSchema(strawberry.Schema):
    """The schema of one role; what the role may not see is not in it."""

    def __init__(self, role: Role, **options: Any) -> None:
        self.role = role
        super().__init__(**options)

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        """The fields that exist for the role.

        Raises:
            AudienceMissing: a field or type states no audience.
        """
        return [
            field
            for field in super().get_fields(type_definition)
            if self.role in audience_of(type_definition, field)
        ]


def audience_of(
    type_definition: StrawberryObjectDefinition, field: StrawberryField
) -> frozenset[Role]:
    """To whom a field exists: to whom it says, as far as its type does."""
    own = getattr(type_definition.origin, "__audience__", None)
    stated = field.metadata.get(AUDIENCE)
    if own is None or stated is None:
        raise AudienceMissing(f"{type_definition.name}.{field.python_name} states no audience.")
    return frozenset(own & stated)


def build_schema(role: Role, *, extra: Iterable[type] = ()) -> RoleSchema:
    """The schema of a role."""
    types = [each for each in (*NODES, *extra) if role in each.__audience__]  # type: ignore[attr-defined]
    return RoleSchema(
        role,
        query=Query,
        mutation=Mutation,
        types=types,
        config=StrawberryConfig(enable_experimental_incremental_execution=False),
    )


def build_schemas() -> Mapping[Role, RoleSchema]:
    """The schemas of all roles."""
    return {role: build_schema(role) for role in Role}
