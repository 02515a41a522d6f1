"""The rows of service records and of their publicity: which columns a reader may ask for."""

from datetime import date, datetime

from sqlalchemy import FromClause, literal_column, select

from db.enums import RecordSource, RecordStatus
from db.models import ServiceRecord
from db.rows import Row


class ServiceRecordRow(Row):
    """A service record."""

    id: int
    volunteer_id: int
    team_id: int
    project_id: int | None
    post_id: int | None
    starts_at: datetime
    ends_at: datetime | None
    minutes: int
    activity_name: str
    status: RecordStatus
    source: RecordSource
    content: str
    place: str
    targets: list[str]
    contact_name: str | None
    recorder_name: str | None
    recorded_at: datetime
    publicity_from: date | None
    publicity_to: date | None
    is_overdue: bool
    is_flagged: bool
    is_bought: bool
    revision: int
    void_reason: str | None
    note: str | None


class RecordPublicityRow(Row):
    """What the publicity of a record shows of it."""

    id: int
    volunteer_id: int
    team_id: int
    minutes: int
    note: str | None
    publicity_from: date
    publicity_to: date


def in_publicity() -> FromClause:
    """The records in publicity; those that wait for a review have none yet."""
    record = ServiceRecord.__table__
    return (
        select(*(record.c[name] for name in RecordPublicityRow.__columns__))
        # Written out, as the index of what waits has it.
        .where(record.c.status == literal_column(f"'{RecordStatus.NOT_EFFECTIVE}'"))
        .where(record.c.publicity_to.is_not(None))
        .subquery("record_publicity")
    )
