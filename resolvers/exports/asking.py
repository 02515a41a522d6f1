"""Asking for an export, by who may take figures out of a region or a team (DOMAIN §5 row 19)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from db.enums import ExportFormat, ExportKind
from db.events import DomainEvent, Json, SubjectType
from db.ledger.periods import last_of_month
from db.queries import exports as queries
from db.queries.entities import REGION, TEAM
from db.queries.exports import EXPORT_FILE, OWN_EXPORT, OWN_EXPORTS, ExportFileRow, ExportRow
from db.session import Snapshot
from db.write import Writable, Write
from permissions.actions import Action
from permissions.context import RequestContext
from permissions.decide import decide
from permissions.edges import Decision, Policy
from permissions.errors import Forbidden, UserErrorCode
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, require_account
from resolvers.outcomes import Outcome, succeeded
from resolvers.statistics import MOST_MONTHS, OLDEST, months_between

MOST_OPEN = 3
"""How many exports of one account may wait or run at once."""

FIRST_YEAR = 2012  # of the first national rules on records of service


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsWish:
    """Figures of a region and of the regions right below it, of whole months."""

    region_id: int
    since: date
    until: date

    @property
    def stored(self) -> Mapping[str, Json]:
        """The wish as it is kept."""
        return {
            "region_id": self.region_id,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
        }

    @classmethod
    def read(cls, stored: Mapping[str, Json]) -> "StatisticsWish":
        """The wish that was kept."""
        return cls(
            region_id=int(str(stored["region_id"])),
            since=date.fromisoformat(str(stored["since"])),
            until=date.fromisoformat(str(stored["until"])),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWish:
    """An organisation's work on records and certificates in a year (MCA Order 67 §18)."""

    team_id: int
    year: int

    @property
    def stored(self) -> Mapping[str, Json]:
        """The wish as it is kept."""
        return {"team_id": self.team_id, "year": self.year}

    @classmethod
    def read(cls, stored: Mapping[str, Json]) -> "ReportWish":
        """The wish that was kept."""
        return cls(team_id=int(str(stored["team_id"])), year=int(str(stored["year"])))


async def ask_for_statistics(
    database: Writable,
    viewer: Viewer,
    wish: StatisticsWish,
    format: ExportFormat,
    idempotency_key: str | None,
    *,
    today: date,
) -> Outcome:
    """The export of figures, which waits to be made.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the region and may take nothing out of it.
    """
    account_id = require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        if wish.region_id not in await ids_in_scope(write, viewer, REGION, [wish.region_id]):
            raise Refused.because(UserErrorCode.NOT_FOUND, "regionCode", "No such region.")
        if not OLDEST <= wish.since <= wish.until <= today:
            raise Refused.because(
                UserErrorCode.INVALID, "until", "The days go from an earlier to a later past one."
            )
        # Breakdowns are kept by month: a table of days beside one of months would not agree.
        if wish.since.day != 1:
            raise Refused.because(UserErrorCode.INVALID, "since", "The first day of a month.")
        if wish.until not in {last_of_month(wish.until), today}:
            raise Refused.because(UserErrorCode.INVALID, "until", "The end of a month, or today.")
        if months_between(wish.since, wish.until) > MOST_MONTHS:
            raise Refused.because(
                UserErrorCode.INVALID, "since", f"At most {MOST_MONTHS} months at once."
            )
        facts = (await gather(write, "Region", [wish.region_id]))[wish.region_id]
        decision = decide(Action.REGION_EXPORT, viewer, facts)
        if not decision.allowed:
            raise Forbidden("Exports are for who manages the region's volunteers.")
        await _refuse_too_many(write, account_id)
        return await _ask(write, ExportKind.STATISTICS, format, wish.stored, decision)

    request = Request(
        action="exportStatistics",
        key=idempotency_key,
        input={**wish.stored, "format": format.value},
    )
    return await perform(database, viewer, request, work)


async def ask_for_report(
    database: Writable,
    viewer: Viewer,
    wish: ReportWish,
    format: ExportFormat,
    idempotency_key: str | None,
    *,
    policy: Policy,
    today: date,
) -> Outcome:
    """The export of an organisation's yearly report, which waits to be made.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the team and does not answer for it.
    """
    account_id = require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        if wish.team_id not in await ids_in_scope(write, viewer, TEAM, [wish.team_id]):
            raise Refused.because(UserErrorCode.NOT_FOUND, "teamId", "No such team.")
        if not FIRST_YEAR <= wish.year <= today.year:
            raise Refused.because(
                UserErrorCode.INVALID, "year", f"A year from {FIRST_YEAR} to the current one."
            )
        facts = (await gather(write, "Team", [wish.team_id]))[wish.team_id]
        decision = decide(Action.TEAM_UPDATE, viewer, facts, policy=policy)
        if not decision.allowed:
            raise Forbidden("The report is for the team and for those above it.")
        await _refuse_too_many(write, account_id)
        return await _ask(write, ExportKind.YEARLY_REPORT, format, wish.stored, decision)

    request = Request(
        action="exportYearlyReport",
        key=idempotency_key,
        input={**wish.stored, "format": format.value},
    )
    return await perform(database, viewer, request, work)


async def get_export(context: RequestContext, export_id: int) -> ExportRow | None:
    """An export of the account itself; another's is as one that does not exist."""
    return await context.snapshot.fetch_one(
        OWN_EXPORT, id=export_id, account=require_account(context.viewer)
    )


async def list_exports(context: RequestContext) -> list[ExportRow]:
    """The account's newest exports, at most 20."""
    return await context.snapshot.fetch(OWN_EXPORTS, account=require_account(context.viewer))


async def fetch_file(snapshot: Snapshot, viewer: Viewer, export_id: int) -> ExportFileRow | None:
    """The file of an export of the account itself, once it is done."""
    return await snapshot.fetch_one(EXPORT_FILE, id=export_id, account=require_account(viewer))


async def _refuse_too_many(write: Write, account_id: int) -> None:
    if await queries.count_open(write, account_id) >= MOST_OPEN:
        raise Refused.because(
            UserErrorCode.TOO_MANY, None, f"At most {MOST_OPEN} exports wait at once."
        )


async def _ask(
    write: Write,
    kind: ExportKind,
    format: ExportFormat,
    wish: Mapping[str, Json],
    decision: Decision,
) -> Mapping[str, Json]:
    export_id = await queries.insert_export(write, kind=kind, format=format, wish=wish)
    write.record(
        DomainEvent(
            name="export.asked",
            subject_type=SubjectType.EXPORT,
            subject_id=export_id,
            because=decision.because,
            payload=None,
            detail={"kind": kind.value, **wish},
        )
    )
    return succeeded(export_id)
