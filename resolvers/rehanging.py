"""What follows when teams hang elsewhere: their groups, and who decides what waits."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from db import tree
from db.enums import PermissionGroup, ReviewKind
from db.events import DomainEvent, Json, SubjectType
from db.queries import moving
from db.write import Write
from permissions.facts import TeamFacts
from permissions.gather import gather_teams
from permissions.groups import rehung_group
from permissions.reviewers import OWN_BUSINESS, Reviewer, reviewer_for


async def hang(
    write: Write,
    teams: Mapping[int, TeamFacts],
    ids: Sequence[int],
    waiting: Sequence[Any],
    *,
    team: TeamFacts,
    to: int,
    reason: str | None,
    is_forced: bool,
    because: str,
    today: date,
) -> None:
    """Hangs a team under its new contact team, with all that follows from it.

    ``ids`` are the teams at and below it and ``waiting`` their reviews, all locked; ``teams`` are
    the facts from before.
    """
    moves = {team.id: to}
    await tree.begin_history(write, ids, today)
    await tree.rewrite_paths(write, moves)
    await tree.write_history(write, ids, day=today, is_forced=is_forced, reason=reason)
    groups = await regroup(write, moves, teams)
    rerouted = await reroute(write, waiting)
    await tree.move_epoch(write)
    detail: dict[str, Json] = {"teams": len(ids), "rerouted": rerouted, "isForced": is_forced}
    if (group := groups.get(team.id)) is not None:
        detail["permissionGroup"] = group.value
    write.record(move_event("team.moved", team, to, because, **detail))


def move_event(name: str, team: TeamFacts, to: int, because: str, **detail: Json) -> DomainEvent:
    """An event for the team, the one it leaves and the one it goes to."""
    ends: dict[str, Json] = {"from": team.contact.id if team.contact else None, "to": to}
    return DomainEvent(
        name=name,
        subject_type=SubjectType.TEAM,
        subject_id=team.id,
        because=because,
        payload=ends,
        detail={**ends, **detail},
    )


async def regroup(
    write: Write, moves: Mapping[int, int], teams: Mapping[int, TeamFacts]
) -> Mapping[int, PermissionGroup]:
    """The groups that changed with the moves; ``teams`` are the facts from before them."""
    changed = {
        team_id: group
        for team_id, to in moves.items()
        if (group := rehung_group(teams[team_id], teams[to])) is not teams[team_id].group
    }
    await moving.set_groups(write, {team_id: group.value for team_id, group in changed.items()})
    return changed


async def reroute(
    write: Write,
    waiting: Sequence[Any],
    *,
    hubs: Mapping[int, int] | None = None,
    offices: Mapping[int, int] | None = None,
) -> int:
    """How many of the waiting reviews, locked already, went to another reviewer.

    ``hubs`` and ``offices`` are dissolved ones with who stands in their place.
    """
    hubs, offices = hubs or {}, offices or {}
    teams = await gather_teams(write, {row["team_id"] for row in waiting})
    others: dict[int, tuple[int | None, int | None]] = {}
    redirected = 0
    for row in waiting:
        kind = ReviewKind(row["kind"])
        now = row["reviewer_team_id"], row["reviewer_region_id"]
        if kind is ReviewKind.TEAM_MOVE:
            # Who was asked is asked still, wherever the team hangs meanwhile.
            if row["reviewer_team_id"] in hubs:
                await moving.redirect_move(write, row["id"], hubs[row["reviewer_team_id"]])
                redirected += 1
        elif kind is ReviewKind.COMPLAINT and row["reviewer_region_id"] is not None:
            if row["reviewer_region_id"] in offices:  # the department's own business, not a walk
                others[row["id"]] = None, offices[row["reviewer_region_id"]]
        elif kind not in OWN_BUSINESS and row["reviewer_team_id"] != row["team_id"]:
            team = teams[row["team_id"]]
            asked = _asked_hub(team, row["reviewer_team_id"])
            then = _key(reviewer_for(kind, team, to=asked) or team.office)
            if then != now:
                others[row["id"]] = then
    await moving.reroute_reviews(write, others)
    return len(others) + redirected


def _asked_hub(team: TeamFacts, reviewer_id: int | None) -> TeamFacts | None:
    """The reviewer that was chosen, while it works and stands above the team."""
    return next((t for t in team.ancestors() if t.id == reviewer_id and t.works), None)


def _key(reviewer: Reviewer) -> tuple[int | None, int | None]:
    if isinstance(reviewer, TeamFacts):
        return reviewer.id, None
    return None, reviewer.region_id
