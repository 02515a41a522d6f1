"""Disabling and enabling a team, by its superior or a department (DOMAIN §5 row 18, §6.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from db.enums import ProjectStatus, TeamStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries import deciding, moving
from db.queries import team_states as queries
from db.queries.entities import TEAM
from db.queries.notifications import notify
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import Policy
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.facts import TeamFacts
from permissions.gather import gather_teams
from permissions.viewer import Viewer
from resolvers.acting import (
    Refused,
    Request,
    ids_in_scope,
    perform,
    refuse_if_any,
    require_account,
)
from resolvers.acting_now import as_of_now
from resolvers.outcomes import Outcome, succeeded
from resolvers.rehanging import reroute
from resolvers.rules import states
from resolvers.texts import line_errors

LONGEST_REASON = 500
NO_SUCH_TEAM = UserError(UserErrorCode.NOT_FOUND, "teamId", "No such team.")


class EnableMode(StrEnum):
    """What is enabled with a team."""

    TEAM_ONLY = "TEAM_ONLY"
    TEAM_AND_PROJECTS = "TEAM_AND_PROJECTS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which team is disabled or enabled, and why."""

    team_id: int
    reason: str


async def disable_team(
    database: Writable, viewer: Viewer, order: Order, idempotency_key: str | None, *, policy: Policy
) -> Outcome:
    """The team, disabled with all its projects; what waited for it goes to who now reviews.

    Teams below stay enabled (DOMAIN §11.3).

    Raises:
        Unauthenticated, Forbidden: the viewer sees the team and may not disable it.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        team, because = await _authorised(write, viewer, order, Action.TEAM_DISABLE, policy)
        now, _ = await queries.fetch_status(write, team.id)
        refuse_if_any([states.TEAM.refusal(now, TeamStatus.DISABLED, field="teamId")])
        await stop_team(write, team, order.reason, because)
        return succeeded(team.id)

    request = Request(action="disableTeam", key=idempotency_key, input=_as_input(order))
    return await perform(database, viewer, request, work)


async def stop_team(write: Write, team: TeamFacts, reason: str, because: str) -> None:
    """Disables a team that works with all its projects; the tree and the team are locked."""
    before = [each.value for each in states.PROJECT.before(ProjectStatus.DISABLED)]
    found = await queries.fetch_projects(write, team.id, before)
    await write.lock(Rank.PROJECT, found)
    projects = await queries.disable_projects(write, found)
    await queries.set_status(write, team.id, TeamStatus.DISABLED, reason)
    write.locking(Rank.REVIEW)
    waiting = await moving.lock_pending_reviews(write, [], of_reviewers=[team.id])
    rerouted = await reroute(write, waiting)
    done: dict[str, Json] = {"projects": len(projects), "rerouted": rerouted}
    await _alert(write, team)
    await _tell(write, "disabled", team, because, done=done, projects=projects)


async def enable_team(
    database: Writable,
    viewer: Viewer,
    order: Order,
    mode: EnableMode,
    idempotency_key: str | None,
    *,
    policy: Policy,
) -> Outcome:
    """The team, enabled again, with its projects or without; it reviews again what is its own.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the team and may not enable it.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        team, because = await _authorised(write, viewer, order, Action.TEAM_ENABLE, policy)
        now, is_changing = await queries.fetch_status(write, team.id)
        if now is not TeamStatus.DISABLED:
            # A team that waits is enabled by its review, not by this.
            raise Refused(_not_disabled(now))
        projects: list[int] = []
        if mode is EnableMode.TEAM_AND_PROJECTS:
            stopped = [ProjectStatus.DISABLED.value]
            found = await queries.fetch_projects(write, team.id, stopped)
            await write.lock(Rank.PROJECT, found)
            projects = await queries.enable_projects(write, found)
        status = TeamStatus.CHANGE_PENDING if is_changing else TeamStatus.ENABLED
        await queries.set_status(write, team.id, status, order.reason)
        write.locking(Rank.REVIEW)
        below = await queries.fetch_subtree(write, team.path)
        rerouted = await reroute(write, await moving.lock_pending_reviews(write, below))
        done: dict[str, Json] = {
            "mode": mode.value,
            "projects": len(projects),
            "rerouted": rerouted,
        }
        await _tell(write, "enabled", team, because, done=done, projects=projects)
        return succeeded(team.id)

    request = Request(
        action="enableTeam", key=idempotency_key, input={**_as_input(order), "mode": mode.value}
    )
    return await perform(database, viewer, request, work)


async def _authorised(
    write: Write, viewer: Viewer, order: Order, action: Action, policy: Policy
) -> tuple[TeamFacts, str]:
    """The team, locked, and the edge by which the viewer may do this to it."""
    if not order.reason:
        raise Refused.because(UserErrorCode.REASON_REQUIRED, "reason", "This has a reason.")
    refuse_if_any(line_errors("reason", order.reason, longest=LONGEST_REASON))
    await write.lock_tree()
    # SECURITY: a hidden team is a missing one, before anything is said of it.
    if order.team_id not in await ids_in_scope(write, viewer, TEAM, [order.team_id]):
        raise Refused(NO_SUCH_TEAM)
    await write.lock(Rank.TEAM, [order.team_id])
    viewer = await as_of_now(write, viewer)
    team = (await gather_teams(write, [order.team_id]))[order.team_id]
    decision = decide(action, viewer, team, policy=policy)
    if not decision.allowed:
        raise Forbidden(f"Only a superior team or a department may do that: {decision.because}.")
    return team, decision.because


async def _alert(write: Write, team: TeamFacts) -> None:
    """Tells the nearest working team above that what hung on this one is its own now (§11.3)."""
    above = next((each for each in team.ancestors() if each.works), None)
    if above is not None:
        admins = await deciding.fetch_admins(write, [above.id])
        await notify(write, admins, "team.disabled_below", {"teamId": team.id})


async def _tell(
    write: Write,
    what: str,
    team: TeamFacts,
    because: str,
    *,
    done: Mapping[str, Json],
    projects: Sequence[int],
) -> None:
    write.record(
        DomainEvent(
            name=f"team.{what}",
            subject_type=SubjectType.TEAM,
            subject_id=team.id,
            because=because,
            payload=done,
            detail=done,
            standing_of=await deciding.fetch_admins(write, [team.id]),
        ),
        *(
            DomainEvent(
                name=f"project.{what}",
                subject_type=SubjectType.PROJECT,
                subject_id=project_id,
                because=f"team {what}",
                payload={"teamId": team.id},
            )
            for project_id in projects
        ),
    )


def _not_disabled(now: TeamStatus) -> UserError:
    return UserError(
        UserErrorCode.WRONG_STATE, "teamId", f"A team that is {now.value} is not enabled again."
    )


def _as_input(order: Order) -> Mapping[str, Json]:
    return {"team_id": order.team_id, "reason": order.reason}
