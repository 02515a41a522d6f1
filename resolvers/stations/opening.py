"""Stations that are opened for a field of service, and the phases that stations go through."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from db.enums import StationPhase
from db.events import Json
from db.queries import stations as queries
from db.queries.stations import HeldStation, NewStation
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import UserError, UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, perform, refuse_if_any, require_account
from resolvers.outcomes import Outcome, succeeded
from resolvers.region_facts import region_in_scope
from resolvers.rules.station_states import LAST_BATCH, NEXT, is_back
from resolvers.stations.held import hold_station, require, station_event
from resolvers.texts import line_errors, name_errors

LONGEST_NAME = 40
LONGEST_HOST = 253
LONGEST_REASON = 200
CODE = re.compile(r"[A-Z][A-Z0-9]{1,11}", re.ASCII)
HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubPlatform:
    """A station of a field of service that is to be opened (分平台)."""

    region_id: int | None
    code: str
    name: str
    host: str
    categories: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseChange:
    """The phase that a station is to go into."""

    station_id: int
    phase: StationPhase
    batch: int | None = None
    reason: str = ""


async def open_station(
    database: Writable, viewer: Viewer, wish: SubPlatform, idempotency_key: str | None
) -> Outcome:
    """A new station of a field of service, in its trial.

    Raises:
        Unauthenticated, Forbidden: the viewer acts for no department over the region.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any(_errors(wish))
        region = await region_in_scope(write, viewer, wish.region_id)
        decision = decide(Action.STATION_CREATE, viewer, region)
        await require(write, viewer, decision)
        enabled = await queries.enabled_categories(write, wish.categories)
        if enabled != frozenset(wish.categories):
            raise Refused.because(
                UserErrorCode.INVALID, "serviceCategories", "Not all are categories of service."
            )
        station = NewStation(
            code=wish.code,
            name=wish.name,
            host=wish.host,
            region_id=region.id,
            service_categories=sorted(enabled),
        )
        taken = await queries.names_taken(write, station)
        refuse_if_any(
            UserError(UserErrorCode.NAME_TAKEN, field, "Another station has it.")
            for field in sorted(taken)
        )
        station_id = await queries.insert_station(write, station)
        write.record(
            station_event("station.opened", station_id, decision.because, regionId=region.id)
        )
        return succeeded(station_id)

    given = {**asdict(wish), "categories": sorted(wish.categories)}
    request = Request(action="openStation", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def set_station_phase(
    database: Writable, viewer: Viewer, change: PhaseChange, idempotency_key: str | None
) -> Outcome:
    """The station in its new phase.

    Raises:
        Unauthenticated, Forbidden: it is not for the viewer to decide.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        held, because = await hold_station(
            write, viewer, change.station_id, Action.STATION_SET_PHASE
        )
        return await enter_phase(write, held, change, because)

    given = {**asdict(change), "phase": change.phase.value}
    request = Request(action="setStationPhase", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def enter_phase(
    write: Write, held: HeldStation, change: PhaseChange, because: str
) -> Mapping[str, Json]:
    """Puts a station that is held into a phase.

    Raises:
        Refused: the phase does not follow, or something is missing.
    """
    if change.phase is held.phase:
        return succeeded(held.id)
    refuse_if_any(_phase_errors(held, change))
    batch = {
        StationPhase.LEGACY: None,
        StationPhase.TRIAL: change.batch,
        StationPhase.FORMAL: held.batch,
    }[change.phase]
    await queries.set_phase(write, held.id, change.phase, batch)
    write.record(
        station_event(
            "station.phase_set",
            held.id,
            because,
            before=held.phase.value,
            phase=change.phase.value,
            batch=batch,
            reason=change.reason,
        )
    )
    return succeeded(held.id)


def _phase_errors(held: HeldStation, change: PhaseChange) -> list[UserError]:
    if change.phase not in NEXT[held.phase]:
        return [
            UserError(
                UserErrorCode.WRONG_STATE,
                "phase",
                f"{held.phase} is not followed by {change.phase}.",
            )
        ]
    errors = list(line_errors("reason", change.reason, longest=LONGEST_REASON))
    if is_back(held.phase, change.phase) and not change.reason:
        errors.append(
            UserError(UserErrorCode.REASON_REQUIRED, "reason", "Say why it is broken off.")
        )
    if change.phase is StationPhase.TRIAL:
        if change.batch is None:
            errors.append(UserError(UserErrorCode.REQUIRED, "batch", "Which batch of the trial?"))
        elif not 1 <= change.batch <= LAST_BATCH:
            errors.append(
                UserError(UserErrorCode.INVALID, "batch", f"A batch is from 1 to {LAST_BATCH}.")
            )
    elif change.batch is not None:
        errors.append(UserError(UserErrorCode.INVALID, "batch", "Only a trial has a batch."))
    return errors


def _errors(wish: SubPlatform) -> list[UserError]:
    errors = list(name_errors("name", wish.name, longest=LONGEST_NAME))
    if not wish.name:
        errors.append(UserError(UserErrorCode.REQUIRED, "name", "This must be given."))
    if not CODE.fullmatch(wish.code):
        errors.append(
            UserError(
                UserErrorCode.INVALID, "code", "A code has 2 to 12 capitals and digits, as CQ."
            )
        )
    if len(wish.host) > LONGEST_HOST or not HOST.fullmatch(wish.host):
        errors.append(UserError(UserErrorCode.INVALID, "host", "Not the name of a host."))
    if not wish.categories:
        errors.append(
            UserError(UserErrorCode.REQUIRED, "serviceCategories", "At least one category.")
        )
    return errors
