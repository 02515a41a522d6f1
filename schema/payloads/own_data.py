"""Payloads of consents, corrections, copies and erasure."""

from collections.abc import Sequence
from typing import Any

from strawberry import ID
from strawberry.scalars import JSON

from resolvers.outcomes import Outcome
from resolvers.own_data import OwnData
from schema.ids import encode
from schema.payloads.user_error import UserErrorType
from schema.types.own_data import CORRECTING
from schema.visibility import PERSONS, VOLUNTEERS, batched, object_type


def _errors_of(parents: Sequence[Outcome]) -> list[Any]:
    return [each.errors for each in parents]


def _ids_of(type_name: str, parents: Sequence[Outcome]) -> list[ID | None]:
    return [
        None if each.subject_id is None else encode(type_name, each.subject_id) for each in parents
    ]


@object_type(to=VOLUNTEERS, description="Outcome about a consent (同意结果)")
class ConsentPayload:
    """The outcome of giving or withdrawing; the objects are ``Outcome``."""

    @batched(ID | None, to=VOLUNTEERS, description="Global id of the consent (同意标识)")
    @staticmethod
    def consent_id(parents: Sequence[Outcome]) -> list[ID | None]:
        return _ids_of("Consent", parents)

    @batched(list[UserErrorType], to=VOLUNTEERS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return _errors_of(parents)


@object_type(to=CORRECTING, description="Outcome about a correction (更正结果)")
class CorrectionPayload:
    """The outcome of asking, taking back or deciding; the objects are ``Outcome``."""

    @batched(ID | None, to=CORRECTING, description="Global id of the request (更正申请标识)")
    @staticmethod
    def correction_id(parents: Sequence[Outcome]) -> list[ID | None]:
        return _ids_of("Correction", parents)

    @batched(list[UserErrorType], to=CORRECTING, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return _errors_of(parents)


@object_type(to=VOLUNTEERS, description="Copy of what is kept about the person (个人信息副本)")
class OwnDataPayload:
    """The copy; the objects are ``OwnData``."""

    @batched(JSON, to=VOLUNTEERS, description="Everything, by what it is (个人信息)")
    @staticmethod
    def data(parents: Sequence[OwnData]) -> list[Any]:
        return [each.data for each in parents]


@object_type(to=VOLUNTEERS, description="Outcome of erasing (删除结果)")
class EraseVolunteerPayload:
    """The outcome of erasing; the objects are ``Outcome``."""

    @batched(bool, to=VOLUNTEERS, description="Whether the person was erased (是否已删除)")
    @staticmethod
    def erased(parents: Sequence[Outcome]) -> list[bool]:
        return [each.subject_id is not None for each in parents]

    @batched(list[UserErrorType], to=VOLUNTEERS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return _errors_of(parents)


@object_type(to=PERSONS, description="Outcome of marking messages (标记通知结果)")
class NotificationsPayload:
    """The outcome of marking messages; the objects are ``Outcome``."""

    @batched(list[UserErrorType], to=PERSONS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return _errors_of(parents)
