"""Making a project and changing it (DOMAIN §3.3, §6.2)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from db.clock import CHINA
from db.enums import ProjectStatus, RecruitScope
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.models import Project
from db.names import grams, sort_key
from db.numbers.business import project_no
from db.passwords import hash_password
from db.queries import projects as queries
from db.queries import registering
from db.queries.entities import TEAM
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserErrorCode
from permissions.gather import gather_teams
from permissions.viewer import Viewer
from resolvers.acting import (
    Refused,
    Request,
    ids_in_scope,
    perform,
    refuse_if_any,
    require_account,
)
from resolvers.acting_now import refreshed
from resolvers.outcomes import Outcome, succeeded
from resolvers.project_access import hold_project
from resolvers.project_changes import (
    DATES,
    LISTS,
    PLAIN,
    form_of,
    merged,
    new_date_errors,
    refuse_locked,
)
from resolvers.project_files import attach
from resolvers.project_form import ProjectForm, camel, date_errors, form_errors
from resolvers.project_posts import PostForm, insert_posts, posts_errors

OWN_ONLY = "Only a manager of the team may do that"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProject:
    """A project to make: its team, what is told of it, and its posts."""

    team_id: int
    form: ProjectForm
    posts: Sequence[PostForm] = ()


async def create_project(
    database: Writable,
    viewer: Viewer,
    given: NewProject,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The project, as a draft that its team alone sees.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the team and does not manage it.
    """
    require_account(viewer)
    form = given.form
    errors = [*form_errors(form), *date_errors(form, now), *posts_errors(given.posts)]
    if errors:
        return Outcome(errors=errors)
    hashed = await _hashed(form.password)

    async def work(write: Write) -> Mapping[str, Json]:
        await write.lock_tree()
        # SECURITY: a hidden team is a missing one, before anything is said of it.
        if given.team_id not in await ids_in_scope(write, viewer, TEAM, [given.team_id]):
            raise Refused.because(UserErrorCode.NOT_FOUND, "teamId", "No such team.")
        await write.lock(Rank.TEAM, [given.team_id], shared=True)
        teams = await gather_teams(write, [given.team_id])
        asking = await refreshed(write, viewer, teams) if _is_own(viewer, given.team_id) else viewer
        decision = decide(Action.PROJECT_CREATE, asking, teams[given.team_id])
        if not decision.allowed:
            raise Forbidden(f"{OWN_ONLY}: {decision.because}.")
        province, home = await queries.fetch_home(write, given.team_id)
        whole = form
        if not form.region_code:
            whole = replace(form, region_code=await queries.fetch_region_code(write, home))
        values = await _values(write, viewer, given.team_id, None, whole)
        project_id = await registering.next_id(write, "projects")
        await attach(write, project_id, given.team_id, None, whole)
        project = Project(
            id=project_id,
            province=province,
            project_no=project_no(whole.region_code, project_id, now.astimezone(CHINA).date()),
            team_id=given.team_id,
            status=ProjectStatus.DRAFT,
            no_review_password_hash=hashed,
            **values,
        )
        write.session.add(project)
        await write.session.flush()
        await queries.set_allowed_teams(write, project_id, form.allowed_team_ids)
        await queries.set_exclusions(write, project_id, form.exclusive_ids)
        await insert_posts(write, project_id, given.posts)
        write.record(_event("project.created", project_id, given.team_id, decision.because))
        return succeeded(project_id)

    told = {"team_id": given.team_id, **_as_input(asdict(form))}
    told["posts"] = [asdict(post) for post in given.posts]
    request = Request(action="createProject", key=idempotency_key, input=told)
    return await perform(database, viewer, request, work)


