"""Lists are counted by the ledger: records and projects by their teams, hidden teams by an index."""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from db.ledger.facts import COLUMNS, LISTED_PROJECTS, LISTED_RECORDS, LISTS, TIMELESS, facts
from db.ledger.triggers import function_statements
from db.locks import Lock

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# The triggers may have told some of them before: all are counted anew.
_FORGET = (
    f"delete from ledger_pending where kind in {LISTS}",
    f"""
delete from ledger_totals
where code = any(array(select number from ledger_codes where name in {LISTS}))
""",
)
_STANDING = tuple(
    f"""
insert into ledger_pending ({COLUMNS})
select kind, day, region_path, team_path, null, null, '{{}}', sum(n), 0
from ({facts(template, table, TIMELESS)}) f group by 1, 2, 3, 4
"""
    for template, table in ((LISTED_RECORDS, "service_records"), (LISTED_PROJECTS, "projects"))
)


def upgrade() -> None:
    # A migration that cannot have its lock at once must not queue the station behind it.
    op.execute("set local lock_timeout = '4s'")
    op.execute("set local statement_timeout = '5s'")

    # Nothing is folded meanwhile; what is written waits, and is counted by the triggers. For these
    # locks it gives up before PostgreSQL looks for deadlocks, after a second: a writer that holds
    # one of the tables and waits for another might be ended for it.
    op.execute(f"select pg_advisory_xact_lock({Lock.LEDGER})")
    op.execute("set local lock_timeout = '900ms'")
    op.execute("lock table teams, projects, service_records in share row exclusive mode")
    op.create_index(
        "ix_teams_hidden",
        "teams",
        ["path"],
        unique=False,
        if_not_exists=True,
        postgresql_where=sa.text("status not in ('ENABLED', 'CHANGE_PENDING')"),
    )
    for statement in function_statements():
        op.execute(statement)
    # All records are read once: some 2.5 seconds for a million. What this leaves is folded soon.
    op.execute("set local statement_timeout = 0")
    for statement in (*_FORGET, *_STANDING):
        op.execute(statement)
    op.execute("set local statement_timeout = '5s'")
