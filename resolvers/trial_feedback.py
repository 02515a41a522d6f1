"""Feedback on the trial of system 2.0: annex 1 of the notice of 2021, filled in and summed up.

Each department answers for its region, as often as it likes: the newest answers count. Departments
above see the forms of their regions and the sums over all of them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from db.enums import TrialLevel, TrialModule
from db.events import DomainEvent, Json, SubjectType
from db.paths import path_end
from db.queries.trial_feedback import (
    FEEDBACK_OF_REGION,
    FEEDBACK_SUMS,
    FeedbackRow,
    FeedbackSumsRow,
    insert_feedback,
)
from db.write import Writable, Write
from permissions.context import RequestContext
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.viewer import ActingDepartment, Role, Viewer
from resolvers.acting import Request, perform, refuse_if_any
from resolvers.outcomes import Outcome, succeeded
from resolvers.texts import name_errors, text_errors

EARLIEST = date(2020, 1, 1)
LONGEST_UNIT = 100
LONGEST_NAME = 50
LONGEST_PHONE = 40
LONGEST_WISHES = 10_000

IF_ORGANISED = ("accounts_work", "support_reachable", "is_stable", "meets_needs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The answers to the eight questions; who organised no trial answers the first and the last."""

    organised: bool
    levels_reached: Sequence[TrialLevel] = ()
    accounts_work: bool | None = None
    modules_tried: Sequence[TrialModule] = ()
    support_reachable: bool | None = None
    is_stable: bool | None = None
    meets_needs: bool | None = None
    wishes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form as it is handed in: by which unit, on which day, whom to ask, and the answers."""

    unit: str
    filled_on: date
    contact_name: str
    contact_phone: str
    answers: Answers


async def submit_feedback(
    database: Writable, viewer: Viewer, form: Form, idempotency_key: str | None, *, today: date
) -> Outcome:
    """The form of the department's own region.

    Raises:
        Forbidden: the viewer does not act for a department.
    """
    office = _office(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any(_errors(form, today))
        feedback_id = await insert_feedback(
            write,
            region_id=office.region_id,
            unit=form.unit,
            filled_on=form.filled_on,
            contact_name=form.contact_name,
            contact_phone=form.contact_phone,
            answers=asdict(form.answers),
        )
        write.record(
            DomainEvent(
                name="trialFeedback.submitted",
                subject_type=SubjectType.TRIAL_FEEDBACK,
                subject_id=feedback_id,
                because="department of the region",
                payload={"regionCode": office.region_code},
            )
        )
        return succeeded(feedback_id)

    given = {**asdict(form), "filled_on": form.filled_on.isoformat()}
    request = Request(action="submitTrialFeedback", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def list_feedback(context: RequestContext, region_path: str | None) -> Sequence[FeedbackRow]:
    """The newest forms of a region and of those directly below; elsewhere there are none.

    Raises:
        Forbidden: the viewer does not act for a department.
    """
    path = _path_within(context.viewer, region_path)
    return await context.snapshot.fetch(
        FEEDBACK_OF_REGION, at=path, region=path, region_end=path_end(path)
    )


async def get_feedback(context: RequestContext, feedback_id: int) -> FeedbackRow | None:
    """A form of the department's own region, as long as it is the newest."""
    rows = await list_feedback(context, _office(context.viewer).region_path)
    return next((row for row in rows if row.id == feedback_id), None)


async def sum_feedback(context: RequestContext, region_path: str | None) -> FeedbackSumsRow | None:
    """What all forms of a region and below say; None outside the department's region.

    Raises:
        Forbidden: the viewer does not act for a department.
    """
    path = _path_within(context.viewer, region_path)
    if path == NOWHERE:
        return None
    return await context.snapshot.fetch_one(FEEDBACK_SUMS, region=path, region_end=path_end(path))


def answers_of(row: FeedbackRow) -> Answers:
    """The answers of a stored form."""
    given: dict[str, Any] = json.loads(row.answers)
    return Answers(
        **{
            **given,
            "levels_reached": [TrialLevel(each) for each in given["levels_reached"]],
            "modules_tried": [TrialModule(each) for each in given["modules_tried"]],
        }
    )


NOWHERE = "-"
"""A path that no region has: what is hidden is asked for as what is missing."""


def _path_within(viewer: Viewer, region_path: str | None) -> str:
    office = _office(viewer)
    if region_path is None or not region_path.startswith(office.region_path):
        return NOWHERE
    return region_path


def _office(viewer: Viewer) -> ActingDepartment:
    if viewer.role is not Role.DEPARTMENT or viewer.department is None:
        raise Forbidden("Only departments give feedback on the trial.")
    return viewer.department


def _errors(form: Form, today: date) -> Sequence[UserError]:
    answers = form.answers
    errors = [
        *_line("unit", form.unit, LONGEST_UNIT),
        *_line("contactName", form.contact_name, LONGEST_NAME),
        *_line("contactPhone", form.contact_phone, LONGEST_PHONE),
        *text_errors("wishes", answers.wishes, longest=LONGEST_WISHES),
    ]
    if form.filled_on < EARLIEST:
        errors.append(UserError(UserErrorCode.INVALID, "filledOn", "There was no trial yet."))
    if form.filled_on > today:
        errors.append(UserError(UserErrorCode.INVALID, "filledOn", "This day is yet to come."))
    given = [getattr(answers, each) is not None for each in IF_ORGANISED]
    chosen = [bool(answers.levels_reached), bool(answers.modules_tried)]
    if answers.organised and not all((*given, *chosen)):
        errors.append(
            UserError(
                UserErrorCode.INVALID, "organised", "Who organised a trial answers all questions."
            )
        )
    if not answers.organised and any((*given, *chosen)):
        errors.append(
            UserError(
                UserErrorCode.INVALID, "organised", "Who organised no trial leaves the rest open."
            )
        )
    return errors


def _line(field: str, text: str, longest: int) -> Sequence[UserError]:
    if not text:
        return (UserError(UserErrorCode.REQUIRED, field, "This must not be empty."),)
    return name_errors(field, text, longest=longest)
