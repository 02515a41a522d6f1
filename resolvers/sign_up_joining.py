"""A volunteer comes to a post: applies, is invited, is accepted (DOMAIN §5 row 9, §6.3)."""

from dataclasses import dataclass
from datetime import datetime

from db.enums import SignUpStatus
from db.queries import sign_ups as queries
from db.queries.sign_ups import Person, Recruiting
from db.write import Write
from permissions.errors import UserError, UserErrorCode
from resolvers.acting import Refused, refuse_if_any
from resolvers.rules import states
from resolvers.rules.projects import FIXED_HOURS
from resolvers.rules.sign_ups import FULL, acceptance_time_error, person_error

NO_SUCH_POST = UserError(UserErrorCode.NOT_FOUND, "postId", "No such post.")
ALREADY = UserError(
    UserErrorCode.ALREADY_SIGNED_UP, "postId", "The volunteer has signed up to this project."
)
ACCEPTED = SignUpStatus.ACCEPTED


@dataclass(frozen=True, slots=True)
class Brought:
    """A sign-up, and the state that it came to."""

    id: int
    status: SignUpStatus


async def fetch_person(write: Write, project_id: int, volunteer_id: int) -> Person:
    """A volunteer, whose lock is held, as they stand to a project."""
    people = await queries.fetch_people(write, project_id, [volunteer_id], fixed_hours=FIXED_HOURS)
    return people[volunteer_id]


async def bring(
    write: Write,
    project: Recruiting,
    volunteer_id: int,
    post_id: int,
    *,
    entry: SignUpStatus,
    accept: bool,
    now: datetime,
) -> Brought:
    """The volunteer's sign-up, applied for or invited by ``entry``, or accepted at once.

    What the other side has asked for before is accepted with this.

    Raises:
        Refused: the post is full, the volunteer unfit, or signed up already.
    """
    places = await queries.fetch_places(write, post_id)
    if places is None or places.project_id != project.id:
        raise Refused(NO_SUCH_POST)
    before = await queries.fetch_of(write, project.id, volunteer_id)
    status = before[1] if before else None
    accept = accept or _meets(status, entry)
    is_pending = status in {SignUpStatus.APPLIED, SignUpStatus.INVITED}
    if not (is_pending and accept) and not states.SIGN_UP.allows(status, entry):
        raise Refused(ALREADY)
    if is_pending and not accept:
        raise Refused(ALREADY)
    person = await fetch_person(write, project.id, volunteer_id)
    refuse_if_any([person_error(person, project, now)])
    if places.is_full:
        raise Refused(FULL)
    to = ACCEPTED if accept else entry
    if to is ACCEPTED and not await queries.take_place(write, post_id):
        raise Refused(FULL)
    if before is None:
        return Brought(await queries.store(write, project.id, post_id, volunteer_id, to), to)
    await queries.store_again(write, before[0], post_id, to)
    return Brought(before[0], to)


async def accept(
    write: Write,
    sign_up_id: int,
    *,
    post_id: int,
    volunteer_id: int,
    project: Recruiting,
    now: datetime,
) -> None:
    """Accepts a sign-up that waits for one side.

    Raises:
        Refused: the project is over, the volunteer unfit, or the post full.
    """
    refuse_if_any([acceptance_time_error(project, now)])
    person = await fetch_person(write, project.id, volunteer_id)
    refuse_if_any([person_error(person, project, now)])
    if not await queries.take_place(write, post_id):
        raise Refused(FULL)
    await queries.set_status(write, sign_up_id, ACCEPTED)


def _meets(status: SignUpStatus | None, entry: SignUpStatus) -> bool:
    """Whether the other side has asked for the same before."""
    return (status, entry) in {
        (SignUpStatus.INVITED, SignUpStatus.APPLIED),
        (SignUpStatus.APPLIED, SignUpStatus.INVITED),
    }
