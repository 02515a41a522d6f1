"""Who is asking: from the headers of a request to a viewer in one capacity."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from starlette.datastructures import Headers

from db.session import Snapshot
from gateway.jwks import IssuerTokens
from gateway.settings import Settings
from gateway.tokens import REFUSED, AccessTokens, token_issuer
from permissions.errors import CapacityNotHeld, PasswordChangeRequired, Unauthenticated
from permissions.standing import Standing, Standings
from permissions.viewer import PUBLIC, Role, Viewer
from resolvers.partners import KEY_PREFIX, Contract, recognise_partner
from resolvers.sign_in import IssuedToken, SignInRules

ACTING_AS = "x-acting-as"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """The viewer of a request, and every capacity its account could have chosen at the site."""

    viewer: Viewer = PUBLIC
    capacities: Sequence[Viewer] = ()
    must_change_password: bool = False
    contract: Contract | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Signing in, as seen from one request."""

    tokens: AccessTokens
    rules: SignInRules
    at_national_site: bool

    def issue(self, account_id: int, session_epoch: int, /) -> IssuedToken:
        """An access token of the account, of its sessions as they are."""
        return self.tokens.issue(account_id, session_epoch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """Finds out who asks."""

    settings: Settings
    tokens: AccessTokens
    issuer: IssuerTokens | None = None
    standings: Standings = field(default_factory=Standings)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    async def asker(
        self, headers: Headers, host: str, snapshot: Snapshot, *, may_owe_password: bool = False
    ) -> Asker:
        """Who asks; without a token the public, which costs no statement.

        With ``may_owe_password`` the caller sees to it that somebody with a first password does
        nothing but change it.

        Raises:
            Unauthenticated: the token is malformed, forged or expired, its session was ended, or
                its account disabled.
            PasswordChangeRequired: the account has a first password.
            CapacityNotHeld: the account may not act as it wishes to, or not at this site.
            PartnerKeyInvalid, PartnerKeyExpired, PartnerSuspended: the partner may not call.
        """
        given = headers.get("authorization")
        wish = headers.get(ACTING_AS)
        if given is None:
            if wish is not None:
                raise Unauthenticated
            return Asker()
        scheme, _, token = given.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthenticated("Send the access token as: Authorization: Bearer <token>.")
        if token.strip().startswith(KEY_PREFIX):
            return await self._partner(snapshot, token.strip(), wish)
        standing = await self._standing(snapshot, token.strip())
        if standing.must_change_password and not may_owe_password:
            raise PasswordChangeRequired
        viewer = standing.acting_as(wish)
        at_national_site = self.at_national_site(host)
        if viewer.role is Role.DEPARTMENT and not at_national_site:
            raise CapacityNotHeld
        held = standing.capacities_at(national_site=at_national_site)
        return Asker(
            viewer=viewer, capacities=held, must_change_password=standing.must_change_password
        )

    async def _partner(self, snapshot: Snapshot, key: str, wish: str | None) -> Asker:
        """A partner, by its key; it has one capacity and cannot wish for another."""
        if wish is not None:
            raise CapacityNotHeld
        contract = await recognise_partner(snapshot, key, self.clock())
        return Asker(viewer=contract.viewer, contract=contract)

    async def _standing(self, snapshot: Snapshot, token: str) -> Standing:
        if self.issuer is not None and token_issuer(token) != self.tokens.issuer:
            subject = await self.issuer.verify(token)
            # A password of ours is none of theirs.
            return replace(
                await self.standings.fetch(snapshot, subject), must_change_password=False
            )
        said = self.tokens.read(token)
        standing = await self.standings.fetch(snapshot, said.account_id)
        # SECURITY: ending an account's sessions ends the tokens that were given in them.
        if standing.session_epoch != said.session_epoch:
            raise Unauthenticated(REFUSED)
        return standing

    def desk(self, host: str) -> Desk:
        """Signing in, at the site of a host."""
        rules = SignInRules(lifetime=self.settings.refresh_token_lifetime)
        return Desk(tokens=self.tokens, rules=rules, at_national_site=self.at_national_site(host))

    def at_national_site(self, host: str) -> bool:
        """Whether a host is the national site's; on a developer's machine loopback is too."""
        if host == self.settings.national_host:
            return True
        return host in LOOPBACK and not self.settings.is_production

    def station_host(self, host: str) -> str:
        """The host of the station that serves a request; loopback stands for the first one."""
        if host in LOOPBACK and self.settings.station_hosts:
            return self.settings.station_hosts[0][1]
        return host
