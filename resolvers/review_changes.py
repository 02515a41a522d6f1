"""What a review asks to be changed, told in the words of the inputs that asked it.

Each kind writes ``reviews.change`` in its own way (``resolvers.team_changes``, ``moves``,
``permission_groups``, ``team_registration``, ``self_service``); here alone it is read to be shown.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from db.enums import ReviewKind
from permissions.contacts import Shown, masked_mobile, show_mobile, show_name


class Holds(Enum):
    """What stands in a field."""

    TEXT = auto()
    TEAM = auto()
    REGION = auto()
    NAME = auto()
    PHONE = auto()
    MASKED_PHONE = auto()


@dataclass(frozen=True, slots=True)
class Asked:
    """One field, what it was and what it is to be; of teams and regions their numbers."""

    field: str
    before: Any
    after: Any
    holds: Holds = Holds.TEXT

    def shown(self, before: Shown, after: Shown) -> "Asked":
        """The field with persons' names and numbers shown as they may be."""
        show = _SHOW.get(self.holds)
        if show is None:
            return self
        return replace(self, before=show(self.before, before), after=show(self.after, after))


_SHOW: Mapping[Holds, Callable[[Any, Shown], str | None]] = {
    Holds.NAME: lambda name, shown: None if name is None else show_name(name, shown),
    Holds.PHONE: show_mobile,
    # Who decides compares it with what they are told; nobody needs to read it here.
    Holds.MASKED_PHONE: lambda mobile, shown: (
        None if mobile is None or shown is Shown.ABSENT else masked_mobile(mobile)
    ),
}

_TEAM_FIELDS: Mapping[str, tuple[str, Holds]] = {
    "name": ("name", Holds.TEXT),
    "kind": ("kind", Holds.TEXT),
    "registration_status": ("registrationStatus", Holds.TEXT),
    "region_id": ("regionCode", Holds.REGION),
    "registration_authority_id": ("registrationAuthorityCode", Holds.REGION),
    "uscc": ("uscc", Holds.TEXT),
    "responsible_unit": ("responsibleUnit", Holds.TEXT),
    "principal_name": ("principal.name", Holds.NAME),
}
_UNIT_FIELDS = {"name": Holds.TEXT, "contact": Holds.NAME, "phone": Holds.PHONE}


def asked_of(kind: str, change: str) -> list[Asked]:
    """What a review of a kind asks for, from the JSON of its row; of most kinds nothing."""
    read = _READ.get(ReviewKind(kind))
    return [] if read is None else list(read(json.loads(change)))


def _team_change(change: Mapping[str, Any]) -> Iterator[Asked]:
    values, before = change.get("values", {}), change.get("before", {})
    for column, (field, holds) in _TEAM_FIELDS.items():
        if column in values:
            yield Asked(field, before.get(column), values[column], holds)


def _move(change: Mapping[str, Any]) -> Iterator[Asked]:
    before, after = change.get("fromContactTeamId"), change.get("contactTeamId")
    if before is not None or after is not None:
        yield Asked("contactTeamId", before, after, Holds.TEAM)
    yield from _reason(change)


def _group(change: Mapping[str, Any]) -> Iterator[Asked]:
    if "permissionGroup" in change:
        yield Asked("group", change.get("before"), change["permissionGroup"])
    yield from _reason(change)


def _registration(change: Mapping[str, Any]) -> Iterator[Asked]:
    unit = change.get("approvingUnit") or {}
    for part, holds in _UNIT_FIELDS.items():
        if part in unit:
            yield Asked(f"approvingUnit.{part}", None, unit[part], holds)


def _reset(change: Mapping[str, Any]) -> Iterator[Asked]:
    if "mobile" in change:
        yield Asked("mobile", None, change["mobile"], Holds.MASKED_PHONE)
    yield from _reason(change)


def _reason(change: Mapping[str, Any]) -> Iterator[Asked]:
    if change.get("reason"):
        yield Asked("reason", None, change["reason"])


_READ: Mapping[ReviewKind, Callable[[Mapping[str, Any]], Iterator[Asked]]] = {
    ReviewKind.TEAM_CHANGE: _team_change,
    ReviewKind.TEAM_MOVE: _move,
    ReviewKind.PERMISSION_GROUP: _group,
    ReviewKind.TEAM_REGISTRATION: _registration,
    ReviewKind.ACCOUNT_RESET: _reset,
}
