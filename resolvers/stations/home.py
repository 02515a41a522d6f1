"""What the page of a station shows."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from db.clock import CHINA
from db.enums import StationPhase
from db.queries.stations import HOME
from db.session import Snapshot
from resolvers.stations.settings import (
    PageTexts,
    SupportChannel,
    TrainingLink,
    channels_of,
    links_of,
    page_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeNotice:
    """A notice to anyone, by the department of the station's region or one above."""

    title: str
    body: str
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A station as its page shows it; a whole station is of no categories."""

    name: str
    host: str
    region: str
    is_national: bool
    phase: StationPhase
    batch: int | None
    page: PageTexts
    channels: Sequence[SupportChannel]
    links: Sequence[TrainingLink]
    categories: Sequence[str]
    notices: Sequence[HomeNotice]


async def find_home(snapshot: Snapshot, host: str) -> Home | None:
    """The station of a host name, None if there is none."""
    row = await snapshot.fetch_one(HOME, host=host)
    if row is None:
        return None
    return Home(
        name=row.name,
        host=row.host,
        region=row.region_name,
        is_national=row.is_national,
        phase=StationPhase(row.phase),
        batch=row.batch,
        page=page_of(row.page),
        channels=channels_of(row.support),
        links=links_of(row.support),
        categories=row.categories or (),
        notices=[
            HomeNotice(
                title=each["title"],
                body=each["body"],
                day=datetime.fromisoformat(each["at"]).astimezone(CHINA).date(),
            )
            for each in json.loads(row.notices)
        ],
    )
