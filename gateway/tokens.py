"""Access tokens of our own: short-lived, signed, naming an account and nothing personal."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

import jwt

from db.keys import KeyRing, Purpose
from permissions.errors import Unauthenticated
from resolvers.sign_in import IssuedToken

ALGORITHM = "HS256"
TYPE = "at+jwt"
LEEWAY = timedelta(seconds=5)
MAX_TOKEN_LENGTH = 8_192
MOST_VERIFIED = 10_000
EPOCH = "epoch"
MAX_ACCOUNT_DIGITS = 19
MAX_ACCOUNT_ID = 2**63 - 1
REFUSED = "The access token is not valid or has expired; refresh it or sign in again."


def _now() -> datetime:
    return datetime.now(UTC)


class AccessTokens:
    """Issues and verifies the access tokens of one station.

    The newest key signs; the header's ``kid`` names it, so that older ones verify after a
    rotation.
    """

    def __init__(
        self,
        keys: KeyRing,
        *,
        issuer: str,
        lifetime: timedelta,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.issuer = issuer
        self._keys = keys
        self._lifetime = lifetime
        self._clock = clock
        self._verified: OrderedDict[bytes, Verified] = OrderedDict()

    def issue(self, account_id: int, session_epoch: int = 1) -> IssuedToken:
        """A token of the account, from now on, until its sessions are ended."""
        key = self._keys.current(Purpose.TOKEN)
        now = self._clock().replace(microsecond=0)
        expires_at = now + self._lifetime
        claims = {
            "iss": self.issuer,
            "sub": str(account_id),
            "iat": now,
            "exp": expires_at,
            EPOCH: session_epoch,
        }
        text = jwt.encode(claims, key.secret, ALGORITHM, headers={"kid": key.id, "typ": TYPE})
        return IssuedToken(text=text, expires_at=expires_at)

    def verify(self, token: str) -> int:
        """The account a token names.

        Raises:
            Unauthenticated: as ``read``.
        """
        return self.read(token).account_id

    def read(self, token: str) -> "Verified":
        """What a token says: its account, and of which of the account's session epochs it is.

        A signature is worked out once, at a tenth of a small request's time; whether the account
        may still act is asked of the database at each request.

        Raises:
            Unauthenticated: the token is forged, expired, or none of ours.
        """
        digest = sha256(token.encode("utf-8", "surrogatepass")).digest()
        known = self._verified.get(digest)
        if known is None:
            known = self._verified[digest] = self._verify(token)
            if len(self._verified) > MOST_VERIFIED:
                self._verified.popitem(last=False)
        # Our own clock, so that a token's life can be told in tests.
        if known.expires_at + LEEWAY.total_seconds() <= self._clock().timestamp():
            raise Unauthenticated(REFUSED)
        return known

    def _verify(self, token: str) -> "Verified":
        header = token_header(token)
        kid = header.get("kid")
        key = self._keys.find(Purpose.TOKEN, kid) if isinstance(kid, str) else None
        if key is None or header.get("typ") != TYPE:
            raise Unauthenticated(REFUSED)
        try:
            claims = jwt.decode(
                token,
                key.secret,
                algorithms=[ALGORITHM],
                issuer=self.issuer,
                options={
                    "require": ["iss", "sub", "iat", "exp"],
                    "verify_exp": False,
                    "verify_iat": False,
                },
            )
        except jwt.InvalidTokenError:
            raise Unauthenticated(REFUSED) from None
        epoch = claims.get(EPOCH, 1)  # tokens of before there were epochs
        if type(epoch) is not int:
            raise Unauthenticated(REFUSED)
        return Verified(_account_id(claims["sub"]), claims["exp"], epoch)


class Verified(NamedTuple):
    """What a token of ours says."""

    account_id: int
    expires_at: float
    session_epoch: int


def token_header(token: str) -> dict[str, object]:
    """The header of a token, not yet verified.

    Raises:
        Unauthenticated: there is none.
    """
    if len(token) > MAX_TOKEN_LENGTH:
        raise Unauthenticated(REFUSED)
    try:
        return dict(jwt.get_unverified_header(token))
    except (jwt.InvalidTokenError, UnicodeError):
        raise Unauthenticated(REFUSED) from None


def token_issuer(token: str) -> str | None:
    """Who a token says it is of, not yet verified: to choose who verifies it."""
    token_header(token)
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.InvalidTokenError, UnicodeError):
        raise Unauthenticated(REFUSED) from None
    issuer = claims.get("iss")
    return issuer if isinstance(issuer, str) else None


def _account_id(subject: object) -> int:
    text = str(subject)
    if not (text.isascii() and text.isdigit()) or len(text) > MAX_ACCOUNT_DIGITS:
        raise Unauthenticated(REFUSED)
    account_id = int(text)
    if account_id > MAX_ACCOUNT_ID:
        raise Unauthenticated(REFUSED)
    return account_id
