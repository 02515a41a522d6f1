"""What evaluating, training, awards, stars and transfers are given."""

from datetime import date

import strawberry

from db.enums import AwardGrantor, RegionLevel
from db.queries.personal_file.writing import ScaleStep
from permissions.viewer import Role
from resolvers.personal_file.recording import NewAward, NewTraining
from resolvers.records.evaluating import Opinion
from schema.inputs.left_out import or_none
from schema.inputs.records import RECORD, text
from schema.inputs.registration import GuardianInput
from schema.inputs.volunteer import KEY
from schema.visibility import (
    OVERSEERS,
    TEAMS,
    VOLUNTEERS,
    Audience,
    input_field,
    input_type,
)

DEPARTMENTS: Audience = frozenset({Role.DEPARTMENT})
SCORE = "Quality, 1 to 5 (评分)"
COMMENT = "In words (评语)"
VOLUNTEER = "Global id of the volunteer (志愿者标识)"


@input_type(to=TEAMS, description="Evaluation of a record (评价服务记录)")
class EvaluateRecordInput:
    """A record, and how good the service was."""

    record_id: strawberry.ID = input_field(to=TEAMS, description=RECORD, required=True)
    score: int = input_field(to=TEAMS, description=SCORE, required=True)
    comment: str | None = input_field(to=TEAMS, description=COMMENT)
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    @property
    def opinion(self) -> Opinion:
        """What the team thinks."""
        return Opinion(score=self.score, comment=text(self.comment))


@input_type(to=TEAMS, description="Evaluation of who took part in a project (评价项目参与)")
class EvaluateParticipationInput:
    """A project, a volunteer, and how good the service was."""

    project_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the project (项目标识)", required=True
    )
    volunteer_id: strawberry.ID = input_field(to=TEAMS, description=VOLUNTEER, required=True)
    score: int = input_field(to=TEAMS, description=SCORE, required=True)
    comment: str | None = input_field(to=TEAMS, description=COMMENT)
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    @property
    def opinion(self) -> Opinion:
        """What the team thinks."""
        return Opinion(score=self.score, comment=text(self.comment))


@input_type(to=TEAMS, description="Training of a volunteer (培训记录)")
class RecordTrainingInput:
    """A training."""

    volunteer_id: strawberry.ID = input_field(to=TEAMS, description=VOLUNTEER, required=True)
    name: str = input_field(to=TEAMS, description="Name of it (培训名称)", required=True)
    content: str | None = input_field(to=TEAMS, description="What was taught (培训内容)")
    minutes: int = input_field(
        to=TEAMS, description="Study time in minutes (学时, 分钟)", required=True
    )
    organiser: str = input_field(to=TEAMS, description="Who held it (组织单位)", required=True)
    held_on: date = input_field(to=TEAMS, description="When (培训日期)", required=True)
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    @property
    def training(self) -> NewTraining:
        """The training."""
        return NewTraining(
            name=text(self.name) or "",
            content=text(self.content),
            minutes=self.minutes,
            organiser=text(self.organiser) or "",
            held_on=self.held_on,
        )


@input_type(to=TEAMS, description="Award of a volunteer (表彰奖励)")
class RecordAwardInput:
    """An award; a government's with the material shown, another's with its verification."""

    volunteer_id: strawberry.ID = input_field(to=TEAMS, description=VOLUNTEER, required=True)
    name: str = input_field(to=TEAMS, description="Name of it (表彰奖励名称)", required=True)
    granted_by: str = input_field(to=TEAMS, description="Who granted it (授予单位)", required=True)
    granted_on: date = input_field(to=TEAMS, description="When (授予日期)", required=True)
    grantor: AwardGrantor = input_field(
        to=TEAMS,
        description="A government of county level or above, or another (授予方)",
        required=True,
    )
    material: str | None = input_field(
        to=TEAMS, description="Material that the volunteer showed (证明材料)"
    )
    verification: str | None = input_field(to=TEAMS, description="How it was verified (核实情况)")
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    @property
    def award(self) -> NewAward:
        """The award."""
        return NewAward(
            name=text(self.name) or "",
            granted_by=text(self.granted_by) or "",
            granted_on=self.granted_on,
            grantor=self.grantor,
            material=text(self.material),
            verification=text(self.verification),
        )


