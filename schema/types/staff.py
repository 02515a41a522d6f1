"""The people of a team, and what a region has settled for its teams."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from db.enums import TeamAdminRole
from db.queries.local_policies import POLICIES
from db.queries.rows import RegionRow, TeamRow
from db.queries.team_staff import STAFF, StaffRow
from permissions.gather import gather_teams
from resolvers.team_staff import sees_staff
from schema.info import Info
from schema.visibility import MANAGERS, attribute, batched, object_type


@object_type(to=MANAGERS, description="Person named for duties in a team (专门人员)")
class TeamStaff:
    """A person of a team; the objects are ``StaffRow``."""

    username: str = attribute(to=MANAGERS, description="Username (用户名)")
    display_name: str = attribute(to=MANAGERS, description="Name (姓名)")
    since: datetime = attribute(to=MANAGERS, description="Since when (任职时间)")

    @batched(
        list[TeamAdminRole],
        to=MANAGERS,
        description="What the person is named for (职责)",
    )
    @staticmethod
    def roles(parents: Sequence[StaffRow]) -> list[list[TeamAdminRole]]:
        return [[TeamAdminRole(role) for role in row.roles] for row in parents]


@batched(
    list[TeamStaff] | None,
    to=MANAGERS,
    description="People who act for the team; for its own and for who reviews it (专门人员)",
    needs=("id",),
)
async def staff(parents: Sequence[TeamRow], info: Info) -> Any:
    """The people of each team, None where the viewer may not see them."""
    context = info.context
    teams = await gather_teams(context.snapshot, {row.id for row in parents})
    own = {row.id for row in parents}
    seen = {
        number
        for number, team in teams.items()
        if number in own and sees_staff(context.viewer, team, context.policy)
    }
    found: dict[int, list[StaffRow]] = {number: [] for number in seen}
    if seen:
        for each in await context.snapshot.fetch(STAFF, ids=sorted(seen)):
            found[each.team_id].append(each)
    return [found.get(row.id) for row in parents]


@object_type(to=MANAGERS, description="What holds in a region (地方政策)")
class LocalPolicy:
    """What holds in a region; the objects are ``PolicyRow``."""

    reviews_hours: bool = attribute(
        to=MANAGERS, description="Whether the contact team reviews hours (时长是否由联络团体审核)"
    )
    reviews_evaluations: bool = attribute(
        to=MANAGERS,
        description="Whether the contact team reviews evaluations (评价是否由联络团体审核)",
    )


@batched(
    LocalPolicy,
    to=MANAGERS,
    description="What holds in the region, its own or settled above (地方政策)",
    needs=("path",),
)
async def local_policy(parents: Sequence[RegionRow], info: Info) -> Any:
    """What holds in each region."""
    rows = await info.context.snapshot.fetch(POLICIES, paths=sorted({row.path for row in parents}))
    found = {each.path: each for each in rows}
    return [found[row.path] for row in parents]
