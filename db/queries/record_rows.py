"""The rows of service records: which columns a reader may ask for, in order."""

from datetime import date, datetime

from db.enums import RecordSource, RecordStatus
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
