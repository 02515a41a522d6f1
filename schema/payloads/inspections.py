"""The payload of what is done about random checks."""

from collections.abc import Sequence
from typing import Any

from db.queries.inspections.entities import INSPECTION
from resolvers.outcomes import Outcome
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.references import referred
from schema.types.inspection import Inspection
from schema.visibility import MANAGERS, batched, object_type


@object_type(to=MANAGERS, description="Outcome of what is done about a check (抽查操作结果)")
class InspectionPayload:
    """What was done to a check; the objects are ``Outcome``."""

    @batched(Inspection | None, to=MANAGERS, description="Check as it now is (抽查)")
    @staticmethod
    async def inspection(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, INSPECTION, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=MANAGERS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]
