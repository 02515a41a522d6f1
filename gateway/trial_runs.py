"""Trial runs: what a registered query takes of the database, with variables that were given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from db.keys import KeyRing, Purpose
from db.session import Database
from gateway.auth import Authentication
from gateway.documents import Prepared, is_mutation
from gateway.settings import Settings
from gateway.tokens import AccessTokens
from permissions.context import RequestContext
from permissions.viewer import Viewer
from schema.cursors import CursorSeal


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one run took, and the messages of its errors."""

    statements: int
    price: float
    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRuns:
    """Runs queries for one viewer; a mutation is never tried."""

    settings: Settings
    keys: KeyRing
    database: Database
    viewer: Viewer

    async def run(
        self, prepared: Prepared, name: str, variables: Mapping[str, Any]
    ) -> Trial | None:
        """What an operation takes with these variables; None for a mutation."""
        planned = prepared.operation(name)
        if is_mutation(planned.operation):
            return None
        tokens = AccessTokens(
            self.keys, issuer="trial", lifetime=self.settings.access_token_lifetime
        )
        desk = Authentication(settings=self.settings, tokens=tokens).desk("")
        secrets = tuple(key.secret for key in reversed(self.keys.all(Purpose.CURSOR)))
        async with self.database.read() as snapshot:
            context = RequestContext(
                viewer=self.viewer,
                database=self.database,
                snapshot=snapshot,
                now=datetime.now(UTC),
                cursors=CursorSeal(secrets),
                sign_in=desk,
                policy=self.settings.policy,
            )
            outcome = await prepared.engine.run(planned, variables=variables, context=context)
            return Trial(
                statements=snapshot.statements,
                price=prepared.price(planned.operation).price(variables),
                errors=tuple(error.message for error in outcome.errors),
            )
