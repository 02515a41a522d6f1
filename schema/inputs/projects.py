"""What making and changing a project are given."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import strawberry
from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from db.enums import ProhibitedKind, RecruitScope
from permissions.errors import InvalidInput
from resolvers.project_form import ProjectForm
from resolvers.projects import NewProject
from schema.ids import number_of
from schema.inputs.left_out import or_none
from schema.inputs.moments import moment
from schema.inputs.project_parts import PostInput, ProjectContactInput, text_or_none
from schema.inputs.volunteer import KEY
from schema.region_codes import region_code
from schema.texts import is_storable
from schema.visibility import TEAMS, input_field, input_type

NULLABLE = frozenset(
    {
        *("address", "lng", "lat", "risk_notice", "recruit_starts_at", "recruit_ends_at"),
        *("cover_file_id", "proof_file_id"),
    }
)
TEXTS = ("name", "address", "description", "risk_notice")
VALUES = ("scope", "lng", "lat", "is_truth_declared")
MOMENTS = ("starts_at", "ends_at", "recruit_starts_at", "recruit_ends_at")
ITEMS = ("categories", "targets", "guarantees")
NOWHERE = "-"
FILES = ("cover_file_id", "proof_file_id")


@input_type(to=TEAMS, description="Project to make, as a draft (创建项目)")
class CreateProjectInput:
    """A project as its team tells it."""

    team_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the team (发起队伍标识)", required=True
    )
    name: str = input_field(
        to=TEAMS, description="Name, 2 to 50 characters (项目名称)", required=True
    )
    scope: RecruitScope = input_field(
        to=TEAMS, description="Who may sign up (招募范围)", required=True
    )
    region_code: str | None = input_field(
        to=TEAMS, description="Region of the service; the team's own if left out (服务区域)"
    )
    address: str | None = input_field(to=TEAMS, description="Place of the service (服务地点)")
    lng: float | None = input_field(to=TEAMS, description="Longitude (经度)")
    lat: float | None = input_field(to=TEAMS, description="Latitude (纬度)")
    starts_at: datetime = input_field(
        to=TEAMS, description="Start of the project (开始时间)", required=True
    )
    ends_at: datetime = input_field(
        to=TEAMS, description="End of the project (结束时间)", required=True
    )
    recruit_starts_at: datetime | None = input_field(
        to=TEAMS, description="Start of recruitment; with the publication (招募开始)"
    )
    recruit_ends_at: datetime | None = input_field(
        to=TEAMS, description="End of recruitment; with the project (招募结束)"
    )
    categories: list[str] = input_field(
        to=TEAMS, description="Codes of one to four service categories (服务类别)", required=True
    )
    targets: list[str] = input_field(
        to=TEAMS, description="Who is served (服务对象)", required=True
    )
    guarantees: list[str] = input_field(
        to=TEAMS, description="Guarantees to volunteers (志愿者保障)", required=True
    )
    min_hours_required: Decimal | None = input_field(
        to=TEAMS, description="Service hours that a sign-up requires (服务时长要求)"
    )
    allowed_team_ids: list[strawberry.ID] | None = input_field(
        to=TEAMS, description="Teams whose members may sign up, scope TEAMS (指定队伍)"
    )
    no_review_password: str | None = input_field(
        to=TEAMS, description="4 to 6 digits that admit at once, scope PASSWORD (免审密码)"
    )
    exclusive_project_ids: list[strawberry.ID] | None = input_field(
        to=TEAMS, description="Own projects to one of which one may be accepted (互斥项目)"
    )
    description: str = input_field(
        to=TEAMS, description="Description of the project (项目描述)", required=True
    )
    risk_notice: str | None = input_field(to=TEAMS, description="Risks disclosed (风险告知)")
    contact: ProjectContactInput = input_field(
        to=TEAMS, description="Contact of the project (联系人)", required=True
    )
    posts: list[PostInput] | None = input_field(to=TEAMS, description="Posts (岗位)")
    cover_file_id: strawberry.ID | None = input_field(to=TEAMS, description="Uploaded cover (封面)")
    proof_file_id: strawberry.ID | None = input_field(
        to=TEAMS, description="Uploaded proof, scope MAKE_UP (补录证明)"
    )
    is_truth_declared: bool = input_field(
        to=TEAMS, description="That a late entry is true, scope MAKE_UP (真实性承诺)", default=False
    )
    declarations: list[ProhibitedKind] | None = input_field(
        to=TEAMS,
        description="Prohibited kinds that the activity is none of; all six to publish (承诺)",
    )
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    @property
    def project(self) -> NewProject:
        """What was told, with texts trimmed.

        Raises:
            InvalidId, InvalidInput: an id is none, or a time has no offset.
        """
        told = {"region_code": "", **_changes(self)}
        posts = [each.post for each in self.posts or ()]
        form = ProjectForm(
            **told,
            has_password=told.get("password") is not None,
            has_proof=told.get("proof_file_id") is not None,
        )
        team_id = number_of(self.team_id, "Team", field="input.teamId")
        return NewProject(team_id=team_id, form=form, posts=posts)


@input_type(to=TEAMS, description="Changes of a project; what is left out stays (修改项目)")
class UpdateProjectInput:
    """Changes of a project."""

    project_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the project (项目标识)", required=True
    )
    name: str | None = input_field(to=TEAMS, description="Name (项目名称)")
    scope: RecruitScope | None = input_field(to=TEAMS, description="Who may sign up (招募范围)")
    region_code: str | None = input_field(to=TEAMS, description="Region (服务区域)")
    address: str | None = input_field(to=TEAMS, description="Place of the service (服务地点)")
    lng: float | None = input_field(to=TEAMS, description="Longitude (经度)")
    lat: float | None = input_field(to=TEAMS, description="Latitude (纬度)")
    starts_at: datetime | None = input_field(to=TEAMS, description="Start (开始时间)")
    ends_at: datetime | None = input_field(to=TEAMS, description="End (结束时间)")
    recruit_starts_at: datetime | None = input_field(
        to=TEAMS, description="Start of recruitment (招募开始)"
    )
    recruit_ends_at: datetime | None = input_field(
        to=TEAMS, description="End of recruitment (招募结束)"
    )
    categories: list[str] | None = input_field(
        to=TEAMS, description="Codes of service categories (服务类别)"
    )
    targets: list[str] | None = input_field(to=TEAMS, description="Who is served (服务对象)")
    guarantees: list[str] | None = input_field(
        to=TEAMS, description="Guarantees to volunteers (志愿者保障)"
    )
    min_hours_required: Decimal | None = input_field(
        to=TEAMS, description="Service hours that a sign-up requires (服务时长要求)"
    )
    allowed_team_ids: list[strawberry.ID] | None = input_field(
        to=TEAMS, description="Teams whose members may sign up (指定队伍)"
    )
    no_review_password: str | None = input_field(
        to=TEAMS, description="4 to 6 digits that admit at once (免审密码)"
    )
    exclusive_project_ids: list[strawberry.ID] | None = input_field(
        to=TEAMS, description="Own projects to one of which one may be accepted (互斥项目)"
    )
    description: str | None = input_field(to=TEAMS, description="Description (项目描述)")
    risk_notice: str | None = input_field(to=TEAMS, description="Risks disclosed (风险告知)")
    contact: ProjectContactInput | None = input_field(to=TEAMS, description="Contact (联系人)")
    cover_file_id: strawberry.ID | None = input_field(to=TEAMS, description="Uploaded cover (封面)")
    proof_file_id: strawberry.ID | None = input_field(
        to=TEAMS, description="Uploaded proof (补录证明)"
    )
    is_truth_declared: bool | None = input_field(
        to=TEAMS, description="That a late entry is true (真实性承诺)"
    )
    declarations: list[ProhibitedKind] | None = input_field(
        to=TEAMS, description="Prohibited kinds that the activity is none of (承诺)"
    )
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    @property
    def changes(self) -> Mapping[str, Any]:
        """What to change, named as in the form, and nothing that was left out.

        Raises:
            InvalidId, InvalidInput: an id is none, a time has no offset, or null is sent for
                what is never empty.
        """
        for name in self.__dataclass_fields__:  # type: ignore[attr-defined]
            if getattr(self, name) is None and name not in NULLABLE | {"idempotency_key"}:
                field = to_camel_case(name)
                raise InvalidInput(f"input.{field}", f"{field} cannot be null; leave it out.")
        return _changes(self)


def _changes(given: Any) -> dict[str, Any]:
    """What was told of a project, named as in the form."""
    told: dict[str, Any] = {}

    def tell(name: str, read: Callable[[Any, str], Any], *, called: str | None = None) -> None:
        value = getattr(given, name)
        if value is not UNSET:
            told[called or name] = read(value, to_camel_case(name))

    for name in TEXTS:
        tell(name, _text_or_none if name in NULLABLE else _text)
    for name in VALUES:
        tell(name, lambda value, _field: value)
    for name in MOMENTS:
        tell(name, moment)
    for name in ITEMS:
        tell(name, _items)
    for name in FILES:
        tell(name, _file)
    tell("region_code", _region)
    tell("min_hours_required", _hours, called="min_hours")
    tell("no_review_password", lambda value, _field: or_none(value), called="password")
    tell("declarations", lambda kinds, _field: tuple(dict.fromkeys(kinds or ())))
    tell("allowed_team_ids", lambda ids, field: _numbers(ids, "Team", field))
    tell(
        "exclusive_project_ids",
        lambda ids, field: _numbers(ids, "Project", field),
        called="exclusive_ids",
    )
    if given.contact is not UNSET:
        told |= given.contact.columns
    return told


def _text(given: str, _field: str) -> str:
    return given.strip()


def _text_or_none(given: Any, _field: str) -> str | None:
    return text_or_none(given)


def _region(given: Any, _field: str) -> str:
    """The code of a region as stored; one that no region has, if none could have what was given."""
    if given and not is_storable(given):
        return NOWHERE
    return region_code(given) if given else ""


def _hours(given: Any, _field: str) -> Decimal:
    return given or Decimal(0)


def _file(given: Any, field: str) -> int | None:
    return number_of(given, "File", field=f"input.{field}") if given else None


def _numbers(ids: Iterable[Any] | None, type_name: str, field: str) -> tuple[int, ...]:
    found = (number_of(each, type_name, field=f"input.{field}") for each in ids or ())
    return tuple(dict.fromkeys(found))


def _items(given: Iterable[str], _field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for each in given if (text := each.strip())))
