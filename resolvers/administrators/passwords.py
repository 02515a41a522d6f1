"""First passwords, as administrators are given them, and the change that each asks for."""

import asyncio
import secrets
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from db.events import DomainEvent, SubjectType
from db.passwords import hash_password, verify_password
from db.queries import sign_in as queries
from db.queries.sign_in import LockedAccount
from db.write import Writable, Write
from permissions.errors import UserError, UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import require_account
from resolvers.rules.passwords import password_error
from resolvers.sign_in import (
    MAX_PASSWORD_LENGTH,
    IssueAccessToken,
    SignedIn,
    SignInRules,
    new_token,
    signed_in,
)

LIFETIME = timedelta(days=14)
"""For how long a first password lets in: whoever never used it in two weeks asks for another."""

# Nothing that reads like another letter on paper: these are copied by hand.
LETTERS = "abcdefghjkmnpqrstuvwxyz"
DIGITS = "23456789"
GROUPS, GROUP = 4, 5

WRONG = UserError(
    UserErrorCode.PASSWORD_WRONG,
    "currentPassword",
    "The current password is wrong, or trying is paused after repeated failures.",
)
SAME = UserError(UserErrorCode.PASSWORD_WEAK, "newPassword", "This is the password of before.")


def first_password() -> str:
    """A password of 20 random characters in four groups: 99 bits."""
    groups = (
        "".join(secrets.choice(LETTERS + DIGITS) for _ in range(GROUP)) for _ in range(GROUPS)
    )
    return "-".join(groups)


async def change_password(
    database: Writable,
    viewer: Viewer,
    current: str,
    new: str,
    *,
    rules: SignInRules,
    issue: IssueAccessToken,
) -> SignedIn | UserError:
    """A new session under the new password; every session of before has ended.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    account_id = require_account(viewer)
    found = await queries.fetch_own_credentials(database.engine, account_id)
    given = current if len(current) <= MAX_PASSWORD_LENGTH else ""
    stored = None if found is None else found.password_hash
    verdict = await asyncio.to_thread(verify_password, stored, given)
    hashed = await asyncio.to_thread(hash_password, new) if verdict.ok else ""
    async with database.write(
        account_id=account_id, capacity=viewer.capacity, action="changePassword"
    ) as write:
        account = await queries.lock_account(write, account_id)
        if found is None or account is None or account.is_paused:
            return WRONG
        # The password may have been changed while it was being verified.
        if not verdict.ok or account.password_hash != found.password_hash:
            await _count_failure(write, account, rules)
            return WRONG
        if (error := _fault(account, current, new)) is not None:
            return error
        epoch = await queries.change_password(write, account_id, hashed)
        token = await new_token(write, account_id, uuid4(), rules)
        write.record(_event("account.password_changed", account_id))
    changed = replace(account, must_change_password=False, session_epoch=epoch)
    return signed_in(write, changed, token, issue)


def _fault(account: LockedAccount, current: str, new: str) -> UserError | None:
    if new == current:
        return SAME
    error = password_error(new, about=[account.username, account.display_name])
    return None if error is None else replace(error, field="newPassword")


async def _count_failure(write: Write, account: LockedAccount, rules: SignInRules) -> None:
    """Whoever holds a session must not be able to try passwords without end either."""
    failures = account.failed_sign_ins + 1
    pause = rules.pause if failures >= rules.failures else None
    await queries.update_refused(
        write, account.id, failed_sign_ins=0 if pause else failures, pause=pause
    )
    write.record(_event("account.password_change_refused", account.id))


def _event(name: str, account_id: int) -> DomainEvent:
    """An audited event; a password changed is nothing that is published."""
    return DomainEvent(
        name=name,
        subject_type=SubjectType.ACCOUNT,
        subject_id=account_id,
        because="own credentials",
        payload=None,
    )
