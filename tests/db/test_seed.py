"""The seeded station: the real tree, synthetic life that keeps every rule, the same each time."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.enums import IdentityType
from db.identities import blind_index, unseal
from db.keys import Key, KeyRing, Purpose
from db.ledger.verifying import verify
from db.migrate import upgrade
from db.numbers import resident_id, uscc
from db.passwords import verify_password
from db.queries.rewards.changing import SETTLE
from db.regions_import import import_regions
from db.seed.crowd import SizesRefused
from db.seed.demo import PASSWORD, demo_accounts
from db.seed.home import NoRegions
from db.seed.run import AlreadySeeded, Sizes, seed, seed_hubs
from tests.servers import Databases
from tests.small_world import STATION, connected, empty_station

TODAY = date(2026, 5, 20)
SIZES = Sizes(teams=400, volunteers=200, projects=260, records=900)
KEYS = KeyRing(
    {
        Purpose.IDENTITY: [Key(id="i", secret=bytes(range(32)))],
        Purpose.BLIND_INDEX: [Key(id="b", secret=bytes(range(32, 64)))],
    }
)
SMALL = """code,name,level,parent_code
000000000000,中华人民共和国,0,
510000000000,四川省,1,000000000000
510100000000,成都市,2,510000000000
510104000000,锦江区,3,510100000000
510104001000,督院街街道,4,510104000000
510104001001,督院街社区居民委员会,5,510104001000
510105000000,青羊区,3,510100000000
510109000000,高新镇,4,510100000000
"""
NO_OVERLAP = """
select count(*) from service_records a join service_records b
on a.volunteer_id = b.volunteer_id and a.id < b.id
and a.starts_at < coalesce(b.ends_at, b.starts_at)
and b.starts_at < coalesce(a.ends_at, a.starts_at)
"""


async def prepare(url: str) -> None:
    await upgrade(url, station=STATION)
    await seed(url, KEYS, sizes=SIZES, today=TODAY)


@pytest.fixture(scope="module")
def seeded(databases: Databases) -> Iterator[str]:
    url = databases.clone("seeded_for_its_tests", prepare)
    yield url
    databases.drop(url)


@pytest.fixture
async def db(seeded: str) -> AsyncIterator[Any]:
    async with connected(seeded) as connection:
        yield connection


@pytest.fixture
def empty(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


async def small(url: str, folder: Path) -> str:
    file = folder / "small.csv"
    file.write_text(SMALL, encoding="utf-8")
    await import_regions(url, file)
    return url


async def test_every_region_has_one_hub_under_that_of_the_region_above(db: Any) -> None:
    regions = await db.fetchval("select count(*) from regions")
    wrong = await db.fetchval(
        "select count(*) from regions r left join teams t on t.region_id = r.id and t.is_hub"
        " left join teams above on above.region_id = r.parent_id and above.is_hub"
        " where t.id is null or t.contact_team_id is distinct from above.id"
        " or t.path <> coalesce(above.path, '') || t.id || '/' or t.depth <> r.depth"
        " or t.region_path <> r.path"
    )

    assert regions == 1 + 12_340 + 3
    assert wrong == 0


async def test_levels_names_and_groups_of_hubs_follow_the_rules(db: Any) -> None:
    rows = await db.fetch(
        "select hub_level, permission_group, count(*) as n from teams where is_hub"
        " group by 1, 2 order by n"
    )

    assert [tuple(row) for row in rows[2:]] == [
        ("DISTRICT", "SENIOR_QUICK", 41),
        ("TOWN", "MIDDLE_QUICK", 1_031),
        ("COMMUNITY", "JUNIOR_QUICK", 11_270),
    ]
    patterns = {
        "CITY": "重庆市志愿服务联合会",
        "DISTRICT": ".{1,12}(区|县|自治县)志愿者协会",
        "TOWN": ".{0,20}(镇|乡|街道)志愿服务总队",
        "COMMUNITY": ".{0,30}(社区|村)志愿服务大队",
    }
    hubs = await db.fetch("select hub_level, name from teams where hub_level <> 'NATION'")
    assert [h["name"] for h in hubs if not re.fullmatch(patterns[h["hub_level"]], h["name"])] == []


async def test_yubei_has_its_real_streets(db: Any) -> None:
    rows = await db.fetch(
        "select t.name from teams t join teams hub on hub.id = t.contact_team_id"
        " where hub.name = '渝北区志愿者协会' and t.hub_level = 'TOWN'"
    )

    names = {row["name"] for row in rows}
    assert len(names) == 30
    assert {"龙溪街道志愿服务总队", "仙桃街道志愿服务总队", "洛碛镇志愿服务总队"} <= names


async def test_functional_zones_have_hubs_without_a_national_code(db: Any) -> None:
    rows = await db.fetch(
        "select r.code, r.division_code, t.name, above.name as above from regions r"
        " join teams t on t.region_id = r.id and t.is_hub"
        " join teams above on above.id = t.contact_team_id"
        " where r.code like '500Z%' order by r.code"
    )

    above = "重庆市志愿服务联合会"
    assert [tuple(row) for row in rows] == [
        ("500Z01", None, "两江新区志愿者协会", above),
        ("500Z02", None, "重庆高新区志愿者协会", above),
        ("500Z03", None, "万盛经开区志愿者协会", above),
    ]


async def test_sizes_are_honoured_to_the_row(db: Any) -> None:
    counts = await db.fetchrow(
        "select (select count(*) from teams where not is_hub) as teams,"
        " (select count(*) from volunteers) as volunteers,"
        " (select count(*) from projects) as projects,"
        " (select count(*) from service_records) as records"
    )

    assert Sizes(**counts) == SIZES


async def test_other_teams_hang_where_the_rules_say(db: Any) -> None:
    legal = await db.fetch(
        "select uscc, contact_team_id, registration_authority_id, permission_group, kind"
        " from teams where registration_status = 'LEGAL_PERSON'"
    )
    strays = await db.fetchval(
        "select count(*) from teams t left join teams c on c.id = t.contact_team_id"
        " where not t.is_hub and t.registration_status <> 'LEGAL_PERSON'"
        " and t.branch_of_id is null and (not c.is_hub or c.region_id <> t.region_id"
        " or t.name not like '%志愿服务队' or t.path <> c.path || t.id || '/')"
    )
    branches = await db.fetchval(
        "select count(*) from teams t join teams o on o.id = t.branch_of_id"
        " where o.registration_status = 'LEGAL_PERSON' and t.path = o.path || t.id || '/'"
    )

    assert len(legal) == 16
    assert all(uscc.fault(row["uscc"]) is None for row in legal)
    assert {(r["contact_team_id"], r["permission_group"], r["kind"]) for r in legal} == {
        (None, "MIDDLE", "ORGANIZATION")
    }
    assert all(row["registration_authority_id"] for row in legal)
    assert strays == 0
    assert branches == 16


async def test_every_team_has_a_current_attachment_as_it_hangs(db: Any) -> None:
    missing = await db.fetchval(
        "select count(*) from teams t left join team_attachments a on a.team_id = t.id"
        " and a.valid_to is null and a.path = t.path and a.region_path = t.region_path"
        " and a.contact_team_id is not distinct from t.contact_team_id where a.id is null"
    )

    assert missing == 0


async def test_education_teams_show_themselves_to_the_citys(db: Any) -> None:
    rows = await db.fetch(
        "select distinct v.name, c.hub_level from team_view_links l"
        " join teams v on v.id = l.view_team_id join teams t on t.id = l.team_id"
        " join teams c on c.id = t.contact_team_id where t.name like '%教育委员会志愿服务队'"
    )

    assert [tuple(row) for row in rows] == [("重庆市教育委员会志愿服务队", "DISTRICT")]


async def test_id_numbers_are_valid_sealed_and_found_by_their_index(db: Any) -> None:
    rows = await db.fetch(
        "select v.id, v.born_on, v.sex, i.sealed_number, i.key_id, i.blind_index"
        " from volunteers v join volunteer_identities i on i.volunteer_id = v.id"
    )

    key = KEYS.current(Purpose.IDENTITY)
    assert len(rows) == SIZES.volunteers
    for row in rows:
        number = unseal(row["sealed_number"], volunteer_id=row["id"], key=key)
        found = resident_id.read(number, today=TODAY)
        assert isinstance(found, resident_id.ResidentId)
        assert (found.born_on, found.sex.value) == (row["born_on"], row["sex"])
        index = blind_index(IdentityType.RESIDENT_ID, number, key=KEYS.current(Purpose.BLIND_INDEX))
        assert index == row["blind_index"]


async def test_records_never_overlap_and_stay_within_their_projects(db: Any) -> None:
    outside = await db.fetchval(
        "select count(*) from service_records s join projects p on p.id = s.project_id"
        " join sign_ups u on u.id = s.sign_up_id where s.starts_at < p.starts_at"
        " or s.ends_at > p.ends_at or s.team_id <> p.team_id or u.project_id <> p.id"
        " or u.volunteer_id <> s.volunteer_id or u.status <> 'ATTENDED'"
    )
    future = await db.fetchval("select count(*) from service_records where ends_at > $1", TODAY)
    early = await db.fetchval(
        "select count(*) from service_records s join volunteers v on v.id = s.volunteer_id"
        " where s.starts_at < v.registered_at"
    )

    assert await db.fetchval(NO_OVERLAP) == 0
    assert (outside, future, early) == (0, 0, 0)
    assert await db.fetchval("select count(distinct status) from service_records") >= 5


async def test_counters_agree_with_the_rows_they_count(db: Any) -> None:
    posts = await db.fetchval(
        "select count(*) from posts p where joined <> (select count(*) from sign_ups s"
        " where s.post_id = p.id and s.status in ('ACCEPTED', 'ATTENDED', 'NO_SHOW'))"
    )
    volunteers = await db.fetchval(
        "select count(*) from volunteers v where effective_minutes <> (select"
        " coalesce(sum(minutes), 0) from service_records s where s.volunteer_id = v.id"
        " and s.status = 'EFFECTIVE') or no_show_count <> (select count(*) from sign_ups u"
        " where u.volunteer_id = v.id and u.status = 'NO_SHOW') or star <> (select count(*)"
        " from unnest(array[100, 300, 600, 1000, 1500]) h where effective_minutes >= h * 60)"
    )

    assert (posts, volunteers) == (0, 0)
    assert await db.fetchval("select max(star) from volunteers") > 0


async def test_projects_stand_in_the_state_of_their_dates_and_teams(db: Any) -> None:
    wrong = await db.fetch(
        "select p.status, t.permission_group from projects p join teams t on t.id = p.team_id"
        " where (p.status = 'CLOSED' and p.ends_at > $1)"
        " or (p.status = 'RUNNING' and not $1 between p.starts_at and p.ends_at)"
        " or (p.status = 'WAITING' and p.starts_at <= $1)"
        " or (p.status = 'DISABLED') <> (t.status = 'DISABLED')"
        " or (p.status = 'PENDING' and t.permission_group in"
        " ('JUNIOR_PROJECT', 'MIDDLE', 'MIDDLE_QUICK', 'SENIOR', 'SENIOR_QUICK'))",
        TODAY,
    )

    assert wrong == []


async def test_whatever_waits_has_a_review_with_the_right_reviewer(db: Any) -> None:
    waiting = await db.fetchrow(
        "select (select count(*) from teams where status = 'PENDING') as teams,"
        " (select count(*) from projects where status = 'PENDING') as projects,"
        " (select count(*) from memberships where status = 'APPLYING') as memberships,"
        " (select count(*) from submissions where status = 'SUBMITTED') as submissions"
    )
    reviews = await db.fetch("select subject_type, count(*) as n from reviews group by 1")
    wrong = await db.fetchval(
        "select count(*) from reviews v join teams t on t.id = v.team_id where v.kind in"
        " ('TEAM_REGISTRATION', 'PROJECT_PUBLICATION', 'SUBMISSION')"
        " and v.reviewer_team_id <> t.contact_team_id"
    )

    assert {row["subject_type"]: row["n"] for row in reviews} == {
        "Team": waiting["teams"],
        "Project": waiting["projects"],
        "Membership": waiting["memberships"],
        "Submission": waiting["submissions"],
    }
    assert all(waiting.values())
    assert wrong == 0


# What breaks a rule: table, and a condition on its rows ``t`` that none may satisfy.
BROKEN = {
    "a last step that is not the state": """complaints: t.status <> (
        select s.status from complaint_steps s where s.complaint_id = t.id
        order by s.id desc limit 1)""",
    "a department that is not competent": """complaints: t.handler_team_id is null and not exists (
        select from regions r join teams c on starts_with(c.region_path, r.path)
        where r.id = t.handler_region_id and c.id = t.team_id
          and r.level = case when appeals = 0 then 'COUNTY' else 'PROVINCE' end)""",
    "a team that is not competent": """complaints:
        t.handler_team_id is not null
        and (subject_type <> 'Project' or handler_team_id <> case
          when appeals = 0 then team_id
          else (select contact_team_id from teams where id = t.team_id) end)""",
    "another time than its stage has": """complaints: t.due_at <> (
        select max(s.created_at) + case when appeals = 0 then interval '60 days'
          else interval '30 days' end
        from complaint_steps s where s.complaint_id = t.id and s.status = 'SUBMITTED')
        or t.appeals <> (select count(*) - 1 from complaint_steps s
          where s.complaint_id = t.id and s.status = 'SUBMITTED')""",
    "an author who is no member": """submissions: not exists (select from memberships m
        where m.team_id = t.team_id and m.volunteer_id = t.volunteer_id and m.status = 'JOINED')""",
    "people who were not found": """needs: found <> (select coalesce(sum(people), 0)
        from need_answers a where a.need_id = t.id and a.status = 'ACCEPTED')""",
    "an answer to a need that has ended": """need_answers: exists (
        select from needs n where n.id = t.need_id and n.status <> 'OPEN')""",
    "points that were not paid or given back": """redemptions: (
        select sum(points) from reward_entries e where e.redemption_id = t.id)
        <> case when status = 'CANCELLED' then 0 else -price end""",
    "a debt": """volunteers: (select coalesce(sum(points), 0) from reward_entries e
        where e.volunteer_id = t.id) < 0""",
}
OF_TEAM = "join team_admins a on a.team_id ="
OF_PERSON = "join volunteers v on v.id ="
OF_OFFICE = "join department_users d on d.region_id ="
# Who finds what: an account of the demo, and rows that are theirs.
FOUND = {
    "own complaints": ("volunteer1", "complaints where complainant_account_id = $1"),
    "own articles": ("volunteer1", "submissions where author_account_id = $1"),
    "own points": (
        "volunteer1",
        f"reward_entries e {OF_PERSON} e.volunteer_id where account_id = $1",
    ),
    "own offers": ("volunteer1", f"offers o {OF_PERSON} o.volunteer_id where account_id = $1"),
    "complaints to handle": (
        "team1",
        f"complaints c {OF_TEAM} c.handler_team_id where a.account_id = $1",
    ),
    "complaints to review": (
        "chongqing",
        f"complaints c {OF_TEAM} c.handler_team_id where a.account_id = $1 and c.appeals = 1",
    ),
    "complaints that are overdue": (
        "mca_yubei",
        (
            f"complaints c {OF_OFFICE} c.handler_region_id where d.account_id = $1"
            " and c.decided_at is null and c.closed_at is null and c.due_at < '2026-05-20'"
        ),
    ),
    "own needs": ("team1", f"needs n {OF_TEAM} n.team_id where a.account_id = $1"),
    "articles to review": (
        "town1",
        (
            f"reviews r {OF_TEAM} r.reviewer_team_id"
            " where r.kind = 'SUBMISSION' and r.state = 'PENDING' and a.account_id = $1"
        ),
    ),
    "own notices": ("yubei", "notices where issuer_account_id = $1"),
    "complaints to take on": (
        "mca_yubei",
        (
            f"complaints c {OF_OFFICE} c.handler_region_id"
            " where d.account_id = $1 and c.status = 'SUBMITTED'"
        ),
    ),
    "rewards to hand over": (
        "mca_yubei",
        f"redemptions r {OF_OFFICE} r.region_id where d.account_id = $1 and r.status = 'REQUESTED'",
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
async def test_what_the_demo_says_and_exchanges_keeps_the_rules(db: Any, broken: str) -> None:
    table, condition = broken.split(":", 1)

    assert await db.fetchval(f"select count(*) from {table}") > 0  # noqa: S608 - our tables
    assert await db.fetchval(f"select count(*) from {table} t where {condition}") == 0  # noqa: S608


async def test_rewards_seeded_are_those_that_the_rules_come_to(db: Any) -> None:
    earning = await db.fetch("select distinct volunteer_id from reward_entries order by 1")

    settled = [await db.fetch(SETTLE, row["volunteer_id"], None, TODAY) for row in earning]

    assert earning
    assert settled == [[]] * len(earning)


@pytest.mark.parametrize(("username", "rows"), FOUND.values(), ids=FOUND)
async def test_who_tries_the_demo_finds_something_of_their_own(
    db: Any, username: str, rows: str
) -> None:
    account = await db.fetchval("select id from accounts where username = $1", username)

    assert await db.fetchval(f"select count(*) from {rows}", account) > 0  # noqa: S608


async def test_demo_accounts_hold_what_they_are_listed_with(seeded: str, db: Any) -> None:
    accounts = {account.username: account for account in await demo_accounts(seeded)}

    hashes = await db.fetch(
        "select password_hash from accounts where username = any($1)", list(accounts)
    )
    with_password = await db.fetchval(
        "select count(*) from accounts where password_hash is not null"
    )
    assert list(accounts) == [
        "volunteer1", "team1", "community1", "town1", "yubei", "chongqing", "legal1",
        "mca_chongqing", "mca_yubei", "developer",
    ]  # fmt: skip
    assert accounts["volunteer1"].acting_as == "volunteer"
    assert accounts["mca_yubei"].acting_as == "department:500112000000"
    assert accounts["yubei"].what.startswith("渝北区志愿者协会 管理员、志愿者 ")
    assert accounts["chongqing"].acting_as == accounts["developer"].acting_as
    assert len({row["password_hash"] for row in hashes}) == 1
    assert verify_password(hashes[0]["password_hash"], PASSWORD).ok
    assert with_password == len(accounts)


async def test_seeded_station_leaves_nothing_to_fold_and_its_ledger_agrees(db: Any) -> None:
    assert await db.fetchval("select exists (select from ledger_pending)") is False
    assert await db.fetchval("select exists (select from ledger_totals)") is True
    assert [str(each) for each in await verify(db)] == []


async def test_seeding_twice_is_refused_and_changes_nothing(seeded: str, db: Any) -> None:
    before = await db.fetchval("select count(*) from teams")

    with pytest.raises(AlreadySeeded, match="seeded already"):
        await seed(seeded, KEYS, sizes=SIZES, today=TODAY)

    assert await db.fetchval("select count(*) from teams") == before
    assert await seed_hubs(seeded) == 0


async def test_same_seed_gives_the_same_rows(databases: Databases, tmp_path: Path) -> None:
    one, two, other = [await small(empty_station(databases), tmp_path) for _ in range(3)]
    sizes = Sizes(teams=40, volunteers=30, projects=30, records=200)

    for url, number in ((one, 1), (two, 1), (other, 2)):
        await seed(url, KEYS, sizes=sizes, seed=number, today=TODAY)

    prints = [await fingerprints(url) for url in (one, two, other)]
    assert prints[0] == prints[1]
    assert prints[0]["volunteers"] != prints[2]["volunteers"]
    for url in (one, two, other):
        databases.drop(url)


async def fingerprints(url: str) -> dict[str, str]:
    """A hash of each table's rows without what depends on the clock or on a fresh salt."""
    moving = "'{created_at,updated_at,granted_at,password_hash,no_review_password_hash}'::text[]"
    tables = (
        "regions", "teams", "team_view_links", "accounts", "volunteers", "volunteer_identities",
        "memberships", "projects", "posts", "sign_ups", "service_records", "reviews",
        "certificates", "complaints", "complaint_steps", "submissions", "notices", "needs",
        "offers", "need_answers", "reward_rules", "reward_items", "reward_entries", "redemptions",
    )  # fmt: skip
    async with connected(url) as connection:
        return {
            table: await connection.fetchval(
                "select md5(string_agg(row, e'\\n' order by row collate \"C\")) from"  # noqa: S608 - our tables
                f" (select (to_jsonb(t) - {moving})::text as row from {table} t) rows"
            )
            for table in tables
        }


