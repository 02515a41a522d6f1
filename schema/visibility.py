"""To whom each member of the schema exists; whoever states nothing fails the build.

Types, fields and input fields say it here; an argument or an enum value is seen wherever its field
or enum is, unless it says otherwise. What a role may not see is not built into its schema, so that
it cannot be told from what does not exist (DESIGN §5).
"""

from collections.abc import Callable, Collection
from typing import Any, TypeVar, cast

import strawberry
from strawberry.schema_directive import Location

from gateway.engine.fields import batch_field
from permissions.viewer import Role

T = TypeVar("T", bound=type)

Audience = frozenset[Role]

EVERYONE: Audience = frozenset(Role)
PERSONS: Audience = frozenset({Role.VOLUNTEER, Role.TEAM, Role.HUB, Role.DEPARTMENT})
MANAGERS: Audience = frozenset({Role.TEAM, Role.HUB, Role.DEPARTMENT})
OVERSEERS: Audience = frozenset({Role.HUB, Role.DEPARTMENT})
VOLUNTEERS: Audience = frozenset({Role.VOLUNTEER})

AUDIENCE = "audience"


@strawberry.schema_directive(
    locations=[
        Location.OBJECT,
        Location.INTERFACE,
        Location.INPUT_OBJECT,
        Location.FIELD_DEFINITION,
        Location.INPUT_FIELD_DEFINITION,
        Location.ENUM,
    ],
    description="The roles that the member exists for (可见范围)",
)
class Visible:
    """The roles that a member of the schema exists for."""

    to: list[str]


def directive(to: Audience) -> list[object]:
    """The audience as the SDL shows it; everyone is not spelled out."""
    return [] if to == EVERYONE else [Visible(to=[role.value for role in Role if role in to])]


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
) -> Callable[[Callable[..., Any]], Any]:
    """A field that one call resolves for all rows of a level, reading the columns ``needs``."""
    return cast(
        "Callable[[Callable[..., Any]], Any]",
        batch_field(
            graphql_type=graphql_type,
            name=name,
            description=description,
            deprecation_reason=deprecation_reason,
            directives=directive(to),
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
) -> Callable[[Callable[..., Any]], Any]:
    """A field of a root type."""
    return cast(
        "Callable[[Callable[..., Any]], Any]",
        strawberry.field(
            name=name,
            description=description,
            graphql_type=graphql_type,
            directives=directive(to),
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
