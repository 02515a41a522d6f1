"""The payloads of what is done about service records."""

from collections.abc import Sequence
from typing import Any

from db.queries.entities import SERVICE_RECORD
from resolvers.outcomes import Outcome
from resolvers.records.entering import RecordOutcome, RecordsOutcome
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.references import referred
from schema.types.record import ServiceRecord
from schema.visibility import PERSONS, TEAMS, attribute, batched, object_type


@object_type(to=PERSONS, description="Outcome for one service record (服务记录操作结果)")
class ServiceRecordPayload:
    """What was done to a record; the objects are ``Outcome``."""

    @batched(ServiceRecord | None, to=PERSONS, description="Record as it now is (记录)")
    @staticmethod
    async def service_record(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, SERVICE_RECORD, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=PERSONS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=TEAMS, description="What came of one entry (单条录入结果)")
class ServiceRecordResult:
    """What came of one entry; the objects are ``RecordOutcome``."""

    index: int = attribute(to=TEAMS, description="Place among the entries, from 0 (序号)")

    @batched(ServiceRecord | None, to=TEAMS, description="Record that was entered (记录)")
    @staticmethod
    async def service_record(parents: Sequence[RecordOutcome], info: Info) -> Any:
        return await referred(info, SERVICE_RECORD, [each.record_id for each in parents])

    @batched(list[UserErrorType], to=TEAMS, description="Why there is none (错误)")
    @staticmethod
    def user_errors(parents: Sequence[RecordOutcome]) -> list[Any]:
        return [each.errors for each in parents]


@object_type(to=TEAMS, description="Outcome of entering many records (批量录入结果)")
class CreateServiceRecordsPayload:
    """What came of each entry; the object is ``RecordsOutcome``."""

    items: list[ServiceRecordResult] = attribute(
        to=TEAMS, description="What came of each, in the order given (逐条结果)", name="results"
    )

    @batched(int, to=TEAMS, description="How many were entered (录入条数)")
    @staticmethod
    def entered(parents: Sequence[RecordsOutcome]) -> list[int]:
        return [sum(each.record_id is not None for each in one.items) for one in parents]
