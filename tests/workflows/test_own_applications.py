"""Nobody decides on their own application, in whatever capacity they come back (DOMAIN §4)."""

from typing import Any

import pytest

from db.enums import (
    EvaluationStatus,
    MembershipStatus,
    PermissionGroup,
    ReviewKind,
    ReviewState,
    SubmissionStatus,
    TeamAdminRole,
)
from db.models import (
    Account,
    Evaluation,
    Membership,
    Review,
    Submission,
    Team,
    TeamAdmin,
    Volunteer,
)
from db.models.base import Base
from db.session import Database
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import Policy
from permissions.errors import Forbidden
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.explaining import explain_access
from resolvers.moves import Wish, move_team
from resolvers.permission_groups import GroupWish, ask_permission_group, set_permission_group
from tests.db.forest import acting_as
from tests.small_world import NOW
from tests.workflows.district import District

G = PermissionGroup


@pytest.fixture
async def team(shared: District) -> int:
    await shared.team("group", "community", shared.regions["community"])
    return shared.forest.teams["group"].id


async def capacities(shared: District, *names: str) -> list[Viewer]:
    """One account in the capacities of several teams' managers."""
    account: Account = await shared.planter.account()
    teams = [shared.forest.teams[name] for name in names]
    manager = TeamAdminRole.MANAGER
    await shared.planter.add(
        *(
            TeamAdmin(province="50", team_id=each.id, account_id=account.id, role=manager)
            for each in teams
        )
    )
    return [await acting_as(shared.planter, account, f"team:{each.team_no}") for each in teams]


async def state_of(db: Any, review_id: int | None) -> str:
    found: str = await db.fetchval("select state from reviews where id = $1", review_id)
    return found


@pytest.mark.parametrize("given", [G.MIDDLE, G.JUNIOR_TEAM])
async def test_who_asked_for_a_group_as_the_team_does_not_set_one_as_its_hub(
    database: Database, db: Any, shared: District, team: int, given: PermissionGroup
) -> None:
    manager, district = await capacities(shared, "group", "district")
    wish = GroupWish(team_id=team, group=G.MIDDLE, reason="活动多")
    asked = await ask_permission_group(database, manager, wish, None, policy=Policy())
    order = GroupWish(team_id=team, group=given, reason="同意")

    with pytest.raises(Forbidden, match="own application"):
        await set_permission_group(database, district, order, None, policy=Policy())

    assert await state_of(db, asked.review_id) == "PENDING"
    colleague = await shared.forest.manager("district")
    done = await set_permission_group(database, colleague, order, None, policy=Policy())
    assert done.errors == ()


async def test_who_asked_for_a_move_as_the_team_does_not_force_it_as_its_superior(
    database: Database, db: Any, shared: District, team: int
) -> None:
    manager, city = await capacities(shared, "group", "city")
    town = shared.forest.teams["town"].id
    wish = Wish(team_id=team, contact_team_id=town, reason="调整")
    asked = await move_team(database, manager, wish, None, today=NOW.date())

    for to in ("town", "district"):
        forced = Wish(team_id=team, contact_team_id=shared.forest.teams[to].id, reason="同意")
        with pytest.raises(Forbidden):
            await move_team(database, city, forced, None, today=NOW.date())

    assert await state_of(db, asked.subject_id) == "PENDING"
    colleague = await shared.forest.manager("city")
    done = await move_team(database, colleague, wish, None, today=NOW.date())
    assert done.errors == ()
    assert await state_of(db, asked.subject_id) == "APPROVED"


async def test_refusal_of_what_one_asked_for_is_explained(
    database: Database, shared: District, team: int
) -> None:
    manager, city = await capacities(shared, "group", "city")
    town = shared.forest.teams["town"]
    wish = Wish(team_id=team, contact_team_id=town.id, reason="调整")
    moved = await move_team(database, manager, wish, None, today=NOW.date())
    higher = GroupWish(team_id=team, group=G.MIDDLE, reason="活动多")
    await ask_permission_group(database, manager, higher, None, policy=Policy())
    colleague, asked = await shared.forest.manager("city"), await shared.forest.manager("town")

    async def why(viewer: Viewer, action: Action, entity: str, number: int | None) -> list[str]:
        assert number is not None
        async with database.read() as snapshot:
            found = await explain_access(snapshot, viewer, action, entity, number, policy=Policy())
        assert found is not None
        return [step for step in found.steps if step.startswith(("It is to hang", "By the"))] + [
            found.because
        ]

    to = f"It is to hang under {town.name} (TOWN hub, group MIDDLE_QUICK, ENABLED)."
    move, group = ("Review", moved.subject_id), ("Team", team)
    assert await why(city, Action.TEAM_MOVE_FORCE, *move) == [to, "own application"]
    assert await why(colleague, Action.TEAM_MOVE_FORCE, *move) == [to, "superior of both"]
    marked = to.replace("ENABLED)", "ENABLED) (you act for it)")
    assert await why(asked, Action.TEAM_MOVE_ACCEPT, *move) == [marked, "contact team above"]
    assert await why(manager, Action.TEAM_MOVE, *move) == [to, "own team"]
    assert await why(asked, Action.REVIEW_DECIDE, *move) == ["contact team above"]
    assert await why(city, Action.TEAM_SET_GROUP, *group) == ["own application"]
    assert await why(colleague, Action.TEAM_SET_GROUP, *group) == ["hub above"]


SUBJECTS = ("Volunteer", "Membership", "ServiceRecord", "Evaluation", "Submission")


async def about(shared: District, subject: str, volunteer: Volunteer, team: Team) -> int:
    """The id of a row of the kind that is about the volunteer."""
    of = {"province": "50", "team_id": team.id, "volunteer_id": volunteer.id}
    row: Base
    match subject:
        case "Volunteer":
            return volunteer.id
        case "Membership":
            row = Membership(**of, status=MembershipStatus.APPLYING)
        case "ServiceRecord" | "Evaluation":
            record = await shared.planter.record(volunteer, team)
            if subject == "ServiceRecord":
                return record.id
            row = Evaluation(**of, record_id=record.id, score=5, status=EvaluationStatus.PENDING)
        case _:
            author = volunteer.account_id
            status = SubmissionStatus.SUBMITTED
            row = Submission(
                **of, author_account_id=author, title="好人好事", body="正文", status=status
            )
    await shared.planter.add(row)
    number: int = row.id  # type: ignore[attr-defined]
    return number


@pytest.mark.parametrize("subject", SUBJECTS)
async def test_nobody_decides_on_what_is_about_themselves_whoever_handed_it_in(
    database: Database, shared: District, team: int, subject: str
) -> None:
    """Own hours that a colleague entered late, an own phone asked for without signing in, …"""
    reviewer, colleague = await capacities(shared, "community"), await capacities(shared, "town")
    volunteer = await shared.planter.volunteer(
        shared.regions["community"], account_id=reviewer[0].account_id
    )
    of = shared.forest.teams["group"]
    review = Review(
        province="50",
        kind=ReviewKind.LATE_HOURS,
        state=ReviewState.PENDING,
        subject_type=subject,
        subject_id=await about(shared, subject, volunteer, of),
        team_id=team,
        reviewer_team_id=shared.forest.teams["community"].id,
        change={},
    )
    await shared.planter.add(review)
    async with database.read() as snapshot:
        facts = (await gather(snapshot, "Review", [review.id]))[review.id]

    found = [
        decide(Action.REVIEW_DECIDE, viewer, facts, policy=Policy()).because
        for viewer in (*reviewer, *colleague)
    ]

    assert found[0] == "own application"
    assert found[1].startswith("quick review of")
