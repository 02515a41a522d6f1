"""What a recorder says of one service, and what its form shows to be wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from permissions.errors import UserError, UserErrorCode
from resolvers.records.spans import moment_errors
from resolvers.rules.projects import TARGETS, promises_hours_for_nothing
from resolvers.texts import line_errors, name_errors

LONGEST: Mapping[str, int] = {
    "activityName": 50,
    "content": 500,
    "place": 200,
    "contactName": 50,
    "note": 500,
    "comment": 500,
}
NAMES = frozenset({"activityName", "contactName"})
MOST_UNSERVED = 24 * 60
LOWEST_SCORE, HIGHEST_SCORE = 1, 5
NOT_SERVICE = UserError(
    UserErrorCode.PROHIBITED_KIND,
    "content",
    "Hours are for service that was given, never for donations, promises or reposts.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One service of one volunteer, who is named by id, or by number and name together.

    What a project says already (name, place, whom it serves, contact) may be left out.
    ``unserved_minutes`` are the way and the breaks, which are no service.
    """

    starts_at: datetime
    ends_at: datetime
    content: str
    volunteer_id: int | None = None
    volunteer_no: str | None = None
    volunteer_name: str | None = None
    project_id: int | None = None
    post_id: int | None = None
    activity_name: str | None = None
    place: str | None = None
    targets: Sequence[str] | None = None
    contact_name: str | None = None
    unserved_minutes: int = 0
    note: str | None = None
    score: int | None = None
    comment: str | None = None

    @property
    def named(self) -> tuple[str, str] | None:
        """Number and name, if the volunteer is named by them."""
        if self.volunteer_id is None and self.volunteer_no and self.volunteer_name:
            return self.volunteer_no, self.volunteer_name
        return None

    def as_input(self) -> list[Any]:
        """Everything that a repeat under the same key must say again."""
        return [getattr(self, name) for name in _SAID]


_SAID = tuple(each.name for each in fields(Entry))


def form_errors(entry: Entry) -> list[UserError]:
    """What is wrong with an entry, as far as it shows without looking anything up."""
    errors = _who_errors(entry)
    if not entry.content:
        errors.append(_required("content"))
    if entry.project_id is None:
        given = (("activityName", entry.activity_name), ("place", entry.place))
        errors += [_required(name) for name, text in given if not text]
        if not entry.targets:
            errors.append(_required("targets"))
        if entry.post_id is not None:
            errors.append(_required("projectId"))
    errors += said_errors(entry)
    return errors


def said_errors(entry: Entry) -> list[UserError]:
    """What is wrong with the texts and figures of an entry that are given."""
    errors: list[UserError] = []
    for name, text in (
        ("activityName", entry.activity_name),
        ("content", entry.content),
        ("place", entry.place),
        ("contactName", entry.contact_name),
        ("note", entry.note),
        ("comment", entry.comment),
    ):
        if text:
            wrong = name_errors if name in NAMES else line_errors
            errors += wrong(name, text, longest=LONGEST[name])
    if entry.targets is not None and not TARGETS.issuperset(entry.targets):
        errors.append(_invalid("targets", "Not one of those who are served (服务对象)."))
    if not 0 <= entry.unserved_minutes <= MOST_UNSERVED:
        errors.append(_invalid("unservedMinutes", f"From 0 to {MOST_UNSERVED} minutes."))
    if entry.score is not None and not LOWEST_SCORE <= entry.score <= HIGHEST_SCORE:
        errors.append(_invalid("score", f"From {LOWEST_SCORE} to {HIGHEST_SCORE}."))
    if entry.score is None and entry.comment:
        errors.append(_required("score"))
    errors += moment_errors("startsAt", entry.starts_at)
    errors += moment_errors("endsAt", entry.ends_at)
    if promises_hours_for_nothing((entry.content, entry.activity_name, entry.note)):
        errors.append(NOT_SERVICE)
    return errors


def _who_errors(entry: Entry) -> list[UserError]:
    if entry.volunteer_id is not None:
        return []
    if entry.named is not None:
        fields = zip(("volunteerNo", "volunteerName"), entry.named, strict=True)
        return [error for name, said in fields for error in line_errors(name, said, longest=50)]
    missing = "volunteerName" if entry.volunteer_no else "volunteerNo"
    return [_required(missing)]


def _required(field: str) -> UserError:
    return UserError(UserErrorCode.REQUIRED, field, "This must be given.")


def _invalid(field: str, message: str) -> UserError:
    return UserError(UserErrorCode.INVALID, field, message)
