"""Gathers the facts of subjects, in at most one statement for each entity among them."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any

from db.enums import (
    CertificateStatus,
    MembershipStatus,
    ProjectStatus,
    RecordStatus,
    RecruitScope,
    RegionLevel,
    ReviewKind,
    ReviewState,
    SignUpStatus,
    StoppedBy,
)
from db.queries import facts as queries
from db.queries.office_facts import ADMINISTRATOR_FACTS, STATION_FACTS
from permissions import facts
from permissions.gather_services import service_gatherers
from permissions.team_gathering import Reader, gather_teams, office_facts
from permissions.voice_gathering import gather_complaints, gather_notices, gather_submissions

__all__ = ["Reader", "gather", "gather_teams"]


async def gather(
    reader: Reader, entity: str, ids: Collection[int], *, volunteer_id: int | None = None
) -> Mapping[int, Any]:
    """The facts of each row that exists, by id; of an unknown entity, none.

    ``volunteer_id`` is whose ties to teams and projects are looked for.
    """
    gatherer = _GATHERERS.get(entity)
    return {} if gatherer is None or not ids else await gatherer(reader, ids, volunteer_id or 0)


async def _teams(reader: Reader, ids: Collection[int], volunteer: int) -> Mapping[int, Any]:
    found = await gather_teams(reader, ids, volunteer_id=volunteer)
    return {each: found[each] for each in ids if each in found}


async def _projects(reader: Reader, ids: Collection[int], volunteer: int) -> Mapping[int, Any]:
    rows = await reader.fetch(queries.PROJECT_FACTS, ids=sorted(set(ids)), volunteer=volunteer)
    teams = await gather_teams(reader, (row.team_id for row in rows))
    return {
        row.id: facts.ProjectFacts(
            id=row.id,
            team=teams[row.team_id],
            status=ProjectStatus(row.status),
            scope=RecruitScope(row.scope),
            stopped_by=StoppedBy(row.stopped_by) if row.stopped_by else None,
            times=facts.ProjectTimes(
                status=ProjectStatus(row.status),
                scope=RecruitScope(row.scope),
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                recruit_starts_at=row.recruit_starts_at,
                recruit_ends_at=row.recruit_ends_at,
            ),
            allowed_team_ids=frozenset(row.allowed_team_ids),
            known_to=frozenset({volunteer} if row.is_tied and volunteer else ()),
        )
        for row in rows
    }


async def _sign_ups(reader: Reader, ids: Collection[int], _volunteer: int) -> Mapping[int, Any]:
    rows = await reader.fetch(queries.SIGN_UP_FACTS, ids=sorted(set(ids)))
    teams = await gather_teams(reader, (row.team_id for row in rows))
    return {
        row.id: facts.SignUpFacts(
            id=row.id,
            team=teams[row.team_id],
            volunteer_id=row.volunteer_id,
            status=SignUpStatus(row.status),
            account_id=row.account_id,
            came_at=row.came_at,
            times=facts.ProjectTimes(
                status=ProjectStatus(row.project_status),
                scope=RecruitScope(row.scope),
                starts_at=row.starts_at,
                ends_at=row.ends_at,
            ),
        )
        for row in rows
    }


async def _posts(reader: Reader, ids: Collection[int], volunteer: int) -> Mapping[int, Any]:
    rows = await reader.fetch(queries.POST_FACTS, ids=sorted(set(ids)))
    projects = await _projects(reader, [row.project_id for row in rows], volunteer)
    return {row.id: facts.PostFacts(id=row.id, project=projects[row.project_id]) for row in rows}


async def _attachments(reader: Reader, ids: Collection[int], _volunteer: int) -> Mapping[int, Any]:
    rows = await reader.fetch(queries.ATTACHMENT_FACTS, ids=sorted(set(ids)))
    teams = await gather_teams(reader, (row.team_id for row in rows))
    return {row.id: facts.AttachmentFacts(id=row.id, team=teams[row.team_id]) for row in rows}


async def _volunteers(reader: Reader, ids: Collection[int], _volunteer: int) -> Mapping[int, Any]:
    rows = await reader.fetch(queries.VOLUNTEER_FACTS, ids=sorted(set(ids)))
    teams = await gather_teams(reader, (each for row in rows for each in row.team_ids))
    return {
        row.id: facts.VolunteerFacts(
            id=row.id,
            region_path=row.region_path,
            account_id=row.account_id,
            tied_to=[teams[each] for each in sorted(row.team_ids)],
        )
        for row in rows
    }


async def _reviews(reader: Reader, ids: Collection[int], _volunteer: int) -> Mapping[int, Any]:
    rows = await reader.fetch(queries.REVIEW_FACTS, ids=sorted(set(ids)))
    named = [each for row in rows for each in (row.team_id, row.reviewer_team_id)]
    teams = await gather_teams(reader, named)
    return {row.id: _review(row, teams) for row in rows}


def _review(row: queries.ReviewFactsRow, teams: Mapping[int, facts.TeamFacts]) -> facts.ReviewFacts:
    office = office_facts(row.reviewer_region_id, row.reviewer_region_path)
    reviewer = office if row.reviewer_team_id is None else teams.get(row.reviewer_team_id)
    return facts.ReviewFacts(
        id=row.id,
        team=teams[row.team_id],
        kind=ReviewKind(row.kind),
        state=ReviewState(row.state),
        reviewer=reviewer,
        applicant_account_id=row.applicant_account_id,
        about_account_id=row.about_account_id,
    )


async def _regions(reader: Reader, ids: Collection[int], _volunteer: int) -> Mapping[int, Any]:
    rows = await reader.fetch(queries.REGION_FACTS, ids=sorted(set(ids)))
    return {row.id: facts.RegionFacts(row.id, row.path, RegionLevel(row.level)) for row in rows}


async def _stations(reader: Reader, ids: Collection[int], _volunteer: int) -> Mapping[int, Any]:
    rows = await reader.fetch(STATION_FACTS, ids=sorted(set(ids)))
    return {row.id: facts.StationFacts(row.id, row.region_path, row.is_sub) for row in rows}


async def _administrators(
    reader: Reader, ids: Collection[int], _volunteer: int
) -> Mapping[int, Any]:
    rows = await reader.fetch(ADMINISTRATOR_FACTS, ids=sorted(set(ids)))
    return {
        row.id: facts.AdministratorFacts(
            id=row.id, account_id=row.account_id, region_path=row.region_path
        )
        for row in rows
    }


def _personal(entity: str, kind: Callable[..., Any], status: Callable[[str], Any]) -> Any:
    """Gathers rows that a volunteer has with a team."""

    async def gatherer(reader: Reader, ids: Collection[int], _volunteer: int) -> Mapping[int, Any]:
        rows: Sequence[queries.PersonalFactsRow] = await reader.fetch(
            queries.PERSONAL_FACTS[entity], ids=sorted(set(ids))
        )
        teams = await gather_teams(reader, (row.team_id for row in rows))
        return {
            row.id: kind(
                id=row.id,
                team=None if row.team_id is None else teams[row.team_id],
                volunteer_id=row.volunteer_id,
                status=status(row.status),
                account_id=row.account_id,
            )
            for row in rows
        }

    return gatherer


_GATHERERS: Mapping[str, Callable[[Reader, Collection[int], int], Awaitable[Mapping[int, Any]]]] = {
    "Region": _regions,
    "Station": _stations,
    "Administrator": _administrators,
    "Team": _teams,
    "TeamAttachment": _attachments,
    "Project": _projects,
    "Post": _posts,
    "Volunteer": _volunteers,
    "Membership": _personal("Membership", facts.MembershipFacts, MembershipStatus),
    "SignUp": _sign_ups,
    "ServiceRecord": _personal("ServiceRecord", facts.RecordFacts, RecordStatus),
    "Certificate": _personal("Certificate", facts.CertificateFacts, CertificateStatus),
    "Review": _reviews,
    "Complaint": gather_complaints,
    "Submission": gather_submissions,
    "Notice": gather_notices,
    **service_gatherers(gather_teams),
}
