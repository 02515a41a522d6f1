"""Phases set by who operates the system, where the ministry does not sit in it (部省两级)."""

from collections.abc import Mapping

from db.events import Json
from db.queries import stations as queries
from db.write import Writable, Write
from resolvers.acting import Refused
from resolvers.outcomes import Outcome, refused
from resolvers.stations.opening import PhaseChange, enter_phase

OPERATOR = "operator"


async def lead_station(database: Writable, change: PhaseChange) -> Outcome:
    """The station in its new phase."""
    async with database.write(account_id=None, capacity=OPERATOR, action="leadStation") as write:
        try:
            write.outcome = await _enter(write, change)
        except Refused as refusal:
            write.outcome = refused(*refusal.errors)
    return Outcome.of(write)


async def _enter(write: Write, change: PhaseChange) -> Mapping[str, Json]:
    held = await queries.lock_station(write, change.station_id)
    if held is None:
        raise LookupError(change.station_id)
    return await enter_phase(write, held, change, OPERATOR)
