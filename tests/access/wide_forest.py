"""A forest of 100,000 teams for plans and measurements: a city, 40 districts, towns, below."""

from datetime import date
from typing import Any

from tests.small_world import connected

DISTRICTS, TOWNS, COMMUNITIES, TEAMS = 40, 20, 12, 10
DISTRICT_MANAGER = 1
TOWN_MANAGER = 2
CITY_MANAGER = 3
VOLUNTEERS = 20_000


async def fill_wide_forest(url: str) -> None:
    """Fills an empty station; its accounts manage the city, the first district, its first town."""
    rows: list[tuple[Any, ...]] = []

    def add(parent: str, hub: str | None, group: str) -> str:
        number = len(rows) + 1
        path = f"{parent}{number}/"
        above = int(parent.split("/")[-2]) if parent else None
        # One team in fifty is disabled, so that public and scope differ.
        status = "DISABLED" if hub is None and number % 50 == 0 else "ENABLED"
        # A hub has a region of its own, and any other team lies in that of the hub above it.
        region, region_path = (above, parent) if hub is None else (number, path)
        depth = path.count("/")
        rows.append((number, path, depth, above, hub, group, status, region, region_path))
        return path

    city = add("", "CITY", "SENIOR_QUICK")
    for _ in range(DISTRICTS):
        district = add(city, "DISTRICT", "SENIOR_QUICK")
        for _ in range(TOWNS):
            town = add(district, "TOWN", "MIDDLE_QUICK")
            for _ in range(COMMUNITIES):
                community = add(town, "COMMUNITY", "JUNIOR_QUICK")
                for _ in range(TEAMS - 1):
                    add(community, None, "BASIC")
    async with connected(url) as connection:
        await _regions(connection, rows)
        await _teams(connection, rows)
        await _people(connection, len(rows))
        await connection.execute("analyze")


async def _regions(connection: Any, rows: list[tuple[Any, ...]]) -> None:
    """A region for each hub, shaped like the tree."""
    await connection.copy_records_to_table(
        "regions",
        records=[
            (number, "50", above, path, depth, "COUNTY", f"R{number}", "区", "区")
            for number, path, depth, above, hub, *_ in rows
            if hub is not None
        ],
        columns=[
            *("id", "province", "parent_id", "path", "depth"),
            *("level", "code", "name", "short_name"),
        ],
    )


async def _teams(connection: Any, rows: list[tuple[Any, ...]]) -> None:
    await connection.copy_records_to_table(
        "teams",
        records=[
            (
                *(number, "50", f"T{number}", f"队{number}", f"dui {number:06d}", [], "GROUP"),
                *("UNREGISTERED", hub, group, status, above, path, depth, region, region_path),
                *("甲", "13800000000", "乙", "13900000000"),
            )
            for number, path, depth, above, hub, group, status, region, region_path in rows
        ],
        columns=[
            *("id", "province", "team_no", "name", "sort_key", "name_grams", "kind"),
            *("registration_status", "hub_level", "permission_group", "status"),
            *("contact_team_id", "path", "depth", "region_id", "region_path"),
            *("principal_name", "principal_mobile", "contact_name", "contact_mobile"),
        ],
    )


async def _people(connection: Any, teams: int) -> None:
    await connection.execute("""
        insert into accounts (id, province, username, display_name, status)
        values (1, '50', 'district', '区', 'ENABLED'), (2, '50', 'town', '镇', 'ENABLED'),
               (3, '50', 'city', '市', 'ENABLED')
    """)
    await connection.execute("""
        insert into team_admins (id, province, account_id, team_id, role)
        values (1, '50', 1, 2, 'MANAGER'), (2, '50', 2, 3, 'MANAGER'), (3, '50', 3, 1, 'MANAGER')
    """)
    await connection.execute(
        """
        insert into volunteers (id, province, volunteer_no, name, sort_key, name_grams, sex,
                                born_on, region_id, region_path, status, real_name_status,
                                registered_at)
        select n, '50', 'V' || n, '志愿者', 'zhi ' || n, '{}', 'FEMALE', $1, t.region_id,
               t.region_path, 'ENABLED', 'VERIFIED', now()
        from generate_series(1, $2::int) n join teams t on t.id = 1 + (n * 5) % $3::int
        """,
        date(1990, 1, 1),
        VOLUNTEERS,
        teams,
    )
    await connection.execute(
        """
        insert into memberships (id, province, team_id, volunteer_id, status, joined_at)
        select n, '50', 1 + (n * 5) % $2::int, n, 'JOINED', now() from generate_series(1, $1::int) n
        """,
        VOLUNTEERS,
        teams,
    )
    await connection.execute("""
        insert into team_attachments (id, province, team_id, path, region_path, valid_from)
        select id, '50', id, path, region_path, now() from teams
    """)
