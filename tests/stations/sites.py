"""The national site and a province's station, as the settings of tests name their hosts."""

from dataclasses import dataclass, field
from typing import Any

import httpx

from db.enums import StationPhase
from db.models import ServiceCategory, Station
from schema.ids import encode
from tests.administrators.offices import Offices
from tests.api.client import NATIONAL, STATION_HOST

STATION = """
  station {
    id code name host phase batch isNational region { code }
    page { headline intro footer accent }
    supportChannels { kind label value }
    trainingLinks { title url }
    serviceCategories { code }
  }
  userErrors { code field }
"""


def mutation(name: str, input_type: str) -> str:
    """The document of a mutation that answers with a station."""
    return f"mutation ($input: {input_type}!) {{ {name}(input: $input) {{ {STATION} }} }}"


UPDATE = mutation("updateStation", "UpdateStationInput")
OPEN = mutation("openStation", "OpenStationInput")
PHASE = mutation("setStationPhase", "SetStationPhaseInput")
NAME = mutation("nameStationAdmin", "StationAdminInput")
REMOVE = mutation("removeStationAdmin", "StationAdminInput")


@dataclass(slots=True)
class Sites:
    """The stations, and people who may or may not keep them."""

    offices: Offices
    stations: dict[str, Station] = field(default_factory=dict)

    @classmethod
    async def open(cls, offices: Offices) -> "Sites":
        sites = cls(offices)
        await sites.plant("national", 0, "CN", "中国志愿服务网", NATIONAL, "nation")
        await sites.plant("province", 50, "CQ", "志愿重庆", STATION_HOST, "province")
        await offices.planter.add(
            ServiceCategory(code="01", name="社区服务", position=1),
            ServiceCategory(code="04", name="卫生健康", position=4),
            ServiceCategory(code="21", name="疫情防控", position=21, is_enabled=False),
        )
        return sites

    async def plant(  # noqa: PLR0917 - columns
        self, name: str, number: int, code: str, title: str, host: str, region: str, **values: Any
    ) -> Station:
        station = Station(
            **{
                "number": number,
                "code": code,
                "name": title,
                "host": host,
                "is_national": number == 0,
                "region_id": self.offices.regions[region].id,
                "phase": StationPhase.FORMAL,
                "batch": None,
                **values,
            }
        )
        await self.offices.planter.add(station)
        self.stations[name] = station
        return station

    def id(self, name: str) -> str:
        return str(encode("Station", self.stations[name].id))

    async def page(self, host: str, path: str = "/", **headers: str) -> httpx.Response:
        """The page that a host answers with."""
        return await self.offices.client.http.get(path, headers={"host": host, **headers})

    async def do(self, document: str, given: dict[str, Any], **asking: Any) -> Any:
        """What a mutation answers, or the codes of its errors."""
        answer = await self.offices.client.ask(document, {"input": given}, **asking)
        if "errors" in answer.body:
            return answer.codes
        (told,) = answer.good.values()
        return told

    async def keeper(self, name: str) -> dict[str, Any]:
        """Somebody who was named to keep a station, as they ask."""
        account = await self.offices.planter.account(display_name="站长")
        given = {
            "stationId": self.id(name),
            "username": account.username,
            "name": "站长",
        }
        told = await self.do(NAME, given, **self.offices.asking("province"))
        assert told["userErrors"] == []
        return {"viewer": account.id}
