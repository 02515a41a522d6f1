"""What a need or an offer says, and what is wrong with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from permissions.errors import UserError, UserErrorCode
from resolvers.records.spans import moment_errors
from resolvers.rules.projects import TARGETS
from resolvers.texts import line_errors, mobile_errors, name_errors, text_errors

LONGEST_TITLE, LONGEST_PLACE, LONGEST_NAME = 50, 100, 30
LONGEST_DESCRIPTION = 2000
LONGEST_SKILL, MOST_SKILLS, MOST_CATEGORIES = 20, 10, 4
MOST_PEOPLE = 10_000
LONGEST_SPAN = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What needs and offers have in common."""

    region_id: int | None
    title: str
    description: str
    categories: Sequence[str]
    skills: Sequence[str]
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedForm(Form):
    """What a team looks for."""

    place: str
    targets: Sequence[str]
    people: int
    contact_name: str
    contact_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferForm(Form):
    """What a team or a volunteer offers."""


def form_errors(form: Form, known: frozenset[str], now: datetime) -> Iterator[UserError]:
    """What is wrong with what both say; ``known`` are the categories of service."""
    if form.region_id is None:
        yield UserError(UserErrorCode.NOT_FOUND, "regionCode", "No such region.")
    yield from _name("title", form.title, LONGEST_TITLE)
    yield from text_errors("description", form.description, longest=LONGEST_DESCRIPTION)
    if not 1 <= len(form.categories) <= MOST_CATEGORIES or not set(form.categories) <= known:
        text = f"One to {MOST_CATEGORIES} categories of service."
        yield UserError(UserErrorCode.INVALID, "categories", text)
    if len(form.skills) > MOST_SKILLS:
        yield UserError(UserErrorCode.TOO_MANY, "skills", f"At most {MOST_SKILLS} skills.")
    for skill in form.skills[:MOST_SKILLS]:
        yield from _name("skills", skill, LONGEST_SKILL)
    yield from _time_errors(form, now)


def need_errors(form: NeedForm) -> Iterator[UserError]:
    """What is wrong with what only needs say."""
    yield from _line("place", form.place, LONGEST_PLACE)
    yield from _name("contactName", form.contact_name, LONGEST_NAME)
    yield from mobile_errors("contactPhone", form.contact_phone)
    if not form.targets or not set(form.targets) <= TARGETS:
        text = "One or more of the thirteen targets."
        yield UserError(UserErrorCode.INVALID, "targets", text)
    if not 1 <= form.people <= MOST_PEOPLE:
        yield UserError(UserErrorCode.INVALID, "people", f"From 1 to {MOST_PEOPLE} people.")


def _time_errors(form: Form, now: datetime) -> Sequence[UserError]:
    found = [
        *moment_errors("startsAt", form.starts_at),
        *moment_errors("endsAt", form.ends_at),
    ]
    if found:
        return found
    if form.ends_at <= form.starts_at:
        text = "The end is not after the start."
        return [UserError(UserErrorCode.ENDS_BEFORE_START, "endsAt", text)]
    if form.ends_at <= now:
        return [UserError(UserErrorCode.DATES_PASSED, "endsAt", "This time is over.")]
    if form.ends_at - form.starts_at > LONGEST_SPAN:
        return [UserError(UserErrorCode.TOO_LONG, "endsAt", "A year at most.")]
    return ()


def _name(field: str, text: str, longest: int) -> Sequence[UserError]:
    return name_errors(field, text, longest=longest) if text else _line(field, text, longest)


def _line(field: str, text: str, longest: int) -> Sequence[UserError]:
    if not text:
        return (UserError(UserErrorCode.REQUIRED, field, "This must not be empty."),)
    return line_errors(field, text, longest=longest)
