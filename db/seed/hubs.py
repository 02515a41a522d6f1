"""The hub tree: one hub for every region, hanging under the nearest hub above it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from db.enums import HubLevel, RegionLevel
from db.names import grams, sort_key
from db.numbers.business import team_no
from db.progress import Progress, silent
from db.seed.bulk import copy_rows, reserve_ids
from db.seed.hub_rules import hub_rule
from db.seed.people import People
from db.seed.team_rows import TeamRow

STEP = "hubs"
BATCH = 10_000
FIRST_YEAR = 2017

# By path, so that whatever lies above a region comes before it.
REGIONS = """
select r.id, r.province, r.path, r.depth, r.level, r.code, r.short_name,
    h.id as hub_id, h.path as hub_path, h.depth as hub_depth
from regions r
left join teams h on h.region_id = r.id and h.is_hub
    and h.status not in ('DISSOLVED', 'REJECTED', 'DRAFT')
where r.path > $1 and r.valid_to is null
order by r.path limit $2
"""

WITHOUT_HUB = """
select count(*) from regions r
where r.valid_to is null and not exists (
    select from teams h where h.region_id = r.id and h.is_hub
        and h.status not in ('DISSOLVED', 'REJECTED', 'DRAFT')
)
"""

ATTACHMENTS = """
insert into team_attachments (province, team_id, contact_team_id, path, region_path, valid_from)
select province, id, contact_team_id, path, region_path, founded_on from teams t
where founded_on is not null
  and not exists (select from team_attachments a where a.team_id = t.id)
order by id
"""


@dataclass(frozen=True, slots=True)
class _Above:
    """A hub on the way from the root to the region at hand."""

    region_path: str
    id: int
    path: str
    depth: int


async def plant_hubs(connection: Any, *, seed: int, progress: Progress = silent) -> int:
    """Makes the missing hubs of all regions, inside the caller's transaction; returns how many.

    Reads and copies in batches: the size of the country does not show in memory.
    """
    total = await connection.fetchval(WITHOUT_HUB)
    ids = iter(await reserve_ids(connection, "teams", total))
    people = People(Random(f"{seed}:hubs"))  # noqa: S311 - nothing secret
    above: list[_Above] = []
    after, made = "", 0
    while regions := await connection.fetch(REGIONS, after, BATCH):
        rows = list(_hubs(regions, above, ids, people))
        made += len(rows)
        if rows:
            await copy_rows(connection, "teams", TeamRow, rows, progress=silent)
        progress(STEP, made, total)
        after = regions[-1]["path"]
    await attach_teams(connection)
    return made


async def attach_teams(connection: Any) -> None:
    """Opens the history of every team that has none yet."""
    await connection.execute(ATTACHMENTS)


def _hubs(
    regions: Sequence[Any], above: list[_Above], ids: Iterator[int], people: People
) -> Iterator[TeamRow]:
    """The hubs that are missing; ``above`` keeps the way down from batch to batch."""
    for region in regions:
        while above and not region["path"].startswith(above[-1].region_path):
            above.pop()
        if region["hub_id"] is not None:
            hub = _Above(region["path"], region["hub_id"], region["hub_path"], region["hub_depth"])
        else:
            row = _hub(region, next(ids), above[-1] if above else None, people)
            yield row
            hub = _Above(region["path"], row.id, row.path, row.depth)
        above.append(hub)


def _hub(region: Any, id: int, contact: _Above | None, people: People) -> TeamRow:
    rule = hub_rule(RegionLevel(region["level"]), region["code"], region["short_name"])
    founded_on = _founded_on(region["depth"], people.random)
    return TeamRow(
        id=id,
        province=region["province"],
        team_no=team_no(region["code"], id),
        name=rule.name,
        sort_key=sort_key(rule.name),
        name_grams=grams(rule.name),
        hub_level=rule.level,
        permission_group=rule.group,
        contact_team_id=contact.id if contact else None,
        path=f"{contact.path if contact else ''}{id}/",
        depth=contact.depth + 1 if contact else 1,
        region_id=region["id"],
        region_path=region["path"],
        responsible_unit=rule.unit,
        responsible_unit_kind=rule.unit_kind,
        address=rule.unit if rule.level in {HubLevel.TOWN, HubLevel.COMMUNITY} else None,
        founded_on=founded_on,
        service_categories=["01"],
        intro=f"{rule.unit}负责，统筹本地志愿服务的队伍、项目与记录。",
        principal_name=people.name(),
        principal_mobile=people.mobile(),
        contact_name=people.name(),
        contact_mobile=people.mobile(),
        registered_at=datetime.combine(founded_on, time(1), UTC),
    )


def _founded_on(depth: int, random: Random) -> date:
    """Level by level, so that no hub is older than the one it hangs under."""
    return date(FIRST_YEAR, 1, 1) + timedelta(days=30 * depth + int(random.random() * 29))
