"""An organisation's yearly report on its records and certificates (MCA Order 67 §18)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from db.clock import CHINA
from db.queries.yearly_report import (
    CERTIFICATES_OF_YEAR,
    MONTHS_OF_YEAR,
    PROJECTS_OF_YEAR,
    VOLUNTEERS_OF_YEAR,
)
from permissions.context import RequestContext
from resolvers.exports.names import HOURS, MONTH
from resolvers.exports.progress import Progress
from resolvers.exports.sheets import Cell, Sheet
from resolvers.rules.hours import hours_of

STEPS = 4
MONTHS_A_YEAR = 12
SUMS = ("服务记录", HOURS, "服务人数")


async def report_sheets(
    context: RequestContext, team: Any, first_day: date, progress: Progress
) -> Sequence[Sheet]:
    """The tables of a team's year: its months, its projects. They name no person."""
    given = {
        "team": team.id,
        "since": _midnight(first_day),
        "until": _midnight(first_day.replace(year=first_day.year + 1)),
    }
    await progress(0, STEPS)
    served = {row.month: row for row in await context.snapshot.fetch(MONTHS_OF_YEAR, **given)}
    await progress(1, STEPS)
    certified = {
        row.month: row for row in await context.snapshot.fetch(CERTIFICATES_OF_YEAR, **given)
    }
    (whole,) = await context.snapshot.fetch(VOLUNTEERS_OF_YEAR, **given)
    await progress(2, STEPS)
    projects = await context.snapshot.fetch(PROJECTS_OF_YEAR, **given)
    await progress(3, STEPS)

    rows: list[Sequence[Cell]] = []
    for month in range(1, MONTHS_A_YEAR + 1):
        work, papers = served.get(month), certified.get(month)
        rows.append(
            (
                f"{first_day.year}-{month:02d}",
                work.records if work else 0,
                hours_of(work.minutes if work else 0),
                work.volunteers if work else 0,
                papers.issued if papers else 0,
                papers.revoked if papers else 0,
            )
        )
    rows.append(
        (
            "全年",
            sum(row.records for row in served.values()),
            hours_of(sum(row.minutes for row in served.values())),
            whole.volunteers,
            sum(row.issued for row in certified.values()),
            sum(row.revoked for row in certified.values()),
        )
    )
    return [
        Sheet(title="按月", columns=(MONTH, *SUMS, "出具证明", "其中已撤销"), rows=rows),
        Sheet(
            title="项目",
            columns=("项目编号", "项目", *SUMS, "首次服务", "末次服务"),
            rows=[
                (
                    row.project_no,
                    row.name,
                    row.records,
                    hours_of(row.minutes),
                    row.volunteers,
                    row.first_on,
                    row.last_on,
                )
                for row in projects
            ],
        ),
    ]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)
