"""Checks, needs, offers, answers and rewards of the small world of named people and teams."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from db import models
from db.enums import (
    AnswerSide,
    AnswerStatus,
    InspectedKind,
    InspectionKind,
    InspectionStatus,
    MatchStatus,
    RedemptionStatus,
    RewardItemStatus,
)
from db.models import Base

PAST = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FUTURE = datetime(2090, 1, 1, tzinfo=UTC)

# name -> (region, status)
INSPECTIONS = {
    "i_public": ("yubei", InspectionStatus.PUBLISHED),
    "i_asked": ("yubei", InspectionStatus.MATERIALS_ASKED),
    "i_drawn": ("jiangbei", InspectionStatus.DRAWN),
}
# name -> (check, record)
ITEMS = {
    "e_public": ("i_public", "r_li"),
    "e_asked": ("i_asked", "r_wang"),
    "e_drawn": ("i_drawn", "r_wang_far"),
}
# name -> (team, region, status)
NEEDS = {
    "n_open": ("reading", "village", MatchStatus.OPEN),
    "n_closed": ("reading", "village", MatchStatus.CLOSED),
    "n_quiet": ("quiet", "village", MatchStatus.OPEN),
    "n_far": ("far", "jiangbei", MatchStatus.OPEN),
}
# name -> (team, volunteer, region, status)
OFFERS = {
    "o_far": ("far", None, "jiangbei", MatchStatus.OPEN),
    "o_li": (None, "li", "village", MatchStatus.OPEN),
    "o_wang": (None, "wang", "jiangbei", MatchStatus.CLOSED),
}
# name -> (need, team that would help, volunteer)
ANSWERS = {
    "a_wang": ("n_closed", None, "wang"),
    "a_far": ("n_open", "far", None),
}
# name -> (region, status)
REWARDS = {
    "w_yubei": ("yubei", RewardItemStatus.OFFERED),
    "w_old": ("yubei", RewardItemStatus.WITHDRAWN),
}
# name -> (reward, volunteer)
REDEMPTIONS = {"x_li": ("w_yubei", "li")}

NAMES: Mapping[str, Iterable[str]] = {
    "Inspection": INSPECTIONS,
    "InspectionItem": ITEMS,
    "Need": NEEDS,
    "Offer": OFFERS,
    "NeedAnswer": ANSWERS,
    "RewardItem": REWARDS,
    "Redemption": REDEMPTIONS,
}

Ids = Callable[[str, str], int]


def rows(id_of: Ids, records: Mapping[str, tuple[str, str, str | None]]) -> Iterable[Base]:
    """The rows, in the order of their references."""
    yield from _inspections(id_of, records)
    yield from _matching(id_of)
    yield from _rewards(id_of)


def _inspections(id_of: Ids, records: Mapping[str, tuple[str, str, str | None]]) -> Iterable[Base]:
    for name, (region, status) in INSPECTIONS.items():
        asked = status is not InspectionStatus.DRAWN
        yield models.Inspection(
            **_row(id_of, "Inspection", name),
            region_id=id_of("Region", region),
            title=name,
            kind=InspectionKind.RECORDS,
            status=status,
            since=date(2026, 1, 1),
            until=date(2026, 3, 31),
            seed=bytes(32),
            population=1,
            fingerprint=0,
            size=1,
            drawn_by_id=id_of("Account", "mca_city"),
            asked_at=PAST if asked else None,
            published_at=PAST if status is InspectionStatus.PUBLISHED else None,
        )
    for name, (inspection, record) in ITEMS.items():
        team = id_of("Team", records[record][1])
        asked = INSPECTIONS[inspection][1] is not InspectionStatus.DRAWN
        yield models.InspectionTeam(
            province="50",
            inspection_id=id_of("Inspection", inspection),
            team_id=team,
            due_on=date(2026, 4, 1) if asked else None,
        )
        yield models.InspectionItem(
            **_row(id_of, "InspectionItem", name),
            inspection_id=id_of("Inspection", inspection),
            position=1,
            team_id=team,
            kind=InspectedKind.RECORD,
            record_id=id_of("ServiceRecord", record),
            draw_key=bytes(32),
        )


def _matching(id_of: Ids) -> Iterable[Base]:
    for name, (team, region, status) in NEEDS.items():
        yield models.Need(
            **_row(id_of, "Need", name),
            **_match(name, status),
            team_id=id_of("Team", team),
            region_id=id_of("Region", region),
            place="社区",
            targets=["儿童"],
            people=3,
            contact_name="郑和平",
            contact_phone="13700000003",
        )
    for name, (offering, volunteer, region, status) in OFFERS.items():
        yield models.Offer(
            **_row(id_of, "Offer", name),
            **_match(name, status),
            team_id=id_of("Team", offering) if offering else None,
            volunteer_id=id_of("Volunteer", volunteer) if volunteer else None,
            region_id=id_of("Region", region),
        )
    for name, (need, helping, volunteer) in ANSWERS.items():
        yield models.NeedAnswer(
            **_row(id_of, "NeedAnswer", name),
            need_id=id_of("Need", need),
            team_id=id_of("Team", NEEDS[need][0]),
            from_team_id=id_of("Team", helping) if helping else None,
            volunteer_id=id_of("Volunteer", volunteer) if volunteer else None,
            asked_by=AnswerSide.OFFERER,
            status=AnswerStatus.PENDING,
            people=1,
            message="愿意参加",
        )


def _rewards(id_of: Ids) -> Iterable[Base]:
    for name, (region, offered) in REWARDS.items():
        yield models.RewardItem(
            **_row(id_of, "RewardItem", name),
            region_id=id_of("Region", region),
            name=name,
            description="说明",
            price=10,
            stock=3,
            valid_from=date(2026, 1, 1),
            status=offered,
        )
    for name, (item, volunteer) in REDEMPTIONS.items():
        yield models.Redemption(
            **_row(id_of, "Redemption", name),
            item_id=id_of("RewardItem", item),
            region_id=id_of("Region", REWARDS[item][0]),
            volunteer_id=id_of("Volunteer", volunteer),
            price=10,
            status=RedemptionStatus.REQUESTED,
        )


def _row(id_of: Ids, type_name: str, name: str) -> dict[str, Any]:
    return {"id": id_of(type_name, name), "province": "50"}


def _match(name: str, status: MatchStatus) -> dict[str, Any]:
    return {
        "title": name,
        "description": "说明",
        "categories": ["CULTURE"],
        "skills": ["普通话"],
        "starts_at": PAST,
        "ends_at": FUTURE,
        "status": status,
    }
