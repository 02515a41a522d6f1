"""A volunteer's points by region with the ledger's rows, and the rules of a region."""

from datetime import date, datetime

from db.enums import RewardEntryKind, RewardRuleKind
from db.rows import Row
from db.statements import Statement


class AccountRow(Row):
    """The points of a volunteer in one region."""

    volunteer_id: int
    region_id: int
    points: int
    earned: int


class EntryRow(Row):
    """A row of the ledger of rewards."""

    id: int
    region_id: int
    kind: RewardEntryKind
    points: int
    redemption_id: int | None
    created_at: datetime


class RuleRow(Row):
    """A rule by which points are earned."""

    id: int
    region_id: int
    kind: RewardRuleKind
    step: int
    points: int
    valid_from: date
    valid_to: date | None


ACCOUNTS = Statement(
    """
    select volunteer_id, region_id, sum(points)::bigint,
      coalesce(sum(points) filter (where kind = 'EARNED'), 0)::bigint
    from reward_entries where volunteer_id = $1 group by volunteer_id, region_id order by region_id
    """,
    ("volunteer",),
    {},
    AccountRow,
)
ENTRIES = Statement(
    """
    select id, region_id, kind, points, redemption_id, created_at from (
      select e.*, row_number() over (partition by region_id order by id desc) as place
      from reward_entries e where volunteer_id = $1 and region_id = any($2::bigint[])
    ) newest where place <= $3 order by region_id, id desc
    """,
    ("volunteer", "regions", "most"),
    {},
    EntryRow,
)
# A region's own, and those of the regions above it.
RULES = Statement(
    """
    select r.id, r.region_id, r.kind, r.step, r.points, r.valid_from, r.valid_to
    from reward_rules r join regions p on p.id = r.region_id
    where left($1::text, length(p.path)) = p.path
    order by p.path, r.id limit 200
    """,
    ("region",),
    {},
    RuleRow,
)
