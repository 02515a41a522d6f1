"""What changing a team's data is given."""

from datetime import date
from typing import Any, cast

import strawberry
from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from db.enums import RegistrationStatus, TeamKind
from db.numbers import uscc
from permissions.errors import InvalidInput
from resolvers.team_change_form import TeamChanges
from schema.inputs.team_registration import TeamPersonInput
from schema.inputs.volunteer import KEY
from schema.region_codes import region_code
from schema.texts import is_storable
from schema.visibility import MANAGERS, input_field, input_type

LINES = (
    *("responsible_unit", "responsible_unit_kind", "competent_unit", "competent_unit_kind"),
    *("address", "postcode", "intro"),
)
VALUES = ("kind", "registration_status", "lng", "lat", "founded_on", "planned_size")
NEVER_EMPTY = (
    *("name", "kind", "registration_status", "region_code", "service_categories"),
    *("principal", "contact"),
)


@input_type(to=MANAGERS, description="Changes of a team; what is left out stays (变更队伍资料)")
class UpdateTeamInput:
    """Changes of a team's data; those of key data wait for the reviewer."""

    team_id: strawberry.ID = input_field(
        to=MANAGERS, description="Global id of the team (队伍标识)", required=True
    )
    name: str | None = input_field(to=MANAGERS, description="Name; reviewed (名称)")
    kind: TeamKind | None = input_field(to=MANAGERS, description="Kind; reviewed (队伍类型)")
    registration_status: RegistrationStatus | None = input_field(
        to=MANAGERS, description="Registration; reviewed (登记状态)"
    )
    region_code: str | None = input_field(
        to=MANAGERS, description="Code of the region; reviewed (区划代码)"
    )
    uscc: str | None = input_field(
        to=MANAGERS, description="Unified social credit code; reviewed (统一社会信用代码)"
    )
    registration_authority_code: str | None = input_field(
        to=MANAGERS, description="Region of the registration authority; reviewed (登记机关区划)"
    )
    responsible_unit: str | None = input_field(
        to=MANAGERS, description="Responsible unit, of a hub; reviewed (责任单位)"
    )
    responsible_unit_kind: str | None = input_field(
        to=MANAGERS, description="Kind of it, an open list (责任单位类型)"
    )
    competent_unit: str | None = input_field(to=MANAGERS, description="Competent unit (主管单位)")
    competent_unit_kind: str | None = input_field(
        to=MANAGERS, description="Kind of it (主管单位类型)"
    )
    address: str | None = input_field(to=MANAGERS, description="Address (地址)")
    postcode: str | None = input_field(to=MANAGERS, description="Postcode (邮政编码)")
    lng: float | None = input_field(to=MANAGERS, description="Longitude (经度)")
    lat: float | None = input_field(to=MANAGERS, description="Latitude (纬度)")
    founded_on: date | None = input_field(to=MANAGERS, description="Day of founding (成立日期)")
    planned_size: int | None = input_field(to=MANAGERS, description="Planned members (计划人数)")
    service_categories: list[str] | None = input_field(
        to=MANAGERS, description="Codes of service categories (服务类别)"
    )
    intro: str | None = input_field(to=MANAGERS, description="Introduction (简介)")
    principal: TeamPersonInput | None = input_field(
        to=MANAGERS, description="Principal; another name is reviewed (负责人)"
    )
    contact: TeamPersonInput | None = input_field(to=MANAGERS, description="Contact (联系人)")
    idempotency_key: str | None = input_field(to=MANAGERS, description=KEY)

    @property
    def changes(self) -> TeamChanges:
        """What to change, with texts trimmed, and nothing that was left out.

        Raises:
            InvalidInput: null, for what is never empty.
        """
        for name in NEVER_EMPTY:
            if getattr(self, name) is None:
                field = to_camel_case(name)
                raise InvalidInput(f"input.{field}", f"{field} cannot be null; leave it out.")
        given: dict[str, Any] = {name: getattr(self, name) for name in VALUES}
        given |= {name: _line(getattr(self, name)) for name in LINES}
        given["name"] = UNSET if self.name is UNSET else cast("str", self.name).strip()
        given["region_code"] = _code(self.region_code)
        given["authority_code"] = _code(_line(self.registration_authority_code))
        code = _line(self.uscc)
        if isinstance(code, str):
            code = uscc.normalised(code) if is_storable(code) else ""
        given["uscc"] = code
        if self.service_categories is not UNSET:
            stripped = (each.strip() for each in cast("list[str]", self.service_categories))
            given["service_categories"] = tuple(dict.fromkeys(each for each in stripped if each))
        for who in ("principal", "contact"):
            if (person := getattr(self, who)) is not UNSET:
                given[who] = person.person
        told = {name: value for name, value in given.items() if value is not UNSET}
        return cast("TeamChanges", told)


@input_type(to=MANAGERS, description="Legal person to check (法人核验)")
class CheckLegalPersonInput:
    """A team that the register is asked about."""

    team_id: strawberry.ID = input_field(
        to=MANAGERS, description="Global id of the team (队伍标识)", required=True
    )
    idempotency_key: str | None = input_field(to=MANAGERS, description=KEY)


def _line(given: Any) -> Any:
    return (given.strip() or None) if isinstance(given, str) else given


def _code(given: Any) -> Any:
    """The code of a region as stored; empty, and so nowhere's, if no region could have it."""
    if not isinstance(given, str):
        return given
    return region_code(given) if is_storable(given) else ""
