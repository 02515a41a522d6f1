"""Other offices' databases over HTTP: each answers a JSON object to a POST of one.

The population database is sent ``{"name", "idNumber"}`` and answers ``{"result": "MATCH"}`` or
``"MISMATCH"``. The legal-entity database is sent ``{"uscc"}`` and answers ``{"found": false}`` or
``{"found": true, "name", "status"}`` with a status of ``EntityStatus``. Everything else, and
silence, is UNAVAILABLE.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx

from db.enums import EntityStatus
from gateway.settings import Settings
from gateway.stand_ins.legal_entities import StandInLegalEntities
from gateway.stand_ins.population import StandInPopulation
from resolvers.ports import (
    LegalEntity,
    LegalEntityDatabase,
    NoEntity,
    PopulationDatabase,
    RealName,
)

log = logging.getLogger(__name__)

PATIENCE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class HttpPopulation:
    """The population database behind a URL."""

    url: str
    http: httpx.AsyncClient

    async def check(self, name: str, id_number: str, /) -> RealName:
        """What it says of a name and number."""
        answer = await _ask(self.http, self.url, {"name": name, "idNumber": id_number})
        match answer.get("result"):
            case "MATCH":
                return RealName.MATCH
            case "MISMATCH":
                return RealName.MISMATCH
            case _:
                return RealName.UNAVAILABLE


@dataclass(frozen=True, slots=True)
class HttpLegalEntities:
    """The legal-entity database behind a URL."""

    url: str
    http: httpx.AsyncClient

    async def find(self, uscc: str, /) -> LegalEntity | NoEntity:
        """The entity of the code."""
        match await _ask(self.http, self.url, {"uscc": uscc}):
            case {"found": False}:
                return NoEntity.NOT_FOUND
            case {"found": True, "name": str(name), "status": status} if status in set(
                EntityStatus
            ):
                return LegalEntity(name, EntityStatus(status))
            case _:
                return NoEntity.UNAVAILABLE


@dataclass(frozen=True, slots=True)
class NoPopulation:
    """The population database of a station that was told of none."""

    async def check(self, _name: str, _id_number: str, /) -> RealName:
        """Nothing can be learned."""
        return RealName.UNAVAILABLE


@dataclass(frozen=True, slots=True)
class NoLegalEntities:
    """The legal-entity database of a station that was told of none."""

    async def find(self, _uscc: str, /) -> LegalEntity | NoEntity:
        """Nothing can be learned."""
        return NoEntity.UNAVAILABLE


def population_database(settings: Settings, http: httpx.AsyncClient) -> PopulationDatabase:
    """The one that the settings name; without one a stand-in, never in production."""
    if settings.population_url is not None:
        return HttpPopulation(settings.population_url, http)
    return NoPopulation() if settings.is_production else StandInPopulation()


def legal_entity_database(settings: Settings, http: httpx.AsyncClient) -> LegalEntityDatabase:
    """The one that the settings name; without one a stand-in, never in production."""
    if settings.legal_entity_url is not None:
        return HttpLegalEntities(settings.legal_entity_url, http)
    return NoLegalEntities() if settings.is_production else StandInLegalEntities.read()


async def _ask(http: httpx.AsyncClient, url: str, question: Mapping[str, str]) -> Mapping[str, Any]:
    """The answer; an empty one is none. Neither is ever logged: both hold personal data."""
    try:
        response = await http.post(url, json=question, timeout=PATIENCE.total_seconds())
        answer = response.raise_for_status().json()
    except (httpx.HTTPError, ValueError) as error:
        log.warning("register_unavailable", extra={"error": type(error).__name__})
        return {}
    return answer if isinstance(answer, dict) else {}
