"""A project is published: at once by its team's right, or by its reviewer (DOMAIN §5 row 8)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.clock import CHINA
from db.enums import ProjectStatus, RecruitScope, TeamStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries import deciding
from db.queries import projects as queries
from db.queries.deciding import ReviewKnown
from db.write import Write
from permissions.errors import UserError, UserErrorCode
from permissions.rights import WORKING
from resolvers.project_form import LONGEST_PROJECT
from resolvers.review_ruling import FIELD, Dates, Refusals, Ruling
from resolvers.rules import states
from resolvers.rules.projects import published_status

TEAM_STOPPED = UserError(UserErrorCode.TEAM_DISABLED, FIELD, "The team of the project is disabled.")
OVER = UserError(
    UserErrorCode.DATES_PASSED, FIELD, "The project's end has passed: set dates, or reject it."
)


@dataclass(frozen=True, slots=True)
class ProjectPublication:
    """A project that waited is published, or refused with the reason."""

    must_say_why: bool = True

    async def rows(
        self, _write: Write, reviews: Sequence[ReviewKnown]
    ) -> Mapping[Rank, Collection[int]]:
        """The projects, and their teams, which must work."""
        return {
            Rank.TEAM: {each.team_id for each in reviews},
            Rank.PROJECT: {each.subject_id for each in reviews},
        }

    async def apply(self, write: Write, reviews: Sequence[ReviewKnown], ruling: Ruling) -> Refusals:
        """Publishes or refuses."""
        projects = await queries.fetch_standing(write, [each.subject_id for each in reviews])
        teams = await deciding.fetch_teams(write, {each.team_id for each in reviews})
        statuses: dict[int, ProjectStatus] = {}
        refusals: dict[int, UserError] = {}
        for each in reviews:
            works = TeamStatus(teams[each.team_id]["status"]) in WORKING
            to = _ruled(projects[each.subject_id], ruling, works=works)
            if isinstance(to, UserError):
                refusals[each.id] = to
            else:
                statuses[each.subject_id] = to
        if ruling.approves:
            await _set_dates(write, statuses, ruling.dates)
            await queries.publish(write, statuses, now=ruling.now, opinion=ruling.opinion)
        else:
            await queries.set_status(
                write, statuses, ProjectStatus.REJECTED, opinion=ruling.opinion
            )
        for each in reviews:
            if each.id not in refusals:
                because = ruling.because[each.id]
                to = statuses[each.subject_id]
                name = "project.published" if ruling.approves else "project.rejected"
                write.record(
                    project_event(
                        name, each.subject_id, each.team_id, because, to, reviewId=each.id
                    )
                )
        return refusals


async def publish_at_once(write: Write, project_id: int, *, now: datetime) -> ProjectStatus:
    """The state in which a project, whose lock is held, is now public."""
    row = (await queries.fetch_standing(write, [project_id]))[project_id]
    status = published_status(RecruitScope(row["scope"]), row["starts_at"], now)
    await queries.publish(write, {project_id: status}, now=now, opinion=None)
    return status


def project_event(
    name: str,
    project_id: int,
    team_id: int,
    because: str,
    status: ProjectStatus,
    **detail: Json,
) -> DomainEvent:
    """An event of a project that has come to a state."""
    return DomainEvent(
        name=name,
        subject_type=SubjectType.PROJECT,
        subject_id=project_id,
        because=because,
        payload={"teamId": team_id, "status": status.value},
        detail={"status": status.value, **detail},
    )


def dates_error(dates: Dates, scope: RecruitScope, now: datetime) -> UserError | None:
    """What is wrong with the dates that a reviewer sets."""
    begins, ends = dates.starts_at, dates.ends_at
    today = now.astimezone(CHINA).date()
    fits = begins < ends <= begins + LONGEST_PROJECT and (
        ends <= now
        if scope is RecruitScope.MAKE_UP
        else ends > now and begins.astimezone(CHINA).date() >= today
    )
    if fits:
        return None
    return UserError(
        UserErrorCode.INVALID, "dates", "A project begins today or later, a late entry lies past."
    )


def _ruled(row: Any, ruling: Ruling, *, works: bool) -> ProjectStatus | UserError:
    """The state that a project comes to by the ruling, or why it cannot."""
    now, scope = ProjectStatus(row["status"]), RecruitScope(row["scope"])
    if not ruling.approves:
        error = states.PROJECT.refusal(now, ProjectStatus.REJECTED, field=FIELD)
        return error or ProjectStatus.REJECTED
    dates = ruling.dates or Dates(row["starts_at"], row["ends_at"])
    to = published_status(scope, dates.starts_at, ruling.now)
    error = states.PROJECT.refusal(now, to, field=FIELD)
    if error is None and not works:
        error = TEAM_STOPPED
    if error is None and ruling.dates is not None:
        error = dates_error(dates, scope, ruling.now)
    if error is None and scope is not RecruitScope.MAKE_UP and dates.ends_at <= ruling.now:
        error = OVER
    return error or to


async def _set_dates(write: Write, ids: Collection[int], dates: Dates | None) -> None:
    for project_id in ids if dates is not None else ():
        await queries.set_dates(write, project_id, dates.starts_at, dates.ends_at)  # type: ignore[union-attr]
