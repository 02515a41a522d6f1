"""Legal persons compared with their register again and again, a few at a time (DOMAIN §11.6)."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from db.enums import EntityStatus
from db.errors import DatabaseRefusal
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.models import Team
from db.queries import team_registration
from db.queries.legal_persons import DueTeam, fetch_due, fetch_officers
from db.queries.notifications import notify
from db.queries.team_changes import set_columns
from db.write import Write, open_write
from permissions.gather import gather_teams
from resolvers.legal_persons import REGISTER, follow_register, is_name_taken
from resolvers.ports import LegalEntity, LegalEntityDatabase, NoEntity

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=5)
AGAIN = timedelta(days=30)
FEW = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round came to, and behind which team the next begins."""

    checked: int = 0
    stopped: int = 0
    after: int = 0
    is_away: bool = False


async def keep_checked(
    engine: AsyncEngine, register: LegalEntityDatabase, *, every: timedelta = EVERY
) -> None:
    """Compares a few, again and again, until cancelled; what failed is tried again."""
    done = Round()
    while True:
        await asyncio.sleep(every.total_seconds())
        try:
            done = await check_round(engine, register, now=datetime.now(UTC), after=done.after)
        except DatabaseRefusal as error:
            log.warning("legal_persons_not_checked", extra={"error": type(error).__name__})
        else:
            if done.checked:
                log.info("legal_persons_checked", extra={"report": done})


async def check_round(
    engine: AsyncEngine,
    register: LegalEntityDatabase,
    *,
    now: datetime,
    after: int = 0,
    few: int = FEW,
) -> Round:
    """Compares a few that are due, one after the other; ends early if the register is away.

    Nothing is locked while the register is asked. One of which it tells nothing is passed by, and
    asked for again when all others have had their turn.
    """
    async with open_write(engine, account_id=None, capacity="clock", action="readTeams") as write:
        due = await fetch_due(write, before=now - AGAIN, after=after, limit=few)
    checked = stopped = 0
    for each in due:
        answer = await register.find(each.uscc)
        if answer is NoEntity.UNAVAILABLE:
            return Round(checked=checked, stopped=stopped, after=each.id, is_away=True)
        async with open_write(
            engine, account_id=None, capacity="clock", action="checkLegalPerson"
        ) as write:
            is_stopped = await _settle(write, each, answer, now)
        checked += is_stopped is not None
        stopped += bool(is_stopped)
    # Behind the last one it begins again from the first.
    return Round(checked=checked, stopped=stopped, after=due[-1].id if len(due) == few else 0)


async def _settle(
    write: Write, due: DueTeam, answer: LegalEntity | NoEntity, now: datetime
) -> bool | None:
    """Whether the team was stopped; None where it changed, or was checked, while it was asked."""
    await write.lock_tree()
    await team_registration.lock_names(write, due.region_id, due.uscc)
    await write.lock(Rank.TEAM, [due.id])
    team = await write.session.get_one(Team, due.id)
    if (team.uscc, team.region_id, team.entity_checked_at) != (
        due.uscc,
        due.region_id,
        due.checked_at,
    ):
        return None
    if not isinstance(answer, LegalEntity):
        await set_columns(write, team.id, {"entity_checked_at": now})
        write.record(_missing(team.id))
        return False
    facts = (await gather_teams(write, [team.id]))[team.id]
    renames = not await is_name_taken(write, team, answer)
    await follow_register(write, facts, team, answer, because=REGISTER, now=now, renames=renames)
    if answer.status is EntityStatus.NORMAL or not facts.works:
        return False
    # Whoever registered it dissolves it, and names who certifies its records from then on.
    officers = await fetch_officers(write, team.id)
    await notify(write, officers, "team.legal_person_ended", {"teamId": team.id})
    return True


def _missing(team_id: int) -> DomainEvent:
    """The register does not know it any more: no proof that it ended, so nothing is stopped."""
    told: dict[str, Json] = {"entityStatus": NoEntity.NOT_FOUND.value, "renamed": False}
    return DomainEvent(
        name="team.register_checked",
        subject_type=SubjectType.TEAM,
        subject_id=team_id,
        because=REGISTER,
        payload=told,
        detail=told,
    )
