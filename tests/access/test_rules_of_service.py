"""What each rule of checks, needs, offers and rewards allows whom, and by which edge."""

from dataclasses import replace
from typing import Any

import pytest

from db.enums import (
    AnswerSide,
    AnswerStatus,
    InspectionStatus,
    InspectionVerdict,
    MatchStatus,
    RedemptionStatus,
    RewardItemStatus,
    TeamStatus,
)
from permissions.actions import Action
from permissions.decide import decide
from permissions.facts import RegionFacts
from permissions.matching import NeedAnswerFacts, NeedFacts, OfferFacts
from permissions.rewarding import RedemptionFacts, RewardItemFacts
from permissions.supervision import InspectionFacts, InspectionItemFacts
from tests.access.people import ABOVE, LEGAL, OWN, PEOPLE, RECORDING, TEAM, VOLUNTEER, who_may

OFFICES = {"county": "department over region", "province": "department over region"}
AREA = "hub that manages the region's volunteers"
KEEPERS = {"district": AREA, "city": AREA, **OFFICES}
KEEPERS_ELSEWHERE = {
    "city": AREA,
    **dict.fromkeys(["elsewhere", "province"], "department over region"),
}
ONESELF = {"volunteer": "owner"}
CHECK = InspectionFacts(
    id=1, region_path="1/2/", status=InspectionStatus.MATERIALS_ASKED, asked=[TEAM]
)
ITEM = InspectionItemFacts(
    id=1, region_path="1/2/", team=TEAM, is_asked=True, verdict=InspectionVerdict.FORGED
)
NEED = NeedFacts(id=1, team=TEAM, status=MatchStatus.OPEN)
OFFER = OfferFacts(id=1, team=TEAM, volunteer_id=None, region_path="1/2/", status=MatchStatus.OPEN)
OWN_OFFER = replace(OFFER, team=None, volunteer_id=1)
ANSWER = NeedAnswerFacts(
    id=1,
    team=TEAM,
    from_team=None,
    volunteer_id=1,
    asked_by=AnswerSide.OFFERER,
    status=AnswerStatus.PENDING,
    account_id=11,
)
BY_TEAM = replace(ANSWER, from_team=LEGAL, volunteer_id=None, account_id=None)
REWARD = RewardItemFacts(id=1, region_path="1/2/", status=RewardItemStatus.OFFERED)
REDEEMED = RedemptionFacts(
    id=1,
    region_path="1/2/",
    volunteer_id=1,
    status=RedemptionStatus.REQUESTED,
    account_id=11,
)
STOPPED = replace(TEAM, status=TeamStatus.DISABLED)
HELPERS = {
    "volunteer": "owner",
    "stranger": "owner",
    "town": "own team",
    "district": "own team",
    "city": "own team",
    "legal": "own team",
}

CASES: list[tuple[str, Action, object, dict[str, str]]] = [
    ("check", Action.INSPECTION_DRAW, RegionFacts(2, "1/2/"), OFFICES),
    ("check", Action.INSPECTION_LEAD, CHECK, OFFICES),
    ("materials", Action.INSPECTION_HAND_IN, TEAM, RECORDING),
    ("forged item", Action.INSPECTION_MEASURE, ITEM, OFFICES),
    (
        "item in order",
        Action.INSPECTION_MEASURE,
        replace(ITEM, verdict=InspectionVerdict.IN_ORDER),
        {},
    ),
    ("item that nothing was found of", Action.INSPECTION_MEASURE, replace(ITEM, verdict=None), {}),
    (
        "item of a team that has moved away",
        Action.INSPECTION_MEASURE,
        replace(ITEM, region_path="1/3/"),
        {"province": "department over region"},
    ),
    ("need", Action.NEED_PUBLISH, TEAM, OWN),
    ("need", Action.NEED_CLOSE, NEED, {**OWN, **ABOVE}),
    ("need", Action.NEED_ANSWER, NEED, HELPERS),
    ("closed need", Action.NEED_ANSWER, replace(NEED, status=MatchStatus.CLOSED), {}),
    ("need of a stopped team", Action.NEED_ANSWER, replace(NEED, team=STOPPED), {}),
    ("need", Action.NEED_INVITE, NEED, OWN),
    ("met need", Action.NEED_INVITE, replace(NEED, status=MatchStatus.MET), {}),
    ("offer", Action.OFFER_PUBLISH, TEAM, OWN),
    ("oneself", Action.OFFER_MAKE, VOLUNTEER, ONESELF),
    ("team's offer", Action.OFFER_CLOSE, OFFER, {**OWN, **ABOVE}),
    ("volunteer's offer", Action.OFFER_CLOSE, OWN_OFFER, {**ONESELF, **OFFICES}),
    # The member of the team is the volunteer who answered.
    ("volunteer's answer", Action.ANSWER_DECIDE, ANSWER, {"team": "own team"}),
    (
        "answer of the manager's own account",
        Action.ANSWER_DECIDE,
        replace(ANSWER, volunteer_id=9, account_id=14),
        {"member": "own team"},
    ),
    ("team's answer", Action.ANSWER_DECIDE, BY_TEAM, OWN),
    (
        "team's answer of who manages both",
        Action.ANSWER_DECIDE,
        replace(BY_TEAM, applicant_account_id=14),
        {"member": "own team"},
    ),
    (
        "invitation of oneself",
        Action.ANSWER_DECIDE,
        replace(ANSWER, asked_by=AnswerSide.NEED, applicant_account_id=11),
        {},
    ),
    (
        "invitation of a volunteer",
        Action.ANSWER_DECIDE,
        replace(ANSWER, asked_by=AnswerSide.NEED),
        ONESELF,
    ),
    (
        "invitation of a team",
        Action.ANSWER_DECIDE,
        replace(BY_TEAM, asked_by=AnswerSide.NEED),
        {"legal": "own team"},
    ),
    ("answer that waits", Action.ANSWER_WITHDRAW, ANSWER, ONESELF),
    (
        "invitation that waits",
        Action.ANSWER_WITHDRAW,
        replace(ANSWER, asked_by=AnswerSide.NEED),
        OWN,
    ),
    (
        "accepted answer",
        Action.ANSWER_WITHDRAW,
        replace(ANSWER, status=AnswerStatus.ACCEPTED),
        {**ONESELF, **OWN},
    ),
    ("rewards", Action.REWARDS_KEEP, RegionFacts(2, "1/2/"), KEEPERS),
    ("reward", Action.REWARD_CHANGE, REWARD, KEEPERS),
    ("rewards of another county", Action.REWARDS_KEEP, RegionFacts(3, "1/3/"), KEEPERS_ELSEWHERE),
    ("reward", Action.REWARD_REDEEM, REWARD, {**ONESELF, "stranger": "owner"}),
    (
        "withdrawn reward",
        Action.REWARD_REDEEM,
        replace(REWARD, status=RewardItemStatus.WITHDRAWN),
        {},
    ),
    ("redemption", Action.REDEMPTION_GRANT, REDEEMED, KEEPERS),
    (
        "keeper's own redemption",
        Action.REDEMPTION_GRANT,
        replace(REDEEMED, account_id=24),
        {name: edge for name, edge in KEEPERS.items() if name != "county"},
    ),
    ("redemption", Action.REDEMPTION_CANCEL, REDEEMED, {**ONESELF, **KEEPERS}),
]


