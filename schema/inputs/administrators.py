"""What is given about the administrators of departments."""

from datetime import timedelta
from enum import StrEnum

import strawberry
from strawberry import UNSET

from permissions.errors import InvalidInput
from permissions.viewer import Role
from resolvers.administrators.issuing import Appointee
from schema.filters import FilterBuilder
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.volunteer import KEY
from schema.pagination import Filters
from schema.visibility import enum_type, input_field, input_type

DEPARTMENTS = frozenset({Role.DEPARTMENT})
MOST_DAYS = 3_650
ID = "Global id of the administrator (管理员标识)"
USERNAME = "Username of the new account (用户名)"
NAME = "Name of the person (姓名)"
TITLE = "Title (职务)"


@input_type(to=DEPARTMENTS, description="Administrator to issue an account for (下发管理员账号)")
class IssueAdministratorInput:
    """Who is to act for the department of a region directly below."""

    region_code: str = input_field(
        to=DEPARTMENTS, description="Code of the region (区划代码)", required=True
    )
    username: str = input_field(to=DEPARTMENTS, description=USERNAME, required=True)
    name: str = input_field(to=DEPARTMENTS, description=NAME, required=True)
    title: str | None = input_field(to=DEPARTMENTS, description=TITLE)
    idempotency_key: str | None = input_field(to=DEPARTMENTS, description=KEY)

    @property
    def appointee(self) -> Appointee:
        """Who is to be named."""
        return _appointee(self.username, self.name, self.title)


@input_type(to=DEPARTMENTS, description="Office to hand over (移交管理员)")
class HandOverAdministratorInput:
    """Who takes over; the account of before loses the office."""

    administrator_id: strawberry.ID = input_field(to=DEPARTMENTS, description=ID, required=True)
    username: str = input_field(to=DEPARTMENTS, description=USERNAME, required=True)
    name: str = input_field(to=DEPARTMENTS, description=NAME, required=True)
    title: str | None = input_field(to=DEPARTMENTS, description=TITLE)
    idempotency_key: str | None = input_field(to=DEPARTMENTS, description=KEY)

    @property
    def appointee(self) -> Appointee:
        """Who takes over."""
        return _appointee(self.username, self.name, self.title)


@input_type(to=DEPARTMENTS, description="Administrator who needs a password (重置管理员密码)")
class ResetAdministratorPasswordInput:
    """Who is to get a new first password."""

    administrator_id: strawberry.ID = input_field(to=DEPARTMENTS, description=ID, required=True)
    idempotency_key: str | None = input_field(to=DEPARTMENTS, description=KEY)


@input_type(to=DEPARTMENTS, description="Administrator to remove (撤销管理员)")
class RemoveAdministratorInput:
    """Who is to act for the department no more."""

    administrator_id: strawberry.ID = input_field(to=DEPARTMENTS, description=ID, required=True)
    reason: str = input_field(to=DEPARTMENTS, description="Why (原因)", required=True)
    idempotency_key: str | None = input_field(to=DEPARTMENTS, description=KEY)


@input_type(to=DEPARTMENTS, description="Administrator to remind to sign in (督促登录)")
class RemindAdministratorInput:
    """Who is to be reminded."""

    administrator_id: strawberry.ID = input_field(to=DEPARTMENTS, description=ID, required=True)
    idempotency_key: str | None = input_field(to=DEPARTMENTS, description=KEY)


@enum_type(to=DEPARTMENTS, description="Order of administrators (管理员排序)")
class AdministratorOrder(StrEnum):
    """Orders of administrators."""

    OLDEST = "OLDEST"
    LONGEST_UNSEEN = "LONGEST_UNSEEN"


@input_type(to=DEPARTMENTS, description="Which administrators (管理员筛选)")
class AdministratorFilter:
    """Narrows a list of administrators."""

    region: str | None = input_field(
        to=DEPARTMENTS, description="Code of a region; those in it or below it (区划代码)"
    )
    unseen_for_days: int | None = input_field(
        to=DEPARTMENTS,
        description="Only who has not signed in for so many days (多少天未登录)",
    )
    owes_password: bool | None = input_field(
        to=DEPARTMENTS, description="Whether the first password is unchanged (是否未改初始密码)"
    )

    async def filters(self, info: Info) -> Filters:
        """The filters of the statement.

        Raises:
            InvalidInput: no such region, or no such number of days.
        """
        builder = FilterBuilder()
        await builder.region(info, self.region)
        days = or_none(self.unseen_for_days)
        if days is not None:
            if not 1 <= days <= MOST_DAYS:
                raise InvalidInput("unseenForDays", f"Give 1 to {MOST_DAYS} days.")
            since = info.context.now - timedelta(days=days)
            builder.value("unseen", since, "f_unseen_since")
        builder.flag(self.owes_password, "owing", "settled")
        return builder.built()


def _appointee(username: str, name: str, title: str | None) -> Appointee:
    given = None if title is UNSET or title is None else title.strip()
    return Appointee(username=username.strip().lower(), name=name.strip(), title=given or None)
