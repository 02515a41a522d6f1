"""What a trigger does for few rows after many, and for many after one.

Its statements are planned once for each connection, for as many rows as there were the first time.
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.small_world import Planter, connected
from tests.statistics.server_time import processor_seconds

TEAMS, MANY = 2_500, 2_000
MORE_TEAMS = """
insert into teams (id, path, province, team_no, name, sort_key, name_grams, kind,
  registration_status, permission_group, status, depth, region_id, region_path, principal_name,
  principal_mobile, contact_name, contact_mobile)
select id + n, format('%s/', id + n), province, 'M' || id + n, name, sort_key, name_grams, kind,
  registration_status, permission_group, status, depth, region_id, region_path, principal_name,
  principal_mobile, contact_name, contact_mobile
from teams, generate_series(1, $2::int) n where id = $1
"""
ADD_PROJECTS = """
insert into projects select (jsonb_populate_record(p, jsonb_build_object('team_id', team,
  'id', m.top + n, 'project_no', 'M' || m.top + n))).*
from unnest($1::bigint[]) with ordinality as t (team, n), projects p,
  (select max(id) from projects) m (top)
where p.id = (select min(id) from projects)
"""
ADD_RECORDS = """
insert into service_records (province, volunteer_id, team_id, project_id, region_path, starts_at,
  ends_at, minutes, status, source, content, place)
select '50', (select min(id) from volunteers), team,
  (select min(id) from projects where team_id = team), '1/',
  now() + make_interval(hours => n::int), now() + make_interval(hours => n::int + 1), 60,
  'EFFECTIVE', 'TEAM_ENTRY', '服务', '社区'
from unnest($1::bigint[]) with ordinality as t (team, n)
"""
STOP_TEAMS = """
update teams set status = case status when 'ENABLED' then 'DISABLED' else 'ENABLED' end
where id = any($1)
"""
TAKE_BACK_PROJECTS = """
update projects set status = case status when 'WAITING' then 'DRAFT' else 'WAITING' end
where team_id = any($1)
"""
CHANGE_CATEGORIES = """
update projects set categories = case categories when '{COMMUNITY}' then '{MEDICAL}'::text[]
  else '{COMMUNITY}' end
where team_id = any($1)
"""
# There and back.
MOVE_TEAMS = """
update teams set region_path = regexp_replace(region_path || '7/', '/7/7/$', '/')
where id = any($1)
"""
CORRECT_RECORDS = "update service_records set minutes = minutes - 1 where team_id = any($1)"
ACTS = {
    "add projects": ADD_PROJECTS,
    "take back projects": TAKE_BACK_PROJECTS,
    "change categories": CHANGE_CATEGORIES,
    "add records": ADD_RECORDS,
    "correct records": CORRECT_RECORDS,
    "stop teams": STOP_TEAMS,
    "move teams": MOVE_TEAMS,
}
READ_WHOLE = """
select relname, seq_tup_read from pg_stat_xact_user_tables
where seq_tup_read > 100 and relname in ('teams', 'projects', 'service_records', 'memberships')
"""


@pytest.fixture
async def teams(planter: Planter, db: Any) -> AsyncIterator[list[int]]:
    """Many teams, each with a project and a record."""
    region = await planter.region()
    team = await planter.team(region)
    await planter.project(team)
    await planter.record(await planter.volunteer(region), team)
    async with db.transaction():
        await db.execute(MORE_TEAMS, team.id, TEAMS)
        below = [team.id + n for n in range(1, TEAMS + 1)]
        await db.execute(ADD_PROJECTS, below)
        await db.execute(ADD_RECORDS, below)
    await db.execute("analyze")
    yield below
    for table in ("service_records", "projects", "teams"):
        await db.execute(f"delete from {table}")  # noqa: S608 - names of ours


@pytest.mark.parametrize("name", ACTS)
async def test_change_of_one_row_after_many_reads_no_table_whole(
    url: str, teams: list[int], name: str
) -> None:
    async with connected(url) as fresh:
        await fresh.execute(ACTS[name], teams[:MANY])
        await fresh.execute("select pg_stat_force_next_flush()")  # what is read is counted anew

        async with fresh.transaction():
            await fresh.execute(ACTS[name], teams[:1])
            whole = await fresh.fetch(READ_WHOLE)

    assert dict(whole) == {}


@pytest.mark.parametrize("name", ["stop teams", "take back projects"])
async def test_change_of_many_rows_after_one_looks_at_each_row_not_at_each_pair(
    url: str, teams: list[int], name: str
) -> None:
    took: dict[int, list[float]] = {250: [], MANY: []}
    async with connected(url) as fresh:
        await fresh.execute(ACTS[name], teams[:1])
        for many in (250, MANY) * 3:
            took[many].append(await processor_seconds(fresh, ACTS[name], teams[:many]))

    # Rows are 8 times as many, pairs 64 times; the cheapest look at pairs takes 13 times as long.
    assert min(took[MANY]) < 11 * min(took[250])
