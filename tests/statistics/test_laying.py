"""What is laid out at once is what folding makes of it, and what was there is added to."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from db.ledger.folding import fold, fold_all
from db.ledger.laying import lay_pending

DAY = date(2025, 11, 20)
COLUMNS = (
    *("kind", "day", "region_path", "team_path", "person", "thing", "dims", "n", "quantity"),
)
# Figures, who was counted where, and how large teams are: all that a folder keeps.
KEPT = {
    "totals": "select t.scope, c.name, t.period, t.n, t.quantity from ledger_totals t"
    " join ledger_codes c on c.number = t.code where (t.n, t.quantity) <> (0, 0)",
    "leaves": "select kind, who, period, day, region_path, team_path, n from ledger_leaves",
    "sizes": "select team_id, month, members, minutes from ledger_sizes",
    "places": "select team_id, kind, region_path, team_path, month, n from ledger_places",
}

Fact = tuple[Any, ...]


def facts(seed: int) -> Iterator[Fact]:
    """Teams that are founded, grow, serve and move; some of it told late, some taken back."""
    draw = Random(seed)  # noqa: S311 - draws of a test
    hubs = [(f"1/2/{10 + n}/", f"50/{60 + n}/") for n in range(3)]
    for region, hub in hubs:
        yield "hub", DAY, region, hub, None, 10, ["kind:OTHER"], 1, 0
    for team in range(100, 112):
        day = DAY + timedelta(days=draw.randrange(90))
        region, hub = draw.choice(hubs)
        place = (f"{region}{draw.randrange(20, 24)}/", f"{hub}{team}/")
        dims = [f"kind:{draw.choice('AB')}", "category:01", f"category:{draw.choice(['02', '03'])}"]
        yield "team", day, *place, None, 20 + team % 3, dims, 1, 0
        members = draw.sample(range(1, 15), draw.randrange(12))
        for person in members:
            yield "member", day, *place, person, None, [], 1, 0
        for person in draw.sample(members, len(members) // 3):
            yield (
                "member",
                day + timedelta(days=draw.randrange(40)),
                *place,
                person,
                None,
                [],
                -1,
                0,
            )
            members.remove(person)
        for _ in range(draw.randrange(30)):
            served = day + timedelta(days=draw.randrange(60))
            thing = draw.choice([None, 200 + team % 4])
            dims = ["source:CHECK_IN", f"category:{draw.choice(['NONE', '01'])}"]
            minutes = draw.randrange(6_000)
            yield "record", served, *place, draw.randrange(1, 15), thing, dims, 1, minutes
        if draw.random() < 0.5:
            region, hub = draw.choice(hubs)
            there = (f"{region}{draw.randrange(20, 24)}/", f"{hub}{team}/")
            day += timedelta(days=70)
            for where, n in ((place, -1), (there, 1)):
                yield "team", day, *where, None, 20 + team % 3, dims, n, 0
                for person in members:
                    yield "member", day, *where, person, None, [], n, 0


async def kept(db: Any) -> dict[str, set[Fact]]:
    return {name: {tuple(row) for row in await db.fetch(sql)} for name, sql in KEPT.items()}


@pytest.mark.parametrize("seed", range(6))
async def test_facts_that_are_laid_out_come_to_what_folding_makes_of_them(
    db: Any, seed: int
) -> None:
    told = list(facts(seed))
    Random(seed).shuffle(told)  # noqa: S311 - draws of a test
    found = []
    for make in (
        lambda: lay_pending(db, least=len(told)),
        lambda: fold(db),
        lambda: fold_all(db, limit=37),
    ):
        transaction = db.transaction()
        await transaction.start()
        await db.copy_records_to_table("ledger_pending", records=told, columns=COLUMNS)
        assert await make() == len(told)
        found.append(await kept(db))
        await transaction.rollback()

    laid, folded, by_little = found
    for name in KEPT:
        assert laid[name] ^ folded[name] == set(), name
        assert laid[name] ^ by_little[name] == set(), name
    assert {name.split("/")[0] for _, name, *_ in laid["totals"]} >= {"active", "people", "served"}


async def test_what_is_laid_out_is_added_to_totals_of_regions_that_were_there(db: Any) -> None:
    transaction = db.transaction()
    await transaction.start()
    community = ("community", DAY, "1/2/10/20/", None, None, None, [], 1, 0)
    await db.copy_records_to_table("ledger_pending", records=[community], columns=COLUMNS)
    await fold(db)
    told = [community, *facts(1)]
    await db.copy_records_to_table("ledger_pending", records=told, columns=COLUMNS)

    assert await lay_pending(db, least=len(told)) == len(told)

    totals = (await kept(db))["totals"]
    assert (20, "community", 0, 2, 0) in totals
    assert (20, "community", 20251120, 2, 0) in totals
    await transaction.rollback()


async def test_nothing_is_laid_out_where_somebody_is_counted_or_little_is_pending(db: Any) -> None:
    transaction = db.transaction()
    await transaction.start()
    told = list(facts(1))
    await db.copy_records_to_table("ledger_pending", records=told, columns=COLUMNS)
    assert await lay_pending(db, least=len(told) + 1) == 0
    assert await fold(db) == len(told)
    await db.copy_records_to_table("ledger_pending", records=told, columns=COLUMNS)

    assert await lay_pending(db, least=1) == 0

    assert await db.fetchval("select count(*) from ledger_pending") == len(told)
    await transaction.rollback()
