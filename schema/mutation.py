"""The mutation root."""

from typing import Any

from db.clock import CHINA
from permissions.errors import UserError
from resolvers.identities import reveal_id_number
from resolvers.memberships import join_team
from resolvers.moves import Answer, Wish, answer_move, move_team
from resolvers.profile import update_profile
from resolvers.sign_in import refresh_session, sign_in, sign_out
from schema.administrator_roots import AdministratorMutations
from schema.certificate_mutations import CertificateMutations
from schema.complaint_roots import ComplaintMutations
from schema.export_roots import ExportMutations
from schema.feedback_roots import FeedbackMutations
from schema.ids import number_of
from schema.info import Info
from schema.inputs.identities import REVEALING, RevealIdNumberInput
from schema.inputs.left_out import or_none
from schema.inputs.moves import AnswerTeamMoveInput, MoveTeamInput
from schema.inputs.session import RefreshSessionInput, SignInInput, SignOutInput
from schema.inputs.volunteer import JoinTeamInput, UpdateProfileInput
from schema.inspection_roots import InspectionMutations
from schema.matching_mutations import MatchingMutations
from schema.notice_roots import NoticeMutations
from schema.own_data_mutations import OwnDataMutations
from schema.partner_mutations import PartnerMutations
from schema.payloads.identities import RevealIdNumberPayload
from schema.payloads.moves import TeamMovePayload
from schema.payloads.session import Session, SessionPayload, SignedOut, SignOutPayload
from schema.payloads.volunteer import JoinTeamPayload, UpdateProfilePayload
from schema.personal_file_mutations import PersonalFileMutations
from schema.project_mutations import ProjectMutations
from schema.record_mutations import RecordMutations
from schema.review_mutations import ReviewMutations
from schema.reward_mutations import RewardMutations
from schema.self_service_mutations import SelfServiceMutations
from schema.sign_up_mutations import SignUpMutations
from schema.station_mutations import StationMutations
from schema.submission_roots import SubmissionMutations
from schema.team_change_mutations import TeamChangeMutations
from schema.team_mutations import TeamMutations
from schema.team_staff_mutations import TeamStaffMutations
from schema.visibility import EVERYONE, MANAGERS, VOLUNTEERS, object_type, root
from schema.volunteer_mutations import VolunteerMutations


@object_type(to=EVERYONE, description="What can be done (变更)")
class Mutation(
    AdministratorMutations,
    StationMutations,
    SelfServiceMutations,
    CertificateMutations,
    ComplaintMutations,
    ExportMutations,
    FeedbackMutations,
    NoticeMutations,
    InspectionMutations,
    MatchingMutations,
    RewardMutations,
    OwnDataMutations,
    ProjectMutations,
    SignUpMutations,
    VolunteerMutations,
    TeamMutations,
    TeamChangeMutations,
    TeamStaffMutations,
    PartnerMutations,
    ReviewMutations,
    RecordMutations,
    PersonalFileMutations,
    SubmissionMutations,
):
    """The mutation root. Each field writes, and its payload reads in a snapshot of its own."""

    @root(to=EVERYONE, description="Sign in by password (登录)", graphql_type=SessionPayload)
    @staticmethod
    async def sign_in(info: Info, input: SignInInput) -> Any:
        context = info.context
        outcome = await sign_in(
            context.database,
            input.username,
            input.password,
            rules=context.sign_in.rules,
            issue=context.sign_in.issue,
            at_national_site=context.sign_in.at_national_site,
        )
        if isinstance(outcome, UserError):
            return Session(None, (outcome,))
        await context.wrote(outcome.consistency_token)
        return Session(outcome)

    @root(
        to=EVERYONE,
        description="Renew a session by its refresh token (刷新会话)",
        graphql_type=SessionPayload,
    )
    @staticmethod
    async def refresh_session(info: Info, input: RefreshSessionInput) -> Any:
        context = info.context
        outcome = await refresh_session(
            context.database,
            input.refresh_token,
            rules=context.sign_in.rules,
            issue=context.sign_in.issue,
        )
        await context.wrote(outcome.consistency_token)
        return Session(outcome)

    @root(to=EVERYONE, description="End a session (退出登录)", graphql_type=SignOutPayload)
    @staticmethod
    async def sign_out(info: Info, input: SignOutInput) -> Any:
        await info.context.wrote(await sign_out(info.context.database, input.refresh_token))
        return SignedOut(signed_out=True)

    @root(
        to=VOLUNTEERS,
        description="Change the own profile (修改资料)",
        graphql_type=UpdateProfilePayload,
    )
    @staticmethod
    async def update_profile(info: Info, input: UpdateProfileInput) -> Any:
        context = info.context
        outcome = await update_profile(
            context.database, context.viewer, input.changes, or_none(input.idempotency_key)
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=VOLUNTEERS,
        description="Join a team, or apply to it (加入队伍)",
        graphql_type=JoinTeamPayload,
    )
    @staticmethod
    async def join_team(info: Info, input: JoinTeamInput) -> Any:
        context = info.context
        team_id = number_of(input.team_id, "Team", field="input.teamId")
        outcome = await join_team(
            context.database, context.viewer, team_id, or_none(input.idempotency_key)
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=MANAGERS,
        description="Ask for a new contact team, or force one from above (改挂)",
        graphql_type=TeamMovePayload,
    )
    @staticmethod
    async def move_team(info: Info, input: MoveTeamInput) -> Any:
        context = info.context
        wish = Wish(
            team_id=number_of(input.team_id, "Team", field="input.teamId"),
            contact_team_id=number_of(input.contact_team_id, "Team", field="input.contactTeamId"),
            reason=or_none(input.reason),
        )
        outcome = await move_team(
            context.database,
            context.viewer,
            wish,
            or_none(input.idempotency_key),
            today=context.now.astimezone(CHINA).date(),
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=MANAGERS,
        description="Take a team that asks for it, or do not (改挂审核)",
        graphql_type=TeamMovePayload,
    )
    @staticmethod
    async def answer_team_move(info: Info, input: AnswerTeamMoveInput) -> Any:
        context = info.context
        answer = Answer(
            review_id=number_of(input.review_id, "Review", field="input.reviewId"),
            accept=input.accept,
            opinion=or_none(input.opinion),
        )
        outcome = await answer_move(
            context.database,
            context.viewer,
            answer,
            or_none(input.idempotency_key),
            policy=context.policy,
            today=context.now.astimezone(CHINA).date(),
        )
        await context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=REVEALING,
        description="Look at a whole ID number; each look is audited (查看证件号码)",
        graphql_type=RevealIdNumberPayload,
    )
    @staticmethod
    async def reveal_id_number(info: Info, input: RevealIdNumberInput) -> Any:
        context, desk = info.context, info.context.registration
        outcome = await reveal_id_number(
            context.database,
            context.viewer,
            number_of(input.volunteer_id, "Volunteer", field="input.volunteerId"),
            input.purpose,
            keys=(desk.identity_key, *desk.old_identity_keys),
            policy=context.policy,
        )
        await context.wrote(outcome.consistency_token)
        return outcome
