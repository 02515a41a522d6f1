"""What a decision does to what was reviewed: one effect for each kind of review.

A kind that is not in ``EFFECTS`` is not decided in the queue. An effect names the rows that its
reviews stand for, so that all are locked before anything is judged, and then changes them, a
kind at a time.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.enums import (
    HubLevel,
    MembershipStatus,
    PermissionGroup,
    ReviewKind,
    TeamStatus,
    VolunteerStatus,
)
from db.events import DomainEvent, SubjectType
from db.lock_order import Rank
from db.queries import deciding
from db.queries.consents import fetch_unguarded
from db.queries.deciding import ReviewKnown
from db.write import Write
from permissions.errors import UserError, UserErrorCode
from permissions.groups import default_group
from resolvers.guardians import UNGUARDED
from resolvers.permission_group_effect import GroupWishes
from resolvers.project_publication import ProjectPublication
from resolvers.records.effects import RECORD_EFFECTS
from resolvers.review_ruling import FIELD, Effect, Refusals, Ruling
from resolvers.rules import states
from resolvers.self_service_reset import AccountReset
from resolvers.submissions.review import ArticleReview
from resolvers.team_change_effect import TeamChange

ENABLED = VolunteerStatus.ENABLED.value
NOT_ENABLED = UserError(
    UserErrorCode.WRONG_STATE, FIELD, "The volunteer is disabled or has withdrawn."
)
NO_GUARDIAN = UserError(UserErrorCode.GUARDIAN_REQUIRED, FIELD, UNGUARDED)


@dataclass(frozen=True, slots=True)
class TeamRegistration:
    """A team that asked to be registered is enabled in its group, or refused with the reason."""

    must_say_why: bool = True

    async def rows(
        self, _write: Write, reviews: Sequence[ReviewKnown]
    ) -> Mapping[Rank, Collection[int]]:
        """The teams."""
        return {Rank.TEAM: {each.subject_id for each in reviews}}

    async def apply(self, write: Write, reviews: Sequence[ReviewKnown], ruling: Ruling) -> Refusals:
        """Enables or refuses."""
        teams = await deciding.fetch_teams(write, [each.subject_id for each in reviews])
        to = TeamStatus.ENABLED if ruling.approves else TeamStatus.REJECTED
        found = {
            each.id: states.TEAM.refusal(
                TeamStatus(teams[each.subject_id]["status"]), to, field=FIELD
            )
            for each in reviews
        }
        refusals = {each: error for each, error in found.items() if error is not None}
        done = [each for each in reviews if each.id not in refusals]
        ids = [each.subject_id for each in done]
        if ruling.approves:
            await deciding.enable_new(write, {each: _group_of(teams[each]) for each in ids})
        else:
            await deciding.refuse_new(write, ids, ruling.opinion)
        admins = await deciding.fetch_admins(write, ids)
        name = "team.enabled" if ruling.approves else "team.rejected"
        for n, each in enumerate(done):
            write.record(
                DomainEvent(
                    name=name,
                    subject_type=SubjectType.TEAM,
                    subject_id=each.subject_id,
                    because=ruling.because[each.id],
                    payload={"reviewId": each.id},
                    detail={"reviewId": each.id},
                    standing_of=admins if n == 0 else (),
                )
            )
        return refusals


@dataclass(frozen=True, slots=True)
class MembershipApplication:
    """A volunteer who applied to a team has joined, or is refused."""

    must_say_why: bool = False

    async def rows(
        self, write: Write, reviews: Sequence[ReviewKnown]
    ) -> Mapping[Rank, Collection[int]]:
        """The volunteers, under whose locks memberships change."""
        found = await deciding.fetch_memberships(write, [each.subject_id for each in reviews])
        return {Rank.VOLUNTEER: {row["volunteer_id"] for row in found.values()}}

    async def apply(self, write: Write, reviews: Sequence[ReviewKnown], ruling: Ruling) -> Refusals:
        """Lets in or refuses; nobody joins who is disabled, has withdrawn, or lacks a guardian.

        A guardian may have withdrawn the consent since a minor applied.
        """
        rows = await deciding.fetch_memberships(write, [each.subject_id for each in reviews])
        volunteers = {row["volunteer_id"] for row in rows.values()}
        unguarded = await fetch_unguarded(write, volunteers) if ruling.approves else ()
        to = MembershipStatus.JOINED if ruling.approves else MembershipStatus.REFUSED
        refusals: dict[int, UserError] = {}
        for each in reviews:
            row = rows[each.subject_id]
            now = MembershipStatus(row["status"])
            error = states.MEMBERSHIP.refusal(now, to, field=FIELD)
            if error is None and ruling.approves and row["volunteer_status"] != ENABLED:
                error = NOT_ENABLED
            if error is None and row["volunteer_id"] in unguarded:
                error = NO_GUARDIAN
            if error is not None:
                refusals[each.id] = error
        done = [each for each in reviews if each.id not in refusals]
        await deciding.set_memberships(write, [each.subject_id for each in done], to.value)
        name = "membership.joined" if ruling.approves else "membership.refused"
        for each in done:
            volunteer_id: int = rows[each.subject_id]["volunteer_id"]
            write.record(
                DomainEvent(
                    name=name,
                    subject_type=SubjectType.MEMBERSHIP,
                    subject_id=each.subject_id,
                    because=ruling.because[each.id],
                    payload={"teamId": each.team_id, "volunteerId": volunteer_id},
                    detail={"reviewId": each.id},
                )
            )
        return refusals


EFFECTS: Mapping[ReviewKind, Effect] = {
    **RECORD_EFFECTS,
    ReviewKind.TEAM_REGISTRATION: TeamRegistration(),
    ReviewKind.MEMBERSHIP: MembershipApplication(),
    ReviewKind.PROJECT_PUBLICATION: ProjectPublication(),
    ReviewKind.TEAM_CHANGE: TeamChange(),
    ReviewKind.PERMISSION_GROUP: GroupWishes(),
    ReviewKind.ACCOUNT_RESET: AccountReset(),
    ReviewKind.SUBMISSION: ArticleReview(),
}
# What these decide may move a team on the trees: they hold them exclusively.
MOVING = frozenset({ReviewKind.TEAM_CHANGE})


def _group_of(team: Any) -> PermissionGroup:
    """The group in which a team begins."""
    level = HubLevel(team["hub_level"]) if team["hub_level"] else None
    return default_group(hub_level=level, is_legal=team["is_legal"], is_filed=team["is_filed"])
