"""What the rule is told of administrators and of stations."""

from db.rows import Row
from db.statements import Statement


class StationFactsRow(Row):
    """A station; a sub-platform has categories of its own."""

    id: int
    region_path: str
    is_sub: bool


class AdministratorFactsRow(Row):
    """An administrator as long as they are one."""

    id: int
    account_id: int
    region_path: str


STATION_FACTS = Statement(
    """
    select s.id, r.path, s.service_categories is not null
    from stations s join regions r on r.id = s.region_id where s.id = any($1::bigint[])
    """,
    ("ids",),
    {},
    StationFactsRow,
)
ADMINISTRATOR_FACTS = Statement(
    """
    select d.id, d.account_id, r.path
    from department_users d join regions r on r.id = d.region_id
    where d.id = any($1::bigint[]) and d.revoked_at is null
    """,
    ("ids",),
    {},
    AdministratorFactsRow,
)
