"""What signing up, inviting, answering, deciding and attending are given."""

from enum import StrEnum

import strawberry

from permissions.viewer import Role
from resolvers.sign_up_answers import SignUpsDecided
from resolvers.sign_ups import Application, ProjectInvitation
from schema.ids import number_of
from schema.inputs.left_out import or_none
from schema.inputs.project_parts import text_or_none
from schema.inputs.volunteer import KEY
from schema.texts import is_storable
from schema.visibility import TEAMS, VOLUNTEERS, Audience, enum_type, input_field, input_type

SIDES: Audience = TEAMS | {Role.VOLUNTEER}


@enum_type(to=TEAMS, description="Decision on applications (录用决定)")
class SignUpVerdict(StrEnum):
    """What a team decides on an application."""

    ACCEPT = "ACCEPT"
    REFUSE = "REFUSE"


@input_type(to=VOLUNTEERS, description="Post to sign up to (报名)")
class SignUpInput:
    """The post that a volunteer wants."""

    post_id: strawberry.ID = input_field(
        to=VOLUNTEERS, description="Global id of the post (岗位标识)", required=True
    )
    no_review_password: str | None = input_field(
        to=VOLUNTEERS, description="The project's password; the right one admits at once (免审密码)"
    )
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)

    @property
    def application(self) -> Application:
        """The application."""
        return Application(
            post_id=number_of(self.post_id, "Post", field="input.postId"),
            password=or_none(self.no_review_password),
        )


@input_type(to=TEAMS, description="Volunteer to invite to a post (邀请参加项目)")
class InviteToProjectInput:
    """Whom a team invites; number and name must belong together."""

    post_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the post (岗位标识)", required=True
    )
    volunteer_no: str = input_field(
        to=TEAMS, description="Number of the volunteer (志愿者编号)", required=True
    )
    name: str = input_field(
        to=TEAMS, description="Name of the volunteer (志愿者姓名)", required=True
    )
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    @property
    def invitation(self) -> ProjectInvitation:
        """The invitation."""
        return ProjectInvitation(
            post_id=number_of(self.post_id, "Post", field="input.postId"),
            volunteer_no=_searchable(self.volunteer_no),
            name=_searchable(self.name),
        )


@input_type(to=VOLUNTEERS, description="Answer to a project's invitation (答复项目邀请)")
class AnswerProjectInvitationInput:
    """Whether the volunteer comes."""

    sign_up_id: strawberry.ID = input_field(
        to=VOLUNTEERS, description="Global id of the sign-up (报名标识)", required=True
    )
    accept: bool = input_field(
        to=VOLUNTEERS, description="Whether the volunteer comes (是否接受)", required=True
    )
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)


@input_type(to=TEAMS, description="Applications to decide on, one or many (录用)")
class DecideSignUpsInput:
    """Applications and what is decided on them."""

    ids: list[strawberry.ID] = input_field(
        to=TEAMS, description="Global ids of sign-ups, at most 200 (报名标识)", required=True
    )
    decision: SignUpVerdict = input_field(
        to=TEAMS, description="Whether to accept (录用决定)", required=True
    )
    reason: str | None = input_field(to=TEAMS, description="Reason, of a refusal (原因)")
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    @property
    def decided(self) -> SignUpsDecided:
        """The decision."""
        return SignUpsDecided(
            ids=[number_of(each, "SignUp", field="input.ids") for each in self.ids],
            accepts=self.decision is SignUpVerdict.ACCEPT,
            reason=text_or_none(self.reason),
        )


@input_type(to=SIDES, description="Post to change to, of the same project (调整岗位)")
class ChangePostInput:
    """Another post."""

    sign_up_id: strawberry.ID = input_field(
        to=SIDES, description="Global id of the sign-up (报名标识)", required=True
    )
    post_id: strawberry.ID = input_field(
        to=SIDES, description="Global id of the post (岗位标识)", required=True
    )
    idempotency_key: str | None = input_field(to=SIDES, description=KEY)


@input_type(to=SIDES, description="Sign-up to end (取消报名)")
class CancelSignUpInput:
    """A sign-up that ends before its time."""

    sign_up_id: strawberry.ID = input_field(
        to=SIDES, description="Global id of the sign-up (报名标识)", required=True
    )
    reason: str | None = input_field(to=SIDES, description="Reason; a team has one (原因)")
    idempotency_key: str | None = input_field(to=SIDES, description=KEY)


@input_type(to=SIDES, description="Sign-up to check in or out (签到, 签退)")
class AttendanceInput:
    """A sign-up; the time is the gateway's."""

    sign_up_id: strawberry.ID = input_field(
        to=SIDES, description="Global id of the sign-up (报名标识)", required=True
    )
    idempotency_key: str | None = input_field(to=SIDES, description=KEY)


def sign_up_number(global_id: str) -> int:
    """The id of a sign-up."""
    return number_of(global_id, "SignUp", field="input.signUpId")


def _searchable(text: str) -> str:
    """The text trimmed; empty, and so nobody's, if the database could not hold it."""
    return text.strip() if is_storable(text) else ""
