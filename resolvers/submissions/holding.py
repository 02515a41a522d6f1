"""The common course of what is done to one article: seen, locked, allowed, then changed."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from db.enums import SubmissionStatus
from db.events import Json
from db.lock_order import Rank
from db.queries import submissions as queries
from db.queries.entities import SUBMISSION
from db.queries.submissions import SubmissionLocked
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.facts import SubmissionFacts
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, refuse_if_any, require_account
from resolvers.acting_now import as_of_now
from resolvers.outcomes import Outcome, succeeded
from resolvers.rules import voice_states
from resolvers.submissions.telling import happened
from resolvers.texts import text_errors

FIELD = "submissionId"
LONGEST_OPINION = 500
NO_SUCH_SUBMISSION = UserError(UserErrorCode.NOT_FOUND, FIELD, "No such article.")


@dataclass(frozen=True, slots=True)
class Held:
    """An article whose lock is held, and the edge that allows the act."""

    write: Write
    row: SubmissionLocked
    facts: SubmissionFacts
    because: str
    now: datetime

    async def bring(self, to: SubmissionStatus, name: str, opinion: str | None = None) -> None:
        """Brings the article to a state.

        Raises:
            Refused: it may not come to it.
        """
        refuse_if_any([voice_states.SUBMISSION.refusal(self.row.status, to, field=FIELD)])
        await queries.set_status(self.write, [self.row.id], to, opinion, now=self.now)
        self.write.record(happened(name, self.row, self.because))


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What is to be done to which article."""

    name: str
    action: Action
    submission_id: int
    key: str | None
    now: datetime
    input: Mapping[str, Any] = field(default_factory=dict)


async def act(
    database: Writable, viewer: Viewer, given: Act, do: Callable[[Held], Awaitable[int | None]]
) -> Outcome:
    """The article, with what was done to it; ``do`` gives the review that it waits for, if any.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the article and may not do this to it.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        review_id = await do(await _held(write, viewer, given))
        return succeeded(given.submission_id, review_id=review_id)

    request = Request(
        action=given.name, key=given.key, input={"id": given.submission_id, **given.input}
    )
    return await perform(database, viewer, request, work)


def checked_opinion(text: str) -> str:
    """The opinion, trimmed.

    Raises:
        Refused: there is none, or it is no text.
    """
    text = text.strip()
    if not text:
        raise Refused.because(UserErrorCode.REASON_REQUIRED, "opinion", "This has a reason.")
    refuse_if_any(text_errors("opinion", text, longest=LONGEST_OPINION))
    return text


async def _held(write: Write, viewer: Viewer, given: Act) -> Held:
    submission_id = given.submission_id
    await write.lock_tree()
    # SECURITY: a hidden article is a missing one, before anything is said of it.
    if submission_id not in await ids_in_scope(write, viewer, SUBMISSION, [submission_id]):
        raise Refused(NO_SUCH_SUBMISSION)
    await write.lock(Rank.SUBMISSION, [submission_id])
    acting = await as_of_now(write, viewer)
    facts = (await gather(write, SUBMISSION.name, [submission_id]))[submission_id]
    decision = decide(given.action, acting, facts)
    if not decision.allowed:
        raise Forbidden(f"Not yours to do to this article: {decision.because}.")
    row = (await queries.fetch(write, [submission_id]))[submission_id]
    return Held(write, row, facts, decision.because, given.now)
