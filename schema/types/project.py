"""Projects, posts and sign-ups."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from strawberry import ID

from db.enums import ProhibitedKind, ProjectStatus, RecruitScope, SignUpStatus, StoppedBy
from db.queries import pages, project_sides
from db.queries.entities import PROJECT, SIGN_UP, TEAM
from db.queries.rows import PostRow, ProjectRow, SignUpRow
from gateway.engine.rows import is_instance_of
from permissions.viewer import Role
from schema.hours import hours
from schema.ids import encode, id_field
from schema.info import Info
from schema.pagination import connection_field, connection_of, every, lazy_type
from schema.references import follow
from schema.types.abilities import ProjectAbilities, SignUpAbilities, viewer_can
from schema.types.contact import Contact, project_contact
from schema.types.masked import masked_name_field
from schema.types.node import Node
from schema.types.project_sides import beside, own_business
from schema.types.region import Region
from schema.types.team import Location, Team
from schema.visibility import EVERYONE, PERSONS, attribute, batched, object_type

Volunteer = lazy_type("Volunteer", "schema.types.volunteer")
Records = lazy_type("ServiceRecordConnection", "schema.types.record")
SignUps = lazy_type("SignUpConnection", "schema.types.project")
Itself = lazy_type("Project", "schema.types.project")


@object_type(to=EVERYONE, description="Post of a project, with its quota (岗位)")
class Post(Node):
    """A post; the objects are ``PostRow``."""

    is_type_of = staticmethod(is_instance_of(PostRow, PostRow.Part))

    id = id_field("Post")
    post_no: int = attribute(
        to=EVERYONE, description="Number of the post in its project (岗位序号)"
    )
    name: str = attribute(to=EVERYONE, description="Name of the post (岗位名称)")
    planned: int = attribute(to=EVERYONE, description="Planned volunteers (计划人数)")
    joined: int = attribute(
        to=EVERYONE - {Role.PUBLIC}, description="Accepted volunteers (已录用人数)"
    )
    description: str | None = attribute(
        to=EVERYONE, description="Description of the post (岗位描述)"
    )
    conditions: str | None = attribute(to=EVERYONE, description="Conditions of the post (岗位条件)")

    @batched(
        bool,
        to=EVERYONE,
        description="Whether no place is left (是否已招满)",
        needs=("planned", "joined"),
    )
    @staticmethod
    def is_full(parents: Sequence[PostRow]) -> list[bool]:
        return [row.joined >= row.planned for row in parents]


@object_type(to=EVERYONE, description="Volunteer project (志愿项目)")
class Project(Node):
    """A project; the objects are ``ProjectRow``."""

    is_type_of = staticmethod(is_instance_of(ProjectRow, ProjectRow.Part))

    id = id_field("Project")
    project_no: str = attribute(to=EVERYONE, description="Number of the project (项目编号)")
    name: str = attribute(to=EVERYONE, description="Name of the project (项目名称)")
    status: ProjectStatus = attribute(to=EVERYONE, description="State of the project (项目状态)")
    scope: RecruitScope = attribute(to=EVERYONE, description="Who may sign up (招募范围)")
    address: str | None = attribute(to=EVERYONE, description="Place of the service (服务地点)")
    starts_at: datetime = attribute(to=EVERYONE, description="Start of the project (开始时间)")
    ends_at: datetime = attribute(to=EVERYONE, description="End of the project (结束时间)")
    recruit_starts_at: datetime | None = attribute(
        to=EVERYONE, description="Start of recruitment (招募开始)"
    )
    recruit_ends_at: datetime | None = attribute(
        to=EVERYONE, description="End of recruitment (招募结束)"
    )
    categories: list[str] = attribute(
        to=EVERYONE, description="Codes of the service categories (服务类别)"
    )
    targets: list[str] = attribute(to=EVERYONE, description="Who is served (服务对象)")
    guarantees: list[str] = attribute(
        to=EVERYONE, description="Guarantees to volunteers (志愿者保障)"
    )
    description: str = attribute(to=EVERYONE, description="Description of the project (项目描述)")
    risk_notice: str | None = attribute(to=EVERYONE, description="Risks disclosed (风险告知)")
    published_at: datetime | None = attribute(
        to=EVERYONE, description="When the project was published (发布时间)"
    )

    @batched(
        Decimal,
        to=EVERYONE,
        description="Service hours that a sign-up requires (服务时长要求)",
        needs=("min_minutes_required",),
    )
    @staticmethod
    def min_hours_required(parents: Sequence[ProjectRow]) -> list[Decimal]:
        return [hours(row.min_minutes_required) for row in parents]

    @batched(
        Location | None,
        to=EVERYONE,
        description="Place of the project on the map (坐标)",
        needs=("lng", "lat"),
    )
    @staticmethod
    def location(parents: Sequence[ProjectRow]) -> list[ProjectRow | None]:
        return [row if row.lng is not None and row.lat is not None else None for row in parents]

    @batched(
        Contact,
        to=EVERYONE,
        description="Contact of the project (联系人)",
        needs=(
            *("team_id", "contact_name", "contact_mobile", "contact_mobile_public"),
            *("contact_landline", "contact_landline_public"),
            *("contact_email", "contact_email_public"),
        ),
    )
    @staticmethod
    async def contact(parents: Sequence[ProjectRow], info: Info) -> Any:
        return await project_contact(info, parents)

    @batched(
        Region, to=EVERYONE, description="Region of the project (服务区域)", needs=("region_id",)
    )
    @staticmethod
    async def region(parents: Sequence[ProjectRow], info: Info) -> Any:
        return await follow(info, PROJECT, parents, "region")

    @batched(
        Team | None,
        to=EVERYONE,
        description="Team of the project (发起队伍)",
        needs=("team_id",),
    )
    @staticmethod
    async def team(parents: Sequence[ProjectRow], info: Info) -> Any:
        return await follow(info, PROJECT, parents, "team")

    @batched(
        list[Post],
        to=EVERYONE,
        description="Posts of the project, by number (岗位)",
        needs=("id",),
    )
    @staticmethod
    async def posts(parents: Sequence[ProjectRow], info: Info) -> Any:
        return await every(info, pages.POSTS, [row.id for row in parents], "NUMBER")

    @batched(
        list[Team],
        to=EVERYONE,
        description="Teams whose members may sign up, scope TEAMS (指定队伍)",
        needs=("id",),
    )
    @staticmethod
    async def allowed_teams(parents: Sequence[ProjectRow], info: Info) -> Any:
        return await beside(info, TEAM, project_sides.ALLOWED_TEAMS, parents)

    @batched(
        list[Itself],  # type: ignore[valid-type]
        to=EVERYONE,
        description="Projects that it excludes, of those one may see (互斥项目)",
        needs=("id",),
    )
    @staticmethod
    async def exclusive_projects(parents: Sequence[ProjectRow], info: Info) -> Any:
        return await beside(info, PROJECT, project_sides.EXCLUSIVE_PROJECTS, parents)

    @batched(ID | None, to=EVERYONE, description="Cover (封面)", needs=("cover_file_id",))
    @staticmethod
    def cover_file_id(parents: Sequence[ProjectRow]) -> list[ID | None]:
        found = (row.cover_file_id for row in parents)
        return [None if number is None else encode("File", number) for number in found]

    opinion = own_business("opinion", str | None, description="Opinion of its reviewer (审核意见)")
    status_reason = own_business(
        "status_reason", str | None, description="Why it was stopped, started or closed (原因)"
    )
    stopped_by = own_business(
        "stopped_by", StoppedBy | None, description="Who disabled it (停用方)"
    )
    declarations = own_business(
        "declarations",
        list[ProhibitedKind] | None,
        description="Prohibited kinds that its team says it is none of (承诺)",
    )
    proof_file_id = own_business(
        "proof_file_id",
        ID | None,
        description="Proof of a late entry (补录证明)",
        read=lambda number: None if number is None else encode("File", number),
    )

    viewer_can = viewer_can("Project", ProjectAbilities)

    sign_ups = connection_field(
        pages.PROJECT_SIGN_UPS,
        SignUps,
        order="OLDEST",
        to=PERSONS,
        description="Sign-ups to the project, oldest first (报名)",
    )

    service_records = connection_field(
        pages.PROJECT_RECORDS,
        Records,
        order="LATEST",
        to=PERSONS,
        description="Service records of the project, the latest first (志愿服务记录)",
    )


@object_type(to=PERSONS, description="Sign-up of a volunteer to a post (报名)")
class SignUp(Node):
    """A sign-up; the objects are ``SignUpRow``."""

    is_type_of = staticmethod(is_instance_of(SignUpRow, SignUpRow.Part))

    id = id_field("SignUp")
    status: SignUpStatus = attribute(to=PERSONS, description="State of the sign-up (报名状态)")
    applied_at: datetime = attribute(to=PERSONS, description="When it was made (报名时间)")
    decided_at: datetime | None = attribute(
        to=PERSONS, description="When it was decided (处理时间)"
    )
    reason: str | None = attribute(
        to=PERSONS, description="Why it was refused, cancelled or withdrawn (原因)"
    )
    checked_in_at: datetime | None = attribute(to=PERSONS, description="Check-in (签到时间)")
    checked_out_at: datetime | None = attribute(to=PERSONS, description="Check-out (签退时间)")
    viewer_can = viewer_can("SignUp", SignUpAbilities)

    @batched(
        Itself | None,
        to=PERSONS,
        description="Project of the sign-up (项目)",
        needs=("project_id",),
    )
    @staticmethod
    async def project(parents: Sequence[SignUpRow], info: Info) -> Any:
        return await follow(info, SIGN_UP, parents, "project")

    @batched(Post | None, to=PERSONS, description="Post of the sign-up (岗位)", needs=("post_id",))
    @staticmethod
    async def post(parents: Sequence[SignUpRow], info: Info) -> Any:
        return await follow(info, SIGN_UP, parents, "post")

    masked_name = masked_name_field()

    @batched(
        Volunteer | None,
        to=PERSONS,
        description="Volunteer who signed up, while they are tied to the team (志愿者)",
        needs=("volunteer_id",),
    )
    @staticmethod
    async def volunteer(parents: Sequence[SignUpRow], info: Info) -> Any:
        return await follow(info, SIGN_UP, parents, "volunteer")


ProjectConnection = connection_of("Project", Project, to=EVERYONE, term="项目")
SignUpConnection = connection_of("SignUp", SignUp, to=PERSONS, term="报名")
