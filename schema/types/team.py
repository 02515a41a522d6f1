"""Teams: the contact-team tree as a reader walks it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from db.enums import (
    EntityStatus,
    HubLevel,
    PermissionGroup,
    ProjectStatus,
    RegistrationStatus,
    TeamKind,
    TeamStatus,
)
from db.paths import path_ids
from db.queries import pages
from db.queries.entities import TEAM
from db.queries.rows import TeamAttachmentRow, TeamRow
from gateway.engine.rows import is_instance_of
from permissions.errors import InvalidInput
from schema.costs import CHAIN, CHILDREN, CONNECTION, sized
from schema.filters import FilterBuilder, project_filters
from schema.ids import id_field
from schema.info import Info
from schema.pagination import (
    After,
    Before,
    Cut,
    First,
    Last,
    connect,
    connection_field,
    connection_of,
    every,
    lazy_type,
    list_of,
)
from schema.references import follow, referred
from schema.types.abilities import TeamAbilities, viewer_can
from schema.types.contact import Contact, principal_and_contact
from schema.types.node import Node
from schema.types.region import Region
from schema.types.staff import staff
from schema.types.team_statistics import TeamFigures
from schema.visibility import EVERYONE, MANAGERS, PERSONS, attribute, batched, object_type

Self = lazy_type("Team", "schema.types.team")
Selves = lazy_type("TeamConnection", "schema.types.team")
Members = lazy_type("MembershipConnection", "schema.types.volunteer")
Projects = lazy_type("ProjectConnection", "schema.types.project")
Records = lazy_type("ServiceRecordConnection", "schema.types.record")
Publicity = lazy_type("RecordPublicityConnection", "schema.types.publicity")
Certificates = lazy_type("CertificateConnection", "schema.types.record")

LevelsBelow = Annotated[
    int | None, strawberry.argument(description="How many levels down, all if left out (下几级)")
]


@object_type(to=EVERYONE, description="Place on the map (坐标)")
class Location:
    """A place; the objects are rows with ``lng`` and ``lat``."""

    lng: float = attribute(to=EVERYONE, description="Longitude (经度)")
    lat: float = attribute(to=EVERYONE, description="Latitude (纬度)")


@object_type(to=MANAGERS, description="Stretch of a team's history on the tree (挂靠记录)")
class TeamAttachment:
    """A stretch of a team's history; the objects are ``TeamAttachmentRow``."""

    is_type_of = staticmethod(is_instance_of(TeamAttachmentRow))

    valid_from: date = attribute(to=MANAGERS, description="First day (生效日期)")
    valid_to: date | None = attribute(
        to=MANAGERS, description="Last day, none while it lasts (截止日期)"
    )
    is_forced: bool = attribute(
        to=MANAGERS, description="Whether a superior moved it (是否上级调整)"
    )
    reason: str | None = attribute(to=MANAGERS, description="Reason of the move (原因)")

    @batched(
        Self | None,
        to=MANAGERS,
        description="Contact team of the stretch (联络团体)",
        needs=("contact_team_id",),
    )
    @staticmethod
    async def contact_team(parents: Sequence[TeamAttachmentRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.contact_team_id for row in parents])


