"""Importing divisions: whole or not at all, with every refusal naming its lines."""

import gzip
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from db.region_file import RegionsRefused
from db.region_population import import_population, read_population
from db.regions_import import ImportOutcome, import_regions
from tests.servers import Databases
from tests.small_world import connected, empty_station

HEADER = "code,name,level,parent_code\n"
GOOD = (
    HEADER
    + "500112011001,华福巷社区居民委员会,5,500112011000\n"  # before its parent
    + "000000000000,中华人民共和国,0,\n"
    + "500000000000,重庆市,1,000000000000\n"
    + "500112000000,渝北区,3,500000000000\n"
    + "500112011000,龙溪街道,4,500112000000\n"
    + "500Z02,重庆高新区,3,500000000000\n"
)


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


@pytest.fixture
async def observer(url: str) -> AsyncIterator[Any]:
    async with connected(url) as connection:
        yield connection


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "divisions.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


async def test_divisions_get_their_place_in_the_tree(
    url: str, observer: Any, tmp_path: Path
) -> None:
    outcome = await import_regions(url, written(tmp_path, GOOD))

    rows = await observer.fetch(
        "select r.code, r.level, r.depth, r.province, r.division_code, r.short_name,"
        " p.code as parent from regions r left join regions p on p.id = r.parent_id"
        " where r.path = coalesce(p.path, '') || r.id || '/' order by r.code"
    )
    nation, city, district = "000000000000", "500000000000", "500112000000"
    town, village = "500112011000", "500112011001"
    assert outcome == ImportOutcome(inserted=6, renamed=0, unchanged=0)
    assert [tuple(row) for row in rows] == [
        (nation, "NATION", 1, "00", nation, "中华人民共和国", None),
        (city, "PROVINCE", 2, "50", city, "重庆市", nation),
        (district, "COUNTY", 3, "50", district, "渝北区", city),
        (town, "TOWN", 4, "50", town, "龙溪街道", district),
        (village, "VILLAGE", 5, "50", village, "华福巷社区", town),
        ("500Z02", "COUNTY", 3, "50", None, "重庆高新区", city),
    ]


async def test_second_import_renames_and_adds_but_never_doubles(
    url: str, observer: Any, tmp_path: Path
) -> None:
    await import_regions(url, written(tmp_path, GOOD))
    before = await observer.fetch("select id, path from regions order by id")
    renamed = GOOD.replace("龙溪街道", "新龙溪街道") + "500112012000,龙山街道,4,500112000000\n"

    outcome = await import_regions(url, written(tmp_path, gzip.compress(renamed.encode())))

    after = await observer.fetch("select id, path from regions order by id limit 6")
    assert outcome == ImportOutcome(inserted=1, renamed=1, unchanged=5)
    assert after == before
    assert await observer.fetchval(
        "select short_name from regions where code = '500112011000'"
    ) == ("新龙溪街道")


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (GOOD.replace("code,name", "name,code"), ["line 1: the header"]),
        ("", ["line 1: the header"]),
        (GOOD + "500113000000,巴南区,3\n", ["line 8: 3 columns instead of 4"]),
        (GOOD + "巴南,巴南区,3,500000000000\n", ["line 8: '巴南' is no code"]),
        (GOOD + "500113000000,,3,500000000000\n", ["line 8: the name"]),
        (GOOD + "500113000000,巴\x00南,3,500000000000\n", ["line 8: the name"]),
        (GOOD + "500113000000,巴南区,6,500000000000\n", ["line 8: '6' is no level"]),
        (GOOD + "500113000000,巴南区,³,500000000000\n", ["line 8: '³' is no level"]),
        (GOOD + "500113000000,巴南区,3,500113000000\n", ["line 8: 500113000000 is its own parent"]),
        (
            GOOD + "5,甲,3,500000000000\n500113000000,乙,9,500000000000\n",
            ["line 8: '5' is no code", "line 9: '9' is no level"],
        ),
        (
            GOOD + "500113000000,巴南区,3,590000000000\n",
            ["line 8: the parent 590000000000 is neither"],
        ),
        (
            GOOD + "500112000000,渝北区,3,500000000000\n",
            ["lines 5, 8: the code 500112000000 stands more than once"],
        ),
        (
            GOOD + "500113000000,甲,3,500113001000\n500113001000,乙,4,500113000000\n",
            ["lines 8, 9: these hang under each other in a cycle"],
        ),
        (
            GOOD
            + "500113000000,甲,3,500113001001\n500113001000,乙,4,500113000000\n"
            + "500113001001,丙,5,500113001000\n500113001002,丁,5,500113001000\n",
            ["lines 8, 9, 10: these hang under each other in a cycle"],
        ),
        (
            GOOD + "500113001000,镇,4,500112011001\n",
            ["line 8: TOWN cannot hang under VILLAGE (500112011001)"],
        ),
        (GOOD.encode() + b"500113000000,\xff\xfe,3,500000000000\n", ["not CSV in UTF-8"]),
        (gzip.compress(GOOD.encode())[:-20], ["the gzip file is cut off or damaged"]),
    ],
)
async def test_faulty_file_is_refused_by_line_and_nothing_is_loaded(
    url: str, observer: Any, tmp_path: Path, text: str | bytes, faults: list[str]
) -> None:
    with pytest.raises(RegionsRefused) as refusal:
        await import_regions(url, written(tmp_path, text))

    told = str(refusal.value).splitlines()
    assert len(told) == len(faults)
    assert all(fault in line for fault, line in zip(faults, told, strict=True)), told
    assert await observer.fetchval("select count(*) from regions") == 0


