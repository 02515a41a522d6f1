"""Checks, needs, offers, answers, rewards of a world: values, tables, how they are drawn."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from db.enums import (
    AnswerSide,
    AnswerStatus,
    InspectionStatus,
    MatchStatus,
    RedemptionStatus,
    RewardItemStatus,
)

PAST = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FUTURE = datetime(2090, 1, 1, tzinfo=UTC)

# What a role reads nothing of, whoever has it.
NEVER_READ = {
    "PUBLIC": {"InspectionItem", "NeedAnswer", "Redemption"},
    "PARTNER": {"InspectionItem", "NeedAnswer", "Redemption"},
    "VOLUNTEER": {"InspectionItem"},
    "TEAM": {"Redemption"},
    "HUB": set[str](),
    "DEPARTMENT": set[str](),
}
KEEPING = {"SENIOR", "SENIOR_QUICK"}
OPEN_TO_ALL = {"Inspection", "Need", "Offer", "RewardItem"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """A check of a region; cancelled ones had asked or not."""

    region: int
    status: InspectionStatus
    was_asked: bool = False
    team: None = None

    @property
    def is_asked(self) -> bool:
        late = {InspectionStatus.MATERIALS_ASKED, InspectionStatus.EXAMINED}
        if self.status in late | {InspectionStatus.PUBLISHED}:
            return True
        return self.status is InspectionStatus.CANCELLED and self.was_asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A record that a check drew, and its team."""

    inspection: int
    record: int
    team: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    team: int
    status: MatchStatus = MatchStatus.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An offer of a team, or of a volunteer."""

    region: int
    team: int | None = None
    volunteer: int | None = None
    status: MatchStatus = MatchStatus.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer to a need; ``team`` is in need."""

    need: int
    team: int
    from_team: int | None = None
    volunteer: int | None = None
    offer: int | None = None
    asked_by: AnswerSide = AnswerSide.OFFERER
    applicant: int | None = None
    status: AnswerStatus = AnswerStatus.PENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    region: int
    status: RewardItemStatus = RewardItemStatus.OFFERED
    team: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeemed:
    item: int
    region: int
    volunteer: int
    team: None = None


