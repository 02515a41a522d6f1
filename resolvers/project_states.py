"""Handing a project in, taking that back, stopping, starting and closing it (DOMAIN §6.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from db.enums import ProjectStatus, ReviewKind, StoppedBy
from db.events import Json
from db.lock_order import Rank
from db.models import Project
from db.queries import projects as queries
from db.queries import sign_up_ends
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import OWN_TEAM, SUBJECT_STOPPED, Policy
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.facts import OfficeFacts
from permissions.reviewers import reviewer_for
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, perform, refuse_if_any, require_account
from resolvers.outcomes import Outcome, succeeded
from resolvers.project_access import LONGEST_REASON, Held, hold_project
from resolvers.project_changes import form_of
from resolvers.project_form import publication_errors
from resolvers.project_publication import project_event, publish_at_once
from resolvers.rules import states
from resolvers.texts import line_errors

OWN_ONLY = "Only a manager of the team may do that"
FIELD = "projectId"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectOrder:
    """Which project is stopped, started or closed, and why."""

    project_id: int
    reason: str


async def submit_project(
    database: Writable,
    viewer: Viewer,
    project_id: int,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The project: published if its team's group may do so, else waiting for its reviewer.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the project and does not manage its team.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        held = await hold_project(write, viewer, project_id)
        because = held.require(Action.PROJECT_SUBMIT, OWN_ONLY)
        refuse_if_any([_refusal(held, ProjectStatus.PENDING)])
        project = await write.session.get_one(Project, project_id)
        form = await form_of(write, project)
        posts = (await queries.fetch_sides(write, project_id)).posts
        refuse_if_any(publication_errors(form, posts=posts, now=now))
        if not form.is_make_up:
            project.recruit_starts_at = project.recruit_starts_at or now
            project.recruit_ends_at = project.recruit_ends_at or project.ends_at
            await write.session.flush()
        if decide(Action.PROJECT_PUBLISH, held.viewer, held.project).allowed:
            status = await publish_at_once(write, project_id, now=now)
            _tell(write, "published", held, because, status)
        else:
            await queries.set_status(write, [project_id], ProjectStatus.PENDING)
            review_id = await _ask(write, held)
            _tell(write, "submitted", held, because, ProjectStatus.PENDING, reviewId=review_id)
        return succeeded(project_id)

    request = Request(action="submitProject", key=idempotency_key, input={"project_id": project_id})
    return await perform(database, viewer, request, work)


async def withdraw_project(
    database: Writable, viewer: Viewer, project_id: int, idempotency_key: str | None
) -> Outcome:
    """The project, a draft again: what waited for its reviewer is taken back.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the project and does not manage its team.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        held = await hold_project(write, viewer, project_id)
        because = held.require(Action.PROJECT_WITHDRAW, OWN_ONLY)
        if held.project.status is not ProjectStatus.PENDING:
            raise Refused(_wrong_state(held, "is not waiting for a review"))
        await queries.set_status(write, [project_id], ProjectStatus.DRAFT)
        write.locking(Rank.REVIEW)
        await queries.withdraw_review(write, project_id)
        _tell(write, "withdrawn", held, because, ProjectStatus.DRAFT)
        return succeeded(project_id)

    request = Request(
        action="withdrawProject", key=idempotency_key, input={"project_id": project_id}
    )
    return await perform(database, viewer, request, work)


async def disable_project(
    database: Writable,
    viewer: Viewer,
    order: ProjectOrder,
    idempotency_key: str | None,
    *,
    policy: Policy,
) -> Outcome:
    """The project, disabled: nobody signs up or checks in until it is enabled again.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the project and may not disable it.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        _check_reason(order)
        held = await hold_project(write, viewer, order.project_id)
        because = held.require(Action.PROJECT_DISABLE, "Not yours to disable", policy=policy)
        refuse_if_any([_refusal(held, ProjectStatus.DISABLED)])
        by = StoppedBy.TEAM if because == OWN_TEAM.because else StoppedBy.SUPERIOR
        await queries.stop(write, held.id, by, order.reason)
        _tell(write, "disabled", held, because, ProjectStatus.DISABLED)
        return succeeded(held.id)

    request = Request(action="disableProject", key=idempotency_key, input=_as_input(order))
    return await perform(database, viewer, request, work)


async def enable_project(
    database: Writable,
    viewer: Viewer,
    order: ProjectOrder,
    idempotency_key: str | None,
    *,
    policy: Policy,
) -> Outcome:
    """The project, as it was before it was disabled; the clock moves it on from there.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the project and may not enable it.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        _check_reason(order)
        held = await hold_project(write, viewer, order.project_id)
        because = _require_enabling(held, policy)
        if held.project.status is not ProjectStatus.DISABLED:
            raise Refused(_wrong_state(held, "is not enabled again"))
        row = (await queries.fetch_standing(write, [held.id]))[held.id]
        await queries.start(write, held.id, order.reason)
        _tell(write, "enabled", held, because, ProjectStatus(row["status_before"]))
        return succeeded(held.id)

    request = Request(action="enableProject", key=idempotency_key, input=_as_input(order))
    return await perform(database, viewer, request, work)


