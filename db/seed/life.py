"""The teams that act, by place; the cast of the demo; what a plan of people refers to."""

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from db.seed.home import Home, Hub

ACTORS = """
select t.id, t.province, t.team_no, t.name, t.hub_level, t.permission_group, t.status,
    t.registration_status, t.region_id, t.region_path, t.contact_team_id, t.service_categories,
    t.contact_name, t.contact_mobile, r.code, r.short_name,
    exists (select from teams b where b.branch_of_id = t.id) as has_branches
from teams t join regions r on r.id = t.region_id
where t.province = $1 and t.status in ('ENABLED', 'DISABLED')
order by t.id
"""

FREE_TO_PUBLISH = frozenset({"JUNIOR_PROJECT", "MIDDLE", "MIDDLE_QUICK", "SENIOR", "SENIOR_QUICK"})


@dataclass(frozen=True, slots=True)
class Actor:
    """A team that can have members and projects."""

    id: int
    province: str
    team_no: str
    name: str
    hub_level: str | None
    permission_group: str
    status: str
    registration_status: str
    region_id: int
    region_path: str
    contact_team_id: int | None
    service_categories: Sequence[str]
    contact_name: str
    contact_mobile: str
    code: str
    short_name: str
    has_branches: bool

    @property
    def enabled(self) -> bool:
        """Whether the team takes members and begins projects."""
        return self.status == "ENABLED"

    @property
    def publishes_freely(self) -> bool:
        """Whether its projects need no review (DOMAIN §4)."""
        return self.permission_group in FREE_TO_PUBLISH


@dataclass(frozen=True, slots=True)
class Life:
    """The acting teams of the home province; numbers of teams are places in ``actors``."""

    home: Home
    actors: Sequence[Actor]
    by_place: Mapping[str, Sequence[int]] = field(repr=False)

    def within(self, hubs: Sequence[Hub]) -> Sequence[int]:
        """The teams at the regions of these hubs."""
        return [n for hub in hubs for n in self.by_place.get(hub.region_path, ())]

    def number_of(self, team_id: int) -> int:
        """The place of a team in ``actors``."""
        return next(n for n, actor in enumerate(self.actors) if actor.id == team_id)


async def find_life(connection: Any, home: Home) -> Life:
    """The acting teams, as they stand in the database."""
    rows = await connection.fetch(ACTORS, home.province_hub.province)
    actors = [Actor(**row) for row in rows]
    by_place: dict[str, list[int]] = defaultdict(list)
    for n, actor in enumerate(actors):
        by_place[actor.region_path].append(n)
    return Life(home, actors, by_place)


@dataclass(frozen=True, slots=True)
class Cast:
    """The teams that the demo accounts manage, as numbers in ``Life.actors``."""

    team: int
    community: int
    town: int
    district: int
    city: int
    legal: int | None


def find_cast(life: Life) -> Cast:
    """A team of a town in the liveliest district, and the hubs around it."""
    home = life.home
    hubs = [life.number_of(hub.id) for hub in home.liveliest[:60]]
    town = next((n for n in hubs if life.actors[n].hub_level == "TOWN"), hubs[0])
    communities = [n for n in hubs if life.actors[n].hub_level == "COMMUNITY"]
    team = next(
        (
            n
            for n in life.by_place[life.actors[town].region_path]
            if life.actors[n].contact_team_id == life.actors[town].id
            and life.actors[n].enabled
            and life.actors[n].hub_level is None
        ),
        town,
    )
    parents = [n for n, actor in enumerate(life.actors) if actor.has_branches]
    lively = [n for n in parents if life.actors[n].region_path == life.actors[hubs[0]].region_path]
    legal = next(iter([*lively, *parents]), None)
    return Cast(
        team=team,
        community=communities[0] if communities else town,
        town=town,
        district=hubs[0],
        city=life.number_of(home.province_hub.id),
        legal=legal,
    )


@dataclass(slots=True)
class Crowd:
    """The planned volunteers: where each lives, since when, in which teams, how busy."""

    place: "array[int]" = field(default_factory=lambda: array("i"))
    registered: "array[int]" = field(default_factory=lambda: array("i"))
    records: "array[int]" = field(default_factory=lambda: array("i"))
    teams: list[tuple[int, ...]] = field(default_factory=list)
    ids: range = range(0)
    account_ids: range = range(0)

    def __len__(self) -> int:
        return len(self.teams)
