"""The schema of one role: what is hidden from it is not in it (DESIGN §5).

Fields and arguments are left out while the classes are read. What a union or an enum holds is left
out of the schema once it is built, and with it every type that nothing leads to any more.
"""

import dataclasses
from collections.abc import Iterable, Iterator
from copy import copy
from typing import Any

import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    Undefined,
    get_named_type,
    is_introspection_type,
    is_scalar_type,
)
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from permissions.viewer import Role
from schema.visibility import AUDIENCE, Audience, Visible

DEFINITION = "strawberry-definition"


class AudienceMissing(Exception):
    """A member of the schema does not say to whom it exists."""


class AudienceConflict(Exception):
    """A member is hidden from a role that would meet it all the same."""


class RoleSchema(strawberry.Schema):
    """The schema of one role; what the role may not see is not in it."""

    def __init__(self, role: Role, **options: Any) -> None:
        self.role = role
        try:
            super().__init__(**options)
        except TypeError as error:  # graphql-core wraps whatever get_fields raises
            refusal = _refusal_in(error)
            if refusal is None:
                raise
            raise refusal from None
        self._leave_out_members()
        for each in _own_types(self._schema):
            if role not in audience_of_type(each):
                raise AudienceConflict(f"{each.name} is hidden from {role}, which is led to it.")

    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        """The fields that exist for the role, each with the arguments that do.

        A hidden type is read whole: whether anything leads to it is known only in the end.

        Raises:
            AudienceMissing: a field or type states no audience.
            AudienceConflict: what is hidden cannot be done without.
        """
        fields = super().get_fields(type_definition)
        if self.role not in audience_of_class(type_definition.origin, type_definition.name):
            return fields
        kept = []
        for field in fields:
            if self.role in audience_of(type_definition, field):
                kept.append(self._with_arguments(type_definition, field))
            elif type_definition.is_input and _is_required(field):
                raise AudienceConflict(
                    f"{type_definition.name}.{field.python_name} is required and hidden"
                    f" from {self.role}."
                )
        return kept

    def _with_arguments(
        self, type_definition: StrawberryObjectDefinition, field: StrawberryField
    ) -> StrawberryField:
        """The field itself, or a copy of it without the arguments that are hidden."""
        kept = [each for each in field.arguments if self.role in each.metadata.get(AUDIENCE, Role)]
        if len(kept) == len(field.arguments):
            return field
        for each in field.arguments:
            if each not in kept and _has_no_default(field, each):
                raise AudienceConflict(
                    f"{type_definition.name}.{field.python_name}({each.python_name}:) has no"
                    f" default and is hidden from {self.role}."
                )
        narrowed = copy(field)
        narrowed.arguments = kept
        return narrowed

    def _leave_out_members(self) -> None:
        """Takes hidden members out of unions and hidden values out of enums."""
        led_to = False
        for each in list(_own_types(self._schema)):
            audience_of_type(each)
            if isinstance(each, GraphQLUnionType):
                led_to |= self._leave_out_types(each)
            elif isinstance(each, GraphQLEnumType):
                self._leave_out_values(each)
        if led_to:
            self._collect_anew()

    def _collect_anew(self) -> None:
        """Keeps only those types that something still leads to."""
        options = self._schema.to_kwargs()
        options["types"] = tuple(
            each
            for each in options["types"] or ()
            if isinstance(each, GraphQLObjectType)
            and each.interfaces
            and self.role in audience_of_type(each)
        )
        self._schema = GraphQLSchema(**options)
        self._schema._strawberry_schema = self  # type: ignore[attr-defined]  # noqa: SLF001 - as Strawberry does

    def _leave_out_types(self, union: GraphQLUnionType) -> bool:
        kept = tuple(each for each in union.types if self.role in audience_of_type(each))
        if len(kept) == len(union.types):
            return False
        union.__dict__["types"] = kept  # what graphql-core has worked out and keeps here
        return True

    def _leave_out_values(self, enum: GraphQLEnumType) -> None:
        narrower = enum.extensions[DEFINITION].wrapped_cls.__value_audiences__
        hidden = {name for name, audience in narrower.items() if self.role not in audience}
        if not hidden:
            return
        for place in _places_that_name(self._schema, enum, hidden):
            raise AudienceConflict(
                f"{enum.name} hides {', '.join(sorted(hidden))} from {self.role},"
                f" and {place} would name it."
            )
        for name in hidden:
            del enum.values[name]
        enum.__dict__.pop("_value_lookup", None)


def _refusal_in(error: BaseException | None) -> Exception | None:
    while error is not None:
        if isinstance(error, AudienceMissing | AudienceConflict):
            return error
        error = error.__cause__
    return None


def audience_of_class(origin: type, name: str) -> Audience:
    """To whom a type exists: to whom it says itself, whatever it inherits from.

    Raises:
        AudienceMissing: it does not say.
    """
    stated: Audience | None = vars(origin).get("__audience__")
    if stated is None:
        raise AudienceMissing(f"{name} states no audience.")
    return stated


def audience_of(type_definition: StrawberryObjectDefinition, field: StrawberryField) -> Audience:
    """To whom a field exists: to whom it says, as far as its type does.

    Raises:
        AudienceMissing: one of them does not say.
    """
    own = audience_of_class(type_definition.origin, type_definition.name)
    stated: Audience | None = field.metadata.get(AUDIENCE)
    if stated is None:
        raise AudienceMissing(f"{type_definition.name}.{field.python_name} states no audience.")
    return own & stated


def audience_of_type(graphql_type: GraphQLNamedType) -> Audience:
    """To whom a type of a built schema exists.

    Raises:
        AudienceMissing: it does not say.
    """
    definition = graphql_type.extensions[DEFINITION]
    if isinstance(graphql_type, GraphQLUnionType):
        for each in definition.directives:
            if isinstance(each, Visible):
                return frozenset(Role(name) for name in each.to)
        raise AudienceMissing(f"{graphql_type.name} states no audience.")
    return audience_of_class(definition.origin, graphql_type.name)


def _own_types(schema: GraphQLSchema) -> Iterator[GraphQLNamedType]:
    """The types that classes of ours stand behind: all but scalars and introspection."""
    for each in schema.type_map.values():
        if not is_introspection_type(each) and not is_scalar_type(each):
            yield each


def _is_required(field: StrawberryField) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _has_no_default(field: StrawberryField, argument: StrawberryArgument) -> bool:
    resolver = field.base_resolver
    if resolver is None:
        return True
    parameter = resolver.signature.parameters[argument.python_name]
    return parameter.default is parameter.empty


def _places_that_name(
    schema: GraphQLSchema, enum: GraphQLEnumType, hidden: Iterable[str]
) -> Iterator[str]:
    """Where hidden values would show: in answers, and in defaults that introspection tells."""
    values = [enum.values[name].value for name in hidden]
    for owner in schema.type_map.values():
        if isinstance(owner, GraphQLInputObjectType):
            inputs = [(f"{owner.name}.{name}", each) for name, each in owner.fields.items()]
        elif isinstance(owner, GraphQLObjectType | GraphQLInterfaceType):
            inputs = []
            for name, field in owner.fields.items():
                if get_named_type(field.type) is enum:
                    yield f"{owner.name}.{name}"
                inputs += [
                    (f"{owner.name}.{name}({argument}:)", each)
                    for argument, each in field.args.items()
                ]
        else:
            continue
        for place, each in inputs:
            default = each.default_value
            if get_named_type(each.type) is enum and default is not Undefined:
                given = default if isinstance(default, list) else [default]
                if any(value in values for value in given):
                    yield place
