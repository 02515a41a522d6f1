"""What a volunteer wishes a certificate to cover."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from db.events import Json
from permissions.errors import UserError, UserErrorCode

MOST_RECORDS = 100
FIRST_DAY = date(1949, 10, 1)

TOO_MANY = UserError(
    UserErrorCode.TOO_MANY,
    "since",
    f"A certificate lists at most {MOST_RECORDS} records; choose a shorter time.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a certificate is to cover: chosen records, or a time in days of China, both ends in.

    ``team_id`` is who recorded, and so is asked; none when the volunteer prints.
    """

    team_id: int | None = None
    record_ids: Sequence[int] | None = None
    since: date | None = None
    until: date | None = None
    shows_id_number: bool = False
    replaces_id: int | None = None

    @property
    def as_input(self) -> Mapping[str, Json]:
        """The wish as a repeat must bring it again."""
        return {
            "record_ids": None if self.record_ids is None else [*self.record_ids],
            "team_id": self.team_id,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "shows_id_number": self.shows_id_number,
            "replaces_id": self.replaces_id,
        }

    def errors(self, today: date) -> Sequence[UserError]:
        """What is wrong with it, before any row is read."""
        found = []
        if self.record_ids is not None and len(self.record_ids) > MOST_RECORDS:
            found.append(UserError(UserErrorCode.TOO_MANY, "recordIds", TOO_MANY.message))
        if self.record_ids is not None and (self.since or self.until):
            message = "Choose records, or a time, not both."
            found.append(UserError(UserErrorCode.INVALID, "recordIds", message))
        if self.since and self.until and self.since > self.until:
            found.append(UserError(UserErrorCode.INVALID, "until", "It ends before it begins."))
        for name, day in (("since", self.since), ("until", self.until)):
            if day is not None and not FIRST_DAY <= day <= today:
                message = f"Choose days from {FIRST_DAY} to today."
                found.append(UserError(UserErrorCode.INVALID, name, message))
        return found
