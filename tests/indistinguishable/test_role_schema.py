import gc
import tracemalloc
from enum import StrEnum
from typing import Annotated, Any

import pytest
import strawberry

from permissions.viewer import Role
from schema.build import build_schema
from schema.role_schema import AudienceConflict, AudienceMissing
from schema.sdl import differing
from schema.visibility import (
    EVERYONE,
    MANAGERS,
    PERSONS,
    argument,
    attribute,
    enum_type,
    input_field,
    input_type,
    interface_type,
    object_type,
    root,
)
from tests.indistinguishable.library import KEEPER, READER, library

MOST_BYTES = 6 * 2**20


def query_of(graphql_type: Any, **given: Any) -> type:
    """A query root with one field; ``given`` is its argument's type, ``default`` its default."""

    def plain() -> None: ...

    def taking(given: Any) -> None: ...

    resolver = plain
    if given:
        taking.__annotations__["given"] = given["given"]
        taking.__defaults__ = (given["default"],) if "default" in given else None
        resolver = taking
    field = root(to=EVERYONE, description="It", graphql_type=graphql_type)(staticmethod(resolver))
    return object_type(to=EVERYONE, description="Query")(type("Query", (), {"field": field}))


def test_schema_of_a_role_holds_only_what_the_role_sees() -> None:
    reader, keeper = library(READER).as_str(), library(KEEPER).as_str()

    for hidden in ("Chart", "Drawer", "charts", "shelf", "LOANS", "isDraft"):
        assert hidden not in reader
        assert hidden in keeper
    assert "union Held @visible" in reader


def test_audiences_are_shown_on_every_kind_of_member() -> None:
    keeper = library(KEEPER).as_str()

    managers = '@visible(to: ["TEAM", "HUB", "DEPARTMENT"])'
    for shown in (
        f"LOANS {managers}",
        f"shelf: String = null {managers}",
        f"isDraft: Boolean {managers}",
        f"charts: [Chart!]! {managers}",
        f"type Chart implements Work {managers}",
        'union Held @visible(to: ["VOLUNTEER", "TEAM", "HUB", "DEPARTMENT"]) =',
    ):
        assert shown in keeper, shown


def test_hidden_argument_keeps_its_default() -> None:
    found = library(READER).execute_sync("{ works { title } }")
    refused = library(READER).execute_sync('{ works(shelf: "A") { title } }')
    given = library(KEEPER).execute_sync('{ works(shelf: "A") { title } }')

    assert found.data == {"works": [{"title": "on None"}]}
    assert refused.errors is not None
    assert given.data == {"works": [{"title": "on A"}]}


def test_classes_of_one_role_leave_those_of_another_alone() -> None:
    before = library(KEEPER).as_str()
    library(READER)

    assert library(KEEPER).as_str() == before


def test_type_that_states_no_audience_fails_the_build() -> None:
    @strawberry.type
    class Plain:
        name: str = attribute(to=EVERYONE, description="Name")

    with pytest.raises(AudienceMissing, match="Plain"):
        library(READER, query_of(Plain), ())


def test_type_does_not_inherit_an_audience() -> None:
    @interface_type(to=EVERYONE, description="Parent")
    class Parent:
        name: str = attribute(to=EVERYONE, description="Name")

    @strawberry.type
    class Child(Parent):
        pass

    with pytest.raises(AudienceMissing, match="Child"):
        library(READER, query_of(Child), ())


def test_field_that_states_no_audience_fails_the_build() -> None:
    @object_type(to=EVERYONE, description="Half")
    class Half:
        name: str

    with pytest.raises(AudienceMissing, match=r"Half\.name"):
        library(READER, query_of(Half), ())


def test_input_type_and_field_that_state_no_audience_fail_the_build() -> None:
    @strawberry.input
    class Plain:
        name: str = input_field(to=EVERYONE, description="Name", required=True)

    @input_type(to=EVERYONE, description="Half")
    class Half:
        name: str

    with pytest.raises(AudienceMissing, match="Plain"):
        library(READER, query_of(str, given=Plain), ())
    with pytest.raises(AudienceMissing, match=r"Half\.name"):
        library(READER, query_of(str, given=Half), ())


def test_enum_and_union_that_state_no_audience_fail_the_build() -> None:
    @strawberry.enum
    class Colour(StrEnum):
        RED = "RED"

    @object_type(to=EVERYONE, description="One")
    class One:
        name: str = attribute(to=EVERYONE, description="Name")

    @object_type(to=EVERYONE, description="Other")
    class Other:
        name: str = attribute(to=EVERYONE, description="Name")

    either = Annotated[One | Other, strawberry.union("Either")]
    with pytest.raises(AudienceMissing, match="Colour"):
        library(READER, query_of(Colour), ())
    with pytest.raises(AudienceMissing, match="Either"):
        library(READER, query_of(either), ())


def test_field_that_leads_to_a_hidden_type_fails_the_build() -> None:
    @object_type(to=MANAGERS, description="Secret")
    class Secret:
        name: str = attribute(to=MANAGERS, description="Name")

    query = query_of(Secret | None)

    library(KEEPER, query, ())
    with pytest.raises(AudienceConflict, match="Secret"):
        library(READER, query, ())


def test_hidden_interface_of_a_visible_type_fails_the_build() -> None:
    @interface_type(to=MANAGERS, description="Parent")
    class Parent:
        name: str = attribute(to=EVERYONE, description="Name")

    @object_type(to=PERSONS, description="Child")
    class Child(Parent):
        pass

    with pytest.raises(AudienceConflict, match="Parent"):
        library(READER, query_of(Child), ())


def test_hidden_argument_without_a_default_fails_the_build() -> None:
    given = Annotated[str, argument(to=MANAGERS, description="Given")]

    library(KEEPER, query_of(str, given=given), ())
    with pytest.raises(AudienceConflict, match="given"):
        library(READER, query_of(str, given=given), ())


def test_hidden_input_field_that_is_required_fails_the_build() -> None:
    @input_type(to=EVERYONE, description="Wish")
    class Wish:
        name: str = input_field(to=EVERYONE, description="Name", required=True)
        secret: str = input_field(to=MANAGERS, description="Secret", required=True)

    with pytest.raises(AudienceConflict, match=r"Wish\.secret"):
        library(READER, query_of(str, given=Wish), ())


def test_hidden_value_that_an_answer_would_name_fails_the_build() -> None:
    @enum_type(to=EVERYONE, description="Colour", values={"RED": MANAGERS})
    class Colour(StrEnum):
        RED = "RED"
        BLUE = "BLUE"

    with pytest.raises(AudienceConflict, match="RED"):
        library(READER, query_of(Colour), ())
    with pytest.raises(AudienceConflict, match="RED"):
        library(READER, query_of(str, given=Colour, default=Colour.RED), ())
    library(READER, query_of(str, given=Colour, default=Colour.BLUE), ())


@pytest.mark.parametrize("role", Role)
def test_schema_of_a_role_takes_little_memory(role: Role) -> None:
    build_schema(role)  # what all roles share is read once
    gc.collect()
    tracemalloc.start()
    try:
        schema = build_schema(role)
        gc.collect()
        size, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert schema.role is role
    assert size < MOST_BYTES


def test_snapshots_are_what_the_classes_give() -> None:
    assert differing() == []
