"""The command `redistrict`: its order, its run, its report for an operator to read."""

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import create_async_engine

from db.clock import CHINA
from db.progress import Progress
from db.redistricting.figures import COUNTED, DistrictHub, Figures
from db.redistricting.file import read_districts, read_towns
from db.seed.run import DATA
from db.urls import sqlalchemy_url
from resolvers.redistricting import Order, Report, redistrict

DISTRICTS = DATA / "chongqing_districts_2025.csv"
COLUMNS = ("district hub", "towns", "lost", "gained", "now", "villages", "now", "teams", "now")


class DayToCome(Exception):
    """A redistricting changes what stands now, so it cannot be done ahead."""


def order_from(
    file: Path, districts: Path, *, effective_on: date | None, document: str | None
) -> Order:
    """The order that a file and the options of the command give.

    Raises:
        RedistrictingRefused: a line is faulty.
        DayToCome: it takes effect later.
        OSError: a file cannot be read.
    """
    today = datetime.now(CHINA).date()
    if effective_on is not None and effective_on > today:
        raise DayToCome("The day it takes effect is still to come; run it on that day.")
    return Order(
        towns=read_towns(file),
        districts=read_districts(districts),
        effective_on=effective_on or today,
        document=document,
    )


async def run_order(url: str, order: Order, *, dry_run: bool, progress: Progress) -> Report:
    """The report of the order, on an engine whose statements may take their time."""
    engine = create_async_engine(sqlalchemy_url(url))
    try:
        return await redistrict(engine, order, dry_run=dry_run, progress=progress)
    finally:
        await engine.dispose()


def as_text(report: Report) -> str:
    """The report before and after, per district hub and in all."""
    plan = report.plan
    if not plan.towns:
        return f"Nothing is left to do: all {plan.done} towns stand where the file has them.\n"
    lines = [
        f"{len(plan.towns)} towns move, with {plan.villages} villages and communities;",
        f"{plan.done} lines were done before.",
        "",
        *_districts(report.before, report.after),
        "",
        *_totals(report.before, report.after),
        "",
        *(f"{count:>8}  {what}" for what, count in _effects(report).items()),
    ]
    if plan.dissolved:
        lines += [
            "",
            "Users of dissolved departments and partners' contracts with them stand as they were:",
            "name them anew for the successor.",
        ]
    return "\n".join(lines) + "\n"


def _effects(report: Report) -> Mapping[str, int]:
    return {
        "teams hang under another hub": report.rehung,
        "teams have another path or region": report.rewritten,
        "hubs have another name": report.renamed,
        "teams have another permission group": report.regrouped,
        "waiting reviews went to another reviewer": report.rerouted,
        "records of service since that day follow their team": report.records_followed,
    }


def _districts(before: Figures, after: Figures) -> Sequence[str]:
    now = {hub.id: hub for hub in after.districts}
    rows = [COLUMNS, *(_district(hub, now[hub.id]) for hub in before.districts)]
    widths = [max(_width(row[n]) for row in rows) for n in range(len(COLUMNS))]
    return [
        "  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _district(was: DistrictHub, now: DistrictHub) -> Sequence[str]:
    lost, gained = len(was.towns - now.towns), len(now.towns - was.towns)
    return (
        now.name + (" (dissolved)" if now.is_dissolved else ""),
        str(len(was.towns)),
        f"-{lost}" if lost else "",
        f"+{gained}" if gained else "",
        str(len(now.towns)),
        str(was.communities),
        str(now.communities),
        str(was.teams),
        str(now.teams),
    )


def _totals(before: Figures, after: Figures) -> Sequence[str]:
    """One line a table: every count is kept, and it is said where one is not."""
    names = (*COUNTED, "minutes")
    width = max(len(name) for name in names)
    return [
        f"{name:<{width}}  {before.totals[name]:>12}  {after.totals[name]:>12}  "
        + ("kept" if before.totals[name] == after.totals[name] else "CHANGED")
        for name in names
    ]


def _width(text: str) -> int:
    """How many columns of a terminal a text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
