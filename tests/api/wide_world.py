"""Two districts alike but for their width: what costs the same in both is not done row by row.

Below the hub of each are ``width`` town hubs with a village hub each, seven teams below every hub.
The first town hub of each has ``width`` projects with twelve sign-ups; one volunteer of each has
``width`` records, at as many projects and teams.
"""

from collections.abc import Mapping
from typing import Any

from db.migrate import upgrade
from tests.small_world import STATION, connected

WIDTHS: Mapping[str, int] = {"narrow": 3, "wide": 300}
TEAMS_EACH = 7
SIGN_UPS_EACH = 12
CITY = 1_000_000

REGION = """
insert into regions (id, province, parent_id, path, depth, level, code, division_code,
                     name, short_name)
select id, '50', parent_id, path, depth, level, code, code, name, name from ({rows}) rows
"""
TEAM = """
insert into teams (id, province, team_no, name, sort_key, name_grams, kind, registration_status,
                   hub_level, permission_group, status, contact_team_id, path, depth, region_id,
                   region_path, principal_name, principal_mobile, contact_name, contact_mobile,
                   registered_at)
select id, '50', 'N' || id, name, name, '{{}}', 'GROUP', 'UNREGISTERED', hub_level,
       'SENIOR_QUICK', 'ENABLED', contact_team_id, path, depth, region_id, r.path_of_region,
       '甲', '13800000000', '乙', '13900000000', '2026-01-01T00:00Z'
from ({rows}) rows
join lateral (select path as path_of_region from regions where regions.id = region_id) r on true
"""


def base(district: str) -> int:
    """The id of a district and of its hub; all others are counted from it."""
    return CITY * (2 + list(WIDTHS).index(district))


def code(district: str) -> str:
    """The code of a district."""
    return f"50010{1 + list(WIDTHS).index(district)}000000"


def first_town(district: str) -> int:
    """The id of the first town hub."""
    return base(district) + 1


def account(district: str) -> int:
    """The id of the account that manages the district's hub."""
    return base(district)


def volunteer_account(district: str) -> int:
    """The id of the account of the volunteer with the records."""
    return base(district) + 1


async def prepare_wide(url: str) -> None:
    """Fills an empty database with this world."""
    await upgrade(url, station=STATION)
    async with connected(url) as connection, connection.transaction():
        await connection.execute(
            REGION.format(
                rows=f"select {CITY} id, null::bigint parent_id, '{CITY}/' path, 1 depth,"
                " 'PROVINCE' level, '500000000000' code, '重庆市' as name"
            )
        )
        await connection.execute(
            TEAM.format(
                rows=f"select {CITY} id, '联合会' as name, 'CITY' hub_level,"
                f" null::bigint contact_team_id, '{CITY}/' path, 1 depth, {CITY} region_id"
            )
        )
        for district, width in WIDTHS.items():
            await _plant(connection, district, width)
    async with connected(url) as connection:
        await connection.execute("analyze")


async def _plant(connection: Any, district: str, width: int) -> None:
    top, number = base(district), code(district)[:6]
    levels = f"""
    select {top} id, {CITY}::bigint parent_id, '{CITY}/{top}/' path, 2 depth,
           'COUNTY' level, 'DISTRICT' hub_level, '{number}000000' code, '区' as name
    union all
    select {top} + n, {top}, '{CITY}/{top}/' || {top} + n || '/', 3,
           'TOWN', 'TOWN', '{number}' || lpad(n::text, 3, '0') || '000', '街道' || n
    from generate_series(1, {width}) n
    union all
    select {top} + 1000 + n, {top} + n,
           '{CITY}/{top}/' || {top} + n || '/' || {top} + 1000 + n || '/', 4,
           'VILLAGE', 'COMMUNITY', '{number}' || lpad(n::text, 3, '0') || '001', '社区' || n
    from generate_series(1, {width}) n
    """  # noqa: S608
    await connection.execute(REGION.format(rows=levels))
    await connection.execute(
        TEAM.format(
            rows=f"select id, name, hub_level, parent_id contact_team_id, path, depth,"  # noqa: S608
            f" id region_id from ({levels}) hubs"
        )
    )
    await connection.execute(
        TEAM.format(
            rows=f"""
            select {top} + 10000 + (id - {top}) * 10 + n id, name || '队' || n as name,
                   null::text hub_level, id contact_team_id,
                   path || {top} + 10000 + (id - {top}) * 10 + n || '/' path, depth + 1 depth,
                   id region_id
            from ({levels}) hubs, generate_series(1, {TEAMS_EACH}) n"""  # noqa: S608
        )
    )
    await connection.execute(
        f"""
        insert into accounts (id, province, username, display_name, status)
        select {top} + n, '50', '{district}' || n, '{district}' || n, 'ENABLED'
        from generate_series(0, {SIGN_UPS_EACH}) n;
        insert into team_admins (province, team_id, account_id, role)
        values ('50', {top}, {top}, 'MANAGER');
        insert into volunteers (id, province, volunteer_no, account_id, name, sort_key,
                                name_grams, sex, born_on, region_id, region_path, status,
                                real_name_status, registered_at)
        select {top} + n, '50', 'V' || {top} + n, {top} + n, '志愿者' || n, 'z' || n, '{{}}',
               'FEMALE', '1990-01-01', {top}, '{CITY}/{top}/', 'ENABLED', 'VERIFIED',
               '2026-01-01T00:00Z'
        from generate_series(1, {SIGN_UPS_EACH}) n;
        insert into projects (id, province, project_no, team_id, name, sort_key, name_grams,
                              status, scope, region_id, region_path, starts_at, ends_at,
                              categories, targets, description, contact_name, contact_mobile)
        select {top} + n, '50', 'P' || {top} + n, t.id, '项目' || n, 'x' || n, '{{}}', 'CLOSED',
               'OPEN', t.region_id, t.region_path, timestamptz '2026-01-01T00:00Z' + n * i,
               timestamptz '2026-01-01T08:00Z' + n * i, '{{}}', '{{}}', '说明', '丙', '13700000000'
        from (select interval '1 day' i) i, generate_series(1, {width}) n
        join teams t on t.id = {top} + 10000 + 10 + 1 + n % {TEAMS_EACH};
        insert into posts (id, province, project_id, post_no, name, planned)
        select id, '50', id, 1, '引导', 20 from projects where id between {top} and {top} + 999;
        insert into sign_ups (id, province, project_id, post_id, team_id, volunteer_id, status)
        select p.id * 100 + n, '50', p.id, p.id, p.team_id, {top} + n, 'ATTENDED'
        from projects p, generate_series(1, {SIGN_UPS_EACH}) n
        where p.id between {top} and {top} + 999;
        insert into service_records (province, volunteer_id, team_id, project_id, region_path,
                                     starts_at, ends_at, minutes, status, source, content, place)
        select '50', {top} + 1, p.team_id, p.id, p.region_path, p.starts_at,
               p.starts_at + interval '90 minutes', 90, 'EFFECTIVE', 'TEAM_ENTRY', '服务', '社区'
        from projects p where p.id between {top} and {top} + 999
        """  # noqa: S608
    )
