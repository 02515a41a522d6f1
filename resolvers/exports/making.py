"""Making an export: its tables read and written by the rights that its account has now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from db.enums import ExportFormat, ExportKind
from db.queries.entities import REGION, TEAM
from db.queries.exports import Taken
from permissions.actions import Action
from permissions.context import RequestContext
from permissions.decide import decide
from permissions.gather import gather
from resolvers.exports.asking import ReportWish, StatisticsWish
from resolvers.exports.progress import Progress
from resolvers.exports.region_figures import region_sheets
from resolvers.exports.sheets import Sheet, write_csv, write_xlsx
from resolvers.exports.yearly_report import report_sheets

NOT_ALLOWED = "FORBIDDEN"
GONE = "NOT_FOUND"
WRITERS = {ExportFormat.XLSX: write_xlsx, ExportFormat.CSV: write_csv}


class ExportRefused(Exception):
    """The export cannot be made; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The file that came of an export."""

    file_name: str
    content: bytes


async def make(context: RequestContext, taken: Taken, progress: Progress) -> Made:
    """The file of an export.

    Raises:
        ExportRefused: what it is about is gone, or no longer the account's to take out.
    """
    if taken.kind is ExportKind.STATISTICS:
        name, sheets = await _figures(context, StatisticsWish.read(taken.wish), progress)
    else:
        name, sheets = await _report(context, ReportWish.read(taken.wish), progress)
    content = WRITERS[taken.format](sheets)
    return Made(file_name=f"{name}.{taken.format.value.lower()}", content=content)


async def _figures(
    context: RequestContext, wish: StatisticsWish, progress: Progress
) -> tuple[str, Sequence[Sheet]]:
    (region,) = await context.loaders.rows(REGION, [wish.region_id])
    await _check(context, Action.REGION_EXPORT, "Region", wish.region_id)
    if region is None:
        raise ExportRefused(GONE)
    sheets = await region_sheets(context, region, wish.since, wish.until, progress)
    return f"{region.name}志愿服务统计_{wish.since}_{wish.until}", sheets


async def _report(
    context: RequestContext, wish: ReportWish, progress: Progress
) -> tuple[str, Sequence[Sheet]]:
    (team,) = await context.loaders.rows(TEAM, [wish.team_id])
    await _check(context, Action.TEAM_UPDATE, "Team", wish.team_id)
    if team is None:
        raise ExportRefused(GONE)
    sheets = await report_sheets(context, team, date(wish.year, 1, 1), progress)
    return f"{team.name}志愿服务记录与证明年度报告_{wish.year}", sheets


async def _check(context: RequestContext, action: Action, entity: str, number: int) -> None:
    """Whether the account may still do what it asked for; it may have lost the right since."""
    facts = (await gather(context.snapshot, entity, [number])).get(number)
    if facts is None:
        raise ExportRefused(GONE)
    if not decide(action, context.viewer, facts, policy=context.policy).allowed:
        raise ExportRefused(NOT_ALLOWED)
