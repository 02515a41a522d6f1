"""Both phones dead: a new one is put in place after a review (DOMAIN §11.29).

A request is only kept when it comes in, and the clock finds out later whether it is anybody's: so
no answer and no time tells of an account. The contact team or the department decides; then the
code goes to the new phone.
"""

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from db.consistency import ConsistencyToken
from db.enums import ReviewKind
from db.errors import DatabaseRefusal
from db.events import DomainEvent, SubjectType
from db.lock_order import Rank
from db.queries import self_service as queries
from db.queries.deciding import ReviewKnown
from db.queries.self_service import ResetKnown, ResetTold
from db.write import Writable, Write, open_write
from permissions.errors import UserError, UserErrorCode
from permissions.facts import OfficeFacts
from permissions.gather import gather_teams
from permissions.reviewers import reviewer_for
from permissions.viewer import PUBLIC
from resolvers.review_ruling import Refusals, Ruling
from resolvers.self_service import REQUESTS, REQUESTS_FOR_ONE, Claim, claim_errors, event
from resolvers.self_service_desk import SelfServiceDesk
from resolvers.texts import line_errors, mobile_errors

log = logging.getLogger(__name__)

LONGEST_REASON = 200
BATCH = 100
EVERY = timedelta(minutes=1)
KIND = ReviewKind.ACCOUNT_RESET
TEAM, VOLUNTEER = SubjectType.TEAM, SubjectType.VOLUNTEER


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetAsked:
    """What a request for a reviewed reset is answered with, whoever asked."""

    is_kept: bool = False
    errors: Sequence[UserError] = ()
    consistency_token: ConsistencyToken | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPhone:
    """The phone that is to be reached from now on, and why the stored ones are not."""

    mobile: str = field(repr=False)
    reason: str


async def request_reviewed_reset(
    database: Writable, desk: SelfServiceDesk, claim: Claim, phone: NewPhone, *, asker: str
) -> ResetAsked:
    """That the request is kept; whether it is anybody's is found out later.

    Raises:
        RateLimited: there were too many requests of late, by this asker or about this account.
    """
    mobile, reason = phone.mobile.strip(), phone.reason.strip()
    errors = [
        *claim_errors(claim),
        *mobile_errors("mobile", mobile),
        *line_errors("reason", reason, longest=LONGEST_REASON),
    ]
    if not reason:
        errors.append(UserError(UserErrorCode.REASON_REQUIRED, "reason", "Say why."))
    if errors:
        return ResetAsked(errors=errors)
    await desk.throttle.take(REQUESTS, asker)
    await desk.throttle.take(REQUESTS_FOR_ONE, claim.about)
    async with database.write(
        account_id=None, capacity=PUBLIC.capacity, action="requestReviewedReset"
    ) as write:
        known = claim.known(desk.blind_index_key)
        await queries.insert_reset(write, known, new_mobile=mobile, reason=reason)
        write.record(event("account.reset_requested", None))
    return ResetAsked(is_kept=True, consistency_token=write.token)


async def keep_resetting(engine: AsyncEngine, *, every: timedelta = EVERY) -> None:
    """Brings requests into the queues of their reviewers, again and again, until cancelled."""
    while True:
        try:
            await route_resets(engine)
        except DatabaseRefusal as error:
            log.warning("resets_not_routed", extra={"error": type(error).__name__})
        await asyncio.sleep(every.total_seconds())


async def route_resets(engine: AsyncEngine) -> int:
    """How many requests were looked at; those that are somebody's wait for a review now."""
    async with open_write(engine, account_id=None, capacity="clock", action="routeResets") as write:
        told = await queries.take_resets(write, BATCH)
        if told:
            await write.lock_tree()
        for each in told:
            await _route(write, each)
    return len(told)


async def _route(write: Write, told: ResetTold) -> None:
    found = await queries.find_reset(write, told)
    team_id = found[2] if found is not None else None
    team = (await gather_teams(write, [team_id])).get(team_id or 0)
    reviewer = reviewer_for(KIND, team) if team is not None else None
    if found is None or team is None or reviewer is None:
        write.record(event("account.reset_dropped", None))
        return
    is_office = isinstance(reviewer, OfficeFacts)
    review_id = await queries.insert_review(
        write,
        team.id,
        found[0],
        found[1],
        told,
        reviewer_team_id=None if isinstance(reviewer, OfficeFacts) else reviewer.id,
        reviewer_region_id=reviewer.region_id if isinstance(reviewer, OfficeFacts) else None,
    )
    if review_id is not None:
        write.record(
            DomainEvent(
                name="account.reset_submitted",
                subject_type=SubjectType(found[0]),
                subject_id=found[1],
                because="told name and number",
                payload={"reviewId": review_id},
                detail={"reviewId": review_id, "byDepartment": is_office},
            )
        )


@dataclass(frozen=True, slots=True)
class AccountReset:
    """A team's contact, or a volunteer, is reached by the new phone from now on, or is not."""

    must_say_why: bool = True

    async def rows(
        self, write: Write, reviews: Sequence[ReviewKnown]
    ) -> Mapping[Rank, Collection[int]]:
        """The teams and the volunteers."""
        resets = await queries.fetch_resets(write, [each.id for each in reviews])
        return {
            Rank.TEAM: set(_phones(resets, TEAM)),
            Rank.VOLUNTEER: set(_phones(resets, VOLUNTEER)),
        }

    async def apply(self, write: Write, reviews: Sequence[ReviewKnown], ruling: Ruling) -> Refusals:
        """Puts the new phones in place."""
        resets = await queries.fetch_resets(write, [each.id for each in reviews])
        if ruling.approves:
            await queries.set_contacts(write, _phones(resets, TEAM))
            await queries.set_mobiles(write, _phones(resets, VOLUNTEER))
        name = "account.reset_approved" if ruling.approves else "account.reset_refused"
        for each in resets:
            write.record(
                DomainEvent(
                    name=name,
                    subject_type=SubjectType(each.subject_type),
                    subject_id=each.subject_id,
                    because=ruling.because[each.review_id],
                    payload={"reviewId": each.review_id},
                )
            )
        return {}


def _phones(resets: Sequence[ResetKnown], subject_type: SubjectType) -> dict[int, str]:
    """The new phones of subjects of a type."""
    return {each.subject_id: each.mobile for each in resets if each.subject_type == subject_type}