@input_type(to=OVERSEERS, description="Stars of a volunteer (星级认定)")
class RateStarInput:
    """A volunteer, and how many stars."""

    volunteer_id: strawberry.ID = input_field(to=OVERSEERS, description=VOLUNTEER, required=True)
    stars: int = input_field(to=OVERSEERS, description="Stars, 0 to 5 (星级)", required=True)
    reason: str | None = input_field(
        to=OVERSEERS, description="Why; stars are taken back for a reason (原因)"
    )
    idempotency_key: str | None = input_field(to=OVERSEERS, description=KEY)


@input_type(to=DEPARTMENTS, description="Step of a scale of stars (星级标准)")
class StarThresholdInput:
    """So many stars from so many hours on."""

    stars: int = input_field(to=DEPARTMENTS, description="Stars (星级)", required=True)
    hours: int = input_field(
        to=DEPARTMENTS, description="From so many effective hours on (时长, 小时)", required=True
    )
    least_score: float | None = input_field(
        to=DEPARTMENTS, description="Least average evaluation (最低平均评价)"
    )
    rated_by: RegionLevel | None = input_field(
        to=DEPARTMENTS, description="Lowest level that gives them (认定层级)"
    )

    @property
    def step(self) -> ScaleStep:
        """The step."""
        level = or_none(self.rated_by)
        return ScaleStep(
            stars=self.stars,
            hours=self.hours,
            least_score=or_none(self.least_score),
            rated_by=None if level is None else level.value,
        )


@input_type(to=DEPARTMENTS, description="Scale of stars of the own region (设置星级标准)")
class SetStarScaleInput:
    """The scale; empty, that of the region above holds."""

    thresholds: list[StarThresholdInput] = input_field(
        to=DEPARTMENTS, description="Steps from one star on (星级标准)", required=True
    )
    idempotency_key: str | None = input_field(to=DEPARTMENTS, description=KEY)


@input_type(to=VOLUNTEERS, description="Records to hand to another team (转移服务记录)")
class TransferRecordsInput:
    """From which team to which, what for, and the consent."""

    team_id: strawberry.ID = input_field(
        to=VOLUNTEERS, description="Global id of the recording team (原记录单位)", required=True
    )
    to_team_id: strawberry.ID = input_field(
        to=VOLUNTEERS, description="Global id of the receiving team (接续单位)", required=True
    )
    purpose: str = input_field(to=VOLUNTEERS, description="What for (用途)", required=True)
    consent: bool = input_field(
        to=VOLUNTEERS,
        description="That the receiving team may read them until it is withdrawn (单独同意)",
        required=True,
    )
    guardian: GuardianInput | None = input_field(
        to=VOLUNTEERS, description="Guardian, needed under 18 (监护人)"
    )
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)


@input_type(to=TEAMS, description="Answer to records handed on (答复记录转移)")
class AnswerTransferInput:
    """Whether the team takes the records over."""

    transfer_id: strawberry.ID = input_field(
        to=TEAMS, description="Id of the transfer (转移标识)", required=True
    )
    accept: bool = input_field(
        to=TEAMS, description="Whether they were verified and are taken (是否接续)", required=True
    )
    note: str | None = input_field(to=TEAMS, description="Word; a refusal has one (说明)")
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)


@input_type(to=VOLUNTEERS, description="Consent to take back (撤回转移同意)")
class WithdrawTransferInput:
    """An own transfer, of which nothing more is to be shared."""

    transfer_id: strawberry.ID = input_field(
        to=VOLUNTEERS, description="Id of the transfer (转移标识)", required=True
    )
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)


@input_type(to=TEAMS, description="Who records a project of cooperating teams (指定记录单位)")
class NameRecordingTeamInput:
    """A project of the own team, and the team that records its service."""

    project_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the project (项目标识)", required=True
    )
    team_id: strawberry.ID | None = input_field(
        to=TEAMS, description="Global id of the team; left out, the own (记录单位)"
    )
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)
