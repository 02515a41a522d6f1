"""Exports: fields of the mutation root and of the query root."""

from typing import Annotated, Any

import strawberry

from db.clock import CHINA
from resolvers.exports.asking import (
    ReportWish,
    StatisticsWish,
    ask_for_report,
    ask_for_statistics,
    get_export,
    list_exports,
)
from schema.costs import sized
from schema.ids import decode, number_of
from schema.info import Info
from schema.inputs.exports import ExportStatisticsInput, ExportYearlyReportInput
from schema.inputs.left_out import or_none
from schema.payloads.exports import ExportPayload
from schema.region_named import region_named
from schema.types.export import Export
from schema.visibility import EVERYONE, MANAGERS, OVERSEERS, argument, object_type, root

NO_REGION = 0
"""No region's id: an unknown code is answered as a hidden region is."""


@object_type(to=EVERYONE, description="What is taken out (导出变更)")
class ExportMutations:
    """Fields of the mutation root."""

    @root(
        to=OVERSEERS,
        description="Ask for figures of a region as a file (导出统计)",
        graphql_type=ExportPayload,
    )
    @staticmethod
    async def export_statistics(info: Info, input: ExportStatisticsInput) -> Any:
        context = info.context
        wish = StatisticsWish(
            region_id=await _region(info, input.region_code), since=input.since, until=input.until
        )
        outcome = await ask_for_statistics(
            context.database,
            context.viewer,
            wish,
            input.format,
            or_none(input.idempotency_key),
            today=context.now.astimezone(CHINA).date(),
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=MANAGERS,
        description="Ask for an organisation's yearly report as a file (导出年度报告)",
        graphql_type=ExportPayload,
    )
    @staticmethod
    async def export_yearly_report(info: Info, input: ExportYearlyReportInput) -> Any:
        context = info.context
        wish = ReportWish(
            team_id=number_of(input.team_id, "Team", field="input.teamId"), year=input.year
        )
        outcome = await ask_for_report(
            context.database,
            context.viewer,
            wish,
            input.format,
            or_none(input.idempotency_key),
            policy=context.policy,
            today=context.now.astimezone(CHINA).date(),
        )
        await context.wrote(outcome.consistency_token)
        return outcome


@object_type(to=EVERYONE, description="Exports (导出)")
class ExportQueries:
    """Fields of the query root."""

    @root(
        to=MANAGERS,
        description="Export that the account asked for (导出任务)",
        graphql_type=Export | None,
    )
    @staticmethod
    async def export(
        info: Info, id: Annotated[strawberry.ID, argument(description="Id of it (导出标识)")]
    ) -> Any:
        name, number = decode(id, field="id")
        return await get_export(info.context, number) if name == "Export" else None

    @root(
        to=MANAGERS,
        description="The account's newest exports (导出任务列表)",
        graphql_type=list[Export],
        hints=(sized(20),),
    )
    @staticmethod
    async def exports(info: Info) -> Any:
        return await list_exports(info.context)


async def _region(info: Info, code: str) -> int:
    region = await region_named(info, code, "id")
    return NO_REGION if region is None else region.id
