"""What is done about a complaint that is upheld, in the same write as the decision.

Everything is checked before anything is changed: a refusal leaves no trace.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.enums import (
    CertificateStatus,
    ComplaintMeasure,
    DisputeOutcome,
    ProjectStatus,
    RecordStatus,
    StoppedBy,
    TeamStatus,
)
from db.events import DomainEvent, SubjectType
from db.lock_order import Rank
from db.queries import certificates, projects, team_states
from db.queries.records import changing, marking, reviewing
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import OWN_TEAM, Policy
from permissions.errors import UserError, UserErrorCode
from permissions.gather import gather, gather_teams
from resolvers.acting import Refused, refuse_if_any
from resolvers.complaints.holding import FIELD, Held
from resolvers.project_publication import project_event
from resolvers.records import events
from resolvers.rules import certificate_states, states
from resolvers.team_states import stop_team

M = ComplaintMeasure
NOT_OF_THIS = UserError(
    UserErrorCode.INVALID, "measure", "This is not done about what the complaint is about."
)


@dataclass(frozen=True, slots=True)
class _Order:
    """A measure that is taken, and why."""

    held: Held
    why: str
    policy: Policy
    now: datetime

    @property
    def subject_id(self) -> int:
        return self.held.row.subject_id

    def require(self, action: Action, facts: object) -> str:
        """The edge by which who decides may do this, too.

        Raises:
            Refused: none leads there.
        """
        decision = decide(action, self.held.viewer, facts, policy=self.policy)
        if not decision.allowed:
            raise Refused.because(
                UserErrorCode.INVALID, "measure", f"Not yours to do: {decision.because}."
            )
        return decision.because


async def take_measure(
    held: Held, measure: ComplaintMeasure, why: str, *, policy: Policy, now: datetime
) -> None:
    """Carries a measure out on what the complaint is about.

    Raises:
        Refused: it is not done about such a thing, or its state does not allow it.
    """
    if measure not in _TAKEN:
        return  # words alone: whom it concerns is told of them
    subject_type, take = _TAKEN[measure]
    if held.row.subject_type != subject_type:
        raise Refused(NOT_OF_THIS)
    await take(_Order(held, why, policy, now))


async def _void_record(order: _Order) -> None:
    write = order.held.write
    row = await _lock_record(order)
    status = RecordStatus(row["status"])
    refuse_if_any([states.RECORD.refusal(status, RecordStatus.VOID, field=FIELD)])
    await changing.leave(write, [row["id"]], RecordStatus.VOID, void_reason=order.why)
    if status is RecordStatus.DISPUTED:
        await changing.answer_dispute(write, row["id"], DisputeOutcome.VOIDED, order.why)
    write.locking(Rank.REVIEW)
    await reviewing.withdraw_reviews(write, [row["id"]])
    _tell_of_record(order, row, "voided", RecordStatus.VOID)


async def _mark_bought(order: _Order) -> None:
    row = await _lock_record(order)
    await marking.mark_bought(order.held.write, row["id"])
    _tell_of_record(order, row, "marked_bought", RecordStatus(row["status"]))


async def _lock_record(order: _Order) -> Any:
    write = order.held.write
    ends = (await changing.fetch_ends(write, [order.subject_id]))[order.subject_id]
    await write.lock(Rank.TEAM, [ends.team_id], shared=True)
    await write.lock(Rank.VOLUNTEER, [ends.volunteer_id])
    return (await changing.fetch_records(write, [order.subject_id]))[order.subject_id]


def _tell_of_record(order: _Order, row: Any, name: str, status: RecordStatus) -> None:
    subject = events.Subject(row["id"], row["volunteer_id"], row["team_id"])
    order.held.write.record(
        events.happened(
            name,
            subject,
            order.held.because,
            minutes=row["minutes"],
            status=status,
            statusBefore=row["status"],
        )
    )


async def _revoke_certificate(order: _Order) -> None:
    write = order.held.write
    facts = (await gather(write, "Certificate", [order.subject_id]))[order.subject_id]
    because = order.require(Action.CERTIFICATE_REVOKE, facts)
    write.locking(Rank.CERTIFICATE)
    locked = (await certificates.lock_certificates(write, [order.subject_id]))[order.subject_id]
    to = CertificateStatus.REVOKED
    refuse_if_any([certificate_states.CERTIFICATE.refusal(locked.status, to, field=FIELD)])
    await certificates.end(write, locked.id, to, order.why)
    write.record(
        DomainEvent(
            name="certificate.revoked",
            subject_type=SubjectType.CERTIFICATE,
            subject_id=locked.id,
            because=because,
            payload={"volunteerId": locked.volunteer_id, "teamId": locked.team_id},
        )
    )


async def _disable_project(order: _Order) -> None:
    write, project_id = order.held.write, order.subject_id
    # Of the team that it is now: a redistricting may have handed it on.
    team_id = await projects.fetch_team_of(write, project_id) or 0
    await write.lock(Rank.TEAM, [team_id], shared=True)
    await write.lock(Rank.PROJECT, [project_id])
    facts = (await gather(write, "Project", [project_id]))[project_id]
    because = order.require(Action.PROJECT_DISABLE, facts)
    to = ProjectStatus.DISABLED
    refuse_if_any([states.PROJECT.refusal(facts.status, to, field=FIELD)])
    by = StoppedBy.TEAM if because == OWN_TEAM.because else StoppedBy.SUPERIOR
    await projects.stop(write, project_id, by, order.why)
    write.record(project_event("project.disabled", project_id, team_id, because, to))


async def _disable_team(order: _Order) -> None:
    write, team_id = order.held.write, order.subject_id
    await write.lock(Rank.TEAM, [team_id])
    team = (await gather_teams(write, [team_id]))[team_id]
    because = order.require(Action.TEAM_DISABLE, team)
    now, _ = await team_states.fetch_status(write, team_id)
    refuse_if_any([states.TEAM.refusal(now, TeamStatus.DISABLED, field=FIELD)])
    await stop_team(write, team, order.why, because)


# What each measure that is more than words is done to, and how.
_TAKEN: Mapping[ComplaintMeasure, tuple[str, Callable[[_Order], Awaitable[None]]]] = {
    M.RECORD_VOIDED: ("ServiceRecord", _void_record),
    M.RECORD_MARKED_BOUGHT: ("ServiceRecord", _mark_bought),
    M.CERTIFICATE_REVOKED: ("Certificate", _revoke_certificate),
    M.PROJECT_DISABLED: ("Project", _disable_project),
    M.TEAM_DISABLED: ("Team", _disable_team),
}
