"""The payload of what is done to stations."""

from collections.abc import Sequence
from typing import Any

from db.queries.entities import STATION
from resolvers.outcomes import Outcome
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.references import referred
from schema.types.region import Station
from schema.visibility import PERSONS, batched, object_type


@object_type(to=PERSONS, description="Outcome for a station (分站操作结果)")
class StationPayload:
    """What was done to a station; the objects are ``Outcome``."""

    @batched(Station | None, to=PERSONS, description="Station as it now is (分站)")
    @staticmethod
    async def station(parents: Sequence[Outcome], info: Info) -> Any:
        return await referred(info, STATION, [each.subject_id for each in parents])

    @batched(list[UserErrorType], to=PERSONS, description="Why nothing changed (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]
