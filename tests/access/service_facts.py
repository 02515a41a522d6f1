"""Facts of checks, needs, offers, answers and rewards straight from a world's values."""

from collections.abc import Mapping, Sequence
from typing import Any

from db.enums import RedemptionStatus
from permissions.facts import TeamFacts
from permissions.matching import NeedAnswerFacts, NeedFacts, OfferFacts
from permissions.rewarding import RedemptionFacts, RewardItemFacts
from permissions.supervision import InspectionFacts, InspectionItemFacts


def service_facts(world: Any, teams: Sequence[TeamFacts]) -> Mapping[str, Sequence[Any]]:
    """The facts of every row, by entity."""
    items = world.items
    return {
        "Inspection": [
            InspectionFacts(
                id=n + 1,
                region_path=world.region_path(row.region),
                status=row.status,
                asked=[teams[item.team] for item in items if item.inspection == n and row.is_asked],
            )
            for n, row in enumerate(world.inspections)
        ],
        "InspectionItem": [
            InspectionItemFacts(
                id=n + 1,
                region_path=world.region_path(world.inspections[row.inspection].region),
                team=teams[row.team],
                is_asked=world.inspections[row.inspection].is_asked,
            )
            for n, row in enumerate(items)
        ],
        "Need": [
            NeedFacts(
                id=n + 1,
                team=teams[row.team],
                status=row.status,
                team_ids=_answering(world, n, "from_team"),
                volunteer_ids=_answering(world, n, "volunteer"),
            )
            for n, row in enumerate(world.needs)
        ],
        "Offer": [
            OfferFacts(
                id=n + 1,
                team=None if row.team is None else teams[row.team],
                volunteer_id=None if row.volunteer is None else row.volunteer + 1,
                region_path=world.region_path(row.region),
                status=row.status,
            )
            for n, row in enumerate(world.offers)
        ],
        "NeedAnswer": [
            NeedAnswerFacts(
                id=n + 1,
                team=teams[row.team],
                from_team=None if row.from_team is None else teams[row.from_team],
                volunteer_id=None if row.volunteer is None else row.volunteer + 1,
                asked_by=row.asked_by,
                status=row.status,
                account_id=_account_of(world, row.volunteer),
                applicant_account_id=None if row.applicant is None else row.applicant + 1,
            )
            for n, row in enumerate(world.answers)
        ],
        "RewardItem": [
            RewardItemFacts(id=n + 1, region_path=world.region_path(row.region), status=row.status)
            for n, row in enumerate(world.rewards)
        ],
        "Redemption": [
            RedemptionFacts(
                id=n + 1,
                region_path=world.region_path(row.region),
                volunteer_id=row.volunteer + 1,
                status=RedemptionStatus.REQUESTED,
            )
            for n, row in enumerate(world.redemptions)
        ],
    }


def _account_of(world: Any, volunteer: int | None) -> int | None:
    accounts = (n + 1 for n, each in enumerate(world.accounts) if each.volunteer == volunteer)
    return None if volunteer is None else next(accounts, None)


def _answering(world: Any, need: int, side: str) -> frozenset[int]:
    found = (getattr(each, side) for each in world.answers if each.need == need)
    return frozenset(each + 1 for each in found if each is not None)
