"""What a viewer is offered to do: what the rule allows and the subject's state leaves room for."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from db.enums import (
    CertificateStatus,
    MembershipStatus,
    PermissionGroup,
    ProjectStatus,
    RecordStatus,
    ReviewState,
    SignUpStatus,
    TeamStatus,
)
from permissions.actions import Action
from permissions.decide import POLICY, decide, decide_all
from permissions.edges import Policy
from permissions.facts import GroupFacts, TeamFacts
from permissions.rights import WORKING
from permissions.viewer import Viewer

OPEN_SIGN_UPS = frozenset({SignUpStatus.APPLIED, SignUpStatus.INVITED, SignUpStatus.ACCEPTED})

# The states of DOMAIN §6 in which an action makes sense; an action that is not here always does.
STATES: Mapping[Action, Collection[Any]] = {
    Action.TEAM_UPDATE: frozenset(TeamStatus) - {TeamStatus.DISSOLVED},
    Action.TEAM_REVIEW: {TeamStatus.PENDING, TeamStatus.CHANGE_PENDING},
    Action.TEAM_DISABLE: WORKING,
    Action.TEAM_ENABLE: {TeamStatus.DISABLED},
    Action.MEMBERSHIP_INVITE: WORKING,
    Action.MEMBERSHIP_ANSWER: {MembershipStatus.INVITED},
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
    Action.REVIEW_DECIDE: {ReviewState.PENDING},
    Action.REVIEW_DECIDE_IN_BULK: {ReviewState.PENDING},
    Action.REVIEW_WITHDRAW: {ReviewState.PENDING},
}


def offered(
    action: Action, viewer: Viewer, subjects: Sequence[Any], *, policy: Policy = POLICY
) -> list[bool]:
    """Whether the viewer is offered the action on each subject, in order."""
    states = STATES.get(action)
    return [
        decision.allowed and (states is None or _state(subject) in states)
        for subject, decision in zip(
            subjects, decide_all(action, viewer, subjects, policy=policy), strict=True
        )
    ]


def settable_groups(
    viewer: Viewer, team: TeamFacts, *, policy: Policy = POLICY
) -> list[PermissionGroup]:
    """The groups that the viewer may give the team, besides the one it has."""
    return [
        group
        for group in PermissionGroup
        if group is not team.group
        and decide(
            Action.TEAM_SET_GROUP, viewer, GroupFacts(team=team, group=group), policy=policy
        ).allowed
    ]


def _state(subject: Any) -> Any:
    return subject.state if hasattr(subject, "state") else subject.status
