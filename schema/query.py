"""The query root."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry

from db.queries.entities import (
    ENTITIES,
    PROJECT,
    REGION,
    REVIEW,
    SERVICE_RECORD,
    STATION,
    TEAM,
    VOLUNTEER,
    Entity,
)
from db.rows import Row
from gateway.engine.selection import selected
from loaders.pages import Page
from permissions.actions import Action
from permissions.errors import LimitExceeded
from resolvers.explaining import explain_access
from schema.administrator_roots import AdministratorQueries
from schema.caching import BRIEFLY, FOR_TODAY
from schema.certificate_queries import CertificateQueries
from schema.complaint_roots import ComplaintQueries
from schema.costs import CONNECTION, PAGE, given, sized
from schema.export_roots import ExportQueries
from schema.feedback_roots import FeedbackQueries
from schema.ids import decode
from schema.info import Info
from schema.inputs.filters import (
    ProjectFilter,
    RegionFilter,
    ReviewFilter,
    ServiceRecordFilter,
    TeamFilter,
    VolunteerFilter,
)
from schema.inputs.orders import (
    ProjectOrder,
    ReviewOrder,
    ServiceRecordOrder,
    TeamOrder,
    VolunteerOrder,
)
from schema.inspection_roots import InspectionQueries
from schema.matching_queries import MatchingQueries
from schema.notice_roots import NoticeQueries
from schema.own_data_mutations import OwnDataQueries
from schema.pagination import NO_FILTERS, After, Before, Cut, First, Last, page_args
from schema.partner_queries import PartnerQueries
from schema.public_statistics_queries import PublicStatisticsQueries
from schema.record_queries import RecordQueries
from schema.region_codes import region_code
from schema.review_queries import ReviewQueries
from schema.reward_queries import RewardQueries
from schema.statistics_queries import StatisticsQueries
from schema.submission_roots import SubmissionQueries
from schema.texts import is_storable
from schema.types.explanation import AccessExplanation
from schema.types.node import Node
from schema.types.project import Project, ProjectConnection
from schema.types.record import ServiceRecordConnection
from schema.types.region import Region, RegionConnection, Station
from schema.types.review import ReviewConnection
from schema.types.station import ServiceCategory
from schema.types.team import Team, TeamConnection
from schema.types.viewer import ViewerType
from schema.types.volunteer import Volunteer, VolunteerConnection
from schema.visibility import EVERYONE, MANAGERS, OVERSEERS, PERSONS, object_type, root

Code = Annotated[
    str, strawberry.argument(description="2 to 12 or 18 digits, or own code (区划代码)")
]
Number = Annotated[str, strawberry.argument(description="Number as printed (编号)")]


IDENTIFIED = ENTITIES.keys() - {"TeamAttachment"}  # it is reached through its team alone
NO_ENTITY = ""  # in whose scope there is no row


@object_type(to=EVERYONE, description="What can be asked (查询)")
class Query(
    AdministratorQueries,
    CertificateQueries,
    ComplaintQueries,
    ExportQueries,
    FeedbackQueries,
    NoticeQueries,
    InspectionQueries,
    MatchingQueries,
    RewardQueries,
    OwnDataQueries,
    PartnerQueries,
    PublicStatisticsQueries,
    RecordQueries,
    ReviewQueries,
    StatisticsQueries,
    SubmissionQueries,
):
    """The query root."""

    @root(to=EVERYONE, description="Who asks (当前访问者)", graphql_type=ViewerType)
    @staticmethod
    def viewer(info: Info) -> Any:
        return info.context.viewer

    @root(
        to=EVERYONE, description="Object of a global id (按全局标识查询)", graphql_type=Node | None
    )
    @staticmethod
    async def node(info: Info, id: strawberry.ID) -> Any:
        return await _node(info, id)

    @root(
        to=EVERYONE,
        description="Objects of global ids, at most 100 (按全局标识批量查询)",
        graphql_type=list[Node | None],
        hints=(given("ids", PAGE),),
    )
    @staticmethod
    async def nodes(info: Info, ids: list[strawberry.ID]) -> Any:
        most = info.context.bounds.nodes
        if len(ids) > most:
            raise LimitExceeded("nodes", f"Ask for at most {most} ids at once.")
        return await _nodes(info, ids)

    @root(
        to=EVERYONE,
        description="Region of a code (区划)",
        graphql_type=Region | None,
        hints=(FOR_TODAY,),
    )
    @staticmethod
    async def region(info: Info, code: Code) -> Any:
        return await _one(info, REGION, "code", region_code(code))

    @root(
        to=EVERYONE,
        description="Regions, by code (区划列表)",
        graphql_type=RegionConnection,
        hints=(CONNECTION, FOR_TODAY),
    )
    @staticmethod
    async def regions(
        info: Info,
        *,
        filter: RegionFilter | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        return await _list(info, REGION, "CODE", filter, Cut(first, after, last, before))

    @root(
        to=EVERYONE,
        description="Hub team of a region (区划的枢纽型团体)",
        graphql_type=Team | None,
        hints=(BRIEFLY,),
    )
    @staticmethod
    async def hub(info: Info, region_code: Code) -> Any:
        return await _hub(info, region_code)

    @root(
        to=EVERYONE,
        description="Team of a contact number (队伍)",
        graphql_type=Team | None,
        hints=(BRIEFLY,),
    )
    @staticmethod
    async def team(info: Info, team_no: Number) -> Any:
        return await _one(info, TEAM, "team_no", team_no)

    @root(
        to=EVERYONE,
        description="Teams (队伍列表)",
        graphql_type=TeamConnection,
        hints=(CONNECTION, BRIEFLY),
    )
    @staticmethod
    async def teams(
        info: Info,
        *,
        filter: TeamFilter | None = None,
        order_by: TeamOrder = TeamOrder.NAME,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        return await _list(info, TEAM, order_by.value, filter, Cut(first, after, last, before))

    @root(
        to=EVERYONE,
        description="Project of a number (项目)",
        graphql_type=Project | None,
        hints=(BRIEFLY,),
    )
    @staticmethod
    async def project(info: Info, project_no: Number) -> Any:
        return await _one(info, PROJECT, "project_no", project_no)

    @root(
        to=EVERYONE,
        description="Projects (项目列表)",
        graphql_type=ProjectConnection,
        hints=(CONNECTION, BRIEFLY),
    )
    @staticmethod
    async def projects(
        info: Info,
        *,
        filter: ProjectFilter | None = None,
        order_by: ProjectOrder = ProjectOrder.LATEST,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        return await _list(info, PROJECT, order_by.value, filter, Cut(first, after, last, before))

    @root(to=PERSONS, description="Volunteer of a number (志愿者)", graphql_type=Volunteer | None)
    @staticmethod
    async def volunteer(info: Info, volunteer_no: Number) -> Any:
        return await _one(info, VOLUNTEER, "volunteer_no", volunteer_no)

    @root(
        to=MANAGERS,
        description="Volunteers (志愿者列表)",
        graphql_type=VolunteerConnection,
        hints=(CONNECTION,),
    )
    @staticmethod
    async def volunteers(
        info: Info,
        *,
        filter: VolunteerFilter | None = None,
        order_by: VolunteerOrder = VolunteerOrder.NAME,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        return await _list(info, VOLUNTEER, order_by.value, filter, Cut(first, after, last, before))

    @root(
        to=PERSONS,
        description="Service records (志愿服务记录列表)",
        graphql_type=ServiceRecordConnection,
        hints=(CONNECTION,),
    )
    @staticmethod
    async def service_records(
        info: Info,
        *,
        filter: ServiceRecordFilter | None = None,
        order_by: ServiceRecordOrder = ServiceRecordOrder.LATEST,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        cut = Cut(first, after, last, before)
        return await _list(info, SERVICE_RECORD, order_by.value, filter, cut)

    @root(
        to=PERSONS,
        description="Reviews (审核列表)",
        graphql_type=ReviewConnection,
        hints=(CONNECTION,),
    )
    @staticmethod
    async def reviews(
        info: Info,
        *,
        filter: ReviewFilter | None = None,
        order_by: ReviewOrder = ReviewOrder.OLDEST,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        return await _list(info, REVIEW, order_by.value, filter, Cut(first, after, last, before))

    @root(
        to=EVERYONE,
        description="Station of a host name, without one the request's (分站)",
        graphql_type=Station | None,
        hints=(BRIEFLY,),
    )
    @staticmethod
    async def station(info: Info, host: str | None = None) -> Any:
        return await _one(info, STATION, "host", info.context.host if host is None else host)

    @root(
        to=EVERYONE,
        description="Enabled categories of service (服务类别列表)",
        graphql_type=list[ServiceCategory],
        hints=(sized(PAGE), FOR_TODAY),
    )
    @staticmethod
    async def service_categories(info: Info) -> Any:
        return await info.context.loaders.service_categories()

    @root(
        to=OVERSEERS,
        description="Why the viewer may or may not do something (权限说明)",
        graphql_type=AccessExplanation | None,
    )
    @staticmethod
    async def explain_access(info: Info, action: Action, id: strawberry.ID) -> Any:
        context, (entity, number) = info.context, decode(id, field="id")
        return await explain_access(
            context.snapshot, context.viewer, action, entity, number, policy=context.policy
        )


async def _one(info: Info, entity: Entity, column: str, key: str) -> Row | None:
    if not is_storable(key):
        return None
    row = entity.row.only(selected(info) & frozenset(entity.row.__columns__))
    (found,) = await info.context.loaders.rows(entity, [key], key=column, row=row)
    return found


async def _list(info: Info, entity: Entity, order: str, given: Any, cut: Cut) -> Page:
    args = page_args(info, entity, entity.orders[order], cut)
    filters = await given.filters(info) if given is not None else NO_FILTERS
    return await info.context.loaders.page(entity, args.narrowed(filters.chosen, filters.values))


async def _hub(info: Info, code: str) -> Row | None:
    if not is_storable(code):
        return None
    row = TEAM.row.only(selected(info) & frozenset(TEAM.row.__columns__))
    return await info.context.loaders.hub_of_region(region_code(code), row)


async def _node(info: Info, global_id: str) -> Row | None:
    return (await _nodes(info, [global_id]))[0]


async def _nodes(info: Info, global_ids: Sequence[str]) -> list[Row | None]:
    """The row of each id, in order, by one statement for each type among them.

    SECURITY: a type that is hidden, or that there never was, is looked up like any other and
    found empty, so that its ids answer as those of rows that are missing.
    """
    decoded = [decode(each, field="id") for each in global_ids]
    found: dict[tuple[str, int], Row | None] = {}
    for name in dict.fromkeys(name for name, _ in decoded):
        numbers = [number for each, number in decoded if each == name]
        entity = ENTITIES[name] if name in IDENTIFIED else TEAM
        scope = name if name in IDENTIFIED else NO_ENTITY
        rows = await info.context.loaders.rows(entity, numbers, scope=scope)
        found.update(((name, number), row) for number, row in zip(numbers, rows, strict=True))
    return [found[each] for each in decoded]
