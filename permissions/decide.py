"""The rule: may this viewer do this to that? Pure; facts in, a decision with its edge out."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from permissions import team_rules as teams
from permissions import work_rules as work
from permissions.actions import Action
from permissions.edges import Decision, Policy, refuse
from permissions.reading import READERS
from permissions.viewer import PUBLIC, Viewer

Rule = Callable[[Viewer, Any, Policy], Decision]

UNKNOWN = refuse("no such action on such a subject")
POLICY = Policy()

RULES: Mapping[Action, Rule] = {
    Action.TEAM_REGISTER: teams.registers,
    Action.TEAM_UPDATE: teams.updates,
    Action.TEAM_REVIEW: teams.reviews,
    Action.TEAM_MOVE: teams.asks_to_move,
    Action.TEAM_MOVE_ACCEPT: teams.accepts_move,
    Action.TEAM_MOVE_FORCE: teams.forces_move,
    Action.TEAM_SET_GROUP: teams.sets_group,
    Action.TEAM_ASK_GROUP: lambda viewer, given, policy: teams.manages(viewer, given.team, policy),
    Action.TEAM_SET_VIEW_TEAMS: teams.manages,
    Action.TEAM_NAME_ADMINS: teams.manages,
    Action.TEAM_DISABLE: teams.reviews,
    Action.TEAM_ENABLE: teams.enables,
    Action.MEMBERSHIP_APPLY: work.joins,
    Action.MEMBERSHIP_INVITE: work.invites,
    Action.MEMBERSHIP_ANSWER: work.owns,
    Action.MEMBERSHIP_DECIDE: work.decides_on_member,
    Action.MEMBERSHIP_LEAVE: work.owns,
    Action.MEMBERSHIP_END: work.decides_on_member,
    Action.PROJECT_CREATE: teams.manages,
    Action.PROJECT_UPDATE: work.has_project,
    Action.PROJECT_SUBMIT: work.has_project,
    Action.PROJECT_PUBLISH: work.publishes,
    Action.PROJECT_REVIEW: work.reviews_project,
    Action.PROJECT_DISABLE: work.disables_project,
    Action.PROJECT_ENABLE: work.enables_project,
    Action.SIGN_UP_APPLY: work.signs_up,
    Action.SIGN_UP_INVITE: work.has_project,
    Action.SIGN_UP_ANSWER: work.owns,
    Action.SIGN_UP_DECIDE: work.decides_on_row,
    Action.SIGN_UP_CANCEL: work.owns,
    Action.RECORD_CREATE: work.records,
    Action.RECORD_DECIDE: work.decides_on_row,
    Action.RECORD_DISPUTE: work.owns,
    Action.RECORD_CORRECT: work.keeps_record,
    Action.RECORD_VOID: work.keeps_record,
    Action.RECORD_EVALUATE: work.decides_on_row,
    Action.CERTIFICATE_PRINT: work.prints,
    Action.CERTIFICATE_ISSUE: work.issues,
    Action.CERTIFICATE_REVOKE: work.revokes,
    Action.AWARD_RECORD: work.records_award,
    Action.STAR_RATE: work.rates,
    Action.COMPLAINT_HANDLE: teams.handles_complaint,
    Action.SUBMISSION_REVIEW: teams.reviews_submission,
    Action.SUBMISSION_PUBLISH: teams.publishes_submission,
    Action.REVIEW_DECIDE: teams.decides,
    Action.REVIEW_DECIDE_IN_BULK: teams.decides_in_bulk,
    Action.REVIEW_WITHDRAW: teams.withdraws,
    Action.REGION_EXPORT: work.exports,
    Action.VOLUNTEER_UPDATE: work.updates_profile,
    Action.ID_NUMBER_REVEAL: work.reveals_id_number,
}


def decide(action: Action, viewer: Viewer, subject: object, *, policy: Policy = POLICY) -> Decision:
    """Whether the viewer may do this to the subject, and the edge that decided.

    Any gap in the facts denies: a viewer without what makes its role is the public.
    """
    return decide_all(action, viewer, (subject,), policy=policy)[0]


def decide_all(
    action: Action, viewer: Viewer, subjects: Iterable[object], *, policy: Policy = POLICY
) -> list[Decision]:
    """The decision on each subject, in order."""
    asking = viewer if viewer.is_complete else PUBLIC
    if action is Action.READ:
        return [_reader(type(subject))(asking, subject) for subject in subjects]
    rule = RULES[action]
    return [rule(asking, subject, policy) for subject in subjects]


def _reader(kind: type) -> Callable[[Viewer, Any], Decision]:
    return READERS.get(kind, _unreadable)


def _unreadable(_viewer: Viewer, _subject: object) -> Decision:
    return UNKNOWN
