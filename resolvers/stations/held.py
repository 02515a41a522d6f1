"""A station, held while something about it is decided; and what is told of it."""

from collections.abc import Mapping

from db.events import DomainEvent, Json, SubjectType
from db.queries import administrators
from db.queries import stations as queries
from db.queries.entities import STATION
from db.queries.stations import HeldStation
from db.write import Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import Decision
from permissions.errors import Forbidden, UserErrorCode
from permissions.facts import StationFacts
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import Refused, ids_in_scope


async def hold_station(
    write: Write, viewer: Viewer, station_id: int, action: Action
) -> tuple[HeldStation, str]:
    """The station, locked, and the edge by which the viewer may do this to it.

    Raises:
        Refused: there is no such station.
        Forbidden: it is not for the viewer.
    """
    seen = await ids_in_scope(write, viewer, STATION, [station_id])
    held = await queries.lock_station(write, station_id) if seen else None
    facts: Mapping[int, StationFacts] = await gather(write, "Station", seen)
    if held is None:
        raise Refused.because(UserErrorCode.NOT_FOUND, "stationId", "There is no such station.")
    decision = decide(action, viewer, facts[station_id])
    await require(write, viewer, decision, station_id)
    return held, decision.because


async def require(
    write: Write, viewer: Viewer, decision: Decision, station_id: int | None = None
) -> None:
    """Fails unless it is allowed, by an office or a duty that the viewer has still.

    Raises:
        Forbidden: it is not.
    """
    if not decision.allowed:
        raise Forbidden(f"This is not for the viewer: {decision.because}.")
    # SECURITY: both were read before this write; they may be the viewer's no more.
    account_id = viewer.account_id or 0
    if station_id in viewer.station_ids and await queries.still_keeps(
        write, station_id or 0, account_id
    ):
        return
    office = viewer.department
    if office is None or not await administrators.still_acts(write, account_id, office.region_id):
        raise Forbidden("This is the viewer's no more.")


def station_event(
    name: str, station_id: int, because: str, *accounts: int, **detail: Json
) -> DomainEvent:
    """What was done to a station."""
    return DomainEvent(
        name=name,
        subject_type=SubjectType.STATION,
        subject_id=station_id,
        because=because,
        payload=dict(detail),
        detail=dict(detail),
        standing_of=accounts,
    )
