"""What a request carries: who asks, what it reads from, what it was given to work with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from db.scope import Scope
from db.session import Database, Snapshot
from loaders.registry import Loaders
from permissions.edges import Policy
from permissions.viewer import Viewer
from permissions.visible import visible


class Seal(Protocol):
    """Makes cursors of ids and ids of cursors."""

    def seal(self, order: int, ids: Iterable[int]) -> list[str]: ...

    def open(self, order: int, cursor: str) -> int | None: ...


class SignInDesk(Protocol):
    """What signing in needs beside the database: its rules, and who makes access tokens."""

    @property
    def rules(self) -> Any: ...

    @property
    def at_national_site(self) -> bool: ...

    def issue(self, account_id: int, session_epoch: int, /) -> Any: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBounds:
    """How much one list may give."""

    default: int = 20
    most: int = 100
    nodes: int = 100


@dataclass(slots=True)
class Scopes:
    """What a viewer may see of each entity, worked out when first asked for."""

    viewer: Viewer
    _found: dict[str, Scope] = field(default_factory=dict)

    def __call__(self, entity: str) -> Scope:
        """The rows of an entity that the viewer may see."""
        known = self._found.get(entity)
        if known is None:
            known = self._found[entity] = visible(entity, self.viewer)
        return known


@dataclass(slots=True, kw_only=True)
class RequestContext:
    """One request, from its first statement to its last.

    ``now`` is the moment that every rule of the request goes by; ``capacities`` are all that the
    account holds; ``batches`` is where the engine keeps what siblings share; ``registration`` is
    the desk of ``resolvers.ports``, ``certificates`` that of ``resolvers.certificate_desk``,
    ``self_service`` that of ``resolvers.self_service_desk``;
    ``allowance`` is what a partner's contract has left; ``asker`` is whom a pace is counted for.
    """

    viewer: Viewer
    database: Database
    snapshot: Snapshot
    now: datetime
    cursors: Seal
    sign_in: SignInDesk
    policy: Policy
    bounds: PageBounds = field(default_factory=PageBounds)
    host: str = ""
    capacities: Sequence[Viewer] = ()
    batches: dict[Any, Any] = field(default_factory=dict)
    consistency_token: str | None = None
    registration: Any = None
    certificates: Any = None
    self_service: Any = None
    asker: str = ""
    allowance: Mapping[str, int] | None = None
    scope: Scopes = field(init=False)
    loaders: Loaders = field(init=False)

    def __post_init__(self) -> None:
        # Nothing here refers to the context itself: rows die with their request, not in a cycle.
        self.scope = Scopes(self.viewer)
        self.loaders = Loaders(self.snapshot, self.scope)

    async def wrote(self, token: object | None) -> None:
        """Notes where a write stands, and reads what follows in a new snapshot."""
        if token is not None:
            self.consistency_token = str(token)
        statements = self.snapshot.statements
        await self.snapshot.close()
        self.snapshot = Snapshot(self.database, statements=statements)
        self.loaders = Loaders(self.snapshot, self.scope)
        self.batches.clear()
