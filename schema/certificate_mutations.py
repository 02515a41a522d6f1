"""What is done about certificates: fields of the mutation root."""

from typing import Any

from db.enums import CertificateStatus
from resolvers.certificate_ending import Ending, end_certificate
from resolvers.certificate_issuing import Issuing, issue_certificates
from resolvers.certificate_requests import cancel_request, print_certificate, request_certificate
from resolvers.outcomes import Outcome
from schema.ids import number_of
from schema.info import Info
from schema.inputs.certificates import (
    CancelCertificateRequestInput,
    DeclineCertificateInput,
    IssueCertificatesInput,
    PrintCertificateInput,
    RequestCertificateInput,
    RevokeCertificateInput,
)
from schema.inputs.left_out import or_none
from schema.payloads.certificates import CertificatePayload, IssueCertificatesPayload
from schema.visibility import EVERYONE, PERSONS, TEAMS, VOLUNTEERS, object_type, root

FIELD = "input.certificateId"


@object_type(to=EVERYONE, description="What is done about certificates (证明办理)")
class CertificateMutations:
    """Fields of the mutation root."""

    @root(
        to=VOLUNTEERS,
        description="Print a certificate of own records; nobody approves it (打印证明)",
        graphql_type=CertificatePayload,
    )
    @staticmethod
    async def print_certificate(info: Info, input: PrintCertificateInput) -> Any:
        context = info.context
        outcome = await print_certificate(
            context.database,
            context.viewer,
            context.certificates,
            input.wish,
            or_none(input.idempotency_key),
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=VOLUNTEERS,
        description="Ask the recording team for a certificate (申请证明)",
        graphql_type=CertificatePayload,
    )
    @staticmethod
    async def request_certificate(info: Info, input: RequestCertificateInput) -> Any:
        context = info.context
        outcome = await request_certificate(
            context.database,
            context.viewer,
            context.certificates,
            input.wish,
            or_none(input.idempotency_key),
            now=context.now,
        )
        return await _done(info, outcome)

    @root(
        to=VOLUNTEERS,
        description="Take a request back (撤回证明申请)",
        graphql_type=CertificatePayload,
    )
    @staticmethod
    async def cancel_certificate_request(info: Info, input: CancelCertificateRequestInput) -> Any:
        context = info.context
        number = number_of(input.certificate_id, "Certificate", field=FIELD)
        outcome = await cancel_request(
            context.database, context.viewer, number, or_none(input.idempotency_key)
        )
        return await _done(info, outcome)

    @root(
        to=TEAMS,
        description="Issue what volunteers asked for (出具证明)",
        graphql_type=IssueCertificatesPayload,
    )
    @staticmethod
    async def issue_certificates(info: Info, input: IssueCertificatesInput) -> Any:
        context = info.context
        ids = [number_of(each, "Certificate", field="input.ids") for each in input.ids]
        outcome = await issue_certificates(
            context.database,
            context.viewer,
            Issuing(ids, or_none(input.remark)),
            or_none(input.idempotency_key),
            desk=context.certificates,
            now=context.now,
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=TEAMS,
        description="Decline a request, with a reason (不予出具证明)",
        graphql_type=CertificatePayload,
    )
    @staticmethod
    async def decline_certificate(info: Info, input: DeclineCertificateInput) -> Any:
        return await _end(info, input, CertificateStatus.DECLINED)

    @root(
        to=PERSONS,
        description="Revoke a certificate, with a reason (撤销证明)",
        graphql_type=CertificatePayload,
    )
    @staticmethod
    async def revoke_certificate(info: Info, input: RevokeCertificateInput) -> Any:
        return await _end(info, input, CertificateStatus.REVOKED)


async def _end(
    info: Info, input: DeclineCertificateInput | RevokeCertificateInput, to: CertificateStatus
) -> Outcome:
    context = info.context
    number = number_of(input.certificate_id, "Certificate", field=FIELD)
    outcome = await end_certificate(
        context.database,
        context.viewer,
        Ending(number, to, input.reason),
        or_none(input.idempotency_key),
        policy=context.policy,
    )
    return await _done(info, outcome)


async def _done(info: Info, outcome: Outcome) -> Outcome:
    await info.context.wrote(outcome.consistency_token)
    return outcome
