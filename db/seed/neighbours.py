"""The teams around the demo's, and moments and departments that what they do is told by."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from db.seed.life import Actor, Cast, Life

CHINA = ZoneInfo("Asia/Shanghai")
MORNING = time(9)
MOST = 24


def neighbours(life: Life, cast: Cast, most: int = MOST) -> Sequence[Actor]:
    """Working teams of the liveliest district that are no legal persons, the demo's own first."""
    own = [cast.team, cast.community, cast.town, cast.district]
    near = [life.actors[n] for n in (*own, *life.within(life.home.liveliest))]
    found = {
        actor.id: actor
        for actor in near
        if actor.enabled and actor.registration_status != "LEGAL_PERSON"
    }
    hubs = [actor for actor in found.values() if actor.hub_level is not None]
    # Hubs are many and alike: the groups say more.
    first = [each for each in found.values() if each.id in {life.actors[n].id for n in own}]
    groups = [each for each in found.values() if each.hub_level is None]
    ordered = {each.id: each for each in (*first, *groups, *hubs)}
    return list(ordered.values())[:most]


def office_of(life: Life, actor: Actor) -> int:
    """The region whose department is competent for a team: its district's."""
    for district in life.home.districts():
        if actor.region_path.startswith(district.region_path):
            return district.region_id
    return life.home.province_hub.region_id


def morning(today: date, days: int) -> datetime:
    """Nine o'clock in China, so many days from today."""
    return datetime.combine(today + timedelta(days=days), MORNING, CHINA)
