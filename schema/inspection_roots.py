"""Random checks: fields of the mutation root and of the query root."""

from typing import Annotated, Any

from db.clock import CHINA
from db.queries.inspections.entities import INSPECTION
from permissions.errors import LimitExceeded
from resolvers.inspections.drawing import Draw, draw_inspection
from resolvers.inspections.examining import (
    cancel_inspection,
    publish_inspection,
    record_findings,
)
from resolvers.inspections.materials import ask_materials, hand_in_materials
from resolvers.inspections.measures import take_measure
from resolvers.inspections.reading import MOST_OVERDUE, list_overdue
from resolvers.outcomes import Outcome
from schema.costs import CONNECTION, given
from schema.ids import number_of
from schema.info import Info
from schema.inputs.inspections import (
    AskInspectionMaterialsInput,
    CancelInspectionInput,
    DrawInspectionInput,
    HandInInspectionMaterialsInput,
    InspectionFilter,
    PublishInspectionInput,
    RecordInspectionFindingsInput,
    TakeInspectionMeasureInput,
)
from schema.inputs.left_out import or_none
from schema.pagination import NO_FILTERS, After, Before, Cut, First, Last, page_args
from schema.payloads.inspections import InspectionPayload
from schema.region_named import region_named
from schema.types.inspection import DEPARTMENTS, InspectionConnection, OverdueInspectionPart
from schema.visibility import EVERYONE, TEAMS, argument, object_type, root

FIELD = "input.inspectionId"
HowMany = Annotated[int, argument(description="How many at most, up to 500 (最多几项)")]


@object_type(to=EVERYONE, description="Random checks (随机抽查)")
class InspectionQueries:
    """Fields of the query root."""

    @root(
        to=EVERYONE,
        description="Random checks, the newest first; results are public (随机抽查列表)",
        graphql_type=InspectionConnection,
        hints=(CONNECTION,),
    )
    @staticmethod
    async def inspections(
        info: Info,
        *,
        filter: InspectionFilter | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        order = INSPECTION.orders["NEWEST"]
        args = page_args(info, INSPECTION, order, Cut(first, after, last, before))
        filters = await filter.filters(info) if filter is not None else NO_FILTERS
        narrowed = args.narrowed(filters.chosen, filters.values)
        return await info.context.loaders.page(INSPECTION, narrowed)

    @root(
        to=DEPARTMENTS,
        description="Teams of the region's checks that are overdue, the longest first (逾期团体)",
        graphql_type=list[OverdueInspectionPart],
        hints=(given("first", 100),),
    )
    @staticmethod
    async def overdue_inspection_parts(info: Info, first: HowMany = 100) -> Any:
        if not 0 <= first <= MOST_OVERDUE:
            raise LimitExceeded("pageSize", f"At most {MOST_OVERDUE} at a time.")
        today = info.context.now.astimezone(CHINA).date()
        return await list_overdue(info.context, today=today, most=first)


@object_type(to=EVERYONE, description="What is done about random checks (抽查办理)")
class InspectionMutations:
    """Fields of the mutation root."""

    @root(
        to=DEPARTMENTS,
        description="Draw records and certificates of a region's teams at random (随机抽取)",
        graphql_type=InspectionPayload,
    )
    @staticmethod
    async def draw_inspection(info: Info, input: DrawInspectionInput) -> Any:
        context = info.context
        region = await region_named(info, input.region_code)
        wish = Draw(
            region_id=None if region is None else region.id,
            title=input.title.strip(),
            kind=input.kind,
            since=input.since,
            until=input.until,
            size=input.size,
            team_ids=input.teams,
        )
        outcome = await draw_inspection(
            context.database,
            context.viewer,
            wish,
            or_none(input.idempotency_key),
            today=context.now.astimezone(CHINA).date(),
        )
        return await _done(info, outcome)

    @root(
        to=DEPARTMENTS,
        description="Ask the teams of a check for materials, by a day (要求提交材料)",
        graphql_type=InspectionPayload,
    )
    @staticmethod
    async def ask_inspection_materials(info: Info, input: AskInspectionMaterialsInput) -> Any:
        context = info.context
        outcome = await ask_materials(
            context.database,
            context.viewer,
            number_of(input.inspection_id, "Inspection", field=FIELD),
            input.due_on,
            or_none(input.idempotency_key),
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=TEAMS,
        description="Hand in the own team's materials for a check (提交抽查材料)",
        graphql_type=InspectionPayload,
    )
    @staticmethod
    async def hand_in_inspection_materials(
        info: Info, input: HandInInspectionMaterialsInput
    ) -> Any:
        context = info.context
        outcome = await hand_in_materials(
            context.database,
            context.viewer,
            input.handed,
            or_none(input.idempotency_key),
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=DEPARTMENTS,
        description="Record what was found of items of a check (录入检查结论)",
        graphql_type=InspectionPayload,
    )
    @staticmethod
    async def record_inspection_findings(info: Info, input: RecordInspectionFindingsInput) -> Any:
        context = info.context
        outcome = await record_findings(
            context.database,
            context.viewer,
            number_of(input.inspection_id, "Inspection", field=FIELD),
            [each.found for each in input.findings],
            or_none(input.idempotency_key),
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=DEPARTMENTS,
        description="Publish the result of a check (公开抽查结果)",
        graphql_type=InspectionPayload,
    )
    @staticmethod
    async def publish_inspection(info: Info, input: PublishInspectionInput) -> Any:
        context = info.context
        outcome = await publish_inspection(
            context.database,
            context.viewer,
            number_of(input.inspection_id, "Inspection", field=FIELD),
            or_none(input.summary),
            or_none(input.idempotency_key),
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=DEPARTMENTS,
        description="Cancel a check, with a reason (取消抽查)",
        graphql_type=InspectionPayload,
    )
    @staticmethod
    async def cancel_inspection(info: Info, input: CancelInspectionInput) -> Any:
        context = info.context
        outcome = await cancel_inspection(
            context.database,
            context.viewer,
            number_of(input.inspection_id, "Inspection", field=FIELD),
            input.reason,
            or_none(input.idempotency_key),
        )
        return await _done(info, outcome)

    @root(
        to=DEPARTMENTS,
        description="Warn or suspend a team, void or revoke an item, after a bad finding (处理)",
        graphql_type=InspectionPayload,
    )
    @staticmethod
    async def take_inspection_measure(info: Info, input: TakeInspectionMeasureInput) -> Any:
        context = info.context
        outcome = await take_measure(
            context.database,
            context.viewer,
            input.measure,
            or_none(input.idempotency_key),
            policy=context.policy,
            now=context.now,
        )
        return await _done(info, outcome)


async def _done(info: Info, outcome: Outcome) -> Outcome:
    await info.context.wrote(outcome.consistency_token)
    return outcome
