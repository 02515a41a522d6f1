"""What registering a volunteer is given."""

from datetime import date
from typing import Any

from strawberry import UNSET

from db.enums import IdentityType, Sex
from resolvers.volunteer_form import Guardian, NewVolunteer
from schema.inputs.volunteer import KEY
from schema.region_codes import region_code
from schema.texts import is_storable
from schema.visibility import PERSONS, REGISTRANTS, input_field, input_type

TEXTS = (
    *("email", "nickname", "address", "ethnicity", "political_status", "education"),
    *("employment", "username"),
)


@input_type(to=REGISTRANTS, description="Guardian of a person under 18 (监护人)")
class GuardianInput:
    """Who consents for a minor."""

    name: str = input_field(to=REGISTRANTS, description="Name (姓名)", required=True)
    relation: str = input_field(
        to=REGISTRANTS, description="Relation to the volunteer (与志愿者关系)", required=True
    )
    mobile: str = input_field(to=REGISTRANTS, description="Mobile number (手机)", required=True)

    @property
    def guardian(self) -> Guardian:
        """The guardian, with texts trimmed."""
        return Guardian(
            name=self.name.strip(), relation=self.relation.strip(), mobile=self.mobile.strip()
        )


@input_type(to=REGISTRANTS, description="Person to register as a volunteer (注册志愿者)")
class RegisterVolunteerInput:
    """What a person tells to be registered."""

    name: str = input_field(
        to=REGISTRANTS, description="Name as in the document (姓名)", required=True
    )
    id_type: IdentityType = input_field(
        to=REGISTRANTS, description="Kind of document (证件类型)", default=IdentityType.RESIDENT_ID
    )
    id_number: str = input_field(
        to=REGISTRANTS, description="Number of the document (证件号码)", required=True
    )
    born_on: date | None = input_field(
        to=REGISTRANTS, description="Birth date; a resident ID says it (出生日期)"
    )
    sex: Sex | None = input_field(to=REGISTRANTS, description="Sex; a resident ID says it (性别)")
    region_code: str = input_field(
        to=REGISTRANTS, description="Region of residence (居住区域)", required=True
    )
    mobile: str = input_field(to=REGISTRANTS, description="Mobile number (手机)", required=True)
    email: str | None = input_field(to=REGISTRANTS, description="Email (电子邮箱)")
    nickname: str | None = input_field(to=REGISTRANTS, description="Nickname (昵称)")
    address: str | None = input_field(to=REGISTRANTS, description="Address (联系地址)")
    skills: list[str] | None = input_field(to=REGISTRANTS, description="Skills (专业特长)")
    service_categories: list[str] | None = input_field(
        to=REGISTRANTS, description="Codes of service categories (服务类别)"
    )
    ethnicity: str | None = input_field(to=REGISTRANTS, description="Ethnicity (民族)")
    political_status: str | None = input_field(
        to=REGISTRANTS, description="Political status (政治面貌)"
    )
    education: str | None = input_field(to=REGISTRANTS, description="Education (学历)")
    employment: str | None = input_field(to=REGISTRANTS, description="Employment (从业状况)")
    consents: bool = input_field(
        to=REGISTRANTS,
        description="Whether the person, or the guardian, consents to be registered (同意注册)",
        required=True,
    )
    consents_to_extra_items: bool = input_field(
        to=REGISTRANTS,
        description=(
            "Whether to ethnicity, politics, education and employment too (同意登记补充信息)"
        ),
        default=False,
    )
    guardian: GuardianInput | None = input_field(
        to=REGISTRANTS, description="Guardian, needed under 18 (监护人)"
    )
    username: str | None = input_field(
        to=REGISTRANTS, description="Username, unless signed in (用户名)"
    )
    password: str | None = input_field(
        to=REGISTRANTS, description="Password, unless signed in (密码)"
    )
    idempotency_key: str | None = input_field(to=PERSONS, description=KEY)

    @property
    def volunteer(self) -> NewVolunteer:
        """The person, with texts trimmed and what was left out as None."""
        guardian = self.guardian or None
        return NewVolunteer(
            name=self.name.strip(),
            id_type=self.id_type,
            id_number=self.id_number,
            born_on=self.born_on or None,
            sex=self.sex or None,
            region_code=region_code(self.region_code) if is_storable(self.region_code) else "",
            mobile=self.mobile.strip(),
            skills=_items(self.skills),
            service_categories=_items(self.service_categories),
            consents=self.consents,
            consents_to_extra_items=self.consents_to_extra_items,
            guardian=guardian and guardian.guardian,
            password=None if self.password is UNSET else self.password,
            **{name: _text(getattr(self, name)) for name in TEXTS},
        )


def _text(given: Any) -> str | None:
    return (given.strip() or None) if isinstance(given, str) else None


def _items(given: Any) -> tuple[str, ...]:
    """The texts of a list, trimmed, each once; empty ones and a list left out are nothing."""
    return tuple(dict.fromkeys(text for each in given or () if (text := each.strip())))
