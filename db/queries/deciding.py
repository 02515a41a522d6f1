"""Reviews as deciding reads, locks and ends them, and what their approval changes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.enums import PermissionGroup, ReviewKind, ReviewState, TeamStatus
from db.write import Write

_REVIEWS = """
select id, kind, subject_id, team_id from reviews where id = any($1::bigint[]) order by id
"""
_STATES = "select id, state from reviews where id = any($1::bigint[])"
_END = """
update reviews r set state = $2, opinion = $3, decided_by_id = $4, decided_as = $5,
  decided_at = now()
where r.id = any($1::bigint[]) and r.state = 'PENDING'
"""
_TEAMS = """
select id, status, hub_level, registration_status = 'LEGAL_PERSON' as is_legal,
  registration_status = 'FILED' as is_filed
from teams where id = any($1::bigint[])
"""
_REGISTER = """
update teams t set status = 'ENABLED', permission_group = n.permission_group,
  registered_at = now(), updated_at = now(), status_reason = null
from unnest($1::bigint[], $2::text[]) as n (id, permission_group) where t.id = n.id
"""
_REFUSE = """
update teams set status = 'REJECTED', status_reason = $2, updated_at = now()
where id = any($1::bigint[])
"""
_SET_TEAM = "update teams set status = $2, updated_at = now() where id = $1"
_ADMINS = """
select distinct account_id from team_admins
where team_id = any($1::bigint[]) and revoked_at is null order by account_id
"""
_MEMBERSHIPS = """
select m.id, m.team_id, m.volunteer_id, m.status, v.status as volunteer_status
from memberships m join volunteers v on v.id = m.volunteer_id
where m.id = any($1::bigint[])
"""
_SET_MEMBERSHIPS = """
update memberships set status = $2::text,
  joined_at = case when $2::text = 'JOINED' then now() else joined_at end
where id = any($1::bigint[])
"""


@dataclass(frozen=True, slots=True)
class ReviewKnown:
    """What never changes of a review."""

    id: int
    kind: ReviewKind
    subject_id: int
    team_id: int


async def fetch_reviews(write: Write, ids: Collection[int]) -> Sequence[ReviewKnown]:
    """The reviews that exist, in id order."""
    return [
        ReviewKnown(row["id"], ReviewKind(row["kind"]), row["subject_id"], row["team_id"])
        for row in await write.run(_REVIEWS, sorted(ids))
    ]


async def fetch_states(write: Write, ids: Collection[int]) -> Mapping[int, ReviewState]:
    """The state of each review; to be read under their locks."""
    return {row["id"]: ReviewState(row["state"]) for row in await write.run(_STATES, sorted(ids))}


async def end_reviews(
    write: Write, ids: Collection[int], state: ReviewState, opinion: str | None
) -> None:
    """Decides reviews that wait, in the name of who writes."""
    await write.run(_END, sorted(ids), state.value, opinion, write.account_id, write.capacity)


async def fetch_teams(write: Write, ids: Collection[int]) -> Mapping[int, Any]:
    """What the registration of each team said; to be read under their locks."""
    return {row["id"]: row for row in await write.run(_TEAMS, sorted(ids))}


async def enable_new(write: Write, groups: Mapping[int, PermissionGroup]) -> None:
    """Enables teams that were registered, each in its permission group."""
    await write.run(_REGISTER, list(groups), [group.value for group in groups.values()])


async def refuse_new(write: Write, ids: Collection[int], reason: str | None) -> None:
    """Refuses teams that asked to be registered."""
    await write.run(_REFUSE, sorted(ids), reason)


async def set_team_status(write: Write, team_id: int, status: TeamStatus) -> None:
    """Brings a team to a state, without a reason."""
    await write.run(_SET_TEAM, team_id, status.value)


async def fetch_admins(write: Write, team_ids: Collection[int]) -> tuple[int, ...]:
    """The accounts that are named for anything in the teams."""
    return tuple(row["account_id"] for row in await write.run(_ADMINS, sorted(team_ids)))


async def fetch_memberships(write: Write, ids: Collection[int]) -> Mapping[int, Any]:
    """The memberships, with the states of their volunteers."""
    return {row["id"]: row for row in await write.run(_MEMBERSHIPS, sorted(ids))}


async def set_memberships(write: Write, ids: Collection[int], status: str) -> None:
    """Brings memberships to a state."""
    await write.run(_SET_MEMBERSHIPS, sorted(ids), status)
