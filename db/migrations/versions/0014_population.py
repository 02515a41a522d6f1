"""Of which year, and from where, the population of a region is known."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # A migration that cannot have its lock at once must not queue the station behind it.
    op.execute("set local lock_timeout = '4s'")
    op.execute("set local statement_timeout = '5s'")

    op.add_column("regions", sa.Column("population_year", sa.SmallInteger(), nullable=True))
    op.add_column("regions", sa.Column("population_source", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_regions_population_has_year_and_source"),
        "regions",
        "num_nulls(population, population_year, population_source) in (0, 3)",
    )
