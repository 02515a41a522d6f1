"""Rewards: what the rule is told of them, who may read them, who does what (激励回馈)."""

from dataclasses import dataclass

from db.enums import RedemptionStatus, RewardItemStatus
from permissions.edges import (
    DEPARTMENT,
    NO_EDGE,
    NOT_SIGNED_IN,
    OTHER_DUTY,
    OWN_APPLICATION,
    OWNER,
    Decision,
    Policy,
    acting_volunteer,
    allow,
    is_volunteer,
    refuse,
    rules_over,
)
from permissions.facts import RegionFacts
from permissions.reading import PUBLIC, in_contract_over, manages_region
from permissions.viewer import Role, Viewer
from permissions.work_rules import NO_VOLUNTEER

AREA = allow("hub that manages the region's volunteers")
NOT_OFFERED = refuse("not offered any more")


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardItemFacts:
    """A reward in a region's catalogue."""

    id: int
    region_path: str
    status: RewardItemStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class RedemptionFacts:
    """A reward that a volunteer asked for, of a region's catalogue."""

    id: int
    region_path: str
    volunteer_id: int
    status: RedemptionStatus
    account_id: int | None = None


def reads_reward(viewer: Viewer, item: RewardItemFacts) -> Decision:
    """What is offered is public; the rest is for who manages the region's rewards."""
    is_public = item.status is RewardItemStatus.OFFERED
    if viewer.role is Role.PARTNER:
        return in_contract_over(viewer, item.region_path) if is_public else NO_EDGE
    return PUBLIC if is_public else _over(viewer, item.region_path)


def reads_redemption(viewer: Viewer, redemption: RedemptionFacts) -> Decision:
    """The volunteer, and who manages the region's rewards."""
    if is_volunteer(viewer, redemption.volunteer_id):
        return OWNER
    return _over(viewer, redemption.region_path)


def keeps_rewards(viewer: Viewer, region: RegionFacts, _policy: Policy) -> Decision:
    """The department over the region, or a hub over it with 区域内志愿者管理."""
    return _keeps(viewer, region.path)


def keeps_reward(viewer: Viewer, item: RewardItemFacts, _policy: Policy) -> Decision:
    """Who keeps the rewards of its region."""
    return _keeps(viewer, item.region_path)


def redeems(viewer: Viewer, item: RewardItemFacts, _policy: Policy) -> Decision:
    """A volunteer, what is offered; whether the points suffice is seen when it is tried."""
    if acting_volunteer(viewer) is None:
        return NO_VOLUNTEER
    return OWNER if item.status is RewardItemStatus.OFFERED else NOT_OFFERED


def grants(viewer: Viewer, redemption: RedemptionFacts, _policy: Policy) -> Decision:
    """Who keeps the rewards of its region; never to oneself."""
    if _is_oneself(viewer, redemption):
        return OWN_APPLICATION
    return _keeps(viewer, redemption.region_path)


def cancels(viewer: Viewer, redemption: RedemptionFacts, _policy: Policy) -> Decision:
    """The volunteer, or who keeps the rewards of its region."""
    if is_volunteer(viewer, redemption.volunteer_id):
        return OWNER
    return _keeps(viewer, redemption.region_path)


def _over(viewer: Viewer, region_path: str) -> Decision:
    if rules_over(viewer, region_path):
        return DEPARTMENT
    hub = viewer.hub
    if hub is None or not manages_region(viewer) or hub.region_path == "":
        return NO_EDGE
    return AREA if region_path.startswith(hub.region_path) else NO_EDGE


def _keeps(viewer: Viewer, region_path: str) -> Decision:
    if viewer.account_id is None:
        return NOT_SIGNED_IN
    over = _over(viewer, region_path)
    if over is not AREA:
        return over
    hub = viewer.hub
    return over if hub is not None and hub.is_named() else OTHER_DUTY


def _is_oneself(viewer: Viewer, redemption: RedemptionFacts) -> bool:
    if viewer.volunteer_id is not None and viewer.volunteer_id == redemption.volunteer_id:
        return True
    return redemption.account_id is not None and redemption.account_id == viewer.account_id
