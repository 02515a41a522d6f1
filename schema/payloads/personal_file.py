"""The payloads of what is done about a volunteer's file."""

from collections.abc import Sequence
from typing import Any

from db.queries.entities import PROJECT, REGION, VOLUNTEER
from resolvers.outcomes import Outcome
from resolvers.personal_file.reading import list_transfers
from schema.info import Info
from schema.inputs.personal_file import DEPARTMENTS
from schema.payloads.user_error import UserErrorType
from schema.references import referred
from schema.types.personal_file import SHARERS, RecordTransfer
from schema.types.project import Project
from schema.types.region import Region
from schema.types.volunteer import Volunteer
from schema.visibility import MANAGERS, TEAMS, batched, object_type


@object_type(to=MANAGERS, description="Outcome for a volunteer's file (志愿者档案操作结果)")
class VolunteerFilePayload:
    """What was done to a volunteer's file; the objects are ``Outcome``."""

    @batched(Volunteer | None, to=MANAGERS, description="Volunteer as they now are (志愿者)")
    @staticmethod
    async def volunteer(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, VOLUNTEER, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=MANAGERS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=DEPARTMENTS, description="Outcome of setting a scale of stars (设置星级标准结果)")
class StarScalePayload:
    """A scale that was set; the objects are ``Outcome``."""

    @batched(Region | None, to=DEPARTMENTS, description="Region of the scale (区划)")
    @staticmethod
    async def region(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, REGION, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=DEPARTMENTS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=SHARERS, description="Outcome for a transfer of records (记录转移操作结果)")
class RecordTransferPayload:
    """What was done to a transfer; the objects are ``Outcome``."""

    @batched(RecordTransfer | None, to=SHARERS, description="Transfer as it now is (记录转移)")
    @staticmethod
    async def transfer(parents: Sequence[Outcome], info: Info) -> Any:
        found = {row.id: row for row in await list_transfers(info.context)}
        return [found.get(each.subject_id or 0) for each in parents]

    @batched(list[UserErrorType], to=SHARERS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=TEAMS, description="Outcome of naming a recording team (指定记录单位结果)")
class RecordingTeamPayload:
    """A recording team that was named; the objects are ``Outcome``."""

    @batched(Project | None, to=TEAMS, description="Project (项目)")
    @staticmethod
    async def project(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, PROJECT, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=TEAMS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]
