"""A record's history and evaluation; a volunteer's trainings, awards, stars, transfers."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from strawberry import ID

from db.enums import (
    AwardGrantor,
    DisputeOutcome,
    EvaluationStatus,
    RecordStatus,
    RegionLevel,
    TransferStatus,
)
from db.queries.entities import PROJECT, TEAM, VOLUNTEER
from db.queries.personal_file.reading import (
    AwardRow,
    EvaluationRow,
    RevisionRow,
    TrainingRow,
    TransferredRow,
    TransferRow,
)
from db.queries.personal_file.sums import ServedRow
from permissions.viewer import Role
from resolvers.personal_file.reading import list_transferred
from schema.hours import hours
from schema.ids import encode
from schema.info import Info
from schema.pagination import lazy_type
from schema.references import referred
from schema.types.team import Team
from schema.visibility import (
    PERSONS,
    TEAMS,
    Audience,
    attribute,
    batched,
    enum_type,
    object_type,
)

SHARERS: Audience = TEAMS | {Role.VOLUNTEER}
Volunteer = lazy_type("Volunteer", "schema.types.volunteer")
Project = lazy_type("Project", "schema.types.project")

enum_type(to=PERSONS, description="What a dispute came to (异议核实结果)")(DisputeOutcome)
enum_type(to=PERSONS, description="Whether an evaluation counts (评价状态)")(EvaluationStatus)
enum_type(to=PERSONS, description="Who granted an award (授予方)")(AwardGrantor)
enum_type(to=SHARERS, description="State of a transfer (转移状态)")(TransferStatus)


@object_type(to=PERSONS, description="What a record said before a correction (历史版本)")
class RecordRevision:
    """A revision; the objects are ``RevisionRow``."""

    revision: int = attribute(to=PERSONS, description="Number of the revision (版本)")
    reason: str = attribute(to=PERSONS, description="Why it was corrected (更正原因)")
    created_at: datetime = attribute(to=PERSONS, description="When it was corrected (更正时间)")

    @batched(datetime, to=PERSONS, description="Start of the service (开始时间)")
    @staticmethod
    def starts_at(parents: Sequence[RevisionRow]) -> list[datetime]:
        return [datetime.fromisoformat(said["startsAt"]) for said in _said(parents)]

    @batched(datetime | None, to=PERSONS, description="End of the service (结束时间)")
    @staticmethod
    def ends_at(parents: Sequence[RevisionRow]) -> list[datetime | None]:
        ends = [said["endsAt"] for said in _said(parents)]
        return [datetime.fromisoformat(each) if each else None for each in ends]

    @batched(int, to=PERSONS, description="Service time in minutes (服务时长, 分钟)")
    @staticmethod
    def minutes(parents: Sequence[RevisionRow]) -> list[int]:
        return [said["minutes"] for said in _said(parents)]

    @batched(str, to=PERSONS, description="Name of the activity (项目名称)")
    @staticmethod
    def activity_name(parents: Sequence[RevisionRow]) -> list[str]:
        return [said["activityName"] for said in _said(parents)]

    @batched(str, to=PERSONS, description="Content of the service (服务内容)")
    @staticmethod
    def content(parents: Sequence[RevisionRow]) -> list[str]:
        return [said["content"] for said in _said(parents)]

    @batched(str, to=PERSONS, description="Place of the service (服务地点)")
    @staticmethod
    def place(parents: Sequence[RevisionRow]) -> list[str]:
        return [said["place"] for said in _said(parents)]

    @batched(list[str], to=PERSONS, description="Who was served (服务对象)")
    @staticmethod
    def targets(parents: Sequence[RevisionRow]) -> list[list[str]]:
        return [said["targets"] for said in _said(parents)]


def _said(parents: Sequence[RevisionRow]) -> list[dict[str, Any]]:
    return [json.loads(row.content) for row in parents]


@object_type(to=PERSONS, description="Dispute of a record by its volunteer (记录异议)")
class RecordDispute:
    """A dispute; the objects are ``DisputeRow``."""

    reason: str = attribute(to=PERSONS, description="What is wrong (异议理由)")
    created_at: datetime = attribute(to=PERSONS, description="When it was raised (提出时间)")
    due_on: date = attribute(
        to=PERSONS, description="Last day on which an answer is prompt (核实期限)"
    )
    outcome: DisputeOutcome | None = attribute(
        to=PERSONS, description="What the team came to (核实结果)"
    )
    answer: str | None = attribute(to=PERSONS, description="Answer of the team (答复)")
    answered_at: datetime | None = attribute(to=PERSONS, description="When (答复时间)")


@object_type(to=PERSONS, description="Evaluation of a service (服务评价)")
class Evaluation:
    """An evaluation; the objects are ``EvaluationRow``."""

    score: int = attribute(to=PERSONS, description="Quality, 1 to 5 (评分)")
    comment: str | None = attribute(to=PERSONS, description="In words (评语)")
    evaluated_on: date = attribute(to=PERSONS, description="Day of the evaluation (评价日期)")
    status: EvaluationStatus = attribute(to=PERSONS, description="Whether it counts (评价状态)")

    @batched(Team | None, to=PERSONS, description="Evaluating team (评价单位)")
    @staticmethod
    async def team(parents: Sequence[EvaluationRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.team_id for row in parents])

    @batched(Project | None, to=PERSONS, description="Project, if it is of a whole one (项目)")
    @staticmethod
    async def project(parents: Sequence[EvaluationRow], info: Info) -> Any:
        return await referred(info, PROJECT, [row.project_id for row in parents])


@object_type(to=PERSONS, description="Training of a volunteer (培训记录)")
class TrainingRecord:
    """A training; the objects are ``TrainingRow``."""

    name: str = attribute(to=PERSONS, description="Name of the training (培训名称)")
    content: str | None = attribute(to=PERSONS, description="What was taught (培训内容)")
    minutes: int = attribute(to=PERSONS, description="Study time in minutes (学时, 分钟)")
    organiser: str = attribute(to=PERSONS, description="Who held it (组织单位)")
    held_on: date = attribute(to=PERSONS, description="When it was held (培训日期)")

    @batched(Team | None, to=PERSONS, description="Recording team (记录单位)")
    @staticmethod
    async def team(parents: Sequence[TrainingRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.team_id for row in parents])


@object_type(to=PERSONS, description="Award or commendation of a volunteer (表彰奖励)")
class Award:
    """An award; the objects are ``AwardRow``."""

    name: str = attribute(to=PERSONS, description="Name of the award (表彰奖励名称)")
    granted_by: str = attribute(to=PERSONS, description="Who granted it (授予单位)")
    granted_on: date = attribute(to=PERSONS, description="When it was granted (授予日期)")
    grantor: AwardGrantor = attribute(
        to=PERSONS, description="A government of county level or above, or another (授予方)"
    )
    material: str | None = attribute(to=PERSONS, description="Material shown (证明材料)")
    verification: str | None = attribute(to=PERSONS, description="How it was verified (核实情况)")

    @batched(Team | None, to=PERSONS, description="Recording team (记录单位)")
    @staticmethod
    async def team(parents: Sequence[AwardRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.team_id for row in parents])


@object_type(to=PERSONS, description="Stars given or taken back (星级认定)")
class StarRating:
    """A rating; the objects are ``StarRatingRow``."""

    stars: int = attribute(to=PERSONS, description="Stars from then on (星级)")
    stars_before: int = attribute(to=PERSONS, description="Stars until then (原星级)")
    minutes: int = attribute(to=PERSONS, description="Effective minutes then (当时有效时长, 分钟)")
    reason: str | None = attribute(to=PERSONS, description="Why (原因)")
    rated_at: datetime = attribute(to=PERSONS, description="When (认定时间)")


@object_type(to=PERSONS, description="Step of a scale of stars (星级标准)")
class StarThreshold:
    """A step; the objects are ``StarThresholdRow``."""

    stars: int = attribute(to=PERSONS, description="Stars (星级)")
    hours: int = attribute(to=PERSONS, description="From so many effective hours on (时长, 小时)")
    least_score: Decimal | None = attribute(
        to=PERSONS, description="Least average evaluation (最低平均评价)"
    )
    rated_by: RegionLevel | None = attribute(
        to=PERSONS, description="Lowest level that gives them (认定层级)"
    )


@object_type(to=PERSONS, description="What was served for a team in a project (按项目服务时长)")
class ServedHours:
    """Hours by team and project; the objects are ``ServedRow``."""

    @batched(Team | None, to=PERSONS, description="Team that recorded them (队伍)")
    @staticmethod
    async def team(parents: Sequence[ServedRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.team_id for row in parents])

    @batched(Project | None, to=PERSONS, description="Project, none for other service (项目)")
    @staticmethod
    async def project(parents: Sequence[ServedRow], info: Info) -> Any:
        return await referred(info, PROJECT, [row.project_id for row in parents])

    @batched(Decimal, to=PERSONS, description="Effective service in hours (有效服务时长, 小时)")
    @staticmethod
    def hours(parents: Sequence[ServedRow]) -> list[Decimal]:
        return [hours(row.minutes) for row in parents]

    @batched(
        Decimal,
        to=PERSONS,
        description="Hours that wait for a review, publicity or a dispute (待生效时长, 小时)",
    )
    @staticmethod
    def pending_hours(parents: Sequence[ServedRow]) -> list[Decimal]:
        return [hours(row.pending_minutes) for row in parents]


@object_type(to=SHARERS, description="Record that was handed on (转移的记录)")
class TransferredRecord:
    """A record as it was handed on; the objects are ``TransferredRow``."""

    activity_name: str = attribute(to=SHARERS, description="Name of the activity (项目名称)")
    content: str = attribute(to=SHARERS, description="Content of the service (服务内容)")
    place: str = attribute(to=SHARERS, description="Place of the service (服务地点)")
    starts_at: datetime = attribute(to=SHARERS, description="Start of the service (开始时间)")
    ends_at: datetime | None = attribute(to=SHARERS, description="End of the service (结束时间)")
    minutes: int = attribute(to=SHARERS, description="Service time in minutes (服务时长, 分钟)")
    status: RecordStatus = attribute(to=SHARERS, description="State it is in now (记录状态)")
    revision: int = attribute(to=SHARERS, description="Revision it is in now (版本)")

    @batched(Decimal, to=SHARERS, description="Service time in hours (服务时长, 小时)")
    @staticmethod
    def hours(parents: Sequence[TransferredRow]) -> list[Decimal]:
        return [hours(row.minutes) for row in parents]


@object_type(to=SHARERS, description="Records handed from one team to another (记录转移接续)")
class RecordTransfer:
    """A transfer; the objects are ``TransferRow``."""

    status: TransferStatus = attribute(to=SHARERS, description="State (转移状态)")
    purpose: str = attribute(to=SHARERS, description="What for (用途)")
    note: str | None = attribute(to=SHARERS, description="Word of the receiving team (答复)")
    created_at: datetime = attribute(to=SHARERS, description="When it was asked for (申请时间)")
    answered_at: datetime | None = attribute(
        to=SHARERS, description="When it was answered (答复时间)"
    )
    consent_withdrawn_at: datetime | None = attribute(
        to=SHARERS, description="When the consent was withdrawn (撤回同意时间)"
    )

    @batched(ID, to=SHARERS, description="Id to answer or withdraw it by (标识)", name="id")
    @staticmethod
    def transfer_id(parents: Sequence[TransferRow]) -> list[ID]:
        return [encode("RecordTransfer", row.id) for row in parents]

    @batched(Volunteer | None, to=SHARERS, description="Whose records they are (志愿者)")
    @staticmethod
    async def volunteer(parents: Sequence[TransferRow], info: Info) -> Any:
        return await referred(info, VOLUNTEER, [row.volunteer_id for row in parents])

    @batched(Team | None, to=SHARERS, description="Team that recorded them (原记录单位)")
    @staticmethod
    async def from_team(parents: Sequence[TransferRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.team_id for row in parents])

    @batched(Team | None, to=SHARERS, description="Team that receives them (接续单位)")
    @staticmethod
    async def to_team(parents: Sequence[TransferRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.to_team_id for row in parents])

    @batched(list[TransferredRecord], to=SHARERS, description="Records handed on (转移的记录)")
    @staticmethod
    async def records(parents: Sequence[TransferRow], info: Info) -> Any:
        return await list_transferred(info.context, [row.id for row in parents])
