"""Telling of complaints: events without names, messages to those whom a step concerns."""

from collections.abc import Collection

from db.events import DomainEvent, Json, SubjectType
from db.queries import deciding, offices
from db.queries.complaints import ComplaintLocked
from db.queries.notifications import notify
from db.write import Write


def happened(name: str, complaint: ComplaintLocked, because: str, **detail: Json) -> DomainEvent:
    """That a complaint came to a state.

    SECURITY: nothing in it says who complained, nor, to the world, whom it is about.
    """
    return DomainEvent(
        name=f"complaint.{name}",
        subject_type=SubjectType.COMPLAINT,
        subject_id=complaint.id,
        because=because,
        payload={},
        detail={"subjectType": complaint.subject_type, **detail},
    )


async def tell_complainant(write: Write, complaint: ComplaintLocked, name: str) -> None:
    """Leaves the complainant a message."""
    await notify(
        write,
        [complaint.complainant_account_id],
        f"complaint.{name}",
        {"complaintId": complaint.id},
    )


async def tell_handlers(write: Write, complaint: ComplaintLocked, name: str) -> None:
    """Leaves a message for the people who may handle it, but for whom it is about."""
    if complaint.handler_team_id is not None:
        persons = await deciding.fetch_admins(write, [complaint.handler_team_id])
        await _tell(write, complaint, persons, name)
    else:
        await tell_office(write, complaint, complaint.handler_region_id or 0, name)


async def tell_office(write: Write, complaint: ComplaintLocked, region_id: int, name: str) -> None:
    """Leaves a message for the people of a department, but for whom it is about."""
    await _tell(write, complaint, await offices.fetch_persons(write, region_id), name)


async def tell_concerned(write: Write, complaint: ComplaintLocked, **what: Json) -> None:
    """Tells the team and the volunteer concerned that a complaint about them was upheld.

    SECURITY: the message names no complaint, for they may not read it.
    """
    teams = [] if complaint.team_id is None else [complaint.team_id]
    persons = {*await deciding.fetch_admins(write, teams), *await _accused(write, complaint)}
    payload: dict[str, Json] = {"teamId": complaint.team_id, **what}
    await notify(
        write, persons - {complaint.complainant_account_id}, "complaint.upheld_about_you", payload
    )


async def _tell(
    write: Write, complaint: ComplaintLocked, persons: Collection[int], name: str
) -> None:
    never = {complaint.complainant_account_id, *await _accused(write, complaint)}
    await notify(write, set(persons) - never, f"complaint.{name}", {"complaintId": complaint.id})


async def _accused(write: Write, complaint: ComplaintLocked) -> Collection[int]:
    about = complaint.about_volunteer_id
    return () if about is None else (await offices.fetch_accounts(write, [about])).values()
