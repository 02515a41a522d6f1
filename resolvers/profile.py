"""A volunteer's own profile, changed by the volunteer."""

from collections.abc import Mapping, Sequence
from typing import TypedDict, cast

from sqlalchemy import func, select

from db.enums import ConsentKind, InvitePolicy, VolunteerStatus
from db.events import DomainEvent, SubjectType
from db.lock_order import Rank
from db.models import ServiceCategory, Volunteer
from db.queries import registering
from db.queries.consents import has_standing
from db.queries.registering import RegionFound
from db.queries.self_service import fetch_own_mobile
from db.write import Writable, Write
from permissions.errors import Forbidden, Unauthenticated, UserError, UserErrorCode
from permissions.viewer import Role, Viewer
from resolvers.outcomes import Outcome, refused, require_key, succeeded
from resolvers.texts import email_errors, line_errors, mobile_errors, name_errors
from resolvers.volunteer_form import EXTRA_ITEMS

CODE_REQUIRED = UserError(
    UserErrorCode.CODE_REQUIRED, "mobile", "A phone is changed by codes: see requestMobileChange."
)
NO_SUCH_REGION = UserError(UserErrorCode.NOT_FOUND, "regionCode", "No such region today.")
LONGEST: Mapping[str, int] = {"nickname": 20, "address": 200, "education": 50, "employment": 50}
MAX_SKILLS = 20
LONGEST_SKILL = 30


class ProfileChanges(TypedDict, total=False):
    """What to change; an absent key leaves the field as it is, None or an empty text clears it."""

    nickname: str | None
    mobile: str | None
    mobile_public: bool
    email: str | None
    address: str | None
    education: str | None
    employment: str | None
    skills: Sequence[str]
    service_categories: Sequence[str]
    project_invite_policy: InvitePolicy
    team_invite_policy: InvitePolicy
    region_code: str


async def update_profile(
    database: Writable, viewer: Viewer, changes: ProfileChanges, idempotency_key: str | None
) -> Outcome:
    """The viewer's own volunteer with the changes, or what is wrong with them.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer in good standing.
    """
    volunteer_id = require_volunteer(viewer)
    require_key(idempotency_key)
    values = _tidied(changes)
    async with database.write(
        account_id=viewer.account_id,
        capacity=viewer.capacity,
        action="updateProfile",
        idempotency_key=idempotency_key,
        input=dict(values),
    ) as write:
        if not write.is_repeat:
            region = None
            if (code := values.pop("region_code", None)) is not None:
                # The region's path is copied below: it must not move meanwhile.
                await write.lock_tree()
                region = await registering.fetch_region(write, str(code))
                values |= {} if region is None else _place(region)
            errors = (
                _errors(values)
                or ([NO_SUCH_REGION] if code is not None and region is None else [])
                or await _category_errors(write, values)
                or await _consent_errors(write, volunteer_id, values)
                or await _phone_errors(write, volunteer_id, values)
            )
            if errors:
                write.outcome = refused(*errors)
            else:
                await _apply(write, volunteer_id, values)
                write.outcome = succeeded(volunteer_id)
    return Outcome.of(write)


def require_volunteer(viewer: Viewer) -> int:
    """The id of the volunteer the viewer acts as.

    Raises:
        Unauthenticated, Forbidden: the viewer is nobody, or acts as something else.
    """
    if viewer.account_id is None:
        raise Unauthenticated
    if viewer.role is not Role.VOLUNTEER or viewer.volunteer_id is None:
        raise Forbidden("Only a volunteer may do that, acting as such.")
    return viewer.volunteer_id


def _place(region: RegionFound) -> Mapping[str, object]:
    """The residence as the volunteer's row keeps it."""
    return {"region_id": region.id, "region_path": region.path, "province": region.province}


async def _apply(write: Write, volunteer_id: int, values: Mapping[str, object]) -> None:
    write.locking(Rank.VOLUNTEER)
    volunteer = await write.session.get_one(Volunteer, volunteer_id, with_for_update=True)
    if volunteer.status is not VolunteerStatus.ENABLED:
        raise Forbidden("This volunteer is disabled or has withdrawn.")
    changed = [name for name, value in values.items() if getattr(volunteer, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(volunteer, name, values[name])
    volunteer.updated_at = func.now()
    names = cast("list[str]", sorted(changed))
    write.record(
        DomainEvent(
            name="volunteer.profile_updated",
            subject_type=SubjectType.VOLUNTEER,
            subject_id=volunteer_id,
            because="own profile",
            payload={"fields": [*names]},
            detail={"fields": [*names]},
        )
    )


async def _phone_errors(
    write: Write, volunteer_id: int, values: Mapping[str, object]
) -> list[UserError]:
    """A phone leads back into the account: it changes by codes to the old one and the new."""
    if "mobile" not in values:
        return []
    stored = await fetch_own_mobile(write, volunteer_id)
    return [] if stored == values["mobile"] else [CODE_REQUIRED]


def _tidied(changes: ProfileChanges) -> dict[str, object]:
    """The changes with texts trimmed, empty texts as None, lists without repeats."""
    return {name: _tidy(value) for name, value in changes.items()}


def _tidy(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, InvitePolicy):
        return value.strip() or None
    if isinstance(value, Sequence) and not isinstance(value, str):
        stripped = (str(item).strip() for item in value)
        return list(dict.fromkeys(item for item in stripped if item))
    return value


def _errors(values: Mapping[str, object]) -> list[UserError]:
    errors: list[UserError] = []
    for name, longest in LONGEST.items():
        if isinstance(text := values.get(name), str):
            wrong = line_errors if name == "address" else name_errors
            errors += wrong(name, text, longest=longest)
    if isinstance(mobile := values.get("mobile"), str):
        errors += mobile_errors("mobile", mobile)
    if isinstance(email := values.get("email"), str):
        errors += email_errors("email", email)
    skills = cast("Sequence[str]", values.get("skills", ()))
    if len(skills) > MAX_SKILLS:
        errors.append(UserError(UserErrorCode.TOO_LONG, "skills", f"At most {MAX_SKILLS} skills."))
    for skill in skills:
        errors += name_errors("skills", skill, longest=LONGEST_SKILL)
    return errors


async def _consent_errors(
    write: Write, volunteer_id: int, values: Mapping[str, object]
) -> list[UserError]:
    """What takes a consent of its own that does not stand (志愿服务记录办法 art. 6)."""
    extra = [name for name in EXTRA_ITEMS if values.get(name) is not None]
    if not extra or await has_standing(write, volunteer_id, ConsentKind.EXTRA_ITEMS):
        return []
    message = "This item takes a consent of its own: give it first."
    return [UserError(UserErrorCode.CONSENT_REQUIRED, name, message) for name in extra]


async def _category_errors(write: Write, values: Mapping[str, object]) -> list[UserError]:
    wanted = cast("Sequence[str]", values.get("service_categories", ()))
    if not wanted:
        return []
    known = await write.session.scalars(
        select(ServiceCategory.code).where(ServiceCategory.is_enabled)
    )
    if set(wanted) <= set(known):
        return []
    return [
        UserError(UserErrorCode.INVALID, "serviceCategories", "Not a category of service here.")
    ]
