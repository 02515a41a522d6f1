"""Stations: what their pages show, who keeps them, and how they change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.enums import StationPhase
from db.rows import Row
from db.statements import Statement
from db.write import Write
from db.write_rows import to_json

_LOCK = "select id, phase, batch from stations where id = $1 for update"
_SET_PAGE = """
update stations set page = coalesce($2::text::jsonb, page),
  support = coalesce($3::text::jsonb, support)
where id = $1
"""
_SET_PHASE = "update stations set phase = $2, batch = $3 where id = $1"
# Numbers below are those of the nation and of provinces, as in division codes.
_LOCK_TABLE = "lock table stations in share row exclusive mode"
_INSERT = """
insert into stations (number, code, name, host, region_id, phase, service_categories)
select greatest(max(number) + 1, 1000), $1, $2, $3, $4, 'TRIAL', $5::text[] from stations
returning id
"""
_TAKEN = "select code = $1 as code, host = $2 as host from stations where code = $1 or host = $2"
_ENABLED = "select code from service_categories where code = any($1::text[]) and is_enabled"
_NAME = """
insert into station_admins (station_id, account_id, granted_by_id) values ($1, $2, $3)
on conflict do nothing returning id
"""
_UNNAME = """
update station_admins set revoked_at = now()
where station_id = $1 and account_id = $2 and revoked_at is null returning id
"""
_STILL_KEEPS = """
select id from station_admins where station_id = $1 and account_id = $2 and revoked_at is null
for share
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldStation:
    """A station under its lock."""

    id: int
    phase: StationPhase
    batch: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStation:
    """A sub-platform that is to be opened."""

    code: str
    name: str
    host: str
    region_id: int
    service_categories: Sequence[str]


class HomeRow(Row):
    """What the page of a station shows, texts of JSON among it."""

    name: str
    host: str
    is_national: bool
    phase: str
    batch: int | None
    region_name: str
    page: str
    support: str
    categories: list[str] | None
    notices: str


class StationAdminRow(Row):
    """A person who keeps a station's page."""

    station_id: int
    username: str
    display_name: str
    since: datetime


class StationNamedRow(Row):
    """A station as operators list it."""

    id: int
    number: int
    code: str
    name: str
    host: str
    phase: str
    batch: int | None


_NAMED = "select id, number, code, name, host, phase, batch from stations"
STATIONS = Statement(f"{_NAMED} order by number", (), {}, StationNamedRow)
STATION_OF_HOST = Statement(f"{_NAMED} where host = $1", ("host",), {}, StationNamedRow)
HOME = Statement(
    """
    select s.name, s.host, s.is_national, s.phase, s.batch, r.name, s.page::text, s.support::text,
      case when s.service_categories is not null then
        array(select c.name from service_categories c
              where c.code = any(s.service_categories) and c.is_enabled order by c.position)
      end,
      (select coalesce(json_agg(latest), '[]')::text from (
         select n.title, n.body, n.created_at as at
         from notices n join regions issued on issued.id = n.region_id
         where n.withdrawn_at is null and 'ANYONE' = any(n.readers)
           and starts_with(r.path, issued.path)
         order by n.id desc limit 5) latest)
    from stations s join regions r on r.id = s.region_id where s.host = $1
    """,
    ("host",),
    {},
    HomeRow,
)
STATION_ADMINS = Statement(
    """
    select s.station_id, a.username, a.display_name, s.granted_at
    from station_admins s join accounts a on a.id = s.account_id
    where s.station_id = any($1::bigint[]) and s.revoked_at is null
    order by s.station_id, s.granted_at, s.id
    """,
    ("ids",),
    {},
    StationAdminRow,
)


async def lock_station(write: Write, station_id: int) -> HeldStation | None:
    """The station, locked."""
    rows = await write.run(_LOCK, station_id)
    if not rows:
        return None
    row = rows[0]
    return HeldStation(id=row["id"], phase=StationPhase(row["phase"]), batch=row["batch"])


async def set_page(
    write: Write,
    station_id: int,
    page: Mapping[str, Any] | None,
    support: Mapping[str, Any] | None,
) -> None:
    """Replaces what is given; None leaves the rest as it is."""
    await write.run(
        _SET_PAGE,
        station_id,
        None if page is None else to_json(page),
        None if support is None else to_json(support),
    )


async def fetch_page(write: Write, station_id: int) -> tuple[str, str]:
    """Page and support of a station as they are, as JSON."""
    rows = await write.run(
        "select page::text, support::text from stations where id = $1", station_id
    )
    return rows[0]["page"], rows[0]["support"]


async def set_phase(write: Write, station_id: int, phase: StationPhase, batch: int | None) -> None:
    """Puts a station into a phase."""
    await write.run(_SET_PHASE, station_id, phase.value, batch)


async def names_taken(write: Write, station: NewStation) -> frozenset[str]:
    """Which of ``code`` and ``host`` another station has; holds all stations until the end."""
    await write.run(_LOCK_TABLE)
    rows = await write.run(_TAKEN, station.code, station.host)
    return frozenset(name for row in rows for name in ("code", "host") if row[name])


async def insert_station(write: Write, station: NewStation) -> int:
    """The id of a new sub-platform, whose names are free."""
    rows = await write.run(
        _INSERT,
        station.code,
        station.name,
        station.host,
        station.region_id,
        list(station.service_categories),
    )
    return int(rows[0]["id"])


async def enabled_categories(write: Write, codes: Sequence[str]) -> frozenset[str]:
    """Those of the codes that name enabled categories of service."""
    return frozenset(row["code"] for row in await write.run(_ENABLED, list(codes)))


async def name_admin(write: Write, station_id: int, account_id: int) -> bool:
    """Whether the account keeps the station from now on; it may have done so before."""
    return bool(await write.run(_NAME, station_id, account_id, write.account_id))


async def unname_admin(write: Write, station_id: int, account_id: int) -> bool:
    """Whether the account kept the station until now."""
    return bool(await write.run(_UNNAME, station_id, account_id))


async def still_keeps(write: Write, station_id: int, account_id: int) -> bool:
    """Whether an account keeps a station, and does until this write ends."""
    return bool(await write.run(_STILL_KEEPS, station_id, account_id))
