"""Reviews: who must act next on what."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from db.enums import ReviewKind, ReviewState
from db.queries.entities import REGION, TEAM
from db.queries.review_counts import ReviewCountRow
from db.queries.rows import ReviewRow
from gateway.engine.rows import is_instance_of
from resolvers.review_ages import ReviewAge, age_of
from schema.ids import id_field
from schema.info import Info
from schema.pagination import connection_of
from schema.references import referred, subjects
from schema.types.abilities import ReviewAbilities, viewer_can
from schema.types.node import Node
from schema.types.region import Region
from schema.types.review_details import FieldChange, File, changes_of, files_with
from schema.types.team import Team
from schema.visibility import MANAGERS, PERSONS, attribute, batched, enum_type, object_type

enum_type(to=PERSONS, description="For how long a review has waited (等待时间)")(ReviewAge)


@object_type(to=PERSONS, description="Review that waits or was decided (审核)")
class Review(Node):
    """A review; the objects are ``ReviewRow``."""

    is_type_of = staticmethod(is_instance_of(ReviewRow))

    id = id_field("Review")
    kind: ReviewKind = attribute(to=PERSONS, description="What is reviewed (审核类型)")
    state: ReviewState = attribute(to=PERSONS, description="Whether it waits (审核状态)")
    opinion: str | None = attribute(to=PERSONS, description="Opinion of the reviewer (审核意见)")
    created_at: datetime = attribute(to=PERSONS, description="When it was handed in (提交时间)")
    decided_at: datetime | None = attribute(
        to=PERSONS, description="When it was decided (审核时间)"
    )
    viewer_can = viewer_can("Review", ReviewAbilities)

    @batched(
        ReviewAge,
        to=PERSONS,
        description="How long ago it was handed in (等待时间)",
        needs=("created_at",),
    )
    @staticmethod
    def age(parents: Sequence[ReviewRow], info: Info) -> list[ReviewAge]:
        return [age_of(row.created_at, info.context.now) for row in parents]

    @batched(
        Node | None,
        to=PERSONS,
        description="What is decided on, if the viewer may see it (审核对象)",
        needs=("subject_type", "subject_id"),
    )
    @staticmethod
    async def subject(parents: Sequence[ReviewRow], info: Info) -> Any:
        return await subjects(info, parents)

    @batched(
        Team | None,
        to=PERSONS,
        description="Team that the item is of (所属队伍)",
        needs=("team_id",),
    )
    @staticmethod
    async def team(parents: Sequence[ReviewRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.team_id for row in parents])

    @batched(
        Team | None,
        to=PERSONS,
        description="Team that must decide (审核团体)",
        needs=("reviewer_team_id",),
    )
    @staticmethod
    async def reviewer_team(parents: Sequence[ReviewRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.reviewer_team_id for row in parents])

    @batched(
        Region | None,
        to=PERSONS,
        description="Region whose department must decide (审核部门)",
        needs=("reviewer_region_id",),
    )
    @staticmethod
    async def reviewer_department(parents: Sequence[ReviewRow], info: Info) -> Any:
        return await referred(info, REGION, [row.reviewer_region_id for row in parents])

    @batched(
        list[FieldChange],
        to=PERSONS,
        description="Fields that a change asks for, with personal data as contacts are (变更内容)",
        needs=(
            *("kind", "change", "team_id", "applicant_account_id"),
            *("reviewer_team_id", "reviewer_region_id"),
        ),
    )
    @staticmethod
    async def changes(parents: Sequence[ReviewRow], info: Info) -> Any:
        return await changes_of(info, parents)

    @batched(
        list[File],
        to=PERSONS,
        description="Files of what is decided on, got from /files/<id>, oldest first (附件)",
        needs=("subject_type", "subject_id"),
    )
    @staticmethod
    async def files(parents: Sequence[ReviewRow], info: Info) -> Any:
        return await files_with(info, parents)


ReviewConnection = connection_of("Review", Review, to=PERSONS, term="审核")


@object_type(to=MANAGERS, description="How many reviews of a kind wait (待审核数量)")
class ReviewCount:
    """How many reviews of a kind wait; the objects are ``ReviewCountRow``."""

    is_type_of = staticmethod(is_instance_of(ReviewCountRow))

    kind: ReviewKind = attribute(to=MANAGERS, description="What is reviewed (审核类型)")
    total: int = attribute(to=MANAGERS, description="All that wait (合计)")
    today: int = attribute(to=MANAGERS, description="Handed in today (今日)")
    within_3_days: int = attribute(
        to=MANAGERS, description="Handed in on the three days before (三日内)"
    )
    within_7_days: int = attribute(
        to=MANAGERS, description="Handed in on the four days before those (七日内)"
    )
    older: int = attribute(to=MANAGERS, description="Handed in earlier: overdue (逾期)")
