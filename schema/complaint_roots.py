"""Complaints: parts of the query root and of the mutation root."""

from typing import Any

from db.enums import ComplaintStatus
from db.queries.entities import COMPLAINT
from resolvers.complaints.answering import appeal_complaint, close_complaint
from resolvers.complaints.deciding import decide_complaint
from resolvers.complaints.handling import advance_complaint, transfer_complaint
from resolvers.complaints.submitting import submit_complaint
from resolvers.outcomes import Outcome
from schema.costs import CONNECTION
from schema.ids import number_of
from schema.info import Info
from schema.inputs.complaints import (
    FIELD,
    AppealComplaintInput,
    CloseComplaintInput,
    ComplaintFilter,
    ComplaintOrderInput,
    DecideComplaintInput,
    SubmitComplaintInput,
    TransferComplaintInput,
)
from schema.inputs.left_out import or_none
from schema.pagination import NO_FILTERS, After, Before, Cut, First, Last, page_args
from schema.payloads.complaints import ComplaintPayload
from schema.types.complaint import ComplaintConnection
from schema.visibility import MANAGERS, PERSONS, object_type, root


@object_type(to=PERSONS, description="Complaints (投诉举报)")
class ComplaintQueries:
    """Queries of complaints."""

    @root(
        to=PERSONS,
        description="Own complaints, and those to handle, the oldest first (投诉列表)",
        graphql_type=ComplaintConnection,
        hints=(CONNECTION,),
    )
    @staticmethod
    async def complaints(
        info: Info,
        *,
        filter: ComplaintFilter | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        order = COMPLAINT.orders["OLDEST"]
        args = page_args(info, COMPLAINT, order, Cut(first, after, last, before))
        filters = await filter.filters(info) if filter is not None else NO_FILTERS
        narrowed = args.narrowed(filters.chosen, filters.values)
        return await info.context.loaders.page(COMPLAINT, narrowed)


@object_type(to=PERSONS, description="What is done about complaints (投诉办理)")
class ComplaintMutations:
    """Fields of the mutation root."""

    @root(
        to=PERSONS,
        description="Complain about a team, project, volunteer, record or certificate (提交投诉)",
        graphql_type=ComplaintPayload,
    )
    @staticmethod
    async def submit_complaint(info: Info, input: SubmitComplaintInput) -> Any:
        context = info.context
        outcome = await submit_complaint(
            context.database, context.viewer, input.case, or_none(input.idempotency_key)
        )
        return await _done(info, outcome)

    @root(to=MANAGERS, description="Take a complaint on (受理)", graphql_type=ComplaintPayload)
    @staticmethod
    async def accept_complaint(info: Info, input: ComplaintOrderInput) -> Any:
        return await _advance(info, input, ComplaintStatus.ACCEPTED)

    @root(
        to=MANAGERS,
        description="Begin to look into a complaint (调查)",
        graphql_type=ComplaintPayload,
    )
    @staticmethod
    async def investigate_complaint(info: Info, input: ComplaintOrderInput) -> Any:
        return await _advance(info, input, ComplaintStatus.INVESTIGATING)

    @root(
        to=MANAGERS,
        description="Hand a complaint on to who is competent (转办)",
        graphql_type=ComplaintPayload,
    )
    @staticmethod
    async def transfer_complaint(info: Info, input: TransferComplaintInput) -> Any:
        context = info.context
        outcome = await transfer_complaint(
            context.database,
            context.viewer,
            input.transfer,
            or_none(input.idempotency_key),
            policy=context.policy,
        )
        return await _done(info, outcome)

    @root(
        to=MANAGERS,
        description="Uphold a complaint with a measure, or dismiss it (办结投诉)",
        graphql_type=ComplaintPayload,
    )
    @staticmethod
    async def decide_complaint(info: Info, input: DecideComplaintInput) -> Any:
        context = info.context
        outcome = await decide_complaint(
            context.database,
            context.viewer,
            input.ruling,
            or_none(input.idempotency_key),
            policy=context.policy,
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=PERSONS,
        description="Take a decided complaint to the superior (申诉)",
        graphql_type=ComplaintPayload,
    )
    @staticmethod
    async def appeal_complaint(info: Info, input: AppealComplaintInput) -> Any:
        context = info.context
        outcome = await appeal_complaint(
            context.database,
            context.viewer,
            number_of(input.complaint_id, "Complaint", field=FIELD),
            input.reason,
            or_none(input.idempotency_key),
            policy=context.policy,
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=PERSONS,
        description="Accept what was decided on an own complaint (结案)",
        graphql_type=ComplaintPayload,
    )
    @staticmethod
    async def close_complaint(info: Info, input: CloseComplaintInput) -> Any:
        context = info.context
        outcome = await close_complaint(
            context.database,
            context.viewer,
            number_of(input.complaint_id, "Complaint", field=FIELD),
            or_none(input.idempotency_key),
            policy=context.policy,
        )
        return await _done(info, outcome)


async def _advance(info: Info, input: ComplaintOrderInput, to: ComplaintStatus) -> Outcome:
    context = info.context
    outcome = await advance_complaint(
        context.database,
        context.viewer,
        number_of(input.complaint_id, "Complaint", field=FIELD),
        to,
        or_none(input.idempotency_key),
        policy=context.policy,
    )
    return await _done(info, outcome)


async def _done(info: Info, outcome: Outcome) -> Outcome:
    await info.context.wrote(outcome.consistency_token)
    return outcome
