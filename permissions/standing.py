"""The standing of a requester: from an account and a wish to the viewer it may be."""

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from db.enums import (
    AccountStatus,
    HubLevel,
    PermissionGroup,
    RegionLevel,
    TeamAdminRole,
    TeamStatus,
)
from db.queries.standing import STANDING, STANDING_OF_SUBJECT, StandingRow
from db.session import Snapshot
from permissions.errors import CapacityNotHeld, Unauthenticated
from permissions.rights import Right, holds
from permissions.viewer import ActingDepartment, ActingTeam, Role, Viewer

# A disabled team's account cannot act (DOMAIN §6.1); one that waits or was refused still may, to
# see how it stands and to apply again.
ACTING_STATUSES = frozenset(set(TeamStatus) - {TeamStatus.DISABLED, TeamStatus.DISSOLVED})
FLAGS = ("is_developer", "is_operator", "is_auditor", "is_station_editor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everything an account may act as, now."""

    account_id: int
    display_name: str
    standing_version: int
    tree_epoch: int
    volunteer_id: int | None
    teams: Sequence[ActingTeam]
    departments: Sequence[ActingDepartment]
    flags: frozenset[str]
    station_ids: frozenset[int] = frozenset()
    must_change_password: bool = False
    session_epoch: int = 1
    _held: Sequence[Viewer] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_held", self._viewers())

    def capacities(self) -> Sequence[Viewer]:
        """One viewer for each capacity: as volunteer, for each team, for each department."""
        return self._held

    def capacities_at(self, *, national_site: bool) -> Sequence[Viewer]:
        """Those that can be chosen at a site: departments act at the national one alone."""
        if national_site:
            return self._held
        return [each for each in self._held if each.role is not Role.DEPARTMENT]

    def _viewers(self) -> Sequence[Viewer]:
        own = [self._viewer(Role.VOLUNTEER)] if self.volunteer_id is not None else []
        teams = [
            self._viewer(Role.HUB if team.reviews_others else Role.TEAM, team=team)
            for team in self.teams
        ]
        offices = [self._viewer(Role.DEPARTMENT, department=each) for each in self.departments]
        return [*own, *teams, *offices]

    def acting_as(self, wish: str | None) -> Viewer:
        """The viewer of the capacity that ``X-Acting-As`` names; without a wish, the first held.

        Raises:
            CapacityNotHeld: the account does not hold it, or its team may not act.
        """
        held = self.capacities()
        if wish is None:
            return held[0] if held else self._viewer(Role.VOLUNTEER)
        for viewer in held:
            if viewer.capacity == wish:
                return viewer
        raise CapacityNotHeld

    def _viewer(self, role: Role, **facts: Any) -> Viewer:
        return Viewer(
            role=role,
            account_id=self.account_id,
            display_name=self.display_name,
            volunteer_id=self.volunteer_id,
            flags=self.flags,
            station_ids=self.station_ids,
            standing_version=self.standing_version,
            tree_epoch=self.tree_epoch,
            **facts,
        )


class Standings:
    """Standings that a process has worked out, each good while its two numbers stand.

    Both numbers come with the statement that establishes who asks, from PostgreSQL: whoever
    changes an account's standing moves its ``standing_version`` and whoever changes the tree moves
    ``tree_epoch``, in the same transaction, so the next request of any process sees it.
    """

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._found: OrderedDict[int | str, Standing] = OrderedDict()

    async def fetch(self, snapshot: Snapshot, account: int | str) -> Standing:
        """The standing of an account, by id or by its subject at another issuer.

        Raises:
            Unauthenticated: the account does not exist or is disabled.
        """
        known = self._found.get(account)
        row = await _fetch_row(snapshot, account, known)
        if row is None or row.status != AccountStatus.ENABLED:
            self._found.pop(account, None)
            raise Unauthenticated
        if known is None or not row.is_known or not _is_of(known, row):
            if row.is_known:  # who the account is has changed, and what it holds was not read
                row = await _fetch_row(snapshot, account, None)
                if row is None:
                    raise Unauthenticated
            known = _standing_of(row)
        self._found[account] = known
        self._found.move_to_end(account)
        if len(self._found) > self._most:
            self._found.popitem(last=False)
        return known


async def fetch_standing(snapshot: Snapshot, account: int | str) -> Standing:
    """The standing of an account, worked out anew.

    Raises:
        Unauthenticated: the account does not exist or is disabled.
    """
    return await Standings(most=1).fetch(snapshot, account)


async def _fetch_row(
    snapshot: Snapshot, account: int | str, known: Standing | None
) -> StandingRow | None:
    numbers = {
        "known_version": 0 if known is None else known.standing_version,
        "known_epoch": 0 if known is None else known.tree_epoch,
    }
    if isinstance(account, int):
        return await snapshot.fetch_one(STANDING, account=account, **numbers)
    return await snapshot.fetch_one(STANDING_OF_SUBJECT, subject=account, **numbers)


def _is_of(standing: Standing, row: StandingRow) -> bool:
    return (
        standing.account_id == row.id
        and standing.volunteer_id == row.volunteer_id
        and standing.display_name == row.display_name
        and standing.flags == _flags(row)
        and standing.must_change_password == row.must_change_password
        and standing.session_epoch == row.session_epoch
    )


def _flags(row: StandingRow) -> frozenset[str]:
    return frozenset(flag for flag in FLAGS if getattr(row, flag))


def _standing_of(row: StandingRow) -> Standing:
    return Standing(
        account_id=row.id,
        display_name=row.display_name,
        standing_version=row.standing_version,
        tree_epoch=row.tree_epoch,
        volunteer_id=row.volunteer_id,
        teams=_teams(json.loads(row.teams or "[]")),
        departments=[
            ActingDepartment(**each | {"region_level": RegionLevel(each["region_level"])})
            for each in sorted(json.loads(row.departments or "[]"), key=_code)
        ],
        flags=_flags(row),
        station_ids=frozenset(row.stations or ()),
        must_change_password=row.must_change_password,
        session_epoch=row.session_epoch,
    )


def _teams(grants: Sequence[Mapping[str, Any]]) -> Sequence[ActingTeam]:
    """The teams of the grants that may act, each with all roles the account has in it."""
    teams = []
    for _, of_team in groupby(sorted(grants, key=_number), key=_number):
        rows = list(of_team)
        team = rows[0]
        group = PermissionGroup(team["permission_group"])
        status = TeamStatus(team["status"])
        if status not in ACTING_STATUSES:
            continue
        teams.append(
            ActingTeam(
                id=team["id"],
                team_no=team["team_no"],
                name=team["name"],
                path=team["path"],
                region_path=team["region_path"],
                status=status,
                permission_group=group,
                hub_level=HubLevel(team["hub_level"]) if team["hub_level"] else None,
                takes_teams=holds(group, Right.ALLOW_SUB_TEAM_REGISTRATION),
                has_branches=team["has_branches"],
                roles=frozenset(TeamAdminRole(each["role"]) for each in rows),
            )
        )
    return teams


def _number(grant: Mapping[str, Any]) -> str:
    return str(grant["team_no"])


def _code(office: Mapping[str, Any]) -> str:
    return str(office["region_code"])
