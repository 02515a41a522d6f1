"""What lists can be narrowed by."""

from datetime import datetime

import strawberry
from strawberry import UNSET

from db.enums import (
    HubLevel,
    PermissionGroup,
    ProjectStatus,
    RecordSource,
    RecordStatus,
    RecruitScope,
    RegionLevel,
    RegistrationStatus,
    ReviewKind,
    ReviewState,
    TeamKind,
    TeamStatus,
    VolunteerStatus,
)
from db.queries.entities import VOLUNTEER
from resolvers.review_ages import ReviewAge, stretch_of
from schema.filters import FilterBuilder
from schema.ids import number_of
from schema.info import Info
from schema.pagination import Filters
from schema.visibility import EVERYONE, MANAGERS, PERSONS, input_field, input_type

REGION = "Code of a region; rows in it or below it (区划代码)"
NAME = "Part of the name, 1 to 50 characters (名称关键词)"
UNDER = "Id of a team; rows of it or of teams below it (所属团体)"


@input_type(to=EVERYONE, description="Which regions (区划筛选)")
class RegionFilter:
    """Narrows a list of regions."""

    level: list[RegionLevel] | None = input_field(to=EVERYONE, description="Levels (层级)")
    under: str | None = input_field(to=EVERYONE, description=REGION)
    name: str | None = input_field(to=EVERYONE, description=NAME)

    async def filters(self, info: Info) -> Filters:
        """The filters of the statement."""
        builder = FilterBuilder()
        builder.members("level", self.level, "f_level")
        builder.search(self.name)
        await builder.region(info, self.under, "under")
        return builder.built()


@input_type(to=EVERYONE, description="Which teams (队伍筛选)")
class TeamFilter:
    """Narrows a list of teams."""

    name: str | None = input_field(to=EVERYONE, description=NAME)
    region: str | None = input_field(to=EVERYONE, description=REGION)
    under: strawberry.ID | None = input_field(to=EVERYONE, description=UNDER)
    is_hub: bool | None = input_field(to=EVERYONE, description="Hubs, or others (是否枢纽型)")
    hub_level: list[HubLevel] | None = input_field(to=EVERYONE, description="Levels of hubs (层级)")
    kind: list[TeamKind] | None = input_field(to=EVERYONE, description="Kinds (队伍类型)")
    registration_status: list[RegistrationStatus] | None = input_field(
        to=EVERYONE, description="Registrations (登记状态)"
    )
    permission_group: list[PermissionGroup] | None = input_field(
        to=EVERYONE, description="Permission groups (权限组别)"
    )
    status: list[TeamStatus] | None = input_field(to=EVERYONE, description="States (状态)")
    service_categories: list[str] | None = input_field(
        to=EVERYONE, description="Codes of service categories, any of them (服务类别)"
    )

    async def filters(self, info: Info) -> Filters:
        """The filters of the statement."""
        builder = FilterBuilder()
        builder.search(self.name)
        await builder.region(info, self.region)
        builder.under(info, self.under)
        builder.flag(self.is_hub, "hubs", "not_hubs")
        builder.members("hub_level", self.hub_level, "f_hub_level")
        builder.members("kind", self.kind, "f_kind")
        builder.members("registration_status", self.registration_status, "f_registration_status")
        builder.members("permission_group", self.permission_group, "f_permission_group")
        builder.members("status", self.status, "f_status")
        builder.texts("categories", self.service_categories, "f_service_categories")
        return builder.built()


@input_type(to=EVERYONE, description="Which projects (项目筛选)")
class ProjectFilter:
    """Narrows a list of projects."""

    name: str | None = input_field(to=EVERYONE, description=NAME)
    region: str | None = input_field(to=EVERYONE, description=REGION)
    under: strawberry.ID | None = input_field(to=EVERYONE, description=UNDER)
    status: list[ProjectStatus] | None = input_field(to=EVERYONE, description="States (状态)")
    scope: list[RecruitScope] | None = input_field(
        to=EVERYONE, description="Who may sign up (招募范围)"
    )
    categories: list[str] | None = input_field(
        to=EVERYONE, description="Codes of service categories, any of them (服务类别)"
    )
    targets: list[str] | None = input_field(
        to=EVERYONE, description="Who is served, any of them (服务对象)"
    )
    since: datetime | None = input_field(
        to=EVERYONE, description="Projects that end at or after it (起始时间)"
    )
    before: datetime | None = input_field(
        to=EVERYONE, description="Projects that start before it (截止时间)"
    )
    is_recruiting: bool | None = input_field(
        to=EVERYONE, description="True: only those that recruit now (是否正在招募)"
    )

    async def filters(self, info: Info) -> Filters:
        """The filters of the statement."""
        builder = FilterBuilder()
        builder.search(self.name)
        await builder.region(info, self.region)
        builder.under(info, self.under)
        builder.members("status", self.status, "f_status")
        builder.members("scope", self.scope, "f_scope")
        builder.texts("categories", self.categories, "f_categories")
        builder.texts("targets", self.targets, "f_targets")
        builder.moment("since", self.since, "f_since")
        builder.moment("before", self.before, "f_before")
        builder.value(
            "recruiting", info.context.now if self.is_recruiting is True else None, "f_now"
        )
        return builder.built()


