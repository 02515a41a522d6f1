"""A new phone of a volunteer, by two codes: one to it, one to the phone that is stored."""

import secrets
from datetime import datetime
from typing import NamedTuple

from db.enums import RecoveryPurpose
from db.lock_order import Rank
from db.queries import self_service as queries
from db.write import Writable
from permissions.errors import UserError, UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import require_account
from resolvers.profile import require_volunteer
from resolvers.self_service import (
    CHALLENGE_BYTES,
    CODE_WRONG,
    MESSAGES,
    REQUESTS,
    REQUESTS_FOR_ONE,
    TRIES,
    Challenge,
    Recovered,
    challenge_hash,
    code_hash,
    event,
    new_code,
)
from resolvers.self_service_desk import SelfServiceDesk
from resolvers.texts import mobile_errors

SAME = UserError(UserErrorCode.ALREADY_THERE, "mobile", "This phone is the stored one.")
TO_NEW = "您正在将本号码设为志愿服务账号的手机号，验证码{code}，10分钟内有效。如非本人操作请忽略。"
CHANGED = "您的手机号已更换为尾号{tail}的号码。如非本人操作，请立即联系所在团体或民政部门。"


class Codes(NamedTuple):
    """The codes that two phones were sent; None where no phone is stored."""

    to_stored: str | None
    to_new: str


async def request_mobile_change(
    database: Writable,
    viewer: Viewer,
    desk: SelfServiceDesk,
    mobile: str,
    *,
    now: datetime,
) -> Challenge:
    """A challenge with a code to the new phone, and another to the one that is stored, if any.

    A number that nobody has shown to be theirs would lead whoever has it into the account.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer.
        RateLimited: there were too many requests of late.
    """
    volunteer_id, account_id = require_volunteer(viewer), require_account(viewer)
    given = mobile.strip()
    if errors := mobile_errors("mobile", given):
        return Challenge(errors=errors)
    await desk.throttle.take(REQUESTS, f"account:{account_id}")
    await desk.throttle.take(REQUESTS_FOR_ONE, f"account:{account_id}")
    # Nobody's phone is to ring because others type its number.
    await desk.throttle.take(REQUESTS_FOR_ONE, f"mobile:{given}")
    token, code, code_to_new = secrets.token_urlsafe(CHALLENGE_BYTES), new_code(), new_code()
    purpose = RecoveryPurpose.MOBILE
    async with database.write(
        account_id=account_id, capacity=viewer.capacity, action="requestMobileChange"
    ) as write:
        stored = await queries.fetch_own_mobile(write, volunteer_id)
        if stored == given:
            return Challenge(errors=(SAME,))
        await queries.insert_code(
            write,
            purpose,
            account_id,
            challenge_hash(token),
            code_hash(token, _both(code if stored else None, code_to_new)),
            desk.lifetime,
            new_mobile=given,
        )
        write.record(event("account.recovery_requested", account_id, purpose=purpose.value))
    desk.messages.put(stored, MESSAGES[purpose].format(code=code))
    desk.messages.put(given, TO_NEW.format(code=code_to_new))
    return Challenge(token=token, expires_at=now + desk.lifetime, consistency_token=write.token)


async def change_mobile(
    database: Writable, viewer: Viewer, desk: SelfServiceDesk, token: str, codes: Codes
) -> Recovered:
    """The new phone in place of the old one, which is told of it.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer.
        RateLimited: there were too many tries of late.
    """
    volunteer_id, account_id = require_volunteer(viewer), require_account(viewer)
    await desk.throttle.take(TRIES, f"account:{account_id}")
    purpose = RecoveryPurpose.MOBILE
    stored = None
    async with database.write(
        account_id=account_id, capacity=viewer.capacity, action="changeMobile"
    ) as write:
        proven = await queries.try_code(
            write, purpose, challenge_hash(token), code_hash(token, _both(*codes)), desk.tries
        )
        # SECURITY: a challenge is its own account's, whoever got hold of it.
        if proven is None or proven.account_id != account_id or proven.new_mobile is None:
            write.record(event("account.recovery_refused", account_id, purpose=purpose.value))
            return Recovered(errors=(CODE_WRONG,))
        await write.lock(Rank.VOLUNTEER, [volunteer_id])
        stored = await queries.fetch_own_mobile(write, volunteer_id)
        await queries.set_mobile(write, account_id, proven.new_mobile)
        write.record(event("account.mobile_changed", account_id))
    desk.messages.put(stored, CHANGED.format(tail=proven.new_mobile[-4:]))
    return Recovered(is_done=True, consistency_token=write.token)


def _both(to_stored: str | None, to_new: str) -> str:
    """Two codes as one, so that a wrong try does not tell which of them was right."""
    return f"{to_stored or ''}+{to_new}"
