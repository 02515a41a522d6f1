"""Ends of certificates: a request declined, an issued certificate revoked; each has a reason."""

from collections.abc import Mapping
from dataclasses import dataclass

from db.enums import CertificateStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries import certificates as queries
from db.queries.entities import CERTIFICATE
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import Policy
from permissions.errors import Forbidden, UserErrorCode
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, require_account
from resolvers.acting_now import as_of_now
from resolvers.outcomes import Outcome, succeeded
from resolvers.rules import certificate_states
from resolvers.texts import line_errors

LONGEST_REASON = 200
FIELD = "certificateId"

# What each end is called, and what asks for it.
ENDS = {
    CertificateStatus.DECLINED: (Action.CERTIFICATE_ISSUE, "certificate.declined"),
    CertificateStatus.REVOKED: (Action.CERTIFICATE_REVOKE, "certificate.revoked"),
}


@dataclass(frozen=True, slots=True)
class Ending:
    """Which certificate comes to which end, and why."""

    certificate_id: int
    to: CertificateStatus
    reason: str


async def end_certificate(
    database: Writable,
    viewer: Viewer,
    ending: Ending,
    idempotency_key: str | None,
    *,
    policy: Policy,
) -> Outcome:
    """The certificate, declined or revoked; what was signed stays as it is.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: the viewer may see it and may not do this.
    """
    require_account(viewer)
    certificate_id, to, why = ending.certificate_id, ending.to, ending.reason.strip()
    action, name = ENDS[to]

    async def work(write: Write) -> Mapping[str, Json]:
        if certificate_id not in await ids_in_scope(write, viewer, CERTIFICATE, [certificate_id]):
            raise Refused.because(UserErrorCode.NOT_FOUND, FIELD, "No such certificate.")
        if not why:
            raise Refused.because(UserErrorCode.REASON_REQUIRED, "reason", "Say why.")
        if errors := line_errors("reason", why, longest=LONGEST_REASON):
            raise Refused(*errors)
        await write.lock_tree()
        acting = await as_of_now(write, viewer)
        write.locking(Rank.CERTIFICATE)
        locked = (await queries.lock_certificates(write, [certificate_id]))[certificate_id]
        facts = (await gather(write, CERTIFICATE.name, [certificate_id]))[certificate_id]
        decision = decide(action, acting, facts, policy=policy)
        if not decision.allowed:
            raise Forbidden(f"Not yours to do: {decision.because}.")
        if error := certificate_states.CERTIFICATE.refusal(locked.status, to, field=FIELD):
            raise Refused(error)
        await queries.end(write, certificate_id, to, why)
        write.record(
            DomainEvent(
                name=name,
                subject_type=SubjectType.CERTIFICATE,
                subject_id=certificate_id,
                because=decision.because,
                payload={"volunteerId": locked.volunteer_id, "teamId": locked.team_id},
            )
        )
        return succeeded(certificate_id)

    given = {"id": certificate_id, "to": to.value, "reason": why}
    request = Request(action=name, key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)
