"""Whether a team may be called so, stand there, and hang under that team (DOMAIN §4.1, §5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from db.enums import EntityStatus
from db.models.teams import MAX_DEPTH
from db.queries import team_registration as queries
from db.queries.registering import RegionFound
from db.write import Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import UserError, UserErrorCode
from permissions.facts import TeamFacts
from permissions.viewer import Viewer
from resolvers.hanging import LEVELS, STATION_BITS
from resolvers.ports import LegalEntity, NoEntity
from resolvers.rules.team_names import (
    Place,
    group_name_error,
    group_name_warning,
    hub_level_of,
    hub_name_error,
    same_name,
)
from resolvers.team_form import NewTeam

REGISTER_REFUSALS: Mapping[NoEntity, UserError] = {
    NoEntity.NOT_FOUND: UserError(
        UserErrorCode.NOT_IN_REGISTER, "uscc", "No legal person is registered under this code."
    ),
    NoEntity.UNAVAILABLE: UserError(
        UserErrorCode.REGISTER_UNAVAILABLE,
        None,
        "The register of legal persons is away; try again later.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """A team, the region it is to stand in, and the team it is to hang under."""

    given: NewTeam
    id: int
    region: RegionFound
    above: TeamFacts | None

    @property
    def place(self) -> Place:
        """The region as names speak of it."""
        region = self.region
        return Place(
            level=region.level,
            code=region.code,
            short_name=region.short_name,
            above=region.above,
        )


def register_error(given: NewTeam, entity: LegalEntity | NoEntity) -> UserError | None:
    """What the register of legal persons says against the team."""
    if isinstance(entity, NoEntity):
        return REGISTER_REFUSALS[entity]
    if entity.status is not EntityStatus.NORMAL:
        return UserError(
            UserErrorCode.NOT_IN_GOOD_STANDING,
            "uscc",
            f"The legal person of this code is {entity.status.value}.",
        )
    if entity.name == given.name:
        return None
    return UserError(
        UserErrorCode.NAME_NOT_REGISTERED, "name", "The name is not the registered one."
    )


async def placing_errors(write: Write, viewer: Viewer, placing: Placing) -> Sequence[UserError]:
    """What is wrong with the name, the region or the contact team; the names are locked."""
    named = await name_errors(write, placing)
    return [*named, *await _hanging_errors(write, viewer, placing)]


def warnings(placing: Placing) -> Sequence[UserError]:
    """What is unusual and still allowed (原则上)."""
    given, above = placing.given, placing.above
    if given.is_hub or given.is_legal:
        return ()
    found = [group_name_warning(given.name)]
    if (
        given.branch_of_id is None
        and above is not None
        and (above.hub_level is None or above.office.region_id != placing.region.id)
    ):
        found.append(
            UserError(
                UserErrorCode.CONTACT_TEAM_UNUSUAL,
                "contactTeamId",
                "In principle the contact team is the hub of the team's own region.",
            )
        )
    return [warning for warning in found if warning is not None]


async def name_errors(write: Write, placing: Placing) -> Sequence[UserError]:
    """What is wrong with the name or the code where the team is to stand; the names are locked."""
    given, place, region = placing.given, placing.place, placing.region
    found = [_form_of_name_error(given, place)]
    if given.is_hub and await queries.has_hub(write, region.id, besides=placing.id):
        found.append(
            UserError(UserErrorCode.HUB_EXISTS, "regionCode", "This region has its hub already.")
        )
    taken = await queries.fetch_names(write, region.id, besides=placing.id)
    if same_name(given.name, taken) is not None:
        found.append(
            UserError(
                UserErrorCode.NAME_TAKEN, "name", "A team of this region is called so already."
            )
        )
    if given.uscc is not None and await queries.is_code_taken(
        write, given.uscc, besides=placing.id
    ):
        found.append(
            UserError(UserErrorCode.USCC_TAKEN, "uscc", "A team with this code is registered.")
        )
    return [error for error in found if error is not None]


def _form_of_name_error(given: NewTeam, place: Place) -> UserError | None:
    if given.hub_level is None:
        return None if given.is_legal else group_name_error(given.name, place)
    if not given.is_legal:
        return hub_name_error(given.name, given.hub_level, place)
    # A hub that is a legal person is called as it is registered (DOMAIN §11.8).
    if given.hub_level is hub_level_of(place):
        return None
    return UserError(
        UserErrorCode.LEVEL_NOT_OF_REGION,
        "hubLevel",
        f"The hub of this region is of the level {hub_level_of(place).value}.",
    )


async def _hanging_errors(write: Write, viewer: Viewer, placing: Placing) -> Sequence[UserError]:
    given, above = placing.given, placing.above
    if above is None:
        if not given.is_hub:
            return ()
        nearest = await queries.fetch_nearest_hub(write, placing.region.path)
        if nearest is None:
            return ()
        return [_unfit(given, "A hub hangs under the hub above its region.")]
    found = [*_general_errors(viewer, placing, above)]
    if given.hub_level is not None and not found:
        nearest = await queries.fetch_nearest_hub(write, placing.region.path)
        if nearest != above.id:
            found.append(_unfit(given, "A hub hangs under the nearest hub above its region."))
    return found


def _general_errors(viewer: Viewer, placing: Placing, above: TeamFacts) -> Iterator[UserError]:
    given = placing.given
    decision = decide(Action.TEAM_REGISTER, viewer, above)
    if not decision.allowed:
        yield _unfit(given, f"Not under this team: {decision.because}.")
        return
    if above.id >> STATION_BITS != placing.id >> STATION_BITS:
        yield UserError(
            UserErrorCode.OTHER_STATION,
            "contactTeamId",
            "The contact team belongs to another station.",
        )
    if above.path.count("/") >= MAX_DEPTH:
        yield UserError(
            UserErrorCode.TOO_DEEP,
            "contactTeamId",
            f"The tree would be deeper than {MAX_DEPTH} levels.",
        )
    if given.branch_of_id is not None:
        if not above.is_legal:
            yield _unfit(given, "A branch is one of a legal person.")
    elif error := territory_error(placing):
        yield error
    if given.hub_level is not None and (
        above.hub_level is None or LEVELS.index(above.hub_level) >= LEVELS.index(given.hub_level)
    ):
        yield _unfit(given, "A hub hangs under a hub of a higher level.")


def filing_error(given: NewTeam, region: RegionFound, authority: RegionFound) -> UserError | None:
    """Why the office cannot keep the team on file; None if it can."""
    if not given.is_filed or region.path.startswith(authority.path):
        return None
    message = "A team is on file with an office over its own region."
    return UserError(UserErrorCode.INVALID, "registrationAuthorityCode", message)


def territory_error(placing: Placing) -> UserError | None:
    """Why the team's region does not fit its contact team; None if it does."""
    given, above = placing.given, placing.above
    if given.branch_of_id is not None or above is None:
        return None
    if placing.region.path.startswith(above.office.region_path):
        return None
    return _unfit(given, "The contact team is one of the team's own territory.")


def _unfit(given: NewTeam, message: str) -> UserError:
    field = "branchOfId" if given.branch_of_id is not None else "contactTeamId"
    return UserError(UserErrorCode.CONTACT_TEAM_UNFIT, field, message)
