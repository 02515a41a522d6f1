"""What self-service is given."""

from enum import StrEnum

from db.enums import RecoveryPurpose
from resolvers.self_service import Claim
from resolvers.self_service_mobile import Codes
from resolvers.self_service_reset import NewPhone
from schema.inputs.left_out import or_none
from schema.visibility import REGISTRANTS, VOLUNTEERS, enum_type, input_field, input_type

NAME = "Name of the person, or of the team (姓名或队伍名称)"
ID_NUMBER = "ID number of the volunteer (证件号码)"
TEAM_NUMBER = "Contact number or social credit code of the team (联络编号或统一社会信用代码)"
CHALLENGE = "Challenge that the request was answered with (凭据)"
CODE = "Code that the phone was sent (验证码)"


@enum_type(to=REGISTRANTS, description="What a code is asked for (找回内容)")
class Recovery(StrEnum):
    """What is to be recovered."""

    USERNAME = "USERNAME"
    PASSWORD = "PASSWORD"  # noqa: S105 - the name of a purpose


@enum_type(to=REGISTRANTS, description="Whose phone of a team is sent the code (验证码接收人)")
class PhoneOf(StrEnum):
    """The two people of a team."""

    PRINCIPAL = "PRINCIPAL"
    CONTACT = "CONTACT"


@input_type(to=REGISTRANTS, description="Request for a code (获取验证码)")
class RequestRecoveryCodeInput:
    """Who wants back into an account."""

    recovery: Recovery = input_field(
        to=REGISTRANTS, description="What is to be recovered (找回内容)", required=True
    )
    name: str = input_field(to=REGISTRANTS, description=NAME, required=True)
    id_number: str | None = input_field(to=REGISTRANTS, description=ID_NUMBER)
    team_number: str | None = input_field(to=REGISTRANTS, description=TEAM_NUMBER)
    phone_of: PhoneOf = input_field(
        to=REGISTRANTS,
        description="Of a team: whose phone is sent the code (验证码接收人)",
        default=PhoneOf.PRINCIPAL,
    )
    username: str | None = input_field(
        to=REGISTRANTS, description="Of a team: which manager's account (用户名)"
    )

    @property
    def purpose(self) -> RecoveryPurpose:
        """The purpose of the code."""
        return RecoveryPurpose(self.recovery.value)

    @property
    def claim(self) -> Claim:
        """The claim."""
        return Claim(
            name=self.name,
            id_number=or_none(self.id_number),
            team_number=or_none(self.team_number),
            at_contact=self.phone_of is PhoneOf.CONTACT,
            username=or_none(self.username),
        )


@input_type(to=REGISTRANTS, description="Code for a username (找回用户名)")
class RecoverUsernameInput:
    """A code, and what it was asked for."""

    challenge: str = input_field(to=REGISTRANTS, description=CHALLENGE, required=True)
    code: str = input_field(to=REGISTRANTS, description=CODE, required=True)


@input_type(to=REGISTRANTS, description="Code for a new password (重置密码)")
class ResetPasswordInput:
    """A code, what it was asked for, and the new password."""

    challenge: str = input_field(to=REGISTRANTS, description=CHALLENGE, required=True)
    code: str = input_field(to=REGISTRANTS, description=CODE, required=True)
    password: str = input_field(to=REGISTRANTS, description="New password (新密码)", required=True)


@input_type(to=REGISTRANTS, description="Reviewed reset, both phones dead (人工重置)")
class RequestReviewedResetInput:
    """Who is reached by another phone from now on."""

    name: str = input_field(to=REGISTRANTS, description=NAME, required=True)
    id_number: str | None = input_field(to=REGISTRANTS, description=ID_NUMBER)
    team_number: str | None = input_field(to=REGISTRANTS, description=TEAM_NUMBER)
    mobile: str = input_field(
        to=REGISTRANTS,
        description="Phone that works; the contact's, of a team (新手机号)",
        required=True,
    )
    reason: str = input_field(to=REGISTRANTS, description="Reason (原因)", required=True)

    @property
    def claim(self) -> Claim:
        """The claim."""
        return Claim(
            name=self.name,
            id_number=or_none(self.id_number),
            team_number=or_none(self.team_number),
        )

    @property
    def phone(self) -> NewPhone:
        """The phone."""
        return NewPhone(mobile=self.mobile, reason=self.reason)


@input_type(to=VOLUNTEERS, description="New phone; it and the stored one are sent codes (更换手机)")
class RequestMobileChangeInput:
    """The new phone."""

    mobile: str = input_field(
        to=VOLUNTEERS, description="New mobile number (新手机号)", required=True
    )


@input_type(to=VOLUNTEERS, description="Codes for a new phone (确认更换手机)")
class ChangeMobileInput:
    """Two codes, and what they were asked for."""

    challenge: str = input_field(to=VOLUNTEERS, description=CHALLENGE, required=True)
    code: str | None = input_field(
        to=VOLUNTEERS, description="Code sent to the stored phone, if there is one (原手机验证码)"
    )
    new_code: str = input_field(
        to=VOLUNTEERS, description="Code sent to the new phone (新手机验证码)", required=True
    )

    @property
    def codes(self) -> Codes:
        """Both codes."""
        return Codes(or_none(self.code), self.new_code)
