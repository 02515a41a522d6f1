"""The common course of what is done to one complaint: seen, locked, allowed, then changed."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from db.enums import ComplaintStatus
from db.events import Json
from db.lock_order import Rank
from db.queries import complaints as queries
from db.queries.complaints import ComplaintLocked
from db.queries.entities import COMPLAINT
from db.write import Writable, Write
from permissions.actions import Action
from permissions.complaint_rules import NOT_COMPETENT
from permissions.decide import decide
from permissions.edges import Policy
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.facts import ComplaintFacts
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, refuse_if_any, require_account
from resolvers.acting_now import as_of_now
from resolvers.complaints.routing import competent, name_of
from resolvers.complaints.telling import happened
from resolvers.outcomes import Outcome, succeeded
from resolvers.rules import voice_states
from resolvers.texts import text_errors

FIELD = "complaintId"
LONGEST_NOTE = 500
NO_SUCH_COMPLAINT = UserError(UserErrorCode.NOT_FOUND, FIELD, "No such complaint.")


@dataclass(frozen=True, slots=True)
class Held:
    """A complaint whose lock is held, who acts, and the edge that allows the act."""

    write: Write
    viewer: Viewer
    row: ComplaintLocked
    facts: ComplaintFacts
    because: str

    def require(self, to: ComplaintStatus) -> None:
        """Fails unless the complaint may come to the state.

        Raises:
            Refused: it may not, or it is closed.
        """
        error = voice_states.COMPLAINT.refusal(self.facts.status, to, field=FIELD)
        refuse_if_any([error])

    async def keep(self, name: str, note: str | None, **detail: Json) -> ComplaintLocked:
        """The complaint as it now is, the step kept and told to the audit log."""
        await queries.add_step(self.write, self.row.id, note)
        self.write.record(happened(name, self.row, self.because, **detail))
        return await queries.fetch_locked(self.write, self.row.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What is to be done to which complaint."""

    name: str
    action: Action
    complaint_id: int
    key: str | None
    input: Mapping[str, Any]
    policy: Policy


async def act(
    database: Writable, viewer: Viewer, given: Act, do: Callable[[Held], Awaitable[None]]
) -> Outcome:
    """The complaint, with what was done to it.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the complaint and may not do this to it.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        await do(await _held(write, viewer, given))
        return succeeded(given.complaint_id)

    request = Request(
        action=given.name, key=given.key, input={"id": given.complaint_id, **given.input}
    )
    return await perform(database, viewer, request, work)


def checked(field: str, text: str, *, longest: int = LONGEST_NOTE) -> str:
    """The text, trimmed.

    Raises:
        Refused: there is none, or it is no text.
    """
    text = text.strip()
    if not text:
        raise Refused.because(UserErrorCode.REASON_REQUIRED, field, "This has a reason.")
    refuse_if_any(text_errors(field, text, longest=longest))
    return text


async def _held(write: Write, viewer: Viewer, given: Act) -> Held:
    complaint_id = given.complaint_id
    await write.lock_tree()
    # SECURITY: a hidden complaint is a missing one, before anything is said of it.
    if complaint_id not in await ids_in_scope(write, viewer, COMPLAINT, [complaint_id]):
        raise Refused(NO_SUCH_COMPLAINT)
    await write.lock(Rank.COMPLAINT, [complaint_id])
    acting = await as_of_now(write, viewer)
    facts: ComplaintFacts = (await gather(write, COMPLAINT.name, [complaint_id]))[complaint_id]
    decision = decide(given.action, acting, facts, policy=given.policy)
    if decision is NOT_COMPETENT:
        raise Refused(await not_competent(write, facts, FIELD))
    if not decision.allowed:
        raise Forbidden(f"Not yours to do to this complaint: {decision.because}.")
    row = await queries.fetch_locked(write, complaint_id)
    return Held(write, acting, row, facts, decision.because)


async def not_competent(write: Write, facts: ComplaintFacts, field: str) -> UserError:
    """The refusal that names who is competent: an office without competence answers with it."""
    if facts.team is None:
        return UserError(UserErrorCode.NOT_COMPETENT, field, "A department is competent for this.")
    name = await name_of(write, await competent(write, facts.subject_type, facts.team))
    return UserError(UserErrorCode.NOT_COMPETENT, field, f"Hand it on to who is competent: {name}.")


def held_by(facts: ComplaintFacts, handler: Any) -> ComplaintFacts:
    """The complaint as if another held it."""
    return replace(facts, handler=handler)
