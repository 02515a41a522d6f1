"""Articles that teams and volunteers contribute."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from db.enums import SubmissionStatus
from db.queries.entities import SUBMISSION
from db.queries.voice_rows import SubmissionRow
from gateway.engine.rows import is_instance_of
from permissions.actions import Action
from schema.ids import id_field
from schema.info import Info
from schema.pagination import connection_of
from schema.references import follow
from schema.types.abilities import ability, viewer_can
from schema.types.node import Node
from schema.types.team import Team
from schema.types.volunteer import Volunteer
from schema.visibility import EVERYONE, MANAGERS, PERSONS, attribute, batched, object_type


@object_type(to=PERSONS, description="What the viewer may do to an article (对稿件可执行的操作)")
class SubmissionAbilities:
    """Abilities; the objects are ``SubmissionFacts``."""

    update = ability(Action.SUBMISSION_UPDATE, to=PERSONS, description="Change it (修改)")
    submit = ability(Action.SUBMISSION_SUBMIT, to=PERSONS, description="Hand it in (提交)")
    withdraw = ability(Action.SUBMISSION_WITHDRAW, to=PERSONS, description="Take it back (撤稿)")
    review = ability(Action.SUBMISSION_REVIEW, to=MANAGERS, description="Review it (审核)")
    publish = ability(Action.SUBMISSION_PUBLISH, to=PERSONS, description="Publish it (发布)")
    return_to_author = ability(
        Action.SUBMISSION_RETURN, to=PERSONS, description="Return it to its author (退稿)"
    )
    take_offline = ability(
        Action.SUBMISSION_TAKE_OFFLINE, to=PERSONS, description="Take it offline (下线)"
    )


@object_type(to=EVERYONE, description="Contributed article (稿件)")
class Submission(Node):
    """An article; the objects are ``SubmissionRow``."""

    is_type_of = staticmethod(is_instance_of(SubmissionRow))

    id = id_field("Submission")
    title: str = attribute(to=EVERYONE, description="Title (标题)")
    body: str = attribute(to=EVERYONE, description="Text (正文)")
    status: SubmissionStatus = attribute(to=EVERYONE, description="State (稿件状态)")
    opinion: str | None = attribute(
        to=PERSONS, description="What the reviewer or editor said (审稿意见)"
    )
    created_at: datetime = attribute(to=PERSONS, description="When it was begun (创建时间)")
    published_at: datetime | None = attribute(
        to=EVERYONE, description="When it was published (发布时间)"
    )
    viewer_can = viewer_can("Submission", SubmissionAbilities)

    @batched(
        Team | None,
        to=EVERYONE,
        description="Team that contributes it (投稿队伍)",
        needs=("team_id",),
    )
    @staticmethod
    async def team(parents: Sequence[SubmissionRow], info: Info) -> Any:
        return await follow(info, SUBMISSION, parents, "team")

    @batched(
        Volunteer | None,
        to=PERSONS,
        description="Volunteer who wrote it, none if the team did (作者)",
        needs=("volunteer_id",),
    )
    @staticmethod
    async def volunteer(parents: Sequence[SubmissionRow], info: Info) -> Any:
        return await follow(info, SUBMISSION, parents, "volunteer")


SubmissionConnection = connection_of("Submission", Submission, to=EVERYONE, term="稿件")