@object_type(
    to=EVERYONE, description="Volunteer team: hub, legal person, branch or other (志愿队伍)"
)
class Team(TeamFigures, Node):
    """A team; the objects are ``TeamRow``."""

    is_type_of = staticmethod(is_instance_of(TeamRow, TeamRow.Part))

    id = id_field("Team")
    team_no: str = attribute(to=EVERYONE, description="Contact number of the team (联络编号)")
    name: str = attribute(to=EVERYONE, description="Name of the team (名称)")
    kind: TeamKind = attribute(to=EVERYONE, description="Kind of the team (队伍类型)")
    registration_status: RegistrationStatus = attribute(
        to=EVERYONE, description="Registration of the team (登记状态)"
    )
    hub_level: HubLevel | None = attribute(
        to=EVERYONE, description="Level of the hub, none for other teams (枢纽型团体层级)"
    )
    is_hub: bool = attribute(to=EVERYONE, description="Whether the team is a hub (是否枢纽型团体)")
    permission_group: PermissionGroup = attribute(
        to=EVERYONE, description="Permission group of the team (权限组别)"
    )
    status: TeamStatus = attribute(to=EVERYONE, description="State of the team (状态)")
    status_reason: str | None = attribute(
        to=MANAGERS, description="Reason of the state, as it was given (状态原因)"
    )
    uscc: str | None = attribute(
        to=EVERYONE, description="Unified social credit code of a legal person (统一社会信用代码)"
    )
    entity_status: EntityStatus | None = attribute(
        to=MANAGERS, description="What the register last said of the legal person (法人状态)"
    )
    entity_checked_at: datetime | None = attribute(
        to=MANAGERS, description="When the register was asked (法人核验时间)"
    )
    responsible_unit: str | None = attribute(
        to=EVERYONE, description="Unit that answers for the hub (责任单位)"
    )
    competent_unit: str | None = attribute(
        to=EVERYONE, description="Competent unit of the team (主管单位)"
    )
    address: str | None = attribute(to=EVERYONE, description="Address of the team (地址)")
    founded_on: date | None = attribute(to=EVERYONE, description="Day of foundation (成立日期)")
    planned_size: int | None = attribute(to=EVERYONE, description="Planned members (计划规模)")
    service_categories: list[str] = attribute(
        to=EVERYONE, description="Codes of the service categories (服务类别)"
    )
    intro: str | None = attribute(to=EVERYONE, description="Introduction (简介)")
    registered_at: datetime | None = attribute(
        to=EVERYONE, description="When the team was registered (注册时间)"
    )

    @batched(
        Location | None,
        to=EVERYONE,
        description="Place of the team on the map (坐标)",
        needs=("lng", "lat"),
    )
    @staticmethod
    def location(parents: Sequence[TeamRow]) -> list[TeamRow | None]:
        return [row if row.lng is not None and row.lat is not None else None for row in parents]

    @batched(
        Contact,
        to=EVERYONE,
        description="Principal of the team (负责人)",
        needs=(
            "path",
            "region_path",
            "principal_name",
            "principal_mobile",
            "principal_mobile_public",
        ),
    )
    @staticmethod
    def principal(parents: Sequence[TeamRow], info: Info) -> Any:
        return principal_and_contact(info.context.viewer, parents, "principal")

    @batched(
        Contact,
        to=EVERYONE,
        description="Contact of the team (联系人)",
        needs=("path", "region_path", "contact_name", "contact_mobile", "contact_mobile_public"),
    )
    @staticmethod
    def contact(parents: Sequence[TeamRow], info: Info) -> Any:
        return principal_and_contact(info.context.viewer, parents, "contact")

    @batched(Region, to=EVERYONE, description="Region of the team (所属区划)", needs=("region_id",))
    @staticmethod
    async def region(parents: Sequence[TeamRow], info: Info) -> Any:
        return await follow(info, TEAM, parents, "region")

    @batched(
        Region | None,
        to=EVERYONE,
        description="Region whose department registered the legal person (登记机关)",
        needs=("registration_authority_id",),
    )
    @staticmethod
    async def registration_authority(parents: Sequence[TeamRow], info: Info) -> Any:
        return await follow(info, TEAM, parents, "registration_authority")

    @batched(
        Self | None,
        to=EVERYONE,
        description="Contact team, the parent on the tree (联络团体)",
        needs=("contact_team_id",),
    )
    @staticmethod
    async def contact_team(parents: Sequence[TeamRow], info: Info) -> Any:
        return await follow(info, TEAM, parents, "contact_team")

    @batched(
        Self | None,
        to=EVERYONE,
        description="Legal organisation of a branch (所属社会组织)",
        needs=("branch_of_id",),
    )
    @staticmethod
    async def branch_of(parents: Sequence[TeamRow], info: Info) -> Any:
        return await follow(info, TEAM, parents, "branch_of")

    @batched(
        Self | None,
        to=EVERYONE,
        description="Organisation that the team says it is of (直属组织)",
        needs=("affiliated_org_id",),
    )
    @staticmethod
    async def affiliated_org(parents: Sequence[TeamRow], info: Info) -> Any:
        return await follow(info, TEAM, parents, "affiliated_org")

    @batched(
        Self | None,
        to=EVERYONE,
        description="Team that took over from a dissolved one (承继团体)",
        needs=("successor_id",),
    )
    @staticmethod
    async def successor(parents: Sequence[TeamRow], info: Info) -> Any:
        return await follow(info, TEAM, parents, "successor")

    @batched(
        list_of(Self),
        to=EVERYONE,
        description="Contact teams up to the root, the root first (所有上级团体)",
        needs=("path",),
        hints=(sized(CHAIN),),
    )
    @staticmethod
    async def ancestors(parents: Sequence[TeamRow], info: Info) -> Any:
        chains = [path_ids(row.path)[:-1] for row in parents]
        rows = iter(await referred(info, TEAM, [each for chain in chains for each in chain]))
        return [[row for row in (next(rows) for _ in chain) if row is not None] for chain in chains]

    @batched(
        list_of(Self),
        to=EVERYONE,
        description="Hubs directly below, by name (下级枢纽型团体)",
        needs=("id",),
        hints=(sized(CHILDREN),),
    )
    @staticmethod
    async def child_hubs(parents: Sequence[TeamRow], info: Info) -> Any:
        return await every(info, pages.CHILD_HUBS, [row.id for row in parents], "NAME")

    teams = connection_field(
        pages.TEAMS,
        Selves,
        order="NAME",
        to=EVERYONE,
        description="Teams directly below that are no hubs, by name (直属非枢纽型团体)",
    )

    branches = connection_field(
        pages.BRANCHES,
        Selves,
        order="NAME",
        to=EVERYONE,
        description="Branches of the legal organisation, by name (分支机构)",
    )

    @batched(
        Selves,
        to=EVERYONE,
        description="Teams anywhere below, by name (所有下级团体)",
        needs=("path", "depth"),
        hints=(CONNECTION,),
    )
    @staticmethod
    async def descendants(
        parents: Sequence[TeamRow],
        info: Info,
        *,
        kind: Annotated[
            TeamKind | None, strawberry.argument(description="Only teams of this kind (队伍类型)")
        ] = None,
        hubs: Annotated[
            bool | None,
            strawberry.argument(description="Only hubs, or only other teams (是否枢纽型)"),
        ] = None,
        levels: LevelsBelow = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        if levels is not None and levels < 0:
            raise InvalidInput("levels", "levels must not be negative.")
        builder = FilterBuilder()
        builder.members("kind", None if kind is None else (kind,), "f_kind")
        builder.flag(hubs, "hubs", "not_hubs")
        return await _descendants(
            info, parents, builder, levels=levels, cut=Cut(first, after, last, before)
        )

    @batched(
        list_of(Self),
        to=EVERYONE,
        description="Teams that this one chose to be seen by (查看团体)",
        needs=("id",),
        hints=(sized(CHAIN),),
    )
    @staticmethod
    async def view_teams(parents: Sequence[TeamRow], info: Info) -> Any:
        return await every(info, pages.VIEW_TEAMS, [row.id for row in parents], "NAME")

    @batched(
        list[TeamAttachment],
        to=MANAGERS,
        description="Where the team hung, oldest first (挂靠历史)",
        needs=("id",),
    )
    @staticmethod
    async def attachments(parents: Sequence[TeamRow], info: Info) -> Any:
        return await every(info, pages.ATTACHMENTS, [row.id for row in parents], "OLDEST")

    staff = staff
    viewer_can = viewer_can("Team", TeamAbilities)

    members = connection_field(
        pages.MEMBERS,
        Members,
        order="OLDEST",
        to=MANAGERS,
        description="Memberships of the team, oldest first (成员)",
    )

    @batched(
        Projects,
        to=EVERYONE,
        description="Projects of the team, the latest first (项目)",
        needs=("id", "path"),
    )
    @staticmethod
    async def projects(
        parents: Sequence[TeamRow],
        info: Info,
        *,
        status: Annotated[
            list[ProjectStatus] | None,
            strawberry.argument(description="Only projects in these states (项目状态)"),
        ] = None,
        include_descendants: Annotated[
            bool,
            strawberry.argument(description="With those of all teams below (包含下级团体)"),
        ] = False,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        cut = Cut(first, after, last, before)
        filters = project_filters(status=status)
        if include_descendants:
            keys: list[Any] = [row.path for row in parents]
            relation = pages.SUBTREE_PROJECTS
        else:
            keys = [row.id for row in parents]
            relation = pages.TEAM_PROJECTS
        return await connect(info, relation, keys, order="LATEST", cut=cut, filters=filters)

    service_records = connection_field(
        pages.TEAM_RECORDS,
        Records,
        order="LATEST",
        to=MANAGERS,
        description="Service records of the team, the latest first (志愿服务记录)",
    )

    record_publicity = connection_field(
        pages.TEAM_PUBLICITY,
        Publicity,
        order="SOONEST",
        to=PERSONS,
        description="Records in publicity, those whose time for objections ends first (时长公示)",
    )

    certificates = connection_field(
        pages.TEAM_CERTIFICATES,
        Certificates,
        order="NEWEST",
        to=MANAGERS,
        description="Certificates of the team, asked for or issued, the newest first (证明)",
    )


async def _descendants(
    info: Info,
    parents: Sequence[TeamRow],
    builder: FilterBuilder,
    *,
    levels: int | None,
    cut: Cut,
) -> Sequence[Any]:
    """The teams below each parent; depth counts from the parent, so equal depths share a call."""
    found: dict[str, Any] = {}
    for depth in sorted({row.depth if levels is not None else 0 for row in parents}):
        keys = [row.path for row in parents if levels is None or row.depth == depth]
        builder.value("max_depth", None if levels is None else depth + levels, "f_max_depth")
        pages_below = await connect(
            info, pages.DESCENDANTS, keys, order="NAME", cut=cut, filters=builder.built()
        )
        found.update(zip(keys, pages_below, strict=True))
    return [found[row.path] for row in parents]


TeamConnection = connection_of("Team", Team, to=EVERYONE, term="队伍")