async def update_project(
    database: Writable,
    viewer: Viewer,
    project_id: int,
    changes: Mapping[str, Any],
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The project with the changes, named as in ``ProjectForm``; what is not named stays.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the project and does not manage its team.
    """
    require_account(viewer)
    hashed = await _hashed(changes.get("password"))

    async def work(write: Write) -> Mapping[str, Json]:
        held = await hold_project(write, viewer, project_id)
        because = held.require(Action.PROJECT_UPDATE, OWN_ONLY)
        refuse_locked(held.project.status, changes)
        project = await write.session.get_one(Project, project_id)
        before = await form_of(write, project)
        form = merged(before, changes)
        errors = [*form_errors(form)]
        if not DATES.isdisjoint(changes):
            errors += new_date_errors(form, changes, now, held.project.status)
        refuse_if_any(errors)
        team_id = held.project.team.id
        values = await _values(write, viewer, team_id, before, form, besides=project_id)
        await attach(write, project_id, team_id, before, form)
        for name, value in values.items():
            setattr(project, name, value)
        if form.scope is not RecruitScope.PASSWORD:
            project.no_review_password_hash = None
        elif hashed is not None:
            project.no_review_password_hash = hashed
        await write.session.flush()
        await queries.set_allowed_teams(write, project_id, form.allowed_team_ids)
        await queries.set_exclusions(write, project_id, form.exclusive_ids)
        names: list[Json] = [*sorted(camel(name) for name in changes)]
        write.record(_event("project.updated", project_id, team_id, because, fields=names))
        return succeeded(project_id)

    told = {"project_id": project_id, **_as_input(changes)}
    request = Request(action="updateProject", key=idempotency_key, input=told)
    return await perform(database, viewer, request, work)


async def _values(
    write: Write,
    viewer: Viewer,
    team_id: int,
    before: ProjectForm | None,
    form: ProjectForm,
    *,
    besides: int = 0,
) -> dict[str, Any]:
    """The columns of the row, once all that the form names was found.

    SECURITY: what is hidden from who asks is missing.
    """
    region = await registering.fetch_region(write, form.region_code)
    if region is None:
        raise Refused.because(UserErrorCode.NOT_FOUND, "regionCode", "No such region today.")
    # A category that was switched off since stays with what has it.
    kept = set(before.categories) if before is not None else set()
    if not set(form.categories) <= kept | await registering.fetch_categories(write):
        raise Refused.because(
            UserErrorCode.INVALID, "categories", "Not a category of service here."
        )
    old_teams = set(before.allowed_team_ids) if before is not None else set()
    new_teams = set(form.allowed_team_ids) - old_teams
    if new_teams - await ids_in_scope(write, viewer, TEAM, new_teams):
        raise Refused.because(UserErrorCode.NOT_FOUND, "allowedTeamIds", "No such team.")
    others = set(form.exclusive_ids)
    if others - await queries.fetch_own(write, team_id, others - {besides}):
        raise Refused.because(
            UserErrorCode.NOT_FOUND, "exclusiveProjectIds", "No such project of the team."
        )
    return {
        **{name: getattr(form, name) for name in PLAIN},
        **{name: [*getattr(form, name)] for name in LISTS},
        "sort_key": sort_key(form.name),
        "name_grams": grams(form.name),
        "region_id": region.id,
        "region_path": region.path,
        "min_minutes_required": form.min_minutes,
    }


def _is_own(viewer: Viewer, team_id: int) -> bool:
    return viewer.team is not None and viewer.team.id == team_id


async def _hashed(password: str | None) -> str | None:
    """The stored form of a password; hashing takes tens of milliseconds."""
    return None if password is None else await asyncio.to_thread(hash_password, password)


def _as_input(told: Mapping[str, Any]) -> dict[str, Any]:
    """What a repeat must bring again; six digits would be read off their hash in no time."""
    return {name: value for name, value in told.items() if name != "password"}


def _event(name: str, project_id: int, team_id: int, because: str, **detail: Json) -> DomainEvent:
    return DomainEvent(
        name=name,
        subject_type=SubjectType.PROJECT,
        subject_id=project_id,
        because=because,
        payload={"teamId": team_id, **detail},
        detail=detail,
    )
