"""Transfer and continuation of records (转移、接续) between teams, by the volunteer's consent.

The receiving team verifies what it receives, and reads it while the consent stands; withdrawn, it
reads nothing any more, and every team keeps the records that are its own (PIPL §15, §47).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from db.enums import TransferStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries.entities import TEAM
from db.queries.personal_file import transferring
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.gather import gather_teams
from permissions.rights import WORKING
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, refuse_if_any, require_account
from resolvers.guardians import guardian_errors, guardian_scope, require_consenting
from resolvers.outcomes import Outcome, succeeded
from resolvers.profile import require_volunteer
from resolvers.texts import line_errors
from resolvers.volunteer_form import Guardian

LONGEST = 200
FIELD = "transferId"
NO_TRANSFER = UserError(UserErrorCode.NOT_FOUND, FIELD, "No such transfer.")
OWN = UserError(
    UserErrorCode.OWN_RECORD, FIELD, "Somebody else of the team takes your own records over."
)
NO_CONSENT = UserError(
    UserErrorCode.CONSENT_REQUIRED, "consent", "Records are handed on by consent alone."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """From which team to which, what for, and that the volunteer consents; a guardian under 18."""

    team_id: int
    to_team_id: int
    purpose: str
    consent: bool
    guardian: Guardian | None = None


async def transfer_records(
    database: Writable, viewer: Viewer, handing: Handing, idempotency_key: str | None
) -> Outcome:
    """The transfer of the volunteer's effective records at one team to another, which must answer.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer.
    """
    volunteer_id = require_volunteer(viewer)
    team_id, to_team_id = handing.team_id, handing.to_team_id
    purpose = handing.purpose.strip()

    async def work(write: Write) -> Mapping[str, Json]:
        if not handing.consent:
            raise Refused(NO_CONSENT)
        if not purpose:
            raise Refused.because(UserErrorCode.REQUIRED, "purpose", "This must be given.")
        refuse_if_any(line_errors("purpose", purpose, longest=LONGEST))
        guardian = handing.guardian
        if guardian is not None:
            refuse_if_any(guardian_errors(guardian))
        await write.lock(Rank.VOLUNTEER, [volunteer_id])
        await require_consenting(write, volunteer_id, guardian)
        # SECURITY: a hidden team is a missing one.
        seen = await ids_in_scope(write, viewer, TEAM, [team_id, to_team_id])
        ends = await transferring.fetch_ends(write, volunteer_id, [*seen])
        before = await transferring.fetch_before(write, volunteer_id, team_id, to_team_id)
        refuse_if_any([_error(ends, handing, before)])
        transfer_id = await transferring.insert_transfer(
            write,
            volunteer_id,
            team_id,
            to_team_id,
            purpose,
            given_by=None if guardian is None else guardian.name,
            scope=guardian_scope(guardian),
        )
        ids = volunteer_id, team_id, to_team_id
        write.record(_event("requested", transfer_id, "owner", ids))
        return succeeded(transfer_id)

    request = Request(
        action="transferRecords",
        key=idempotency_key,
        input={
            "team_id": team_id,
            "to_team_id": to_team_id,
            "purpose": purpose,
            "consent": handing.consent,
            "by_guardian": handing.guardian is not None,
        },
    )
    return await perform(database, viewer, request, work)


async def answer_transfer(
    database: Writable,
    viewer: Viewer,
    transfer_id: int,
    idempotency_key: str | None,
    *,
    accept: bool,
    note: str | None,
) -> Outcome:
    """The transfer, taken after the receiving team verified the records, or refused with a note.

    Raises:
        Unauthenticated, Forbidden: the viewer is not named to record for the receiving team.
    """
    require_account(viewer)
    said = (note or "").strip() or None

    async def work(write: Write) -> Mapping[str, Json]:
        if said is not None:
            refuse_if_any(line_errors("note", said, longest=LONGEST))
        row = await _held(write, transfer_id)
        # SECURITY: to any other team, and once the consent is withdrawn, it is a missing one.
        if row is None or viewer.acting is None or viewer.acting.id != row["to_team_id"]:
            raise Refused(NO_TRANSFER)
        if row["is_withdrawn"]:
            raise Refused(NO_TRANSFER)
        team = (await gather_teams(write, [row["to_team_id"]]))[row["to_team_id"]]
        decision = decide(Action.RECORD_CREATE, viewer, team)
        if not decision.allowed or not team.works:
            raise Forbidden("Only who is named to record for the team takes records over.")
        if viewer.volunteer_id == row["volunteer_id"]:
            raise Refused(OWN)
        if row["status"] != TransferStatus.REQUESTED:
            raise Refused.because(UserErrorCode.ALREADY_DECIDED, FIELD, "This was answered.")
        if not accept and said is None:
            raise Refused.because(UserErrorCode.REASON_REQUIRED, "note", "Say why not.")
        status = TransferStatus.ACCEPTED if accept else TransferStatus.REFUSED
        await transferring.answer(write, transfer_id, status.value, said)
        name = "accepted" if accept else "refused"
        ids = row["volunteer_id"], row["team_id"], row["to_team_id"]
        write.record(_event(name, transfer_id, decision.because, ids))
        return succeeded(transfer_id)

    request = Request(
        action="answerTransfer",
        key=idempotency_key,
        input={"transfer_id": transfer_id, "accept": accept, "note": said},
    )
    return await perform(database, viewer, request, work)


async def withdraw_transfer(
    database: Writable, viewer: Viewer, transfer_id: int, idempotency_key: str | None
) -> Outcome:
    """The volunteer's own transfer, its consent withdrawn: nothing more is shared by it.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer.
    """
    volunteer_id = require_volunteer(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        row = await _held(write, transfer_id)
        if row is None or row["volunteer_id"] != volunteer_id:
            raise Refused(NO_TRANSFER)
        if row["is_withdrawn"]:
            raise Refused.because(
                UserErrorCode.WRONG_STATE, FIELD, "This consent is withdrawn already."
            )
        await transferring.withdraw(write, row["consent_id"])
        ids = row["volunteer_id"], row["team_id"], row["to_team_id"]
        write.record(_event("withdrawn", transfer_id, "owner", ids))
        return succeeded(transfer_id)

    request = Request(
        action="withdrawTransfer", key=idempotency_key, input={"transfer_id": transfer_id}
    )
    return await perform(database, viewer, request, work)


async def _held(write: Write, transfer_id: int) -> Any | None:
    """The transfer under the lock of its volunteer."""
    row = await transferring.fetch_transfer(write, transfer_id)
    if row is None:
        return None
    await write.lock(Rank.VOLUNTEER, [row["volunteer_id"]])
    return await transferring.fetch_transfer(write, transfer_id)


def _error(ends: Mapping[int, Any], handing: Handing, before: Any) -> UserError | None:
    for field, team_id in (("teamId", handing.team_id), ("toTeamId", handing.to_team_id)):
        if team_id not in ends:
            return UserError(UserErrorCode.NOT_FOUND, field, "No such team.")
    if handing.team_id == handing.to_team_id:
        return UserError(UserErrorCode.INVALID, "toTeamId", "This is the same team.")
    to = ends[handing.to_team_id]
    if not to["is_member"] or to["status"] not in WORKING:
        return UserError(
            UserErrorCode.NOT_MEMBER, "toTeamId", "Records go on where the volunteer is a member."
        )
    if not before["has_records"]:
        return UserError(UserErrorCode.NOT_FOUND, "teamId", "No effective record is kept there.")
    if before["waits"]:
        return UserError(UserErrorCode.ALREADY_APPLIED, "toTeamId", "This waits there already.")
    return None


def _event(name: str, transfer_id: int, because: str, ids: tuple[int, int, int]) -> DomainEvent:
    return DomainEvent(
        name=f"record_transfer.{name}",
        subject_type=SubjectType.RECORD_TRANSFER,
        subject_id=transfer_id,
        because=because,
        payload={"volunteerId": ids[0], "teamId": ids[1], "toTeamId": ids[2]},
    )
