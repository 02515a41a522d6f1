"""Redeeming points against rewards, granting them, and giving back what was cancelled.

Hours are read here and never changed: what was redeemed is told by the ledger of rewards alone.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from db.clock import CHINA
from db.enums import RedemptionStatus, RewardItemStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries.notifications import notify
from db.queries.rewards import changing
from db.queries.rewards.entities import REDEMPTION, REWARD_ITEM
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, refuse_if_any, require_account
from resolvers.acting_now import as_of_now
from resolvers.enabled_volunteers import require_enabled
from resolvers.outcomes import Outcome, succeeded
from resolvers.profile import require_volunteer
from resolvers.rules import reward_states
from resolvers.texts import line_errors

LONGEST_REASON = 200
FIELD = "redemptionId"

NO_SUCH_ITEM = UserError(UserErrorCode.NOT_FOUND, "itemId", "No such reward.")
NOT_OFFERED = UserError(UserErrorCode.WRONG_STATE, "itemId", "This is not offered today.")
OUT_OF_STOCK = UserError(UserErrorCode.OUT_OF_STOCK, "itemId", "There is none of it left.")
NOT_ENOUGH = UserError(
    UserErrorCode.NOT_ENOUGH_POINTS, "itemId", "Your points in this region do not suffice."
)


async def settle_points(
    database: Writable, viewer: Viewer, idempotency_key: str | None, *, now: datetime
) -> Outcome:
    """The volunteer, with the ledger brought to what the rules come to today.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer.
    """
    volunteer_id = require_volunteer(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        await write.lock(Rank.VOLUNTEER, [volunteer_id])
        await _settle(write, volunteer_id, None, _today(now))
        return succeeded(volunteer_id)

    request = Request(action="settleRewardPoints", key=idempotency_key)
    return await perform(database, viewer, request, work)


async def redeem(
    database: Writable, viewer: Viewer, item_id: int, idempotency_key: str | None, *, now: datetime
) -> Outcome:
    """A reward for the volunteer's points in its region; it waits to be handed over.

    Of two at once the second waits for the volunteer's row, then for the reward's, and sees what
    the first left.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer who is enabled.
    """
    volunteer_id = require_volunteer(viewer)
    today = _today(now)

    async def work(write: Write) -> Mapping[str, Json]:
        # SECURITY: a hidden reward is a missing one, before anything is said of it.
        if item_id not in await ids_in_scope(write, viewer, REWARD_ITEM, [item_id]):
            raise Refused(NO_SUCH_ITEM)
        await require_enabled(write, volunteer_id)
        await write.lock(Rank.REWARD, [item_id])
        facts = (await gather(write, REWARD_ITEM.name, [item_id]))[item_id]
        row = await changing.fetch_item(write, item_id)
        refuse_if_any([_not_offered(row, today)])
        decision = decide(Action.REWARD_REDEEM, viewer, facts)
        if not decision.allowed:
            raise Forbidden(f"Only volunteers redeem: {decision.because}.")
        # What is earned stands, whatever comes of this.
        await _settle(write, volunteer_id, row["region_id"], today)
        points = await changing.fetch_balance(write, volunteer_id, row["region_id"])
        if points < row["price"]:
            raise Refused(NOT_ENOUGH)
        redemption_id = await changing.redeem(write, item_id, volunteer_id)
        write.record(_event("reward.redeemed", redemption_id, decision.because, row["region_id"]))
        return succeeded(redemption_id)

    request = Request(action="redeemReward", key=idempotency_key, input={"item": item_id})
    return await perform(database, viewer, request, work)


async def grant(
    database: Writable,
    viewer: Viewer,
    redemption_id: int,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The reward, handed over.

    Raises:
        Unauthenticated, Forbidden: the viewer does not keep the region's rewards.
    """
    return await _decide(
        database, viewer, redemption_id, RedemptionStatus.GRANTED, None, idempotency_key, now=now
    )


