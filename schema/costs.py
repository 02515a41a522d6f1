"""What the members of the schema cost, as the IBM specification of GraphQL costs says it.

A member that states nothing costs what the specification says: an object 1, a field that gives
objects 1, a leaf 0. ``gateway.cost`` reads these directives.
"""

import strawberry
from strawberry import UNSET
from strawberry.schema_directive import Location


@strawberry.schema_directive(
    locations=[
        Location.FIELD_DEFINITION,
        Location.ARGUMENT_DEFINITION,
        Location.INPUT_FIELD_DEFINITION,
        Location.OBJECT,
        Location.SCALAR,
        Location.ENUM,
    ],
    name="cost",
    description="Weight of a member in the price of a document (权重)",
)
class Cost:
    """The weight of a field, an argument, an input field or a type."""

    weight: str


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="listSize",
    description="How long a list is when a document is priced (列表长度)",
)
class ListSize:
    """How long a list is taken to be: as long as an argument says, else as long as assumed.

    Of a connection it is not the object itself that is long but its ``sizedFields``.
    """

    assumed_size: int | None = UNSET
    slicing_arguments: list[str] | None = UNSET
    sized_fields: list[str] | None = UNSET
    require_one_slicing_argument: bool = False


PAGE = 20
"""How long a page is when a document does not say."""

CHAIN = 5
"""How far a node usually is from its root."""

CHILDREN = 20
"""How many lie directly below a node, usually."""

CONNECTION = ListSize(
    assumed_size=PAGE,
    slicing_arguments=["first", "last"],
    sized_fields=["edges", "nodes"],
)
COUNTED = Cost(weight="2")
"""A total over a whole list: one more statement."""


def sized(most_likely: int) -> ListSize:
    """A list without pages that is usually about so long."""
    return ListSize(assumed_size=most_likely)


def given(argument: str, assumed: int) -> ListSize:
    """A list that is as long as an argument says, or as the list that the argument is."""
    return ListSize(assumed_size=assumed, slicing_arguments=[argument])
