"""Documents made ready to run: parsed, measured, validated and planned once per role and text."""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from hashlib import sha256
from typing import Any

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)
from graphql import __version__ as CHECKER  # noqa: N812

from gateway.cost import Pricing
from gateway.engine.engine import Engine, PlannedDocument
from gateway.errors import EdgeCode
from gateway.limits import require_depth
from gateway.price import Formula
from gateway.settings import Limits
from permissions.errors import LimitExceeded
from permissions.viewer import Role
from schema.role_schema import RoleSchema
from schema.sdl import print_role

MOST_ERRORS = 20
MOST_SUGGESTED_FOR = 3  # mistakes: to find what is meant by one takes up to 60 ms of CPU
MOST_DOCUMENTS = 512
MOST_TRUSTED = 1_000


class DocumentRefused(Exception):
    """A document that cannot run, with the errors to tell the client."""

    def __init__(self, errors: Sequence[GraphQLError], code: EdgeCode) -> None:
        super().__init__()
        self.errors = errors
        self.code = code


@dataclass(slots=True)
class Work:
    """How much was done that a document known already spares."""

    parsed: int = 0
    validated: int = 0
    planned: int = 0
    priced: int = 0


@dataclass(slots=True)
class Prepared:
    """A valid document and its operations, each planned and priced when first asked for.

    ``policies`` is where HTTP caching keeps what it found out of each operation.
    """

    document: DocumentNode
    digest: str
    engine: Engine
    operations: Mapping[str, OperationDefinitionNode]
    pricing: Pricing
    work: Work
    planned: dict[str, PlannedDocument] = field(default_factory=dict)
    formulas: dict[str, Formula] = field(default_factory=dict)
    policies: dict[str, Any] = field(default_factory=dict)

    def price(self, operation: OperationDefinitionNode) -> Formula:
        """What one of the operations costs, over its variables."""
        name = operation.name.value if operation.name else ""
        if name not in self.formulas:
            self.work.priced += 1
            self.formulas[name] = self.pricing.formula(self.document, operation)
        return self.formulas[name]

    def operation(self, name: str | None) -> PlannedDocument:
        """The planned operation of that name, or the only one.

        Raises:
            DocumentRefused: there is no such operation, or none was named among several.
        """
        wanted = name or (next(iter(self.operations)) if len(self.operations) == 1 else None)
        if wanted is None or wanted not in self.operations:
            said = (
                "Name the operation to run with operationName."
                if wanted is None
                else "The document has no operation of this name."
            )
            raise DocumentRefused([GraphQLError(said)], EdgeCode.REQUEST_INVALID)
        if wanted not in self.planned:
            self.work.planned += 1
            self.planned[wanted] = self.engine.plan(self.document, wanted or None)
        return self.planned[wanted]


