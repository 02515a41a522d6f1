"""The payload of asking for an export."""

from collections.abc import Sequence
from typing import Any

from resolvers.exports.asking import get_export
from resolvers.outcomes import Outcome
from schema.info import Info
from schema.payloads.user_error import UserErrorType
from schema.types.export import Export
from schema.visibility import MANAGERS, batched, object_type


@object_type(to=MANAGERS, description="Outcome of asking for an export (导出申请结果)")
class ExportPayload:
    """The outcome of asking for an export; the objects are ``Outcome``."""

    @batched(Export | None, to=MANAGERS, description="Export that waits to be made (导出任务)")
    @staticmethod
    async def export(parents: Sequence[Outcome], info: Info) -> Any:
        return [
            None if each.subject_id is None else await get_export(info.context, each.subject_id)
            for each in parents
        ]

    @batched(list[UserErrorType], to=MANAGERS, description="Why there is none (错误)")
    @staticmethod
    def user_errors(parents: Sequence[Outcome]) -> list[Any]:
        return [each.errors for each in parents]
