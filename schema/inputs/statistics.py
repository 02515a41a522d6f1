"""Of what statistics are asked."""

import strawberry

from schema.visibility import ACCOUNTABLE, input_field, input_type


@input_type(to=ACCOUNTABLE, description="Region or team of statistics: one of the two (统计范围)")
class StatisticsScopeInput:
    """A region by its code, or a team by its id."""

    region_code: str | None = input_field(to=ACCOUNTABLE, description="Code of a region (区划代码)")
    team_id: strawberry.ID | None = input_field(to=ACCOUNTABLE, description="Team (队伍)")
