"""What exports are asked for with."""

from datetime import date

import strawberry

from db.enums import ExportFormat
from schema.inputs.volunteer import KEY
from schema.visibility import MANAGERS, OVERSEERS, input_field, input_type


@input_type(to=OVERSEERS, description="Figures to export (导出统计)")
class ExportStatisticsInput:
    """Figures of a region and of those right below it."""

    region_code: str = input_field(
        to=OVERSEERS, description="Code of the region (区划代码)", required=True
    )
    since: date = input_field(
        to=OVERSEERS, description="First day, of a month (起始日期)", required=True
    )
    until: date = input_field(
        to=OVERSEERS,
        description="Last day: the end of a month, or today; 36 months at most (截止日期)",
        required=True,
    )
    format: ExportFormat = input_field(
        to=OVERSEERS, description="Kind of file (文件格式)", default=ExportFormat.XLSX
    )
    idempotency_key: str | None = input_field(to=OVERSEERS, description=KEY)


@input_type(to=MANAGERS, description="Yearly report to export (导出年度报告)")
class ExportYearlyReportInput:
    """An organisation's work on records and certificates in a year."""

    team_id: strawberry.ID = input_field(
        to=MANAGERS, description="Global id of the team (队伍标识)", required=True
    )
    year: int = input_field(to=MANAGERS, description="Year of the report (年度)", required=True)
    format: ExportFormat = input_field(
        to=MANAGERS, description="Kind of file (文件格式)", default=ExportFormat.XLSX
    )
    idempotency_key: str | None = input_field(to=MANAGERS, description=KEY)
