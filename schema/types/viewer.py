"""Who asks, as the client is told."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from db.queries.entities import REGION, TEAM, VOLUNTEER
from permissions.viewer import Role, Viewer
from schema.info import Info
from schema.references import referred
from schema.types.notification import notifications
from schema.types.own_data import consents, corrections
from schema.types.region import Region
from schema.types.team import Team
from schema.types.volunteer import Volunteer
from schema.visibility import EVERYONE, PERSONS, attribute, batched, enum_type, object_type

enum_type(to=EVERYONE, description="Role that a schema is made for (角色)")(Role)


class Held(NamedTuple):
    """A capacity that an account holds."""

    key: str
    label: str
    role: Role


def capacity_of(viewer: Viewer) -> Held:
    """The capacity of a viewer, as ``X-Acting-As`` names it and as people read it."""
    if viewer.team is not None:
        label = viewer.team.name
    elif viewer.department is not None:
        label = f"{viewer.department.region_name}民政部门"
    elif viewer.volunteer_id is not None:
        label = "志愿者"
    else:
        label = viewer.display_name or "访客"
    return Held(viewer.capacity, label, viewer.role)


@object_type(to=EVERYONE, description="Capacity that an account holds (身份)")
class Capacity:
    """A capacity; the objects are ``Held``."""

    key: str = attribute(to=EVERYONE, description="Value of the header X-Acting-As (身份标识)")
    label: str = attribute(to=EVERYONE, description="Name of the capacity (身份名称)")
    role: Role = attribute(to=EVERYONE, description="Role, and so the schema (角色)")


@object_type(to=EVERYONE, description="Who asks, in one capacity (当前访问者)", name="Viewer")
class ViewerType:
    """Who asks; the object is a ``Viewer``."""

    role: Role = attribute(to=EVERYONE, description="Role of this request (角色)")
    display_name: str | None = attribute(to=EVERYONE, description="Name of the account (显示名)")

    @batched(Capacity, to=EVERYONE, description="Capacity of this request (当前身份)")
    @staticmethod
    def acting_as(parents: Sequence[Viewer]) -> list[Held]:
        return [capacity_of(viewer) for viewer in parents]

    @batched(
        list[Capacity],
        to=PERSONS,
        description="Capacities that the account can choose here (可用身份)",
    )
    @staticmethod
    def capacities(parents: Sequence[Viewer], info: Info) -> list[list[Held]]:
        held = [capacity_of(each) for each in info.context.capacities]
        return [held for _ in parents]

    @batched(Volunteer | None, to=PERSONS, description="The account's own volunteer (本人)")
    @staticmethod
    async def volunteer(parents: Sequence[Viewer], info: Info) -> Any:
        return await referred(info, VOLUNTEER, [viewer.volunteer_id for viewer in parents])

    notifications = notifications
    consents = consents
    corrections = corrections

    @batched(Team | None, to=PERSONS, description="Team that is acted for (所代表队伍)")
    @staticmethod
    async def team(parents: Sequence[Viewer], info: Info) -> Any:
        ids = [viewer.team.id if viewer.team is not None else None for viewer in parents]
        return await referred(info, TEAM, ids)

    @batched(Region | None, to=PERSONS, description="Region of the department (所代表部门区划)")
    @staticmethod
    async def department_region(parents: Sequence[Viewer], info: Info) -> Any:
        offices = [viewer.department for viewer in parents]
        ids = [office.region_id if office is not None else None for office in offices]
        return await referred(info, REGION, ids)
