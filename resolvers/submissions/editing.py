"""What the station's editor does: publish an article, return it, take it offline."""

from collections.abc import Mapping
from datetime import datetime

from db.enums import SubmissionStatus
from db.write import Writable
from permissions.actions import Action
from permissions.viewer import Viewer
from resolvers.outcomes import Outcome
from resolvers.submissions.holding import Act, Held, act, checked_opinion
from resolvers.submissions.telling import tell_author

_S = SubmissionStatus
# Each end of the editor's work: the mutation, what it asks for, the event.
ENDS: Mapping[SubmissionStatus, tuple[str, Action, str]] = {
    _S.PUBLISHED: ("publishSubmission", Action.SUBMISSION_PUBLISH, "published"),
    _S.RETURNED: ("returnSubmission", Action.SUBMISSION_RETURN, "returned"),
    _S.OFFLINE: ("takeSubmissionOffline", Action.SUBMISSION_TAKE_OFFLINE, "taken_offline"),
}


async def settle_submission(
    database: Writable,
    viewer: Viewer,
    submission_id: int,
    to: SubmissionStatus,
    idempotency_key: str | None,
    *,
    opinion: str | None,
    now: datetime,
) -> Outcome:
    """The article, published, returned with an opinion, or taken offline with a reason.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the article and is not the station's editor.
    """
    name, action, event = ENDS[to]

    async def do(held: Held) -> None:
        said = None if to is _S.PUBLISHED else checked_opinion(opinion or "")
        await held.bring(to, event, said)
        await tell_author(held.write, held.row, event)

    given = Act(
        name=name,
        action=action,
        submission_id=submission_id,
        key=idempotency_key,
        now=now,
        input={"opinion": opinion},
    )
    return await act(database, viewer, given, do)
