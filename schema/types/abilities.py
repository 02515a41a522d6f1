"""What the viewer may do to a row: the buttons to show. The objects are the row's facts."""

from collections.abc import Sequence
from typing import Any

from db.enums import PermissionGroup, ReviewKind
from db.rows import Row
from permissions.actions import Action
from permissions.facts import TeamFacts
from permissions.gather import gather
from permissions.offers import offered, settable_groups
from permissions.team_gathering import gather_applicants
from schema.info import Info
from schema.visibility import (
    MANAGERS,
    OVERSEERS,
    PERSONS,
    VOLUNTEERS,
    Audience,
    batched,
    enum_type,
    object_type,
)

enum_type(to=OVERSEERS, description="What one may do (操作)")(Action)


def ability(action: Action, *, to: Audience, description: str) -> Any:
    """A field that says whether the viewer is offered the action."""

    @batched(bool, to=to, description=description)
    def resolve(parents: Sequence[Any], info: Info) -> list[bool]:
        context = info.context
        return offered(action, context.viewer, parents, now=context.now, policy=context.policy)

    return resolve


def viewer_can(entity: str, graphql_type: Any, *, to: Audience = PERSONS) -> Any:
    """The field ``viewerCan`` of a type: its rows' facts, gathered for a whole level."""

    @batched(
        graphql_type,
        to=to,
        description="What the viewer may do here (当前身份可执行的操作)",
        needs=("id",),
    )
    async def resolve(parents: Sequence[Row], info: Info) -> list[Any]:
        ids = [row.id for row in parents]
        context = info.context
        facts = await gather(
            context.snapshot, entity, ids, volunteer_id=context.viewer.volunteer_id
        )
        return [facts[each] for each in ids]

    return resolve


@object_type(to=PERSONS, description="What the viewer may do to a team (对队伍可执行的操作)")
class TeamAbilities:
    """Abilities; the objects are ``TeamFacts``."""

    join = ability(Action.MEMBERSHIP_APPLY, to=VOLUNTEERS, description="Apply to join (申请加入)")
    register_team = ability(
        Action.TEAM_REGISTER, to=PERSONS, description="Register a team under it (注册下级团体)"
    )
    update = ability(Action.TEAM_UPDATE, to=MANAGERS, description="Change its data (修改资料)")
    manage = ability(
        Action.TEAM_NAME_ADMINS,
        to=MANAGERS,
        description="Name its people, choose view teams, ask for a move or group (管理)",
    )
    invite = ability(
        Action.MEMBERSHIP_INVITE, to=MANAGERS, description="Invite and accept members (管理成员)"
    )
    create_project = ability(
        Action.PROJECT_CREATE, to=MANAGERS, description="Make projects (创建项目)"
    )
    record_service = ability(
        Action.RECORD_CREATE, to=MANAGERS, description="Record service (录入时长)"
    )
    review = ability(
        Action.TEAM_REVIEW, to=OVERSEERS, description="Decide its registration or change (审核)"
    )
    disable = ability(Action.TEAM_DISABLE, to=OVERSEERS, description="Disable it (停用)")
    enable = ability(Action.TEAM_ENABLE, to=OVERSEERS, description="Enable it (启用)")

    @batched(
        list[PermissionGroup],
        to=OVERSEERS,
        description="Permission groups that may be set (可设置的权限组别)",
    )
    @staticmethod
    async def settable_groups(
        parents: Sequence[TeamFacts], info: Info
    ) -> list[list[PermissionGroup]]:
        context = info.context
        kind = ReviewKind.PERMISSION_GROUP
        asked = await gather_applicants(context.snapshot, kind, {team.id for team in parents})
        return [
            settable_groups(context.viewer, team, applicant_account_id=asked.get(team.id))
            for team in parents
        ]