async def close_project(
    database: Writable, viewer: Viewer, order: ProjectOrder, idempotency_key: str | None
) -> Outcome:
    """The project, closed before its end; whoever was accepted and did not come is not to blame.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the project and does not manage its team.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        _check_reason(order)
        held = await hold_project(write, viewer, order.project_id)
        because = held.require(Action.PROJECT_CLOSE, OWN_ONLY)
        refuse_if_any([_refusal(held, ProjectStatus.CLOSED)])
        await queries.close(write, held.id, order.reason)
        await sign_up_ends.cancel_open(write, [held.id])
        _tell(write, "closed", held, because, ProjectStatus.CLOSED)
        return succeeded(held.id)

    request = Request(action="closeProject", key=idempotency_key, input=_as_input(order))
    return await perform(database, viewer, request, work)


async def _ask(write: Write, held: Held) -> int:
    """The id of the review that waits for who must decide."""
    team = held.project.team
    reviewer = reviewer_for(ReviewKind.PROJECT_PUBLICATION, team) or team.office
    is_office = isinstance(reviewer, OfficeFacts)
    write.locking(Rank.REVIEW)
    return await queries.insert_review(
        write,
        held.id,
        reviewer_team_id=None if isinstance(reviewer, OfficeFacts) else reviewer.id,
        reviewer_region_id=reviewer.region_id if isinstance(reviewer, OfficeFacts) else None,
        change={"reviewer": "department" if is_office else "team"},
    )


def _require_enabling(held: Held, policy: Policy) -> str:
    """The edge by which the viewer may enable the project.

    Raises:
        Forbidden: none leads there.
        Refused: the team is disabled, or a superior stopped the project.
    """
    decision = decide(Action.PROJECT_ENABLE, held.viewer, held.project, policy=policy)
    if decision.allowed:
        return decision.because
    may_disable = decide(Action.PROJECT_DISABLE, held.viewer, held.project, policy=policy)
    if not may_disable.allowed:
        raise Forbidden(f"Not yours to enable: {decision.because}.")
    if decision is SUBJECT_STOPPED:
        raise Refused.because(
            UserErrorCode.TEAM_DISABLED, FIELD, "While its team is disabled, a project stays so."
        )
    raise Refused.because(
        UserErrorCode.STOPPED_BY_SUPERIOR, FIELD, "Who stopped it from above starts it again."
    )


def _check_reason(order: ProjectOrder) -> None:
    if not order.reason:
        raise Refused.because(UserErrorCode.REASON_REQUIRED, "reason", "This has a reason.")
    refuse_if_any(line_errors("reason", order.reason, longest=LONGEST_REASON))


def _tell(
    write: Write, what: str, held: Held, because: str, status: ProjectStatus, **detail: Json
) -> None:
    team_id = held.project.team.id
    write.record(project_event(f"project.{what}", held.id, team_id, because, status, **detail))


def _as_input(order: ProjectOrder) -> Mapping[str, Json]:
    return {"project_id": order.project_id, "reason": order.reason}


def _wrong_state(held: Held, what: str) -> UserError:
    message = f"A project that is {held.project.status.value} {what}."
    return UserError(UserErrorCode.WRONG_STATE, FIELD, message)


def _refusal(held: Held, to: ProjectStatus) -> UserError | None:
    return states.PROJECT.refusal(held.project.status, to, field=FIELD)
