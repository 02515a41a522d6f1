"""What mutations of needs, offers and answers are given, and what lists and searches take."""

from datetime import datetime
from typing import Any

import strawberry

from db.enums import AnswerStatus, MatchStatus
from db.queries.matching.searching import Wish as SearchWish
from resolvers.matching.forms import NeedForm, OfferForm
from schema.filters import FilterBuilder
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.volunteer import KEY
from schema.pagination import Filters
from schema.region_named import region_named
from schema.texts import storable
from schema.visibility import (
    EVERYONE,
    MANAGERS,
    PERSONS,
    TEAMS,
    VOLUNTEERS,
    input_field,
    input_type,
)

OFFERERS = TEAMS | VOLUNTEERS
TITLE = "Title, at most 50 characters (标题)"
DESCRIPTION = "In words, without personal data, at most 2,000 characters (说明)"
CODE = "Code of the region (区划代码)"
CATEGORIES = "Codes of 1 to 4 categories of service (服务类别)"
SKILLS = "Skills, at most 10 (技能)"


@input_type(to=EVERYONE, description="Which needs or offers (供需筛选)")
class MatchFilter:
    """Narrows a list of needs or offers."""

    status: list[MatchStatus] | None = input_field(to=EVERYONE, description="States (状态)")
    region: str | None = input_field(
        to=EVERYONE, description="Code of a region; those in it and below (区划代码)"
    )
    categories: list[str] | None = input_field(
        to=EVERYONE, description="Categories of service, one of them (服务类别)"
    )
    under: strawberry.ID | None = input_field(
        to=MANAGERS, description="Id of a team; those of it or of teams below it (所属团体)"
    )

    async def filters(self, info: Info) -> Filters:
        """The filters of the statement."""
        builder = FilterBuilder()
        builder.members("status", self.status, "f_status")
        builder.texts("categories", self.categories, "f_categories")
        builder.under(info, self.under)
        await builder.region(info, self.region)
        return builder.built()


@input_type(to=PERSONS, description="Which answers (对接意向筛选)")
class NeedAnswerFilter:
    """Narrows a list of answers."""

    status: list[AnswerStatus] | None = input_field(to=PERSONS, description="States (状态)")

    async def filters(self, info: Info) -> Filters:
        """The filters of the statement."""
        del info
        builder = FilterBuilder()
        builder.members("status", self.status, "f_status")
        return builder.built()


@input_type(to=EVERYONE, description="What a search looks for (匹配条件)")
class MatchWish:
    """What is looked for; what is left out counts for nothing and leaves nothing out."""

    categories: list[str] | None = input_field(
        to=EVERYONE, description="Categories of service; one at least must fit (服务类别)"
    )
    skills: list[str] | None = input_field(to=EVERYONE, description=SKILLS)
    region: str | None = input_field(
        to=EVERYONE, description="Code of a region; the nearer the better (区划代码)"
    )
    since: datetime | None = input_field(
        to=EVERYONE, description="Start of the time, some of which must fit (开始时间)"
    )
    until: datetime | None = input_field(to=EVERYONE, description="End of it (结束时间)")

    async def wish(self, info: Info) -> SearchWish:
        """The wish; a region that nobody knows is near to nothing."""
        code = or_none(self.region)
        region = None if code is None else await region_named(info, code, "path")
        path = None if code is None else ("-/" if region is None else region.path)
        return SearchWish(
            categories=storable(dict.fromkeys(or_none(self.categories) or ())),
            skills=storable(dict.fromkeys(or_none(self.skills) or ())),
            region_path=path,
            since=or_none(self.since),
            until=or_none(self.until),
        )


@input_type(to=TEAMS, description="Need to publish (发布需求)")
class PublishNeedInput:
    """What the acting team looks for."""

    title: str = input_field(to=TEAMS, description=TITLE, required=True)
    description: str = input_field(to=TEAMS, description=DESCRIPTION, required=True)
    region_code: str = input_field(to=TEAMS, description=CODE, required=True)
    place: str = input_field(to=TEAMS, description="Place (地点)", required=True)
    categories: list[str] = input_field(to=TEAMS, description=CATEGORIES, required=True)
    targets: list[str] = input_field(
        to=TEAMS, description="Who is served, as projects name it (服务对象)", required=True
    )
    skills: list[str] | None = input_field(to=TEAMS, description=SKILLS)
    people: int = input_field(
        to=TEAMS, description="How many people, 1 to 10,000 (所需人数)", required=True
    )
    starts_at: datetime = input_field(to=TEAMS, description="Start (开始时间)", required=True)
    ends_at: datetime = input_field(to=TEAMS, description="End (结束时间)", required=True)
    contact_name: str = input_field(
        to=TEAMS,
        description="Whom to call; told when an answer is accepted (联系人)",
        required=True,
    )
    contact_phone: str = input_field(
        to=TEAMS, description="Mobile number of them (联系电话)", required=True
    )
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    async def form(self, info: Info) -> NeedForm:
        """The form."""
        return NeedForm(
            **await _common(self, info),
            place=self.place.strip(),
            targets=tuple(dict.fromkeys(self.targets)),
            people=self.people,
            contact_name=self.contact_name.strip(),
            contact_phone=self.contact_phone.strip(),
        )


@input_type(to=OFFERERS, description="Offer to publish (发布供给)")
class PublishOfferInput:
    """What the acting team or volunteer offers."""

    title: str = input_field(to=OFFERERS, description=TITLE, required=True)
    description: str = input_field(to=OFFERERS, description=DESCRIPTION, required=True)
    region_code: str = input_field(to=OFFERERS, description=CODE, required=True)
    categories: list[str] = input_field(to=OFFERERS, description=CATEGORIES, required=True)
    skills: list[str] | None = input_field(to=OFFERERS, description=SKILLS)
    starts_at: datetime = input_field(
        to=OFFERERS, description="From when on (开始时间)", required=True
    )
    ends_at: datetime = input_field(to=OFFERERS, description="Until when (结束时间)", required=True)
    idempotency_key: str | None = input_field(to=OFFERERS, description=KEY)

    async def form(self, info: Info) -> OfferForm:
        """The form."""
        return OfferForm(**await _common(self, info))


async def _common(given: Any, info: Info) -> dict[str, Any]:
    """What needs and offers have in common."""
    region = await region_named(info, given.region_code)
    skills = [each.strip() for each in or_none(given.skills) or ()]
    return {
        "region_id": None if region is None else region.id,
        "title": given.title.strip(),
        "description": given.description.strip(),
        "categories": tuple(dict.fromkeys(given.categories)),
        "skills": tuple(dict.fromkeys(skills)),
        "starts_at": given.starts_at,
        "ends_at": given.ends_at,
    }
