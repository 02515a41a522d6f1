"""A plan of volunteers: few do much, most do a little, and most live where demos look."""

from collections.abc import Sequence
from datetime import date
from random import Random

from db.seed.home import Hub
from db.seed.life import Cast, Crowd, Life

LIVELIEST, LIVELY = 0.6, 0.15
# Registered so many days before today.
NEWEST, OLDEST = 120, 1_500
# The n-th busiest has 1/n^BUSY times the records of the busiest.
BUSY = 0.8
# No more than this share of the days since registration.
DAYS_SHARE = 0.6
# The demo's volunteers are this busy among all.
DEMO_RANKS = (40, 3)
MOST_TEAMS = 3


class SizesRefused(Exception):
    """The sizes asked for cannot be filled."""


def plan_crowd(
    life: Life, cast: Cast, *, volunteers: int, records: int, seed: int, today: date
) -> Crowd:
    """Volunteers with their homes, teams and numbers of records; the first two are the demo's.

    Raises:
        SizesRefused: so few volunteers cannot have so many records, one a day.
    """
    random = Random(f"{seed}:crowd")  # noqa: S311 - nothing secret
    crowd = Crowd()
    everywhere, liveliest, lively = (
        _residences(hubs) for hubs in (life.home.hubs, life.home.liveliest, life.home.lively)
    )
    numbers = {hub.id: n for n, hub in enumerate(life.home.hubs)}
    demo = numbers[life.actors[cast.community].id]
    for n in range(volunteers):
        where = random.random()
        pool = (
            liveliest if where < LIVELIEST else lively if where < LIVELIEST + LIVELY else everywhere
        )
        hub = pool[int(random.random() * len(pool))]
        place = numbers[hub.id] if n >= len(DEMO_RANKS) else demo
        crowd.place.append(place)
        crowd.registered.append(
            today.toordinal() - NEWEST - int(random.random() * (OLDEST - NEWEST))
        )
        wanted = {cast.team, cast.community} if n < len(DEMO_RANKS) else set[int]()
        wanted |= _teams_of(life, life.home.hubs[place], random)
        crowd.teams.append(tuple(sorted(wanted)))
    crowd.records.extend(_shares(crowd, records, random, today))
    return crowd


def _residences(hubs: Sequence[Hub]) -> Sequence[Hub]:
    """People live in communities, where there are any."""
    return [hub for hub in hubs if hub.hub_level == "COMMUNITY"] or hubs


def _teams_of(life: Life, hub: Hub, random: Random) -> set[int]:
    """One to three teams near by: of the community first, then of the town, then the district."""
    teams: set[int] = set()
    for _ in range(1 + int(random.random() * MOST_TEAMS)):
        up = random.choice((0, 0, 0, 1, 1, 2))
        path = hub.region_path
        for _ in range(up):
            path = path[: path.rstrip("/").rfind("/") + 1]
        near = life.by_place.get(path) or life.by_place[hub.region_path]
        team = near[int(random.random() * len(near))]
        if life.actors[team].enabled:
            teams.add(team)
    return teams or {next(n for n in life.by_place[hub.region_path])}


def _shares(crowd: Crowd, records: int, random: Random, today: date) -> list[int]:
    """How many records each has; together exactly as many as asked for."""
    count = len(crowd)
    ranks = list(range(count))
    random.shuffle(ranks)
    for n, rank in enumerate(DEMO_RANKS):
        if rank < count and n < count:
            other = ranks.index(rank)
            ranks[n], ranks[other] = ranks[other], ranks[n]
    weights = [1 / (rank + 1) ** BUSY for rank in ranks]
    limits = [int((today.toordinal() - day) * DAYS_SHARE) for day in crowd.registered]
    if records > sum(limits):
        raise SizesRefused(
            f"{count} volunteers cannot have {records} records: at most {sum(limits)}."
        )
    scale = records / sum(weights) if weights else 0
    shares = [
        min(int(weight * scale), limit) for weight, limit in zip(weights, limits, strict=True)
    ]
    missing = records - sum(shares)
    while missing:
        for n in range(count):
            if missing and shares[n] < limits[n]:
                shares[n] += 1
                missing -= 1
    return shares
