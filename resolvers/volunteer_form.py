"""What a person tells to be registered as a volunteer, and what is wrong with it (DOMAIN §7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from db.enums import IdentityType, Sex
from permissions.errors import UserError, UserErrorCode
from permissions.viewer import Viewer
from resolvers.rules.passwords import password_error, username_error
from resolvers.rules.persons import (
    Identity,
    birth_date_error,
    needs_guardian,
    person_name_error,
)
from resolvers.texts import email_errors, line_errors, mobile_errors, name_errors

LONGEST: Mapping[str, int] = {
    "nickname": 20,
    "address": 200,
    "ethnicity": 20,
    "political_status": 20,
    "education": 50,
    "employment": 50,
}
# Beyond what a registration asks (志愿服务记录办法 art. 6): given only with consent of its own.
EXTRA_ITEMS = ("ethnicity", "political_status", "education", "employment")
MAX_SKILLS, LONGEST_SKILL = 20, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardian:
    """Who consents for a person under 18."""

    name: str
    relation: str
    mobile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVolunteer:
    """What a person tells to be registered; without an account to sign in with, one is made."""

    name: str
    id_type: IdentityType = IdentityType.RESIDENT_ID
    id_number: str = field(repr=False)
    born_on: date | None = None
    sex: Sex | None = None
    region_code: str
    mobile: str
    email: str | None = None
    nickname: str | None = None
    address: str | None = None
    ethnicity: str | None = None
    political_status: str | None = None
    education: str | None = None
    employment: str | None = None
    skills: Sequence[str] = ()
    service_categories: Sequence[str] = ()
    consents: bool = False
    consents_to_extra_items: bool = False
    guardian: Guardian | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)


def form_errors(
    given: NewVolunteer, identity: Identity | UserError, today: date
) -> Sequence[UserError]:
    """What is wrong with what was told of the person."""
    errors = [person_name_error(given.name, given.id_type)]
    errors += mobile_errors("mobile", given.mobile)
    errors += email_errors("email", given.email) if given.email else ()
    for name, longest in LONGEST.items():
        if text := getattr(given, name):
            wrong = line_errors if name == "address" else name_errors
            errors += wrong(_camel(name), text, longest=longest)
    if len(given.skills) > MAX_SKILLS:
        errors.append(UserError(UserErrorCode.TOO_LONG, "skills", f"At most {MAX_SKILLS} skills."))
    for skill in given.skills[:MAX_SKILLS]:
        errors += name_errors("skills", skill, longest=LONGEST_SKILL)
    if not given.consents:
        errors.append(_no_consent("consents", "Registering takes the person's consent."))
    if any(getattr(given, name) is not None for name in EXTRA_ITEMS) and not (
        given.consents_to_extra_items
    ):
        errors.append(
            _no_consent("consentsToExtraItems", "These further items take a consent of their own.")
        )
    if isinstance(identity, UserError):
        errors.append(identity)
    else:
        errors.append(birth_date_error(identity.born_on, today=today))
        errors += _guardian_errors(given, identity, today)
    return [error for error in errors if error is not None]


def _guardian_errors(
    given: NewVolunteer, identity: Identity, today: date
) -> Sequence[UserError | None]:
    guardian = given.guardian
    if guardian is None:
        if not needs_guardian(identity.born_on, today=today):
            return ()
        message = "Who is under 18 registers with the consent of a guardian."
        return (UserError(UserErrorCode.GUARDIAN_REQUIRED, "guardian", message),)
    relation = guardian.relation
    return (
        person_name_error(guardian.name, given.id_type, field="guardian.name"),
        *mobile_errors("guardian.mobile", guardian.mobile),
        *name_errors("guardian.relation", relation, longest=20),
        None if relation else _missing("guardian.relation"),
    )


def account_errors(
    viewer: Viewer, given: NewVolunteer, identity: Identity | UserError
) -> Sequence[UserError]:
    """What is wrong with the account that is to be made; signed in, there is one."""
    if viewer.account_id is not None:
        asked = (given.username, given.password)
        return () if asked == (None, None) else (_has_account(),)
    if given.username is None or given.password is None:
        return [_missing(name) for name in ("username", "password") if getattr(given, name) is None]
    about = [stored_username(given), given.name, given.mobile]
    if isinstance(identity, Identity):
        about += [identity.number[-6:], f"{identity.born_on:%Y%m%d}"]
    found = (username_error(stored_username(given)), password_error(given.password, about=about))
    return [error for error in found if error is not None]


def stored_username(given: NewVolunteer) -> str:
    """The username as accounts store it."""
    return (given.username or "").strip().lower()


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _missing(field: str) -> UserError:
    return UserError(UserErrorCode.REQUIRED, field, "This must be given.")


def _no_consent(field: str, message: str) -> UserError:
    return UserError(UserErrorCode.CONSENT_REQUIRED, field, message)


def _has_account() -> UserError:
    message = "You are signed in: the account is there already."
    return UserError(UserErrorCode.INVALID, "username", message)
