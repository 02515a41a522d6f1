"""Needs, offers and answers, and how well they fit (供需对接)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from db.enums import AnswerSide, AnswerStatus, MatchStatus
from db.queries.entities import PROJECT, REGION, TEAM
from db.queries.matching.entities import NEED, OFFER, NeedAnswerRow, NeedRow, OfferRow
from db.queries.matching.reading import ContactRow
from db.queries.matching.searching import MatchRow
from db.queries.pages import NEED_ANSWERS
from gateway.engine.rows import is_instance_of
from resolvers.matching.searching import answer_contacts, need_contacts
from schema.ids import id_field
from schema.info import Info
from schema.pagination import connection_field, connection_of, lazy_type
from schema.references import referred
from schema.types.masked import masked_name_field
from schema.types.node import Node
from schema.types.project import Project
from schema.types.region import Region
from schema.types.team import Team
from schema.visibility import EVERYONE, PERSONS, attribute, batched, object_type

SCORE = (
    "Whole points: up to 40 for the share of the categories asked for, 20 for that of the skills,"
    " 30 less 6 for each step on the tree between the regions, 30 for the share of the time"
    " asked for (匹配分)"
)
Answers = lazy_type("NeedAnswerConnection", "schema.types.matching")


@object_type(to=PERSONS, description="Whom to call about a need (需求联系人)")
class NeedContact:
    """Whom to call; the objects are ``ContactRow``."""

    name: str = attribute(to=PERSONS, description="Name (联系人)")
    phone: str = attribute(to=PERSONS, description="Phone (联系电话)")


@object_type(to=EVERYONE, description="Help that a team looks for (服务需求)")
class Need(Node):
    """A need; the objects are ``NeedRow``."""

    is_type_of = staticmethod(is_instance_of(NeedRow))

    id = id_field("Need")
    title: str = attribute(to=EVERYONE, description="Title (标题)")
    description: str = attribute(to=EVERYONE, description="What is needed (需求说明)")
    place: str = attribute(to=EVERYONE, description="Place (地点)")
    categories: list[str] = attribute(
        to=EVERYONE, description="Codes of the categories of service (服务类别)"
    )
    targets: list[str] = attribute(to=EVERYONE, description="Who is served (服务对象)")
    skills: list[str] = attribute(to=EVERYONE, description="Skills that help (所需技能)")
    people: int = attribute(to=EVERYONE, description="How many people (所需人数)")
    found: int = attribute(
        to=EVERYONE, description="How many of them are found (已对接人数)", name="peopleFound"
    )
    starts_at: datetime = attribute(to=EVERYONE, description="Start (开始时间)")
    ends_at: datetime = attribute(to=EVERYONE, description="End; it expires then (结束时间)")
    status: MatchStatus = attribute(to=EVERYONE, description="State (状态)")
    close_reason: str | None = attribute(to=PERSONS, description="Why it was closed (关闭原因)")
    created_at: datetime = attribute(
        to=EVERYONE, description="When it was published (发布时间)", name="publishedAt"
    )

    @batched(Team | None, to=EVERYONE, description="Team in need (团体)", needs=("team_id",))
    @staticmethod
    async def team(parents: Sequence[NeedRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.team_id for row in parents])

    @batched(Region | None, to=EVERYONE, description="Where (区划)", needs=("region_id",))
    @staticmethod
    async def region(parents: Sequence[NeedRow], info: Info) -> Any:
        return await referred(info, REGION, [row.region_id for row in parents])

    @batched(
        Project | None,
        to=EVERYONE,
        description="Project that came of it; sign-ups go there (对接项目)",
        needs=("project_id",),
    )
    @staticmethod
    async def project(parents: Sequence[NeedRow], info: Info) -> Any:
        return await referred(info, PROJECT, [row.project_id for row in parents])

    @batched(
        NeedContact | None,
        to=PERSONS,
        description="Whom to call, for the team and its department (联系人)",
        needs=("id",),
    )
    @staticmethod
    async def contact(parents: Sequence[NeedRow], info: Info) -> Sequence[ContactRow | None]:
        return await need_contacts(info.context, [row.id for row in parents])

    answers = connection_field(
        NEED_ANSWERS,
        Answers,
        order="NEWEST",
        to=PERSONS,
        description="Answers, each for who may read it, the newest first (对接意向)",
    )


@object_type(to=EVERYONE, description="Help that a team or volunteer offers (服务供给)")
class Offer(Node):
    """An offer; the objects are ``OfferRow``."""

    is_type_of = staticmethod(is_instance_of(OfferRow))

    id = id_field("Offer")
    title: str = attribute(to=EVERYONE, description="Title (标题)")
    description: str = attribute(to=EVERYONE, description="What is offered (供给说明)")
    categories: list[str] = attribute(
        to=EVERYONE, description="Codes of the categories of service (服务类别)"
    )
    skills: list[str] = attribute(to=EVERYONE, description="Skills (技能)")
    starts_at: datetime = attribute(to=EVERYONE, description="From when on (开始时间)")
    ends_at: datetime = attribute(to=EVERYONE, description="Until when; it expires then (结束时间)")
    status: MatchStatus = attribute(to=EVERYONE, description="State (状态)")
    close_reason: str | None = attribute(to=PERSONS, description="Why it was closed (关闭原因)")
    created_at: datetime = attribute(
        to=EVERYONE, description="When it was published (发布时间)", name="publishedAt"
    )
    masked_name = masked_name_field()

    @batched(Team | None, to=EVERYONE, description="Team, if one offers (团体)", needs=("team_id",))
    @staticmethod
    async def team(parents: Sequence[OfferRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.team_id for row in parents])

    @batched(Region | None, to=EVERYONE, description="Where (区划)", needs=("region_id",))
    @staticmethod
    async def region(parents: Sequence[OfferRow], info: Info) -> Any:
        return await referred(info, REGION, [row.region_id for row in parents])


@object_type(to=PERSONS, description="Answer that brings a need and help together (对接意向)")
class NeedAnswer(Node):
    """An answer; the objects are ``NeedAnswerRow``."""

    is_type_of = staticmethod(is_instance_of(NeedAnswerRow))

    id = id_field("NeedAnswer")
    asked_by: AnswerSide = attribute(to=PERSONS, description="Who made it (发起方)")
    status: AnswerStatus = attribute(to=PERSONS, description="State (状态)")
    people: int = attribute(to=PERSONS, description="How many people (人数)")
    message: str = attribute(to=PERSONS, description="Message (留言)")
    reason: str | None = attribute(to=PERSONS, description="What was said to it (回复)")
    created_at: datetime = attribute(to=PERSONS, description="When it was made (发起时间)")
    decided_at: datetime | None = attribute(
        to=PERSONS, description="When it was decided (处理时间)"
    )
    masked_name = masked_name_field()

    @batched(
        Need | None,
        to=PERSONS,
        description="Need, as long as the viewer may see it (服务需求)",
        needs=("need_id",),
    )
    @staticmethod
    async def need(parents: Sequence[NeedAnswerRow], info: Info) -> Any:
        return await referred(info, NEED, [row.need_id for row in parents])

    @batched(
        Offer | None,
        to=PERSONS,
        description="Offer, as long as the viewer may see it (服务供给)",
        needs=("offer_id",),
    )
    @staticmethod
    async def offer(parents: Sequence[NeedAnswerRow], info: Info) -> Any:
        return await referred(info, OFFER, [row.offer_id for row in parents])

    @batched(Team | None, to=PERSONS, description="Team in need (需求团体)", needs=("team_id",))
    @staticmethod
    async def team(parents: Sequence[NeedAnswerRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.team_id for row in parents])

    @batched(
        Team | None,
        to=PERSONS,
        description="Team that would help, if it is one (供给团体)",
        needs=("from_team_id",),
    )
    @staticmethod
    async def from_team(parents: Sequence[NeedAnswerRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.from_team_id for row in parents])

    @batched(
        NeedContact | None,
        to=PERSONS,
        description="Whom to call, for both sides since it was accepted (联系人)",
        needs=("id",),
    )
    @staticmethod
    async def contact(parents: Sequence[NeedAnswerRow], info: Info) -> Sequence[ContactRow | None]:
        return await answer_contacts(info.context, [row.id for row in parents])


NeedConnection = connection_of("Need", Need, to=EVERYONE, term="服务需求")
OfferConnection = connection_of("Offer", Offer, to=EVERYONE, term="服务供给")
NeedAnswerConnection = connection_of("NeedAnswer", NeedAnswer, to=PERSONS, term="对接意向")


@object_type(to=EVERYONE, description="A need that fits (匹配的需求)")
class NeedMatch:
    """A need with its points; the objects are ``MatchRow``."""

    score: int = attribute(to=EVERYONE, description=SCORE)
    of_categories: int = attribute(to=EVERYONE, description="Points of the categories (类别分)")
    of_skills: int = attribute(to=EVERYONE, description="Points of the skills (技能分)")
    of_region: int = attribute(to=EVERYONE, description="Points of the region (区域分)")
    of_time: int = attribute(to=EVERYONE, description="Points of the time (时间分)")

    @batched(Need | None, to=EVERYONE, description="The need (需求)")
    @staticmethod
    async def need(parents: Sequence[MatchRow], info: Info) -> Any:
        return await referred(info, NEED, [row.id for row in parents])


@object_type(to=EVERYONE, description="An offer that fits (匹配的供给)")
class OfferMatch:
    """An offer with its points; the objects are ``MatchRow``."""

    score: int = attribute(to=EVERYONE, description=SCORE)
    of_categories: int = attribute(to=EVERYONE, description="Points of the categories (类别分)")
    of_skills: int = attribute(to=EVERYONE, description="Points of the skills (技能分)")
    of_region: int = attribute(to=EVERYONE, description="Points of the region (区域分)")
    of_time: int = attribute(to=EVERYONE, description="Points of the time (时间分)")

    @batched(Offer | None, to=EVERYONE, description="The offer (供给)")
    @staticmethod
    async def offer(parents: Sequence[MatchRow], info: Info) -> Any:
        return await referred(info, OFFER, [row.id for row in parents])
