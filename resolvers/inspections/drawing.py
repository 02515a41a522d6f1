"""Drawing a random check: what from is asked for, the seed is nobody's choice."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from db.clock import CHINA
from db.enums import InspectionKind
from db.events import DomainEvent, Json, SubjectType
from db.queries.entities import TEAM
from db.queries.inspections import changing
from db.queries.inspections.drawing import Population, draw
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.facts import RegionFacts
from permissions.gather import gather, gather_teams
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, refuse_if_any, require_account
from resolvers.acting_now import as_of_now
from resolvers.outcomes import Outcome, succeeded
from resolvers.texts import name_errors

LONGEST_TITLE = 100
MOST_ITEMS = 500
MOST_TEAMS = 100
LONGEST_PERIOD = timedelta(days=3 * 366)
SEED_BYTES = 32

NO_SUCH_REGION = UserError(UserErrorCode.NOT_FOUND, "regionCode", "No such region.")
NO_SUCH_TEAM = UserError(UserErrorCode.NOT_FOUND, "teamIds", "No such team.")
OUTSIDE = UserError(
    UserErrorCode.OUTSIDE_REGION, "teamIds", "A team lies outside the region of the check."
)
NOTHING = UserError(
    UserErrorCode.NOTHING_TO_DRAW, None, "There is nothing of this kind and time to draw from."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What a department draws from, and how many; days are Chinese, both included."""

    region_id: int | None
    title: str
    kind: InspectionKind
    since: date
    until: date
    size: int
    team_ids: Sequence[int] | None = None

    @property
    def as_input(self) -> Mapping[str, Json]:
        """What is given, for the key."""
        return {
            "region": self.region_id,
            "title": self.title,
            "kind": self.kind.value,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "size": self.size,
            "teams": None if self.team_ids is None else [*sorted(self.team_ids)],
        }


async def draw_inspection(
    database: Writable, viewer: Viewer, wish: Draw, idempotency_key: str | None, *, today: date
) -> Outcome:
    """A check of so many records and certificates of the teams in a region, drawn at random.

    Raises:
        Unauthenticated: nobody is signed in.
        Forbidden: the viewer acts for no department over the region.
    """
    account_id = require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any(_errors(wish, today))
        await write.lock_tree()
        acting = await as_of_now(write, viewer)
        region, because = await _authorised(write, acting, wish.region_id)
        teams = None if wish.team_ids is None else sorted(set(wish.team_ids))
        if teams is not None:
            await _refuse_others(write, acting, region, teams)
        seed = secrets.token_bytes(SEED_BYTES)
        drawn = await draw(write, population_of(region.path, wish), seed=seed, size=wish.size)
        if not drawn:
            raise Refused(NOTHING)
        new = changing.NewInspection(
            region_id=region.id,
            title=wish.title,
            kind=wish.kind,
            since=wish.since,
            until=wish.until,
            seed=seed,
            team_ids=teams,
        )
        inspection_id = await changing.insert_inspection(write, new, drawn, account_id=account_id)
        size, population = len(drawn), drawn[0].population
        write.record(
            DomainEvent(
                name="inspection.drawn",
                subject_type=SubjectType.INSPECTION,
                subject_id=inspection_id,
                because=because,
                payload={"regionId": region.id, "size": size},
                detail={"seed": seed.hex(), "population": population, "size": size},
            )
        )
        return succeeded(inspection_id)

    request = Request(action="drawInspection", key=idempotency_key, input=wish.as_input)
    return await perform(database, viewer, request, work)


def population_of(region_path: str, wish: Draw) -> Population:
    """What a draw is from, in moments."""
    return Population(
        region_path=region_path,
        since=midnight(wish.since),
        before=midnight(wish.until + timedelta(days=1)),
        kind=wish.kind,
        team_ids=wish.team_ids,
    )


def midnight(day: date) -> datetime:
    """The beginning of a day in China."""
    return datetime.combine(day, time.min, CHINA)


async def _authorised(
    write: Write, acting: Viewer, region_id: int | None
) -> tuple[RegionFacts, str]:
    if region_id is None:
        raise Refused(NO_SUCH_REGION)
    found = await gather(write, "Region", [region_id])
    region: RegionFacts | None = found.get(region_id)
    if region is None:
        raise Refused(NO_SUCH_REGION)
    decision = decide(Action.INSPECTION_DRAW, acting, region)
    if not decision.allowed:
        raise Forbidden(f"Only departments draw checks: {decision.because}.")
    return region, decision.because


async def _refuse_others(
    write: Write, acting: Viewer, region: RegionFacts, teams: Sequence[int]
) -> None:
    """Fails on teams that are hidden, or that lie elsewhere."""
    if len(await ids_in_scope(write, acting, TEAM, teams)) < len(teams):
        raise Refused(NO_SUCH_TEAM)
    found = await gather_teams(write, teams)
    if any(not found[each].office.region_path.startswith(region.path) for each in teams):
        raise Refused(OUTSIDE)


def _errors(wish: Draw, today: date) -> Sequence[UserError | None]:
    errors: list[UserError | None] = [*name_errors("title", wish.title, longest=LONGEST_TITLE)]
    if not wish.title:
        errors.append(UserError(UserErrorCode.REQUIRED, "title", "This must not be empty."))
    if wish.since > wish.until:
        errors.append(
            UserError(UserErrorCode.ENDS_BEFORE_START, "until", "The time ends before it starts.")
        )
    elif wish.until > today:
        errors.append(UserError(UserErrorCode.IN_THE_FUTURE, "until", "This day is yet to come."))
    elif wish.until - wish.since > LONGEST_PERIOD:
        errors.append(UserError(UserErrorCode.TOO_LONG, "since", "Three years at most."))
    if wish.size < 1:
        errors.append(UserError(UserErrorCode.INVALID, "size", "Draw one at least."))
    if wish.size > MOST_ITEMS:
        errors.append(UserError(UserErrorCode.TOO_MANY, "size", f"At most {MOST_ITEMS} items."))
    if wish.team_ids is not None and not 0 < len(set(wish.team_ids)) <= MOST_TEAMS:
        errors.append(
            UserError(UserErrorCode.TOO_MANY, "teamIds", f"Name 1 to {MOST_TEAMS} teams.")
        )
    return errors