@object_type(to=PERSONS, description="What the viewer may do to a project (对项目可执行的操作)")
class ProjectAbilities:
    """Abilities; the objects are ``ProjectFacts``."""

    sign_up = ability(Action.SIGN_UP_APPLY, to=VOLUNTEERS, description="Sign up (报名)")
    update = ability(Action.PROJECT_UPDATE, to=MANAGERS, description="Change its data (修改)")
    withdraw = ability(
        Action.PROJECT_WITHDRAW, to=MANAGERS, description="Take it back from review (撤回)"
    )
    submit = ability(
        Action.PROJECT_SUBMIT, to=MANAGERS, description="Hand it in for review (提交审核)"
    )
    publish = ability(
        Action.PROJECT_PUBLISH, to=MANAGERS, description="Publish it without review (直接发布)"
    )
    review = ability(Action.PROJECT_REVIEW, to=OVERSEERS, description="Decide it (审核)")
    invite = ability(Action.SIGN_UP_INVITE, to=MANAGERS, description="Invite volunteers (邀请)")
    disable = ability(Action.PROJECT_DISABLE, to=MANAGERS, description="Disable it (停用)")
    enable = ability(Action.PROJECT_ENABLE, to=MANAGERS, description="Enable it (启用)")
    close = ability(
        Action.PROJECT_CLOSE, to=MANAGERS, description="Close it before its end (提前结项)"
    )


@object_type(to=PERSONS, description="What the viewer may do to a sign-up (对报名可执行的操作)")
class SignUpAbilities:
    """Abilities; the objects are ``SignUpFacts``."""

    answer = ability(
        Action.SIGN_UP_ANSWER, to=VOLUNTEERS, description="Answer the invitation (答复邀请)"
    )
    change_post = ability(
        Action.SIGN_UP_CHANGE_POST, to=PERSONS, description="Change its post (调整岗位)"
    )
    cancel = ability(Action.SIGN_UP_CANCEL, to=PERSONS, description="Cancel it (取消报名)")
    check_in = ability(Action.SIGN_UP_CHECK_IN, to=PERSONS, description="Check in (签到)")
    check_out = ability(Action.SIGN_UP_CHECK_OUT, to=PERSONS, description="Check out (签退)")
    decide = ability(Action.SIGN_UP_DECIDE, to=MANAGERS, description="Accept or refuse it (处理)")


@object_type(
    to=PERSONS, description="What the viewer may do to a service record (对记录可执行的操作)"
)
class ServiceRecordAbilities:
    """Abilities; the objects are ``RecordFacts``."""

    dispute = ability(Action.RECORD_DISPUTE, to=VOLUNTEERS, description="Dispute it (提出异议)")
    decide = ability(
        Action.RECORD_DECIDE, to=MANAGERS, description="Decide the application (审核申请)"
    )
    correct = ability(Action.RECORD_CORRECT, to=MANAGERS, description="Correct it (更正)")
    void = ability(Action.RECORD_VOID, to=MANAGERS, description="Void it (作废)")
    evaluate = ability(Action.RECORD_EVALUATE, to=MANAGERS, description="Evaluate it (评价)")


@object_type(to=PERSONS, description="What the viewer may do to a certificate (对证明可执行的操作)")
class CertificateAbilities:
    """Abilities; the objects are ``CertificateFacts``."""

    download = ability(
        Action.CERTIFICATE_DOWNLOAD, to=PERSONS, description="Have it as a file (下载)"
    )
    cancel = ability(
        Action.CERTIFICATE_CANCEL, to=VOLUNTEERS, description="Take back the request (撤回申请)"
    )
    issue = ability(Action.CERTIFICATE_ISSUE, to=MANAGERS, description="Issue it (出具)")
    decline = ability(Action.CERTIFICATE_ISSUE, to=MANAGERS, description="Decline it (不予出具)")
    revoke = ability(Action.CERTIFICATE_REVOKE, to=MANAGERS, description="Revoke it (撤销)")


@object_type(to=PERSONS, description="What the viewer may do to a review (对审核可执行的操作)")
class ReviewAbilities:
    """Abilities; the objects are ``ReviewFacts``."""

    decide = ability(Action.REVIEW_DECIDE, to=MANAGERS, description="Decide it (审核)")
    decide_in_bulk = ability(
        Action.REVIEW_DECIDE_IN_BULK, to=MANAGERS, description="Decide it among many (批量审核)"
    )
    withdraw = ability(Action.REVIEW_WITHDRAW, to=PERSONS, description="Withdraw it (撤回)")
