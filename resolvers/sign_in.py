"""Signing in by password, keeping a session by refresh tokens, signing out.

A refused sign-in has one answer and one cost whatever refused it: an unknown username, a wrong
password, a disabled account, or a pause after repeated failures. Each computes one argon2 hash
and runs the same statements.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from db.consistency import ConsistencyToken
from db.events import DomainEvent, SubjectType
from db.passwords import Verdict, hash_password, verify_password
from db.queries import sign_in as queries
from db.queries.sign_in import Credentials, LockedAccount, LockedSession
from db.write import Writable, Write
from permissions.errors import Unauthenticated, UserError, UserErrorCode
from permissions.viewer import PUBLIC

TOKEN_BYTES = 32
MAX_USERNAME_LENGTH = 200
MAX_PASSWORD_LENGTH = 1_000
NO_ACCOUNT = 0  # no row has this id, so an unknown username runs the statements of a known one

REFUSED = UserError(
    UserErrorCode.SIGN_IN_REFUSED,
    None,
    "The username or password is wrong, or sign-in is paused after repeated failures.",
)
NATIONAL_SITE_ONLY = UserError(
    UserErrorCode.NATIONAL_SITE_ONLY, None, "Department users sign in at the national site."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRules:
    """How many failures pause an account for how long, and how long a session is kept.

    A refresh token that comes again within ``race`` of its use is taken for a second tab of the
    same person and is refused alone; later it is taken for a stolen one and ends its chain.
    """

    failures: int = 5
    pause: timedelta = timedelta(minutes=15)
    lifetime: timedelta = timedelta(days=30)
    race: timedelta = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """A token's text and when it expires."""

    text: str
    expires_at: datetime


IssueAccessToken = Callable[[int, int], IssuedToken]
"""Makes an access token of an account and its session epoch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A session: whose it is, the token that acts, the token that renews it."""

    account_id: int
    display_name: str
    must_change_password: bool
    access_token: IssuedToken
    refresh_token: IssuedToken
    consistency_token: ConsistencyToken | None


async def sign_in(
    database: Writable,
    username: str,
    password: str,
    *,
    rules: SignInRules,
    issue: IssueAccessToken,
    at_national_site: bool,
) -> SignedIn | UserError:
    """A new session of the account, or the one refusal that says nothing about it."""
    found = await queries.fetch_credentials(database.engine, _storable(username))
    given = password if len(password) <= MAX_PASSWORD_LENGTH else ""
    stored = found.password_hash if found else None
    verdict = await asyncio.to_thread(verify_password, stored, given)
    upgraded = None
    if verdict.ok and verdict.needs_upgrade:
        upgraded = await asyncio.to_thread(hash_password, given)
    async with database.write(
        account_id=found.account_id if found else None, capacity=PUBLIC.capacity, action="signIn"
    ) as write:
        account = await queries.lock_account(write, found.account_id if found else NO_ACCOUNT)
        reason = _reason_to_refuse(found, account, verdict)
        if account is None or reason is not None:
            await _refuse(write, account, reason or "unknown", rules)
            return REFUSED
        if found is not None and found.is_department_only and not at_national_site:
            write.record(_event("account.sign_in_refused", account.id, reason="station"))
            return NATIONAL_SITE_ONLY
        await queries.update_accepted(write, account.id, password_hash=upgraded)
        token = await new_token(write, account.id, uuid4(), rules)
        write.record(_event("account.signed_in", account.id))
    return signed_in(write, account, token, issue)


