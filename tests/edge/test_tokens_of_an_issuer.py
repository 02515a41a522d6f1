"""Tokens of another issuer, by the keys it publishes."""

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from gateway.jwks import IssuerKeys, IssuerTokens
from gateway.settings import TokenIssuer
from permissions.errors import ServiceUnavailable, Unauthenticated

ISSUER = TokenIssuer(
    jwks_url="https://login.example/keys", issuer="https://login.example", audience="volunteers"
)
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


class Issuer:
    """An issuer that publishes keys over HTTP, and a clock for whoever keeps them."""

    def __init__(self) -> None:
        self.published: Any = [rsa_jwk("a", RSA_KEY), ec_jwk("b", EC_KEY)]
        self.status = 200
        self.asked = 0
        self.now = 1000.0
        app = Starlette(routes=[Route("/keys", self._answer)])
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app))
        keys = IssuerKeys(ISSUER.jwks_url, self.http, clock=lambda: self.now)
        self.tokens = IssuerTokens(ISSUER, keys)

    async def _answer(self, _request: Request) -> JSONResponse:
        self.asked += 1
        return JSONResponse({"keys": self.published}, status_code=self.status)


@pytest.fixture
async def issuer() -> AsyncIterator[Issuer]:
    issuer = Issuer()
    yield issuer
    await issuer.http.aclose()


def rsa_jwk(kid: str, key: rsa.RSAPrivateKey) -> dict[str, Any]:
    return {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig"}


def ec_jwk(kid: str, key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    return {**ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "alg": "ES256"}


def token(key: Any = RSA_KEY, kid: str | None = "a", alg: str = "RS256", **claims: Any) -> str:
    content = {
        "iss": ISSUER.issuer,
        "aud": ISSUER.audience,
        "sub": "u-1",
        "exp": int(time.time()) + 60,
        **claims,
    }
    return jwt.encode(
        {name: value for name, value in content.items() if value is not None},
        key,
        alg,
        headers={"kid": kid} if kid else {},
    )


async def test_token_of_a_published_key_names_its_subject(issuer: Issuer) -> None:
    assert await issuer.tokens.verify(token()) == "https://login.example|u-1"
    assert (
        await issuer.tokens.verify(token(EC_KEY, "b", "ES256", aud=["x", "volunteers"]))
        == "https://login.example|u-1"
    )
    assert issuer.asked == 1


@pytest.mark.parametrize(
    "refused",
    [
        token(OTHER_RSA_KEY),
        token(kid=None),
        token(kid="c"),
        token(kid="b"),
        token(alg="PS256"),
        token("x" * 64, alg="HS256"),
        token(None, alg="none"),
        token(aud="others"),
        token(aud=None),
        token(iss="https://other.example"),
        token(iss=None),
        token(exp=int(time.time()) - 120),
        token(exp=None),
        token(sub=None),
        token(sub=""),
        "not.a.token",
    ],
)
async def test_forged_token_is_refused(issuer: Issuer, refused: str) -> None:
    with pytest.raises(Unauthenticated):
        await issuer.tokens.verify(refused)


async def test_rotation_is_seen_at_once_but_not_fetched_for_every_forgery(issuer: Issuer) -> None:
    await issuer.tokens.verify(token())
    issuer.published = [rsa_jwk("c", OTHER_RSA_KEY)]
    issuer.now += 31

    assert await issuer.tokens.verify(token(OTHER_RSA_KEY, "c"))
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            await issuer.tokens.verify(token(kid="unknown"))
    assert issuer.asked == 2

    with pytest.raises(Unauthenticated):
        await issuer.tokens.verify(token())


@pytest.mark.parametrize("published", [[], "nonsense", [{"kty": "RSA"}]])
async def test_issuer_away_or_odd_leaves_the_known_keys_serving(
    issuer: Issuer, published: object
) -> None:
    await issuer.tokens.verify(token())
    issuer.published = published
    issuer.status = 200 if published else 503
    issuer.now += 3600

    assert await issuer.tokens.verify(token())
    assert issuer.asked == 2


async def test_no_keys_at_all_is_unavailable(issuer: Issuer) -> None:
    issuer.status = 503

    for _ in range(3):
        with pytest.raises(ServiceUnavailable):
            await issuer.tokens.verify(token())
    assert issuer.asked == 1
    issuer.status, issuer.now = 200, issuer.now + 31
    assert await issuer.tokens.verify(token())
