"""Needs, offers and answers, as lists read them."""

from datetime import datetime

from db import models
from db.enums import AnswerSide, AnswerStatus, MatchStatus
from db.queries.conditions import in_region_named, one_of, overlapping
from db.queries.entity import Entity, Order
from db.rows import Row


class NeedRow(Row):
    """Help that a team looks for."""

    id: int
    team_id: int
    region_id: int
    title: str
    description: str
    place: str
    categories: list[str]
    targets: list[str]
    skills: list[str]
    people: int
    found: int
    starts_at: datetime
    ends_at: datetime
    status: MatchStatus
    close_reason: str | None
    project_id: int | None
    created_at: datetime


class OfferRow(Row):
    """Help that a team or a volunteer offers."""

    id: int
    team_id: int | None
    volunteer_id: int | None
    region_id: int
    title: str
    description: str
    categories: list[str]
    skills: list[str]
    starts_at: datetime
    ends_at: datetime
    status: MatchStatus
    close_reason: str | None
    created_at: datetime


class NeedAnswerRow(Row):
    """Who would help with a need."""

    id: int
    need_id: int
    offer_id: int | None
    team_id: int
    from_team_id: int | None
    volunteer_id: int | None
    asked_by: AnswerSide
    status: AnswerStatus
    people: int
    message: str
    reason: str | None
    created_at: datetime
    decided_at: datetime | None


_FILTERS = {
    "status": one_of("status"),
    "region": in_region_named,
    "categories": overlapping("categories"),
}
NEED = Entity(
    "Need",
    models.Need.__table__,
    NeedRow,
    "team_id",
    {"NEWEST": Order(83, "id", descending=True)},
    _FILTERS,
)
OFFER = Entity(
    "Offer",
    models.Offer.__table__,
    OfferRow,
    "team_id",
    {"NEWEST": Order(84, "id", descending=True)},
    _FILTERS,
)
NEED_ANSWER = Entity(
    "NeedAnswer",
    models.NeedAnswer.__table__,
    NeedAnswerRow,
    "team_id",
    {"NEWEST": Order(85, "id", descending=True)},
    {"status": one_of("status")},
)
