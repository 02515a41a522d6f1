"""A small schema in which every kind of member is hidden from somebody: a library of works.

Readers (``VOLUNTEERS``) do not know of maps, drafts, the argument ``shelf`` or the order ``LOANS``.
"""

from enum import StrEnum
from typing import Annotated, Any

import strawberry

from permissions.viewer import Role
from schema.role_schema import RoleSchema
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
    union_type,
)

READER = Role.VOLUNTEER
KEEPER = Role.TEAM


@enum_type(to=PERSONS, description="Order of works", values={"LOANS": MANAGERS})
class WorkOrder(StrEnum):
    TITLE = "TITLE"
    LOANS = "LOANS"


@interface_type(to=EVERYONE, description="A work")
class Work:
    title: str = attribute(to=EVERYONE, description="Title")


@object_type(to=PERSONS, description="A book")
class Book(Work):
    pages: int = attribute(to=PERSONS, description="Pages")


@object_type(to=MANAGERS, description="A map")
class Chart(Work):
    scale: int = attribute(to=MANAGERS, description="Scale")


@object_type(to=MANAGERS, description="Where charts are kept")
class Drawer(Work):
    charts: list[Chart] = attribute(to=MANAGERS, description="Charts")


@input_type(to=PERSONS, description="Which works")
class WorkFilter:
    title: str | None = input_field(to=PERSONS, description="Part of the title")
    is_draft: bool | None = input_field(to=MANAGERS, description="Drafts")


Held = Annotated[Book | Chart | Drawer, union_type("Held", to=PERSONS, description="What is held")]
Shelf = Annotated[str | None, argument(to=MANAGERS, description="Code of the shelf")]


@object_type(to=EVERYONE, description="What can be asked", name="Query")
class Library:
    @root(to=PERSONS, description="Works", graphql_type=list[Work])
    @staticmethod
    def works(
        shelf: Shelf = None,
        order_by: WorkOrder = WorkOrder.TITLE,
        filter: WorkFilter | None = None,
    ) -> Any:
        del order_by, filter
        return [Book(title=f"on {shelf}", pages=7)]

    @root(to=PERSONS, description="What is held", graphql_type=list[Held])
    @staticmethod
    def held() -> Any:
        return [Book(title="Held", pages=8)]

    @root(to=MANAGERS, description="Charts", graphql_type=list[Chart])
    @staticmethod
    def charts() -> Any:
        return [Chart(title="Sea", scale=1000)]

    open: bool = attribute(to=EVERYONE, description="Whether it is open")


TYPES = (Book, Chart, Drawer)


def library(role: Role, query: type = Library, types: tuple[type, ...] = TYPES) -> RoleSchema:
    """The library's schema of a role."""
    own = [each for each in types if role in each.__audience__]  # type: ignore[attr-defined]
    return RoleSchema(role, query=query, types=own)


def whole_library() -> strawberry.Schema:
    """The library's schema with every member."""
    return strawberry.Schema(query=Library, types=TYPES)
