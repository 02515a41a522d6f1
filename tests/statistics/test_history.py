"""What happened stays with the ancestors of its day; what there is moves with its team."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from db.clock import CHINA
from db.enums import HubLevel, MembershipStatus, ReviewKind, ReviewState, SignUpStatus
from db.ledger.facts import LISTS
from db.ledger.folding import fold_all
from db.ledger.periods import Stretch, day_of
from db.ledger.reading import FIGURES
from db.ledger.triggers import SET_DAY
from db.ledger.verifying import verify
from db.models import Membership, Post, Review, SignUp
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
from tests.statistics.rebuilt import changed_by_rebuilding
from tests.workflows.service import entry

MOVED = date(2026, 6, 10)
LATER = datetime(2026, 6, 16, 9, 0, tzinfo=CHINA)
# How long lists are is known for now alone, and counted as of one day.
FOLDED_DAYS = """
select scope, name, period, n, quantity from ledger_totals join ledger_codes on number = code
where period > 1000000 and period < $1 and (n, quantity) <> (0, 0)
  and name <> all($2)
order by scope, name, period
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
        before = await db.fetch(FOLDED_DAYS, day_of(EFFECTIVE), LISTS)
        lived = await now_of(db, yubei, "volunteer")

        await carry_out(station)

        await fold_all(db)
        assert await db.fetch(FOLDED_DAYS, day_of(EFFECTIVE), LISTS) == before
        assert lived > 0
        assert await now_of(db, yubei, "volunteer") == 0
        assert await now_of(db, zone, "volunteer") > 0
        assert [str(each) for each in await verify(db)] == []
        # Nor does a rebuild: it knows where communities lay, and volunteers lived, until then.
        assert await changed_by_rebuilding(db) == []


async def test_new_station_tells_of_past_days_what_its_rows_tell(station: str) -> None:
    async with connected(station) as db:
        then, now = [
            {row["name"]: (row["n"], row["quantity"]) for row in found}
            for found in [await db.fetch(FIGURES_OF_MONTHS, last) for last in (202512, 999912)]
        ]

    (projects, places), (teams, _) = then["project"], then["team"]
    assert places > 5 * projects > 0
    assert "project/headcount:0" not in then
    assert 0 < then["team/size:0"][0] < teams
    for scale in ("hours", "star"):
        risen = [
            sum(n for name, (n, _) in told.items() if name.startswith(f"volunteer/{scale}:"))
            - told[f"volunteer/{scale}:0"][0]
            for told in (then, now)
        ]
        assert 0 <= risen[0] < risen[1], scale


# Every change of which no row keeps what was before, each on a day of its own.
CHANGES = (
    ("2026-01-05", "update volunteers set star = 2, education = '31' where id = $1"),
    ("2026-01-20", "update volunteers set region_id = {r2}, region_path = '{p2}' where id = $1"),
    ("2026-02-03", "update volunteers set star = 1, political_status = '01' where id = $1"),
    ("2026-02-11", "update volunteers set status = 'WITHDRAWN' where id = $1"),
    ("2026-03-02", "update volunteers set status = 'ENABLED' where id = $1"),
    (
        "2026-01-07",
        "update memberships set status = 'LEFT', left_at = '2026-01-07' where team_id = {team}",
    ),
    (
        "2026-03-09",
        "update memberships set status = 'JOINED', joined_at = '2026-03-09' where team_id = {team}",
    ),
    ("2026-02-20", "update teams set permission_group = 'MIDDLE' where id = {team}"),
    ("2026-03-12", "update teams set status = 'DISABLED' where id = {team}"),
    (
        "2026-04-12",
        "update teams set status = 'ENABLED', registration_status = 'FILED' where id = {team}",
    ),
    ("2026-02-22", "update projects set status = 'CLOSED' where team_id = {team}"),
    ("2026-03-01", "update projects set categories = '{{02,03}}' where team_id = {team}"),
    ("2026-03-03", "update posts set planned = 44"),
    (
        "2026-03-20",
        """
        insert into posts (province, project_id, post_no, name, planned)
        select '50', id, 2, '签到', 5 from projects where team_id = {team}
        """,
    ),
    ("2026-04-15", "delete from posts where post_no = 2"),
    ("2026-01-30", "update sign_ups set status = 'ATTENDED' where team_id = {team}"),
    (
        "2026-02-25",
        "update reviews set state = 'APPROVED', decided_at = '2026-02-25' where team_id = {team}",
    ),
    ("2026-05-02", "update regions set valid_to = '2026-05-02' where id = {r1}"),
)


@pytest.mark.parametrize("moved", [None, date(2026, 1, 25), date(2026, 6, 10)])
async def test_rebuild_tells_of_past_days_what_the_ledger_told_whatever_changed(
    database: Database, db: Any, moved: date | None
) -> None:
    planter = Planter(database)
    forest = Forest(planter, await planter.region())
    await forest.plant("city", hub_level=HubLevel.CITY)
    for hub in ("old", "new"):
        await forest.plant(hub, "city", hub_level=HubLevel.DISTRICT)
    begin = datetime(2025, 11, 1, tzinfo=CHINA)
    team = await forest.plant("team", "old", registered_at=begin)
    one, two = [await planter.region() for _ in range(2)]
    await db.execute("update regions set level = 'VILLAGE' where id = $1", one.id)
    volunteer = await planter.volunteer(one, registered_at=begin)
    project = await planter.project(team, published_at=begin)
    post = Post(province="50", project_id=project.id, post_no=1, name="导览", planned=7)
    await planter.add(
        post,
        Membership(
            province="50", team_id=team.id, volunteer_id=volunteer.id,
            status=MembershipStatus.JOINED, joined_at=begin,
        ),
    )  # fmt: skip
    await planter.add(
        SignUp(
            province="50", project_id=project.id, post_id=post.id, team_id=team.id,
            volunteer_id=volunteer.id, status=SignUpStatus.ACCEPTED, applied_at=begin,
        ),
        Review(
            province="50", kind=ReviewKind.TEAM_CHANGE, state=ReviewState.PENDING,
            subject_type="Team", subject_id=team.id, team_id=team.id,
            reviewer_team_id=team.id, created_at=begin,
        ),
    )  # fmt: skip
    city = await forest.manager("city")
    names = {"team": team.id, "r1": one.id, "r2": two.id, "p2": two.path}
    for day, change in sorted(CHANGES):
        statement = change.format(**names)
        async with db.transaction():
            await db.execute(SET_DAY, date.fromisoformat(day))
            given = [volunteer.id] if "$1" in statement else []
            await db.execute(statement, *given)
    if moved is not None:
        # Told only now: what changed since was changed where the team lay then.
        wish = Wish(team_id=team.id, contact_team_id=forest.teams["new"].id, reason="补登")
        assert (await move_team(database, city, wish, None, today=moved)).errors == ()
    assert await db.fetchval("select count(*) from ledger_past") > len(CHANGES)

    assert await changed_by_rebuilding(db) == []
    assert [str(each) for each in await verify(db)] == []


FIGURES_OF_MONTHS = """
select c.name, sum(t.n)::int as n, sum(t.quantity)::int as quantity
from ledger_totals t join ledger_codes c on c.number = t.code
where t.scope = (select id from regions where parent_id is null) and t.period between 1 and $1
group by 1
"""


async def now_of(db: Any, scope: int, name: str) -> int:
    found: int | None = await db.fetchval(
        "select n from ledger_totals t join ledger_codes c on c.number = t.code"
        " where t.scope = $1 and c.name = $2 and t.period = 0",
        scope,
        name,
    )
    return found or 0
