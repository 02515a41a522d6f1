"""Volunteers and their memberships, shown by relation (DOMAIN §8)."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from db.enums import InvitePolicy, MembershipStatus, RealNameStatus, Sex, VolunteerStatus
from db.queries import pages
from db.queries.entities import MEMBERSHIP, VOLUNTEER
from db.queries.rows import MembershipRow, VolunteerRow
from gateway.engine.rows import is_instance_of
from permissions.contacts import (
    depends_on_ties,
    show_mobile,
    show_name,
    volunteer_contacts,
    volunteer_name,
)
from resolvers.personal_file.reading import (
    list_awards,
    list_evaluations,
    list_served,
    list_star_ratings,
    list_trainings,
)
from schema.costs import sized
from schema.hours import average, hours
from schema.ids import id_field
from schema.info import Info
from schema.pagination import connection_field, connection_of, lazy_type, list_of
from schema.references import follow
from schema.types.masked import masked_name_field
from schema.types.node import Node
from schema.types.region import Region
from schema.types.team import Team
from schema.visibility import MANAGERS, PERSONS, VOLUNTEERS, attribute, batched, object_type

Records = lazy_type("ServiceRecordConnection", "schema.types.record")
Certificates = lazy_type("CertificateConnection", "schema.types.record")
SignUps = lazy_type("SignUpConnection", "schema.types.project")
Trainings = lazy_type("TrainingRecord", "schema.types.personal_file")
Awards = lazy_type("Award", "schema.types.personal_file")
Evaluations = lazy_type("Evaluation", "schema.types.personal_file")
StarRatings = lazy_type("StarRating", "schema.types.personal_file")
Served = lazy_type("ServedHours", "schema.types.personal_file")
Memberships = lazy_type("MembershipConnection", "schema.types.volunteer")


@object_type(to=PERSONS, description="Registered volunteer (注册志愿者)")
class Volunteer(Node):
    """A volunteer; the objects are ``VolunteerRow``."""

    is_type_of = staticmethod(is_instance_of(VolunteerRow, VolunteerRow.Part))

    id = id_field("Volunteer")
    volunteer_no: str = attribute(to=PERSONS, description="Unified number (志愿者编号)")
    sex: Sex = attribute(to=PERSONS, description="Sex (性别)")
    status: VolunteerStatus = attribute(to=PERSONS, description="State of the volunteer (状态)")
    real_name_status: RealNameStatus = attribute(
        to=PERSONS, description="Outcome of the real-name check (实名认证状态)"
    )
    star: int = attribute(to=PERSONS, description="Stars, 0 to 5 (星级)")
    no_show_count: int = attribute(to=MANAGERS, description="Times not shown up (爽约次数)")
    skills: list[str] = attribute(to=PERSONS, description="Skills (专业特长)")
    service_categories: list[str] = attribute(
        to=PERSONS, description="Codes of the service categories (服务类别)"
    )
    registered_at: datetime = attribute(to=PERSONS, description="When registered (注册时间)")
    effective_minutes: int = attribute(
        to=PERSONS, description="Effective service in minutes (有效服务时长, 分钟)"
    )

    nickname: str | None = attribute(to=VOLUNTEERS, description="Nickname (昵称)")
    born_on: date = attribute(to=VOLUNTEERS, description="Day of birth (出生日期)")
    email: str | None = attribute(to=VOLUNTEERS, description="Email (电子邮箱)")
    address: str | None = attribute(to=VOLUNTEERS, description="Address (联系地址)")
    mobile_public: bool = attribute(
        to=VOLUNTEERS, description="Whether the mobile number is public (手机是否公开)"
    )
    education: str | None = attribute(to=VOLUNTEERS, description="Education (学历)")
    employment: str | None = attribute(to=VOLUNTEERS, description="Employment (从业状况)")
    ethnicity: str | None = attribute(to=VOLUNTEERS, description="Ethnicity, GB/T 3304 (民族)")
    political_status: str | None = attribute(
        to=VOLUNTEERS, description="Political status, GB/T 4762 (政治面貌)"
    )
    project_invite_policy: InvitePolicy = attribute(
        to=VOLUNTEERS, description="Answer to invitations of projects (项目邀请策略)"
    )
    team_invite_policy: InvitePolicy = attribute(
        to=VOLUNTEERS, description="Answer to invitations of teams (团体邀请策略)"
    )

    @batched(
        str,
        to=PERSONS,
        description="Name, masked by relation (姓名)",
        needs=("id", "name"),
    )
    @staticmethod
    async def name(parents: Sequence[VolunteerRow], info: Info) -> list[str | None]:
        viewer = info.context.viewer
        return [
            show_name(row.name, volunteer_name(viewer, row.id, is_tied=tied))
            for row, tied in zip(parents, await _tied(info, parents), strict=True)
        ]

    @batched(
        str | None,
        to=PERSONS,
        description="Mobile number, masked by relation (手机)",
        needs=("id", "mobile", "mobile_public"),
    )
    @staticmethod
    async def mobile(parents: Sequence[VolunteerRow], info: Info) -> list[str | None]:
        viewer = info.context.viewer
        return [
            show_mobile(
                row.mobile,
                volunteer_contacts(viewer, row.id, is_tied=tied, is_public=row.mobile_public),
            )
            for row, tied in zip(parents, await _tied(info, parents), strict=True)
        ]

    @batched(
        Decimal,
        to=PERSONS,
        description="Effective service in hours (有效服务时长, 小时)",
        needs=("effective_minutes",),
    )
    @staticmethod
    def hours(parents: Sequence[VolunteerRow]) -> list[Decimal]:
        return [hours(row.effective_minutes) for row in parents]

    @batched(
        list_of(Served),
        to=PERSONS,
        description="Hours by team and project, the most first (按队伍和项目的服务时长)",
        needs=("id",),
        hints=(sized(5),),
    )
    @staticmethod
    async def served_hours(parents: Sequence[VolunteerRow], info: Info) -> Any:
        return await list_served(info.context, [row.id for row in parents])

    @batched(
        Decimal | None,
        to=PERSONS,
        description="Average of the evaluations, none before the first (平均评价)",
        needs=("evaluation_count", "evaluation_total"),
    )
    @staticmethod
    def average_score(parents: Sequence[VolunteerRow]) -> list[Decimal | None]:
        return [average(row.evaluation_total, row.evaluation_count) for row in parents]

    @batched(
        list_of(Trainings),
        to=PERSONS,
        description="Trainings, the newest first (培训记录)",
        needs=("id",),
        hints=(sized(2),),
    )
    @staticmethod
    async def trainings(parents: Sequence[VolunteerRow], info: Info) -> Any:
        return await list_trainings(info.context, [row.id for row in parents])

    @batched(
        list_of(Awards),
        to=PERSONS,
        description="Awards, the newest first (表彰奖励)",
        needs=("id",),
        hints=(sized(1),),
    )
    @staticmethod
    async def awards(parents: Sequence[VolunteerRow], info: Info) -> Any:
        return await list_awards(info.context, [row.id for row in parents])

    @batched(
        list_of(Evaluations),
        to=PERSONS,
        description="Evaluations of the service, the newest first (服务评价)",
        needs=("id",),
        hints=(sized(5),),
    )
    @staticmethod
    async def evaluations(parents: Sequence[VolunteerRow], info: Info) -> Any:
        return await list_evaluations(info.context, [row.id for row in parents])

    @batched(
        list_of(StarRatings),
        to=PERSONS,
        description="Stars given and taken back, the newest first (星级认定记录)",
        needs=("id",),
        hints=(sized(1),),
    )
    @staticmethod
    async def star_ratings(parents: Sequence[VolunteerRow], info: Info) -> Any:
        return await list_star_ratings(info.context, [row.id for row in parents])

    @batched(
        Region | None,
        to=PERSONS,
        description="Region of residence (居住区域)",
        needs=("region_id",),
    )
    @staticmethod
    async def region(parents: Sequence[VolunteerRow], info: Info) -> Any:
        return await follow(info, VOLUNTEER, parents, "region")

    memberships = connection_field(
        pages.MEMBERSHIPS,
        Memberships,
        order="NEWEST",
        to=PERSONS,
        description="Memberships of the volunteer, the newest first (所属队伍)",
    )

    sign_ups = connection_field(
        pages.VOLUNTEER_SIGN_UPS,
        SignUps,
        order="NEWEST",
        to=PERSONS,
        description="Sign-ups of the volunteer, the newest first (报名)",
    )

    service_records = connection_field(
        pages.VOLUNTEER_RECORDS,
        Records,
        order="LATEST",
        to=PERSONS,
        description="Service records of the volunteer, the latest first (志愿服务记录)",
    )

    certificates = connection_field(
        pages.VOLUNTEER_CERTIFICATES,
        Certificates,
        order="NEWEST",
        to=PERSONS,
        description="Certificates of the volunteer, the newest first (志愿服务记录证明)",
    )


@object_type(to=PERSONS, description="Place of a volunteer in a team (成员关系)")
class Membership(Node):
    """A membership; the objects are ``MembershipRow``."""

    is_type_of = staticmethod(is_instance_of(MembershipRow, MembershipRow.Part))

    id = id_field("Membership")
    status: MembershipStatus = attribute(to=PERSONS, description="State of the membership (状态)")
    applied_at: datetime = attribute(to=PERSONS, description="When it was applied for (申请时间)")
    joined_at: datetime | None = attribute(to=PERSONS, description="When it began (加入时间)")
    left_at: datetime | None = attribute(to=PERSONS, description="When it ended (退出时间)")
    end_reason: str | None = attribute(to=PERSONS, description="Why the team ended it (移出原因)")

    @batched(
        Team | None, to=PERSONS, description="Team of the membership (队伍)", needs=("team_id",)
    )
    @staticmethod
    async def team(parents: Sequence[MembershipRow], info: Info) -> Any:
        return await follow(info, MEMBERSHIP, parents, "team")

    masked_name = masked_name_field()

    @batched(
        Volunteer | None,
        to=PERSONS,
        description="Volunteer of the membership, while they are tied to the team (志愿者)",
        needs=("volunteer_id",),
    )
    @staticmethod
    async def volunteer(parents: Sequence[MembershipRow], info: Info) -> Any:
        return await follow(info, MEMBERSHIP, parents, "volunteer")


async def _tied(info: Info, rows: Sequence[VolunteerRow]) -> Sequence[bool]:
    """Whether each volunteer is tied to the viewer's own team, where that makes a difference."""
    team = info.context.viewer.team
    if team is None or not depends_on_ties(info.context.viewer):
        return [False] * len(rows)
    return await info.context.loaders.tied_to_team(team.id, [row.id for row in rows])


VolunteerConnection = connection_of("Volunteer", Volunteer, to=PERSONS, term="志愿者")
MembershipConnection = connection_of("Membership", Membership, to=PERSONS, term="成员")
