"""What is told of a project, and what is wrong with that on its face (DOMAIN §3.3)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from db.clock import CHINA
from db.enums import IdentityType, ProhibitedKind, RecruitScope
from permissions.errors import UserError, UserErrorCode
from resolvers.rules.hours import MINUTES_IN_HOUR
from resolvers.rules.persons import person_name_error
from resolvers.rules.projects import ALL_KINDS, TARGETS, promises_hours_for_nothing
from resolvers.texts import email_errors, line_errors, mobile_errors, name_errors

SHORTEST_NAME, LONGEST_NAME = 2, 50
LONGEST: Mapping[str, int] = {"address": 200, "description": 5_000, "risk_notice": 2_000}
PARAGRAPHS = frozenset({"description", "risk_notice"})
MOST_CATEGORIES, MOST_GUARANTEES, LONGEST_GUARANTEE = 4, 10, 30
MOST_TEAMS = MOST_EXCLUSIONS = 50
MOST_HOURS = Decimal(10_000)
LONGEST_PROJECT = timedelta(days=5 * 366)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
PASSWORD = re.compile(r"[0-9]{4,6}", re.ASCII)
LANDLINE = re.compile(r"[0-9+() -]{5,25}", re.ASCII)
PLACE_ON_EARTH = (("lng", 180), ("lat", 90))
HUNDREDTHS = -2


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectForm:
    """A project as its team tells it; ``password`` is None where it was not told anew.

    ``has_password`` and ``has_proof`` say whether there is one, told now or before.
    """

    name: str
    scope: RecruitScope
    region_code: str
    starts_at: datetime
    ends_at: datetime
    recruit_starts_at: datetime | None = None
    recruit_ends_at: datetime | None = None
    address: str | None = None
    lng: float | None = None
    lat: float | None = None
    categories: Sequence[str]
    targets: Sequence[str]
    guarantees: Sequence[str]
    min_hours: Decimal = Decimal(0)
    allowed_team_ids: Sequence[int] = ()
    exclusive_ids: Sequence[int] = ()
    password: str | None = None
    has_password: bool = False
    description: str
    risk_notice: str | None = None
    cover_file_id: int | None = None
    proof_file_id: int | None = None
    has_proof: bool = False
    is_truth_declared: bool = False
    declarations: Sequence[ProhibitedKind] = ()
    contact_name: str
    contact_mobile: str
    contact_mobile_public: bool = False
    contact_landline: str | None = None
    contact_landline_public: bool = False
    contact_email: str | None = None
    contact_email_public: bool = False

    @property
    def is_make_up(self) -> bool:
        """Whether it tells of what has happened already (补录)."""
        return self.scope is RecruitScope.MAKE_UP

    @property
    def min_minutes(self) -> int:
        """The service time that a sign-up requires, in whole minutes."""
        return round(self.min_hours * MINUTES_IN_HOUR)


def form_errors(form: ProjectForm) -> Sequence[UserError]:
    """What is wrong with what was told, whenever it is told."""
    return [
        *_name_errors(form),
        *_text_errors(form),
        *_choice_errors(form),
        *_scope_errors(form),
        *_order_errors(form),
        *_contact_errors(form),
    ]


def date_errors(form: ProjectForm, now: datetime) -> Iterator[UserError]:
    """What of the dates cannot be from now on: a late entry lies in the past, all else does not."""
    if form.is_make_up:
        if form.ends_at > now:
            yield _error(UserErrorCode.INVALID, "endsAt", "A late entry (补录) lies in the past.")
        return
    today = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    if form.starts_at < today:
        yield _error(UserErrorCode.INVALID, "startsAt", "A project begins today or later.")
    if form.ends_at <= now:
        yield _error(UserErrorCode.INVALID, "endsAt", "A project ends in the future.")
    if form.recruit_ends_at is not None and form.recruit_ends_at <= now:
        yield _error(UserErrorCode.INVALID, "recruitEndsAt", "Recruitment ends in the future.")


def publication_errors(form: ProjectForm, *, posts: int, now: datetime) -> Sequence[UserError]:
    """What is missing or wrong before a project may be published."""
    return [*form_errors(form), *date_errors(form, now), *_missing(form, posts)]


def wording_errors(texts: Mapping[str, str | None]) -> Iterator[UserError]:
    """Which texts, by field, promise hours that nobody serves (DOMAIN §11.18)."""
    for field, text in texts.items():
        if promises_hours_for_nothing([text]):
            yield _error(
                UserErrorCode.PROHIBITED_KIND,
                field,
                "Hours are given for service, not for donations, promises or reposts.",
            )


def _missing(form: ProjectForm, posts: int) -> Iterator[UserError]:
    required = UserErrorCode.REQUIRED
    if set(form.declarations) != ALL_KINDS:
        yield _error(
            UserErrorCode.DECLARATION_REQUIRED,
            "declarations",
            "The team declares of each of the six prohibited kinds that this is none.",
        )
    if form.is_make_up:
        if not form.has_proof:
            yield _error(required, "proofFileId", "A late entry has a proof.")
        if not form.is_truth_declared:
            yield _error(
                UserErrorCode.DECLARATION_REQUIRED,
                "isTruthDeclared",
                "A late entry is declared true.",
            )
        return
    if posts == 0:
        yield _error(required, "posts", "A project that recruits has a post.")
    if form.risk_notice is None:
        yield _error(required, "riskNotice", "Whoever recruits tells of the risks.")
    if form.scope is RecruitScope.TEAMS and not form.allowed_team_ids:
        yield _error(required, "allowedTeamIds", "Name the teams whose members may sign up.")
    if form.scope is RecruitScope.PASSWORD and not form.has_password:
        yield _error(required, "noReviewPassword", "This scope needs a password.")


def _name_errors(form: ProjectForm) -> Iterator[UserError]:
    if len(form.name) < SHORTEST_NAME:
        yield _error(
            UserErrorCode.REQUIRED, "name", f"A name has {SHORTEST_NAME} characters or more."
        )
    yield from name_errors("name", form.name, longest=LONGEST_NAME)


def _text_errors(form: ProjectForm) -> Iterator[UserError]:
    if not form.description:
        yield _error(UserErrorCode.REQUIRED, "description", "A project is described.")
    for name, longest in LONGEST.items():
        if text := getattr(form, name):
            line = text.replace("\n", " ") if name in PARAGRAPHS else text
            yield from line_errors(camel(name), line, longest=longest)
    yield from wording_errors(
        {
            "name": form.name,
            "description": form.description,
            "riskNotice": form.risk_notice,
            "guarantees": "；".join(form.guarantees),
        }
    )


def _choice_errors(form: ProjectForm) -> Iterator[UserError]:
    if not 1 <= len(form.categories) <= MOST_CATEGORIES:
        yield _error(
            UserErrorCode.INVALID, "categories", f"One to {MOST_CATEGORIES} service categories."
        )
    if not form.targets or not set(form.targets) <= TARGETS:
        yield _error(UserErrorCode.INVALID, "targets", "One or more of the thirteen targets.")
    if not 1 <= len(form.guarantees) <= MOST_GUARANTEES:
        yield _error(UserErrorCode.INVALID, "guarantees", f"One to {MOST_GUARANTEES} guarantees.")
    for each in form.guarantees[:MOST_GUARANTEES]:
        yield from name_errors("guarantees", each, longest=LONGEST_GUARANTEE)
    if len(form.exclusive_ids) > MOST_EXCLUSIONS:
        yield _error(
            UserErrorCode.TOO_LONG, "exclusiveProjectIds", f"At most {MOST_EXCLUSIONS} of them."
        )
    hours = form.min_hours
    exponent = hours.as_tuple().exponent if hours.is_finite() else None
    if not isinstance(exponent, int) or exponent < HUNDREDTHS or not 0 <= hours <= MOST_HOURS:
        yield _error(
            UserErrorCode.INVALID, "minHoursRequired", "Hours from 0 on, with two decimals at most."
        )


def _scope_errors(form: ProjectForm) -> Iterator[UserError]:
    if form.allowed_team_ids and form.scope is not RecruitScope.TEAMS:
        yield _error(UserErrorCode.INVALID, "allowedTeamIds", "Teams are named for scope TEAMS.")
    if len(form.allowed_team_ids) > MOST_TEAMS:
        yield _error(UserErrorCode.TOO_LONG, "allowedTeamIds", f"At most {MOST_TEAMS} teams.")
    if form.has_password and form.scope is not RecruitScope.PASSWORD:
        yield _error(
            UserErrorCode.INVALID, "noReviewPassword", "A password belongs to scope PASSWORD."
        )
    if form.password is not None and not PASSWORD.fullmatch(form.password):
        yield _error(UserErrorCode.INVALID, "noReviewPassword", "A password has 4 to 6 digits.")
    if form.is_make_up and (form.recruit_starts_at or form.recruit_ends_at):
        yield _error(UserErrorCode.INVALID, "recruitStartsAt", "A late entry recruits nobody.")
    if not form.is_make_up and (form.has_proof or form.is_truth_declared):
        yield _error(UserErrorCode.INVALID, "proofFileId", "A proof belongs to a late entry.")


def _order_errors(form: ProjectForm) -> Iterator[UserError]:
    if not EARLIEST <= form.starts_at < form.ends_at <= form.starts_at + LONGEST_PROJECT:
        yield _error(
            UserErrorCode.INVALID, "endsAt", "A project ends after it begins, within five years."
        )
    begins, ends = form.recruit_starts_at, form.recruit_ends_at
    if begins is not None and begins >= (ends or form.ends_at):
        yield _error(UserErrorCode.INVALID, "recruitStartsAt", "Recruitment begins before it ends.")
    if begins is not None and begins < EARLIEST:
        yield _error(UserErrorCode.INVALID, "recruitStartsAt", "A day that cannot be.")
    if ends is not None and ends > form.ends_at:
        yield _error(
            UserErrorCode.INVALID, "recruitEndsAt", "Recruitment ends with the project at last."
        )


def _contact_errors(form: ProjectForm) -> Iterator[UserError]:
    error = person_name_error(form.contact_name, IdentityType.RESIDENT_ID, field="contact.name")
    if error is not None:
        yield error
    yield from mobile_errors("contact.mobile", form.contact_mobile)
    if form.contact_email is not None:
        yield from email_errors("contact.email", form.contact_email)
    if form.contact_landline is not None and not LANDLINE.fullmatch(form.contact_landline):
        yield _error(UserErrorCode.INVALID, "contact.landline", "Not a telephone number.")
    for name, most in PLACE_ON_EARTH:
        value = getattr(form, name)
        if value is not None and not -most <= value <= most:
            yield _error(UserErrorCode.INVALID, name, f"From -{most} to {most}.")
    if (form.lng is None) != (form.lat is None):
        yield _error(UserErrorCode.INVALID, "lat", "Longitude and latitude go together.")


def camel(name: str) -> str:
    """A field's name as clients write it."""
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _error(code: UserErrorCode, field: str, message: str) -> UserError:
    return UserError(code, field, message)
