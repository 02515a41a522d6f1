"""Random checks and their items, as lists read them."""

from datetime import date, datetime

from db import models
from db.enums import InspectedKind, InspectionKind, InspectionStatus, InspectionVerdict
from db.queries.conditions import in_region_named, one_of
from db.queries.entity import Entity, Order
from db.rows import Row


class InspectionRow(Row):
    """A random check."""

    id: int
    region_id: int
    title: str
    kind: InspectionKind
    status: InspectionStatus
    since: date
    until: date
    seed: bytes
    population: int
    fingerprint: int
    size: int
    created_at: datetime
    asked_at: datetime | None
    summary: str | None
    published_at: datetime | None
    cancel_reason: str | None


class InspectionItemRow(Row):
    """A record or certificate that was drawn."""

    id: int
    inspection_id: int
    position: int
    team_id: int
    kind: InspectedKind
    record_id: int | None
    certificate_id: int | None
    draw_key: bytes
    verdict: InspectionVerdict | None
    finding: str | None
    found_at: datetime | None


INSPECTION = Entity(
    "Inspection",
    models.Inspection.__table__,
    InspectionRow,
    None,
    {"NEWEST": Order(81, "id", descending=True)},
    {"status": one_of("status"), "region": in_region_named},
)
INSPECTION_ITEM = Entity(
    "InspectionItem",
    models.InspectionItem.__table__,
    InspectionItemRow,
    "team_id",
    {"POSITION": Order(82, "position")},
    {"verdict": one_of("verdict")},
)
