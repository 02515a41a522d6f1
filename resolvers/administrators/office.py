"""An office below, held while something is decided about it; and what is told of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from db.events import DomainEvent, Json, SubjectType
from db.queries import administrators as queries
from db.queries.entities import ADMINISTRATOR
from db.write import Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import Decision
from permissions.errors import Forbidden, UserErrorCode
from permissions.facts import AdministratorFacts
from permissions.gather import gather
from permissions.viewer import ActingDepartment, Role, Viewer
from resolvers.acting import Refused, ids_in_scope, require_account


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Whose an office is, of which region, and the edge by which the viewer decides about it."""

    id: int
    account_id: int
    region_id: int
    because: str


def require_department(viewer: Viewer) -> ActingDepartment:
    """The department that the viewer acts for.

    Raises:
        Unauthenticated, Forbidden: there is none.
    """
    require_account(viewer)
    if viewer.role is not Role.DEPARTMENT or viewer.department is None:
        raise Forbidden("This is for departments.")
    return viewer.department


async def hold_office(
    write: Write, viewer: Viewer, administrator_id: int, action: Action
) -> Office:
    """The office, locked, if the viewer sees it and may do this to it.

    Raises:
        Refused: there is none, or it is hidden.
        Forbidden: it is not for the viewer to decide about.
    """
    seen = await ids_in_scope(write, viewer, ADMINISTRATOR, [administrator_id])
    locked = await queries.lock_administrator(write, administrator_id) if seen else None
    facts: Mapping[int, AdministratorFacts] = await gather(write, "Administrator", seen)
    if locked is None or administrator_id not in facts:
        raise Refused.because(
            UserErrorCode.NOT_FOUND, "administratorId", "There is no such administrator."
        )
    decision = decide(action, viewer, facts[administrator_id])
    await require_decision(write, viewer, decision)
    return Office(
        id=administrator_id,
        account_id=locked[0],
        region_id=locked[1],
        because=decision.because,
    )


async def require_decision(write: Write, viewer: Viewer, decision: Decision) -> None:
    """Fails unless it is allowed, and the viewer acts for their department still.

    Raises:
        Forbidden: it is not.
    """
    if not decision.allowed:
        raise Forbidden(f"This is not for this department: {decision.because}.")
    office = require_department(viewer)
    # SECURITY: the viewer's own office was read before this write; it may be theirs no more.
    if not await queries.still_acts(write, viewer.account_id or 0, office.region_id):
        raise Forbidden("The viewer acts for this department no more.")


async def take_back(write: Write, office: Office) -> bool:
    """Ends an office and its holder's sessions; whether their account was closed with it."""
    closed = await queries.close_if_idle(write, office.account_id, office.id)
    await queries.revoke(write, office.id)
    await queries.end_sessions(write, office.account_id)
    return closed


def office_event(name: str, office: Office, **detail: Json) -> DomainEvent:
    """What was done to an office; its holder's standing moves with it."""
    told: dict[str, Json] = {"accountId": office.account_id}
    return DomainEvent(
        name=name,
        subject_type=SubjectType.ADMINISTRATOR,
        subject_id=office.id,
        because=office.because,
        payload=told,
        detail={**told, **detail},
        standing_of=(office.account_id,),
    )
