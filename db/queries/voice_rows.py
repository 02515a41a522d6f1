"""The rows of complaints, contributed articles and notices."""

from datetime import datetime

from db.enums import (
    ComplaintMeasure,
    ComplaintStatus,
    ComplaintTopic,
    NoticeReader,
    SubmissionStatus,
)
from db.rows import Row


class ComplaintRow(Row):
    """A complaint."""

    id: int
    subject_type: str
    subject_id: int
    topic: ComplaintTopic
    team_id: int | None
    handler_team_id: int | None
    handler_region_id: int | None
    complainant_account_id: int
    discloses_name: bool
    text: str
    status: ComplaintStatus
    transferred_to: str | None
    measure: ComplaintMeasure | None
    outcome: str | None
    created_at: datetime
    due_at: datetime
    decided_at: datetime | None
    closed_at: datetime | None


class SubmissionRow(Row):
    """A contributed article."""

    id: int
    team_id: int
    volunteer_id: int | None
    title: str
    body: str
    status: SubmissionStatus
    opinion: str | None
    created_at: datetime
    changed_at: datetime
    published_at: datetime | None


class NoticeRow(Row):
    """A notice."""

    id: int
    team_id: int | None
    region_id: int | None
    of_station: bool
    readers: list[NoticeReader]
    title: str
    body: str
    created_at: datetime
    withdrawn_at: datetime | None
    withdraw_reason: str | None
