"""Changing a team's data: key data by way of its reviewer, the rest at once (DOMAIN §5 row 5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from db.clock import CHINA
from db.enums import ReviewKind, TeamStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.models import Team
from db.queries import registering, standing, team_registration
from db.queries import team_changes as queries
from db.queries.entities import TEAM
from db.queries.registering import RegionFound
from db.write import Writable, Write
from permissions.actions import Action
from permissions.edges import Policy
from permissions.errors import Conflict, UserError, UserErrorCode
from permissions.facts import OfficeFacts, TeamFacts
from permissions.reviewers import Reviewer, reviewer_for
from permissions.rights import WORKING
from permissions.standing import ACTING_STATUSES
from permissions.viewer import Viewer
from resolvers.acting import (
    Refused,
    Request,
    ids_in_scope,
    perform,
    refuse_if_any,
    require_account,
)
from resolvers.outcomes import Outcome, succeeded
from resolvers.ports import LegalEntity, NoEntity, RegistrationDesk
from resolvers.team_acts import Act, find_team, lock_and_decide
from resolvers.team_change_form import (
    KEY_COLUMNS,
    OF_SUPERIORS,
    Changed,
    TeamChanges,
    as_input,
    change_errors,
    columns_of,
    compared,
)
from resolvers.team_placing import (
    Placing,
    filing_error,
    name_errors,
    register_error,
    territory_error,
    warnings,
)
from resolvers.team_reviews import ask_reviewer, kind_of

KIND = ReviewKind.TEAM_CHANGE
Entity = LegalEntity | NoEntity | None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The changes against the team as it stands, and the regions that they name."""

    changed: Changed
    region: RegionFound
    authority_id: int | None
    authority: RegionFound | None = None

    @property
    def columns(self) -> Mapping[str, Json]:
        """What is to be written into the team's row."""
        changed = self.changed
        return columns_of(
            changed.given, changed.fields, region_id=self.region.id, authority_id=self.authority_id
        )


@dataclass(frozen=True, slots=True)
class TeamUpdate:
    """Which team is to be changed, and how."""

    team_id: int
    changes: TeamChanges


async def update_team(
    database: Writable,
    viewer: Viewer,
    update: TeamUpdate,
    idempotency_key: str | None,
    *,
    desk: RegistrationDesk,
    policy: Policy,
    now: datetime,
) -> Outcome:
    """The team, and the review that its key data wait for; the team works on meanwhile.

    A superior changes name, principal and contact of a team below, at once.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the team and may not change it.
        Conflict: the team's code changed while the register was asked.
    """
    require_account(viewer)
    team_id, changes = update.team_id, update.changes
    today = now.astimezone(CHINA).date()
    code = await _code_to_ask(database, viewer, team_id, changes)
    entity = None if code is None else await desk.legal_entities.find(code)

    async def work(write: Write) -> Mapping[str, Json]:
        await find_team(write, viewer, team_id)
        team = await write.session.get_one(Team, team_id)
        wanted = await _wanted(write, team, changes)
        changed = wanted.changed
        # Names are locked before rows, as where teams are registered.
        if changed.touches_names:
            await team_registration.lock_names(write, wanted.region.id, changed.given.uscc)
        act = await lock_and_decide(
            write,
            viewer,
            team_id,
            Action.TEAM_UPDATE,
            policy=policy,
            otherwise="Only the team itself or its superior may change its data",
            acting=ACTING_STATUSES,
        )
        refuse_if_any(_fields_of_others(act, changed))
        refuse_if_any(change_errors(changed, today=today))
        refuse_if_any(await _checks(write, act, wanted, code, entity))
        return await _change(write, act, wanted)

    request = Request(
        action="updateTeam",
        key=idempotency_key,
        input={"team_id": team_id, **as_input(changes)},
    )
    return await perform(database, viewer, request, work)


async def _code_to_ask(
    database: Writable, viewer: Viewer, team_id: int, changes: TeamChanges
) -> str | None:
    """The code that the register is asked for, before anything is locked; None for no need."""
    if not changes.keys() & {"name", "uscc", "registration_status", "kind"}:
        return None
    async with database.write(
        account_id=viewer.account_id, capacity=viewer.capacity, action="readTeam"
    ) as write:
        # SECURITY: nothing is asked about a team that the viewer may not see.
        if team_id not in await ids_in_scope(write, viewer, TEAM, [team_id]):
            return None
        changed = (
            await _wanted(write, await write.session.get_one(Team, team_id), changes)
        ).changed
        return changed.given.uscc if changed.touches_register else None


async def _wanted(write: Write, team: Team, changes: TeamChanges) -> _Wanted:
    codes = await queries.fetch_codes(write, team.id)
    changed = compared(
        team,
        region_code=codes["region_code"],
        authority_code=codes["authority_code"],
        changes=changes,
    )
    given = changed.given
    region = await _region(write, given.region_code, "regionCode")
    authority_id, found = codes["authority_id"], None
    if "authority_code" in changed.fields:
        code = given.authority_code
        found = None if code is None else await _region(write, code, "registrationAuthorityCode")
        authority_id = None if found is None else found.id
    wanted = given.service_categories
    if "service_categories" in changed.fields and not set(
        wanted
    ) <= await registering.fetch_categories(write):
        raise Refused.because(
            UserErrorCode.INVALID, "serviceCategories", "Not a category of service here."
        )
    return _Wanted(changed, region, authority_id, found)


