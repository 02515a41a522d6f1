"""Gathers the facts of complaints, contributed articles and notices."""

from collections.abc import Collection, Mapping
from typing import Any

from db.enums import ComplaintStatus, NoticeReader, SubmissionStatus
from db.queries import voice_facts
from permissions import facts
from permissions.team_gathering import Reader, gather_teams, office_facts


async def gather_complaints(
    reader: Reader, ids: Collection[int], _volunteer: int
) -> Mapping[int, Any]:
    """The facts of complaints, by id."""
    rows = await reader.fetch(voice_facts.COMPLAINT_FACTS, ids=sorted(set(ids)))
    named = [each for row in rows for each in (row.team_id, row.handler_team_id)]
    teams = await gather_teams(reader, named)
    return {
        row.id: facts.ComplaintFacts(
            id=row.id,
            team=teams.get(row.team_id or 0),
            handler=teams.get(row.handler_team_id or 0)
            or office_facts(row.handler_region_id, row.handler_region_path),
            complainant_account_id=row.complainant_account_id,
            subject_type=row.subject_type,
            about_volunteer_id=row.about_volunteer_id,
            status=ComplaintStatus(row.status),
        )
        for row in rows
    }


async def gather_submissions(
    reader: Reader, ids: Collection[int], _volunteer: int
) -> Mapping[int, Any]:
    """The facts of submissions, by id."""
    rows = await reader.fetch(voice_facts.SUBMISSION_FACTS, ids=sorted(set(ids)))
    teams = await gather_teams(reader, (row.team_id for row in rows))
    return {
        row.id: facts.SubmissionFacts(
            id=row.id,
            team=teams[row.team_id],
            author_account_id=row.author_account_id,
            volunteer_id=row.volunteer_id,
            status=SubmissionStatus(row.status),
        )
        for row in rows
    }


async def gather_notices(reader: Reader, ids: Collection[int], volunteer: int) -> Mapping[int, Any]:
    """The facts of notices, by id."""
    rows = await reader.fetch(voice_facts.NOTICE_FACTS, ids=sorted(set(ids)), volunteer=volunteer)
    teams = await gather_teams(reader, (row.team_id for row in rows))
    return {
        row.id: facts.NoticeFacts(
            id=row.id,
            team=teams.get(row.team_id or 0),
            office=office_facts(row.region_id, row.region_path),
            readers=frozenset(NoticeReader(each) for each in row.readers),
            of_station=row.of_station,
            is_withdrawn=row.is_withdrawn,
            known_to=frozenset({volunteer} if row.is_for_volunteer and volunteer else ()),
        )
        for row in rows
    }
