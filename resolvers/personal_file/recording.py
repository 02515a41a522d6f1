"""Trainings and awards, recorded by a team that the volunteer belongs to (Order 67 §8, §9)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from db.clock import CHINA
from db.enums import AwardGrantor
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries.entities import VOLUNTEER
from db.queries.personal_file import writing
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, refuse_if_any, require_account
from resolvers.outcomes import Outcome, succeeded
from resolvers.texts import line_errors, name_errors

LONGEST: Mapping[str, int] = {
    "name": 100,
    "content": 500,
    "organiser": 100,
    "granted_by": 100,
    "material": 200,
    "verification": 200,
}
NAMES = frozenset({"name", "organiser", "granted_by"})
EARLIEST = date(1900, 1, 1)
MOST_MINUTES = 60 * 1000
NO_SUCH_VOLUNTEER = UserError(UserErrorCode.NOT_FOUND, "volunteerId", "No such volunteer.")
KNOWN = UserError(
    UserErrorCode.ALREADY_THERE, "name", "This award is in the volunteer's file already."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTraining:
    """A training: name, content, study time, organiser and date."""

    name: str
    content: str | None
    minutes: int
    organiser: str
    held_on: date

    def errors(self, today: date) -> list[UserError]:
        """What is wrong with it."""
        errors = _text_errors(self, required=("name", "organiser"))
        if not 0 < self.minutes <= MOST_MINUTES:
            message = f"From 1 to {MOST_MINUTES} minutes."
            errors.append(UserError(UserErrorCode.INVALID, "minutes", message))
        return errors + _date_errors("heldOn", self.held_on, today)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAward:
    """An award: a government's by the material shown, another's after verification."""

    name: str
    granted_by: str
    granted_on: date
    grantor: AwardGrantor
    material: str | None
    verification: str | None

    def errors(self, today: date) -> list[UserError]:
        """What is wrong with it."""
        is_government = self.grantor is AwardGrantor.GOVERNMENT
        proof = "material" if is_government else "verification"
        errors = _text_errors(self, required=("name", "granted_by", proof))
        return errors + _date_errors("grantedOn", self.granted_on, today)


async def record_training(
    database: Writable,
    viewer: Viewer,
    volunteer_id: int,
    training: NewTraining,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The volunteer, with the training in the file; it is no service time.

    Raises:
        Unauthenticated, Forbidden: the viewer is not named to record for the volunteer's team.
    """

    async def store(write: Write, team_id: int) -> int:
        said = (
            training.name,
            training.content,
            training.minutes,
            training.organiser,
            training.held_on,
        )
        return await writing.insert_training(write, team_id, volunteer_id, said)

    given = _Filing("recordTraining", SubjectType.TRAINING, "training.recorded", idempotency_key)
    return await _file(database, viewer, volunteer_id, training, store, given=given, now=now)


async def record_award(
    database: Writable,
    viewer: Viewer,
    volunteer_id: int,
    award: NewAward,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The volunteer, with the award in the file.

    Raises:
        Unauthenticated, Forbidden: the viewer is not named to record for the volunteer's team.
    """

    async def store(write: Write, team_id: int) -> int:
        same = (award.name, award.granted_by, award.granted_on)
        if await writing.has_award(write, volunteer_id, *same):
            raise Refused(KNOWN)
        said = (*same, award.grantor.value, award.material, award.verification)
        return await writing.insert_award(write, team_id, volunteer_id, said)

    given = _Filing("recordAward", SubjectType.AWARD, "award.recorded", idempotency_key)
    return await _file(database, viewer, volunteer_id, award, store, given=given, now=now)


@dataclass(frozen=True, slots=True)
class _Filing:
    action: str
    subject_type: SubjectType
    event: str
    key: str | None


async def _file(
    database: Writable,
    viewer: Viewer,
    volunteer_id: int,
    said: NewTraining | NewAward,
    store: Callable[[Write, int], Awaitable[int]],
    *,
    given: _Filing,
    now: datetime,
) -> Outcome:
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any(said.errors(now.astimezone(CHINA).date()))
        # SECURITY: a hidden volunteer is a missing one.
        if volunteer_id not in await ids_in_scope(write, viewer, VOLUNTEER, [volunteer_id]):
            raise Refused(NO_SUCH_VOLUNTEER)
        await write.lock(Rank.VOLUNTEER, [volunteer_id])
        facts = (await gather(write, VOLUNTEER.name, [volunteer_id]))[volunteer_id]
        decision = decide(Action.AWARD_RECORD, viewer, facts)
        if not decision.allowed or viewer.acting is None:
            raise Forbidden(f"Only a recorder of the volunteer's team may: {decision.because}.")
        number = await store(write, viewer.acting.id)
        write.record(
            DomainEvent(
                name=given.event,
                subject_type=given.subject_type,
                subject_id=number,
                because=decision.because,
                payload={"volunteerId": volunteer_id, "teamId": viewer.acting.id},
            )
        )
        return succeeded(volunteer_id)

    request = Request(
        action=given.action, key=given.key, input={"volunteer_id": volunteer_id, **asdict(said)}
    )
    return await perform(database, viewer, request, work)


def _text_errors(said: Any, *, required: Sequence[str]) -> list[UserError]:
    errors: list[UserError] = []
    for name, longest in LONGEST.items():
        text = getattr(said, name, None)
        if text:
            wrong = name_errors if name in NAMES else line_errors
            errors += wrong(_camel(name), text, longest=longest)
        elif name in required:
            errors.append(UserError(UserErrorCode.REQUIRED, _camel(name), "This must be given."))
    return errors


def _date_errors(field: str, day: date, today: date) -> list[UserError]:
    if day < EARLIEST:
        return [UserError(UserErrorCode.INVALID, field, "Nobody living was there then.")]
    if day <= today:
        return []
    return [UserError(UserErrorCode.IN_THE_FUTURE, field, "This day has not come yet.")]


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
