"""A volunteer disputes a record; the recording team verifies it promptly (Order 67 §13).

A disputed record does not count. The team confirms it, corrects it or voids it.
"""

from datetime import datetime

from db.enums import DisputeOutcome, RecordStatus
from db.lock_order import Rank
from db.queries.records import changing, reviewing
from db.write import Writable
from permissions.actions import Action
from permissions.errors import UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import Refused
from resolvers.outcomes import Outcome
from resolvers.profile import require_volunteer
from resolvers.records.keeping import FIELD, Act, Held, act, require_reason
from resolvers.records.policy import POLICY, RecordPolicy
from resolvers.records.revised import is_reviewed, stands_at
from resolvers.rules.working_days import add_working_days

WITHDRAWN = "申请人撤回"


async def dispute_record(
    database: Writable,
    viewer: Viewer,
    record_id: int,
    reason: str,
    idempotency_key: str | None,
    *,
    now: datetime,
    policy: RecordPolicy = POLICY,
) -> Outcome:
    """The volunteer's own record, disputed until the recording team has answered.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as the record's volunteer.
    """
    require_volunteer(viewer)

    async def do(held: Held) -> None:
        why = require_reason(reason)
        held.require(RecordStatus.DISPUTED)
        if is_reviewed(held.row):
            raise Refused.because(
                UserErrorCode.WRONG_STATE, FIELD, "This record is being reviewed."
            )
        due_on = add_working_days(held.today, policy.answer_days)
        await changing.leave(held.write, [record_id], RecordStatus.DISPUTED)
        await changing.insert_dispute(held.write, record_id, why, due_on)
        held.tell(
            "disputed",
            status=RecordStatus.DISPUTED,
            minutes=held.row["minutes"],
            dueOn=due_on.isoformat(),
        )

    given = Act(
        name="disputeRecord",
        action=Action.RECORD_DISPUTE,
        record_id=record_id,
        key=idempotency_key,
        now=now,
        input={"reason": reason},
    )
    return await act(database, viewer, given, do)


async def confirm_record(
    database: Writable,
    viewer: Viewer,
    record_id: int,
    answer: str,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """A disputed record, confirmed as it is; it goes on where it stood.

    Raises:
        Unauthenticated, Forbidden: the viewer does not keep the team's records.
    """

    async def do(held: Held) -> None:
        said = require_reason(answer, field="answer")
        status = stands_at(held.row, held.today)
        if held.status is not RecordStatus.DISPUTED:
            raise Refused.because(UserErrorCode.WRONG_STATE, FIELD, "Nobody disputes this record.")
        row = held.row
        await changing.settle(
            held.write, {record_id: (status, row["publicity_from"], row["publicity_to"])}
        )
        await changing.answer_dispute(held.write, record_id, DisputeOutcome.CONFIRMED, said)
        held.tell("confirmed", status=status, minutes=row["minutes"])

    given = Act(
        name="confirmRecord",
        action=Action.RECORD_CORRECT,
        record_id=record_id,
        key=idempotency_key,
        now=now,
        input={"answer": answer},
        of_own=False,
    )
    return await act(database, viewer, given, do)


async def withdraw_application(
    database: Writable,
    viewer: Viewer,
    record_id: int,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The volunteer's own application for a record, taken back before it was decided.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as the record's volunteer.
    """
    require_volunteer(viewer)

    async def do(held: Held) -> None:
        if held.status is not RecordStatus.APPLIED:
            raise Refused.because(
                UserErrorCode.WRONG_STATE, FIELD, "Only an application that waits is taken back."
            )
        await changing.leave(held.write, [record_id], RecordStatus.VOID, void_reason=WITHDRAWN)
        held.write.locking(Rank.REVIEW)
        await reviewing.withdraw_reviews(held.write, [record_id])
        held.tell("withdrawn", status=RecordStatus.VOID, minutes=held.row["minutes"])

    given = Act(
        name="withdrawRecordApplication",
        action=Action.RECORD_DISPUTE,
        record_id=record_id,
        key=idempotency_key,
        now=now,
        input={},
    )
    return await act(database, viewer, given, do)
