"""What a look at an ID number is given."""

import strawberry

from permissions.viewer import Role
from resolvers.identities import RevealPurpose
from schema.visibility import Audience, enum_type, input_field, input_type

REVEALING: Audience = frozenset({Role.VOLUNTEER, Role.DEPARTMENT})

enum_type(to=REVEALING, description="What an ID number is looked at for (查看证件号码的用途)")(
    RevealPurpose
)


@input_type(to=REVEALING, description="Volunteer whose ID number is looked at (查看证件号码)")
class RevealIdNumberInput:
    """A volunteer, and what the number is for."""

    volunteer_id: strawberry.ID = input_field(
        to=REVEALING, description="Global id of the volunteer (志愿者标识)", required=True
    )
    purpose: RevealPurpose = input_field(
        to=REVEALING, description="What it is looked at for; audited (用途)", required=True
    )
