"""The rule: may this viewer do this to that? Pure; facts in, a decision with its edge out."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from permissions import certificate_rules as certificates
from permissions import complaint_rules as complaints
from permissions import facts, matching, rewarding, supervision
from permissions import office_rules as offices
from permissions import place_rules as places
from permissions import publishing_rules as publishing
from permissions import team_rules as teams
from permissions import work_rules as work
from permissions.actions import Action
from permissions.edges import Decision, Policy, refuse
from permissions.reading import READERS
from permissions.viewer import PUBLIC, Viewer

Rule = Callable[[Viewer, Any, Policy], Decision]

UNKNOWN = refuse("no such action on such a subject")
# What a rule that asks no policy is given in its place: nothing is settled that would allow more.
UNASKED = Policy(quick_review=False)

# What each action is done to, and its rule.
RULES: Mapping[Action, tuple[type[Any], Rule]] = {
    Action.TEAM_REGISTER: (facts.TeamFacts, teams.registers),
    Action.TEAM_UPDATE: (facts.TeamFacts, teams.updates),
    Action.TEAM_REVIEW: (facts.TeamFacts, teams.reviews),
    Action.TEAM_MOVE: (facts.MoveFacts, teams.asks_to_move),
    Action.TEAM_MOVE_ACCEPT: (facts.MoveFacts, teams.accepts_move),
    Action.TEAM_MOVE_FORCE: (facts.MoveFacts, teams.forces_move),
    Action.TEAM_SET_GROUP: (facts.GroupFacts, teams.sets_group),
    Action.TEAM_ASK_GROUP: (facts.TeamFacts, teams.manages),
    Action.TEAM_SET_VIEW_TEAMS: (facts.TeamFacts, teams.manages),
    Action.TEAM_NAME_ADMINS: (facts.TeamFacts, teams.manages),
    Action.TEAM_DISABLE: (facts.TeamFacts, teams.reviews),
    Action.TEAM_ENABLE: (facts.TeamFacts, teams.enables),
    Action.TEAM_DISSOLVE: (facts.TeamFacts, teams.reviews),
    Action.MEMBERSHIP_APPLY: (facts.TeamFacts, work.joins),
    Action.MEMBERSHIP_INVITE: (facts.TeamFacts, work.invites),
    Action.MEMBERSHIP_ANSWER: (facts.MembershipFacts, work.owns),
    Action.MEMBERSHIP_DECIDE: (facts.MembershipFacts, work.decides_on_member),
    Action.MEMBERSHIP_LEAVE: (facts.MembershipFacts, work.owns),
    Action.MEMBERSHIP_END: (facts.MembershipFacts, work.decides_on_member),
    Action.PROJECT_CREATE: (facts.TeamFacts, teams.manages),
    Action.PROJECT_UPDATE: (facts.ProjectFacts, work.has_project),
    Action.PROJECT_SUBMIT: (facts.ProjectFacts, work.has_project),
    Action.PROJECT_WITHDRAW: (facts.ProjectFacts, work.has_project),
    Action.PROJECT_PUBLISH: (facts.ProjectFacts, work.publishes),
    Action.PROJECT_REVIEW: (facts.ProjectFacts, work.reviews_project),
    Action.PROJECT_DISABLE: (facts.ProjectFacts, work.disables_project),
    Action.PROJECT_ENABLE: (facts.ProjectFacts, work.enables_project),
    Action.PROJECT_CLOSE: (facts.ProjectFacts, work.has_project),
    Action.SIGN_UP_APPLY: (facts.ProjectFacts, work.signs_up),
    Action.SIGN_UP_INVITE: (facts.ProjectFacts, work.has_project),
    Action.SIGN_UP_ANSWER: (facts.SignUpFacts, work.owns),
    Action.SIGN_UP_DECIDE: (facts.SignUpFacts, work.decides_on_row),
    Action.SIGN_UP_CHANGE_POST: (facts.SignUpFacts, work.changes_post),
    Action.SIGN_UP_CANCEL: (facts.SignUpFacts, work.owns_or_decides),
    Action.SIGN_UP_CHECK_IN: (facts.SignUpFacts, work.owns_or_decides),
    Action.SIGN_UP_CHECK_OUT: (facts.SignUpFacts, work.owns_or_decides),
    Action.RECORD_CREATE: (facts.TeamFacts, work.records),
    Action.RECORD_DECIDE: (facts.RecordFacts, work.decides_on_row),
    Action.RECORD_DISPUTE: (facts.RecordFacts, work.owns),
    Action.RECORD_CORRECT: (facts.RecordFacts, work.keeps_record),
    Action.RECORD_VOID: (facts.RecordFacts, work.keeps_record),
    Action.RECORD_EVALUATE: (facts.RecordFacts, work.decides_on_row),
    Action.CERTIFICATE_PRINT: (facts.VolunteerFacts, certificates.prints),
    Action.CERTIFICATE_CANCEL: (facts.CertificateFacts, certificates.cancels),
    Action.CERTIFICATE_ISSUE: (facts.CertificateFacts, certificates.issues),
    Action.CERTIFICATE_REVOKE: (facts.CertificateFacts, certificates.revokes),
    Action.CERTIFICATE_DOWNLOAD: (facts.CertificateFacts, certificates.downloads),
    Action.AWARD_RECORD: (facts.VolunteerFacts, work.records_award),
    Action.STAR_RATE: (facts.VolunteerFacts, work.rates),
    Action.COMPLAINT_HANDLE: (facts.ComplaintFacts, complaints.handles),
    Action.COMPLAINT_ACCEPT: (facts.ComplaintFacts, complaints.decides),
    Action.COMPLAINT_INVESTIGATE: (facts.ComplaintFacts, complaints.decides),
    Action.COMPLAINT_DECIDE: (facts.ComplaintFacts, complaints.decides),
    Action.COMPLAINT_APPEAL: (facts.ComplaintFacts, complaints.complains),
    Action.COMPLAINT_CLOSE: (facts.ComplaintFacts, complaints.complains),
    Action.SUBMISSION_CREATE: (facts.TeamFacts, publishing.writes_submission),
    Action.SUBMISSION_UPDATE: (facts.SubmissionFacts, publishing.keeps_submission),
    Action.SUBMISSION_SUBMIT: (facts.SubmissionFacts, publishing.keeps_submission),
    Action.SUBMISSION_WITHDRAW: (facts.SubmissionFacts, publishing.keeps_submission),
    Action.SUBMISSION_REVIEW: (facts.SubmissionFacts, publishing.reviews_submission),
    Action.SUBMISSION_PUBLISH: (facts.SubmissionFacts, publishing.publishes_submission),
    Action.SUBMISSION_RETURN: (facts.SubmissionFacts, publishing.publishes_submission),
    Action.SUBMISSION_TAKE_OFFLINE: (facts.SubmissionFacts, publishing.publishes_submission),
    Action.NOTICE_ISSUE: (facts.NoticeFacts, publishing.issues_notice),
    Action.NOTICE_WITHDRAW: (facts.NoticeFacts, publishing.withdraws_notice),
    Action.REVIEW_DECIDE: (facts.ReviewFacts, teams.decides),
    Action.REVIEW_DECIDE_IN_BULK: (facts.ReviewFacts, teams.decides_in_bulk),
    Action.REVIEW_WITHDRAW: (facts.ReviewFacts, teams.withdraws),
    Action.ADMINISTRATOR_ISSUE: (facts.RegionFacts, offices.issues),
    Action.ADMINISTRATOR_RESET: (facts.AdministratorFacts, offices.stands_above),
    Action.ADMINISTRATOR_HAND_OVER: (facts.AdministratorFacts, offices.hands_over),
    Action.ADMINISTRATOR_REMOVE: (facts.AdministratorFacts, offices.stands_above),
    Action.ADMINISTRATOR_REMIND: (facts.AdministratorFacts, offices.reminds),
    Action.STATION_CREATE: (facts.RegionFacts, offices.opens_station),
    Action.STATION_UPDATE: (facts.StationFacts, offices.keeps_station),
    Action.STATION_NAME_ADMINS: (facts.StationFacts, offices.answers_for_station),
    Action.STATION_SET_PHASE: (facts.StationFacts, offices.sets_phase),
    Action.INSPECTION_DRAW: (facts.RegionFacts, supervision.draws),
    Action.INSPECTION_LEAD: (supervision.InspectionFacts, supervision.leads),
    Action.INSPECTION_HAND_IN: (facts.TeamFacts, supervision.hands_in),
    Action.INSPECTION_MEASURE: (supervision.InspectionItemFacts, supervision.measures),
    Action.NEED_PUBLISH: (facts.TeamFacts, matching.publishes),
    Action.NEED_CLOSE: (matching.NeedFacts, matching.closes_need),
    Action.NEED_ANSWER: (matching.NeedFacts, matching.answers),
    Action.NEED_INVITE: (matching.NeedFacts, matching.invites),
    Action.OFFER_PUBLISH: (facts.TeamFacts, matching.publishes),
    Action.OFFER_MAKE: (facts.VolunteerFacts, matching.offers),
    Action.OFFER_CLOSE: (matching.OfferFacts, matching.closes_offer),
    Action.ANSWER_DECIDE: (matching.NeedAnswerFacts, matching.decides),
    Action.ANSWER_WITHDRAW: (matching.NeedAnswerFacts, matching.withdraws),
    Action.REWARDS_KEEP: (facts.RegionFacts, rewarding.keeps_rewards),
    Action.REWARD_CHANGE: (rewarding.RewardItemFacts, rewarding.keeps_reward),
    Action.REWARD_REDEEM: (rewarding.RewardItemFacts, rewarding.redeems),
    Action.REDEMPTION_GRANT: (rewarding.RedemptionFacts, rewarding.grants),
    Action.REDEMPTION_CANCEL: (rewarding.RedemptionFacts, rewarding.cancels),
    Action.REGION_EXPORT: (facts.RegionFacts, work.exports),
    Action.LOCAL_POLICY_SET: (facts.RegionFacts, places.settles_policy),
    Action.VOLUNTEER_UPDATE: (facts.VolunteerFacts, work.updates_profile),
    Action.VOLUNTEER_CORRECT: (facts.VolunteerFacts, places.decides_correction),
    Action.ID_NUMBER_REVEAL: (facts.VolunteerFacts, work.reveals_id_number),
}

# Who may read what, entity by entity.
ALL_READERS: Mapping[type[Any], Callable[[Viewer, Any], Decision]] = {
    **READERS,
    facts.CertificateFacts: certificates.reads,
    supervision.InspectionFacts: supervision.reads_inspection,
    supervision.InspectionItemFacts: supervision.reads_item,
    matching.NeedFacts: matching.reads_need,
    matching.OfferFacts: matching.reads_offer,
    matching.NeedAnswerFacts: matching.reads_answer,
    rewarding.RewardItemFacts: rewarding.reads_reward,
    rewarding.RedemptionFacts: rewarding.reads_redemption,
}


# Actions that somebody's quick review may allow: they are decided by the policy of the station.
BY_POLICY = frozenset(
    {
        Action.TEAM_UPDATE,
        Action.TEAM_REVIEW,
        Action.TEAM_MOVE_ACCEPT,
        Action.TEAM_DISABLE,
        Action.TEAM_ENABLE,
        Action.TEAM_DISSOLVE,
        Action.PROJECT_REVIEW,
        Action.PROJECT_DISABLE,
        Action.PROJECT_ENABLE,
        Action.CERTIFICATE_REVOKE,
        Action.COMPLAINT_HANDLE,
        Action.COMPLAINT_ACCEPT,
        Action.COMPLAINT_INVESTIGATE,
        Action.COMPLAINT_DECIDE,
        Action.SUBMISSION_REVIEW,
        Action.REVIEW_DECIDE,
        Action.REVIEW_DECIDE_IN_BULK,
        Action.NEED_CLOSE,
        Action.OFFER_CLOSE,
    }
)


class PolicyMissing(Exception):
    """Somebody asks for a decision and does not say what the station has settled about it."""


def decide(
    action: Action, viewer: Viewer, subject: object, *, policy: Policy | None = None
) -> Decision:
    """Whether the viewer may do this to the subject, and the edge that decided.

    Any gap in the facts denies: a viewer without what makes its role is the public.

    Raises:
        PolicyMissing: the action is one of ``BY_POLICY``, and none was given.
    """
    return decide_all(action, viewer, (subject,), policy=policy)[0]


def decide_all(
    action: Action, viewer: Viewer, subjects: Iterable[object], *, policy: Policy | None = None
) -> list[Decision]:
    """The decision on each subject, in order.

    Raises:
        PolicyMissing: as ``decide``.
    """
    if policy is None and action in BY_POLICY:
        raise PolicyMissing(action)
    asking = viewer if viewer.is_complete else PUBLIC
    if action is Action.READ:
        return [_reader(type(subject))(asking, subject) for subject in subjects]
    kind, rule = RULES[action]
    settled = policy or UNASKED
    return [
        rule(asking, subject, settled) if isinstance(subject, kind) else UNKNOWN
        for subject in subjects
    ]


def _reader(kind: type) -> Callable[[Viewer, Any], Decision]:
    return ALL_READERS.get(kind, _unreadable)


def _unreadable(_viewer: Viewer, _subject: object) -> Decision:
    return UNKNOWN