async def refresh_session(
    database: Writable, refresh_token: str, *, rules: SignInRules, issue: IssueAccessToken
) -> SignedIn:
    """The session with new tokens; the given refresh token has now been used.

    Of several requests with one token one wins. A token that comes again later ends the whole
    chain, for one of its two holders is a thief.

    Raises:
        Unauthenticated: the token is unknown, used, revoked or expired, or its account disabled.
    """
    token = None
    async with database.write(
        account_id=None, capacity=PUBLIC.capacity, action="refreshSession"
    ) as write:
        session = await queries.lock_session(write, _hash(refresh_token))
        if session is not None:
            write.account_id = session.account.id
            token = await _renew(write, session, rules)
    if session is None or token is None:
        raise Unauthenticated("The session has ended; sign in again.")
    return signed_in(write, session.account, token, issue)


async def sign_out(database: Writable, refresh_token: str) -> ConsistencyToken | None:
    """Ends the session of a refresh token; an unknown one has none to end."""
    async with database.write(account_id=None, capacity=PUBLIC.capacity, action="signOut") as write:
        session = await queries.lock_session(write, _hash(refresh_token))
        if session is not None and not session.is_revoked:
            write.account_id = session.account.id
            await queries.revoke_family(write, session.family)
            write.record(_event("account.signed_out", session.account.id))
    return write.token


def _reason_to_refuse(
    found: Credentials | None, account: LockedAccount | None, verdict: Verdict
) -> str | None:
    if found is None or account is None:
        return "unknown"
    if account.is_paused:
        return "paused"
    # The password may have been changed while it was being verified.
    if not verdict.ok or account.password_hash != found.password_hash:
        return "password"
    if not account.is_enabled:
        return "disabled"
    if account.has_lapsed:
        return "lapsed"
    return None


async def _refuse(
    write: Write, account: LockedAccount | None, reason: str, rules: SignInRules
) -> None:
    failures = account.failed_sign_ins if account else 0
    if reason == "password":
        failures += 1
    pause = rules.pause if failures >= rules.failures else None
    await queries.update_refused(
        write,
        account.id if account else NO_ACCOUNT,
        failed_sign_ins=0 if pause else failures,
        pause=pause,
    )
    write.record(_event("account.sign_in_refused", account.id if account else None, reason=reason))


async def _renew(write: Write, session: LockedSession, rules: SignInRules) -> IssuedToken | None:
    """The successor of a refresh token, unless it may have none."""
    if session.is_revoked or session.is_expired or not session.account.is_enabled:
        return None
    if session.used_for is not None:
        if session.used_for > rules.race:
            await queries.revoke_family(write, session.family)
            write.record(_event("account.session_revoked", session.account.id, reason="reuse"))
        return None
    await queries.use_session(write, session.id)
    write.record(_event("account.session_refreshed", session.account.id))
    return await new_token(write, session.account.id, session.family, rules)


async def new_token(write: Write, account_id: int, family: UUID, rules: SignInRules) -> IssuedToken:
    """A refresh token of a chain."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = await queries.insert_session(
        write, account_id, family=family, token_hash=_hash(token), lifetime=rules.lifetime
    )
    return IssuedToken(text=token, expires_at=expires_at)


def signed_in(
    write: Write,
    account: LockedAccount,
    refresh_token: IssuedToken,
    issue: IssueAccessToken,
) -> SignedIn:
    """The session of an account, with an access token made now."""
    return SignedIn(
        account_id=account.id,
        display_name=account.display_name,
        must_change_password=account.must_change_password,
        access_token=issue(account.id, account.session_epoch),
        refresh_token=refresh_token,
        consistency_token=write.token,
    )


def _event(name: str, account_id: int | None, **detail: str) -> DomainEvent:
    """An audited event; signing in and out changes nothing that is published."""
    return DomainEvent(
        name=name,
        subject_type=SubjectType.ACCOUNT,
        subject_id=account_id,
        because="own credentials",
        payload=None,
        detail=dict(detail),
    )


def _storable(username: str) -> str:
    """The username as accounts store it; empty, and so unknown, when none could be stored so."""
    plain = username.strip().lower()
    is_text = len(plain) <= MAX_USERNAME_LENGTH and plain.isprintable()
    return plain if is_text else ""


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
