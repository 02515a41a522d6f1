"""View teams (查看团体) and the organisation a team is of (直属组织): chosen, not reviewed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.events import DomainEvent, Json, SubjectType
from db.queries import standing
from db.queries import team_relations as queries
from db.queries.entities import TEAM
from db.write import Writable, Write
from permissions.actions import Action
from permissions.edges import Policy
from permissions.errors import UserError, UserErrorCode
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
from resolvers.outcomes import Outcome, succeeded
from resolvers.team_acts import Act, find_team, lock_and_decide
from resolvers.team_form import MAX_VIEW_TEAMS

OTHERWISE = "Only the team's manager chooses that"


@dataclass(frozen=True, slots=True)
class ViewTeams:
    """All the view teams that a team is to have."""

    team_id: int
    view_team_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class Affiliation:
    """The organisation that a team is of, if any."""

    team_id: int
    org_id: int | None


async def set_view_teams(
    database: Writable,
    viewer: Viewer,
    chosen: ViewTeams,
    idempotency_key: str | None,
    *,
    policy: Policy,
) -> Outcome:
    """The team with these view teams and no others; any level, any line, never its contact team.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the team and is not its manager.
    """
    require_account(viewer)
    team_id, wanted = chosen.team_id, frozenset(chosen.view_team_ids)

    async def work(write: Write) -> Mapping[str, Json]:
        act = await _choose(write, viewer, team_id, policy)
        now = await queries.fetch_view_teams(write, team_id)
        added, removed = wanted - now, now - wanted
        seen = await ids_in_scope(write, viewer, TEAM, added)
        facts = await gather_teams(write, added)
        unfit = [_unfit(act.team, facts.get(each), is_seen=each in seen) for each in sorted(added)]
        refuse_if_any([*_too_many(wanted), *unfit])
        await queries.change_view_teams(write, team_id, added=added, removed=removed)
        if added or removed:
            change: dict[str, Json] = {"added": [*sorted(added)], "removed": [*sorted(removed)]}
            write.record(await _event(write, "team.view_teams_set", act, change))
        return succeeded(team_id)

    given: dict[str, Json] = {"team_id": team_id, "view_team_ids": [*sorted(wanted)]}
    request = Request(action="setViewTeams", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def set_affiliated_org(
    database: Writable,
    viewer: Viewer,
    chosen: Affiliation,
    idempotency_key: str | None,
    *,
    policy: Policy,
) -> Outcome:
    """The team, told to be of the organisation; None for of none.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the team and is not its manager.
    """
    require_account(viewer)
    team_id, org_id = chosen.team_id, chosen.org_id

    async def work(write: Write) -> Mapping[str, Json]:
        act = await _choose(write, viewer, team_id, policy)
        if org_id is not None:
            seen = await ids_in_scope(write, viewer, TEAM, [org_id])
            org = (await gather_teams(write, [org_id])).get(org_id)
            if org is None or org_id not in seen:
                raise Refused.because(UserErrorCode.NOT_FOUND, "orgId", "No such team.")
            if org_id == team_id or not org.works or not (org.is_legal or org.hub_level):
                raise Refused.because(
                    UserErrorCode.INVALID, "orgId", "Another legal person or hub, that works."
                )
        await queries.set_affiliated_org(write, team_id, org_id)
        write.record(await _event(write, "team.affiliation_set", act, {"orgId": org_id}))
        return succeeded(team_id)

    given: dict[str, Json] = {"team_id": team_id, "org_id": org_id}
    request = Request(action="setAffiliatedOrg", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def _choose(write: Write, viewer: Viewer, team_id: int, policy: Policy) -> Act:
    await find_team(write, viewer, team_id)
    return await lock_and_decide(
        write, viewer, team_id, Action.TEAM_SET_VIEW_TEAMS, policy=policy, otherwise=OTHERWISE
    )


def _too_many(wanted: frozenset[int]) -> Sequence[UserError]:
    if len(wanted) <= MAX_VIEW_TEAMS:
        return ()
    return [UserError(UserErrorCode.TOO_LONG, "viewTeamIds", f"At most {MAX_VIEW_TEAMS} of them.")]


def _unfit(team: TeamFacts, view: TeamFacts | None, *, is_seen: bool) -> UserError | None:
    """Why a team cannot be a view team of another; None if it can."""
    field = "viewTeamIds"
    if view is None or not is_seen:
        return UserError(UserErrorCode.NOT_FOUND, field, "No such team.")
    if view.id == team.id or (team.contact is not None and view.id == team.contact.id):
        message = "The contact team sees the team anyway, and so does the team itself."
        return UserError(UserErrorCode.INVALID, field, message)
    if not view.works:
        return UserError(UserErrorCode.WRONG_STATE, field, "A view team is one that works.")
    return None


async def _event(write: Write, name: str, act: Act, change: Mapping[str, Json]) -> DomainEvent:
    return DomainEvent(
        name=name,
        subject_type=SubjectType.TEAM,
        subject_id=act.team.id,
        because=act.because,
        payload=change,
        detail=change,
        standing_of=await standing.accounts_of_teams(write, [act.team.id]),
    )
