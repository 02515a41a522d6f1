"""Checks, needs, offers, answers and rewards read back from a database."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from db.enums import (
    AnswerSide,
    AnswerStatus,
    InspectionStatus,
    MatchStatus,
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

At = Callable[[str, int | None], Any]


def read_services(rows: Mapping[str, Sequence[Any]], at: At) -> Mapping[str, Sequence[Any]]:
    """The rows of these entities as a world has them; ``at`` gives the place of an id."""
    return {
        "inspections": [
            Inspection(
                region=at("Region", row["region_id"]),
                status=InspectionStatus(row["status"]),
                was_asked=row["asked_at"] is not None,
            )
            for row in rows["Inspection"]
        ],
        "items": [
            Item(
                inspection=at("Inspection", row["inspection_id"]),
                record=at("ServiceRecord", row["record_id"]),
                team=at("Team", row["team_id"]),
            )
            for row in rows["InspectionItem"]
        ],
        "needs": [
            Need(team=at("Team", row["team_id"]), status=MatchStatus(row["status"]))
            for row in rows["Need"]
        ],
        "offers": [
            Offer(
                region=at("Region", row["region_id"]),
                team=at("Team", row["team_id"]),
                volunteer=at("Volunteer", row["volunteer_id"]),
                status=MatchStatus(row["status"]),
            )
            for row in rows["Offer"]
        ],
        "answers": [
            Answer(
                need=at("Need", row["need_id"]),
                team=at("Team", row["team_id"]),
                from_team=at("Team", row["from_team_id"]),
                volunteer=at("Volunteer", row["volunteer_id"]),
                offer=at("Offer", row["offer_id"]),
                asked_by=AnswerSide(row["asked_by"]),
                status=AnswerStatus(row["status"]),
            )
            for row in rows["NeedAnswer"]
        ],
        "rewards": [
            Reward(region=at("Region", row["region_id"]), status=RewardItemStatus(row["status"]))
            for row in rows["RewardItem"]
        ],
        "redemptions": [
            Redeemed(
                item=at("RewardItem", row["item_id"]),
                region=at("Region", row["region_id"]),
                volunteer=at("Volunteer", row["volunteer_id"]),
            )
            for row in rows["Redemption"]
        ],
    }
