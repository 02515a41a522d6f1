"""Tokens of another issuer, verified by the keys it publishes at a URL (JWKS)."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping

import httpx
import jwt

from gateway.settings import TokenIssuer
from gateway.tokens import REFUSED, token_header
from permissions.errors import ServiceUnavailable, Unauthenticated

log = logging.getLogger(__name__)

# Public-key algorithms only: with a shared-key one, whoever knows the published key could sign.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
FRESH_SECONDS = 600.0
RETRY_SECONDS = 30.0
FETCH_SECONDS = 5.0
LEEWAY_SECONDS = 30


class IssuerKeys:
    """The published keys of an issuer, fetched when first needed and kept for ten minutes.

    A token with an unknown key id fetches them anew, at most twice a minute, so that a rotation
    is seen at once and nobody can make us flood the issuer. While the issuer is away the known
    keys go on serving.
    """

    def __init__(
        self, url: str, http: httpx.AsyncClient, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._url = url
        self._http = http
        self._clock = clock
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._turn = asyncio.Lock()

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """The key of that id.

        Raises:
            ServiceUnavailable: no keys are known and the issuer gives none.
        """
        if self._is_stale() or kid not in self._keys:
            async with self._turn:
                if (self._is_stale() or kid not in self._keys) and self._may_try():
                    await self._fetch()
        if self._fetched_at is None:
            raise ServiceUnavailable(retry_after_seconds=int(RETRY_SECONDS))
        return self._keys.get(kid)

    def _is_stale(self) -> bool:
        return self._fetched_at is None or self._clock() - self._fetched_at >= FRESH_SECONDS

    def _may_try(self) -> bool:
        return self._tried_at is None or self._clock() - self._tried_at >= RETRY_SECONDS

    async def _fetch(self) -> None:
        self._tried_at = self._clock()
        try:
            answer = await self._http.get(self._url, timeout=FETCH_SECONDS)
            answer.raise_for_status()
            published = jwt.PyJWKSet.from_dict(answer.json()).keys
        except (httpx.HTTPError, ValueError, TypeError, AttributeError, jwt.PyJWTError) as error:
            log.warning("issuer_keys_unread", extra={"error": type(error).__name__})
            return
        self._keys = {key.key_id: key for key in published if key.key_id}
        self._fetched_at = self._clock()


class IssuerTokens:
    """Verifies the tokens of one other issuer."""

    def __init__(self, issuer: TokenIssuer, keys: IssuerKeys) -> None:
        self.issuer = issuer.issuer
        self._audience = issuer.audience
        self._keys = keys

    async def verify(self, token: str) -> str:
        """Whom a token names, as ``accounts.issuer_subject`` stores it: ``<issuer>|<subject>``.

        Raises:
            Unauthenticated: the token is forged, expired, or for someone else.
            ServiceUnavailable: the issuer's keys cannot be had.
        """
        header = token_header(token)
        kid, algorithm = header.get("kid"), header.get("alg")
        if not isinstance(kid, str) or algorithm not in ALGORITHMS:
            raise Unauthenticated(REFUSED)
        key = await self._keys.find(kid)
        if key is None or key.algorithm_name != algorithm:
            raise Unauthenticated(REFUSED)
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                audience=self._audience,
                issuer=self.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["iss", "sub", "aud", "exp"]},
            )
        except jwt.InvalidTokenError:
            raise Unauthenticated(REFUSED) from None
        if not claims["sub"]:
            raise Unauthenticated(REFUSED)
        return f"{self.issuer}|{claims['sub']}"
