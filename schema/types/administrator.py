"""Administrators of departments, and how their areas use the system."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from db.queries.administrator_rows import AdministratorRow
from db.queries.entities import REGION
from gateway.engine.rows import is_instance_of
from permissions.viewer import Role
from resolvers.administrators.use import DAYS, AreaUse
from resolvers.metrics import Metric
from schema.hours import hours as in_hours
from schema.ids import id_field
from schema.info import Info
from schema.pagination import connection_of, lazy_type
from schema.references import referred
from schema.types.node import Node
from schema.visibility import attribute, batched, object_type

DEPARTMENTS = frozenset({Role.DEPARTMENT})

Region = lazy_type("Region", "schema.types.region")


@object_type(to=DEPARTMENTS, description="Administrator of a department (系统管理员)")
class Administrator(Node):
    """Somebody who acts for a department; the objects are ``AdministratorRow``."""

    is_type_of = staticmethod(is_instance_of(AdministratorRow))

    id = id_field("Administrator")
    username: str = attribute(to=DEPARTMENTS, description="Username (用户名)")
    title: str | None = attribute(to=DEPARTMENTS, description="Title (职务)")
    last_signed_in_at: datetime | None = attribute(
        to=DEPARTMENTS, description="When they last signed in, none if never (最近登录时间)"
    )

    reminded_at: datetime | None = attribute(
        to=DEPARTMENTS, description="When they were last reminded to sign in (最近督促时间)"
    )

    @batched(str, to=DEPARTMENTS, description="Name of the person (姓名)", needs=("display_name",))
    @staticmethod
    def name(parents: Sequence[AdministratorRow]) -> list[str]:
        return [row.display_name for row in parents]

    @batched(
        Region,
        to=DEPARTMENTS,
        description="Region of the department (所属区划)",
        needs=("region_id",),
    )
    @staticmethod
    async def region(parents: Sequence[AdministratorRow], info: Info) -> Any:
        return await referred(info, REGION, [row.region_id for row in parents])

    @batched(
        datetime,
        to=DEPARTMENTS,
        description="When the account was passed on (下发时间)",
        needs=("granted_at",),
    )
    @staticmethod
    def issued_at(parents: Sequence[AdministratorRow]) -> list[datetime]:
        return [row.granted_at for row in parents]

    @batched(
        str | None,
        to=DEPARTMENTS,
        description="Name of who passed it on, none if it came with the system (下发人)",
        needs=("granted_by",),
    )
    @staticmethod
    def issued_by(parents: Sequence[AdministratorRow]) -> list[str | None]:
        return [row.granted_by for row in parents]

    @batched(
        bool,
        to=DEPARTMENTS,
        description="Whether the first password is still to be changed (是否未改初始密码)",
        needs=("must_change_password",),
    )
    @staticmethod
    def owes_password(parents: Sequence[AdministratorRow]) -> list[bool]:
        return [row.must_change_password for row in parents]

    @batched(
        bool,
        to=DEPARTMENTS,
        description=f"Whether they have not signed in for {DAYS} days (是否需督促登录)",
        needs=("seen_at",),
    )
    @staticmethod
    def needs_reminding(parents: Sequence[AdministratorRow], info: Info) -> list[bool]:
        since = info.context.now - timedelta(days=DAYS)
        return [row.seen_at < since for row in parents]


AdministratorConnection = connection_of(
    "Administrator", Administrator, to=DEPARTMENTS, term="系统管理员"
)


@object_type(to=DEPARTMENTS, description="How a region uses the system (应用情况)")
class RegionUse:
    """How a region and all below it use the system; the objects are ``AreaUse``."""

    @batched(Region, to=DEPARTMENTS, description="Region (区划)")
    @staticmethod
    def region(parents: Sequence[AreaUse]) -> list[Any]:
        return [each.region for each in parents]

    @batched(int, to=DEPARTMENTS, description="Administrators (管理员数)")
    @staticmethod
    def administrators(parents: Sequence[AreaUse]) -> list[int]:
        return [each.administrators.issued for each in parents]

    @batched(
        int,
        to=DEPARTMENTS,
        description=f"Administrators who signed in within {DAYS} days (近30日登录管理员数)",
    )
    @staticmethod
    def administrators_signed_in(parents: Sequence[AreaUse]) -> list[int]:
        return [each.administrators.signed_in for each in parents]

    @batched(
        int, to=DEPARTMENTS, description="Administrators who never signed in (从未登录管理员数)"
    )
    @staticmethod
    def administrators_never_signed_in(parents: Sequence[AreaUse]) -> list[int]:
        return [each.administrators.never for each in parents]

    @batched(int, to=DEPARTMENTS, description="Teams (队伍数)")
    @staticmethod
    def teams(parents: Sequence[AreaUse]) -> list[int]:
        return [each.total(Metric.TEAMS) for each in parents]

    @batched(int, to=DEPARTMENTS, description=f"Teams more than {DAYS} days ago (近30日新增队伍数)")
    @staticmethod
    def new_teams(parents: Sequence[AreaUse]) -> list[int]:
        return [each.lately(Metric.TEAMS) for each in parents]

    @batched(
        int,
        to=DEPARTMENTS,
        description=f"Volunteers more than {DAYS} days ago (近30日新增志愿者数)",
    )
    @staticmethod
    def new_volunteers(parents: Sequence[AreaUse]) -> list[int]:
        return [each.lately(Metric.VOLUNTEERS) for each in parents]

    @batched(
        int, to=DEPARTMENTS, description=f"Projects more than {DAYS} days ago (近30日新增项目数)"
    )
    @staticmethod
    def new_projects(parents: Sequence[AreaUse]) -> list[int]:
        return [each.lately(Metric.PROJECTS) for each in parents]

    @batched(int, to=DEPARTMENTS, description=f"Records of the last {DAYS} days (近30日服务记录数)")
    @staticmethod
    def records(parents: Sequence[AreaUse]) -> list[int]:
        return [each.lately(Metric.RECORDS) for each in parents]

    @batched(Decimal, to=DEPARTMENTS, description=f"Hours of the last {DAYS} days (近30日服务时长)")
    @staticmethod
    def hours(parents: Sequence[AreaUse]) -> list[Decimal]:
        return [in_hours(each.lately(Metric.MINUTES)) for each in parents]
