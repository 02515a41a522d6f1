"""A legal-entity database read from a file: who is there, who has left, of whom nobody tells."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from db.enums import EntityStatus
from resolvers.ports import LegalEntity, NoEntity

BUILT_IN = Path(__file__).with_name("legal_entities.csv")


@dataclass(frozen=True, slots=True)
class StandInLegalEntities:
    """The legal-entity database of a development station; what it does not hold is not found."""

    answers: Mapping[str, LegalEntity | NoEntity]

    @classmethod
    def read(cls, file: Path = BUILT_IN) -> Self:
        """The entities of a file with the columns uscc, name and status.

        A status of UNAVAILABLE is a code about which nothing can be learned.
        """
        with file.open(encoding="utf-8", newline="") as lines:
            return cls({row["uscc"]: _answer(row) for row in csv.DictReader(lines)})

    async def find(self, uscc: str, /) -> LegalEntity | NoEntity:
        """The entity of the code."""
        return self.answers.get(uscc, NoEntity.NOT_FOUND)


def _answer(row: Mapping[str, str]) -> LegalEntity | NoEntity:
    if row["status"] == NoEntity.UNAVAILABLE:
        return NoEntity.UNAVAILABLE
    return LegalEntity(row["name"], EntityStatus(row["status"]))
