"""What mutations of complaints are given, and what lists of them can be narrowed by."""

from enum import StrEnum

import strawberry

from db.enums import ComplaintMeasure, ComplaintStatus, ComplaintTopic
from db.queries.complaint_terms import TIME_TO_DECIDE, TIME_TO_REVIEW
from permissions.errors import InvalidId
from resolvers.complaints.deciding import Ruling
from resolvers.complaints.handling import Transfer
from resolvers.complaints.submitting import SUBJECTS, NewCase
from schema.filters import FilterBuilder
from schema.ids import decode, number_of
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.volunteer import KEY
from schema.pagination import Filters
from schema.region_codes import region_code
from schema.texts import is_storable
from schema.visibility import MANAGERS, PERSONS, enum_type, input_field, input_type

COMPLAINT = "Global id of the complaint (投诉标识)"
FIELD = "input.complaintId"


@enum_type(to=MANAGERS, description="What a complaint comes to (办理结论)")
class Finding(StrEnum):
    """What is decided."""

    UPHOLD = "UPHOLD"
    DISMISS = "DISMISS"


@input_type(to=PERSONS, description="Which complaints (投诉筛选)")
class ComplaintFilter:
    """Narrows a list of complaints."""

    status: list[ComplaintStatus] | None = input_field(to=PERSONS, description="States (状态)")
    topic: list[ComplaintTopic] | None = input_field(to=PERSONS, description="What about (事由)")
    is_own: bool | None = input_field(
        to=PERSONS, description="True: only the viewer's own (我的投诉)"
    )
    awaits_viewer: bool | None = input_field(
        to=MANAGERS, description="True: only those that this capacity must act on (待我办理)"
    )

    is_overdue: bool | None = input_field(
        to=MANAGERS,
        description=(
            f"True: only those undecided for {TIME_TO_DECIDE.days} days,"
            f" after an appeal for {TIME_TO_REVIEW.days} (逾期未办结)"
        ),
    )

    async def filters(self, info: Info) -> Filters:
        """The filters of the statement."""
        builder, viewer = FilterBuilder(), info.context.viewer
        builder.members("status", self.status, "f_status")
        builder.members("topic", self.topic, "f_topic")
        if self.is_own is True:
            builder.value("mine", viewer.account_id or 0, "f_complainant")
        if self.is_overdue is True:
            builder.value("overdue", info.context.now, "f_due_before")
        if self.awaits_viewer is True:
            builder.flag(given=True, yes="undecided")
            if viewer.department is not None:
                builder.value("held_by_region", viewer.department.region_id, "f_handler_region_id")
            else:
                team = viewer.team.id if viewer.team is not None else 0
                builder.value("held_by_team", team, "f_handler_team_id")
        return builder.built()


@input_type(to=PERSONS, description="Volunteer whom a complaint is about (被投诉的志愿者)")
class ComplainedVolunteerInput:
    """A volunteer, by number and name together."""

    volunteer_no: str = input_field(
        to=PERSONS, description="Number of the volunteer (志愿者编号)", required=True
    )
    name: str = input_field(to=PERSONS, description="Name (姓名)", required=True)


@input_type(to=PERSONS, description="Complaint to hand in (提交投诉)")
class SubmitComplaintInput:
    """A complaint; its subject is an id, or a volunteer by number and name."""

    topic: ComplaintTopic = input_field(
        to=PERSONS, description="What is wrong (事由)", required=True
    )
    text: str = input_field(
        to=PERSONS, description="What happened, at most 2,000 characters (情况说明)", required=True
    )
    subject_id: strawberry.ID | None = input_field(
        to=PERSONS,
        description="Global id of a team, project, record, certificate or volunteer (投诉对象)",
    )
    volunteer: ComplainedVolunteerInput | None = input_field(
        to=PERSONS, description="Volunteer, instead of an id (被投诉的志愿者)"
    )
    team_id: strawberry.ID | None = input_field(
        to=PERSONS, description="Id of the team for which a volunteer served (服务团体)"
    )
    office_code: str | None = input_field(
        to=PERSONS,
        description="Code of the region whose department is to get it, if one is chosen (受理部门)",
    )
    disclose_name: bool = input_field(
        to=PERSONS,
        description="Let who handles it know the name; never whom it is about (是否实名)",
        default=False,
    )
    idempotency_key: str | None = input_field(to=PERSONS, description=KEY)

    @property
    def case(self) -> NewCase:
        """The complaint.

        Raises:
            InvalidId: an id of another type.
        """
        subject_id, volunteer = or_none(self.subject_id), or_none(self.volunteer)
        team_id, code = or_none(self.team_id), or_none(self.office_code)
        subject = None if subject_id is None else decode(subject_id, field="input.subjectId")
        if subject is not None and subject[0] not in SUBJECTS:
            raise InvalidId("input.subjectId")
        return NewCase(
            topic=self.topic,
            text=self.text,
            subject=subject,
            volunteer_no=None if volunteer is None else _sought(volunteer.volunteer_no),
            volunteer_name=None if volunteer is None else _sought(volunteer.name),
            team_id=None if team_id is None else number_of(team_id, "Team", field="input.teamId"),
            office_code=None if code is None else _sought(region_code(code)),
            discloses_name=self.disclose_name,
        )


