"""What registering a team is given."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import strawberry
from strawberry import UNSET

from db.enums import HubLevel, RegistrationStatus, TeamKind
from db.numbers import uscc
from resolvers.team_form import ApprovingUnit, NewTeam, TeamPerson
from schema.ids import number_of
from schema.inputs.left_out import or_none
from schema.inputs.volunteer import KEY
from schema.region_codes import region_code
from schema.texts import is_storable
from schema.visibility import PERSONS, input_field, input_type

TEXTS = (
    *("responsible_unit", "responsible_unit_kind", "competent_unit", "competent_unit_kind"),
    *("address", "postcode", "intro"),
)
VALUES = ("hub_level", "lng", "lat", "founded_on", "planned_size")


@input_type(to=PERSONS, description="Principal or contact of a team (负责人, 联系人)")
class TeamPersonInput:
    """A person who answers for the team."""

    name: str = input_field(to=PERSONS, description="Name (姓名)", required=True)
    mobile: str = input_field(to=PERSONS, description="Mobile number (手机)", required=True)
    mobile_public: bool = input_field(
        to=PERSONS, description="Whether the mobile number is public (手机是否公开)", default=False
    )
    email: str | None = input_field(to=PERSONS, description="Email, of the contact (电子邮箱)")

    @property
    def person(self) -> TeamPerson:
        """The person, with texts trimmed."""
        return TeamPerson(
            name=self.name.strip(),
            mobile=self.mobile.strip(),
            mobile_public=self.mobile_public,
            email=_text(self.email),
        )


@input_type(to=PERSONS, description="Unit inside which a group was set up (批准单位)")
class ApprovingUnitInput:
    """The unit that approved a group which no team above reviews."""

    name: str = input_field(to=PERSONS, description="Name of the unit (单位名称)", required=True)
    contact: str = input_field(to=PERSONS, description="Its contact (联系人)", required=True)
    phone: str = input_field(to=PERSONS, description="Telephone (联系电话)", required=True)


@input_type(to=PERSONS, description="Team to register (注册队伍)")
class RegisterTeamInput:
    """What is told of a team; with ``team_id`` one that was refused is handed in again."""

    team_id: strawberry.ID | None = input_field(
        to=PERSONS, description="Refused team that is handed in again (重新提交的队伍标识)"
    )
    name: str = input_field(to=PERSONS, description="Name (名称)", required=True)
    kind: TeamKind = input_field(to=PERSONS, description="Kind (队伍类型)", required=True)
    registration_status: RegistrationStatus = input_field(
        to=PERSONS, description="Registration (登记状态)", required=True
    )
    hub_level: HubLevel | None = input_field(
        to=PERSONS, description="Level, of a hub (枢纽型团体层级)"
    )
    region_code: str = input_field(
        to=PERSONS, description="Code of the region (区划代码)", required=True
    )
    contact_team_id: strawberry.ID | None = input_field(
        to=PERSONS, description="Global id of the contact team (联络团体标识)"
    )
    branch_of_id: strawberry.ID | None = input_field(
        to=PERSONS, description="Global id of the legal person it is a branch of (所属法人标识)"
    )
    view_team_ids: list[strawberry.ID] | None = input_field(
        to=PERSONS, description="Global ids of view teams (查看团体标识)"
    )
    uscc: str | None = input_field(
        to=PERSONS, description="Unified social credit code (统一社会信用代码)"
    )
    registration_authority_code: str | None = input_field(
        to=PERSONS, description="Region of the registration authority (登记机关区划)"
    )
    responsible_unit: str | None = input_field(
        to=PERSONS, description="Responsible unit, of a hub (责任单位)"
    )
    responsible_unit_kind: str | None = input_field(
        to=PERSONS, description="Kind of it, an open list (责任单位类型)"
    )
    competent_unit: str | None = input_field(to=PERSONS, description="Competent unit (主管单位)")
    competent_unit_kind: str | None = input_field(
        to=PERSONS, description="Kind of it (主管单位类型)"
    )
    approving_unit: ApprovingUnitInput | None = input_field(
        to=PERSONS, description="Needed by a group without a contact team (批准单位)"
    )
    address: str | None = input_field(to=PERSONS, description="Address (地址)")
    postcode: str | None = input_field(to=PERSONS, description="Postcode (邮政编码)")
    lng: float | None = input_field(to=PERSONS, description="Longitude (经度)")
    lat: float | None = input_field(to=PERSONS, description="Latitude (纬度)")
    founded_on: date | None = input_field(to=PERSONS, description="Day of founding (成立日期)")
    planned_size: int | None = input_field(to=PERSONS, description="Planned members (计划人数)")
    service_categories: list[str] | None = input_field(
        to=PERSONS, description="Codes of service categories (服务类别)"
    )
    intro: str | None = input_field(to=PERSONS, description="Introduction (简介)")
    principal: TeamPersonInput = input_field(
        to=PERSONS, description="Principal (负责人)", required=True
    )
    contact: TeamPersonInput = input_field(
        to=PERSONS, description="Contact (联系人)", required=True
    )
    scan_file_ids: list[strawberry.ID] | None = input_field(
        to=PERSONS,
        description="Uploaded scans of papers, at most 10; left out, those it has stay (扫描件)",
    )
    idempotency_key: str | None = input_field(to=PERSONS, description=KEY)

    @property
    def team(self) -> NewTeam:
        """What was told, with texts trimmed and what was left out as None."""
        unit = self.approving_unit or None
        code = _text(self.uscc)
        more: dict[str, Any] = {
            **{name: _text(getattr(self, name)) for name in TEXTS},
            **{name: or_none(getattr(self, name)) for name in VALUES},
        }
        return NewTeam(
            team_id=_team(self.team_id, "teamId"),
            name=self.name.strip(),
            kind=self.kind,
            registration_status=self.registration_status,
            region_code=_code(self.region_code),
            contact_team_id=_team(self.contact_team_id, "contactTeamId"),
            branch_of_id=_team(self.branch_of_id, "branchOfId"),
            view_team_ids=_teams(self.view_team_ids or ()),
            uscc=uscc.normalised(code) if code else None,
            authority_code=_code(self.registration_authority_code or "") or None,
            approving_unit=unit
            and ApprovingUnit(
                name=unit.name.strip(), contact=unit.contact.strip(), phone=unit.phone.strip()
            ),
            service_categories=_items(self.service_categories or ()),
            principal=self.principal.person,
            contact=self.contact.person,
            scan_ids=_files(self.scan_file_ids),
            **more,
        )


def _team(global_id: Any, field: str) -> int | None:
    return number_of(global_id, "Team", field=f"input.{field}") if global_id else None


def _teams(global_ids: Iterable[Any]) -> tuple[int, ...]:
    found = (number_of(each, "Team", field="input.viewTeamIds") for each in global_ids)
    return tuple(dict.fromkeys(found))


def _files(global_ids: Any) -> tuple[int, ...] | None:
    if global_ids is None or global_ids is UNSET:
        return None
    found = (number_of(each, "File", field="input.scanFileIds") for each in global_ids)
    return tuple(dict.fromkeys(found))


def _text(given: Any) -> str | None:
    return (given.strip() or None) if isinstance(given, str) else None


def _code(given: str) -> str:
    """The code of a region as stored; empty, and so nowhere's, if no region could have it."""
    return region_code(given) if is_storable(given) else ""


def _items(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for each in given if (text := each.strip())))
