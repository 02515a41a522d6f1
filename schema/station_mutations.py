"""Stations: fields of the mutation root."""

from typing import Any

from resolvers.outcomes import Outcome
from resolvers.stations.keeping import name_station_admin, remove_station_admin, update_station
from resolvers.stations.opening import open_station, set_station_phase
from schema.ids import number_of
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.stations import (
    DEPARTMENTS,
    OpenStationInput,
    SetStationPhaseInput,
    StationAdminInput,
    UpdateStationInput,
)
from schema.payloads.stations import StationPayload
from schema.region_named import region_named
from schema.visibility import PERSONS, object_type, root


@object_type(to=PERSONS, description="What is done to stations (分站变更)")
class StationMutations:
    """Fields of the mutation root."""

    @root(
        to=PERSONS,
        description="Set the page of a station, for who keeps it (修改分站页面)",
        graphql_type=StationPayload,
    )
    @staticmethod
    async def update_station(info: Info, input: UpdateStationInput) -> Any:
        outcome = await update_station(
            info.context.database,
            info.context.viewer,
            number_of(input.station_id, "Station", field="input.stationId"),
            input.changes,
            or_none(input.idempotency_key),
        )
        return await _done(info, outcome)

    @root(
        to=DEPARTMENTS,
        description="Open a sub-platform of a field of service (开通分平台)",
        graphql_type=StationPayload,
    )
    @staticmethod
    async def open_station(info: Info, input: OpenStationInput) -> Any:
        region = await region_named(info, input.region_code, "id")
        outcome = await open_station(
            info.context.database,
            info.context.viewer,
            input.wish(None if region is None else region.id),
            or_none(input.idempotency_key),
        )
        return await _done(info, outcome)

    @root(
        to=DEPARTMENTS,
        description="Put a station into another phase of the trial run (设置运行阶段)",
        graphql_type=StationPayload,
    )
    @staticmethod
    async def set_station_phase(info: Info, input: SetStationPhaseInput) -> Any:
        outcome = await set_station_phase(
            info.context.database,
            info.context.viewer,
            input.change,
            or_none(input.idempotency_key),
        )
        return await _done(info, outcome)

    @root(
        to=DEPARTMENTS,
        description="Name who keeps a station's page (指定分站管理员)",
        graphql_type=StationPayload,
    )
    @staticmethod
    async def name_station_admin(info: Info, input: StationAdminInput) -> Any:
        outcome = await name_station_admin(
            info.context.database,
            info.context.viewer,
            input.keeper,
            or_none(input.idempotency_key),
        )
        return await _done(info, outcome)

    @root(
        to=DEPARTMENTS,
        description="Take a station's page from who keeps it (移除分站管理员)",
        graphql_type=StationPayload,
    )
    @staticmethod
    async def remove_station_admin(info: Info, input: StationAdminInput) -> Any:
        outcome = await remove_station_admin(
            info.context.database,
            info.context.viewer,
            input.keeper,
            or_none(input.idempotency_key),
        )
        return await _done(info, outcome)


async def _done(info: Info, outcome: Outcome) -> Outcome:
    await info.context.wrote(outcome.consistency_token)
    return outcome
