"""What entering, applying for, correcting, voiding and disputing records are given."""

from datetime import datetime

import strawberry
from strawberry import UNSET

from resolvers.records.correcting import Changes
from resolvers.records.entry import Entry
from schema.ids import number_of
from schema.inputs.left_out import or_none
from schema.inputs.volunteer import KEY
from schema.plain_inputs import plain
from schema.texts import is_storable
from schema.visibility import TEAMS, VOLUNTEERS, input_field, input_type

STARTS = "When the service began (开始时间)"
ENDS = "When the service ended (结束时间)"
UNSERVED = "Minutes of the way and of breaks, which are no service (非服务时长, 分钟)"
NAME = "Name of the activity; a project's own if left out (活动名称)"
CONTENT = "What was done (服务内容)"
PLACE = "Where; the project's if left out (服务地点)"
TARGETS = "Who was served; the project's if left out (服务对象)"
CONTACT = "Contact person; the project's or team's if left out (联系人)"
PROJECT = "Global id of the project (项目标识)"
POST = "Global id of the post; that of the sign-up if left out (岗位标识)"
NOTE = "Remark (备注)"
REASON = "Why (原因)"
RECORD = "Global id of the service record (记录标识)"


def text(value: str | None) -> str | None:
    """A text trimmed, None if it is empty or was left out; what cannot be stored stays wrong."""
    found: str | None = or_none(value)
    if found is None:
        return None
    trimmed = found.strip()
    return (trimmed if is_storable(trimmed) else "\x00") or None


def texts(values: list[str] | None) -> tuple[str, ...] | None:
    """Texts without repeats, None if they were left out."""
    found = or_none(values)
    return None if found is None else tuple(dict.fromkeys(text(each) or "" for each in found))


@plain
@input_type(to=TEAMS, description="Service of one volunteer (服务记录内容)")
class ServiceEntryInput:
    """A service; the volunteer is named by id, or by number and name together."""

    volunteer_id: strawberry.ID | None = input_field(
        to=TEAMS, description="Global id of a volunteer whom the team knows (志愿者标识)"
    )
    volunteer_no: str | None = input_field(
        to=TEAMS, description="Number of the volunteer, with the name (志愿者编号)"
    )
    volunteer_name: str | None = input_field(
        to=TEAMS, description="Name of the volunteer, with the number (志愿者姓名)"
    )
    project_id: strawberry.ID | None = input_field(to=TEAMS, description=PROJECT)
    post_id: strawberry.ID | None = input_field(to=TEAMS, description=POST)
    starts_at: datetime = input_field(to=TEAMS, description=STARTS, required=True)
    ends_at: datetime = input_field(to=TEAMS, description=ENDS, required=True)
    unserved_minutes: int = input_field(to=TEAMS, description=UNSERVED, default=0)
    activity_name: str | None = input_field(to=TEAMS, description=NAME)
    content: str = input_field(to=TEAMS, description=CONTENT, required=True)
    place: str | None = input_field(to=TEAMS, description=PLACE)
    targets: list[str] | None = input_field(to=TEAMS, description=TARGETS)
    contact_name: str | None = input_field(to=TEAMS, description=CONTACT)
    note: str | None = input_field(to=TEAMS, description=NOTE)
    score: int | None = input_field(
        to=TEAMS, description="Evaluation of the service, 1 to 5 (服务评价)"
    )
    comment: str | None = input_field(to=TEAMS, description="Words to the evaluation (评语)")

    @property
    def entry(self) -> Entry:
        """The entry that is to be judged."""
        volunteer_id, project_id, post_id = self.volunteer_id, self.project_id, self.post_id
        return Entry(
            volunteer_id=_number(volunteer_id, "Volunteer", "volunteerId"),
            volunteer_no=text(self.volunteer_no),
            volunteer_name=text(self.volunteer_name),
            project_id=_number(project_id, "Project", "projectId"),
            post_id=_number(post_id, "Post", "postId"),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            unserved_minutes=self.unserved_minutes,
            activity_name=text(self.activity_name),
            content=text(self.content) or "",
            place=text(self.place),
            targets=texts(self.targets),
            contact_name=text(self.contact_name),
            note=text(self.note),
            score=or_none(self.score),
            comment=text(self.comment),
        )


@input_type(to=TEAMS, description="Record to enter (录入服务记录)")
class CreateServiceRecordInput:
    """A service that the team organised."""

    team_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the own team (队伍标识)", required=True
    )
    record: ServiceEntryInput = input_field(
        to=TEAMS, description="What was done (记录内容)", required=True
    )
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)


@input_type(to=TEAMS, description="Records to enter, at most 10,000 (批量录入服务记录)")
class CreateServiceRecordsInput:
    """Services that the team organised."""

    team_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the own team (队伍标识)", required=True
    )
    records: list[ServiceEntryInput] = input_field(
        to=TEAMS, description="What was done, at most 10,000 (记录内容)", required=True
    )
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)


