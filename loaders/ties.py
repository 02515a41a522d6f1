"""Which volunteers are tied to one team."""

from db.queries.facts import TIED_TO_TEAM
from db.session import Snapshot
from loaders.many import Many


class IsTiedToTeam(Many[bool]):
    """Whether each volunteer is tied to the team."""

    def __init__(self, snapshot: Snapshot, team_id: int) -> None:
        super().__init__()
        self._snapshot = snapshot
        self._team_id = team_id

    async def fetch(self, keys: list[int]) -> dict[int, bool]:
        rows = await self._snapshot.fetch(TIED_TO_TEAM, team=self._team_id, ids=keys)
        tied = {row.volunteer_id for row in rows}
        return {key: key in tied for key in keys}
