"""Random checks of records and certificates, as everybody reads them (监管抽查, O67 §21-22)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from strawberry import ID

from db.clock import CHINA
from db.enums import InspectionKind, InspectionStatus, MeasureKind
from db.queries.entities import REGION, TEAM
from db.queries.inspections.entities import INSPECTION, InspectionRow
from db.queries.inspections.reading import MeasureRow, OverdueRow, PartRow
from db.queries.pages import INSPECTION_ITEMS
from gateway.engine.rows import is_instance_of
from permissions.viewer import Role
from resolvers.inspections.reading import (
    Redrawn,
    list_files,
    list_measures,
    list_parts,
    redraw,
)
from schema.costs import sized
from schema.ids import encode, id_field
from schema.info import Info
from schema.pagination import connection_field, connection_of
from schema.references import referred
from schema.types.inspection_item import InspectionItemConnection
from schema.types.node import Node
from schema.types.region import Region
from schema.types.team import Team
from schema.visibility import EVERYONE, MANAGERS, attribute, batched, object_type

DEPARTMENTS = frozenset({Role.DEPARTMENT})


@object_type(to=EVERYONE, description="A team's part in a random check (被抽查团体)")
class InspectionPart:
    """A team's part, without anybody's name; the objects are ``PartRow``."""

    checked: int = attribute(to=EVERYONE, description="Items of the team (抽查项数)")

    @batched(Team | None, to=EVERYONE, description="Team (团体)")
    @staticmethod
    async def team(parents: Sequence[PartRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.team_id for row in parents])

    @batched(int | None, to=EVERYONE, description="Items in order, when published (合格项数)")
    @staticmethod
    def in_order(parents: Sequence[PartRow]) -> list[int | None]:
        return [row.in_order if row.is_found else None for row in parents]

    @batched(int | None, to=EVERYONE, description="Defective items, when published (瑕疵项数)")
    @staticmethod
    def defective(parents: Sequence[PartRow]) -> list[int | None]:
        return [row.defective if row.is_found else None for row in parents]

    @batched(int | None, to=EVERYONE, description="Forged items, when published (虚假项数)")
    @staticmethod
    def forged(parents: Sequence[PartRow]) -> list[int | None]:
        return [row.forged if row.is_found else None for row in parents]

    @batched(date | None, to=EVERYONE, description="When materials are due (材料截止日期)")
    @staticmethod
    def due_on(parents: Sequence[PartRow]) -> list[date | None]:
        return [row.due_on for row in parents]

    @batched(datetime | None, to=EVERYONE, description="When materials came in (材料提交时间)")
    @staticmethod
    def handed_in_at(parents: Sequence[PartRow]) -> list[datetime | None]:
        return [row.handed_in_at for row in parents]

    @batched(bool, to=EVERYONE, description="Whether they came late or are missing (是否逾期)")
    @staticmethod
    def is_overdue(parents: Sequence[PartRow], info: Info) -> list[bool]:
        return [
            row.due_on is not None
            and (row.handed_in_at or info.context.now).astimezone(CHINA).date() > row.due_on
            for row in parents
        ]

    @batched(str | None, to=MANAGERS, description="What the team says; for both sides (情况说明)")
    @staticmethod
    def statement(parents: Sequence[PartRow]) -> list[str | None]:
        return [row.statement if row.is_told else None for row in parents]

    @batched(
        list[ID], to=MANAGERS, description="Files that it handed in; for both sides (材料文件)"
    )
    @staticmethod
    async def file_ids(parents: Sequence[PartRow], info: Info) -> list[list[ID]]:
        found = await list_files(info.context, parents)
        return [[encode("File", each) for each in files] for files in found]


@object_type(to=EVERYONE, description="What followed from a finding (处理措施)")
class InspectionMeasure:
    """A measure; the objects are ``MeasureRow``."""

    kind: MeasureKind = attribute(to=EVERYONE, description="What was done (措施)")
    created_at: datetime = attribute(to=EVERYONE, description="When (时间)", name="takenAt")
    reason: str = attribute(to=MANAGERS, description="Why (原因)")

    @batched(Team | None, to=EVERYONE, description="Team that it concerns (团体)")
    @staticmethod
    async def team(parents: Sequence[MeasureRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.team_id for row in parents])


@object_type(to=DEPARTMENTS, description="A draw made again, from what there is today (重新抽取)")
class InspectionRedraw:
    """What comes of the same seed today; the objects are ``Redrawn``."""

    population: int = attribute(
        to=DEPARTMENTS, description="How many there are to draw from (总体数量)"
    )
    is_same_population: bool = attribute(
        to=DEPARTMENTS, description="Whether those are the same as then (总体是否一致)"
    )
    is_same_draw: bool = attribute(
        to=DEPARTMENTS, description="Whether the same items come of it (结果是否一致)"
    )


@object_type(to=EVERYONE, description="Random check of records and certificates (随机抽查)")
class Inspection(Node):
    """A check; the objects are ``InspectionRow``."""

    is_type_of = staticmethod(is_instance_of(InspectionRow))

    id = id_field("Inspection")
    title: str = attribute(to=EVERYONE, description="Title (名称)")
    kind: InspectionKind = attribute(to=EVERYONE, description="What is drawn from (抽查内容)")
    status: InspectionStatus = attribute(to=EVERYONE, description="State (状态)")
    since: date = attribute(
        to=EVERYONE, description="First day of the service or the issue (起始日期)"
    )
    until: date = attribute(to=EVERYONE, description="Last day (截止日期)")
    size: int = attribute(to=EVERYONE, description="How many were drawn (抽取数量)")
    population: int = attribute(to=EVERYONE, description="How many could be drawn (总体数量)")
    created_at: datetime = attribute(
        to=EVERYONE, description="When it was drawn (抽取时间)", name="drawnAt"
    )
    asked_at: datetime | None = attribute(
        to=EVERYONE, description="When materials were asked for (要求提交材料时间)"
    )
    summary: str | None = attribute(to=EVERYONE, description="Summary of the result (结果说明)")
    published_at: datetime | None = attribute(
        to=EVERYONE, description="When the result was published (公开时间)"
    )
    cancel_reason: str | None = attribute(
        to=MANAGERS, description="Why it was cancelled (取消原因)"
    )

    @batched(
        str,
        to=EVERYONE,
        description="Seed of the draw; the items are the smallest SHA-256 of it (随机种子)",
        needs=("seed",),
    )
    @staticmethod
    def seed(parents: Sequence[InspectionRow]) -> list[str]:
        return [bytes(row.seed).hex() for row in parents]

    @batched(
        Region | None,
        to=EVERYONE,
        description="Region whose teams are checked (区划)",
        needs=("region_id",),
    )
    @staticmethod
    async def region(parents: Sequence[InspectionRow], info: Info) -> Any:
        return await referred(info, REGION, [row.region_id for row in parents])

    @batched(
        list[InspectionPart],
        to=EVERYONE,
        description="Teams with what is found, each for who may read it (被抽查团体)",
        needs=("id",),
        hints=(sized(20),),
    )
    @staticmethod
    async def parts(parents: Sequence[InspectionRow], info: Info) -> Any:
        return await list_parts(info.context, [row.id for row in parents])

    @batched(
        list[InspectionMeasure],
        to=EVERYONE,
        description="What followed from findings (处理措施)",
        needs=("id",),
        hints=(sized(5),),
    )
    @staticmethod
    async def measures(parents: Sequence[InspectionRow], info: Info) -> Any:
        return await list_measures(info.context, [row.id for row in parents])

    items = connection_field(
        INSPECTION_ITEMS,
        InspectionItemConnection,
        order="POSITION",
        to=MANAGERS,
        description="What was drawn, in order, each for who may read it (抽查项)",
    )

    @batched(
        InspectionRedraw,
        to=DEPARTMENTS,
        description="The draw made again, from what there is today (重新抽取)",
        needs=("id",),
    )
    @staticmethod
    async def redraw(parents: Sequence[InspectionRow], info: Info) -> Sequence[Redrawn]:
        return await redraw(info.context, [row.id for row in parents])


InspectionConnection = connection_of("Inspection", Inspection, to=EVERYONE, term="随机抽查")


@object_type(to=DEPARTMENTS, description="Team that has not handed in what was due (逾期团体)")
class OverdueInspectionPart:
    """A part that is overdue; the objects are ``OverdueRow``."""

    due_on: date = attribute(to=DEPARTMENTS, description="When it was due (截止日期)")

    @batched(Team | None, to=DEPARTMENTS, description="Team (团体)")
    @staticmethod
    async def team(parents: Sequence[OverdueRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.team_id for row in parents])

    @batched(Inspection | None, to=DEPARTMENTS, description="Check (抽查)")
    @staticmethod
    async def inspection(parents: Sequence[OverdueRow], info: Info) -> Any:
        return await referred(info, INSPECTION, [row.inspection_id for row in parents])
