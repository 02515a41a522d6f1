"""Gathers the facts of checks, needs, offers, answers and rewards: a part of ``gather``."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import Any

from db.enums import (
    AnswerSide,
    AnswerStatus,
    InspectionStatus,
    InspectionVerdict,
    MatchStatus,
    RedemptionStatus,
    RewardItemStatus,
)
from db.queries import service_facts as queries
from permissions.facts import TeamFacts
from permissions.matching import NeedAnswerFacts, NeedFacts, OfferFacts
from permissions.rewarding import RedemptionFacts, RewardItemFacts
from permissions.supervision import InspectionFacts, InspectionItemFacts

Teams = Callable[[Any, Iterable[int | None]], Awaitable[Mapping[int, TeamFacts]]]
Gatherer = Callable[[Any, Collection[int], int], Awaitable[Mapping[int, Any]]]


def service_gatherers(teams_of: Teams) -> Mapping[str, Gatherer]:
    """The gatherers by entity; ``teams_of`` gathers the teams that rows name."""

    async def inspections(reader: Any, ids: Collection[int], _: int) -> Mapping[int, Any]:
        rows = await reader.fetch(queries.INSPECTION_FACTS, ids=sorted(set(ids)))
        teams = await teams_of(reader, (each for row in rows for each in row.asked_ids))
        return {
            row.id: InspectionFacts(
                id=row.id,
                region_path=row.region_path,
                status=InspectionStatus(row.status),
                asked=[teams[each] for each in row.asked_ids],
            )
            for row in rows
        }

    async def items(reader: Any, ids: Collection[int], _: int) -> Mapping[int, Any]:
        rows = await reader.fetch(queries.INSPECTION_ITEM_FACTS, ids=sorted(set(ids)))
        teams = await teams_of(reader, (row.team_id for row in rows))
        return {
            row.id: InspectionItemFacts(
                id=row.id,
                region_path=row.region_path,
                team=teams[row.team_id],
                is_asked=row.is_asked,
                verdict=InspectionVerdict(row.verdict) if row.verdict else None,
            )
            for row in rows
        }

    async def needs(reader: Any, ids: Collection[int], _: int) -> Mapping[int, Any]:
        rows = await reader.fetch(queries.NEED_FACTS, ids=sorted(set(ids)))
        teams = await teams_of(reader, (row.team_id for row in rows))
        return {
            row.id: NeedFacts(
                id=row.id,
                team=teams[row.team_id],
                status=MatchStatus(row.status),
                team_ids=frozenset(row.team_ids),
                volunteer_ids=frozenset(row.volunteer_ids),
            )
            for row in rows
        }

    async def offers(reader: Any, ids: Collection[int], _: int) -> Mapping[int, Any]:
        rows = await reader.fetch(queries.OFFER_FACTS, ids=sorted(set(ids)))
        teams = await teams_of(reader, (row.team_id for row in rows))
        return {
            row.id: OfferFacts(
                id=row.id,
                team=None if row.team_id is None else teams[row.team_id],
                volunteer_id=row.volunteer_id,
                region_path=row.region_path,
                status=MatchStatus(row.status),
            )
            for row in rows
        }

    async def answers(reader: Any, ids: Collection[int], _: int) -> Mapping[int, Any]:
        rows = await reader.fetch(queries.NEED_ANSWER_FACTS, ids=sorted(set(ids)))
        named = [each for row in rows for each in (row.team_id, row.from_team_id)]
        teams = await teams_of(reader, named)
        return {
            row.id: NeedAnswerFacts(
                id=row.id,
                team=teams[row.team_id],
                from_team=None if row.from_team_id is None else teams[row.from_team_id],
                volunteer_id=row.volunteer_id,
                asked_by=AnswerSide(row.asked_by),
                status=AnswerStatus(row.status),
                account_id=row.account_id,
                applicant_account_id=row.applicant_account_id,
            )
            for row in rows
        }

    return {
        "Inspection": inspections,
        "InspectionItem": items,
        "Need": needs,
        "Offer": offers,
        "NeedAnswer": answers,
        "RewardItem": _rewards,
        "Redemption": _redemptions,
    }


async def _rewards(reader: Any, ids: Collection[int], _: int) -> Mapping[int, Any]:
    rows = await reader.fetch(queries.REWARD_ITEM_FACTS, ids=sorted(set(ids)))
    return {
        row.id: RewardItemFacts(
            id=row.id, region_path=row.region_path, status=RewardItemStatus(row.status)
        )
        for row in rows
    }


async def _redemptions(reader: Any, ids: Collection[int], _: int) -> Mapping[int, Any]:
    rows = await reader.fetch(queries.REDEMPTION_FACTS, ids=sorted(set(ids)))
    return {
        row.id: RedemptionFacts(
            id=row.id,
            region_path=row.region_path,
            volunteer_id=row.volunteer_id,
            status=RedemptionStatus(row.status),
            account_id=row.account_id,
        )
        for row in rows
    }
