"""What deciding on a change of a team's data does: it applies, or the team stays as it was."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db import tree
from db.clock import CHINA
from db.enums import TeamStatus
from db.events import DomainEvent, SubjectType
from db.lock_order import Rank
from db.models import Team
from db.queries import standing, team_registration
from db.queries import team_changes as queries
from db.queries.deciding import ReviewKnown
from db.write import Write
from permissions.errors import UserError, UserErrorCode
from resolvers.review_ruling import FIELD, Refusals, Ruling
from resolvers.rules.team_names import same_name

DISSOLVED = UserError(UserErrorCode.WRONG_STATE, FIELD, "The team is dissolved.")
NAME_TAKEN = UserError(
    UserErrorCode.NAME_TAKEN, FIELD, "A team of the region is called so meanwhile."
)
CODE_TAKEN = UserError(
    UserErrorCode.USCC_TAKEN, FIELD, "A team with the code is registered meanwhile."
)
REGION_GONE = UserError(UserErrorCode.NOT_FOUND, FIELD, "The region stands no more.")


@dataclass(frozen=True, slots=True)
class TeamChange:
    """A team's key data are changed as it asked, or kept with the reason.

    The tree is held exclusively, for a team may change its region.
    """

    must_say_why: bool = True

    async def rows(
        self, write: Write, reviews: Sequence[ReviewKnown]
    ) -> Mapping[Rank, Collection[int]]:
        """The teams; the names that they ask for are locked here, before any row."""
        changes = await queries.fetch_changes(write, [each.id for each in reviews])
        named = []
        for each in reviews:
            values = changes[each.id]["values"]
            if values.keys() & {"name", "region_id", "uscc"}:
                codes = await queries.fetch_codes(write, each.subject_id)
                region_id = values.get("region_id", codes["region_id"])
                named.append((region_id, values.get("uscc") or ""))
        for region_id, code in sorted(named):
            await team_registration.lock_names(write, region_id, code or None)
        return {Rank.TEAM: {each.subject_id for each in reviews}}

    async def apply(self, write: Write, reviews: Sequence[ReviewKnown], ruling: Ruling) -> Refusals:
        """Applies or keeps."""
        changes = await queries.fetch_changes(write, [each.id for each in reviews])
        refusals: dict[int, UserError] = {}
        for each in reviews:
            team = await write.session.get_one(Team, each.subject_id, populate_existing=True)
            values = changes[each.id]["values"]
            if team.status is TeamStatus.DISSOLVED:
                refusals[each.id] = DISSOLVED
            elif ruling.approves:
                error = await _apply(write, team, values, ruling)
                if error is not None:
                    refusals[each.id] = error
        done = [each for each in reviews if each.id not in refusals]
        ids = [each.subject_id for each in done]
        await queries.settle(write, ids)
        accounts = await standing.accounts_of_teams(write, ids)
        name = "team.changed" if ruling.approves else "team.change_refused"
        for n, each in enumerate(done):
            write.record(
                DomainEvent(
                    name=name,
                    subject_type=SubjectType.TEAM,
                    subject_id=each.subject_id,
                    because=ruling.because[each.id],
                    payload={"reviewId": each.id, "fields": [*sorted(changes[each.id]["values"])]},
                    detail={"reviewId": each.id, "fields": [*sorted(changes[each.id]["values"])]},
                    standing_of=accounts if n == 0 else (),
                )
            )
        return refusals


async def _apply(
    write: Write, team: Team, values: Mapping[str, Any], ruling: Ruling
) -> UserError | None:
    """Why the change cannot be applied any more; None once it is."""
    region_id = values.get("region_id", team.region_id)
    region = await queries.fetch_standing_region(write, region_id)
    if "region_id" in values and region is None:
        return REGION_GONE
    if values.keys() & {"name", "region_id"}:
        taken = await team_registration.fetch_names(write, region_id, besides=team.id)
        if same_name(values.get("name", team.name), taken) is not None:
            return NAME_TAKEN
    code = values.get("uscc")
    if code and await team_registration.is_code_taken(write, code, besides=team.id):
        return CODE_TAKEN
    if "region_id" not in values or region is None:
        await queries.set_columns(write, team.id, values)
        return None
    today = ruling.now.astimezone(CHINA).date()
    await tree.begin_history(write, [team.id], today)
    await queries.set_columns(write, team.id, {**values, "region_path": region["path"]})
    await tree.write_history(write, [team.id], day=today, is_forced=False, reason=ruling.opinion)
    await tree.move_epoch(write)
    return None