class Documents:
    """The documents that were last asked for, by role and text."""

    def __init__(self, schemas: Mapping[Role, RoleSchema], limits: Limits) -> None:
        self.work = Work()
        self._schemas = schemas
        self._engines = {role: Engine(schema) for role, schema in schemas.items()}
        self._pricing = {role: Pricing(core_of(schema)) for role, schema in schemas.items()}
        self._limits = limits
        self._kept: OrderedDict[tuple[Role, bool, bytes], Prepared] = OrderedDict()
        self._trusted: OrderedDict[tuple[Role, str], Prepared] = OrderedDict()

    @cached_property
    def schema_hashes(self) -> Mapping[Role, bytes]:
        """What names the rules that documents are valid by: each role's schema, and who checks."""
        return {
            role: sha256(f"{CHECKER}\n{print_role(schema)}".encode()).digest()
            for role, schema in self._schemas.items()
        }

    def schema(self, role: Role) -> GraphQLSchema:
        """The schema of a role."""
        return core_of(self._schemas[role])

    def prepare(self, role: Role, text: str, *, introspection: bool) -> Prepared:
        """The document of a text, in the schema of a role.

        Raises:
            LimitExceeded: the text is too long, or nested too deep.
            DocumentRefused: it cannot be parsed, or is not valid in the schema.
        """
        encoded = self._measured(text)
        digest = sha256(encoded).digest()
        key = (role, introspection, digest)
        known = self._kept.get(key)
        if known is not None:
            self._kept.move_to_end(key)
            return known
        document = self.parse(text)
        self._validate(role, document, introspection=introspection)
        made = self._kept[key] = self._made(role, document, digest.hex())
        if len(self._kept) > MOST_DOCUMENTS:
            self._kept.popitem(last=False)
        return made

    def trusted(self, role: Role, digest: str, text: str, *, is_valid: bool) -> Prepared:
        """The document of a registered text; one that is known to be valid is only parsed.

        Raises:
            DocumentRefused: it is no longer valid in the schema.
        """
        key = (role, digest)
        known = self._trusted.get(key)
        if known is not None:
            self._trusted.move_to_end(key)
            return known
        document = self.parse(text)
        if not is_valid:
            self._validate(role, document, introspection=False)
        made = self._trusted[key] = self._made(role, document, digest)
        if len(self._trusted) > MOST_TRUSTED:
            self._trusted.popitem(last=False)
        return made

    def check(self, role: Role, text: str) -> Prepared:
        """The document of a text that is to be registered; nothing is kept.

        Raises:
            LimitExceeded, DocumentRefused: as ``prepare``.
        """
        encoded = self._measured(text)
        document = self.parse(text)
        self._validate(role, document, introspection=False)
        return self._made(role, document, sha256(encoded).hexdigest())

    def parse(self, text: str) -> DocumentNode:
        """The parsed text.

        Raises:
            LimitExceeded: it is too long, or nested too deep.
            DocumentRefused: it cannot be parsed.
        """
        most = self._limits.document_tokens
        self.work.parsed += 1
        try:
            document = parse(text, max_tokens=most, allow_empty_selection_sets=False)
        except GraphQLError as error:
            if f"more than {most} tokens" in error.message:
                raise LimitExceeded(
                    "documentTokens", f"The document has more than {most} tokens."
                ) from None
            raise DocumentRefused([error], EdgeCode.DOCUMENT_INVALID) from None
        require_depth(document, self._limits.depth)
        return document

    def _measured(self, text: str) -> bytes:
        encoded = text.encode("utf-8", "surrogatepass")
        if len(encoded) > self._limits.document_bytes:
            most = self._limits.document_bytes
            raise LimitExceeded("documentBytes", f"The document is longer than {most} bytes.")
        return encoded

    def _validate(self, role: Role, document: DocumentNode, *, introspection: bool) -> None:
        self.work.validated += 1
        check = partial(
            validate,
            core_of(self._schemas[role]),
            document,
            _rules(introspection=introspection),
            max_errors=MOST_ERRORS,
            allow_empty_selection_sets=False,
        )
        errors = check(hide_suggestions=True)
        if 0 < len(errors) <= MOST_SUGGESTED_FOR:
            errors = check(hide_suggestions=False)
        if errors:
            raise DocumentRefused(errors, EdgeCode.DOCUMENT_INVALID)

    def _made(self, role: Role, document: DocumentNode, digest: str) -> Prepared:
        operations = {
            each.name.value if each.name else "": each
            for each in document.definitions
            if isinstance(each, OperationDefinitionNode)
        }
        return Prepared(
            document, digest, self._engines[role], operations, self._pricing[role], self.work
        )


def core_of(schema: RoleSchema) -> GraphQLSchema:
    """The schema as graphql-core has it."""
    return schema._schema  # noqa: SLF001 - Strawberry has no other door to it


def _rules(*, introspection: bool) -> Collection[type[ASTValidationRule]]:
    extra: list[Any] = [] if introspection else [NoSchemaIntrospectionCustomRule]
    return [*specified_rules, *extra]


def is_mutation(operation: OperationDefinitionNode) -> bool:
    """Whether the operation changes anything."""
    return operation.operation is OperationType.MUTATION


def roots_are(operation: OperationDefinitionNode, names: Collection[str]) -> bool:
    """Whether a mutation's own fields are all of these names; one with fragments is none."""
    return is_mutation(operation) and all(
        isinstance(each, FieldNode) and each.name.value in {*names, "__typename"}
        for each in operation.selection_set.selections
    )
