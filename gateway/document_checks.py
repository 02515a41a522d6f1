"""Checking documents before they are registered: valid, named, priced and planned, or why not."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from graphql import GraphQLError, OperationDefinitionNode

from gateway.documents import DocumentRefused, Documents, Prepared
from gateway.manifests import ManifestDocument, Refusal, Refused, RegistrationRefused
from gateway.missing_members import missing_members
from permissions.errors import LimitExceeded
from permissions.viewer import Role

Tick = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationReport:
    """One operation of a document: its kind, its price, and its price with the longest pages."""

    name: str
    kind: str
    price: float
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A document that may be registered; it is kept ready to run only where it is to be tried."""

    document: ManifestDocument
    prepared: Prepared | None
    operations: Sequence[OperationReport]


def check_documents(
    documents: Documents,
    role: Role,
    manifest: Sequence[ManifestDocument],
    *,
    longest_page: int,
    most_cost: int | None = None,
    tried: Collection[str] = (),
    tick: Tick = lambda: None,
) -> Sequence[Candidate]:
    """The documents of a manifest as they would be registered for a role.

    ``tried`` names operations that are to be run once; parsed documents of thousands would
    otherwise fill the memory.

    Raises:
        RegistrationRefused: with everything that stands in the way.
    """
    refusals: list[Refused] = []
    candidates = []
    for each in manifest:
        try:
            candidate = _candidate(documents, role, each, longest_page, most_cost)
            kept = any(report.name in tried for report in candidate.operations)
            candidates.append(candidate if kept else replace(candidate, prepared=None))
        except RegistrationRefused as refused:
            refusals.extend(refused.refusals)
        tick()
    if refusals:
        raise RegistrationRefused(refusals)
    return candidates


def refusals_of(documents: Documents, role: Role, each: ManifestDocument) -> Sequence[Refused]:
    """Why a registered document would no longer be answered; nothing if it would."""
    try:
        documents.check(role, each.text)
    except LimitExceeded as error:
        return [Refused(Refusal.DOCUMENT_TOO_LARGE, each.where, str(error))]
    except DocumentRefused as refused:
        members = missing_members(documents.schema(role), documents.parse(each.text))
        if members:
            said = f"{role.value} has no {', '.join(members)}."
            return [Refused(Refusal.DOCUMENT_INVALID, each.where, said)]
        return _why(documents, role, each, refused.errors)
    return ()


def _candidate(
    documents: Documents,
    role: Role,
    each: ManifestDocument,
    longest_page: int,
    most_cost: int | None,
) -> Candidate:
    try:
        prepared = documents.check(role, each.text)
    except LimitExceeded as error:
        raise _refused(Refusal.DOCUMENT_TOO_LARGE, each, str(error)) from None
    except DocumentRefused as refused:
        raise RegistrationRefused(_why(documents, role, each, refused.errors)) from None
    if not prepared.operations:
        raise _refused(Refusal.OPERATION_MISSING, each, "It has no operation.")
    if "" in prepared.operations:
        raise _refused(Refusal.OPERATION_ANONYMOUS, each, "An operation has no name.")
    operations = [
        _report(prepared, name, operation, longest_page)
        for name, operation in prepared.operations.items()
    ]
    for report in operations:
        if most_cost is not None and report.price > most_cost:
            said = f"{report.name} costs {report.price:g}, and a minute's contract is {most_cost}."
            raise _refused(Refusal.TOO_EXPENSIVE, each, said)
        prepared.operation(report.name)  # what cannot be planned is not registered
    return Candidate(document=each, prepared=prepared, operations=operations)


def _report(
    prepared: Prepared, name: str, operation: OperationDefinitionNode, longest_page: int
) -> OperationReport:
    formula = prepared.price(operation)
    longest = {
        each.variable.name.value: longest_page for each in operation.variable_definitions or ()
    }
    return OperationReport(
        name=name,
        kind=operation.operation.value,
        price=formula.price({}),
        most=formula.price(longest),
    )


def _why(
    documents: Documents, role: Role, each: ManifestDocument, errors: Sequence[GraphQLError]
) -> Sequence[Refused]:
    """Why a document cannot be registered: bad in itself, anonymous, too high, or wrong."""
    first = errors[0]
    if not first.nodes:
        at = first.locations[0] if first.locations else None
        place = f" (line {at.line}, column {at.column})" if at else ""
        return [Refused(Refusal.DOCUMENT_SYNTAX, each.where, f"{first.message}{place}")]
    if any("anonymous operation" in error.message for error in errors):
        said = "An operation without a name stands among several."
        return [Refused(Refusal.OPERATION_ANONYMOUS, each.where, said)]
    higher = [other for other in Role if other is not role and _is_valid(documents, other, each)]
    if higher:
        return [_too_low(documents, role, each, higher, errors)]
    return [Refused(Refusal.DOCUMENT_INVALID, each.where, _with_place(error)) for error in errors]


def _too_low(
    documents: Documents,
    role: Role,
    each: ManifestDocument,
    higher: Sequence[Role],
    errors: Sequence[GraphQLError],
) -> Refused:
    document = documents.check(higher[0], each.text).document
    members = missing_members(documents.schema(role), document)
    named = ", ".join(members) or errors[0].message
    roles = ", ".join(other.value for other in higher)
    said = f"{role.value} has no {named}; it is valid for {roles}."
    return Refused(Refusal.ROLE_TOO_LOW, each.where, said)


def _is_valid(documents: Documents, role: Role, each: ManifestDocument) -> bool:
    try:
        documents.check(role, each.text)
    except DocumentRefused:
        return False
    return True


def _with_place(error: GraphQLError) -> str:
    at = error.locations[0] if error.locations else None
    return f"{error.message} (line {at.line}, column {at.column})" if at else error.message


def _refused(code: Refusal, each: ManifestDocument, message: str) -> RegistrationRefused:
    return RegistrationRefused([Refused(code, each.where, message)])