@input_type(to=MANAGERS, description="Which volunteers (志愿者筛选)")
class VolunteerFilter:
    """Narrows a list of volunteers."""

    name: str | None = input_field(to=MANAGERS, description=NAME)
    region: str | None = input_field(to=MANAGERS, description=REGION)
    status: list[VolunteerStatus] | None = input_field(to=MANAGERS, description="States (状态)")
    min_star: int | None = input_field(to=MANAGERS, description="Fewest stars (最低星级)")
    min_minutes: int | None = input_field(
        to=MANAGERS, description="Least effective minutes (最低时长, 分钟)"
    )
    service_categories: list[str] | None = input_field(
        to=MANAGERS, description="Codes of service categories, any of them (服务类别)"
    )

    async def filters(self, info: Info) -> Filters:
        """The filters of the statement."""
        builder = FilterBuilder()
        builder.search(self.name)
        await builder.region(info, self.region)
        builder.members("status", self.status, "f_status")
        builder.value("star", self.min_star, "f_min_star")
        builder.value("min_minutes", self.min_minutes, "f_min_minutes")
        builder.texts("categories", self.service_categories, "f_service_categories")
        return builder.built()


@input_type(to=PERSONS, description="Which service records (记录筛选)")
class ServiceRecordFilter:
    """Narrows a list of service records."""

    status: list[RecordStatus] | None = input_field(to=PERSONS, description="States (状态)")
    source: list[RecordSource] | None = input_field(to=PERSONS, description="Sources (来源)")
    since: datetime | None = input_field(
        to=PERSONS, description="Service that starts at or after it (起始时间)"
    )
    before: datetime | None = input_field(
        to=PERSONS, description="Service that starts before it (截止时间)"
    )
    region: str | None = input_field(to=PERSONS, description=REGION)
    under: strawberry.ID | None = input_field(to=PERSONS, description=UNDER)
    is_overdue: bool | None = input_field(
        to=MANAGERS, description="True: only those recorded too late (是否逾期)"
    )

    async def filters(self, info: Info) -> Filters:
        """The filters of the statement."""
        builder = FilterBuilder()
        builder.members("status", self.status, "f_status")
        builder.members("source", self.source, "f_source")
        builder.moment("since", self.since, "f_since")
        builder.moment("before", self.before, "f_before")
        await builder.region(info, self.region)
        builder.under(info, self.under)
        builder.flag(self.is_overdue, "overdue")
        return builder.built()


@input_type(to=PERSONS, description="Which reviews (审核筛选)")
class ReviewFilter:
    """Narrows a list of reviews."""

    state: list[ReviewState] | None = input_field(to=PERSONS, description="States (状态)")
    kind: list[ReviewKind] | None = input_field(to=PERSONS, description="Kinds (审核类型)")
    under: strawberry.ID | None = input_field(to=MANAGERS, description=UNDER)
    age: ReviewAge | None = input_field(
        to=PERSONS, description="For how long it has waited (等待时间)"
    )
    is_own: bool | None = input_field(
        to=PERSONS, description="True: only what the viewer's account asked for (我的申请)"
    )
    applicant: strawberry.ID | None = input_field(
        to=MANAGERS, description="Id of a volunteer; what that person asked for (申请人)"
    )
    awaits_viewer: bool | None = input_field(
        to=MANAGERS, description="True: only those that this capacity must decide (待我审核)"
    )

    async def filters(self, info: Info) -> Filters:
        """The filters of the statement."""
        builder = FilterBuilder()
        builder.members("state", self.state, "f_state")
        builder.members("kind", self.kind, "f_kind")
        builder.under(info, self.under)
        if self.age is not None and self.age is not UNSET:
            first, end = stretch_of(self.age, info.context.now)
            builder.value("since", first, "f_since")
            builder.value("before", end, "f_before")
        if self.is_own is True:
            builder.value("own", info.context.viewer.account_id, "f_account")
        if self.applicant is not None and self.applicant is not UNSET:
            number = number_of(self.applicant, "Volunteer", field="applicant")
            # SECURITY: a hidden volunteer has asked for no more than a missing one.
            (person,) = await info.context.loaders.rows(VOLUNTEER, [number])
            builder.value("applicant", (person and person.account_id) or 0, "f_applicant")
        if self.awaits_viewer is True:
            viewer = info.context.viewer
            if viewer.department is not None:
                builder.value(
                    "awaiting_region", viewer.department.region_id, "f_reviewer_region_id"
                )
            else:
                team = viewer.team.id if viewer.team is not None else 0
                builder.value("awaiting_team", team, "f_reviewer_team_id")
        return builder.built()
