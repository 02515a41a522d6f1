"""Dissolving a team: who succeeds it, where those below go, who decides what waited (§6.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from db import tree
from db.clock import CHINA
from db.enums import ProjectStatus, ReviewKind, TeamStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries import deciding, moving, team_states
from db.queries import team_ends as queries
from db.queries.entities import TEAM
from db.queries.notifications import notify
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import Policy
from permissions.errors import Forbidden, UserErrorCode
from permissions.facts import TeamFacts
from permissions.reviewers import takes_teams
from permissions.viewer import Viewer
from resolvers.acting import (
    Refused,
    Request,
    ids_in_scope,
    perform,
    refuse_if_any,
    require_account,
)
from resolvers.hanging import hanging_error
from resolvers.outcomes import Outcome, succeeded
from resolvers.rehanging import move_event, regroup, reroute
from resolvers.rules import states
from resolvers.team_acts import NO_SUCH_TEAM, check_reason
from resolvers.under_lock import as_of_now

# Wishes of the team itself, and of those who wanted to join it, end with it.
ENDING = (
    *(ReviewKind.TEAM_REGISTRATION, ReviewKind.TEAM_CHANGE, ReviewKind.TEAM_MOVE),
    *(ReviewKind.PERMISSION_GROUP, ReviewKind.MEMBERSHIP, ReviewKind.PROJECT_PUBLICATION),
)
MEMBERS_TOLD = "队伍已解散"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissolution:
    """Which team ends, why, and who succeeds it; without one, the nearest working team above."""

    team_id: int
    reason: str
    successor_id: int | None = None


@dataclass(frozen=True, slots=True)
class _End:
    """A team that ends, its successor, and where each team below goes."""

    team: TeamFacts
    successor: TeamFacts
    moves: Mapping[int, int]
    teams: Mapping[int, TeamFacts]
    because: str


async def dissolve_team(
    database: Writable,
    viewer: Viewer,
    given: Dissolution,
    idempotency_key: str | None,
    *,
    policy: Policy,
    now: datetime,
) -> Outcome:
    """The team, dissolved: its successor certifies its records and decides what waited there.

    Teams below go to the successor if it takes them, else to the nearest team above that does;
    branches stay their organisation's, which its registration authority answers for.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the team and may not dissolve it.
    """
    require_account(viewer)
    today = now.astimezone(CHINA).date()

    async def work(write: Write) -> Mapping[str, Json]:
        check_reason(given.reason)
        await write.lock_tree(exclusive=True)
        await _find(write, viewer, given)
        end = await _end(write, viewer, given, policy)
        await _do(write, end, given.reason, today)
        return succeeded(end.team.id)

    request = Request(
        action="dissolveTeam",
        key=idempotency_key,
        input={
            "team_id": given.team_id,
            "reason": given.reason,
            "successor_id": given.successor_id,
        },
    )
    return await perform(database, viewer, request, work)


async def _find(write: Write, viewer: Viewer, given: Dissolution) -> None:
    # SECURITY: hidden teams are missing ones, before anything is said of them.
    wanted = {given.team_id, given.successor_id or given.team_id}
    seen = await ids_in_scope(write, viewer, TEAM, wanted)
    if given.team_id not in seen:
        raise Refused(NO_SUCH_TEAM)
    if wanted - seen:
        raise Refused.because(UserErrorCode.NOT_FOUND, "successorId", "No such team.")


async def _end(write: Write, viewer: Viewer, given: Dissolution, policy: Policy) -> _End:
    """What is to happen, judged under the tree lock before any row is locked."""
    children = await queries.fetch_children(write, given.team_id)
    ids = {given.team_id, given.successor_id, *(row["id"] for row in children)} - {None}
    viewer, teams = await as_of_now(write, viewer, {each for each in ids if each is not None})
    team = teams[given.team_id]
    decision = decide(Action.TEAM_DISSOLVE, viewer, team, policy=policy)
    if not decision.allowed:
        raise Forbidden(f"Only a superior team or a department may do that: {decision.because}.")
    refuse_if_any([states.TEAM.refusal(team.status, TeamStatus.DISSOLVED, field="teamId")])
    successor = _successor(team, teams.get(given.successor_id or 0))
    heights = await tree.fetch_heights(write, [row["id"] for row in children])
    moves = {
        row["id"]: home
        for row in children
        if row["branch_of_id"] is None
        and (home := _home(team, teams[row["id"]], successor, heights[row["id"]])) is not None
    }
    return _End(team, successor, moves, teams, decision.because)


def _successor(team: TeamFacts, given: TeamFacts | None) -> TeamFacts:
    """Who answers for the team's records from now on.

    Raises:
        Refused: nobody can, or not this one.
    """
    field = "successorId"
    if given is None:
        found = next((above for above in team.ancestors() if above.works), None)
        if found is None:
            raise Refused.because(
                UserErrorCode.REQUIRED, field, "No team above succeeds it: name one."
            )
        return found
    if given.id == team.id or not given.works:
        raise Refused.because(
            UserErrorCode.INVALID, field, "The successor is another team, and one that works."
        )
    return given


def _home(team: TeamFacts, child: TeamFacts, successor: TeamFacts, height: int) -> int | None:
    """Where a team below goes; None leaves it, for no team takes it (DOMAIN §11.24)."""
    # A successor out of the subtree that moves would hang under itself.
    for to in (successor, *team.ancestors()):
        fits = takes_teams(to) and hanging_error(child, to, height) is None
        if fits and not to.path.startswith(team.path):
            return to.id
    return None


async def _do(write: Write, end: _End, reason: str, today: date) -> None:
    team, successor = end.team, end.successor
    moved = await tree.lock_subtrees(write, list(end.moves), beside=[team.id, successor.id])
    open_projects = await team_states.fetch_projects(
        write, team.id, [each.value for each in states.PROJECT.before(ProjectStatus.DISABLED)]
    )
    waiting_projects = await queries.fetch_pending_projects(write, team.id)
    await write.lock(Rank.PROJECT, [*open_projects, *waiting_projects])
    stopped = await team_states.disable_projects(write, open_projects)
    await queries.draft_projects(write, team.id)
    members = await queries.end_memberships(write, team.id, MEMBERS_TOLD)
    write.locking(Rank.REVIEW)
    waiting = await moving.lock_pending_reviews(write, moved, of_reviewers=[team.id])
    ended = await queries.withdraw_reviews(write, team.id, [each.value for each in ENDING])
    await _rehang(write, end, moved, reason, today)
    await queries.dissolve(write, team.id, reason, successor.id)
    # By now the team reviews nothing, so the walk passes over it.
    waiting = [row for row in waiting if row["team_id"] != team.id]
    rerouted = await reroute(write, waiting, hubs={team.id: successor.id})
    rerouted += await queries.pass_reviews(write, team.id, successor.id)
    await tree.move_epoch(write)
    done: dict[str, Json] = {
        "successorId": successor.id,
        "moved": len(end.moves),
        "projects": len(stopped),
        "members": members,
        "ended": ended,
        "rerouted": rerouted,
    }
    admins = await deciding.fetch_admins(write, [team.id, successor.id])
    told: dict[str, Json] = {"teamId": team.id, "successorId": successor.id}
    await notify(write, admins, "team.dissolved", told)
    write.record(*_events(end, done, stopped, admins))


async def _rehang(write: Write, end: _End, moved: Sequence[int], reason: str, today: date) -> None:
    below = [each for each in moved if each not in {end.team.id, end.successor.id}]
    await tree.begin_history(write, below, today)
    await tree.rewrite_paths(write, end.moves)
    await tree.write_history(write, below, day=today, is_forced=True, reason=reason)
    homes = {each.id: each for each in (end.successor, *end.team.ancestors())}
    await regroup(write, end.moves, {**homes, **end.teams})


def _events(
    end: _End, done: Mapping[str, Json], stopped: Sequence[int], admins: tuple[int, ...]
) -> Sequence[DomainEvent]:
    return [
        DomainEvent(
            name="team.dissolved",
            subject_type=SubjectType.TEAM,
            subject_id=end.team.id,
            because=end.because,
            payload=done,
            detail=done,
            standing_of=admins,
        ),
        *(
            move_event("team.moved", end.teams[each], to, "contact team dissolved")
            for each, to in end.moves.items()
        ),
        *(
            DomainEvent(
                name="project.disabled",
                subject_type=SubjectType.PROJECT,
                subject_id=each,
                because="team dissolved",
                payload={"teamId": end.team.id},
            )
            for each in stopped
        ),
    ]
