"""From the arguments of a list to the filters of its statement."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from strawberry import UNSET

from db.enums import ProjectStatus
from db.names import normalised, search_grams
from db.paths import path_end
from db.queries.entities import REGION
from db.queries.filtering import Filtering
from db.scope import Scope
from permissions.errors import InvalidInput
from schema.ids import number_of
from schema.info import Info
from schema.pagination import Filters
from schema.region_codes import region_code
from schema.texts import is_storable, storable

LONGEST_SEARCH = 50


@dataclass(slots=True)
class FilterBuilder:
    """Collects the filters that a client gave; what was left out or null filters nothing."""

    names: set[str] = field(default_factory=set)
    values: dict[str, Any] = field(default_factory=dict)
    above: Scope | None = None

    def members(self, name: str, given: Iterable[StrEnum] | None, parameter: str) -> None:
        """Only rows with one of the enum members."""
        if given is not None and given is not UNSET:
            self.names.add(name)
            self.values[parameter] = tuple(member.value for member in given)

    def texts(self, name: str, given: Iterable[str] | None, parameter: str) -> None:
        """Only rows that share one of the texts."""
        if given is not None and given is not UNSET:
            self.names.add(name)
            self.values[parameter] = storable(given)

    def value(self, name: str, given: Any, parameter: str) -> None:
        """Only rows that the value lets through."""
        if given is not None and given is not UNSET:
            self.names.add(name)
            self.values[parameter] = given

    def moment(self, name: str, given: datetime | None, parameter: str) -> None:
        """Only rows on one side of a moment, which says its offset."""
        if given is None or given is UNSET:
            return
        if given.tzinfo is None:
            raise InvalidInput(name, "A time must say its offset, as in 2026-01-01T08:00:00+08:00.")
        try:
            self.value(name, given.astimezone(UTC), parameter)
        except OverflowError:
            raise InvalidInput(name, "There is no such time.") from None

    def flag(self, given: bool | None, yes: str, no: str | None = None) -> None:
        """Only rows with, or only rows without."""
        if given is None or given is UNSET:
            return
        if given:
            self.names.add(yes)
        elif no is not None:
            self.names.add(no)

    def search(self, given: str | None) -> None:
        """Only rows whose name holds the text, wherever it stands."""
        if given is None or given is UNSET:
            return
        text = normalised(given)
        if not text or len(text) > LONGEST_SEARCH or not is_storable(text):
            raise InvalidInput("name", f"Search for 1 to {LONGEST_SEARCH} characters.")
        self.names.add("name")
        self.values["f_grams"] = tuple(search_grams(given))
        self.values["f_name"] = text

    async def region(self, info: Info, given: str | None, name: str = "region") -> None:
        """Only rows that lie in the region of a code or below it."""
        if given is None or given is UNSET:
            return
        codes = storable([region_code(given)]) or (None,)
        (row,) = await info.context.loaders.rows(REGION, codes, key="code")
        if row is None:
            raise InvalidInput("region", "There is no region of this code.")
        self.names.add(name)
        self.values["f_region_path"] = row.path
        self.values["f_region_path_end"] = path_end(row.path)

    def under(self, info: Info, given: str | None) -> None:
        """Only rows of a team or of those below it; a hidden or missing team has none."""
        if given is not None and given is not UNSET:
            self.values["f_under"] = number_of(given, "Team", field="under")
            self.above = info.context.scope("Team")

    def built(self) -> Filters:
        """The filters, for a statement."""
        return Filters(Filtering(frozenset(self.names), self.above), self.values)


def project_filters(*, status: Iterable[ProjectStatus] | None) -> Filters:
    """The filters of a team's projects."""
    builder = FilterBuilder()
    builder.members("status", status, "f_status")
    return builder.built()
