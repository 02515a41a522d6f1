"""Payloads of signing in, refreshing and signing out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from permissions.errors import UserError
from permissions.standing import fetch_standing
from resolvers.sign_in import SignedIn
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.types.viewer import Capacity, Held, capacity_of
from schema.visibility import EVERYONE, attribute, batched, object_type


class Session(NamedTuple):
    """The outcome of signing in or refreshing: a session, or why there is none."""

    signed_in: SignedIn | None
    user_errors: Sequence[UserError] = ()


@object_type(to=EVERYONE, description="Account that signed in (账号)")
class Account:
    """An account that signed in; the objects are ``SignedIn``."""

    display_name: str = attribute(to=EVERYONE, description="Name of the account (显示名)")
    must_change_password: bool = attribute(
        to=EVERYONE, description="Whether the password must be changed first (是否须改密码)"
    )

    @batched(
        list[Capacity], to=EVERYONE, description="Capacities that it can choose here (可用身份)"
    )
    @staticmethod
    async def capacities(parents: Sequence[SignedIn], info: Info) -> list[list[Held]]:
        found = []
        for signed_in in parents:
            standing = await fetch_standing(info.context.snapshot, signed_in.account_id)
            held = standing.capacities_at(national_site=info.context.sign_in.at_national_site)
            found.append([capacity_of(viewer) for viewer in held])
        return found


@object_type(to=EVERYONE, description="Session of an account, or why there is none (登录结果)")
class SessionPayload:
    """The outcome of signing in or refreshing; the objects are ``Session``."""

    user_errors: list[UserErrorType] = attribute(
        to=EVERYONE, description="Why there is no session (错误)"
    )

    @batched(str | None, to=EVERYONE, description="Token that acts, short-lived (访问令牌)")
    @staticmethod
    def access_token(parents: Sequence[Session]) -> list[str | None]:
        return [each.signed_in.access_token.text if each.signed_in else None for each in parents]

    @batched(datetime | None, to=EVERYONE, description="When the access token expires (过期时间)")
    @staticmethod
    def expires_at(parents: Sequence[Session]) -> list[datetime | None]:
        return [
            each.signed_in.access_token.expires_at if each.signed_in else None for each in parents
        ]

    @batched(str | None, to=EVERYONE, description="Token that renews, used once (刷新令牌)")
    @staticmethod
    def refresh_token(parents: Sequence[Session]) -> list[str | None]:
        return [each.signed_in.refresh_token.text if each.signed_in else None for each in parents]

    @batched(Account | None, to=EVERYONE, description="Account of the session (账号)")
    @staticmethod
    def account(parents: Sequence[Session]) -> list[Any]:
        return [each.signed_in for each in parents]


class SignedOut(NamedTuple):
    """The outcome of signing out."""

    signed_out: bool


@object_type(to=EVERYONE, description="Outcome of signing out (退出结果)")
class SignOutPayload:
    """The outcome of signing out; the object is ``SignedOut``."""

    signed_out: bool = attribute(
        to=EVERYONE, description="True, also for a session that had ended (是否已退出)"
    )
