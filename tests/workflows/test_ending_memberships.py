"""A team that lets a member go, for a reason that the volunteer reads."""

from typing import Any

import pytest

from db.enums import MembershipStatus, PermissionGroup, TeamAdminRole
from db.models import Membership
from db.session import Database
from permissions.errors import Forbidden
from permissions.viewer import Viewer
from resolvers.membership_changes import end_membership
from resolvers.memberships import join_team
from resolvers.outcomes import Outcome
from tests.small_world import NOW, Planter
from tests.workflows.district import District


@pytest.fixture
async def team(shared: District) -> int:
    await shared.team("group", "community", shared.regions["community"])
    return shared.forest.teams["group"].id


async def member(
    planter: Planter, viewer: Viewer, team_id: int, status: MembershipStatus
) -> Membership:
    assert viewer.volunteer_id is not None
    membership = Membership(
        province="50",
        team_id=team_id,
        volunteer_id=viewer.volunteer_id,
        status=status,
        joined_at=NOW if status is MembershipStatus.JOINED else None,
    )
    await planter.add(membership)
    return membership


async def end(
    database: Database, viewer: Viewer, membership_id: int, reason: str = "长期不参加"
) -> Outcome:
    return await end_membership(database, viewer, membership_id, reason, None)


def codes(outcome: Outcome) -> list[tuple[str, str | None]]:
    return [(error.code.value, error.field) for error in outcome.errors]


async def test_member_is_let_go_for_a_reason_and_may_come_again(
    database: Database, db: Any, shared: District, team: int
) -> None:
    person = await shared.person()
    membership = await member(shared.planter, person, team, MembershipStatus.JOINED)
    manager = await shared.forest.manager("group")

    assert codes(await end(database, manager, membership.id)) == []

    row = await db.fetchrow("select * from memberships where id = $1", membership.id)
    assert (row["status"], row["end_reason"]) == ("LEFT", "长期不参加")
    assert row["left_at"] is not None
    detail = await db.fetchval(
        "select detail::text from audit_log where action = 'membership.ended' order by id desc"
    )
    assert "长期" not in detail
    again = await join_team(database, person, team, None)
    assert codes(again) == []
    row = await db.fetchrow("select * from memberships where id = $1", membership.id)
    assert (row["status"], row["end_reason"]) == ("APPLYING", None)


@pytest.mark.parametrize(
    "status",
    [each for each in MembershipStatus if each is not MembershipStatus.JOINED],
)
async def test_only_who_has_joined_is_let_go(
    database: Database, db: Any, shared: District, team: int, *, status: MembershipStatus
) -> None:
    person = await shared.person()
    membership = await member(shared.planter, person, team, status)

    outcome = await end(database, await shared.forest.manager("group"), membership.id)

    assert codes(outcome) in ([("NOT_MEMBER", "membershipId")], [("NOT_FOUND", "membershipId")])
    stored = await db.fetchval("select status from memberships where id = $1", membership.id)
    assert stored == status.value


async def test_team_with_the_right_lets_go_and_nobody_of_oneself(
    database: Database, db: Any, shared: District, team: int
) -> None:
    person = await shared.person()
    membership = await member(shared.planter, person, team, MembershipStatus.JOINED)
    forest = shared.forest
    for viewer in (
        await forest.manager("group", TeamAdminRole.RECORDER),
        await forest.manager("community"),
        await forest.officer(shared.regions["district"]),
        person,
    ):
        with pytest.raises(Forbidden):
            await end(database, viewer, membership.id)
    manager = await forest.manager("group")
    await db.execute(
        "update volunteers set account_id = $2 where id = $1",
        person.volunteer_id,
        manager.account_id,
    )
    with pytest.raises(Forbidden):
        await end(database, manager, membership.id)
    await db.execute("update volunteers set account_id = null where id = $1", person.volunteer_id)
    await db.execute(
        "update teams set permission_group = $2 where id = $1", team, PermissionGroup.PENDING.value
    )
    with pytest.raises(Forbidden):
        await end(database, manager, membership.id)


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("", ("REASON_REQUIRED", "reason")),
        ("因" * 501, ("TOO_LONG", "reason")),
        ("因\x07", ("INVALID", "reason")),
    ],
)
async def test_reason_is_given_in_a_line(
    database: Database, shared: District, team: int, *, reason: str, expected: tuple[str, str]
) -> None:
    person = await shared.person()
    membership = await member(shared.planter, person, team, MembershipStatus.JOINED)

    outcome = await end(database, await shared.forest.manager("group"), membership.id, reason)

    assert codes(outcome) == [expected]


async def test_hidden_and_missing_memberships_are_alike(
    database: Database, shared: District, team: int
) -> None:
    person = await shared.person()
    membership = await member(shared.planter, person, team, MembershipStatus.JOINED)
    other = await shared.forest.manager("other")

    for number in (membership.id, membership.id + 9_999):
        assert codes(await end(database, other, number)) == [("NOT_FOUND", "membershipId")]
