"""Issuing what volunteers asked for, one or many at a time: 谁记录谁证明 (DOMAIN §5 row 12)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from db.consistency import ConsistencyToken
from db.enums import CertificateStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries import certificates as queries
from db.queries import certified_records
from db.queries.certificates import CertificateLocked
from db.queries.entities import CERTIFICATE
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import InvalidInput, UserError, UserErrorCode
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import ids_in_scope, require_account
from resolvers.acting_now import as_of_now
from resolvers.certificate_desk import CertificateDesk
from resolvers.certificate_drafting import Drafted, Issuer, drafted, issue_all
from resolvers.outcomes import read_errors, require_key, stored_errors
from resolvers.rules import certificate_states
from resolvers.texts import line_errors

MOST = 1_000
BATCH = 100
LONGEST_REMARK = 100
FIELD = "ids"
# A phone or ID number has no place in what anybody may read.
LONG_NUMBER = re.compile(r"\d[\d\s-]{9,}\d")

NO_SUCH = UserError(UserErrorCode.NOT_FOUND, FIELD, "No such certificate.")
NO_RECORD_LEFT = UserError(
    UserErrorCode.NOTHING_TO_CERTIFY, FIELD, "None of its records is effective any more."
)


@dataclass(frozen=True, slots=True)
class Issuing:
    """Which requests are issued, and a remark that stands on each."""

    ids: Sequence[int]
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class IssueOutcome:
    """What came of one request."""

    certificate_id: int
    errors: Sequence[UserError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuesOutcome:
    """What came of each request, in the order given, or what was wrong with the whole."""

    items: Sequence[IssueOutcome] = ()
    errors: Sequence[UserError] = ()
    consistency_token: ConsistencyToken | None = None


async def issue_certificates(
    database: Writable,
    viewer: Viewer,
    issuing: Issuing,
    idempotency_key: str | None,
    *,
    desk: CertificateDesk,
    now: datetime,
) -> IssuesOutcome:
    """What came of each request; those that may be issued are, whatever becomes of the others.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: the viewer's team may not act any more.
        InvalidInput: no request, or more than may be issued at once.
    """
    require_account(viewer)
    require_key(idempotency_key)
    wanted = list(dict.fromkeys(issuing.ids))
    if not 0 < len(wanted) <= MOST:
        raise InvalidInput(FIELD, f"Issue 1 to {MOST} certificates at a time.")
    remark = (issuing.remark or "").strip() or None
    if errors := _remark_errors(remark):
        return IssuesOutcome(errors=errors)
    async with database.write(
        account_id=viewer.account_id,
        capacity=viewer.capacity,
        action="issueCertificates",
        idempotency_key=idempotency_key,
        input={"ids": wanted, "remark": remark},
    ) as write:
        if not write.is_repeat:
            work = _Work(write, viewer, desk, remark, now)
            refusals = await work.issue(wanted)
            write.outcome = _stored(wanted, refusals)
    return _read(write)


@dataclass(slots=True)
class _Work:
    """One mutation's issuing, a batch at a time, so that memory does not grow with their number."""

    write: Write
    viewer: Viewer
    desk: CertificateDesk
    remark: str | None
    now: datetime

    async def issue(self, ids: Sequence[int]) -> Mapping[int, UserError]:
        """The requests that were not issued, and why."""
        write = self.write
        # SECURITY: a hidden request is a missing one, before anything is said of it.
        seen = await ids_in_scope(write, self.viewer, CERTIFICATE, ids)
        refusals = dict.fromkeys((each for each in ids if each not in seen), NO_SUCH)
        ends = await queries.fetch_ends(write, sorted(seen))
        teams = {team for _, team in ends.values() if team is not None}
        await write.lock_tree()
        await write.lock(Rank.TEAM, teams, shared=True)
        self.viewer = await as_of_now(write, self.viewer)
        await write.lock(Rank.VOLUNTEER, {each for each, _ in ends.values()}, shared=True)
        write.locking(Rank.CERTIFICATE)
        visible = sorted(seen)
        for start in range(0, len(visible), BATCH):
            refusals |= await self._issue_batch(visible[start : start + BATCH])
        return refusals

    async def _issue_batch(self, ids: Sequence[int]) -> Mapping[int, UserError]:
        write, acting = self.write, self.viewer.team
        locked = await queries.lock_certificates(write, ids)
        facts = await gather(write, CERTIFICATE.name, ids)
        linked = await certified_records.fetch_linked(write, ids)
        people = sorted({each.volunteer_id for each in locked.values()})
        holders = await certified_records.fetch_holders(write, people)
        refusals: dict[int, UserError] = {}
        ready: list[Drafted] = []
        for each in ids:
            certificate = locked[each]
            decision = decide(Action.CERTIFICATE_ISSUE, self.viewer, facts[each])
            if not decision.allowed or acting is None:
                message = f"Not yours to issue: {decision.because}."
                refusals[each] = UserError(UserErrorCode.NOT_RECORDING_TEAM, FIELD, message)
            elif wrong := certificate_states.CERTIFICATE.refusal(
                certificate.status, CertificateStatus.ISSUED, field=FIELD
            ):
                refusals[each] = wrong
            elif not linked[each]:
                refusals[each] = NO_RECORD_LEFT
            else:
                ready.append(
                    drafted(
                        certificate,
                        Issuer(acting.id, acting.name),
                        holders[certificate.volunteer_id],
                        linked[each],
                        self.desk,
                        now=self.now,
                        remark=self.remark,
                    )
                )
                write.record(_event(certificate, acting.id, decision.because))
        if ready:
            await issue_all(write, ready, self.desk, now=self.now, remark=self.remark)
        return refusals


def _remark_errors(remark: str | None) -> Sequence[UserError]:
    if remark is None:
        return ()
    errors = [*line_errors("remark", remark, longest=LONGEST_REMARK)]
    if LONG_NUMBER.search(remark):
        message = "A remark is public: no phone numbers, no ID numbers."
        errors.append(UserError(UserErrorCode.INVALID, "remark", message))
    return errors


def _event(certificate: CertificateLocked, team_id: int, because: str) -> DomainEvent:
    return DomainEvent(
        name="certificate.issued",
        subject_type=SubjectType.CERTIFICATE,
        subject_id=certificate.id,
        because=because,
        payload={"volunteerId": certificate.volunteer_id, "teamId": team_id},
    )


def _stored(ids: Sequence[int], refusals: Mapping[int, UserError]) -> Mapping[str, Json]:
    items: list[Json] = [
        {"id": each, "errors": stored_errors([refusals[each]] if each in refusals else [])}
        for each in ids
    ]
    return {"items": items}


def _read(write: Write) -> IssuesOutcome:
    stored = cast("Sequence[Mapping[str, object]]", (write.outcome or {}).get("items", ()))
    return IssuesOutcome(
        items=[IssueOutcome(cast("int", row["id"]), read_errors(row["errors"])) for row in stored],
        consistency_token=write.token,
    )
