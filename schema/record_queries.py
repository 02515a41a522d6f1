"""Transfers, the scale of stars, candidates for stars and commendations: of the query root."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from db.clock import CHINA
from db.queries.entities import REGION, VOLUNTEER
from permissions.errors import InvalidInput
from permissions.viewer import Viewer
from resolvers.personal_file.reading import list_star_scale, list_transfers
from resolvers.records.spans import EARLIEST, LATEST
from schema.costs import CONNECTION, sized
from schema.filters import FilterBuilder
from schema.info import Info
from schema.pagination import After, Before, Cut, First, Last, page_args
from schema.region_codes import region_code
from schema.texts import storable
from schema.types.personal_file import SHARERS, RecordTransfer, StarThreshold
from schema.types.volunteer import VolunteerConnection
from schema.visibility import EVERYONE, MANAGERS, PERSONS, argument, object_type, root

MINUTES_IN_HOUR = 60
MOST_STARS = 5
LONGEST_HOURS = 1_000_000

Code = Annotated[str, argument(description="Code of a region (区划代码)")]
OptionalCode = Annotated[
    str | None, argument(description="Code of a region: who lives in it or below it (区划代码)")
]
Stars = Annotated[int, argument(description="How many stars, 1 to 5 (星级)")]
Score = Annotated[float | None, argument(description="Least average evaluation (最低平均评价)")]
Hours = Annotated[int, argument(description="Least hours of effective service (最低时长, 小时)")]
Since = Annotated[
    date | None,
    argument(description="First day of the service; a year before the last (开始日期)"),
]
Until = Annotated[date | None, argument(description="Last day of it; today (结束日期)")]
YEAR = timedelta(days=365)


@object_type(to=EVERYONE, description="Files and candidates (档案与推选)")
class RecordQueries:
    """Queries beside the lists of records."""

    @root(
        to=SHARERS,
        description="Own transfers of records, or those received, the newest first (记录转移接续)",
        graphql_type=list[RecordTransfer],
        hints=(sized(5),),
    )
    @staticmethod
    async def record_transfers(info: Info) -> Any:
        return await list_transfers(info.context)

    @root(
        to=PERSONS,
        description="From how many hours on stars are given in a region (星级标准)",
        graphql_type=list[StarThreshold],
        hints=(sized(MOST_STARS),),
    )
    @staticmethod
    async def star_scale(info: Info, region_code: Code) -> Any:
        return await list_star_scale(info.context, await _path(info, region_code))

    @root(
        to=MANAGERS,
        description="Volunteers who may be given so many stars, by hours (星级认定候选)",
        graphql_type=VolunteerConnection,
        hints=(CONNECTION,),
    )
    @staticmethod
    async def star_candidates(
        info: Info,
        *,
        stars: Stars = 1,
        region: OptionalCode = None,
        min_score: Score = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        path = _own_area(info.context.viewer) if region is None else await _path(info, region)
        scale: Any = await list_star_scale(info.context, path)
        step = next((each for each in scale if each.stars == stars), None)
        if step is None:
            raise InvalidInput("stars", "No such stars are given there.")
        builder = FilterBuilder()
        await builder.region(info, region)
        builder.value("below_star", stars, "f_below_star")
        builder.value("min_minutes", step.hours * MINUTES_IN_HOUR, "f_min_minutes")
        asked = [each for each in (min_score, step.least_score) if each is not None]
        builder.value("evaluated", float(max(asked)) if asked else None, "f_min_score")
        return await _candidates(info, builder, Cut(first, after, last, before))

    @root(
        to=MANAGERS,
        description="Volunteers by service within a time and evaluation (表彰推选候选)",
        graphql_type=VolunteerConnection,
        hints=(CONNECTION,),
    )
    @staticmethod
    async def commendation_candidates(
        info: Info,
        *,
        since: Since = None,
        until: Until = None,
        min_hours: Hours = 0,
        region: OptionalCode = None,
        min_score: Score = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        last_day = until or info.context.now.astimezone(CHINA).date()
        first_day = since or max(last_day, date(EARLIEST, 1, 1) + YEAR) - YEAR
        if last_day < first_day or first_day.year < EARLIEST or last_day.year > LATEST:
            raise InvalidInput("until", "The last day is not before the first.")
        if not 0 <= min_hours <= LONGEST_HOURS:
            raise InvalidInput("minHours", f"From 0 to {LONGEST_HOURS} hours.")
        builder = FilterBuilder()
        await builder.region(info, region)
        builder.value("served", min_hours * MINUTES_IN_HOUR, "f_served_minutes")
        builder.values["f_served_since"] = datetime.combine(first_day, time.min, CHINA)
        builder.values["f_served_before"] = datetime.combine(last_day, time.max, CHINA)
        builder.value("evaluated", min_score, "f_min_score")
        return await _candidates(info, builder, Cut(first, after, last, before))


async def _candidates(info: Info, builder: FilterBuilder, cut: Cut) -> Any:
    """A page of volunteers whom the viewer may see, those with most hours first."""
    args = page_args(info, VOLUNTEER, VOLUNTEER.orders["MINUTES"], cut)
    filters = builder.built()
    return await info.context.loaders.page(VOLUNTEER, args.narrowed(filters.chosen, filters.values))


async def _path(info: Info, code: str) -> str:
    codes = storable([region_code(code)]) or (None,)
    (row,) = await info.context.loaders.rows(REGION, codes, key="code")
    if row is None:
        raise InvalidInput("region", "There is no region of this code.")
    path: str = row.path
    return path


def _own_area(viewer: Viewer) -> str:
    """Where the viewer's department or team is."""
    if viewer.department is not None:
        return viewer.department.region_path
    return viewer.team.region_path if viewer.team is not None else ""
