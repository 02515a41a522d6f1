"""Complaints, who holds them, and what was done about them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from db.enums import ComplaintMeasure, ComplaintStatus, ComplaintTopic
from db.queries.complaints import StepRow
from db.queries.entities import REGION, TEAM
from db.queries.voice_rows import ComplaintRow
from gateway.engine.rows import is_instance_of
from permissions.actions import Action
from resolvers.complaints.reading import list_complainants, list_steps
from schema.costs import sized
from schema.ids import id_field
from schema.info import Info
from schema.pagination import connection_of
from schema.references import referred, subjects
from schema.types.abilities import ability, viewer_can
from schema.types.node import Node
from schema.types.region import Region
from schema.types.team import Team
from schema.visibility import MANAGERS, PERSONS, attribute, batched, object_type

STATUS = "State of the complaint (投诉状态)"
MEASURE = "What is done about it (处理措施)"


@object_type(to=PERSONS, description="What the viewer may do to a complaint (对投诉可执行的操作)")
class ComplaintAbilities:
    """Abilities; the objects are ``ComplaintFacts``."""

    accept = ability(Action.COMPLAINT_ACCEPT, to=MANAGERS, description="Take it on (受理)")
    transfer = ability(Action.COMPLAINT_HANDLE, to=MANAGERS, description="Hand it on (转办)")
    investigate = ability(
        Action.COMPLAINT_INVESTIGATE, to=MANAGERS, description="Look into it (调查)"
    )
    decide = ability(Action.COMPLAINT_DECIDE, to=MANAGERS, description="Decide it (办结)")
    appeal = ability(Action.COMPLAINT_APPEAL, to=PERSONS, description="Appeal (申诉)")
    close = ability(Action.COMPLAINT_CLOSE, to=PERSONS, description="Accept the outcome (结案)")


@object_type(to=PERSONS, description="State that a complaint came to (投诉办理过程)")
class ComplaintStep:
    """A step; the objects are ``StepRow``."""

    is_type_of = staticmethod(is_instance_of(StepRow))

    status: ComplaintStatus = attribute(to=PERSONS, description=STATUS)
    measure: ComplaintMeasure | None = attribute(to=PERSONS, description=MEASURE)
    note: str | None = attribute(to=PERSONS, description="What was said (说明)")
    created_at: datetime = attribute(to=PERSONS, description="When (时间)", name="at")

    @batched(Team | None, to=PERSONS, description="Team that held it then (办理团体)")
    @staticmethod
    async def handler_team(parents: Sequence[StepRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.handler_team_id for row in parents])

    @batched(
        Region | None, to=PERSONS, description="Region whose department held it then (办理部门)"
    )
    @staticmethod
    async def handler_department(parents: Sequence[StepRow], info: Info) -> Any:
        return await referred(info, REGION, [row.handler_region_id for row in parents])


@object_type(to=PERSONS, description="Complaint (投诉举报)")
class Complaint(Node):
    """A complaint; the objects are ``ComplaintRow``."""

    is_type_of = staticmethod(is_instance_of(ComplaintRow))

    id = id_field("Complaint")
    topic: ComplaintTopic = attribute(to=PERSONS, description="What is said to be wrong (事由)")
    text: str = attribute(to=PERSONS, description="What happened (情况说明)")
    status: ComplaintStatus = attribute(to=PERSONS, description=STATUS)
    transferred_to: str | None = attribute(
        to=PERSONS, description="Authority elsewhere that is competent (告知的主管单位)"
    )
    measure: ComplaintMeasure | None = attribute(to=PERSONS, description=MEASURE)
    outcome: str | None = attribute(to=PERSONS, description="Findings and reason (处理结果)")
    created_at: datetime = attribute(to=PERSONS, description="When it was handed in (提交时间)")
    decided_at: datetime | None = attribute(
        to=PERSONS, description="When it was decided (办结时间)"
    )
    closed_at: datetime | None = attribute(to=PERSONS, description="When it was closed (结案时间)")

    @batched(
        datetime | None,
        to=PERSONS,
        description="By when it is to be decided, none once it is (办结期限)",
        needs=("due_at", "closed_at", "decided_at"),
    )
    @staticmethod
    def due_at(parents: Sequence[ComplaintRow]) -> list[datetime | None]:
        return [None if row.closed_at or row.decided_at else row.due_at for row in parents]

    viewer_can = viewer_can("Complaint", ComplaintAbilities)

    @batched(
        Node | None,
        to=PERSONS,
        description="What it is about, if the viewer may see it (投诉对象)",
        needs=("subject_type", "subject_id"),
    )
    @staticmethod
    async def subject(parents: Sequence[ComplaintRow], info: Info) -> Any:
        return await subjects(info, parents)

    @batched(
        Team | None,
        to=PERSONS,
        description="Team that it concerns (涉及队伍)",
        needs=("team_id",),
    )
    @staticmethod
    async def team(parents: Sequence[ComplaintRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.team_id for row in parents])

    @batched(
        Team | None,
        to=PERSONS,
        description="Team that holds it (办理团体)",
        needs=("handler_team_id",),
    )
    @staticmethod
    async def handler_team(parents: Sequence[ComplaintRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.handler_team_id for row in parents])

    @batched(
        Region | None,
        to=PERSONS,
        description="Region whose department holds it (办理部门)",
        needs=("handler_region_id",),
    )
    @staticmethod
    async def handler_department(parents: Sequence[ComplaintRow], info: Info) -> Any:
        return await referred(info, REGION, [row.handler_region_id for row in parents])

    @batched(
        str | None,
        to=PERSONS,
        description="Who complained, if they let who handles it know (投诉人)",
        needs=("complainant_account_id", "discloses_name", "team_id", "handler_team_id"),
    )
    @staticmethod
    async def complainant_name(parents: Sequence[ComplaintRow], info: Info) -> Any:
        return await list_complainants(info.context, parents)

    @batched(
        list[ComplaintStep],
        to=PERSONS,
        description="States that it came to, the oldest first (办理过程)",
        needs=("id",),
        hints=(sized(5),),
    )
    @staticmethod
    async def steps(parents: Sequence[ComplaintRow], info: Info) -> Any:
        return await list_steps(info.context, [row.id for row in parents])


ComplaintConnection = connection_of("Complaint", Complaint, to=PERSONS, term="投诉举报")
