"""Payloads of what is done about certificates, and of checking one."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from strawberry import ID

from db.queries.entities import CERTIFICATE
from resolvers.certificate_checks import CertificateCheck, CheckState
from resolvers.certificate_issuing import IssueOutcome
from resolvers.outcomes import Outcome
from schema.hours import hours
from schema.ids import encode
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.references import referred
from schema.types.record import Certificate
from schema.visibility import (
    EVERYONE,
    PERSONS,
    TEAMS,
    attribute,
    batched,
    enum_type,
    object_type,
)

enum_type(to=EVERYONE, description="What a check of a certificate comes to (查验结果)")(CheckState)


@object_type(to=PERSONS, description="Outcome of changing a certificate (证明办理结果)")
class CertificatePayload:
    """The outcome of printing, asking, declining or revoking; the objects are ``Outcome``."""

    @batched(Certificate | None, to=PERSONS, description="Certificate as it now is (证明)")
    @staticmethod
    async def certificate(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, CERTIFICATE, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=PERSONS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=TEAMS, description="What came of one request (单项出具结果)")
class IssueResult:
    """What came of one request; the objects are ``IssueOutcome``."""

    @batched(ID, to=TEAMS, description="Global id that was given (证明标识)")
    @staticmethod
    def certificate_id(parents: Sequence[IssueOutcome]) -> list[ID]:
        return [encode("Certificate", each.certificate_id) for each in parents]

    @batched(Certificate | None, to=TEAMS, description="Certificate as it now is (证明)")
    @staticmethod
    async def certificate(parents: Sequence[IssueOutcome], info: Info) -> Any:
        return await referred(info, CERTIFICATE, [each.certificate_id for each in parents])

    @batched(list[UserErrorType], to=TEAMS, description="Why it was not issued (错误)")
    @staticmethod
    def user_errors(parents: Sequence[IssueOutcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=TEAMS, description="Outcome of issuing certificates (出具结果)")
class IssueCertificatesPayload:
    """The outcome of issuing certificates; the object is ``IssuesOutcome``."""

    items: list[IssueResult] = attribute(
        to=TEAMS, description="What came of each, in the order given (逐项结果)", name="results"
    )
    errors: list[UserErrorType] = attribute(
        to=TEAMS, description="What was wrong with the whole (错误)", name="userErrors"
    )


@object_type(
    to=EVERYONE,
    description="What anybody may learn of a certificate (查验)",
    name="CertificateCheck",
)
class CertificateCheckType:
    """A check of a certificate; the objects are ``CertificateCheck``."""

    state: CheckState = attribute(to=EVERYONE, description="What it comes to (查验结果)")
    masked_name: str | None = attribute(to=EVERYONE, description="Name, masked (姓名)")
    remark: str | None = attribute(to=EVERYONE, description="Remark of the issuer (备注)")

    @batched(Decimal | None, to=EVERYONE, description="Certified time in hours (服务时长, 小时)")
    @staticmethod
    def hours(parents: Sequence[CertificateCheck]) -> list[Decimal | None]:
        return [None if each.minutes is None else hours(each.minutes) for each in parents]
