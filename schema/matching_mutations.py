"""What is done about needs, offers and answers: fields of the mutation root."""

from typing import Any

from resolvers.matching.answering import answer_need, invite_offer
from resolvers.matching.closing import close_need, close_offer
from resolvers.matching.deciding import decide_answer, withdraw_answer
from resolvers.matching.publishing import publish_need, publish_offer
from resolvers.outcomes import Outcome
from schema.ids import number_of
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.match_answers import (
    AnswerNeedInput,
    CloseNeedInput,
    CloseOfferInput,
    DecideNeedAnswerInput,
    InviteOfferInput,
    WithdrawNeedAnswerInput,
)
from schema.inputs.matching import OFFERERS, PublishNeedInput, PublishOfferInput
from schema.payloads.matching import NeedAnswerPayload, NeedPayload, OfferPayload
from schema.visibility import EVERYONE, MANAGERS, PERSONS, TEAMS, object_type, root

FIELD = "input.answerId"


@object_type(to=EVERYONE, description="What is done about needs and offers (供需对接办理)")
class MatchingMutations:
    """Fields of the mutation root."""

    @root(
        to=TEAMS,
        description="Publish what the own team looks for (发布服务需求)",
        graphql_type=NeedPayload,
    )
    @staticmethod
    async def publish_need(info: Info, input: PublishNeedInput) -> Any:
        context = info.context
        outcome = await publish_need(
            context.database,
            context.viewer,
            await input.form(info),
            or_none(input.idempotency_key),
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=OFFERERS,
        description="Publish what the own team, or oneself, offers (发布服务供给)",
        graphql_type=OfferPayload,
    )
    @staticmethod
    async def publish_offer(info: Info, input: PublishOfferInput) -> Any:
        context = info.context
        outcome = await publish_offer(
            context.database,
            context.viewer,
            await input.form(info),
            or_none(input.idempotency_key),
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=MANAGERS,
        description="Close a need; from above, with a reason (关闭服务需求)",
        graphql_type=NeedPayload,
    )
    @staticmethod
    async def close_need(info: Info, input: CloseNeedInput) -> Any:
        context = info.context
        outcome = await close_need(
            context.database,
            context.viewer,
            input.closing,
            or_none(input.idempotency_key),
            policy=context.policy,
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=PERSONS,
        description="Close an offer; from above, with a reason (关闭服务供给)",
        graphql_type=OfferPayload,
    )
    @staticmethod
    async def close_offer(info: Info, input: CloseOfferInput) -> Any:
        context = info.context
        outcome = await close_offer(
            context.database,
            context.viewer,
            input.closing,
            or_none(input.idempotency_key),
            policy=context.policy,
        )
        return await _done(info, outcome)

    @root(
        to=OFFERERS,
        description="Answer a need: the own team, or oneself, would help (响应服务需求)",
        graphql_type=NeedAnswerPayload,
    )
    @staticmethod
    async def answer_need(info: Info, input: AnswerNeedInput) -> Any:
        context = info.context
        outcome = await answer_need(
            context.database,
            context.viewer,
            input.wish,
            or_none(input.idempotency_key),
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=TEAMS,
        description="Ask who made an offer to help with an own need (邀约服务供给)",
        graphql_type=NeedAnswerPayload,
    )
    @staticmethod
    async def invite_offer(info: Info, input: InviteOfferInput) -> Any:
        context = info.context
        outcome = await invite_offer(
            context.database,
            context.viewer,
            input.wish,
            or_none(input.idempotency_key),
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=OFFERERS,
        description="Accept or decline an answer that the other side made (处理对接意向)",
        graphql_type=NeedAnswerPayload,
    )
    @staticmethod
    async def decide_need_answer(info: Info, input: DecideNeedAnswerInput) -> Any:
        context = info.context
        outcome = await decide_answer(
            context.database,
            context.viewer,
            number_of(input.answer_id, "NeedAnswer", field=FIELD),
            or_none(input.reason),
            or_none(input.idempotency_key),
            accept=input.accept,
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=OFFERERS,
        description="Take an answer back; an accepted one, either side (撤回对接意向)",
        graphql_type=NeedAnswerPayload,
    )
    @staticmethod
    async def withdraw_need_answer(info: Info, input: WithdrawNeedAnswerInput) -> Any:
        context = info.context
        outcome = await withdraw_answer(
            context.database,
            context.viewer,
            number_of(input.answer_id, "NeedAnswer", field=FIELD),
            or_none(input.reason),
            or_none(input.idempotency_key),
            now=context.now,
        )
        return await _done(info, outcome)


async def _done(info: Info, outcome: Outcome) -> Outcome:
    await info.context.wrote(outcome.consistency_token)
    return outcome
