"""What a viewer is offered of projects and sign-ups is what the mutations then do."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import pytest

from db.enums import ProjectStatus, RecruitScope, SignUpStatus, StoppedBy
from db.models import Post
from permissions.actions import Action
from permissions.edges import Policy
from permissions.errors import Forbidden
from permissions.gather import gather
from permissions.offers import offered
from permissions.viewer import Viewer
from resolvers.project_states import (
    ProjectOrder,
    close_project,
    disable_project,
    enable_project,
    withdraw_project,
)
from resolvers.projects import update_project
from resolvers.sign_up_answers import (
    SignUpsDecided,
    answer_project_invitation,
    cancel_sign_up,
    change_post,
    decide_sign_ups,
)
from resolvers.sign_up_attendance import check_in, check_out
from resolvers.sign_ups import Application, ProjectInvitation, invite_to_project, sign_up
from tests.small_world import NOW
from tests.workflows.district import District
from tests.workflows.project_world import DAY, HOUR, SOON, ProjectWorld, item_codes

ENDS = SOON + 4 * HOUR
Act = Callable[[ProjectWorld, Viewer, int, datetime], Awaitable[bool]]


@pytest.fixture
async def world(shared: District, db: Any) -> ProjectWorld:
    return await ProjectWorld.of(shared, db)


async def is_offered(
    world: ProjectWorld, action: Action, viewer: Viewer, subject: tuple[str, int], now: datetime
) -> bool:
    async with world.database.read() as snapshot:
        entity, number = subject
        facts = await gather(snapshot, entity, [number], volunteer_id=viewer.volunteer_id)
    return offered(action, viewer, [facts[number]], now=now, policy=Policy())[0]


async def is_done(act: Awaitable[Any]) -> bool:
    """Whether a mutation did it; what its rule or the state forbids it does not."""
    try:
        outcome = await act
    except Forbidden:
        return False
    return not outcome.errors and all(not codes for codes in item_codes_of(outcome))


def item_codes_of(outcome: Any) -> Sequence[Sequence[str]]:
    return item_codes(outcome) if hasattr(outcome, "items") else ()


def _order(number: int) -> ProjectOrder:
    return ProjectOrder(project_id=number, reason="整改")


ON_PROJECTS: dict[Action, Act] = {
    Action.PROJECT_UPDATE: lambda world, viewer, number, now: is_done(
        update_project(world.database, viewer, number, {"description": "新"}, None, now=now)
    ),
    Action.PROJECT_SUBMIT: lambda world, viewer, number, now: is_done(
        world.submit(viewer, number, now=now)
    ),
    Action.PROJECT_WITHDRAW: lambda world, viewer, number, _: is_done(
        withdraw_project(world.database, viewer, number, None)
    ),
    Action.PROJECT_DISABLE: lambda world, viewer, number, _: is_done(
        disable_project(world.database, viewer, _order(number), None, policy=Policy())
    ),
    Action.PROJECT_ENABLE: lambda world, viewer, number, _: is_done(
        enable_project(world.database, viewer, _order(number), None, policy=Policy())
    ),
    Action.PROJECT_CLOSE: lambda world, viewer, number, _: is_done(
        close_project(world.database, viewer, _order(number), None)
    ),
}


@pytest.mark.parametrize("action", ON_PROJECTS)
async def test_what_is_offered_of_projects_is_done(world: ProjectWorld, action: Action) -> None:
    own, town = await world.manager(), await world.manager("town")
    _, person = await world.person()
    found: dict[tuple[str, str], tuple[bool, bool]] = {}

    for status in ProjectStatus:
        for name, viewer in (("own", own), ("town", town), ("person", person)):
            stopped = status is ProjectStatus.DISABLED
            project_id = await _complete(
                world,
                own,
                status=status,
                status_before=ProjectStatus.WAITING if stopped else None,
                stopped_by=StoppedBy.SUPERIOR if stopped else None,
            )
            offer = await is_offered(world, action, viewer, ("Project", project_id), NOW)
            done = await ON_PROJECTS[action](world, viewer, project_id, NOW)
            found[status.value, name] = offer, done

    assert {case: pair for case, pair in found.items() if pair[0] is not pair[1]} == {}
    assert any(offer for offer, _ in found.values())


async def _complete(world: ProjectWorld, manager: Viewer, **values: Any) -> int:
    """The id of a project of the state, with all that publishing asks for."""
    project_id = await world.draft(manager)
    await world.db.execute(
        "update projects set status = $2, status_before = $3, stopped_by = $4 where id = $1",
        project_id,
        *(None if value is None else value.value for value in values.values()),
    )
    return project_id


async def _to_another_post(world: ProjectWorld, viewer: Viewer, id: int, now: datetime) -> bool:
    other = await world.db.fetchval(
        "select o.id from sign_ups s join posts o on o.project_id = s.project_id"
        " and o.id <> s.post_id where s.id = $1",
        id,
    )
    return await is_done(change_post(world.database, viewer, id, other, None, now=now))


ON_SIGN_UPS: dict[Action, Act] = {
    Action.SIGN_UP_DECIDE: lambda world, viewer, number, now: is_done(
        decide_sign_ups(
            world.database, viewer, SignUpsDecided(ids=[number], accepts=True), None, now=now
        )
    ),
    Action.SIGN_UP_ANSWER: lambda world, viewer, number, now: is_done(
        answer_project_invitation(world.database, viewer, number, None, accepts=True, now=now)
    ),
    Action.SIGN_UP_CANCEL: lambda world, viewer, number, _: is_done(
        cancel_sign_up(world.database, viewer, number, "有变", None)
    ),
    Action.SIGN_UP_CHECK_IN: lambda world, viewer, number, now: is_done(
        check_in(world.database, viewer, number, None, now=now)
    ),
    Action.SIGN_UP_CHECK_OUT: lambda world, viewer, number, now: is_done(
        check_out(world.database, viewer, number, None, now=now)
    ),
    Action.SIGN_UP_CHANGE_POST: _to_another_post,
}


@pytest.mark.parametrize("now", [NOW, SOON + HOUR, ENDS], ids=["before", "during", "after"])
@pytest.mark.parametrize("action", ON_SIGN_UPS)
async def test_what_is_offered_of_sign_ups_is_done(
    world: ProjectWorld, action: Action, now: datetime
) -> None:
    _, (post, _) = await world.planted(places=(99, 99))
    manager = await world.manager()
    found: dict[tuple[str, str], tuple[bool, bool]] = {}

    for status in SignUpStatus:
        for name in ("own", "team"):
            volunteer, own = await world.person()
            row = await world.signed(volunteer, post, status)
            viewer = own if name == "own" else manager
            offer = await is_offered(world, action, viewer, ("SignUp", row.id), now)
            done = await ON_SIGN_UPS[action](world, viewer, row.id, now)
            found[status.value, name] = offer, done

    assert {case: pair for case, pair in found.items() if pair[0] is not pair[1]} == {}


async def test_check_out_is_offered_from_check_in_on(world: ProjectWorld) -> None:
    _, (post,) = await world.planted()
    volunteer, viewer = await world.person()
    row = await world.signed(volunteer, post, SignUpStatus.ACCEPTED)
    times = (SOON, SOON + HOUR, ENDS + 2 * HOUR, ENDS + 3 * HOUR)

    async def offers() -> list[tuple[bool, bool]]:
        return [
            (
                await is_offered(world, Action.SIGN_UP_CHECK_IN, viewer, ("SignUp", row.id), now),
                await is_offered(world, Action.SIGN_UP_CHECK_OUT, viewer, ("SignUp", row.id), now),
            )
            for now in times
        ]

    assert await offers() == [(True, False), (True, False), (False, False), (False, False)]
    await check_in(world.database, viewer, row.id, None, now=SOON)
    assert await offers() == [(False, True), (False, True), (False, True), (False, False)]
    await check_out(world.database, viewer, row.id, None, now=SOON + HOUR)
    assert (await offers())[1] == (True, False)


@pytest.mark.parametrize(
    ("values", "now"),
    [
        ({}, NOW),
        ({"recruit_starts_at": NOW + HOUR}, NOW),
        ({"recruit_ends_at": NOW}, NOW),
        ({}, ENDS),
        ({"status": ProjectStatus.CLOSED}, NOW),
        ({"status": ProjectStatus.RUNNING, "starts_at": NOW - DAY}, NOW),
        ({"status": ProjectStatus.MAKE_UP, "scope": RecruitScope.MAKE_UP}, NOW),
    ],
)
async def test_signing_up_and_inviting_are_offered_while_it_recruits(
    world: ProjectWorld, values: dict[str, Any], now: datetime
) -> None:
    project, (post,) = await world.planted(**values)
    manager = await world.manager()
    guest, _ = await world.person()
    _, viewer = await world.person()

    applies = await is_offered(world, Action.SIGN_UP_APPLY, viewer, ("Project", project.id), now)
    invites = await is_offered(world, Action.SIGN_UP_INVITE, manager, ("Project", project.id), now)

    assert applies == await is_done(_apply(world, viewer, post, now))
    invitation = ProjectInvitation(
        post_id=post.id, volunteer_no=guest.volunteer_no, name=guest.name
    )
    invited = invite_to_project(world.database, manager, invitation, None, now=now)
    assert invites == await is_done(invited)


async def _apply(world: ProjectWorld, viewer: Viewer, post: Post, now: datetime) -> Any:
    return await sign_up(world.database, viewer, Application(post_id=post.id), None, now=now)
