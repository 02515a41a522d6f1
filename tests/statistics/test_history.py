"""What happened stays with the ancestors of its day; what there is moves with its team."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from db.clock import CHINA
from db.enums import HubLevel, MembershipStatus
from db.ledger.folding import fold_all
from db.ledger.periods import Stretch, day_of
from db.ledger.reading import FIGURES
from db.ledger.verifying import verify
from db.models import Membership
from db.seed.run import Sizes, seed
from db.session import Database
from loaders.statistics import Ask, Figures, figures_in
from resolvers.moves import Wish, move_team
from resolvers.records.entering import create_record
from tests.db.forest import Forest
from tests.db.test_redistricting import EFFECTIVE, carry_out
from tests.db.test_seed import KEYS, TODAY
from tests.servers import Databases
from tests.small_world import Planter, connected, migrate_only
from tests.workflows.service import entry

MOVED = date(2026, 6, 10)
LATER = datetime(2026, 6, 16, 9, 0, tzinfo=CHINA)
FOLDED_DAYS = """
select scope, code, period, n, quantity from ledger_totals
where period > 1000000 and period < $1 and (n, quantity) <> (0, 0)
order by scope, code, period
"""


async def figures_at(db: Any, scope: int, day: date) -> tuple[int, int, int, int]:
    """Teams, members, records and minutes of a scope up to a day."""
    today = LATER.date()
    names = frozenset({"team", "people", "record"})
    periods = Stretch(None, day).periods(today)
    ask = Ask(names=names, periods=frozenset(periods))
    statement = FIGURES["own"]
    parameters = {**ask.parameters, "keys": [scope]}
    (row,) = await db.fetch(
        statement.sql, *statement.arguments(parameters), record_class=statement.row
    )
    found: Figures = figures_in(row)
    counts = [found.sum([name], periods, quantity=False) for name in ("team", "people", "record")]
    return (*counts, found.sum(["record"], periods, quantity=True))  # type: ignore[return-value]


@pytest.mark.parametrize("folded", [True, False])
async def test_team_moved_in_june_counts_in_its_old_hub_until_then_and_in_the_new_one_after(
    database: Database, db: Any, *, folded: bool
) -> None:
    planter = Planter(database)
    forest = Forest(planter, await planter.region())
    await forest.plant("city", hub_level=HubLevel.CITY)
    for hub in ("old", "new"):
        await forest.plant(hub, "city", hub_level=HubLevel.DISTRICT)
    joined = datetime(2026, 2, 1, tzinfo=CHINA)
    team = await forest.plant("team", "old", registered_at=joined)
    volunteer = await planter.volunteer(forest.region)
    await planter.add(
        Membership(
            province="50", team_id=team.id, volunteer_id=volunteer.id,
            status=MembershipStatus.JOINED, joined_at=joined,
        )
    )  # fmt: skip
    recorder = await forest.manager("team")
    city = await forest.manager("city")

    async def serve(starts_at: datetime, now: datetime) -> None:
        given = entry(volunteer, starts_at)
        outcome = await create_record(database, recorder, team.id, given, None, now=now)
        assert outcome.errors == ()

    await serve(datetime(2026, 6, 8, 9, 0, tzinfo=CHINA), LATER)
    if folded:
        await fold_all(db)
    wish = Wish(team_id=team.id, contact_team_id=forest.teams["new"].id, reason="调整")
    assert (await move_team(database, city, wish, None, today=MOVED)).errors == ()
    # Told only now, of a day before the move: it belongs where the team was.
    await serve(datetime(2026, 6, 9, 9, 0, tzinfo=CHINA), LATER)
    await serve(datetime(2026, 6, 12, 9, 0, tzinfo=CHINA), LATER)
    await db.execute("update service_records set status = 'EFFECTIVE' where team_id = $1", team.id)
    if folded:
        await fold_all(db)

    old, new, root = (-forest.teams[name].id for name in ("old", "new", "city"))
    before, after = MOVED - timedelta(days=1), LATER.date()
    assert await figures_at(db, old, before) == (1, 1, 2, 240)
    assert await figures_at(db, new, before) == (0, 0, 0, 0)
    assert await figures_at(db, old, after) == (0, 0, 2, 240)
    assert await figures_at(db, new, after) == (1, 1, 1, 120)
    assert await figures_at(db, root, before) == (1, 1, 2, 240)
    assert await figures_at(db, root, after) == (1, 1, 3, 360)
    assert await verify(db) == []


async def test_move_of_a_past_day_places_members_as_they_were_on_each_day(
    database: Database, db: Any
) -> None:
    planter = Planter(database)
    forest = Forest(planter, await planter.region())
    await forest.plant("city", hub_level=HubLevel.CITY)
    for hub in ("old", "new"):
        await forest.plant(hub, "city", hub_level=HubLevel.DISTRICT)
    begin, later = (datetime(2026, month, 1, tzinfo=CHINA) for month in (2, 8))
    moving = await forest.plant("moving", "old", registered_at=begin)
    staying = await forest.plant("staying", "old", registered_at=begin)
    city = await forest.manager("city")
    both, late = [await planter.volunteer(forest.region) for _ in range(2)]
    joined = ((both, moving, begin), (both, staying, later), (late, moving, later))
    for volunteer, team, day in joined:
        await planter.add(
            Membership(
                province="50", team_id=team.id, volunteer_id=volunteer.id,
                status=MembershipStatus.JOINED, joined_at=day,
            )
        )  # fmt: skip
    await fold_all(db)

    # Told in autumn that the team has hung elsewhere since June.
    wish = Wish(team_id=moving.id, contact_team_id=forest.teams["new"].id, reason="补登")
    assert (await move_team(database, city, wish, None, today=MOVED)).errors == ()

    old, new, root = (-forest.teams[name].id for name in ("old", "new", "city"))
    told = {}
    for is_folded in (False, True):
        told[is_folded] = {
            scope: [await people_at(db, number, day) for day in DAYS]
            for scope, number in (("old", old), ("new", new), ("root", root))
        }
        await fold_all(db)
    assert told[False] == told[True] == {"old": [1, 0, 1], "new": [0, 1, 2], "root": [1, 1, 2]}
    assert await verify(db) == []


# Before the move, between it and the late joiners, and after them.
DAYS = (MOVED - timedelta(days=1), MOVED + timedelta(days=5), date(2026, 8, 10))


async def people_at(db: Any, scope: int, day: date) -> int:
    """How many persons belonged to a scope at the end of a day."""
    periods = Stretch(None, day).periods(datetime.now(CHINA).date())
    ask = Ask(names=frozenset({"people"}), periods=frozenset(periods))
    statement = FIGURES["own"]
    rows = await db.fetch(
        statement.sql,
        *statement.arguments({**ask.parameters, "keys": [scope]}),
        record_class=statement.row,
    )
    return sum(figures_in(row).sum(["people"], periods, quantity=False) for row in rows)


@pytest.fixture
def station(databases: Databases) -> Iterator[str]:
    async def prepare(url: str) -> None:
        await migrate_only(url)
        sizes = Sizes(teams=150, volunteers=150, projects=40, records=600)
        await seed(url, KEYS, sizes=sizes, today=TODAY)

    url = databases.clone("seeded_with_little", prepare)
    yield url
    databases.drop(url)


async def test_redistricting_of_2025_moves_no_past_figure(station: str) -> None:
    async with connected(station) as db:
        yubei = await db.fetchval("select id from regions where code = '500112000000'")
        zone = await db.fetchval("select id from regions where name = '两江新区'")
        await fold_all(db)
        before = await db.fetch(FOLDED_DAYS, day_of(EFFECTIVE))
        lived = await now_of(db, yubei, "volunteer")

        await carry_out(station)

        await fold_all(db)
        assert await db.fetch(FOLDED_DAYS, day_of(EFFECTIVE)) == before
        assert lived > 0
        assert await now_of(db, yubei, "volunteer") == 0
        assert await now_of(db, zone, "volunteer") > 0
        assert [str(each) for each in await verify(db)] == []


async def now_of(db: Any, scope: int, name: str) -> int:
    found: int | None = await db.fetchval(
        "select n from ledger_totals t join ledger_codes c on c.number = t.code"
        " where t.scope = $1 and c.name = $2 and t.period = 0",
        scope,
        name,
    )
    return found or 0
