"""Gathers the facts of teams, with those of every contact team above them."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol, TypeVar

from asyncpg import Record

from db.enums import HubLevel, PermissionGroup, ReviewKind, TeamStatus
from db.queries import facts as queries
from db.statements import Statement
from permissions import facts

R = TypeVar("R", bound=Record)


class Reader(Protocol):
    """What runs a statement: a request's snapshot, or a write."""

    async def fetch(self, statement: Statement[R], /, **values: Any) -> list[R]:
        """All rows of a statement."""
        ...


def office_facts(region_id: int | None, path: str | None) -> facts.OfficeFacts | None:
    """The department of a region, if there is one."""
    return None if region_id is None or path is None else facts.OfficeFacts(region_id, path)


async def gather_teams(
    reader: Reader, ids: Iterable[int | None], *, volunteer_id: int | None = None
) -> dict[int, facts.TeamFacts]:
    """The facts of teams and of every contact team above them, by id."""
    wanted = sorted({each for each in ids if each is not None})
    if not wanted:
        return {}
    rows = await reader.fetch(queries.TEAM_FACTS, ids=wanted, volunteer=volunteer_id or 0)
    found: dict[int, facts.TeamFacts] = {}
    for row in rows:  # by path, so that what is above a team was found before it
        known_to = {volunteer_id} if row.is_tied and volunteer_id else ()
        found[row.id] = _team(row, found.get(row.contact_team_id or 0), frozenset(known_to))
    return found


async def gather_applicants(
    reader: Reader, kind: ReviewKind, team_ids: Collection[int]
) -> Mapping[int, int]:
    """Whose account asked for what the teams still wait for, by team."""
    rows = await reader.fetch(queries.WISHES, kind=kind.value, ids=sorted(team_ids))
    return {row.team_id: row.applicant_account_id for row in rows if row.applicant_account_id}


def _team(
    row: queries.TeamFactsRow, contact: facts.TeamFacts | None, known_to: frozenset[int]
) -> facts.TeamFacts:
    authority = None
    if row.authority_id is not None and row.authority_path is not None:
        authority = facts.OfficeFacts(row.authority_id, row.authority_path)
    return facts.TeamFacts(
        id=row.id,
        name=row.name,
        path=row.path,
        status=TeamStatus(row.status),
        group=PermissionGroup(row.permission_group),
        office=facts.OfficeFacts(row.region_id, row.region_path),
        hub_level=HubLevel(row.hub_level) if row.hub_level else None,
        is_legal=row.is_legal,
        is_filed=row.is_filed,
        contact=contact,
        branch_of_id=row.branch_of_id,
        successor_id=row.successor_id,
        authority=authority,
        view_team_ids=frozenset(row.view_team_ids),
        known_to=known_to,
    )
