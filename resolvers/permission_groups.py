"""Permission groups of teams: set from above, or asked for (DOMAIN §4, §5 row 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.enums import PermissionGroup, ReviewKind, ReviewState
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries import moving, standing
from db.queries import permission_groups as queries
from db.queries.entities import TEAM
from db.write import Writable, Write
from permissions.actions import Action
from permissions.edges import Policy
from permissions.errors import UserError, UserErrorCode
from permissions.facts import GroupFacts, TeamFacts
from permissions.groups import highest_group, may_be_set, may_set
from permissions.reviewers import reviewer_for
from permissions.rights import Right, holds
from permissions.team_gathering import gather_applicants
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
from resolvers.rehanging import reroute
from resolvers.team_acts import Act, check_reason, find_team, lock_and_decide
from resolvers.team_reviews import ask_reviewer, kind_of

KIND = ReviewKind.PERMISSION_GROUP


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupWish:
    """The group that a team is to have, and why; ``hub_id`` is whom the team asks."""

    team_id: int
    group: PermissionGroup
    reason: str
    hub_id: int | None = None

    @property
    def as_input(self) -> Mapping[str, Json]:
        """What a repeat must bring again."""
        return {
            "team_id": self.team_id,
            "group": self.group.value,
            "reason": self.reason,
            "hub_id": self.hub_id,
        }


async def set_permission_group(
    database: Writable,
    viewer: Viewer,
    wish: GroupWish,
    idempotency_key: str | None,
    *,
    policy: Policy,
) -> Outcome:
    """The team in its new group; what a lowered team has published and below it stays, and is told.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the team and may not give it this group.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        check_reason(wish.reason)
        await find_team(write, viewer, wish.team_id)
        act = await lock_and_decide(
            write,
            viewer,
            wish.team_id,
            Action.TEAM_SET_GROUP,
            policy=policy,
            otherwise="Only who sets this team's group, within bounds, may do that",
            subject=lambda team: _given(write, team, wish.group),
        )
        refuse_if_any([_unready(act.team), _same(act.team, wish.group)])
        found = await warnings(write, act.team, wish.group)
        await moving.set_groups(write, {act.team.id: wish.group.value})
        write.locking(Rank.REVIEW)
        asked = await queries.lock_pending(write, act.team.id)
        if asked is not None and asked["wanted"] == wish.group.value:
            await moving.decide_review(
                write, asked["id"], ReviewState.APPROVED, opinion=wish.reason
            )
        rerouted = await reroute_around(write, [act.team])
        write.record(await group_event(write, act.team, wish.group, act.because, rerouted))
        return succeeded(act.team.id, warnings=found)

    request = Request(action="setPermissionGroup", key=idempotency_key, input=wish.as_input)
    return await perform(database, viewer, request, work)


