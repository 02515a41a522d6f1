"""When a project takes people, and when they are there: for the rules and for what is offered."""

from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

from db.enums import ProjectStatus, RecruitScope

LIVE = frozenset({ProjectStatus.WAITING, ProjectStatus.RUNNING})
# Whoever is late to check out may still do so, and is credited until the project's end.
GRACE = timedelta(hours=2)
# Nobody serves so long in one go; a check-out that is missing is for the team to settle.
LONGEST_STAY = timedelta(hours=24)


class Timed(Protocol):
    """A project's state and dates."""

    @property
    def status(self) -> ProjectStatus: ...
    @property
    def scope(self) -> RecruitScope: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def recruit_starts_at(self) -> datetime | None: ...
    @property
    def recruit_ends_at(self) -> datetime | None: ...


class Recruitment(Enum):
    """Whether people may sign up."""

    NOT_STARTED = 1
    OPEN = 2
    CLOSED = 3


def recruitment(project: Timed, now: datetime) -> Recruitment:
    """Whether people may sign up at the moment."""
    if project.scope is RecruitScope.MAKE_UP or not may_accept(project, now):
        return Recruitment.CLOSED
    if project.recruit_ends_at is not None and now >= project.recruit_ends_at:
        return Recruitment.CLOSED
    if project.recruit_starts_at is not None and now < project.recruit_starts_at:
        return Recruitment.NOT_STARTED
    return Recruitment.OPEN


def may_accept(project: Timed, now: datetime) -> bool:
    """Whether who has signed up may be accepted: until its end a project takes people."""
    return project.status in LIVE and now < project.ends_at


def is_going_on(project: Timed, now: datetime) -> bool:
    """Whether people are there now; the clock may be a minute behind the dates."""
    return project.status in LIVE and project.starts_at <= now < project.ends_at


def is_there(came_at: datetime | None, now: datetime) -> bool:
    """Whether who checked in then, and not out, counts as being there still."""
    return came_at is not None and now <= came_at + LONGEST_STAY


def may_check_out(project: Timed, came_at: datetime | None, now: datetime) -> bool:
    """Whether there is a check-in that it is not too late to end."""
    return is_there(came_at, now) and now <= project.ends_at + GRACE
