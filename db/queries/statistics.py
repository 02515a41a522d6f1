"""What statistics ask beside the ledger: who chose a view team."""

from sqlalchemy import BigInteger, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from db.models import TeamViewLink
from db.rows import Row
from db.statements import prepare


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
