"""Materials of a check: asked of the teams by a day, handed in with a statement (O67 §22)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from db.clock import CHINA
from db.enums import FilePurpose, InspectionStatus
from db.events import DomainEvent, Json, SubjectType
from db.queries import deciding
from db.queries.files import attach_files, detach_files, lock_to_give
from db.queries.inspections import changing
from db.queries.notifications import notify
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.gather import gather_teams
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, perform, refuse_if_any, require_account
from resolvers.inspections.course import FIELD, find, lead
from resolvers.outcomes import Outcome, succeeded
from resolvers.texts import text_errors

SHORTEST_TERM, LONGEST_TERM = timedelta(days=1), timedelta(days=180)
LONGEST_STATEMENT = 5000
MOST_FILES = 20

NOT_ASKED = UserError(
    UserErrorCode.NOT_FOUND, FIELD, "This check asks nothing of the team that hands in."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What a team hands in."""

    inspection_id: int
    statement: str
    file_ids: Sequence[int] = ()


async def ask_materials(
    database: Writable,
    viewer: Viewer,
    inspection_id: int,
    due_on: date,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The check, its teams asked for materials by a day and told so.

    Raises:
        Unauthenticated, Forbidden: the viewer does not run the check.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any([_term_error(due_on, now)])
        held = await lead(write, viewer, inspection_id)
        held.require(InspectionStatus.MATERIALS_ASKED)
        teams = await changing.ask(write, inspection_id, now=now, due_on=due_on)
        for team_id in teams:
            admins = await deciding.fetch_admins(write, [team_id])
            told: Mapping[str, Json] = {"teamId": team_id, "inspectionId": inspection_id}
            await notify(write, admins, "inspection.materials_asked", told)
        held.tell("materials_asked", teams=len(teams), dueOn=due_on.isoformat())
        return succeeded(inspection_id)

    given = {"id": inspection_id, "due_on": due_on.isoformat()}
    request = Request(action="askInspectionMaterials", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def hand_in_materials(
    database: Writable, viewer: Viewer, given: Handed, idempotency_key: str | None, *, now: datetime
) -> Outcome:
    """The check, with the statement and files of the viewer's team in the place of earlier ones.

    Late is better than never: what comes after the day is taken, and counts as overdue.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: the viewer acts for no team, or is not named for its records.
    """
    account_id = require_account(viewer)
    statement = given.statement.strip()

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any(_errors(statement, given.file_ids))
        acting = await find(write, viewer, given.inspection_id)
        team_id, because = await _authorised(write, acting)
        row = await changing.fetch_inspection(write, given.inspection_id)
        part = await changing.fetch_part(write, given.inspection_id, team_id)
        if part is None:
            raise Refused(NOT_ASKED)
        if row["status"] != InspectionStatus.MATERIALS_ASKED:
            raise Refused.because(
                UserErrorCode.WRONG_STATE, FIELD, f"A check that is {row['status']} takes nothing."
            )
        await _require_files(write, part, account_id, given.file_ids)
        await _attach(write, part, team_id, account_id, given.file_ids)
        await changing.hand_in(write, part["id"], statement, account_id=account_id, now=now)
        officers = await changing.fetch_officers(write, row["region_id"])
        told: Mapping[str, Json] = {"teamId": team_id, "inspectionId": given.inspection_id}
        await notify(write, officers, "inspection.materials_handed_in", told)
        is_late = now.astimezone(CHINA).date() > part["due_on"]
        write.record(
            DomainEvent(
                name="inspection.materials_handed_in",
                subject_type=SubjectType.INSPECTION,
                subject_id=given.inspection_id,
                because=because,
                payload={"teamId": team_id, "isLate": is_late},
                detail={"teamId": team_id, "files": len(given.file_ids), "isLate": is_late},
            )
        )
        return succeeded(given.inspection_id)

    request = Request(
        action="handInInspectionMaterials",
        key=idempotency_key,
        input={
            "id": given.inspection_id,
            "statement": statement,
            "files": [*sorted(given.file_ids)],
        },
    )
    return await perform(database, viewer, request, work)


async def _authorised(write: Write, acting: Viewer) -> tuple[int, str]:
    if acting.team is None:
        raise Forbidden("Only teams hand in materials.")
    team = (await gather_teams(write, [acting.team.id]))[acting.team.id]
    decision = decide(Action.INSPECTION_HAND_IN, acting, team)
    if not decision.allowed:
        raise Forbidden(f"Only who keeps the team's records hands in: {decision.because}.")
    return team.id, decision.because


async def _require_files(write: Write, part: Any, account_id: int, file_ids: Sequence[int]) -> None:
    """Fails, before anything is written, unless the files may be given to the part."""
    subject = (SubjectType.INSPECTION_TEAM, part["id"])
    found = await lock_to_give(
        write, file_ids, owner=account_id, purpose=FilePurpose.PROOF, subject=subject
    )
    if len(found) < len(set(file_ids)):
        raise Refused.because(UserErrorCode.NOT_FOUND, "fileIds", "No such file of yours.")


async def _attach(
    write: Write, part: Any, team_id: int, account_id: int, file_ids: Sequence[int]
) -> None:
    """Gives the part the files, in the place of those handed in before."""
    subject = (SubjectType.INSPECTION_TEAM, part["id"])
    await detach_files(write, subject, FilePurpose.PROOF, besides=file_ids)
    await attach_files(
        write,
        file_ids,
        owner=account_id,
        purpose=FilePurpose.PROOF,
        subject=subject,
        team_id=team_id,
    )


def _term_error(due_on: date, now: datetime) -> UserError | None:
    today = now.astimezone(CHINA).date()
    if SHORTEST_TERM <= due_on - today <= LONGEST_TERM:
        return None
    return UserError(
        UserErrorCode.INVALID, "dueOn", f"Leave 1 to {LONGEST_TERM.days} days for the materials."
    )


def _errors(statement: str, file_ids: Sequence[int]) -> Sequence[UserError]:
    errors = [*text_errors("statement", statement, longest=LONGEST_STATEMENT)]
    if not statement:
        errors.append(UserError(UserErrorCode.REQUIRED, "statement", "This must not be empty."))
    if len(file_ids) > MOST_FILES:
        errors.append(UserError(UserErrorCode.TOO_MANY, "fileIds", f"At most {MOST_FILES} files."))
    return errors
