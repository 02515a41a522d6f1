"""What statistics ask beside figures: who chose a view team, which teams lead, what moved."""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from db.models import TeamViewLink
from db.queries.rows import TeamRow
from db.rows import Row
from db.statements import Statement, prepare


class ChosenRow(Row):
    """A team that chose the view team."""

    team_id: int


CHOSE_TEAM = prepare(
    select(TeamViewLink.team_id).where(
        TeamViewLink.view_team_id == bindparam("view_team", type_=BigInteger),
        TeamViewLink.team_id == any_(bindparam("teams", type_=ARRAY(BigInteger))),
    ),
    ChosenRow,
)


class LeadingRow(Row):
    """A value of a team, which follows."""

    value: int


_COLUMNS = ", ".join(f"t.{name}" for name in TeamRow.__columns__)
# Of hubs each would count those below it again.
_LEADING = f"""
with among as materialized (
  select id from teams
  where region_path >= $5 and region_path < $6 and path >= $7 and path < $8
    and hub_level is null and status in ('ENABLED', 'CHANGE_PENDING')
), valued as (
  select f.scope, sum(p.sign * case when $4 then f.quantity else f.n end)::bigint as value
  from ledger_figures($1::text[], $2::int[], '{{}}', '{{}}', '{{}}', '{{}}',
    array(select -id from among)) f
  join unnest($2::int[], $3::int[]) p (period, sign) on p.period = f.period
  group by f.scope
), ahead as (
  select a.id, coalesce(v.value, 0) as value from among a left join valued v on v.scope = -a.id
  order by 2 desc, 1 limit $9
)
select l.value, {_COLUMNS} from ahead l join teams t on t.id = l.id order by l.value desc, l.id
"""
LEADING_TEAMS: Statement[Any] = Statement(
    sql=_LEADING,
    names=(
        *("names", "periods", "signs", "is_quantity"),
        *("region", "region_end", "path", "path_end", "most"),
    ),
    fixed={},
    row=LeadingRow.carrying((("teams", TeamRow),)),
)
"""The teams of a region, and of a subtree, with the most of one figure; the most first."""


class MovedRow(Row):
    """A region whose regions right below were others before that day."""

    id: int
    until: date


MOVED: Statement[Any] = Statement(
    sql="""
select k.id, max(m.until) as until
from (
  select l.until, r.parent_id as lies,
    nullif(split_part(rtrim(l.path, '/'), '/', -2), '')::bigint as lay
  from ledger_regions l join regions r on r.id = l.region_id
) m join unnest($1::bigint[]) k (id) on k.id in (m.lay, m.lies)
where m.lay is distinct from m.lies group by k.id
""",
    names=("keys",),
    fixed={},
    row=MovedRow,
)
"""The day since which each region's right below are those that they are, where they were others."""