@input_type(to=VOLUNTEERS, description="Own service to have recorded (申请服务记录)")
class ApplyForRecordInput:
    """A service of one's own that a team organised."""

    team_id: strawberry.ID = input_field(
        to=VOLUNTEERS,
        description="Global id of the team that organised it (队伍标识)",
        required=True,
    )
    project_id: strawberry.ID | None = input_field(to=VOLUNTEERS, description=PROJECT)
    post_id: strawberry.ID | None = input_field(to=VOLUNTEERS, description=POST)
    starts_at: datetime = input_field(to=VOLUNTEERS, description=STARTS, required=True)
    ends_at: datetime = input_field(to=VOLUNTEERS, description=ENDS, required=True)
    unserved_minutes: int = input_field(to=VOLUNTEERS, description=UNSERVED, default=0)
    activity_name: str | None = input_field(to=VOLUNTEERS, description=NAME)
    content: str = input_field(to=VOLUNTEERS, description=CONTENT, required=True)
    place: str | None = input_field(to=VOLUNTEERS, description=PLACE)
    targets: list[str] | None = input_field(to=VOLUNTEERS, description=TARGETS)
    contact_name: str | None = input_field(to=VOLUNTEERS, description=CONTACT)
    note: str | None = input_field(to=VOLUNTEERS, description=NOTE)
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)

    @property
    def entry(self) -> Entry:
        """The entry that is to be judged."""
        return Entry(
            project_id=_number(self.project_id, "Project", "projectId"),
            post_id=_number(self.post_id, "Post", "postId"),
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            unserved_minutes=self.unserved_minutes,
            activity_name=text(self.activity_name),
            content=text(self.content) or "",
            place=text(self.place),
            targets=texts(self.targets),
            contact_name=text(self.contact_name),
            note=text(self.note),
        )


@input_type(to=TEAMS, description="What a record is to say instead (更正内容)")
class RecordChangesInput:
    """Changes of a record; what is left out stays."""

    starts_at: datetime | None = input_field(to=TEAMS, description=STARTS)
    ends_at: datetime | None = input_field(to=TEAMS, description=ENDS)
    unserved_minutes: int | None = input_field(to=TEAMS, description=UNSERVED)
    activity_name: str | None = input_field(to=TEAMS, description=NAME)
    content: str | None = input_field(to=TEAMS, description=CONTENT)
    place: str | None = input_field(to=TEAMS, description=PLACE)
    targets: list[str] | None = input_field(to=TEAMS, description=TARGETS)
    contact_name: str | None = input_field(to=TEAMS, description=CONTACT)
    note: str | None = input_field(to=TEAMS, description=NOTE)

    @property
    def changes(self) -> Changes:
        """The changes."""
        return Changes(
            starts_at=or_none(self.starts_at),
            ends_at=or_none(self.ends_at),
            unserved_minutes=or_none(self.unserved_minutes),
            activity_name=text(self.activity_name),
            content=text(self.content),
            place=text(self.place),
            targets=texts(self.targets),
            contact_name=text(self.contact_name),
            note=text(self.note),
        )


@input_type(to=TEAMS, description="Correction of a record (更正服务记录)")
class CorrectRecordInput:
    """A record, what it is to say, and why."""

    record_id: strawberry.ID = input_field(to=TEAMS, description=RECORD, required=True)
    changes: RecordChangesInput = input_field(
        to=TEAMS, description="What changes; what is left out stays (更正内容)", required=True
    )
    reason: str = input_field(to=TEAMS, description=REASON, required=True)
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)


@input_type(to=TEAMS, description="Record to void (作废服务记录)")
class VoidRecordInput:
    """A record, and why it is void."""

    record_id: strawberry.ID = input_field(to=TEAMS, description=RECORD, required=True)
    reason: str = input_field(to=TEAMS, description=REASON, required=True)
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)


@input_type(to=TEAMS, description="End of a service whose check-out is missing (补签退)")
class CompleteRecordInput:
    """An open record, and when its service ended."""

    record_id: strawberry.ID = input_field(to=TEAMS, description=RECORD, required=True)
    ends_at: datetime = input_field(to=TEAMS, description=ENDS, required=True)
    unserved_minutes: int = input_field(to=TEAMS, description=UNSERVED, default=0)
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)


@input_type(to=VOLUNTEERS, description="Record that is wrong (对记录提出异议)")
class DisputeRecordInput:
    """An own record, and what is wrong with it."""

    record_id: strawberry.ID = input_field(to=VOLUNTEERS, description=RECORD, required=True)
    reason: str = input_field(to=VOLUNTEERS, description=REASON, required=True)
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)


@input_type(to=TEAMS, description="Answer that a disputed record is right (核实异议)")
class ConfirmRecordInput:
    """A disputed record, and what the volunteer is told."""

    record_id: strawberry.ID = input_field(to=TEAMS, description=RECORD, required=True)
    answer: str = input_field(
        to=TEAMS, description="What was verified, told to the volunteer (核实结果)", required=True
    )
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)


@input_type(to=VOLUNTEERS, description="Application to take back (撤回申请)")
class WithdrawRecordApplicationInput:
    """An own record that was applied for."""

    record_id: strawberry.ID = input_field(to=VOLUNTEERS, description=RECORD, required=True)
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)


def _number(global_id: str | None, type_name: str, field: str) -> int | None:
    if global_id is None or global_id is UNSET:
        return None
    return number_of(global_id, type_name, field=field)
