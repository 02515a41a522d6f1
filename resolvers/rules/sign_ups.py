"""Who may be accepted for a project, and when (DOMAIN §5 row 9, §11.21)."""

from dataclasses import replace
from datetime import datetime, timedelta

from db.clock import CHINA
from db.enums import RecruitScope, VolunteerStatus
from db.queries.sign_up_passwords import Tries
from db.queries.sign_ups import Person, Recruiting
from permissions.errors import UserError, UserErrorCode
from permissions.recruiting import Recruitment, may_accept, recruitment
from resolvers.rules.persons import needs_guardian

FREE_TRIES = 5
SHORTEST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=24)

FULL = UserError(UserErrorCode.FULL, "postId", "Every place of this post is taken.")
CLOSED = UserError(UserErrorCode.RECRUITMENT_CLOSED, "postId", "Recruitment is over.")
NOT_STARTED = UserError(
    UserErrorCode.RECRUITMENT_NOT_STARTED, "postId", "Recruitment has not begun."
)
THROTTLED = UserError(
    UserErrorCode.THROTTLED, "noReviewPassword", "Too many wrong tries; try again later."
)
PASSWORD_WRONG = UserError(
    UserErrorCode.PASSWORD_WRONG, "noReviewPassword", "This is not the password."
)


def recruitment_error(project: Recruiting, now: datetime) -> UserError | None:
    """Why nobody signs up at the moment."""
    match recruitment(project, now):
        case Recruitment.OPEN:
            return None
        case Recruitment.NOT_STARTED:
            return NOT_STARTED
        case Recruitment.CLOSED:
            return CLOSED


def acceptance_time_error(project: Recruiting, now: datetime) -> UserError | None:
    """Why nobody is accepted any more."""
    return None if may_accept(project, now) else CLOSED


def person_error(person: Person, project: Recruiting, now: datetime) -> UserError | None:
    """Why the volunteer cannot take part in the project."""
    code, message = UserErrorCode, None
    if person.status is not VolunteerStatus.ENABLED:
        found, message = code.WRONG_STATE, "The volunteer is disabled or has withdrawn."
    elif not person.has_guardian and needs_guardian(
        person.born_on, today=now.astimezone(CHINA).date()
    ):
        found, message = code.GUARDIAN_REQUIRED, "A guardian's consent is needed under 18."
    elif project.scope is RecruitScope.TEAMS and not person.is_member:
        found, message = code.NOT_MEMBER, "Only members of the teams that are named take part."
    elif person.effective_minutes < project.min_minutes:
        found, message = code.HOURS_TOO_FEW, "The project asks for more service hours before."
    elif person.is_excluded:
        found, message = code.EXCLUDED, "Another project, accepted already, excludes this one."
    elif person.is_engaged:
        found, message = code.TIME_CONFLICT, "Another project, accepted already, is at this time."
    return None if message is None else UserError(found, None, message)


def is_paused(tries: Tries, now: datetime) -> bool:
    """Whether no try counts at the moment."""
    return tries.paused_until is not None and now < tries.paused_until


def after_failure(tries: Tries, now: datetime) -> Tries:
    """The tries with one wrong one more; from the fifth on each doubles the pause."""
    failures = tries.failures + 1
    if failures < FREE_TRIES:
        return replace(tries, failures=failures)
    # Seven doublings pass the longest pause.
    pause = SHORTEST_PAUSE * 2 ** min(failures - FREE_TRIES, 7)
    return Tries(failures, now + min(pause, LONGEST_PAUSE))