async def test_import_does_not_move_what_stands(url: str, observer: Any, tmp_path: Path) -> None:
    await import_regions(url, written(tmp_path, GOOD))
    moved = GOOD.replace("500112011000,龙溪街道,4,500112000000", "500112011000,龙溪街道,4,500Z02")

    with pytest.raises(RegionsRefused, match="line 6: 500112011000 stands as TOWN under 500112"):
        await import_regions(
            url, written(tmp_path, moved + "500112012000,龙山街道,4,500112000000\n")
        )

    assert await observer.fetchval("select count(*) from regions") == 6


async def test_many_faults_are_told_up_to_a_bound(url: str, tmp_path: Path) -> None:
    rows = "".join(f"{n},x,9,\n" for n in range(1000))

    with pytest.raises(RegionsRefused) as refusal:
        await import_regions(url, written(tmp_path, HEADER + rows))

    assert [fault.lines for fault in refusal.value.faults] == [[n] for n in range(2, 22)]


CENSUS = "code,population,year,source\n"
BULLETIN = "500000000000,32054159,2020,第七次全国人口普查公报\n"


async def test_population_is_kept_with_year_and_source_unless_a_later_one_is_known(
    url: str, observer: Any, tmp_path: Path
) -> None:
    await import_regions(url, written(tmp_path, GOOD))
    known = "select population, population_year, population_source from regions where code = $1"

    first = await import_population(url, written(tmp_path, CENSUS + BULLETIN))
    earlier = CENSUS + "500000000000,28846170,2010,六普\n500112000000,1345410,2010,六普\n"
    then = await import_population(url, written(tmp_path, earlier))
    with pytest.raises(RegionsRefused) as refused:
        await import_population(
            url, written(tmp_path, CENSUS + BULLETIN.replace("2020", "2021") + "990,1,2021,-\n")
        )

    assert (first, then) == ((1, 0), (1, 1))
    assert [list(fault.lines) for fault in refused.value.faults] == [[3]]
    city = await observer.fetchrow(known, "500000000000")
    assert tuple(city) == (32_054_159, 2020, "第七次全国人口普查公报")
    assert tuple(await observer.fetchrow(known, "500112000000")) == (1_345_410, 2010, "六普")
    assert tuple(await observer.fetchrow(known, "500112011000")) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("code,population\n", [[1]]),
        (CENSUS + "500000000000,1,2020\n", [[2]]),
        (CENSUS + "重庆,1,2020,-\n", [[2]]),
        (CENSUS + "500000000000,0,2020,-\n", [[2]]),
        (CENSUS + "500000000000,-5,2020,-\n", [[2]]),
        (CENSUS + "500000000000,1.5,2020,-\n", [[2]]),
        (CENSUS + "500000000000,２,2020,-\n", [[2]]),
        (CENSUS + "500000000000,9999999999,2020,-\n", [[2]]),
        (CENSUS + "500000000000,1,2090,-\n", [[2]]),
        (CENSUS + "500000000000,1,1900,-\n", [[2]]),
        (CENSUS + "500000000000,1,2020, \n", [[2]]),
        (CENSUS + "500000000000,1,2020,\u0007\n", [[2]]),
        (CENSUS + BULLETIN + BULLETIN, [[2, 3]]),
        (CENSUS + '500000000000,1,2020,"-\n', [[3]]),
        (b"\xff\xfe", [[1]]),
    ],
)
def test_faulty_lines_of_a_population_file_are_named(
    tmp_path: Path, text: str | bytes, lines: list[list[int]]
) -> None:
    with pytest.raises(RegionsRefused) as refused:
        read_population(written(tmp_path, text))

    assert [list(fault.lines) for fault in refused.value.faults] == lines
