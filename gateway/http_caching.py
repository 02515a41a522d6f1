"""How long others may keep an answer to a GET, and when they need not be sent it again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import orjson
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
)
from starlette.requests import Request

from gateway.cost_rules import directives_of, is_plumbing
from gateway.documents import Documents, Prepared
from gateway.pages import etag_matches
from permissions.viewer import Role
from schema.caching import CacheControl

VARY = "Accept, Authorization, X-Acting-As, GraphQL-Client-Name, X-Consistency-Token"


@dataclass(frozen=True, slots=True)
class CachePolicy:
    """How long an operation's answer may be kept; a daily one is the same for the whole day."""

    max_age: int = 0
    daily: bool = False


ASK_ANEW = CachePolicy()


def policy_of(
    schema: GraphQLSchema, prepared: Prepared, operation: OperationDefinitionNode
) -> CachePolicy:
    """The strictest hint of all fields of an operation; one without a hint forbids keeping it.

    What leads from a connection to its rows is kept as long as the connection.
    """
    fragments = {
        each.name.value: each
        for each in prepared.document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    root = schema.get_root_type(operation.operation)
    if root is None:
        return ASK_ANEW
    hints = list(_Hints(schema, fragments).of(operation.selection_set, root, None))
    found = [each for each in hints if each is not None]
    if len(found) < len(hints) or not found:
        return ASK_ANEW
    return CachePolicy(min(each.max_age for each in found), all(each.daily for each in found))


class _Hints:
    """The hints of the fields of one document."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._seen: set[tuple[str, int | None]] = set()

    def of(
        self, selections: SelectionSetNode, parent: GraphQLNamedType, around: CacheControl | None
    ) -> Iterator[CacheControl | None]:
        for node in selections.selections:
            if isinstance(node, FieldNode):
                yield from self._of_field(node, parent, around)
            elif isinstance(node, FragmentSpreadNode):
                key = (node.name.value, id(around))
                if key in self._seen or node.name.value not in self._fragments:
                    continue
                self._seen.add(key)
                yield from self._of_fragment(self._fragments[node.name.value], parent, around)
            else:
                yield from self._of_fragment(node, parent, around)

    def _of_fragment(
        self, node: Any, parent: GraphQLNamedType, around: CacheControl | None
    ) -> Iterator[CacheControl | None]:
        condition = node.type_condition
        on = self._schema.get_type(condition.name.value) if condition else None
        yield from self.of(node.selection_set, on or parent, around)

    def _of_field(
        self, node: FieldNode, parent: GraphQLNamedType, around: CacheControl | None
    ) -> Iterator[CacheControl | None]:
        field = self._schema.get_field(parent, node.name.value)  # type: ignore[arg-type]
        if field is None or node.name.value.startswith("__"):
            yield None if node.name.value != "__typename" else around or CacheControl(max_age=300)
            return
        named = get_named_type(field.type)
        own = next((each for each in directives_of(field) if isinstance(each, CacheControl)), None)
        leads = is_plumbing(parent) or is_plumbing(named) or not is_composite_type(named)
        hint = own if own is not None else around if leads else None
        yield hint
        if node.selection_set is not None and hint is not None:
            yield from self.of(node.selection_set, named, hint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a client may keep of an answer to a GET, and what it says that it has.

    ``daily_tag`` names the answer before the operation is run.
    """

    policy: CachePolicy
    role: Role
    asked_for: str
    daily_tag: str | None = None

    @property
    def is_fresh(self) -> bool:
        """Whether the client has the answer of today, so that nothing need be run."""
        return self.daily_tag is not None and _names(self.asked_for, self.daily_tag)

    def headers(self, body: bytes) -> Mapping[str, str]:
        """The headers of a good answer."""
        return cache_headers(self.policy, self.role, self.daily_tag or body_tag(body))

    def has(self, headers: Mapping[str, str]) -> bool:
        """Whether the client has the answer of these headers."""
        return _names(self.asked_for, headers["ETag"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Says of each GET how long its answer may be kept."""

    documents: Documents

    def look(
        self,
        chosen: Prepared,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
        request: Request,
        *,
        role: Role,
        day: date,
        media_type: str,
    ) -> Kept:
        """What the client may keep of this answer."""
        name = operation.name.value if operation.name else ""
        policy = chosen.policies.get(name)
        if policy is None:
            policy = policy_of(self.documents.schema(role), chosen, operation)
            chosen.policies[name] = policy
        tag = None
        if policy.daily:
            tag = daily_tag(
                chosen,
                operation,
                variables,
                schema_hash=self.documents.schema_hashes[role],
                day=day,
                media_type=media_type,
            )
        return Kept(
            policy=policy,
            role=role,
            asked_for=request.headers.get("if-none-match", ""),
            daily_tag=tag,
        )


def _names(asked_for: str, tag: str) -> bool:
    return etag_matches(asked_for, tag.removeprefix("W/"))


def daily_tag(
    prepared: Prepared,
    operation: OperationDefinitionNode,
    variables: Mapping[str, Any],
    *,
    schema_hash: bytes,
    day: date,
    media_type: str,
) -> str:
    """What names an answer that is the same for a day, without running the operation."""
    name = operation.name.value if operation.name else ""
    parts = [prepared.digest, name, day.isoformat(), media_type, schema_hash.hex()]
    given = orjson.dumps(variables, option=orjson.OPT_SORT_KEYS, default=str)
    digest = sha256("\n".join(parts).encode() + given).hexdigest()
    return f'W/"{digest[:32]}"'


def body_tag(body: bytes) -> str:
    """What names an answer by its bytes."""
    return f'"{sha256(body).hexdigest()[:32]}"'


def cache_headers(policy: CachePolicy, role: Role, tag: str) -> Mapping[str, str]:
    """The headers of a good answer to a GET: only the public's may be shared by strangers.

    Whoever may change what changes at any time asks anew each time, and sees what they changed.
    """
    scope = "public" if role is Role.PUBLIC else "private"
    kept = policy.max_age and (policy.daily or role is Role.PUBLIC)
    control = f"{scope}, max-age={policy.max_age}" if kept else f"{scope}, no-cache"
    return {"Cache-Control": control, "ETag": tag, "Vary": VARY}
