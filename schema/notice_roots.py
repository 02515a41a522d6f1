"""Notices: parts of the query root and of the mutation root."""

from typing import Any

from db.queries.entities import NOTICE
from resolvers.notices import issue_notice, mark_notices_read, withdraw_notice
from schema.caching import BRIEFLY
from schema.costs import CONNECTION
from schema.ids import number_of
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.notices import (
    IssueNoticeInput,
    MarkNoticesReadInput,
    NoticeFilter,
    WithdrawNoticeInput,
)
from schema.pagination import NO_FILTERS, After, Before, Cut, First, Last, page_args
from schema.payloads.notices import MarkNoticesReadPayload, NoticePayload
from schema.types.notice import NoticeConnection
from schema.visibility import EVERYONE, PERSONS, object_type, root


@object_type(to=EVERYONE, description="Notices (通知公告)")
class NoticeQueries:
    """Queries of notices."""

    @root(
        to=EVERYONE,
        description="Notices to the viewer and of the viewer, the newest first (通知列表)",
        graphql_type=NoticeConnection,
        hints=(CONNECTION, BRIEFLY),
    )
    @staticmethod
    async def notices(
        info: Info,
        *,
        filter: NoticeFilter | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        args = page_args(info, NOTICE, NOTICE.orders["NEWEST"], Cut(first, after, last, before))
        filters = await filter.filters(info) if filter is not None else NO_FILTERS
        narrowed = args.narrowed(filters.chosen, filters.values)
        return await info.context.loaders.page(NOTICE, narrowed)


@object_type(to=PERSONS, description="What is done about notices (通知办理)")
class NoticeMutations:
    """Fields of the mutation root."""

    @root(
        to=PERSONS,
        description="Issue a notice, as a hub, department or station (发布通知)",
        graphql_type=NoticePayload,
    )
    @staticmethod
    async def issue_notice(info: Info, input: IssueNoticeInput) -> Any:
        context = info.context
        outcome = await issue_notice(
            context.database,
            context.viewer,
            input.notice,
            or_none(input.idempotency_key),
            station=context.certificates.station,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(to=PERSONS, description="Withdraw a notice (撤回通知)", graphql_type=NoticePayload)
    @staticmethod
    async def withdraw_notice(info: Info, input: WithdrawNoticeInput) -> Any:
        context = info.context
        outcome = await withdraw_notice(
            context.database,
            context.viewer,
            number_of(input.notice_id, "Notice", field="input.noticeId"),
            input.reason,
            or_none(input.idempotency_key),
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=PERSONS,
        description="Mark notices as read (标记通知已读)",
        graphql_type=MarkNoticesReadPayload,
    )
    @staticmethod
    async def mark_notices_read(info: Info, input: MarkNoticesReadInput) -> Any:
        context = info.context
        outcome = await mark_notices_read(
            context.database,
            context.viewer,
            [number_of(each, "Notice", field="input.ids") for each in input.ids],
            or_none(input.idempotency_key),
        )
        await context.wrote(outcome.consistency_token)
        return outcome
