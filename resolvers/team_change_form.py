"""Changes of a team's data: what was told against what stands, and which of it is reviewed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, TypedDict

from db.enums import HubLevel, RegistrationStatus, TeamKind
from db.models import Team
from permissions.errors import UserError, UserErrorCode
from resolvers.team_form import NewTeam, TeamPerson, form_errors

# What a superior may change of a team below (DOMAIN §3.1).
OF_SUPERIORS = frozenset({"name", "principal", "contact"})
# What a team's reviewer has vouched for: a change of it is reviewed again (变更审核).
KEY_COLUMNS = frozenset(
    {
        *("name", "kind", "registration_status", "region_id", "registration_authority_id"),
        *("uscc", "responsible_unit", "principal_name"),
    }
)
PLAIN = (
    *("name", "kind", "registration_status", "uscc", "responsible_unit", "responsible_unit_kind"),
    *("competent_unit", "competent_unit_kind", "address", "postcode", "lng", "lat", "founded_on"),
    *("planned_size", "intro"),
)
LEGAL_DATA = frozenset({"name", "kind", "registration_status", "uscc", "authority_code"})


class TeamChanges(TypedDict, total=False):
    """What to change; what is absent stays, None clears."""

    name: str
    kind: TeamKind
    registration_status: RegistrationStatus
    region_code: str
    uscc: str | None
    authority_code: str | None
    responsible_unit: str | None
    responsible_unit_kind: str | None
    competent_unit: str | None
    competent_unit_kind: str | None
    address: str | None
    postcode: str | None
    lng: float | None
    lat: float | None
    founded_on: date | None
    planned_size: int | None
    service_categories: Sequence[str]
    intro: str | None
    principal: TeamPerson
    contact: TeamPerson


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A team as it would be, and the names of what differs from how it is."""

    now: NewTeam
    given: NewTeam
    fields: frozenset[str]

    @property
    def touches_register(self) -> bool:
        """Whether the register of legal persons must confirm it."""
        return self.given.is_legal and not self.fields.isdisjoint(LEGAL_DATA)

    @property
    def touches_names(self) -> bool:
        """Whether another team might be called so, or have the code, already."""
        return not self.fields.isdisjoint({"name", "region_code", "uscc"})


def compared(
    team: Team, *, region_code: str, authority_code: str | None, changes: TeamChanges
) -> Changed:
    """The team with the changes, and what they come to."""
    now = NewTeam(
        **{name: getattr(team, name) for name in PLAIN},
        team_id=team.id,
        hub_level=HubLevel(team.hub_level) if team.hub_level else None,
        region_code=region_code,
        contact_team_id=None if team.branch_of_id else team.contact_team_id,
        branch_of_id=team.branch_of_id,
        authority_code=authority_code,
        service_categories=tuple(team.service_categories),
        principal=TeamPerson(
            name=team.principal_name,
            mobile=team.principal_mobile,
            mobile_public=team.principal_mobile_public,
        ),
        contact=TeamPerson(
            name=team.contact_name,
            mobile=team.contact_mobile,
            mobile_public=team.contact_mobile_public,
            email=team.contact_email,
        ),
    )
    given = replace(now, **changes)
    fields = frozenset(name for name in changes if getattr(given, name) != getattr(now, name))
    return Changed(now=now, given=given, fields=fields)


def change_errors(changed: Changed, *, today: date) -> Sequence[UserError]:
    """What is wrong with the changes on their face; what stood before is nobody's fault now."""
    touched = {_camel(name) for name in changed.fields}
    if touched & {"kind", "registrationStatus", "uscc", "registrationAuthorityCode"}:
        touched |= {"kind", "uscc", "registrationAuthorityCode"}
    if touched & {"lng", "lat"}:
        touched |= {"lng", "lat"}
    found = [
        error
        for error in form_errors(changed.given, today=today)
        if error.field is not None and error.field.partition(".")[0] in touched
    ]
    return [*found, *_standing_errors(changed)]


def _standing_errors(changed: Changed) -> Sequence[UserError]:
    """What cannot change because of where the team stands on the trees."""
    now, given, fields = changed.now, changed.given, changed.fields
    found = []
    if now.is_hub and "region_code" in fields:
        found.append(_locked("regionCode", "A hub is its region's; regions move by redistricting."))
    if now.is_legal != given.is_legal and not now.is_hub:
        message = "Register the legal person, and let it succeed this team."
        found.append(_locked("registrationStatus", message))
    if now.is_legal and given.is_legal and "uscc" in fields:
        found.append(_locked("uscc", "Another code is another legal person."))
    return found


def columns_of(
    given: NewTeam, fields: frozenset[str], *, region_id: int, authority_id: int | None
) -> Mapping[str, Any]:
    """What the fields are called, and hold, in the team's row."""
    values: dict[str, Any] = {name: getattr(given, name) for name in PLAIN if name in fields}
    if "region_code" in fields:
        values["region_id"] = region_id
    if "authority_code" in fields:
        values["registration_authority_id"] = authority_id
    if "service_categories" in fields:
        values["service_categories"] = [*given.service_categories]
    for who in ("principal", "contact"):
        if who in fields:
            person: TeamPerson = getattr(given, who)
            values |= {
                f"{who}_name": person.name,
                f"{who}_mobile": person.mobile,
                f"{who}_mobile_public": person.mobile_public,
            }
    if "contact" in fields:
        values["contact_email"] = given.contact.email
    return values


def as_input(changes: TeamChanges) -> Mapping[str, Any]:
    """The changes as a repeat must bring them again."""
    return {name: _plain(value) for name, value in changes.items()}


def _plain(value: object) -> object:
    if isinstance(value, TeamPerson):
        return asdict(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _locked(field: str, message: str) -> UserError:
    return UserError(UserErrorCode.FIELD_LOCKED, field, message)


def _camel(name: str) -> str:
    if name == "authority_code":
        return "registrationAuthorityCode"
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
