"""What a viewer is offered to do: what the rule allows and the subject's state leaves room for."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from db.enums import (
    CertificateStatus,
    ComplaintStatus,
    MembershipStatus,
    PermissionGroup,
    ProjectStatus,
    RecordStatus,
    ReviewState,
    SignUpStatus,
    SubmissionStatus,
    TeamStatus,
)
from permissions.actions import Action
from permissions.decide import decide_all
from permissions.edges import Policy
from permissions.facts import GroupFacts, NoticeFacts, ProjectFacts, SignUpFacts, TeamFacts
from permissions.recruiting import (
    Recruitment,
    is_going_on,
    is_there,
    may_accept,
    may_check_out,
    recruitment,
)
from permissions.rights import WORKING
from permissions.viewer import Viewer

OPEN_SIGN_UPS = frozenset({SignUpStatus.APPLIED, SignUpStatus.INVITED, SignUpStatus.ACCEPTED})

_C, _S = ComplaintStatus, SubmissionStatus

# The states of DOMAIN §6 in which an action makes sense; an action that is not here always does.
STATES: Mapping[Action, Collection[Any]] = {
    Action.TEAM_UPDATE: frozenset(TeamStatus) - {TeamStatus.DISSOLVED},
    Action.TEAM_REVIEW: {TeamStatus.PENDING, TeamStatus.CHANGE_PENDING},
    Action.TEAM_DISABLE: WORKING,
    Action.TEAM_ENABLE: {TeamStatus.DISABLED},
    Action.MEMBERSHIP_INVITE: WORKING,
    Action.MEMBERSHIP_ANSWER: {MembershipStatus.INVITED},
    Action.TEAM_DISSOLVE: WORKING | {TeamStatus.DISABLED},
    Action.MEMBERSHIP_DECIDE: {MembershipStatus.APPLYING},
    Action.MEMBERSHIP_LEAVE: {MembershipStatus.JOINED},
    Action.MEMBERSHIP_END: {MembershipStatus.JOINED},
    # What waits for its reviewer is decided as it was handed in.
    Action.PROJECT_UPDATE: {
        ProjectStatus.DRAFT,
        ProjectStatus.REJECTED,
        ProjectStatus.WAITING,
        ProjectStatus.RUNNING,
    },
    Action.PROJECT_SUBMIT: {ProjectStatus.DRAFT, ProjectStatus.REJECTED},
    Action.PROJECT_WITHDRAW: {ProjectStatus.PENDING},
    Action.PROJECT_PUBLISH: {ProjectStatus.DRAFT, ProjectStatus.REJECTED},
    Action.PROJECT_REVIEW: {ProjectStatus.PENDING},
    Action.PROJECT_DISABLE: {
        ProjectStatus.WAITING,
        ProjectStatus.RUNNING,
        ProjectStatus.MAKE_UP,
    },
    Action.PROJECT_ENABLE: {ProjectStatus.DISABLED},
    Action.PROJECT_CLOSE: {ProjectStatus.WAITING, ProjectStatus.RUNNING, ProjectStatus.DISABLED},
    Action.SIGN_UP_INVITE: {ProjectStatus.WAITING, ProjectStatus.RUNNING},
    Action.SIGN_UP_ANSWER: {SignUpStatus.INVITED},
    Action.SIGN_UP_DECIDE: {SignUpStatus.APPLIED},
    Action.SIGN_UP_CHANGE_POST: OPEN_SIGN_UPS,
    Action.SIGN_UP_CANCEL: OPEN_SIGN_UPS,
    Action.SIGN_UP_CHECK_IN: {SignUpStatus.ACCEPTED, SignUpStatus.ATTENDED},
    Action.SIGN_UP_CHECK_OUT: {SignUpStatus.ATTENDED},
    Action.RECORD_DECIDE: {RecordStatus.APPLIED},
    Action.RECORD_DISPUTE: {RecordStatus.NOT_EFFECTIVE, RecordStatus.EFFECTIVE},
    Action.RECORD_CORRECT: {
        RecordStatus.NOT_EFFECTIVE,
        RecordStatus.EFFECTIVE,
        RecordStatus.DISPUTED,
    },
    Action.RECORD_VOID: frozenset(RecordStatus) - {RecordStatus.VOID, RecordStatus.REJECTED},
    Action.RECORD_EVALUATE: {RecordStatus.EFFECTIVE},
    Action.CERTIFICATE_CANCEL: {CertificateStatus.REQUESTED},
    Action.CERTIFICATE_ISSUE: {CertificateStatus.REQUESTED},
    Action.CERTIFICATE_REVOKE: {CertificateStatus.ISSUED},
    Action.CERTIFICATE_DOWNLOAD: {CertificateStatus.ISSUED, CertificateStatus.SUPERSEDED},
    Action.COMPLAINT_HANDLE: {_C.SUBMITTED, _C.TRANSFERRED, _C.ACCEPTED},
    Action.COMPLAINT_ACCEPT: {_C.SUBMITTED, _C.TRANSFERRED},
    Action.COMPLAINT_INVESTIGATE: {_C.ACCEPTED},
    Action.COMPLAINT_DECIDE: {_C.INVESTIGATING},
    Action.COMPLAINT_APPEAL: {_C.UPHELD, _C.DISMISSED},
    Action.COMPLAINT_CLOSE: {_C.UPHELD, _C.DISMISSED},
    Action.SUBMISSION_UPDATE: {_S.DRAFT, _S.RETURNED},
    Action.SUBMISSION_SUBMIT: {_S.DRAFT, _S.RETURNED},
    Action.SUBMISSION_WITHDRAW: frozenset(_S) - {_S.WITHDRAWN},
    Action.SUBMISSION_REVIEW: {_S.SUBMITTED},
    Action.SUBMISSION_PUBLISH: {_S.REVIEWED, _S.OFFLINE},
    Action.SUBMISSION_RETURN: {_S.REVIEWED},
    Action.SUBMISSION_TAKE_OFFLINE: {_S.PUBLISHED},
    Action.NOTICE_WITHDRAW: {False},
    Action.REVIEW_DECIDE: {ReviewState.PENDING},
    Action.REVIEW_DECIDE_IN_BULK: {ReviewState.PENDING},
    Action.REVIEW_WITHDRAW: {ReviewState.PENDING},
}


def _recruits(project: ProjectFacts, now: datetime) -> bool:
    return project.times is not None and recruitment(project.times, now) is Recruitment.OPEN


def _may_accept(row: SignUpFacts, now: datetime) -> bool:
    return row.times is not None and may_accept(row.times, now)


def _may_check_in(row: SignUpFacts, now: datetime) -> bool:
    is_free = not is_there(row.came_at, now)
    return is_free and row.times is not None and is_going_on(row.times, now)


def _may_check_out(row: SignUpFacts, now: datetime) -> bool:
    return row.times is not None and may_check_out(row.times, row.came_at, now)


# What is offered only at its time, by the dates of the project.
TIMELY: Mapping[Action, Callable[[Any, datetime], bool]] = {
    Action.SIGN_UP_APPLY: _recruits,
    Action.SIGN_UP_INVITE: _recruits,
    Action.SIGN_UP_ANSWER: _may_accept,
    Action.SIGN_UP_DECIDE: _may_accept,
    Action.SIGN_UP_CHANGE_POST: _may_accept,
    Action.SIGN_UP_CHECK_IN: _may_check_in,
    Action.SIGN_UP_CHECK_OUT: _may_check_out,
}


def offered(
    action: Action,
    viewer: Viewer,
    subjects: Sequence[Any],
    *,
    now: datetime,
    policy: Policy,
) -> list[bool]:
    """Whether the viewer is offered the action on each subject, in order."""
    states, timely = STATES.get(action), TIMELY.get(action)
    return [
        decision.allowed
        and (states is None or _state(subject) in states)
        and (timely is None or timely(subject, now))
        for subject, decision in zip(
            subjects, decide_all(action, viewer, subjects, policy=policy), strict=True
        )
    ]


def settable_groups(
    viewer: Viewer, team: TeamFacts, *, applicant_account_id: int | None
) -> list[PermissionGroup]:
    """The groups that the viewer may give the team, besides the one it has.

    ``applicant_account_id`` is whose account asked for one that still waits.
    """
    given = [
        GroupFacts(team=team, group=group, applicant_account_id=applicant_account_id)
        for group in PermissionGroup
        if group is not team.group
    ]
    decisions = decide_all(Action.TEAM_SET_GROUP, viewer, given)
    return [each.group for each, found in zip(given, decisions, strict=True) if found.allowed]


def _state(subject: Any) -> Any:
    if isinstance(subject, NoticeFacts):
        return subject.is_withdrawn
    return subject.state if hasattr(subject, "state") else subject.status
