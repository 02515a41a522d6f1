"""Checks, needs, offers, answers and rewards of the drawn world."""

from dataclasses import replace
from random import Random
from typing import Any

from db.enums import (
    AnswerSide,
    AnswerStatus,
    InspectionStatus,
    MatchStatus,
    PermissionGroup,
    RewardItemStatus,
)
from tests.access.service_world import (
    Answer,
    Inspection,
    Item,
    Need,
    Offer,
    Redeemed,
    Reward,
)
from tests.access.world import World

CHECKS, ITEMS, NEEDS, OFFERS, ANSWERS, REWARDS, REDEEMED = 24, 250, 60, 60, 300, 60, 120
MANAGING = (0, 1, 2)  # hubs that manage the volunteers of their regions
KEEPERS = (PermissionGroup.SENIOR, PermissionGroup.SENIOR_QUICK)


def drawn_services(draw: Random, world: World) -> dict[str, Any]:
    """Rows of these entities for the teams, people and records of a world; who keeps rewards."""
    squads = [
        replace(team, group=PermissionGroup.SENIOR) if number in MANAGING else team
        for number, team in enumerate(world.teams)
    ]
    world = replace(world, teams=squads)
    places, teams, people = len(world.regions), len(world.teams), len(world.volunteers)
    inspections = [
        Inspection(
            region=draw.randrange(places),
            status=draw.choice(list(InspectionStatus)),
            was_asked=draw.random() < 0.5,
        )
        for _ in range(CHECKS)
    ]
    pairs = {(draw.randrange(CHECKS), draw.randrange(len(world.records))) for _ in range(ITEMS)}
    items = []
    for check, record in sorted(pairs):
        team = world.records[record].team
        assert team is not None
        items.append(Item(inspection=check, record=record, team=team))
    needs = [Need(team=draw.randrange(teams), status=_status(draw)) for _ in range(NEEDS)]
    # Half of the rewards are of regions whose hubs may keep them.
    kept = [each.region for each in world.teams if each.hub and each.group in KEEPERS]
    rewards = [
        Reward(
            region=draw.choice([draw.randrange(places), draw.choice(kept or [0])]),
            status=draw.choice(list(RewardItemStatus)),
        )
        for _ in range(REWARDS)
    ]
    return {
        "teams": squads,
        "inspections": inspections,
        "items": items,
        "needs": needs,
        "offers": [_offer(draw, teams, people, places) for _ in range(OFFERS)],
        "answers": _answers(draw, needs, teams, people),
        "rewards": rewards,
        "redemptions": [
            Redeemed(item=item, region=rewards[item].region, volunteer=draw.randrange(people))
            for item in (draw.randrange(REWARDS) for _ in range(REDEEMED))
        ],
    }


def _status(draw: Random) -> MatchStatus:
    return draw.choice([MatchStatus.OPEN, draw.choice(list(MatchStatus))])


def _offer(draw: Random, teams: int, people: int, places: int) -> Offer:
    of_team = draw.random() < 0.5
    return Offer(
        region=draw.randrange(places),
        team=draw.randrange(teams) if of_team else None,
        volunteer=None if of_team else draw.randrange(people),
        status=_status(draw),
    )


def _answers(draw: Random, needs: list[Need], teams: int, people: int) -> list[Answer]:
    """Answers of teams and volunteers, at most one of each to a need."""
    asked = sorted(
        {(draw.randrange(NEEDS), draw.randrange(teams + people)) for _ in range(ANSWERS)}
    )
    return [
        Answer(
            need=need,
            team=needs[need].team,
            from_team=who if who < teams else None,
            volunteer=None if who < teams else who - teams,
            asked_by=draw.choice(list(AnswerSide)),
            status=draw.choice(list(AnswerStatus)),
        )
        for need, who in asked
    ]
