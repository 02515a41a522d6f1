"""Signing up to a project: by the volunteer, by its password, by invitation (DOMAIN §6.3)."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from db.enums import InvitePolicy, RecruitScope, SignUpStatus
from db.events import Json
from db.passwords import verify_password
from db.queries import project_posts, sign_up_passwords
from db.queries import sign_ups as queries
from db.queries.entities import POST
from db.queries.sign_ups import Recruiting
from db.write import Writable, Write
from permissions.actions import Action
from permissions.errors import Conflict, UserError, UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import (
    Refused,
    Request,
    ids_in_scope,
    perform,
    refuse_if_any,
    require_account,
)
from resolvers.outcomes import Outcome, refused, succeeded
from resolvers.profile import require_volunteer
from resolvers.project_access import hold_project
from resolvers.rules.sign_ups import (
    CLOSED,
    PASSWORD_WRONG,
    THROTTLED,
    after_failure,
    is_paused,
    recruitment_error,
)
from resolvers.sign_up_access import sign_up_event
from resolvers.sign_up_joining import NO_SUCH_POST, Brought, bring

NO_SUCH_VOLUNTEER = UserError(
    UserErrorCode.NOT_FOUND, "volunteerNo", "No volunteer has this number and this name."
)
TAKES_NONE = UserError(
    UserErrorCode.INVITATION_REFUSED, "volunteerNo", "The volunteer takes no such invitations."
)
NAMES = {
    SignUpStatus.APPLIED: "applied",
    SignUpStatus.INVITED: "invited",
    SignUpStatus.ACCEPTED: "accepted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The post that a volunteer wants, and the project's password if there was one told."""

    post_id: int
    password: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectInvitation:
    """Whom a team wants for a post; number and name together, so that none can be tried."""

    post_id: int
    volunteer_no: str
    name: str


@dataclass(frozen=True, slots=True)
class _Knows:
    """What became of comparing a password, outside any lock; None while tries are paused."""

    is_right: bool | None
    stored: str | None


async def sign_up(
    database: Writable,
    viewer: Viewer,
    application: Application,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The sign-up: applied for, or accepted by the right password or an invitation before.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer.
        Conflict: the password was changed at this moment.
    """
    volunteer_id = require_volunteer(viewer)
    knows = await _compare(database, application, volunteer_id, now)

    async def work(write: Write) -> Mapping[str, Json]:
        project_id = await _project_of(write, viewer, application.post_id)

        async def own() -> list[int]:
            return [volunteer_id]

        held = await hold_project(write, viewer, project_id, volunteers=own)
        project = await queries.fetch_project(write, project_id)
        refuse_if_any([recruitment_error(project, now)])
        if not held.project.team.works:
            raise Refused(CLOSED)
        because = held.require(Action.SIGN_UP_APPLY, "Only a volunteer signs up")
        by_password = knows is not None and project.scope is RecruitScope.PASSWORD
        if knows is not None and by_password:
            # Not raised: a wrong try is written down.
            if error := await _password_error(write, project, volunteer_id, knows, now):
                return refused(error)
            because = "no-review password"
        brought = await bring(
            write,
            project,
            volunteer_id,
            application.post_id,
            entry=SignUpStatus.APPLIED,
            accept=by_password,
            now=now,
        )
        await _tell(write, brought, because)
        return succeeded(brought.id)

    # Six digits would be read off their hash in no time; whether they were right tells as much.
    told = {"post_id": application.post_id, "password": None if knows is None else knows.is_right}
    request = Request(action="signUp", key=idempotency_key, input=told)
    return await perform(database, viewer, request, work)


async def invite_to_project(
    database: Writable,
    viewer: Viewer,
    invitation: ProjectInvitation,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The sign-up: waiting for the volunteer, or accepted by a policy that says so beforehand.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the project and does not manage its team.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        project_id = await _project_of(write, viewer, invitation.post_id)

        async def invited() -> list[int]:
            found = await queries.fetch_invited(write, invitation.volunteer_no, invitation.name)
            return [found[0]] if found else []

        held = await hold_project(write, viewer, project_id, volunteers=invited)
        because = held.require(Action.SIGN_UP_INVITE, "Only a manager of the team invites")
        project = await queries.fetch_project(write, project_id)
        refuse_if_any([recruitment_error(project, now)])
        found = await queries.fetch_invited(write, invitation.volunteer_no, invitation.name)
        if found is None:
            raise Refused(NO_SUCH_VOLUNTEER)
        volunteer_id, policy = found
        if policy is InvitePolicy.REFUSE:
            raise Refused(TAKES_NONE)
        brought = await bring(
            write,
            project,
            volunteer_id,
            invitation.post_id,
            entry=SignUpStatus.INVITED,
            accept=policy is InvitePolicy.ACCEPT,
            now=now,
        )
        await _tell(write, brought, because)
        return succeeded(brought.id)

    request = Request(
        action="inviteToProject",
        key=idempotency_key,
        input={
            "post_id": invitation.post_id,
            "volunteer_no": invitation.volunteer_no,
            "name": invitation.name,
        },
    )
    return await perform(database, viewer, request, work)


async def _project_of(write: Write, viewer: Viewer, post_id: int) -> int:
    """The project of a post that the viewer sees.

    SECURITY: a hidden post is a missing one, before anything is said of it.
    """
    seen = await ids_in_scope(write, viewer, POST, [post_id])
    project_id = await project_posts.fetch_project_of(write, post_id) if seen else None
    if project_id is None:
        raise Refused(NO_SUCH_POST)
    return project_id


async def _compare(
    database: Writable, application: Application, volunteer_id: int, now: datetime
) -> _Knows | None:
    """What became of a password that was told; what is not there is compared with as long."""
    if application.password is None:
        return None
    stored, paused_until = await sign_up_passwords.fetch_stored(
        database.engine, application.post_id, volunteer_id
    )
    if paused_until is not None and now < paused_until:
        return _Knows(None, stored)
    verdict = await asyncio.to_thread(verify_password, stored, application.password)
    return _Knows(verdict.ok, stored)


async def _password_error(
    write: Write, project: Recruiting, volunteer_id: int, knows: _Knows, now: datetime
) -> UserError | None:
    """Why the password lets nobody in; a wrong try is counted, a right one ends the count.

    SECURITY: the pause is looked at again under the volunteer's lock, so that many tries at once
    are worth no more than one after another.
    """
    tries = await sign_up_passwords.fetch_tries(write, project.id, volunteer_id)
    if knows.is_right is None or is_paused(tries, now):
        return THROTTLED
    if knows.stored != project.password_hash:
        raise Conflict
    if knows.is_right:
        if tries.failures:
            await sign_up_passwords.forget_tries(write, project.id, volunteer_id)
        return None
    await sign_up_passwords.store_failure(
        write, project.id, volunteer_id, after_failure(tries, now)
    )
    return PASSWORD_WRONG


async def _tell(write: Write, brought: Brought, because: str) -> None:
    row = (await queries.fetch(write, [brought.id]))[brought.id]
    write.record(sign_up_event(NAMES[brought.status], row, because))
