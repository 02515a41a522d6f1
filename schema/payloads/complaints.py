"""The payload of what is done about a complaint."""

from collections.abc import Sequence
from typing import Any

from db.queries.entities import COMPLAINT
from resolvers.outcomes import Outcome
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.references import referred
from schema.types.complaint import Complaint
from schema.visibility import PERSONS, batched, object_type


@object_type(to=PERSONS, description="Outcome of an act on a complaint (投诉办理结果)")
class ComplaintPayload:
    """The outcome of handing in, handling or appealing; the objects are ``Outcome``."""

    @batched(
        Complaint | None,
        to=PERSONS,
        description="Complaint as it now is; none once it is out of sight (投诉)",
    )
    @staticmethod
    async def complaint(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, COMPLAINT, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=PERSONS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]