async def test_hubs_jump_over_a_missing_level(empty: str, tmp_path: Path) -> None:
    await small(empty, tmp_path)

    made = await seed_hubs(empty)

    async with connected(empty) as connection:
        above = await connection.fetchval(
            "select c.name from teams t join teams c on c.id = t.contact_team_id"
            " where t.name = '高新镇志愿服务总队'"
        )
    assert made == 8
    assert above == "成都市志愿服务联合会"


async def test_hubs_of_later_regions_join_the_standing_tree(empty: str, tmp_path: Path) -> None:
    await seed_hubs(await small(empty, tmp_path))
    file = tmp_path / "more.csv"
    file.write_text(
        "code,name,level,parent_code\n510104002000,牛市口街道,4,510104000000\n", encoding="utf-8"
    )
    await import_regions(empty, file)

    made = await seed_hubs(empty)

    async with connected(empty) as connection:
        above = await connection.fetchval(
            "select c.name from teams t join teams c on c.id = t.contact_team_id"
            " where t.name = '牛市口街道志愿服务总队' and t.path = c.path || t.id || '/'"
        )
        histories = await connection.fetchval("select count(*) from team_attachments")
    assert made == 1
    assert above == "锦江区志愿者协会"
    assert histories == 9


async def test_more_records_than_people_can_serve_are_refused(empty: str, tmp_path: Path) -> None:
    await small(empty, tmp_path)

    with pytest.raises(SizesRefused, match="2 volunteers cannot have 10000 records"):
        await seed(empty, KEYS, sizes=Sizes(volunteers=2, records=10_000, teams=9), today=TODAY)

    async with connected(empty) as connection:
        assert await connection.fetchval("select count(*) from teams") == 0


async def test_regions_without_a_county_cannot_be_seeded(empty: str, tmp_path: Path) -> None:
    file = tmp_path / "nation.csv"
    file.write_text("\n".join(SMALL.splitlines()[:2]) + "\n", encoding="utf-8")
    await import_regions(empty, file)

    with pytest.raises(NoRegions, match="no county"):
        await seed(empty, KEYS, today=TODAY)


@pytest.mark.parametrize("sizes", [Sizes(teams=0, volunteers=0, projects=0, records=0)])
async def test_hubs_and_accounts_alone_can_be_seeded(
    empty: str, tmp_path: Path, sizes: Sizes
) -> None:
    await seed(await small(empty, tmp_path), KEYS, sizes=sizes, today=TODAY)

    assert "yubei" in {account.username for account in await demo_accounts(empty)}
