"""Contributed articles: parts of the query root and of the mutation root."""

from typing import Any

from db.enums import SubmissionStatus
from db.queries.entities import SUBMISSION
from resolvers.outcomes import Outcome
from resolvers.submissions.editing import settle_submission
from resolvers.submissions.writing import (
    create_submission,
    submit_submission,
    update_submission,
    withdraw_submission,
)
from schema.caching import BRIEFLY
from schema.costs import CONNECTION
from schema.ids import number_of
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.submissions import (
    FIELD,
    CreateSubmissionInput,
    SubmissionFilter,
    SubmissionOpinionInput,
    SubmissionOrderInput,
    UpdateSubmissionInput,
)
from schema.pagination import NO_FILTERS, After, Before, Cut, First, Last, page_args
from schema.payloads.submissions import SubmissionPayload
from schema.types.submission import SubmissionConnection
from schema.visibility import EVERYONE, PERSONS, object_type, root


@object_type(to=EVERYONE, description="Contributed articles (稿件)")
class SubmissionQueries:
    """Queries of articles."""

    @root(
        to=EVERYONE,
        description="Articles, those that came to their state last first (稿件列表)",
        graphql_type=SubmissionConnection,
        hints=(CONNECTION, BRIEFLY),
    )
    @staticmethod
    async def submissions(
        info: Info,
        *,
        filter: SubmissionFilter | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        order = SUBMISSION.orders["LATEST"]
        args = page_args(info, SUBMISSION, order, Cut(first, after, last, before))
        filters = await filter.filters(info) if filter is not None else NO_FILTERS
        narrowed = args.narrowed(filters.chosen, filters.values)
        return await info.context.loaders.page(SUBMISSION, narrowed)


@object_type(to=PERSONS, description="What is done about articles (稿件办理)")
class SubmissionMutations:
    """Fields of the mutation root."""

    @root(to=PERSONS, description="Draft an article (写稿)", graphql_type=SubmissionPayload)
    @staticmethod
    async def create_submission(info: Info, input: CreateSubmissionInput) -> Any:
        context = info.context
        outcome = await create_submission(
            context.database,
            context.viewer,
            number_of(input.team_id, "Team", field="input.teamId"),
            input.article,
            or_none(input.idempotency_key),
        )
        return await _done(info, outcome)

    @root(
        to=PERSONS,
        description="Change a draft or a returned article (改稿)",
        graphql_type=SubmissionPayload,
    )
    @staticmethod
    async def update_submission(info: Info, input: UpdateSubmissionInput) -> Any:
        context = info.context
        outcome = await update_submission(
            context.database,
            context.viewer,
            number_of(input.submission_id, "Submission", field=FIELD),
            input.article,
            or_none(input.idempotency_key),
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=PERSONS,
        description="Hand an article in, to the contact team (投稿)",
        graphql_type=SubmissionPayload,
    )
    @staticmethod
    async def submit_submission(info: Info, input: SubmissionOrderInput) -> Any:
        context = info.context
        outcome = await submit_submission(
            context.database,
            context.viewer,
            number_of(input.submission_id, "Submission", field=FIELD),
            or_none(input.idempotency_key),
            now=context.now,
        )
        return await _done(info, outcome)

    @root(to=PERSONS, description="Take an own article back (撤稿)", graphql_type=SubmissionPayload)
    @staticmethod
    async def withdraw_submission(info: Info, input: SubmissionOrderInput) -> Any:
        context = info.context
        outcome = await withdraw_submission(
            context.database,
            context.viewer,
            number_of(input.submission_id, "Submission", field=FIELD),
            or_none(input.idempotency_key),
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=PERSONS,
        description="Publish an article, as the station's editor (发布稿件)",
        graphql_type=SubmissionPayload,
    )
    @staticmethod
    async def publish_submission(info: Info, input: SubmissionOrderInput) -> Any:
        return await _settle(info, input, SubmissionStatus.PUBLISHED, None)

    @root(
        to=PERSONS,
        description="Return an article to its author, as the station's editor (退稿)",
        graphql_type=SubmissionPayload,
    )
    @staticmethod
    async def return_submission(info: Info, input: SubmissionOpinionInput) -> Any:
        return await _settle(info, input, SubmissionStatus.RETURNED, input.opinion)

    @root(
        to=PERSONS,
        description="Take a published article offline, as the station's editor (稿件下线)",
        graphql_type=SubmissionPayload,
    )
    @staticmethod
    async def take_submission_offline(info: Info, input: SubmissionOpinionInput) -> Any:
        return await _settle(info, input, SubmissionStatus.OFFLINE, input.opinion)


async def _settle(
    info: Info,
    input: SubmissionOrderInput | SubmissionOpinionInput,
    to: SubmissionStatus,
    opinion: str | None,
) -> Outcome:
    context = info.context
    outcome = await settle_submission(
        context.database,
        context.viewer,
        number_of(input.submission_id, "Submission", field=FIELD),
        to,
        or_none(input.idempotency_key),
        opinion=opinion,
        now=context.now,
    )
    return await _done(info, outcome)


async def _done(info: Info, outcome: Outcome) -> Outcome:
    await info.context.wrote(outcome.consistency_token)
    return outcome
