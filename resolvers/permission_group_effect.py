"""What deciding on a wish for a permission group does: the team has it, or keeps its own."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from db.enums import PermissionGroup
from db.events import DomainEvent, SubjectType
from db.lock_order import Rank
from db.queries import moving
from db.queries import permission_groups as queries
from db.queries.deciding import ReviewKnown
from db.queries.team_changes import fetch_changes
from db.write import Write
from permissions.errors import UserError, UserErrorCode
from permissions.facts import TeamFacts
from permissions.gather import gather_teams
from permissions.groups import may_be_set
from resolvers.permission_groups import group_event, reroute_around
from resolvers.review_ruling import FIELD, Refusals, Ruling

NOT_WORKING = UserError(UserErrorCode.WRONG_STATE, FIELD, "The team does not work any more.")
BEYOND = UserError(
    UserErrorCode.INVALID, FIELD, "Nobody gives a group with rights that they lack themselves."
)


@dataclass(frozen=True, slots=True)
class GroupWishes:
    """A team that asked for a group has it, as far as who decides may give it."""

    must_say_why: bool = True

    async def rows(
        self, _write: Write, reviews: Sequence[ReviewKnown]
    ) -> Mapping[Rank, Collection[int]]:
        """The teams."""
        return {Rank.TEAM: {each.subject_id for each in reviews}}

    async def apply(self, write: Write, reviews: Sequence[ReviewKnown], ruling: Ruling) -> Refusals:
        """Gives the groups, or leaves them."""
        teams = await gather_teams(write, [each.subject_id for each in reviews])
        changes = await fetch_changes(write, [each.id for each in reviews])
        by = await queries.fetch_group_of_writer(write)
        refusals: dict[int, UserError] = {}
        given: dict[int, PermissionGroup] = {}
        for each in reviews:
            if not ruling.approves:
                write.record(_refused(each, ruling))
                continue
            team, group = teams[each.subject_id], queries.asked_for(changes[each.id])
            if error := _error(team, group, by):
                refusals[each.id] = error
            else:
                given[each.id] = group
        done = [each for each in reviews if each.id in given]
        await moving.set_groups(write, {each.subject_id: given[each.id].value for each in done})
        rerouted = await reroute_around(write, [teams[each.subject_id] for each in done])
        for each in done:
            because = ruling.because[each.id]
            team = teams[each.subject_id]
            write.record(await group_event(write, team, given[each.id], because, rerouted))
        return refusals


def _error(team: TeamFacts, group: PermissionGroup, by: PermissionGroup | None) -> UserError | None:
    if not team.works:
        return NOT_WORKING
    return None if may_be_set(group, team, by=by) else BEYOND


def _refused(review: ReviewKnown, ruling: Ruling) -> DomainEvent:
    return DomainEvent(
        name="team.group_refused",
        subject_type=SubjectType.TEAM,
        subject_id=review.subject_id,
        because=ruling.because[review.id],
        payload={"reviewId": review.id},
        detail={"reviewId": review.id},
    )
