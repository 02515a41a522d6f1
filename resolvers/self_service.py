"""Finding a username and resetting a password by a code to the stored phone (DOMAIN §10).

Whether there is such an account is never told: known or not, the same statements run, the same
answer is given, one hash is computed, and the message leaves after the answer. Department users
are helped by the department above them, not by a text message.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from db.consistency import ConsistencyToken
from db.enums import IdentityType, RecoveryPurpose
from db.events import DomainEvent, SubjectType
from db.identities import blind_index, normalised_number
from db.keys import Key
from db.passwords import hash_password
from db.queries import self_service as queries
from db.queries.self_service import Known, Proven
from db.write import Writable, Write
from permissions.errors import UserError, UserErrorCode
from permissions.viewer import PUBLIC
from resolvers.rules.passwords import password_error
from resolvers.self_service_desk import SelfServiceDesk

REQUESTS, TRIES = "recoveryRequests", "recoveryTries"
REQUESTS_FOR_ONE = "recoveryRequestsForOne"
CODE_DIGITS = 6
CHALLENGE_BYTES = 24
LONGEST_TOLD = 100
NO_ACCOUNT = 0  # no row has this id, so that nobody's reset runs the statements of somebody's

CODE_WRONG = UserError(
    UserErrorCode.CODE_WRONG,
    "code",
    "The code is wrong, has expired, or was tried too often; ask for a new one.",
)
MESSAGES = {
    RecoveryPurpose.USERNAME: "您正在找回用户名，验证码{code}，10分钟内有效。如非本人操作请忽略。",
    RecoveryPurpose.PASSWORD: "您正在重置密码，验证码{code}，10分钟内有效。如非本人操作请忽略。",
    RecoveryPurpose.MOBILE: "您正在更换手机号，验证码{code}，10分钟内有效。"
    "如非本人操作请尽快修改密码。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What somebody says of the account they want back into.

    A volunteer tells name and ID number; a team its name and its number (联络编号/信用代码)
    and which of its two people is reached by phone; ``username`` chooses among several managers.
    """

    name: str
    id_number: str | None = field(default=None, repr=False)
    team_number: str | None = None
    at_contact: bool = False
    username: str | None = None

    def known(self, key: Key) -> Known:
        """The claim as it is looked up; what could be nobody's is looked up all the same."""
        number = normalised_number(_plain(self.id_number))
        return Known(
            blind_indexes=[blind_index(kind, number, key=key) for kind in IdentityType],
            name=_plain(self.name),
            number=_plain(self.team_number).upper(),
            at_contact=self.at_contact,
            username=_plain(self.username).lower(),
        )

    @property
    def about(self) -> str:
        """Whom it is about, for the pace of requests that name one person or team."""
        told = (self.name, normalised_number(_plain(self.id_number)), self.team_number)
        return "\0".join(_plain(part) for part in told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What a request for a code is answered with, whoever asked.

    A consistency token is only given to who is signed in.
    """

    token: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None
    errors: Sequence[UserError] = ()
    consistency_token: ConsistencyToken | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """What a code leads to; without a consistency token if it is refused."""

    is_done: bool = False
    username: str | None = None
    errors: Sequence[UserError] = ()
    consistency_token: ConsistencyToken | None = None


async def request_code(
    database: Writable,
    desk: SelfServiceDesk,
    purpose: RecoveryPurpose,
    claim: Claim,
    *,
    asker: str,
    now: datetime,
) -> Challenge:
    """A challenge; its code is on the way if there is such an account with a phone.

    Raises:
        RateLimited: there were too many requests of late, by this asker or about this account.
    """
    if errors := claim_errors(claim):
        return Challenge(errors=errors)
    await desk.throttle.take(REQUESTS, asker)
    await desk.throttle.take(REQUESTS_FOR_ONE, claim.about)
    token, code = secrets.token_urlsafe(CHALLENGE_BYTES), new_code()
    async with database.write(
        account_id=None, capacity=PUBLIC.capacity, action="requestRecoveryCode"
    ) as write:
        found = await queries.find_account(write, claim.known(desk.blind_index_key))
        account_id = found.id if found is not None and found.mobile else None
        await queries.insert_code(
            write,
            purpose,
            account_id,
            challenge_hash(token),
            code_hash(token, code),
            desk.lifetime,
        )
        write.record(event("account.recovery_requested", account_id, purpose=purpose.value))
    mobile = found.mobile if found is not None else None
    desk.messages.put(mobile, MESSAGES[purpose].format(code=code))
    # SECURITY: no consistency token, which would tell how much was written, and so of whom.
    return Challenge(token=token, expires_at=now + desk.lifetime)


async def recover_username(
    database: Writable, desk: SelfServiceDesk, token: str, code: str, *, asker: str
) -> Recovered:
    """The username of the account that a challenge was for.

    Raises:
        RateLimited: there were too many tries of late.
    """
    await desk.throttle.take(TRIES, asker)
    async with database.write(
        account_id=None, capacity=PUBLIC.capacity, action="recoverUsername"
    ) as write:
        proven = await _try(write, desk, RecoveryPurpose.USERNAME, token, code)
        _tell(write, proven, "account.username_recovered", RecoveryPurpose.USERNAME)
    if proven is None:
        return Recovered(errors=(CODE_WRONG,))
    return Recovered(is_done=True, username=proven.username, consistency_token=write.token)


async def reset_password(
    database: Writable,
    desk: SelfServiceDesk,
    token: str,
    code: str,
    password: str,
    *,
    asker: str,
) -> Recovered:
    """A new password for the account that a challenge was for; every session of it has ended.

    Raises:
        RateLimited: there were too many tries of late.
    """
    if error := password_error(password, about=()):
        return Recovered(errors=(error,))
    await desk.throttle.take(TRIES, asker)
    hashed = await asyncio.to_thread(hash_password, password)
    async with database.write(
        account_id=None, capacity=PUBLIC.capacity, action="resetPassword"
    ) as write:
        proven = await _try(write, desk, RecoveryPurpose.PASSWORD, token, code)
        account_id = proven.account_id if proven is not None else NO_ACCOUNT
        await queries.set_password(write, account_id, hashed)
        _tell(write, proven, "account.password_reset", RecoveryPurpose.PASSWORD)
    if proven is None:
        return Recovered(errors=(CODE_WRONG,))
    return Recovered(is_done=True, consistency_token=write.token)


async def _try(
    write: Write, desk: SelfServiceDesk, purpose: RecoveryPurpose, token: str, code: str
) -> Proven | None:
    return await queries.try_code(
        write, purpose, challenge_hash(token), code_hash(token, code), desk.tries
    )


def _tell(write: Write, proven: Proven | None, name: str, purpose: RecoveryPurpose) -> None:
    if proven is None:
        write.record(event("account.recovery_refused", None, purpose=purpose.value))
    else:
        write.account_id = proven.account_id
        write.record(event(name, proven.account_id))


def claim_errors(claim: Claim) -> Sequence[UserError]:
    """What is wrong with a claim by its form alone."""
    if (claim.id_number is None) == (claim.team_number is None):
        message = "Give an ID number, or a team's number, not both."
        return (UserError(UserErrorCode.INVALID, "idNumber", message),)
    parts = {
        "name": claim.name,
        "idNumber": claim.id_number,
        "teamNumber": claim.team_number,
        "username": claim.username,
    }
    return [
        UserError(UserErrorCode.TOO_LONG, name, f"At most {LONGEST_TOLD} characters.")
        for name, text in parts.items()
        if text is not None and len(text) > LONGEST_TOLD
    ]


def new_code() -> str:
    """A code that a phone is sent."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def challenge_hash(token: str) -> bytes:
    """What a challenge is found by; who reads the table cannot make it again."""
    return hashlib.sha256(b"challenge:" + _bytes(token)).digest()


def code_hash(token: str, code: str) -> bytes:
    """What a code is judged by; without the challenge, a million guesses tell nothing."""
    typed = "".join(code.split())
    return hashlib.sha256(b"code:" + _bytes(token) + b"\0" + _bytes(typed)).digest()


def event(name: str, account_id: int | None, **detail: str) -> DomainEvent:
    """An audited event of an account's recovery; nothing of it is published."""
    return DomainEvent(
        name=name,
        subject_type=SubjectType.ACCOUNT,
        subject_id=account_id,
        because="code to the stored phone",
        payload=None,
        detail=dict(detail),
    )


def _plain(text: str | None) -> str:
    """The text trimmed; empty, and so nobody's, if no row could hold it."""
    trimmed = (text or "").strip()
    return trimmed if trimmed.isprintable() else ""


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
