"""What ends with a need: answers that wait at it; and what ends by time alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.enums import MatchStatus
from db.events import SubjectType
from db.queries import deciding
from db.queries.matching import changing
from db.queries.notifications import notify
from db.write import Write


@dataclass(frozen=True, slots=True)
class Expired:
    """A need or offer whose time is over, and its team, if it is of one."""

    subject: SubjectType
    id: int
    team_id: int | None


async def expire(write: Write, *, now: datetime, limit: int) -> Sequence[Expired]:
    """Ends open needs and offers whose time is over, so many of each at most."""
    needs = [
        Expired(SubjectType.NEED, row["id"], row["team_id"])
        for row in await changing.expire(write, "needs", now=now, limit=limit)
    ]
    for each in needs:
        await drop_waiting(write, each.id, MatchStatus.EXPIRED, now=now)
    offers = [
        Expired(SubjectType.OFFER, row["id"], row["team_id"])
        for row in await changing.expire(write, "offers", now=now, limit=limit)
    ]
    return [*needs, *offers]


async def drop_waiting(write: Write, need_id: int, to: MatchStatus, *, now: datetime) -> None:
    """Declines what waits at a need that has ended, and tells who would have helped."""
    for row in await changing.drop_answers(write, need_id, to.value, now=now):
        accounts: list[int] = []
        if row["from_team_id"] is not None:
            accounts += await deciding.fetch_admins(write, [row["from_team_id"]])
        elif (account := await changing.fetch_account(write, row["volunteer_id"])) is not None:
            accounts.append(account)
        await notify(write, accounts, "need_answer.declined", {"answerId": row["id"]})