@input_type(to=MANAGERS, description="Complaint to take on or to look into (受理或调查)")
class ComplaintOrderInput:
    """A complaint whose handler takes the next step."""

    complaint_id: strawberry.ID = input_field(to=MANAGERS, description=COMPLAINT, required=True)
    idempotency_key: str | None = input_field(to=MANAGERS, description=KEY)


@input_type(to=MANAGERS, description="Complaint to hand on (转办)")
class TransferComplaintInput:
    """A complaint for another; where none is named, for who is competent."""

    complaint_id: strawberry.ID = input_field(to=MANAGERS, description=COMPLAINT, required=True)
    reason: str = input_field(to=MANAGERS, description="Reason (转办原因)", required=True)
    to_team_id: strawberry.ID | None = input_field(
        to=MANAGERS, description="Id of the team that is competent (转办团体)"
    )
    to_office_code: str | None = input_field(
        to=MANAGERS, description="Code of the region whose department is competent (转办部门)"
    )
    elsewhere: str | None = input_field(
        to=MANAGERS,
        description="Competent authority outside the system; the complaint ends (告知主管单位)",
    )
    idempotency_key: str | None = input_field(to=MANAGERS, description=KEY)

    @property
    def transfer(self) -> Transfer:
        """The transfer.

        Raises:
            InvalidId: an id of another type.
        """
        team_id, code = or_none(self.to_team_id), or_none(self.to_office_code)
        return Transfer(
            complaint_id=number_of(self.complaint_id, "Complaint", field=FIELD),
            reason=self.reason,
            to_team_id=None
            if team_id is None
            else number_of(team_id, "Team", field="input.toTeamId"),
            to_office_code=None if code is None else _sought(region_code(code)),
            elsewhere=or_none(self.elsewhere),
        )


@input_type(to=MANAGERS, description="Complaint to decide (办结投诉)")
class DecideComplaintInput:
    """What a complaint comes to."""

    complaint_id: strawberry.ID = input_field(to=MANAGERS, description=COMPLAINT, required=True)
    finding: Finding = input_field(to=MANAGERS, description="Conclusion (办理结论)", required=True)
    outcome: str = input_field(
        to=MANAGERS,
        description="Findings and reason, told to all concerned (处理结果)",
        required=True,
    )
    measure: ComplaintMeasure | None = input_field(
        to=MANAGERS, description="What is done, if it is upheld (处理措施)"
    )
    idempotency_key: str | None = input_field(to=MANAGERS, description=KEY)

    @property
    def ruling(self) -> Ruling:
        """The ruling.

        Raises:
            InvalidId: an id of another type.
        """
        return Ruling(
            complaint_id=number_of(self.complaint_id, "Complaint", field=FIELD),
            upholds=self.finding is Finding.UPHOLD,
            outcome=self.outcome,
            measure=or_none(self.measure),
        )


@input_type(to=PERSONS, description="Decision to appeal against (申诉)")
class AppealComplaintInput:
    """A complaint that its complainant takes to the superior."""

    complaint_id: strawberry.ID = input_field(to=PERSONS, description=COMPLAINT, required=True)
    reason: str = input_field(to=PERSONS, description="Reason (申诉理由)", required=True)
    idempotency_key: str | None = input_field(to=PERSONS, description=KEY)


@input_type(to=PERSONS, description="Complaint to close (结案)")
class CloseComplaintInput:
    """A complaint whose complainant accepts what was decided."""

    complaint_id: strawberry.ID = input_field(to=PERSONS, description=COMPLAINT, required=True)
    idempotency_key: str | None = input_field(to=PERSONS, description=KEY)


def _sought(given: str) -> str:
    """What is looked for; nothing is called what the database could not hold."""
    return given.strip() if is_storable(given) else ""
