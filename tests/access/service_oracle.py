"""The oracle on checks, needs, offers, answers and rewards: naive, on a world's own values."""

from collections.abc import Callable, Mapping
from typing import Any

from permissions.viewer import Viewer

RUNNING = {"ENABLED", "CHANGE_PENDING"}
MANAGES_REGION = {"SENIOR", "SENIOR_QUICK"}


def _public(oracle: Any, viewer: Viewer, region: int, *, is_public: bool) -> bool | None:
    """What holds of public rows; None leaves it to the rest."""
    if viewer.role.value == "PARTNER":
        return is_public and bool(oracle.contract(viewer, region))
    return True if is_public else None


def _team_or_above(oracle: Any, viewer: Viewer, team: int) -> bool:
    return viewer.role.value != "DEPARTMENT" and bool(oracle.answers_for(viewer, team))


def _inspection(oracle: Any, viewer: Viewer, number: int) -> bool:
    world = oracle.world
    check = world.inspections[number]
    public = _public(oracle, viewer, check.region, is_public=check.status == "PUBLISHED")
    if public is not None:
        return public
    if oracle.office(viewer, check.region):
        return True
    teams = [item.team for item in world.items if item.inspection == number]
    return check.is_asked and any(_team_or_above(oracle, viewer, team) for team in teams)


def _item(oracle: Any, viewer: Viewer, number: int) -> bool:
    item = oracle.world.items[number]
    check = oracle.world.inspections[item.inspection]
    if oracle.office(viewer, check.region):
        return True
    return check.is_asked and _team_or_above(oracle, viewer, item.team)


def _need(oracle: Any, viewer: Viewer, number: int) -> bool:
    world = oracle.world
    need = world.needs[number]
    team = world.teams[need.team]
    is_public = need.status == "OPEN" and team.status in RUNNING
    public = _public(oracle, viewer, team.region, is_public=is_public)
    if public is not None:
        return public
    own = oracle.acts_for(viewer)
    answered = any(
        (own is not None and each.from_team == own)
        or (each.volunteer is not None and oracle.is_volunteer(viewer, each.volunteer))
        for each in world.answers
        if each.need == number
    )
    return answered or bool(oracle.sees_by_deciding(viewer, need.team))


def _offer(oracle: Any, viewer: Viewer, number: int) -> bool:
    world = oracle.world
    offer = world.offers[number]
    if offer.team is not None:
        team = world.teams[offer.team]
        is_public = offer.status == "OPEN" and team.status in RUNNING
        public = _public(oracle, viewer, team.region, is_public=is_public)
        return bool(oracle.sees_by_deciding(viewer, offer.team)) if public is None else public
    own = oracle.acts_for(viewer)
    looks = own is not None and world.teams[own].status in RUNNING
    return (
        bool(oracle.is_volunteer(viewer, offer.volunteer))
        or bool(oracle.office(viewer, offer.region))
        or (looks and offer.status == "OPEN")
    )


def _answer(oracle: Any, viewer: Viewer, number: int) -> bool:
    answer = oracle.world.answers[number]
    own = oracle.acts_for(viewer)
    return (
        (answer.volunteer is not None and bool(oracle.is_volunteer(viewer, answer.volunteer)))
        or (own is not None and own == answer.from_team)
        or bool(oracle.answers_for(viewer, answer.team))
    )


def decides_answer(oracle: Any, viewer: Viewer, number: int) -> bool:
    """Whether the viewer may accept or decline an answer."""
    world = oracle.world
    answer = world.answers[number]
    if viewer.account_id is None or answer.applicant == viewer.account_id - 1:
        return False
    account = world.accounts[viewer.account_id - 1]
    own = oracle.acts_for(viewer)
    manages = own is not None and world.teams[own].status in RUNNING
    manages = manages and "MANAGER" in {role.value for team, role in account.teams if team == own}
    if answer.asked_by == "NEED":
        if answer.volunteer is not None:
            return bool(oracle.is_volunteer(viewer, answer.volunteer))
        return manages and own == answer.from_team
    if answer.volunteer is not None and account.volunteer == answer.volunteer:
        return False
    return manages and own == answer.team


def _keeps(oracle: Any, viewer: Viewer, region: int) -> bool:
    own = oracle.acts_for(viewer)
    managing = own is not None and oracle.world.teams[own].group.name in MANAGES_REGION
    return bool(oracle.office(viewer, region)) or (
        managing and bool(oracle.hub_of_area(viewer, region))
    )


def _reward(oracle: Any, viewer: Viewer, number: int) -> bool:
    reward = oracle.world.rewards[number]
    public = _public(oracle, viewer, reward.region, is_public=reward.status == "OFFERED")
    return _keeps(oracle, viewer, reward.region) if public is None else public


def _redemption(oracle: Any, viewer: Viewer, number: int) -> bool:
    redemption = oracle.world.redemptions[number]
    own = bool(oracle.is_volunteer(viewer, redemption.volunteer))
    return own or _keeps(oracle, viewer, redemption.region)


SERVICES: Mapping[str, Callable[[Any, Viewer, int], bool]] = {
    "Inspection": _inspection,
    "InspectionItem": _item,
    "Need": _need,
    "Offer": _offer,
    "NeedAnswer": _answer,
    "RewardItem": _reward,
    "Redemption": _redemption,
}