def service_tables(world: Any) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table, tables in the order of their references."""
    parts = sorted({(each.inspection, each.team) for each in world.items})
    return {
        "inspections": [_inspection(n, each) for n, each in enumerate(world.inspections)],
        "inspection_teams": [
            {**_base(n), "inspection_id": inspection + 1, "team_id": team + 1}
            for n, (inspection, team) in enumerate(parts)
        ],
        "inspection_items": [
            {
                **_base(n),
                "inspection_id": each.inspection + 1,
                "position": n + 1,
                "team_id": each.team + 1,
                "kind": "RECORD",
                "record_id": each.record + 1,
                "draw_key": bytes(32),
            }
            for n, each in enumerate(world.items)
        ],
        "needs": [
            {
                **_match(n, each),
                "team_id": each.team + 1,
                "region_id": world.teams[each.team].region + 1,
                "place": "社区",
                "targets": [],
                "people": 3,
                "contact_name": "丁",
                "contact_phone": "13600000000",
            }
            for n, each in enumerate(world.needs)
        ],
        "offers": [
            {
                **_match(n, each),
                "team_id": _id(each.team),
                "volunteer_id": _id(each.volunteer),
                "region_id": each.region + 1,
            }
            for n, each in enumerate(world.offers)
        ],
        "need_answers": [_answer(n, each) for n, each in enumerate(world.answers)],
        "reward_items": [
            {
                **_base(n),
                "region_id": each.region + 1,
                "name": f"礼品{n}",
                "description": "",
                "price": 10,
                "valid_from": date(2026, 1, 1),
                "status": each.status.value,
            }
            for n, each in enumerate(world.rewards)
        ],
        "redemptions": [
            {
                **_base(n),
                "item_id": each.item + 1,
                "region_id": each.region + 1,
                "volunteer_id": each.volunteer + 1,
                "price": 10,
                "status": RedemptionStatus.REQUESTED.value,
            }
            for n, each in enumerate(world.redemptions)
        ],
    }


def _id(place: int | None) -> int | None:
    return None if place is None else place + 1


def _base(number: int) -> dict[str, Any]:
    return {"id": number + 1, "province": "50"}


def _inspection(number: int, each: Inspection) -> dict[str, Any]:
    is_over = each.status is InspectionStatus.CANCELLED
    return {
        **_base(number),
        "region_id": each.region + 1,
        "title": f"抽查{number}",
        "kind": "RECORDS",
        "status": each.status.value,
        "since": date(2026, 1, 1),
        "until": date(2026, 3, 1),
        "seed": bytes(32),
        "population": 9,
        "fingerprint": 0,
        "size": 1,
        "drawn_by_id": 1,
        "asked_at": PAST if each.is_asked else None,
        "published_at": PAST if each.status is InspectionStatus.PUBLISHED else None,
        "cancel_reason": "重复" if is_over else None,
    }


def _match(number: int, each: Need | Offer) -> dict[str, Any]:
    return {
        **_base(number),
        "title": f"服务{number}",
        "description": "说明",
        "categories": [],
        "skills": [],
        "starts_at": PAST,
        "ends_at": FUTURE,  # what is over, the clock of a station closes
        "status": each.status.value,
    }


def _answer(number: int, each: Answer) -> dict[str, Any]:
    return {
        **_base(number),
        "need_id": each.need + 1,
        "offer_id": _id(each.offer),
        "team_id": each.team + 1,
        "from_team_id": _id(each.from_team),
        "volunteer_id": _id(each.volunteer),
        "asked_by": each.asked_by.value,
        "applicant_account_id": _id(each.applicant),
        "status": each.status.value,
        "people": 1,
        "message": "愿意参加",
        "decided_at": None if each.status is AnswerStatus.PENDING else PAST,
    }


def draw_services(
    draw: st.DrawFn,
    *,
    teams: list[Any],
    people: int,
    accounts: int,
    places: int,
    records: list[Any],
) -> dict[str, Any]:
    """The rows of these entities for a world with these teams, so many people and regions."""
    team, person = st.integers(0, len(teams) - 1), st.integers(0, people - 1)
    region = st.integers(0, places - 1)
    matching = st.just(MatchStatus.OPEN) | st.sampled_from(MatchStatus)
    keepers = [each.region for each in teams if each.hub and each.group.name in KEEPING]
    kept = st.sampled_from(keepers) if keepers else region
    inspections = draw(
        st.lists(
            st.builds(
                Inspection,
                region=region,
                status=st.just(InspectionStatus.PUBLISHED) | st.sampled_from(InspectionStatus),
                was_asked=st.booleans(),
            ),
            min_size=2,
            max_size=6,
        )
    )
    drawn = st.tuples(
        st.integers(0, max(len(inspections) - 1, 0)), st.integers(0, max(len(records) - 1, 0))
    )
    pairs = draw(st.lists(drawn, max_size=8, unique=True)) if inspections and records else []
    needs = draw(st.lists(st.builds(Need, team=team, status=matching), max_size=5))
    offers = [
        Offer(
            region=place,
            team=who if of_team else None,
            volunteer=None if of_team else one,
            status=status,
        )
        for of_team, who, one, place, status in draw(
            st.lists(
                st.tuples(st.booleans(), team, person, region, matching),
                min_size=2,
                max_size=8,
            )
        )
    ]
    asked = st.tuples(
        st.integers(0, max(len(needs) - 1, 0)),
        st.booleans(),
        team,
        person,
        st.sampled_from(AnswerStatus),
        st.sampled_from(AnswerSide),
        st.none() | st.integers(0, accounts - 1),
    )
    answers = [
        Answer(
            need=need,
            team=needs[need].team,
            from_team=who if of_team else None,
            volunteer=None if of_team else one,
            status=status,
            asked_by=side,
            applicant=applicant,
        )
        for need, of_team, who, one, status, side, applicant in (
            draw(
                st.lists(
                    asked,
                    max_size=6,
                    unique_by=lambda row: (row[0], row[1], row[2] if row[1] else row[3]),
                )
            )
            if needs
            else []
        )
    ]
    rewards = draw(
        st.lists(
            st.builds(Reward, region=kept, status=st.sampled_from(RewardItemStatus)),
            min_size=1 if keepers else 0,
            max_size=3,
        )
    )
    redeemed = st.tuples(st.integers(0, max(len(rewards) - 1, 0)), person)
    return {
        "inspections": inspections,
        "items": [Item(inspection=i, record=n, team=records[n].team) for i, n in pairs],
        "needs": needs,
        "offers": offers,
        "answers": answers,
        "rewards": rewards,
        "redemptions": [
            Redeemed(item=item, region=rewards[item].region, volunteer=one)
            for item, one in (draw(st.lists(redeemed, min_size=2, max_size=6)) if rewards else [])
        ],
    }
