"""Expected refusals, inside payloads."""

from permissions.errors import UserErrorCode
from schema.visibility import EVERYONE, attribute, enum_type, object_type

enum_type(to=EVERYONE, description="Why a mutation was refused (错误代码)")(UserErrorCode)


@object_type(to=EVERYONE, description="Expected refusal of a mutation (业务错误)", name="UserError")
class UserErrorType:
    """An expected refusal; the objects are ``permissions.errors.UserError``."""

    code: UserErrorCode = attribute(to=EVERYONE, description="Stable code (错误代码)")
    field: str | None = attribute(to=EVERYONE, description="Input field it is about (字段)")
    message: str = attribute(to=EVERYONE, description="Sentence for people (说明)")
