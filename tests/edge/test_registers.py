"""Other offices' databases: the stand-ins speak every answer, and over HTTP silence is one."""

from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest

from db.enums import EntityStatus
from db.numbers import resident_id, uscc
from gateway.registers import (
    HttpLegalEntities,
    HttpPopulation,
    legal_entity_database,
    population_database,
)
from gateway.settings import Mode, Settings
from gateway.stand_ins.legal_entities import BUILT_IN, StandInLegalEntities
from resolvers.ports import LegalEntity, NoEntity, RealName

URL = "https://register.example.org/check"
Handler = Callable[[httpx.Request], httpx.Response]


def answering(handler: Handler) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(handler))


def silent(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("late", request=request)


def saying(answer: Any, status: int = 200) -> Handler:
    return lambda _request: httpx.Response(status, json=answer)


@pytest.mark.parametrize(
    ("order", "answer"),
    [(1, RealName.MATCH), (998, RealName.MISMATCH), (999, RealName.UNAVAILABLE)],
)
async def test_stand_in_answers_as_the_number_says(order: int, answer: RealName) -> None:
    number = resident_id.make("500112", date(1990, 1, 1), order)
    async with answering(silent) as http:
        population = population_database(Settings(), http)

        assert await population.check("李明", number) is answer


async def test_stand_in_speaks_every_answer_about_entities() -> None:
    register = StandInLegalEntities.read()

    answers = [await register.find(code) for code in register.answers]
    assert LegalEntity("重庆市巴渝助学基金会", EntityStatus.NORMAL) in answers
    assert {each.status for each in answers if isinstance(each, LegalEntity)} == set(EntityStatus)
    assert NoEntity.UNAVAILABLE in answers
    assert await register.find(uscc.make("51", "500112", "MJP00099")) is NoEntity.NOT_FOUND


def test_codes_of_the_stand_in_are_valid() -> None:
    codes = StandInLegalEntities.read(BUILT_IN).answers

    assert [code for code in codes if uscc.fault(code)] == []


@pytest.mark.parametrize(
    ("handler", "answer"),
    [
        (saying({"result": "MATCH"}), RealName.MATCH),
        (saying({"result": "MISMATCH"}), RealName.MISMATCH),
        (saying({"result": "PERHAPS"}), RealName.UNAVAILABLE),
        (saying(["MATCH"]), RealName.UNAVAILABLE),
        (saying({"result": "MATCH"}, 500), RealName.UNAVAILABLE),
        (lambda _request: httpx.Response(200, text="<html>"), RealName.UNAVAILABLE),
        (silent, RealName.UNAVAILABLE),
    ],
)
async def test_population_database_over_http(
    handler: Handler, answer: RealName, caplog: pytest.LogCaptureFixture
) -> None:
    async with answering(handler) as http:
        assert await HttpPopulation(URL, http).check("李明", "500112199001010017") is answer

    assert "500112199001010017" not in caplog.text


@pytest.mark.parametrize(
    ("handler", "answer"),
    [
        (saying({"found": False}), NoEntity.NOT_FOUND),
        (
            saying({"found": True, "name": "社", "status": "REVOKED"}),
            LegalEntity("社", EntityStatus.REVOKED),
        ),
        (saying({"found": True, "name": "社", "status": "FINE"}), NoEntity.UNAVAILABLE),
        (saying({"found": True, "status": "NORMAL"}), NoEntity.UNAVAILABLE),
        (silent, NoEntity.UNAVAILABLE),
    ],
)
async def test_legal_entity_database_over_http(
    handler: Handler, answer: LegalEntity | NoEntity
) -> None:
    async with answering(handler) as http:
        assert await HttpLegalEntities(URL, http).find("52500112MJP000001W") == answer


async def test_production_has_no_stand_ins() -> None:
    settings = Settings(mode=Mode.PRODUCTION)
    async with answering(silent) as http:
        person = await population_database(settings, http).check("李明", "500112199001010017")
        entity = await legal_entity_database(settings, http).find("52500112MJP000001W")

    assert (person, entity) == (RealName.UNAVAILABLE, NoEntity.UNAVAILABLE)


async def test_settings_name_the_databases() -> None:
    settings = Settings.from_environment({"POPULATION_URL": URL, "LEGAL_ENTITY_URL": URL})
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json={"result": "MATCH", "found": False})

    async with answering(answer) as http:
        assert await population_database(settings, http).check("李明", "1") is RealName.MATCH
        assert await legal_entity_database(settings, http).find("1") is NoEntity.NOT_FOUND

    assert asked == [URL, URL]