async def _region(write: Write, code: str | None, field: str) -> RegionFound:
    region = await registering.fetch_region(write, code or "")
    if region is None:
        raise Refused.because(UserErrorCode.NOT_FOUND, field, "No such region today.")
    return region


def _fields_of_others(act: Act, changed: Changed) -> list[UserError]:
    """What only the team itself changes."""
    if act.is_own or changed.fields <= OF_SUPERIORS:
        return []
    message = "A superior changes name, principal and contact alone."
    return [UserError(UserErrorCode.FIELD_LOCKED, None, message)]


async def _checks(
    write: Write, act: Act, wanted: _Wanted, code: str | None, entity: Entity
) -> list[UserError | None]:
    """What is wrong with the changes where the team stands."""
    changed = wanted.changed
    errors: list[UserError | None] = []
    if changed.touches_register:
        if code != changed.given.uscc or entity is None:
            raise Conflict
        errors.append(register_error(changed.given, entity))
    placing = _placing(act.team, wanted)
    if changed.touches_names:
        errors += await name_errors(write, placing)
    if "region_code" in changed.fields:
        errors.append(territory_error(placing))
        if wanted.region.province != (await _province(write, act.team.id)):
            errors.append(
                UserError(UserErrorCode.OTHER_STATION, "regionCode", "Of another province.")
            )
    if wanted.authority is not None:
        errors.append(filing_error(changed.given, wanted.region, wanted.authority))
    if act.is_own and act.team.status not in WORKING and KEY_COLUMNS & set(wanted.columns):
        message = f"A team that is {act.team.status.value} hands its registration in again."
        errors.append(UserError(UserErrorCode.WRONG_STATE, "teamId", message))
    return errors


async def _province(write: Write, team_id: int) -> str:
    return (await write.session.get_one(Team, team_id)).province


def _placing(team: TeamFacts, wanted: _Wanted) -> Placing:
    return Placing(given=wanted.changed.given, id=team.id, region=wanted.region, above=team.contact)


async def _change(write: Write, act: Act, wanted: _Wanted) -> Mapping[str, Json]:
    columns = wanted.columns
    key = {name for name in columns if name in KEY_COLUMNS} if act.is_own else set()
    before = await write.session.get_one(Team, act.team.id)
    waiting = {name: columns[name] for name in key if getattr(before, name) != columns[name]}
    at_once = {name: value for name, value in columns.items() if name not in key}
    found = warnings(_placing(act.team, wanted)) if "name" in wanted.changed.fields else ()
    await queries.set_columns(write, act.team.id, at_once)
    if at_once:
        write.record(await _updated(write, act, at_once))
    review_id = None
    if waiting:
        was = {name: getattr(before, name) for name in waiting}
        reviewer = _reviewer(act.team, wanted)
        review_id = await _ask(write, act, reviewer, waiting, was)
    return succeeded(act.team.id, review_id=review_id, warnings=found)


def _reviewer(team: TeamFacts, wanted: _Wanted) -> Reviewer:
    """Who decides; who goes on file somewhere is vouched for there."""
    office = wanted.authority
    if office is not None and wanted.changed.given.is_filed:
        return OfficeFacts(office.id, office.path)
    return reviewer_for(KIND, team) or team.office


async def _ask(
    write: Write, act: Act, reviewer: Reviewer, columns: Mapping[str, Json], was: Mapping[str, Json]
) -> int:
    """The id of the review; a change that still waited is taken back for this one."""
    team = act.team
    write.locking(Rank.REVIEW)
    superseded = await queries.withdraw_pending(write, team.id, KIND.value)
    change = {"values": columns, "before": was}
    review_id = await ask_reviewer(write, KIND, team.id, reviewer, change)
    if team.status is TeamStatus.ENABLED:
        await queries.let_wait(write, team.id)
    asked: dict[str, Json] = {
        "reviewId": review_id,
        "fields": [*sorted(columns)],
        "reviewer": kind_of(reviewer),
    }
    write.record(
        DomainEvent(
            name="team.change_requested",
            subject_type=SubjectType.TEAM,
            subject_id=team.id,
            because=act.because,
            payload=asked,
            detail={**asked, "superseded": [*superseded]},
            standing_of=await standing.accounts_of_teams(write, [team.id]),
        )
    )
    return review_id


async def _updated(write: Write, act: Act, columns: Mapping[str, Json]) -> DomainEvent:
    fields: dict[str, Json] = {"fields": [*sorted(columns)]}
    is_seen = "name" in columns  # an account's capacities carry it
    return DomainEvent(
        name="team.updated",
        subject_type=SubjectType.TEAM,
        subject_id=act.team.id,
        because=act.because,
        payload=fields,
        detail=fields,
        standing_of=await standing.accounts_of_teams(write, [act.team.id]) if is_seen else (),
    )