async def cancel(
    database: Writable,
    viewer: Viewer,
    redemption_id: int,
    reason: str | None,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The redemption, cancelled: points and stock are given back; who keeps the rewards says why.

    Raises:
        Unauthenticated, Forbidden: it is neither the viewer's, nor of a region whose rewards the
            viewer keeps.
    """
    to = RedemptionStatus.CANCELLED
    return await _decide(database, viewer, redemption_id, to, reason, idempotency_key, now=now)


async def _decide(  # noqa: PLR0917 - the parts of a decision
    database: Writable,
    viewer: Viewer,
    redemption_id: int,
    to: RedemptionStatus,
    reason: str | None,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    require_account(viewer)
    grants = to is RedemptionStatus.GRANTED
    action = Action.REDEMPTION_GRANT if grants else Action.REDEMPTION_CANCEL

    async def work(write: Write) -> Mapping[str, Json]:
        if redemption_id not in await ids_in_scope(write, viewer, REDEMPTION, [redemption_id]):
            raise Refused.because(UserErrorCode.NOT_FOUND, FIELD, "No such redemption.")
        before = await changing.fetch_redemption(write, redemption_id)
        await write.lock_tree()
        acting = await as_of_now(write, viewer)
        await write.lock(Rank.VOLUNTEER, [before["volunteer_id"]])
        await write.lock(Rank.REWARD, [before["item_id"]])
        await write.lock(Rank.REDEMPTION, [redemption_id])
        facts = (await gather(write, REDEMPTION.name, [redemption_id]))[redemption_id]
        decision = decide(action, acting, facts)
        if not decision.allowed:
            raise Forbidden(f"Not yours to decide: {decision.because}.")
        is_own = acting.volunteer_id == before["volunteer_id"] and acting.acting is None
        refuse_if_any(_reason_errors(reason, is_needed=not grants and not is_own))
        row = await changing.fetch_redemption(write, redemption_id)
        refuse_if_any(
            [reward_states.REDEMPTION.refusal(RedemptionStatus(row["status"]), to, field=FIELD)]
        )
        await changing.decide_redemption(write, redemption_id, to, reason, now=now)
        if not grants:
            await changing.give_back(write, redemption_id, row["item_id"], row["price"])
        name = f"reward.{to.value.lower()}"
        if not is_own and row["account_id"] is not None:
            await notify(write, [row["account_id"]], name, {"redemptionId": redemption_id})
        write.record(_event(name, redemption_id, decision.because, row["region_id"]))
        return succeeded(redemption_id)

    given = {"id": redemption_id, "to": to.value, "reason": reason}
    request = Request(action=f"{to.value.lower()}Redemption", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def _settle(write: Write, volunteer_id: int, region_id: int | None, today: date) -> None:
    for row in await changing.settle(write, volunteer_id, region_id, today=today):
        write.record(
            DomainEvent(
                name="reward.points_settled",
                subject_type=SubjectType.VOLUNTEER,
                subject_id=volunteer_id,
                because="rules of the region",
                payload={"regionId": row["region_id"], "points": row["points"]},
                detail={"regionId": row["region_id"], "points": row["points"]},
            )
        )


def _not_offered(row: Any, today: date) -> UserError | None:
    ended = row["valid_to"] is not None and row["valid_to"] < today
    if row["status"] != RewardItemStatus.OFFERED or row["valid_from"] > today or ended:
        return NOT_OFFERED
    return OUT_OF_STOCK if row["stock"] == 0 else None


def _reason_errors(reason: str | None, *, is_needed: bool) -> list[UserError]:
    if not reason:
        text = "Say why, to whom it was to go."
        return [UserError(UserErrorCode.REASON_REQUIRED, "reason", text)] if is_needed else []
    return [*line_errors("reason", reason, longest=LONGEST_REASON)]


def _today(now: datetime) -> date:
    return now.astimezone(CHINA).date()


def _event(name: str, redemption_id: int, because: str, region_id: int) -> DomainEvent:
    return DomainEvent(
        name=name,
        subject_type=SubjectType.REDEMPTION,
        subject_id=redemption_id,
        because=because,
        payload={"regionId": region_id},
    )
