"""Regions and stations."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from db.enums import RegionLevel, StationPhase
from db.paths import path_ids
from db.queries import pages
from db.queries.entities import REGION
from db.queries.rows import RegionRow, StationRow
from gateway.engine.rows import is_instance_of
from permissions.statistics import sees_figures_of
from resolvers.statistics import children, totals
from schema.caching import FOR_TODAY
from schema.costs import CHAIN, CHILDREN, sized
from schema.ids import id_field
from schema.info import Info
from schema.pagination import connection_field, connection_of, every, lazy_type, list_of
from schema.references import referred
from schema.types.node import Node
from schema.types.staff import local_policy
from schema.types.station import (
    administrators,
    categories,
    page,
    support_channels,
    training_links,
)
from schema.types.statistics import AsOf, ChildStatistics, Months, RegionStatistics
from schema.visibility import EVERYONE, OFFICIALS, attribute, batched, object_type

Itself = lazy_type("Region", "schema.types.region")
Team = lazy_type("Team", "schema.types.team")
TeamConnection = lazy_type("TeamConnection", "schema.types.team")


@object_type(to=EVERYONE, description="Region of the management tree (区划)")
class Region(Node):
    """A region; the objects are ``RegionRow``."""

    is_type_of = staticmethod(is_instance_of(RegionRow, RegionRow.Part))

    id = id_field("Region")
    code: str = attribute(
        to=EVERYONE, description="Code of the region: 12 digits, or the station's own (区划代码)"
    )
    division_code: str | None = attribute(
        to=EVERYONE, description="National division code, none for functional zones (国家区划代码)"
    )
    name: str = attribute(to=EVERYONE, description="Name of the region (名称)")
    short_name: str = attribute(to=EVERYONE, description="Short name of the region (简称)")
    level: RegionLevel = attribute(to=EVERYONE, description="Level of the region (层级)")
    population: int | None = attribute(
        to=EVERYONE, description="Resident population where it is known (常住人口)"
    )
    population_year: int | None = attribute(
        to=EVERYONE, description="Year of which the population is known (人口统计年份)"
    )
    population_source: str | None = attribute(
        to=EVERYONE, description="Census or bulletin that tells the population (人口数据来源)"
    )
    valid_from: date | None = attribute(
        to=EVERYONE, description="First day of the region (设立日期)"
    )
    valid_to: date | None = attribute(to=EVERYONE, description="Last day of the region (撤销日期)")

    local_policy = local_policy

    @batched(
        Itself | None,
        to=EVERYONE,
        description="Region that this one lies in (上级区划)",
        needs=("parent_id",),
        hints=(FOR_TODAY,),
    )
    @staticmethod
    async def parent(parents: Sequence[RegionRow], info: Info) -> Sequence[RegionRow | None]:
        return await referred(info, REGION, [row.parent_id for row in parents])

    @batched(
        list_of(Itself),
        to=EVERYONE,
        description="Regions that this one lies in, the nation first (所有上级区划)",
        needs=("path",),
        hints=(sized(CHAIN), FOR_TODAY),
    )
    @staticmethod
    async def ancestors(parents: Sequence[RegionRow], info: Info) -> Sequence[Sequence[RegionRow]]:
        chains = [path_ids(row.path)[:-1] for row in parents]
        found = await referred(info, REGION, [each for chain in chains for each in chain])
        rows = iter(found)
        return [[row for row in (next(rows) for _ in chain) if row is not None] for chain in chains]

    @batched(
        list_of(Itself),
        to=EVERYONE,
        description="Regions directly below, by code (下级区划)",
        needs=("id",),
        hints=(sized(CHILDREN), FOR_TODAY),
    )
    @staticmethod
    async def children(parents: Sequence[RegionRow], info: Info) -> Any:
        return await every(info, pages.REGION_CHILDREN, [row.id for row in parents], "CODE")

    @batched(
        RegionStatistics | None,
        to=OFFICIALS,
        description="Figures of the region, for who answers for it (统计)",
        needs=("id", "path", "population"),
    )
    @staticmethod
    async def statistics(parents: Sequence[RegionRow], info: Info, as_of: AsOf = None) -> Any:
        # SECURITY: a region outside the viewer's own answers as if it had no figures.
        allowed = [row for row in parents if sees_figures_of(info.context.viewer, row.path)]
        ids = [row.id for row in allowed]
        found = dict(zip(ids, await totals(info.context, ids, allowed, as_of), strict=True))
        return [found.get(row.id) for row in parents]

    @batched(
        list[ChildStatistics],
        to=OFFICIALS,
        description="Figures of each region directly below, by code (下级统计)",
        needs=("id", "path"),
        hints=(sized(CHILDREN),),
    )
    @staticmethod
    async def child_statistics(
        parents: Sequence[RegionRow], info: Info, months: Months = 12, as_of: AsOf = None
    ) -> Any:
        # SECURITY: as above; whoever answers for a region answers for those below it.
        ids = [row.id for row in parents if sees_figures_of(info.context.viewer, row.path)]
        found = dict(
            zip(ids, await children(info.context, "regions", ids, months, as_of), strict=True)
        )
        return [found.get(row.id, ()) for row in parents]

    @batched(
        Team | None,
        to=EVERYONE,
        description="Hub team of the region (本级枢纽型团体)",
        needs=("id",),
    )
    @staticmethod
    async def hub(parents: Sequence[RegionRow], info: Info) -> Any:
        found = await every(info, pages.REGION_HUBS, [row.id for row in parents], "NEWEST")
        return [hubs[0] if hubs else None for hubs in found]

    teams = connection_field(
        pages.REGION_TEAMS,
        TeamConnection,
        order="NAME",
        to=EVERYONE,
        description="Teams of the region itself, by name (本级队伍)",
    )


RegionConnection = connection_of("Region", Region, to=EVERYONE, term="区划")


@object_type(to=EVERYONE, description="Station of the system (分站)")
class Station(Node):
    """A station; the objects are ``StationRow``."""

    is_type_of = staticmethod(is_instance_of(StationRow))

    id = id_field("Station")
    number: int = attribute(to=EVERYONE, description="Number of the station (站点编号)")
    code: str = attribute(to=EVERYONE, description="Code of the station (站点代码)")
    name: str = attribute(to=EVERYONE, description="Name of the station (站点名称)")
    host: str = attribute(to=EVERYONE, description="Host name of the station (域名)")
    is_national: bool = attribute(
        to=EVERYONE, description="Whether it is the nation's (是否全国站)"
    )
    phase: StationPhase = attribute(to=EVERYONE, description="Phase of the station (运行阶段)")
    batch: int | None = attribute(to=EVERYONE, description="Batch of the trial run (试运行批次)")

    page = page
    support_channels = support_channels
    training_links = training_links
    categories = categories
    administrators = administrators

    @batched(
        Region, to=EVERYONE, description="Region of the station (所属区划)", needs=("region_id",)
    )
    @staticmethod
    async def region(parents: Sequence[StationRow], info: Info) -> Sequence[Any]:
        return await referred(info, REGION, [row.region_id for row in parents])
