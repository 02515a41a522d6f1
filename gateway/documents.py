"""Documents made ready to run: parsed, measured, validated and planned once per role and text."""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)

from gateway.engine.engine import Engine, PlannedDocument
from gateway.errors import EdgeCode
from gateway.limits import require_depth
from gateway.settings import Limits
from permissions.errors import LimitExceeded
from permissions.viewer import Role
from schema.role_schema import RoleSchema

MOST_ERRORS = 20
MOST_DOCUMENTS = 512


class DocumentRefused(Exception):
    """A document that cannot run, with the errors to tell the client."""

    def __init__(self, errors: Sequence[GraphQLError], code: EdgeCode) -> None:
        super().__init__()
        self.errors = errors
        self.code = code


@dataclass(slots=True)
class Prepared:
    """A valid document and its operations, each planned when first asked for."""

    document: DocumentNode
    digest: str
    engine: Engine
    operations: Mapping[str, OperationDefinitionNode]
    planned: dict[str, PlannedDocument] = field(default_factory=dict)

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
            self.planned[wanted] = self.engine.plan(self.document, wanted or None)
        return self.planned[wanted]


class Documents:
    """The documents that were last asked for, by role and text."""

    def __init__(self, schemas: Mapping[Role, RoleSchema], limits: Limits) -> None:
        self._schemas = schemas
        self._engines = {role: Engine(schema) for role, schema in schemas.items()}
        self._limits = limits
        self._kept: OrderedDict[tuple[Role, bool, bytes], Prepared] = OrderedDict()

    def prepare(self, role: Role, text: str, *, introspection: bool) -> Prepared:
        """The document of a text, in the schema of a role.

        Raises:
            LimitExceeded: the text is too long, or nested too deep.
            DocumentRefused: it cannot be parsed, or is not valid in the schema.
        """
        encoded = text.encode("utf-8", "surrogatepass")
        if len(encoded) > self._limits.document_bytes:
            most = self._limits.document_bytes
            raise LimitExceeded("documentBytes", f"The document is longer than {most} bytes.")
        digest = sha256(encoded).digest()
        key = (role, introspection, digest)
        known = self._kept.get(key)
        if known is not None:
            self._kept.move_to_end(key)
            return known
        made = self._made(role, text, digest, introspection=introspection)
        self._kept[key] = made
        if len(self._kept) > MOST_DOCUMENTS:
            self._kept.popitem(last=False)
        return made

    def _made(self, role: Role, text: str, digest: bytes, *, introspection: bool) -> Prepared:
        most = self._limits.document_tokens
        try:
            document = parse(text, max_tokens=most, allow_empty_selection_sets=False)
        except GraphQLError as error:
            if f"more than {most} tokens" in error.message:
                raise LimitExceeded(
                    "documentTokens", f"The document has more than {most} tokens."
                ) from None
            raise DocumentRefused([error], EdgeCode.DOCUMENT_INVALID) from None
        require_depth(document, self._limits.depth)
        errors = validate(
            self._schemas[role]._schema,  # noqa: SLF001 - Strawberry has no other door to it
            document,
            _rules(introspection=introspection),
            max_errors=MOST_ERRORS,
            allow_empty_selection_sets=False,
        )
        if errors:
            raise DocumentRefused(errors, EdgeCode.DOCUMENT_INVALID)
        operations = {
            each.name.value if each.name else "": each
            for each in document.definitions
            if isinstance(each, OperationDefinitionNode)
        }
        return Prepared(document, digest.hex(), self._engines[role], operations)


def _rules(*, introspection: bool) -> Collection[type[ASTValidationRule]]:
    extra: list[Any] = [] if introspection else [NoSchemaIntrospectionCustomRule]
    return [*specified_rules, *extra]


def is_mutation(operation: OperationDefinitionNode) -> bool:
    """Whether the operation changes anything."""
    return operation.operation is OperationType.MUTATION
