"""Lists by keyset: equal to a naive oracle, stable under inserts, strict about cursors, sizes."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.ids import decode, encode
from tests.api import wide_world as world
from tests.api.client import Answer, Client, running
from tests.servers import Databases
from tests.small_world import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOWNS = [world.first_town("narrow") + n for n in range(3)]
CROWD = 23
# Into the first town, with sort keys of which many are equal.
CROWDED = """
insert into teams (id, province, team_no, name, sort_key, name_grams, kind, registration_status,
                   permission_group, status, contact_team_id, path, depth, region_id,
                   region_path, principal_name, principal_mobile, contact_name, contact_mobile)
select id, '50', 'C' || id, '队', $3, '{}', 'GROUP', 'UNREGISTERED', 'BASIC', 'ENABLED', $2,
       parent.path || id || '/', parent.depth + 1, parent.region_id, parent.region_path,
       '甲', '13800000000', '乙', '13900000000'
from (select path, depth, region_id, region_path from teams where id = $2) parent,
     (select $1::bigint as id) given
"""
PAGE = (
    "totalCount edges { cursor node { id } }"
    " pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
)
ARGUMENTS = "first: $first, after: $after, last: $last, before: $before"
HEAD = "query ($first: Int, $after: String, $last: Int, $before: String, $ids: [ID!]! = [])"
UNDER = encode("Team", TOWNS[0])
LISTS = {
    "teams by name": f'teams(filter: {{under: "{UNDER}"}}, {ARGUMENTS})',
    "teams by age": f'teams(filter: {{under: "{UNDER}"}}, orderBy: NEWEST, {ARGUMENTS})',
}
OF_PARENTS = f"nodes(ids: $ids) {{ ... on Team {{ teams({ARGUMENTS}) {{ {PAGE} }} }} }}"


@dataclass(frozen=True)
class Listed:
    """What a list holds, in order, and the cursor of each row."""

    ids: Sequence[int]
    cursors: Sequence[str]


@dataclass(frozen=True)
class Wish:
    """Which part of a list is asked for; cursors by the place of their row."""

    end: str
    size: int | None
    after: int | None
    before: int | None

    def variables(self, whole: Listed) -> dict[str, Any]:
        places = {"after": self.after, "before": self.before}
        cursors = {
            name: None if place is None else whole.cursors[place] for name, place in places.items()
        }
        return {"first": None, "last": None, self.end: self.size, **cursors}


@pytest.fixture(scope="module")
def crowded_url(databases: Databases) -> Iterator[str]:
    url = databases.clone("wide", world.prepare_wide)
    yield url
    databases.drop(url)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def crowded(crowded_url: str, redis_url: str) -> AsyncIterator[Client]:
    async with connected(crowded_url) as connection:
        for n in range(CROWD):
            await connection.execute(CROWDED, 90_000_000 + n, TOWNS[0], f"k{n % 4}")
        await connection.execute(CROWDED, 91_000_000, TOWNS[1], "k1")
        await connection.execute(
            "delete from teams where contact_team_id = $1 and not is_hub", TOWNS[2]
        )
    async with running(crowded_url, redis_url) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def listed(crowded: Client, crowded_url: str) -> dict[str, Listed]:
    """Every list whole, read by SQL; the cursors as the API gives them."""
    async with connected(crowded_url) as connection:
        rows = await connection.fetch(
            "select id, sort_key, path, contact_team_id, is_hub from teams"
        )
    path = next(row["path"] for row in rows if row["id"] == TOWNS[0])
    below = [row for row in rows if row["path"].startswith(path)]
    by_name = lambda row: (row["sort_key"].encode(), row["id"])  # noqa: E731
    of_towns = [row for row in rows if row["contact_team_id"] in TOWNS and not row["is_hub"]]
    orders = {
        "teams by name": sorted(below, key=by_name),
        "teams by age": sorted(below, key=lambda row: -row["id"]),
        "of towns": sorted(of_towns, key=by_name),
    }
    assert len(below) == 2 + 7 + 7 + CROWD
    found = {}
    for name, ordered in orders.items():
        ids = [row["id"] for row in ordered]
        cursors = await _cursors(crowded, LISTS.get(name, LISTS["teams by name"]), ids)
        found[name] = Listed(ids, cursors)
    return found


async def _cursors(crowded: Client, field: str, ids: Sequence[int]) -> list[str]:
    """The cursor of each row, as some list of the same order gives it."""
    order = "NEWEST" if "NEWEST" in field else "NAME"
    known: dict[int, str] = {}
    after = None
    while True:
        answer = await crowded.ask(
            f"query ($after: String) {{ teams(orderBy: {order}, first: 100, after: $after,"
            f' filter: {{region: "500101"}}) {{ {PAGE} }} }}',
            {"after": after},
        )
        page = answer.good["teams"]
        known |= {decode(edge["node"]["id"])[1]: edge["cursor"] for edge in page["edges"]}
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return [known[each] for each in ids]


def expected(ids: Sequence[int], wish: Wish) -> dict[str, Any]:
    """The page that a naive reading of the arguments gives."""
    span = [
        (place, each)
        for place, each in enumerate(ids)
        if (wish.after is None or place > wish.after)
        and (wish.before is None or place < wish.before)
    ]
    # Without a size, or with a size of null for the end, the first twenty.
    backward = wish.end == "last" and wish.size is not None
    size = 20 if wish.size is None else wish.size
    kept = (span[-size:] if size else []) if backward else span[:size]
    return {
        "ids": [each for _, each in kept],
        "hasNextPage": wish.before is not None if backward else len(span) > size,
        "hasPreviousPage": len(span) > size if backward else wish.after is not None,
    }


def shown(page: dict[str, Any]) -> dict[str, Any]:
    info = page["pageInfo"]
    cursors = [edge["cursor"] for edge in page["edges"]]
    assert info["startCursor"] == (cursors[0] if cursors else None)
    assert info["endCursor"] == (cursors[-1] if cursors else None)
    return {
        "ids": [decode(edge["node"]["id"])[1] for edge in page["edges"]],
        "hasNextPage": info["hasNextPage"],
        "hasPreviousPage": info["hasPreviousPage"],
    }


SIZES = st.one_of(st.none(), st.integers(0, 45))
PLACES = st.one_of(st.none(), st.integers(0, 37))
CUTS = st.builds(
    Wish, end=st.sampled_from(["first", "last"]), size=SIZES, after=PLACES, before=PLACES
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(name=st.sampled_from(list(LISTS)), wish=CUTS)
async def test_page_is_what_a_naive_reading_gives(
    crowded: Client, listed: dict[str, Listed], name: str, wish: Wish
) -> None:
    whole = listed[name]

    answer = await crowded.ask(
        f"{HEAD} {{ teams: {LISTS[name]} {{ {PAGE} }} nodes(ids: $ids) {{ id }} }}",
        wish.variables(whole),
    )

    page = answer.good["teams"]
    assert shown(page) == expected(whole.ids, wish)
    assert page["totalCount"] == len(whole.ids)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(wish=CUTS)
async def test_pages_of_parents_in_one_statement_are_those_of_each(
    crowded: Client, listed: dict[str, Listed], wish: Wish
) -> None:
    variables = wish.variables(listed["of towns"])
    towns = [str(encode("Team", each)) for each in TOWNS]

    together = await crowded.ask(f"{HEAD} {{ {OF_PARENTS} }}", {**variables, "ids": towns})
    apart = [
        await crowded.ask(f"{HEAD} {{ {OF_PARENTS} }}", {**variables, "ids": [town]})
        for town in towns
    ]

    # The towns, a page of each, how many each has: as many statements as for one.
    assert together.statements == apart[0].statements == 3
    assert together.good["nodes"] == [answer.good["nodes"][0] for answer in apart]
    assert [node["teams"]["totalCount"] for node in together.good["nodes"]] == [7 + CROWD, 8, 0]


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("name", LISTS)
async def test_list_is_walked_whole_while_rows_come_in(
    crowded: Client, crowded_url: str, listed: dict[str, Listed], name: str, backward: bool
) -> None:
    size, cursor = ("last", "before") if backward else ("first", "after")
    walked: list[int] = []
    place, added = None, 0
    async with connected(crowded_url) as connection:
        while True:
            answer = await crowded.ask(
                f"{HEAD} {{ teams: {LISTS[name]} {{ {PAGE} }} nodes(ids: $ids) {{ id }} }}",
                {size: 5, cursor: place},
            )
            page = answer.good["teams"]
            ids = [decode(edge["node"]["id"])[1] for edge in page["edges"]]
            walked = [*ids, *walked] if backward else [*walked, *ids]
            if not page["pageInfo"]["hasPreviousPage" if backward else "hasNextPage"]:
                break
            place = page["pageInfo"]["startCursor" if backward else "endCursor"]
            added += 1
            for key in ("a", f"k{added % 4}", "zzz"):
                new = await connection.fetchval("select max(id) + 1 from teams where id < 99000000")
                await connection.execute(CROWDED, new, TOWNS[0], key)
        await connection.execute("delete from teams where id > 91000000")

    assert len(walked) == len(set(walked))
    before = set(listed[name].ids)
    assert [each for each in walked if each in before] == list(listed[name].ids)


async def test_count_is_taken_only_if_asked(crowded: Client) -> None:
    town = [str(UNDER)]

    without = await crowded.ask("{ teams(first: 5) { edges { node { id } } } }")
    with_count = await crowded.ask("{ teams(first: 5) { totalCount edges { node { id } } } }")
    nested = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Team { teams(first: 5) { %s } } } }"
    below = await crowded.ask(nested.replace("%s", "nodes { id }"), {"ids": town})
    counted = await crowded.ask(nested.replace("%s", "totalCount nodes { id }"), {"ids": town})

    assert (without.statements, with_count.statements) == (1, 2)
    assert (below.statements, counted.statements) == (2, 3)


SIZE_CASES = [
    ({"first": -1}, "INVALID_INPUT", {"field": "first"}),
    ({"last": -1}, "INVALID_INPUT", {"field": "last"}),
    ({"first": 101}, "LIMIT_EXCEEDED", {"limit": "pageSize"}),
    ({"first": 10_000}, "LIMIT_EXCEEDED", {"limit": "pageSize"}),
    ({"last": 101}, "LIMIT_EXCEEDED", {"limit": "pageSize"}),
    ({"last": 2**31 - 1}, "LIMIT_EXCEEDED", {"limit": "pageSize"}),
    ({"first": 5, "last": 5}, "INVALID_INPUT", {"field": "last"}),
    ({"first": 0, "last": 0}, "INVALID_INPUT", {"field": "last"}),
]
PLACES_OF_LISTS = {
    "root": f"{HEAD} {{ teams({ARGUMENTS}) {{ {PAGE} }} nodes(ids: $ids) {{ id }} }}",
    "edge": f"{HEAD} {{ {OF_PARENTS} }}",
}


@pytest.mark.parametrize("where", PLACES_OF_LISTS)
@pytest.mark.parametrize(("cut", "code", "detail"), SIZE_CASES)
async def test_size_that_makes_no_sense_is_refused(
    crowded: Client, where: str, cut: dict[str, int], code: str, detail: dict[str, str]
) -> None:
    answer = await crowded.ask(PLACES_OF_LISTS[where], {**cut, "ids": [str(UNDER)]})

    assert answer.errors[0]["extensions"] == {"code": code, **detail}
    assert answer.data in (None, {"nodes": [None]})


@pytest.mark.parametrize(
    ("cut", "rows"), [({"first": 0}, 0), ({"last": 0}, 0), ({}, 20), ({"first": 100}, 30)]
)
async def test_sizes_at_the_bounds_are_taken(
    crowded: Client, cut: dict[str, int], rows: int
) -> None:
    answer = await crowded.ask(PLACES_OF_LISTS["edge"], {**cut, "ids": [str(UNDER)]})

    page = answer.good["nodes"][0]["teams"]
    assert len(page["edges"]) == rows
    assert page["totalCount"] == 7 + CROWD
    assert page["pageInfo"]["hasNextPage"] is (rows < 30 and "last" not in cut)


async def refused_cursor(crowded: Client, document: str, cursor: str, end: str = "after") -> Answer:
    answer = await crowded.ask(document, {end: cursor, "ids": [str(UNDER)]})
    assert [error["extensions"] for error in answer.errors] == [
        {"code": "INVALID_CURSOR", "field": end}
    ]
    assert answer.data in (None, {"nodes": [None]})
    return answer


@pytest.mark.parametrize("where", PLACES_OF_LISTS)
@pytest.mark.parametrize("end", ["after", "before"])
@pytest.mark.parametrize(
    "cursor", ["", " ", "nonsense", "MQ", "A" * 22, "A" * 10_000, "Ω", "\u0000", "=" * 22]
)
async def test_cursor_that_was_never_given_is_refused(
    crowded: Client, where: str, end: str, cursor: str
) -> None:
    await refused_cursor(crowded, PLACES_OF_LISTS[where], cursor, end)


async def test_tampered_cursor_is_refused(crowded: Client, listed: dict[str, Listed]) -> None:
    cursor = listed["teams by name"].cursors[7]

    for place, each in enumerate(cursor):
        other = "A" if each != "A" else "B"
        if place == len(cursor) - 1:
            other = "A" if each not in "ABCDEFGHIJKLMNOP" else "g"  # its last four bits are unused
        await refused_cursor(
            crowded, PLACES_OF_LISTS["root"], cursor[:place] + other + cursor[place + 1 :]
        )


async def test_cursor_of_another_order_or_list_is_refused(
    crowded: Client, listed: dict[str, Listed]
) -> None:
    by_name, by_age = (listed[name].cursors[0] for name in LISTS)

    await refused_cursor(crowded, PLACES_OF_LISTS["root"], by_age)
    for document in (
        "query ($after: String) { teams(orderBy: NEWEST, after: $after) { nodes { id } } }",
        "query ($after: String) { projects(after: $after) { nodes { id } } }",
        "query ($after: String) { regions(after: $after) { nodes { id } } }",
        "query ($after: String) { projects(orderBy: EARLIEST, after: $after) { nodes { id } } }",
    ):
        await refused_cursor(crowded, document, by_name)
