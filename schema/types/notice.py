"""Notices to whoever belongs to an area."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from db.enums import NoticeReader
from db.queries.entities import NOTICE
from db.queries.voice_rows import NoticeRow
from gateway.engine.rows import is_instance_of
from permissions.actions import Action
from resolvers.notices import list_read_at
from schema.ids import id_field
from schema.info import Info
from schema.pagination import connection_of
from schema.references import follow
from schema.types.abilities import ability, viewer_can
from schema.types.node import Node
from schema.types.region import Region
from schema.types.team import Team
from schema.visibility import EVERYONE, PERSONS, attribute, batched, object_type


@object_type(to=PERSONS, description="What the viewer may do to a notice (对通知可执行的操作)")
class NoticeAbilities:
    """Abilities; the objects are ``NoticeFacts``."""

    withdraw = ability(Action.NOTICE_WITHDRAW, to=PERSONS, description="Withdraw it (撤回)")


@object_type(to=EVERYONE, description="Notice to an area (通知公告)")
class Notice(Node):
    """A notice; the objects are ``NoticeRow``."""

    is_type_of = staticmethod(is_instance_of(NoticeRow))

    id = id_field("Notice")
    title: str = attribute(to=EVERYONE, description="Title (标题)")
    body: str = attribute(to=EVERYONE, description="Text (正文)")
    readers: list[NoticeReader] = attribute(to=EVERYONE, description="Whom it is for (通知对象)")
    of_station: bool = attribute(
        to=EVERYONE, description="Whether the station issued it, not a department (分站发布)"
    )
    created_at: datetime = attribute(
        to=EVERYONE, description="When it was issued (发布时间)", name="issuedAt"
    )
    withdrawn_at: datetime | None = attribute(
        to=PERSONS, description="When it was withdrawn (撤回时间)"
    )
    withdraw_reason: str | None = attribute(
        to=PERSONS, description="Why it was withdrawn (撤回原因)"
    )
    viewer_can = viewer_can("Notice", NoticeAbilities)

    @batched(
        Team | None,
        to=EVERYONE,
        description="Hub that issued it, to its subtree (发布团体)",
        needs=("team_id",),
    )
    @staticmethod
    async def team(parents: Sequence[NoticeRow], info: Info) -> Any:
        return await follow(info, NOTICE, parents, "team")

    @batched(
        Region | None,
        to=EVERYONE,
        description="Region that a department or station issued it to (发布区域)",
        needs=("region_id",),
    )
    @staticmethod
    async def region(parents: Sequence[NoticeRow], info: Info) -> Any:
        return await follow(info, NOTICE, parents, "region")

    @batched(
        datetime | None,
        to=PERSONS,
        description="When the viewer's account marked it as read (阅读时间)",
        needs=("id",),
    )
    @staticmethod
    async def read_at(parents: Sequence[NoticeRow], info: Info) -> Any:
        return await list_read_at(info.context, [row.id for row in parents])


NoticeConnection = connection_of("Notice", Notice, to=EVERYONE, term="通知公告")
