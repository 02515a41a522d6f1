"""To whom each member of the schema exists; whoever states nothing fails the build.

Types, enums, unions, fields and input fields say it here; an argument or an enum value is seen
wherever its field or enum is, unless it says otherwise; a member of a union or of an interface
wherever its type is. What a role may not see is not built into its schema, so that it cannot be
told from what does not exist (DESIGN §5).
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import Enum
from typing import Any, TypeVar, cast

import strawberry
from strawberry.schema_directive import Location

from gateway.engine.fields import batch_field
from permissions.viewer import Role

T = TypeVar("T", bound=type)
E = TypeVar("E", bound=type[Enum])

Audience = frozenset[Role]

EVERYONE: Audience = frozenset(Role)
PERSONS: Audience = frozenset({Role.VOLUNTEER, Role.TEAM, Role.HUB, Role.DEPARTMENT})
MANAGERS: Audience = frozenset({Role.TEAM, Role.HUB, Role.DEPARTMENT})
OVERSEERS: Audience = frozenset({Role.HUB, Role.DEPARTMENT})
OFFICIALS: Audience = OVERSEERS | {Role.PARTNER}
ACCOUNTABLE: Audience = MANAGERS | {Role.PARTNER}
VOLUNTEERS: Audience = frozenset({Role.VOLUNTEER})
TEAMS: Audience = frozenset({Role.TEAM, Role.HUB})
REGISTRANTS: Audience = EVERYONE - {Role.PARTNER}

AUDIENCE = "audience"


@strawberry.schema_directive(
    locations=[
        Location.OBJECT,
        Location.INTERFACE,
        Location.INPUT_OBJECT,
        Location.UNION,
        Location.ENUM,
        Location.ENUM_VALUE,
        Location.FIELD_DEFINITION,
        Location.ARGUMENT_DEFINITION,
        Location.INPUT_FIELD_DEFINITION,
    ],
    description="The roles that the member exists for (可见范围)",
)
class Visible:
    """The roles that a member of the schema exists for."""

    to: list[str]


def directive(to: Audience) -> list[object]:
    """The audience as the SDL shows it; everyone is not spelled out."""
    return [] if to == EVERYONE else [Visible(to=[role.value for role in Role if role in to])]


def enum_type(
    *, to: Audience, description: str, values: Mapping[str, Audience] | None = None
) -> Callable[[E], E]:
    """An enum; ``values`` names those that fewer roles may send.

    A value can be hidden only where the enum is no part of answers: a row that carried it would
    have to name it.
    """
    narrower = values or {}

    def mark(cls: E) -> E:
        cls.__audience__ = to  # type: ignore[attr-defined]
        cls.__value_audiences__ = narrower  # type: ignore[attr-defined]
        enum: Any = strawberry.enum(cls, description=description, directives=directive(to))
        for value in enum.__strawberry_definition__.values:
            value.directives = tuple(directive(narrower.get(value.name, EVERYONE)))
        return cls

    return mark


def union_type(name: str, *, to: Audience, description: str) -> Any:
    """What makes ``Annotated[A | B, ...]`` a union; members are those whose types a role has."""
    stated = [Visible(to=[role.value for role in Role if role in to])]
    return strawberry.union(name, description=description, directives=stated)


def argument(*, description: str, to: Audience | None = None, name: str | None = None) -> Any:
    """An argument, for ``Annotated``; without an audience its field's."""
    if to is None:
        return strawberry.argument(description=description, name=name)
    return strawberry.argument(
        description=description, name=name, directives=directive(to), metadata={AUDIENCE: to}
    )


def attribute(
    *,
    to: Audience,
    description: str,
    name: str | None = None,
    deprecation_reason: str | None = None,
) -> Any:
    """A field that is read off the row by its own name."""
    return strawberry.field(
        name=name,
        description=description,
        deprecation_reason=deprecation_reason,
        directives=directive(to),
        metadata={AUDIENCE: to},
    )


def batched(
    graphql_type: Any,
    *,
    to: Audience,
    description: str,
    name: str | None = None,
    needs: Collection[str] = (),
    share_levels: bool = True,
    deprecation_reason: str | None = None,
    hints: Sequence[object] = (),
) -> Callable[[Callable[..., Any]], Any]:
    """A field that one call resolves for all rows of a level, reading the columns ``needs``.

    ``hints`` say what it costs and how long it may be kept (``schema.costs``, ``schema.caching``).
    """
    return cast(
        "Callable[[Callable[..., Any]], Any]",
        batch_field(
            graphql_type=graphql_type,
            name=name,
            description=description,
            deprecation_reason=deprecation_reason,
            directives=[*directive(to), *hints],
            metadata={AUDIENCE: to},
            needs=needs,
            share_levels=share_levels,
        ),
    )


def root(
    *,
    to: Audience,
    description: str,
    name: str | None = None,
    graphql_type: Any = None,
    hints: Sequence[object] = (),
) -> Callable[[Callable[..., Any]], Any]:
    """A field of a root type."""
    return cast(
        "Callable[[Callable[..., Any]], Any]",
        strawberry.field(
            name=name,
            description=description,
            graphql_type=graphql_type,
            directives=[*directive(to), *hints],
            metadata={AUDIENCE: to},
        ),
    )


def object_type(*, to: Audience, description: str, name: str | None = None) -> Callable[[T], T]:
    """An object type."""

    def mark(cls: T) -> T:
        cls.__audience__ = to  # type: ignore[attr-defined]
        return strawberry.type(cls, name=name, description=description, directives=directive(to))

    return mark


def interface_type(*, to: Audience, description: str) -> Callable[[T], T]:
    """An interface type."""

    def mark(cls: T) -> T:
        cls.__audience__ = to  # type: ignore[attr-defined]
        return strawberry.interface(cls, description=description, directives=directive(to))

    return mark


def input_type(*, to: Audience, description: str, name: str | None = None) -> Callable[[T], T]:
    """An input type."""

    def mark(cls: T) -> T:
        cls.__audience__ = to  # type: ignore[attr-defined]
        return strawberry.input(cls, name=name, description=description, directives=directive(to))

    return mark


def input_field(
    *, to: Audience, description: str, default: Any = strawberry.UNSET, required: bool = False
) -> Any:
    """A field of an input type; left out unless it is required or has a default."""
    given = {} if required else {"default": default}
    return strawberry.field(
        description=description, directives=directive(to), metadata={AUDIENCE: to}, **given
    )
