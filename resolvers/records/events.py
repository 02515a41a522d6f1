"""The domain events of service records."""

from dataclasses import dataclass

from db.enums import RecordStatus
from db.events import DomainEvent, Json, SubjectType


@dataclass(frozen=True, slots=True)
class Subject:
    """The record that an event is about."""

    id: int
    volunteer_id: int
    team_id: int


def happened(
    name: str,
    record: Subject,
    because: str,
    *,
    minutes: int,
    status: RecordStatus,
    **detail: Json,
) -> DomainEvent:
    """That something was done to a record; ``detail`` is audited, and is nobody's data."""
    return DomainEvent(
        name=f"service_record.{name}",
        subject_type=SubjectType.SERVICE_RECORD,
        subject_id=record.id,
        because=because,
        payload={
            "volunteerId": record.volunteer_id,
            "teamId": record.team_id,
            "minutes": minutes,
            "status": status.value,
        },
        detail=detail,
    )
