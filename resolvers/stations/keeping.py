"""A station's page as its administrators set it, and who these are."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from db.events import Json
from db.queries import stations as queries
from db.queries.team_staff import fetch_account
from db.write import Writable, Write
from permissions.actions import Action
from permissions.errors import UserError, UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, perform, refuse_if_any, require_account
from resolvers.outcomes import Outcome, succeeded
from resolvers.stations.held import hold_station, station_event
from resolvers.stations.settings import (
    SupportChannel,
    TrainingLink,
    channel_errors,
    link_errors,
    page_errors,
    page_of,
    stored_support,
)

NO_SUCH_ACCOUNT = UserError(
    UserErrorCode.NOT_FOUND, "username", "No account has this username and this name."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChanges:
    """What is to become different; None stays as it is."""

    texts: Mapping[str, str]
    channels: Sequence[SupportChannel] | None = None
    links: Sequence[TrainingLink] | None = None

    @property
    def as_input(self) -> Mapping[str, Any]:
        """What a repeat must bring again."""
        return {
            "texts": dict(self.texts),
            "channels": None if self.channels is None else [asdict(each) for each in self.channels],
            "links": None if self.links is None else [asdict(each) for each in self.links],
        }


async def update_station(
    database: Writable,
    viewer: Viewer,
    station_id: int,
    changes: PageChanges,
    idempotency_key: str | None,
) -> Outcome:
    """The station, with its page as it is from now on.

    Raises:
        Unauthenticated, Forbidden: the viewer neither keeps the station nor answers for it.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        held, because = await hold_station(write, viewer, station_id, Action.STATION_UPDATE)
        page, support = await queries.fetch_page(write, held.id)
        texts = replace(page_of(page), **changes.texts)
        refuse_if_any(
            [
                *page_errors(texts),
                *channel_errors(changes.channels or ()),
                *link_errors(changes.links or ()),
            ]
        )
        await queries.set_page(
            write,
            held.id,
            asdict(texts) if changes.texts else None,
            stored_support(support, changes.channels, changes.links),
        )
        changed: list[Json] = [*sorted(changes.texts)]
        changed += ["supportChannels"] * (changes.channels is not None)
        changed += ["trainingLinks"] * (changes.links is not None)
        write.record(station_event("station.updated", held.id, because, changed=changed))
        return succeeded(held.id)

    given = {"station_id": station_id, **changes.as_input}
    request = Request(action="updateStation", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeper:
    """An account by username and name, and the station that it is to keep or not."""

    station_id: int
    username: str
    name: str


async def name_station_admin(
    database: Writable, viewer: Viewer, keeper: Keeper, idempotency_key: str | None
) -> Outcome:
    """The station, kept by the account as well from now on.

    Raises:
        Unauthenticated, Forbidden: the viewer does not answer for the station.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        held, because = await hold_station(
            write, viewer, keeper.station_id, Action.STATION_NAME_ADMINS
        )
        account_id = await _account(write, keeper)
        if await queries.name_admin(write, held.id, account_id):
            write.record(
                station_event(
                    "station.admin_named", held.id, because, account_id, accountId=account_id
                )
            )
        return succeeded(held.id)

    request = Request(action="nameStationAdmin", key=idempotency_key, input=asdict(keeper))
    return await perform(database, viewer, request, work)


async def remove_station_admin(
    database: Writable, viewer: Viewer, keeper: Keeper, idempotency_key: str | None
) -> Outcome:
    """The station, kept by the account no more.

    Raises:
        Unauthenticated, Forbidden: the viewer does not answer for the station.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        held, because = await hold_station(
            write, viewer, keeper.station_id, Action.STATION_NAME_ADMINS
        )
        account_id = await _account(write, keeper)
        if not await queries.unname_admin(write, held.id, account_id):
            raise Refused(NO_SUCH_ACCOUNT)
        write.record(
            station_event(
                "station.admin_removed", held.id, because, account_id, accountId=account_id
            )
        )
        return succeeded(held.id)

    request = Request(action="removeStationAdmin", key=idempotency_key, input=asdict(keeper))
    return await perform(database, viewer, request, work)


async def _account(write: Write, keeper: Keeper) -> int:
    found = await fetch_account(write, keeper.username, keeper.name)
    if found is None:
        raise Refused(NO_SUCH_ACCOUNT)
    return found
