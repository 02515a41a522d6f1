"""Exports as who asked for them sees them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import strawberry

from db.enums import ExportFormat, ExportKind, ExportState
from db.queries.exports import KEPT, ExportRow
from schema.ids import encode
from schema.visibility import MANAGERS, attribute, batched, object_type


@object_type(to=MANAGERS, description="Export that was asked for (导出任务)")
class Export:
    """An export; the objects are ``ExportRow``."""

    kind: ExportKind = attribute(to=MANAGERS, description="What it holds (导出内容)")
    format: ExportFormat = attribute(to=MANAGERS, description="Kind of file (文件格式)")
    state: ExportState = attribute(to=MANAGERS, description="How far it has come (状态)")
    failure: str | None = attribute(to=MANAGERS, description="Code of what stopped it (失败原因)")
    file_name: str | None = attribute(to=MANAGERS, description="Name of the file (文件名)")
    size: int | None = attribute(to=MANAGERS, description="Bytes of the file (文件大小)")
    created_at: datetime = attribute(to=MANAGERS, description="When it was asked for (申请时间)")
    finished_at: datetime | None = attribute(to=MANAGERS, description="When it ended (完成时间)")

    @batched(strawberry.ID, to=MANAGERS, description="Id to ask for it by (导出标识)")
    @staticmethod
    def id(parents: Sequence[ExportRow]) -> list[Any]:
        return [encode("Export", each.id) for each in parents]

    @batched(int, to=MANAGERS, description="How much of it is done, in per cent (进度)")
    @staticmethod
    def progress(parents: Sequence[ExportRow]) -> list[int]:
        return [_progress(each) for each in parents]

    @batched(
        str | None,
        to=MANAGERS,
        description="Where its file is fetched with the same headers (下载地址)",
    )
    @staticmethod
    def url(parents: Sequence[ExportRow]) -> list[str | None]:
        return [
            f"/exports/{encode('Export', each.id)}" if each.state == ExportState.DONE else None
            for each in parents
        ]

    @batched(datetime, to=MANAGERS, description="Until when it is kept (保留至)")
    @staticmethod
    def kept_until(parents: Sequence[ExportRow]) -> list[datetime]:
        return [each.created_at + KEPT for each in parents]


def _progress(row: ExportRow) -> int:
    if row.state == ExportState.DONE:
        return 100
    return min(99, 100 * row.done // row.total) if row.total else 0
