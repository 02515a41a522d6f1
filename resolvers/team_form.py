"""What is told of a team to register it, and what is wrong with that on its face (DOMAIN §3.1)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from db.enums import HubLevel, IdentityType, RegistrationStatus, TeamKind
from db.numbers import uscc as codes
from permissions.errors import UserError, UserErrorCode
from resolvers.rules.persons import person_name_error
from resolvers.rules.team_names import LONGEST_NAME
from resolvers.texts import email_errors, line_errors, mobile_errors, name_errors

LONGEST: Mapping[str, int] = {
    "responsible_unit": 100,
    "responsible_unit_kind": 30,
    "competent_unit": 100,
    "competent_unit_kind": 30,
    "address": 200,
    "intro": 2_000,
}
UNITS = LONGEST.keys() - {"address", "intro"}
SHORTEST_NAME = 2
MAX_VIEW_TEAMS = 20
MAX_SCANS = 10
MAX_PLANNED_SIZE = 10_000_000
EARLIEST = date(1900, 1, 1)
POSTCODE = re.compile(r"[0-9]{6}", re.ASCII)
PHONE = re.compile(r"[0-9+() -]{5,25}", re.ASCII)
PLACE_ON_EARTH = (("lng", 180), ("lat", 90))


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPerson:
    """The principal or the contact of a team."""

    name: str
    mobile: str
    mobile_public: bool = False
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovingUnit:
    """The unit inside which a group was set up; told when no team above reviews it."""

    name: str
    contact: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTeam:
    """What is told of a team; with ``team_id``, of one that was refused and is handed in again.

    ``scan_ids`` are the uploaded papers (登记证书, 申请表), all of them; left out when it is handed
    in again, those stay that it has.
    """

    team_id: int | None = None
    name: str
    kind: TeamKind
    registration_status: RegistrationStatus
    hub_level: HubLevel | None = None
    region_code: str
    contact_team_id: int | None = None
    branch_of_id: int | None = None
    view_team_ids: Sequence[int] = ()
    uscc: str | None = None
    authority_code: str | None = None
    responsible_unit: str | None = None
    responsible_unit_kind: str | None = None
    competent_unit: str | None = None
    competent_unit_kind: str | None = None
    approving_unit: ApprovingUnit | None = None
    address: str | None = None
    postcode: str | None = None
    lng: float | None = None
    lat: float | None = None
    founded_on: date | None = None
    planned_size: int | None = None
    service_categories: Sequence[str] = ()
    intro: str | None = None
    principal: TeamPerson
    contact: TeamPerson
    scan_ids: Sequence[int] | None = None

    @property
    def is_legal(self) -> bool:
        """Whether it is registered as a legal person."""
        return self.registration_status is RegistrationStatus.LEGAL_PERSON

    @property
    def is_filed(self) -> bool:
        """Whether it is on file (备案) with an office, without being a legal person."""
        return self.registration_status is RegistrationStatus.FILED

    @property
    def is_hub(self) -> bool:
        """Whether it is to be a hub."""
        return self.hub_level is not None

    @property
    def above_id(self) -> int | None:
        """The team it is to hang under."""
        return self.contact_team_id if self.branch_of_id is None else self.branch_of_id


def form_errors(given: NewTeam, *, today: date) -> Sequence[UserError]:
    """What is wrong with what was told."""
    return [
        *_name_errors(given),
        *_kind_errors(given),
        *_place_in_tree_errors(given),
        *_person_errors("principal", given.principal),
        *_person_errors("contact", given.contact),
        *_detail_errors(given, today),
    ]


def _name_errors(given: NewTeam) -> Iterator[UserError]:
    if len(given.name) < SHORTEST_NAME:
        yield _error(UserErrorCode.REQUIRED, "name", "A team has a name of two characters or more.")
    yield from name_errors("name", given.name, longest=LONGEST_NAME)


def _kind_errors(given: NewTeam) -> Iterator[UserError]:
    """What of kind, registration status and code does not go together."""
    if given.is_legal == (given.kind is TeamKind.GROUP):
        yield _error(
            UserErrorCode.INVALID, "kind", "A group is no legal person, and only a group is none."
        )
    if not given.is_legal:
        if given.uscc is not None:
            yield _error(UserErrorCode.INVALID, "uscc", "Only a legal person has a code.")
        if given.is_filed and given.authority_code is None:
            message = "A team on file names the region of the office that keeps the file."
            yield _error(UserErrorCode.REQUIRED, "registrationAuthorityCode", message)
        return
    if given.uscc is None:
        yield _error(UserErrorCode.REQUIRED, "uscc", "A legal person has a social credit code.")
    elif fault := codes.fault(given.uscc):
        yield _error(UserErrorCode.USCC_INVALID, "uscc", f"Not a social credit code: {fault}.")
    if given.authority_code is None:
        yield _error(
            UserErrorCode.REQUIRED,
            "registrationAuthorityCode",
            "A legal person names the region of its registration authority.",
        )


def _place_in_tree_errors(given: NewTeam) -> Iterator[UserError]:
    """What of hub, branch and contact team does not go together."""
    if given.branch_of_id is not None and (
        given.is_hub or given.is_legal or given.contact_team_id is not None
    ):
        yield _error(
            UserErrorCode.INVALID,
            "branchOfId",
            "A branch is no hub and no legal person, and has its organisation as contact team.",
        )
    if given.is_legal and not given.is_hub and given.contact_team_id is not None:
        yield _error(
            UserErrorCode.INVALID,
            "contactTeamId",
            "A legal person answers to its registration authority; choose view teams instead.",
        )
    if given.is_hub and given.responsible_unit is None:
        yield _error(UserErrorCode.REQUIRED, "responsibleUnit", "A hub has a responsible unit.")
    if not (given.is_hub or given.is_legal) and given.above_id is None:
        yield from _approving_errors(given.approving_unit)
    views = given.view_team_ids
    if len(views) > MAX_VIEW_TEAMS:
        yield _error(UserErrorCode.TOO_LONG, "viewTeamIds", f"At most {MAX_VIEW_TEAMS} of them.")
    if given.above_id in views:
        yield _error(UserErrorCode.INVALID, "viewTeamIds", "The contact team sees the team anyway.")


def _approving_errors(unit: ApprovingUnit | None) -> Iterator[UserError]:
    """What is missing where a department must know who set the group up."""
    if unit is None:
        yield _error(
            UserErrorCode.REQUIRED,
            "contactTeamId",
            "Choose a contact team, or name the unit that approved the group.",
        )
        return
    for part, text in (("name", unit.name), ("contact", unit.contact)):
        if not text:
            yield _error(UserErrorCode.REQUIRED, f"approvingUnit.{part}", "This must be given.")
        yield from name_errors(f"approvingUnit.{part}", text, longest=100)
    if not PHONE.fullmatch(unit.phone):
        yield _error(UserErrorCode.INVALID, "approvingUnit.phone", "Not a telephone number.")


def _person_errors(field: str, person: TeamPerson) -> Iterator[UserError]:
    error = person_name_error(person.name, IdentityType.RESIDENT_ID, field=f"{field}.name")
    if error is not None:
        yield error
    yield from mobile_errors(f"{field}.mobile", person.mobile)
    if person.email is not None:
        yield from email_errors(f"{field}.email", person.email)


def _detail_errors(given: NewTeam, today: date) -> Iterator[UserError]:
    for name, longest in LONGEST.items():
        if text := getattr(given, name):
            # An introduction has paragraphs.
            line = text.replace("\n", " ") if name == "intro" else text
            wrong = name_errors if name in UNITS else line_errors
            yield from wrong(_camel(name), line, longest=longest)
    if given.postcode is not None and not POSTCODE.fullmatch(given.postcode):
        yield _error(UserErrorCode.INVALID, "postcode", "A postcode has six digits.")
    for name, most in PLACE_ON_EARTH:
        value = getattr(given, name)
        if value is not None and not -most <= value <= most:
            yield _error(UserErrorCode.INVALID, name, f"From -{most} to {most}.")
    if (given.lng is None) != (given.lat is None):
        yield _error(UserErrorCode.INVALID, "lat", "Longitude and latitude go together.")
    if given.founded_on is not None and not EARLIEST <= given.founded_on <= today:
        yield _error(UserErrorCode.INVALID, "foundedOn", "A day that is past.")
    if len(given.scan_ids or ()) > MAX_SCANS:
        yield _error(UserErrorCode.TOO_LONG, "scanFileIds", f"At most {MAX_SCANS} of them.")
    if given.planned_size is not None and not 0 < given.planned_size <= MAX_PLANNED_SIZE:
        yield _error(UserErrorCode.INVALID, "plannedSize", f"From 1 to {MAX_PLANNED_SIZE}.")


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _error(code: UserErrorCode, field: str, message: str) -> UserError:
    return UserError(code, field, message)
