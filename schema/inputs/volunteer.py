"""What a volunteer's mutations are given."""

from typing import Any, cast

import strawberry
from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from db.enums import InvitePolicy
from permissions.errors import InvalidInput
from resolvers.profile import ProfileChanges
from schema.region_codes import region_code
from schema.texts import is_storable
from schema.visibility import VOLUNTEERS, input_field, input_type

KEY = "Key that makes a repeat answer with the first outcome (幂等键)"
FIELDS = (
    *("nickname", "mobile", "mobile_public", "email", "address", "education", "employment"),
    *("skills", "service_categories", "project_invite_policy", "team_invite_policy"),
)
NEVER_EMPTY = (
    *("mobile_public", "skills", "service_categories"),
    *("project_invite_policy", "team_invite_policy", "region_code"),
)


@input_type(to=VOLUNTEERS, description="Changes of the profile; what is left out stays (修改资料)")
class UpdateProfileInput:
    """Changes of the own profile."""

    nickname: str | None = input_field(to=VOLUNTEERS, description="Nickname (昵称)")
    mobile: str | None = input_field(
        to=VOLUNTEERS, description="The stored number; `changeMobile` changes it (手机)"
    )
    mobile_public: bool | None = input_field(
        to=VOLUNTEERS, description="Whether the mobile number is public (手机是否公开)"
    )
    email: str | None = input_field(to=VOLUNTEERS, description="Email (电子邮箱)")
    address: str | None = input_field(to=VOLUNTEERS, description="Address (联系地址)")
    education: str | None = input_field(to=VOLUNTEERS, description="Education (学历)")
    employment: str | None = input_field(to=VOLUNTEERS, description="Employment (从业状况)")
    skills: list[str] | None = input_field(to=VOLUNTEERS, description="Skills (专业特长)")
    service_categories: list[str] | None = input_field(
        to=VOLUNTEERS, description="Codes of service categories (服务类别)"
    )
    project_invite_policy: InvitePolicy | None = input_field(
        to=VOLUNTEERS, description="Answer to invitations of projects (项目邀请策略)"
    )
    team_invite_policy: InvitePolicy | None = input_field(
        to=VOLUNTEERS, description="Answer to invitations of teams (团体邀请策略)"
    )
    region_code: str | None = input_field(
        to=VOLUNTEERS, description="Code of the region of residence (居住区域)"
    )
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)

    @property
    def changes(self) -> ProfileChanges:
        """What to change, and nothing that was left out.

        Raises:
            InvalidInput: null, for what is never empty.
        """
        for name in NEVER_EMPTY:
            if getattr(self, name) is None:
                field = to_camel_case(name)
                raise InvalidInput(f"input.{field}", f"{field} cannot be null; leave it out.")
        given: dict[str, Any] = {
            name: value for name in FIELDS if (value := getattr(self, name)) is not UNSET
        }
        if self.region_code is not UNSET:
            code = cast("str", self.region_code)
            given["region_code"] = region_code(code) if is_storable(code) else "-"
        return cast("ProfileChanges", given)


@input_type(to=VOLUNTEERS, description="Team to join (加入队伍)")
class JoinTeamInput:
    """The team to join."""

    team_id: strawberry.ID = input_field(
        to=VOLUNTEERS, description="Global id of the team (队伍标识)", required=True
    )
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)
