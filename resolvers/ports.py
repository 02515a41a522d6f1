"""What registration asks of other offices: who a person is, and what an organisation is."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from db.enums import EntityStatus
from db.keys import Key


class RealName(StrEnum):
    """What the population database (国家人口基础信息库) says of a name and an ID number."""

    MATCH = "MATCH"
    MISMATCH = "MISMATCH"
    UNAVAILABLE = "UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class LegalEntity:
    """A legal entity as it is registered."""

    name: str
    status: EntityStatus


class NoEntity(StrEnum):
    """Why the legal-entity database (社会组织法人库) gives no entity."""

    NOT_FOUND = "NOT_FOUND"
    UNAVAILABLE = "UNAVAILABLE"


class PopulationDatabase(Protocol):
    """The population database; it never raises, being away is an answer."""

    async def check(self, name: str, id_number: str, /) -> RealName:
        """Whether the number is that of a person of the name."""
        ...


class LegalEntityDatabase(Protocol):
    """The legal-entity database; it never raises, being away is an answer."""

    async def find(self, uscc: str, /) -> LegalEntity | NoEntity:
        """The entity of a unified social credit code."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationDesk:
    """What registering needs beside the database: who is asked, and the keys of ID numbers."""

    population: PopulationDatabase
    legal_entities: LegalEntityDatabase
    blind_index_key: Key
    identity_key: Key
    old_identity_keys: Sequence[Key] = ()
