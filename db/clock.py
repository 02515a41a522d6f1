"""The clock: runs what falls due by time alone, as ordinary writes (DESIGN §4).

Every batch is one write that holds the clock's lock, so one process works at a time and a kill
at any point leaves whole batches done and the rest due.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial

from sqlalchemy.ext.asyncio import AsyncEngine

from db.enums import ProjectStatus
from db.errors import DatabaseRefusal
from db.events import DomainEvent, SubjectType
from db.lock_order import Rank
from db.queries import (
    certificate_heirs,
    complaint_terms,
    complaints,
    due,
    project_ends,
    self_service,
)
from db.queries.matching import ending
from db.write import Write, open_write

log = logging.getLogger(__name__)

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")  # no summer time since 1991
BATCH = 500
# A project's end locks everybody who was accepted and has not come.
CLOSING_BATCH = 50
KEYS_KEPT = timedelta(days=7)
SESSIONS_KEPT = timedelta(days=1)
CODES_KEPT = timedelta(days=1)

SIGN_UP_EVENTS = {"NO_SHOW": "sign_up.no_show", "CANCELLED": "sign_up.cancelled"}
BY_DATES = "dates of the project"

Step = Callable[[Write], Awaitable[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReport:
    """How many transitions one round of the clock made."""

    projects_started: int = 0
    projects_closed: int = 0
    records_effective: int = 0
    keys_deleted: int = 0
    sessions_deleted: int = 0
    codes_deleted: int = 0
    requests_handed_over: int = 0
    complaints_closed: int = 0
    matches_expired: int = 0


async def run_due(engine: AsyncEngine, *, now: datetime, batch: int = BATCH) -> ClockReport:
    """Runs all that is due at that moment; what another process's clock is at is left to it."""
    today = now.astimezone(CHINA).date()
    closing = min(batch, CLOSING_BATCH)
    steps: dict[str, Step] = {
        # Started before closed: a project that came and went unseen passes through both.
        "projects_started": partial(_start, now=now, limit=batch),
        "projects_closed": partial(_close, now=now, limit=closing),
        "records_effective": partial(_records, today=today, limit=batch),
        "keys_deleted": partial(due.delete_expired_keys, before=now - KEYS_KEPT, limit=batch),
        "sessions_deleted": partial(
            due.delete_expired_sessions, before=now - SESSIONS_KEPT, limit=batch
        ),
        "codes_deleted": partial(
            self_service.delete_expired_codes, before=now - CODES_KEPT, limit=batch
        ),
        "requests_handed_over": partial(_hand_over, limit=batch),
        "complaints_closed": partial(_close_complaints, now=now, limit=batch),
        "matches_expired": partial(_expire, now=now, limit=batch),
    }
    batches = {"projects_closed": closing}
    done = {
        name: await _drain(engine, name, step, batches.get(name, batch))
        for name, step in steps.items()
    }
    return ClockReport(**done)


async def keep_time(engine: AsyncEngine, *, every: timedelta = timedelta(minutes=1)) -> None:
    """Runs what is due, again and again, until cancelled; a failed round is tried again."""
    while True:
        try:
            report = await run_due(engine, now=datetime.now(UTC))
            if report != ClockReport():
                log.info("clock_round", extra={"report": report})
        except DatabaseRefusal as error:
            log.warning("clock_round_failed", extra={"error": type(error).__name__})
        await asyncio.sleep(every.total_seconds())


async def _drain(engine: AsyncEngine, action: str, step: Step, batch: int) -> int:
    """Repeats a step until it finds less than a batch, each time in a write of its own."""
    total = 0
    while True:
        async with open_write(engine, account_id=None, capacity="clock", action=action) as write:
            done = await step(write) if await due.take_turn(write) else 0
        total += done
        if done < batch:
            return total


async def _start(write: Write, *, now: datetime, limit: int) -> int:
    ids = await due.start_projects(write, now=now, limit=limit)
    write.record(*(_dated("project.started", each, ProjectStatus.RUNNING) for each in ids))
    return len(ids)


async def _close(write: Write, *, now: datetime, limit: int) -> int:
    ids, ended = await project_ends.close_due(write, now=now, limit=limit)
    write.record(
        *(_dated("project.closed", each, ProjectStatus.CLOSED) for each in ids),
        *(
            DomainEvent(
                name=SIGN_UP_EVENTS[each.status],
                subject_type=SubjectType.SIGN_UP,
                subject_id=each.id,
                because="end of the project",
                payload={
                    "projectId": each.project_id,
                    "postId": each.post_id,
                    "teamId": each.team_id,
                    "volunteerId": each.volunteer_id,
                },
            )
            for each in ended
        ),
    )
    return len(ids)


def _dated(name: str, project_id: int, status: ProjectStatus) -> DomainEvent:
    return DomainEvent(
        name=name,
        subject_type=SubjectType.PROJECT,
        subject_id=project_id,
        because=BY_DATES,
        payload={"status": status.value},
    )


async def _records(write: Write, *, today: date, limit: int) -> int:
    records = await due.advance_records(write, today=today, limit=limit)
    write.record(
        *(
            DomainEvent(
                name="service_record.effective",
                subject_type=SubjectType.SERVICE_RECORD,
                subject_id=record.id,
                because="publicity over",
                payload={
                    "volunteerId": record.volunteer_id,
                    "teamId": record.team_id,
                    "minutes": record.minutes,
                },
            )
            for record in records
        )
    )
    return len(records)


async def _hand_over(write: Write, *, limit: int) -> int:
    """Requests for certificates that waited at a dissolved team go to who carries on for it."""
    moved = await certificate_heirs.hand_over(write, limit=limit)
    write.record(
        *(
            DomainEvent(
                name="certificate.handed_over",
                subject_type=SubjectType.CERTIFICATE,
                subject_id=certificate_id,
                because="the team was dissolved",
                payload={"volunteerId": volunteer_id, "teamId": team_id},
            )
            for certificate_id, volunteer_id, team_id in moved
        )
    )
    return len(moved)


async def _close_complaints(write: Write, *, now: datetime, limit: int) -> int:
    """Decisions on complaints that nobody appealed against in time stand."""
    write.locking(Rank.COMPLAINT)
    before = now - complaint_terms.TIME_TO_APPEAL
    ids = await complaints.close_due(write, before=before, limit=limit)
    write.record(
        *(
            DomainEvent(
                name="complaint.closed",
                subject_type=SubjectType.COMPLAINT,
                subject_id=complaint_id,
                because="time to appeal is over",
            )
            for complaint_id in ids
        )
    )
    return len(ids)


async def _expire(write: Write, *, now: datetime, limit: int) -> int:
    ended = await ending.expire(write, now=now, limit=limit)
    write.record(
        *(
            DomainEvent(
                name=f"{each.subject.value.lower()}.expired",
                subject_type=each.subject,
                subject_id=each.id,
                because="time over",
                payload={"teamId": each.team_id},
            )
            for each in ended
        )
    )
    return len(ended)
