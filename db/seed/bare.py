"""A station before anybody acts: its regions, categories and sites, and one department user."""

from typing import Any

from db.seed.reference import Hosts, found_stations, lay_categories

OFFICER = "mca"
_ACCOUNT = """
with home as (
  select id, province, short_name from regions
  where level = 'PROVINCE' and valid_to is null order by code limit 1
), account as (
  insert into accounts (province, username, display_name, password_hash, status)
  select province, $1, short_name || '民政局', $2, 'ENABLED' from home
  on conflict (username) do nothing returning id, province
)
insert into department_users (province, account_id, region_id, title)
select a.province, a.id, h.id, '系统管理员' from account a cross join home h
"""


async def lay_bare(connection: Any, hosts: Hosts, *, password_hash: str) -> None:
    """What a station whose regions are there needs besides; what stands is left alone."""
    await lay_categories(connection)
    await found_stations(connection, hosts)
    await connection.execute(_ACCOUNT, OFFICER, password_hash)
