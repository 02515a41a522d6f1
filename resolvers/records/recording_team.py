"""Naming the team that records a project of cooperating teams (Order 67 §26, DOMAIN §11.13).

Whoever recruits by itself records itself; a unit that cooperates with a volunteer organisation
leaves it to that one. A project says so by naming one team: no hour is recorded twice.
"""

from collections.abc import Mapping

from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries.entities import PROJECT, TEAM
from db.queries.records import recording_team
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserErrorCode
from permissions.gather import gather, gather_teams
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, require_account
from resolvers.outcomes import Outcome, succeeded


async def name_recording_team(
    database: Writable,
    viewer: Viewer,
    project_id: int,
    team_id: int | None,
    idempotency_key: str | None,
) -> Outcome:
    """The project, whose service another team records; None gives it back to its own.

    Raises:
        Unauthenticated, Forbidden: the viewer does not manage the project's team.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        if project_id not in await ids_in_scope(write, viewer, PROJECT, [project_id]):
            raise Refused.because(UserErrorCode.NOT_FOUND, "projectId", "No such project.")
        wanted = set() if team_id is None else {team_id}
        if not wanted <= await ids_in_scope(write, viewer, TEAM, wanted):
            raise Refused.because(UserErrorCode.NOT_FOUND, "teamId", "No such team.")
        await write.lock(Rank.PROJECT, [project_id])
        facts = (await gather(write, PROJECT.name, [project_id]))[project_id]
        decision = decide(Action.PROJECT_UPDATE, viewer, facts)
        if not decision.allowed:
            raise Forbidden(f"Only the project's team may name another: {decision.because}.")
        teams = await gather_teams(write, wanted)
        if any(not teams[each].works for each in wanted):
            raise Refused.because(UserErrorCode.TEAM_DISABLED, "teamId", "The team is stopped.")
        if await recording_team.is_recorded(write, project_id):
            raise Refused.because(
                UserErrorCode.WRONG_STATE, "projectId", "Service was recorded already."
            )
        named = None if team_id == facts.team.id else team_id
        await recording_team.name_team(write, project_id, named)
        write.record(
            DomainEvent(
                name="project.recording_team_named",
                subject_type=SubjectType.PROJECT,
                subject_id=project_id,
                because=decision.because,
                payload={"teamId": team_id},
                detail={"teamId": team_id},
            )
        )
        return succeeded(project_id)

    request = Request(
        action="nameRecordingTeam",
        key=idempotency_key,
        input={"project_id": project_id, "team_id": team_id},
    )
    return await perform(database, viewer, request, work)
