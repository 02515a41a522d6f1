"""Messages to the account that asks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import ID

from db.queries.entities import TEAM
from db.queries.notifications import NOTIFICATIONS, NotificationRow
from permissions.errors import LimitExceeded
from permissions.viewer import Viewer
from resolvers.notifications import MOST
from schema.ids import encode
from schema.info import Info
from schema.references import referred, subjects
from schema.types.node import Node
from schema.types.team import Team
from schema.visibility import PERSONS, attribute, batched, object_type

HowMany = Annotated[int, strawberry.argument(description="How many at most, up to 100 (最多几项)")]


@object_type(to=PERSONS, description="Message to an account (通知)")
class Notification:
    """A message; the objects are ``NotificationRow``."""

    event: str = attribute(to=PERSONS, description="What happened, as events are called (事件)")
    created_at: datetime = attribute(to=PERSONS, description="When (时间)")
    read_at: datetime | None = attribute(
        to=PERSONS, description="When it was marked as read (阅读时间)"
    )

    @batched(ID, to=PERSONS, description="Global id (全局标识)", name="id")
    @staticmethod
    def notification_id(parents: Sequence[NotificationRow]) -> list[ID]:
        return [encode("Notification", row.id) for row in parents]

    @batched(
        Node | None,
        to=PERSONS,
        description="Complaint or article that it is about, if the viewer may see it (相关事项)",
    )
    @staticmethod
    async def subject(parents: Sequence[NotificationRow], info: Info) -> Any:
        return await subjects(info, parents)

    @batched(Team | None, to=PERSONS, description="Team that it is about (相关队伍)")
    @staticmethod
    async def team(parents: Sequence[NotificationRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.team_id for row in parents])


@batched(
    list[Notification],
    to=PERSONS,
    description="Messages to the account, the newest first (通知)",
)
async def notifications(parents: Sequence[Viewer], info: Info, *, first: HowMany = 20) -> Any:
    """The messages of each viewer's account."""
    if not 0 <= first <= MOST:
        raise LimitExceeded("pageSize", f"At most {MOST} at a time.")
    return [
        []
        if viewer.account_id is None
        else await info.context.snapshot.fetch(NOTIFICATIONS, account=viewer.account_id, most=first)
        for viewer in parents
    ]
