"""The common course of what is done to one record: seen, locked, allowed, then changed."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from db.clock import CHINA
from db.enums import RecordStatus
from db.events import Json
from db.lock_order import Rank
from db.queries.entities import SERVICE_RECORD
from db.queries.records import changing
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.facts import RecordFacts
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, refuse_if_any, require_account
from resolvers.outcomes import Outcome, succeeded
from resolvers.records import events
from resolvers.rules import states
from resolvers.texts import line_errors

FIELD = "recordId"
LONGEST_REASON = 500
NO_SUCH_RECORD = UserError(UserErrorCode.NOT_FOUND, FIELD, "No such record.")
OWN = UserError(
    UserErrorCode.OWN_RECORD, FIELD, "Somebody else of the team keeps your own records."
)


@dataclass(frozen=True, slots=True)
class Held:
    """A record under the locks of its team and volunteer, and the edge that allows the act."""

    write: Write
    row: Any
    facts: RecordFacts
    because: str
    now: datetime

    @property
    def status(self) -> RecordStatus:
        """The state it is in."""
        return RecordStatus(self.row["status"])

    @property
    def today(self) -> date:
        """The day in China."""
        return self.now.astimezone(CHINA).date()

    def require(self, to: RecordStatus) -> None:
        """Fails unless the record may come to the state.

        Raises:
            Refused: it may not.
        """
        refuse_if_any([states.RECORD.refusal(self.status, to, field=FIELD)])

    def tell(self, name: str, *, status: RecordStatus, minutes: int, **detail: Json) -> None:
        """Notes what was done."""
        subject = events.Subject(self.row["id"], self.row["volunteer_id"], self.row["team_id"])
        self.write.record(
            events.happened(name, subject, self.because, minutes=minutes, status=status, **detail)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What is to be done to which record; ``of_own`` says whether to one's own, too."""

    name: str
    action: Action
    record_id: int
    key: str | None
    now: datetime
    input: Mapping[str, Any]
    of_own: bool = True


async def act(
    database: Writable, viewer: Viewer, given: Act, do: Callable[[Held], Awaitable[None]]
) -> Outcome:
    """The record, with what was done to it.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the record and may not do this to it.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        await do(await _held(write, viewer, given))
        return succeeded(given.record_id)

    request = Request(
        action=given.name, key=given.key, input={"record_id": given.record_id, **given.input}
    )
    return await perform(database, viewer, request, work)


async def _held(write: Write, viewer: Viewer, given: Act) -> Held:
    record_id = given.record_id
    # SECURITY: a hidden record is a missing one, before anything is said of it.
    if record_id not in await ids_in_scope(write, viewer, SERVICE_RECORD, [record_id]):
        raise Refused(NO_SUCH_RECORD)
    ends = (await changing.fetch_ends(write, [record_id]))[record_id]
    await write.lock_tree()
    await write.lock(Rank.TEAM, [ends.team_id], shared=True)
    await write.lock(Rank.VOLUNTEER, [ends.volunteer_id])
    row = (await changing.fetch_records(write, [record_id]))[record_id]
    facts: RecordFacts = (await gather(write, SERVICE_RECORD.name, [record_id]))[record_id]
    decision = decide(given.action, viewer, facts)
    # What follows a volunteer works on after the team has stopped; what is the team's does not.
    if not decision.allowed or (viewer.acting is not None and not facts.team.works):
        raise Forbidden(f"Not yours to do to this record: {decision.because}.")
    if not given.of_own and _is_own(viewer, facts):
        raise Refused(OWN)
    return Held(write, row, facts, decision.because, given.now)


def _is_own(viewer: Viewer, facts: RecordFacts) -> bool:
    return viewer.volunteer_id == facts.volunteer_id or viewer.account_id == facts.account_id


def require_reason(reason: str, *, field: str = "reason") -> str:
    """The reason, trimmed.

    Raises:
        Refused: there is none, or it cannot be one line of text.
    """
    text = reason.strip()
    if not text:
        raise Refused.because(UserErrorCode.REASON_REQUIRED, field, "This has a reason.")
    refuse_if_any(line_errors(field, text, longest=LONGEST_REASON))
    return text
