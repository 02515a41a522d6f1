"""Legal persons as their register has them: a name that follows it, a stop when it is gone."""

from collections.abc import Mapping
from datetime import datetime

from db.enums import EntityStatus
from db.events import DomainEvent, Json, SubjectType
from db.models import Team
from db.queries import standing, team_registration
from db.queries.entities import TEAM
from db.queries.team_changes import set_columns
from db.write import Writable, Write
from permissions.actions import Action
from permissions.edges import Policy
from permissions.errors import Conflict, UserError, UserErrorCode
from permissions.facts import TeamFacts
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, require_account
from resolvers.outcomes import Outcome, succeeded
from resolvers.ports import LegalEntity, NoEntity, RegistrationDesk
from resolvers.rules.team_names import same_name
from resolvers.team_acts import find_team, lock_and_decide
from resolvers.team_placing import REGISTER_REFUSALS
from resolvers.team_states import stop_team

NOT_LEGAL = UserError(UserErrorCode.INVALID, "teamId", "The team is no legal person.")
NAME_TAKEN = UserError(
    UserErrorCode.NAME_TAKEN,
    "teamId",
    "Another team of the region is called as this one is registered.",
)
REGISTER = "register of legal persons"
STOPPED_BECAUSE: Mapping[EntityStatus, str] = {
    EntityStatus.DEREGISTERED: "法人已注销登记",
    EntityStatus.REVOKED: "法人登记证书已被撤销",
}


async def check_legal_person(
    database: Writable,
    viewer: Viewer,
    team_id: int,
    idempotency_key: str | None,
    *,
    desk: RegistrationDesk,
    policy: Policy,
    now: datetime,
) -> Outcome:
    """The team as its register has it: renamed with it, disabled once it is deregistered.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the team and may not change it.
        Conflict: the team's code changed while the register was asked.
    """
    require_account(viewer)
    code = await _code_of(database, viewer, team_id)
    entity = None if code is None else await desk.legal_entities.find(code)

    async def work(write: Write) -> Mapping[str, Json]:
        await find_team(write, viewer, team_id)
        team = await write.session.get_one(Team, team_id)
        await team_registration.lock_names(write, team.region_id, team.uscc)
        act = await lock_and_decide(
            write,
            viewer,
            team_id,
            Action.TEAM_UPDATE,
            policy=policy,
            otherwise="Only the team itself or its superior may have it checked",
        )
        if not act.team.is_legal:
            raise Refused(NOT_LEGAL)
        if entity is None or team.uscc != code:
            raise Conflict
        if isinstance(entity, NoEntity):
            raise Refused(REGISTER_REFUSALS[entity])
        if await is_name_taken(write, team, entity):
            raise Refused(NAME_TAKEN)
        await follow_register(write, act.team, team, entity, because=act.because, now=now)
        return succeeded(team_id)

    request = Request(action="checkLegalPerson", key=idempotency_key, input={"team_id": team_id})
    return await perform(database, viewer, request, work)


async def _code_of(database: Writable, viewer: Viewer, team_id: int) -> str | None:
    """The code to ask for, before anything is locked."""
    async with database.write(
        account_id=viewer.account_id, capacity=viewer.capacity, action="readTeam"
    ) as write:
        # SECURITY: nothing is asked about a team that the viewer may not see.
        if team_id not in await ids_in_scope(write, viewer, TEAM, [team_id]):
            return None
        return (await write.session.get_one(Team, team_id)).uscc


async def is_name_taken(write: Write, team: Team, entity: LegalEntity) -> bool:
    """Whether the registered name is new, and another team of the region is called so."""
    if not _is_renamed(team, entity):
        return False
    taken = await team_registration.fetch_names(write, team.region_id, besides=team.id)
    return same_name(entity.name, taken) is not None


async def follow_register(
    write: Write,
    facts: TeamFacts,
    team: Team,
    entity: LegalEntity,
    *,
    because: str,
    now: datetime,
    renames: bool = True,
) -> None:
    """Brings a team, under its locks and those of names, to what its register says of it."""
    renamed = renames and _is_renamed(team, entity)
    values: dict[str, object] = {"entity_status": entity.status, "entity_checked_at": now}
    if renamed:
        values["name"] = entity.name
    await set_columns(write, team.id, values)
    told: dict[str, Json] = {"entityStatus": entity.status.value, "renamed": renamed}
    write.record(
        DomainEvent(
            name="team.register_checked",
            subject_type=SubjectType.TEAM,
            subject_id=team.id,
            because=because,
            payload=told,
            detail=told,
            standing_of=await standing.accounts_of_teams(write, [team.id]) if renamed else (),
        )
    )
    if entity.status is not EntityStatus.NORMAL and facts.works:
        await stop_team(write, facts, STOPPED_BECAUSE[entity.status], REGISTER)


def _is_renamed(team: Team, entity: LegalEntity) -> bool:
    return entity.status is EntityStatus.NORMAL and entity.name != team.name