async def ask_permission_group(
    database: Writable,
    viewer: Viewer,
    wish: GroupWish,
    idempotency_key: str | None,
    *,
    policy: Policy,
) -> Outcome:
    """The team, and the one review of its wish, which the district's and the city's hub may decide.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the team and is not its manager.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        check_reason(wish.reason)
        await find_team(write, viewer, wish.team_id)
        if wish.hub_id is not None and wish.hub_id not in await ids_in_scope(
            write, viewer, TEAM, [wish.hub_id]
        ):
            raise Refused.because(UserErrorCode.NOT_FOUND, "hubId", "No such team.")
        act = await lock_and_decide(
            write,
            viewer,
            wish.team_id,
            Action.TEAM_ASK_GROUP,
            policy=policy,
            otherwise="Only the team's manager asks for a group",
        )
        refuse_if_any([_unready(act.team), _same(act.team, wish.group)])
        if not may_be_set(wish.group, act.team, by=None):
            bound = highest_group(act.team.hub_level).value
            raise Refused.because(
                UserErrorCode.INVALID, "group", f"A team like this may have {bound} at most."
            )
        write.locking(Rank.REVIEW)
        if await queries.lock_pending(write, act.team.id) is not None:
            # One wish at a time: the hubs that may grant it see the same review (DOMAIN §11.22).
            raise Refused.because(
                UserErrorCode.ALREADY_APPLIED, "group", "The team has asked for a group already."
            )
        review_id = await _ask(write, act, wish)
        return succeeded(act.team.id, review_id=review_id)

    request = Request(action="askPermissionGroup", key=idempotency_key, input=wish.as_input)
    return await perform(database, viewer, request, work)


async def warnings(write: Write, team: TeamFacts, group: PermissionGroup) -> Sequence[UserError]:
    """What stays as it is although the new group would not allow it any more."""
    found = []
    if _loses(team, group, Right.PUBLISH_WITHOUT_REVIEW) and (
        count := await queries.count_published(write, team.id)
    ):
        message = f"{count} published projects stay so; new ones are reviewed."
        found.append(UserError(UserErrorCode.PROJECTS_STAY_PUBLISHED, "group", message))
    if _loses(team, group, Right.ALLOW_SUB_TEAM_REGISTRATION) and (
        count := await queries.count_below(write, team.id)
    ):
        message = f"{count} teams stay below; who is above reviews them."
        found.append(UserError(UserErrorCode.TEAMS_STAY_BELOW, "group", message))
    return found


async def reroute_around(write: Write, teams: Sequence[TeamFacts]) -> int:
    """How many waiting reviews of the teams, or of any below, went to another reviewer."""
    below = await queries.fetch_subtrees(write, [team.path for team in teams])
    reviewers = [team.id for team in teams]
    waiting = await moving.lock_pending_reviews(write, below, of_reviewers=reviewers)
    return await reroute(write, waiting)


async def group_event(
    write: Write, team: TeamFacts, group: PermissionGroup, because: str, rerouted: int
) -> DomainEvent:
    """The event of a team's new group."""
    change: dict[str, Json] = {"from": team.group.value, "to": group.value}
    return DomainEvent(
        name="team.group_set",
        subject_type=SubjectType.TEAM,
        subject_id=team.id,
        because=because,
        payload=change,
        detail={**change, "rerouted": rerouted},
        standing_of=await standing.accounts_of_teams(write, [team.id]),
    )


async def _given(write: Write, team: TeamFacts, group: PermissionGroup) -> GroupFacts:
    # SECURITY: whoever asked for the team does not come back as the hub and grant it.
    applicants = await gather_applicants(write, KIND, [team.id])
    return GroupFacts(team=team, group=group, applicant_account_id=applicants.get(team.id))


async def _ask(write: Write, act: Act, wish: GroupWish) -> int:
    team = act.team
    hub = next((each for each in team.ancestors() if each.id == wish.hub_id), None)
    if wish.hub_id is not None and (hub is None or not may_set(hub, team)):
        raise Refused.because(
            UserErrorCode.CONTACT_TEAM_UNFIT, "hubId", "This team grants none of such a team."
        )
    reviewer = reviewer_for(KIND, team, to=hub) or team.office
    change = {
        "permissionGroup": wish.group.value,
        "before": team.group.value,
        "reason": wish.reason,
    }
    review_id = await ask_reviewer(write, KIND, team.id, reviewer, change)
    asked: dict[str, Json] = {
        "reviewId": review_id,
        "permissionGroup": wish.group.value,
        "reviewer": kind_of(reviewer),
    }
    write.record(
        DomainEvent(
            name="team.group_asked",
            subject_type=SubjectType.TEAM,
            subject_id=team.id,
            because=act.because,
            payload=asked,
            detail=asked,
        )
    )
    return review_id


def _loses(team: TeamFacts, group: PermissionGroup, right: Right) -> bool:
    return holds(team.group, right) and not holds(group, right)


def _unready(team: TeamFacts) -> UserError | None:
    if team.works and team.group is not PermissionGroup.PENDING:
        return None
    message = f"A team that is {team.status.value} has no group to change."
    return UserError(UserErrorCode.WRONG_STATE, "teamId", message)


def _same(team: TeamFacts, group: PermissionGroup) -> UserError | None:
    if team.group is not group:
        return None
    return UserError(UserErrorCode.ALREADY_THERE, "group", "The team is in this group already.")
