"""Payloads of what is done about needs, offers and answers."""

from collections.abc import Sequence
from typing import Any

from db.queries.matching.entities import NEED, NEED_ANSWER, OFFER
from resolvers.outcomes import Outcome
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.references import referred
from schema.types.matching import Need, NeedAnswer, Offer
from schema.visibility import PERSONS, batched, object_type


@object_type(to=PERSONS, description="Outcome of changing a need (需求操作结果)")
class NeedPayload:
    """What was done to a need; the objects are ``Outcome``."""

    @batched(Need | None, to=PERSONS, description="Need as it now is (需求)")
    @staticmethod
    async def need(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, NEED, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=PERSONS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=PERSONS, description="Outcome of changing an offer (供给操作结果)")
class OfferPayload:
    """What was done to an offer; the objects are ``Outcome``."""

    @batched(Offer | None, to=PERSONS, description="Offer as it now is (供给)")
    @staticmethod
    async def offer(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, OFFER, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=PERSONS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=PERSONS, description="Outcome of changing an answer (对接意向操作结果)")
class NeedAnswerPayload:
    """What was done to an answer; the objects are ``Outcome``."""

    @batched(NeedAnswer | None, to=PERSONS, description="Answer as it now is (对接意向)")
    @staticmethod
    async def need_answer(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, NEED_ANSWER, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=PERSONS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]
