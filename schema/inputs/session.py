"""What signing in, refreshing and signing out are given."""

from schema.visibility import EVERYONE, PERSONS, input_field, input_type


@input_type(to=EVERYONE, description="Who signs in (登录)")
class SignInInput:
    """A username and its password."""

    username: str = input_field(to=EVERYONE, description="Username (用户名)", required=True)
    password: str = input_field(to=EVERYONE, description="Password (密码)", required=True)


@input_type(to=PERSONS, description="Password to change (修改密码)")
class ChangePasswordInput:
    """The password of before and the one from now on."""

    current_password: str = input_field(
        to=PERSONS, description="Password of before (当前密码)", required=True
    )
    new_password: str = input_field(
        to=PERSONS, description="Password from now on (新密码)", required=True
    )


@input_type(to=EVERYONE, description="Session to renew (刷新会话)")
class RefreshSessionInput:
    """A refresh token, which is used up by this."""

    refresh_token: str = input_field(
        to=EVERYONE, description="Refresh token (刷新令牌)", required=True
    )


@input_type(to=EVERYONE, description="Session to end (退出登录)")
class SignOutInput:
    """The refresh token of the session to end."""

    refresh_token: str = input_field(
        to=EVERYONE, description="Refresh token (刷新令牌)", required=True
    )
