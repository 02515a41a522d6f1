"""Where the synthetic life of a station takes place: its province, and two lively districts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# 渝北区 and 渝中区: demos look there.
LIVELY_COUNTIES = ("500112000000", "500103000000")

FIRST_COUNTIES = """
select code, province from regions where level = 'COUNTY' and valid_to is null
order by (code = $1) desc, (code = $2) desc, code limit 2
"""

HUBS = """
select t.id, t.path, t.depth, t.name, t.hub_level, t.province, t.region_id, t.region_path,
    r.code, r.short_name
from teams t join regions r on r.id = t.region_id
where t.is_hub and t.province = $1 and t.status = 'ENABLED'
order by t.region_path
"""


@dataclass(frozen=True, slots=True)
class Hub:
    """A hub and its region, as what is seeded below it needs them."""

    id: int
    path: str
    depth: int
    name: str
    hub_level: str
    province: str
    region_id: int
    region_path: str
    code: str
    short_name: str


@dataclass(frozen=True, slots=True)
class Home:
    """The hubs of the station's province, and the two districts that most of the life is in."""

    hubs: Sequence[Hub]
    liveliest: Sequence[Hub]
    lively: Sequence[Hub]
    province_hub: Hub

    def area_of(self, hub: Hub) -> Hub:
        """The district hub over the hub; itself if there is none."""
        return next((d for d in self.districts() if hub.region_path.startswith(d.region_path)), hub)

    def districts(self) -> Sequence[Hub]:
        """The hubs of districts and counties, by code of region."""
        return [hub for hub in self.hubs if hub.hub_level == "DISTRICT"]


class NoRegions(Exception):
    """There is no district to seed."""


async def find_home(connection: Any) -> Home:
    """The home of this database, from its regions and hubs.

    Raises:
        NoRegions: no region of county level stands, or hubs are missing.
    """
    counties = await connection.fetch(FIRST_COUNTIES, *LIVELY_COUNTIES)
    if not counties:
        raise NoRegions("There is no county among the regions: import regions first.")
    hubs = [Hub(**row) for row in await connection.fetch(HUBS, counties[0]["province"])]
    by_code = {hub.code: hub for hub in hubs}
    subtrees = [_subtree(hubs, by_code.get(county["code"])) for county in counties]
    return Home(
        hubs=hubs,
        liveliest=subtrees[0],
        lively=subtrees[-1],
        province_hub=hubs[0],
    )


def _subtree(hubs: Sequence[Hub], root: Hub | None) -> Sequence[Hub]:
    if root is None:
        raise NoRegions("A county has no hub: seed the hubs first.")
    return [hub for hub in hubs if hub.region_path.startswith(root.region_path)]