@pytest.mark.parametrize(
    ("what", "action", "subject", "allowed"), CASES, ids=[f"{c[1]} {c[0]}" for c in CASES]
)
def test_rule_allows_these_people_by_these_edges_and_nobody_else(
    what: str, action: Action, subject: object, allowed: dict[str, str]
) -> None:
    assert (what, who_may(action, subject)) == (what, allowed)


def test_every_action_of_service_has_a_case() -> None:
    tried = {action for _, action, _, _ in CASES}
    named = ("INSPECTION", "NEED", "OFFER", "ANSWER", "REWARD", "REDEMPTION")

    assert tried == {each for each in Action if each.startswith(named)}


def test_nobody_draws_a_check_elsewhere() -> None:
    found: Any = [
        name
        for name, viewer in PEOPLE.items()
        if decide(Action.INSPECTION_DRAW, viewer, RegionFacts(3, "1/3/")).allowed
    ]

    assert found == ["elsewhere", "province"]


@pytest.mark.parametrize("name", ["district", "county"])
def test_keeper_grants_others_and_not_oneself(name: str) -> None:
    for volunteer_id, is_allowed in ((REDEEMED.volunteer_id, False), (9, True), (None, True)):
        viewer = replace(PEOPLE[name], volunteer_id=volunteer_id)
        decision = decide(Action.REDEMPTION_GRANT, viewer, REDEEMED)

        assert (decision.allowed, volunteer_id) == (is_allowed, volunteer_id)


def test_hub_that_is_stopped_or_of_no_place_keeps_no_rewards() -> None:
    hub = PEOPLE["district"]
    assert hub.team is not None
    stopped = replace(hub, team=replace(hub.team, status=TeamStatus.DISABLED))
    nowhere = replace(hub, team=replace(hub.team, region_path=""))
    withdrawn = replace(REWARD, status=RewardItemStatus.WITHDRAWN)

    assert decide(Action.REWARD_CHANGE, hub, REWARD).allowed
    assert not decide(Action.REWARD_CHANGE, stopped, REWARD).allowed
    assert not decide(Action.REWARD_CHANGE, nowhere, REWARD).allowed
    assert decide(Action.READ, hub, withdrawn).allowed
    assert not decide(Action.READ, stopped, withdrawn).allowed
    assert not decide(Action.READ, nowhere, withdrawn).allowed


def test_withdrawn_reward_is_read_by_who_keeps_those_of_its_region() -> None:
    elsewhere = replace(REWARD, region_path="1/3/", status=RewardItemStatus.WITHDRAWN)

    readers = who_may(Action.READ, elsewhere)

    assert readers == {**KEEPERS_ELSEWHERE, "city's reviewer": AREA}


def test_answer_of_nobody_knows_whom_waits_for_who_acts_without_an_account() -> None:
    """Who asked is not known of every answer: that is nobody's own."""
    manager = replace(PEOPLE["team"], account_id=None)

    assert decide(Action.ANSWER_DECIDE, manager, BY_TEAM).allowed
