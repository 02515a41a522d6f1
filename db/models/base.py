"""What every table shares: constraint names, id columns, stored enums, the replicated form."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from sqlalchemy import BigInteger, DateTime, Enum, Identity, Index, MetaData, Text, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import CHAR

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

# Paths and sort keys compare by bytes, so that a subtree is one index range (DESIGN §3).
BYTES_TEXT = Text(collation="C")

BytesText = Annotated[str, mapped_column(BYTES_TEXT)]
OptionalBytesText = Annotated[str | None, mapped_column(BYTES_TEXT)]
Now = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]


class Base(DeclarativeBase):
    """The declarative base of all models; ids come from sequences that start at station << 40."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it off the class
        int: BigInteger,
        str: Text,
        datetime: DateTime(timezone=True),
    }


class WithId:
    """A table whose rows are named by a number of their own."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, sort_order=-2)


class Replicated(WithId):
    """A table that can be sent to another station by logical replication (DESIGN §3).

    Its ``__table_args__`` hold ``replica_identity(table)``.
    """

    province: Mapped[str] = mapped_column(
        CHAR(2),
        sort_order=-1,
        comment="First two digits of the division code of the province the row belongs to",
    )


def replica_identity(table: str) -> Index:
    """The index that replication identifies a row by.

    A publication's row filter refuses UPDATE and DELETE unless its columns are in the replica
    identity, and the filter is by province.
    """
    return Index(f"{REPLICA_INDEX}{table}", "province", "id", unique=True)


REPLICA_INDEX = "ux_replica_"


def stored(enum: type[StrEnum], name: str) -> Enum:
    """The column type of an enum: text held to its values by a named check."""
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )
