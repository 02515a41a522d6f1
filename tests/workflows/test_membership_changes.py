"""Leaving, inviting, answering, withdrawing."""

from datetime import date
from typing import Any

import pytest

from db.enums import (
    ConsentKind,
    InvitePolicy,
    MembershipStatus,
    PermissionGroup,
    SignUpStatus,
    TeamAdminRole,
    TeamStatus,
)
from db.models import Consent, Membership, Post, SignUp, Volunteer
from db.session import Database
from permissions.edges import Policy
from permissions.errors import Forbidden, Unauthenticated
from permissions.standing import fetch_standing
from permissions.viewer import PUBLIC, Viewer
from resolvers.consents import withdraw_consent
from resolvers.membership_changes import (
    Invitation,
    answer_invitation,
    invite_volunteer,
    leave_team,
)
from resolvers.memberships import join_team
from resolvers.outcomes import Outcome
from resolvers.review_decisions import Decided, decide_reviews
from resolvers.volunteer_leaving import withdraw_volunteer
from tests.db.forest import Forest
from tests.small_world import NOW, Planter


@pytest.fixture
async def forest(planter: Planter) -> Forest:
    forest = Forest(planter, await planter.region())
    await forest.plant("team")
    return forest


async def person(forest: Forest, **values: Any) -> tuple[Volunteer, Viewer]:
    """A volunteer, and the account that acts as one."""
    volunteer = await forest.planter.volunteer(forest.region, **values)
    assert volunteer.account_id is not None
    async with forest.planter.database.read() as snapshot:
        standing = await fetch_standing(snapshot, volunteer.account_id)
    return volunteer, standing.acting_as("volunteer")


async def invite(forest: Forest, viewer: Viewer, volunteer: Volunteer, **other: str) -> Outcome:
    given = {"volunteer_no": volunteer.volunteer_no, "name": volunteer.name, **other}
    invitation = Invitation(team_id=forest.teams["team"].id, **given)
    return await invite_volunteer(forest.planter.database, viewer, invitation, None)


async def state_of(db: Any, outcome: Outcome) -> str:
    status: str = await db.fetchval(
        "select status from memberships where id = $1", outcome.subject_id
    )
    return status


def codes(outcome: Outcome) -> list[str]:
    return [error.code.value for error in outcome.errors]


@pytest.mark.parametrize(
    ("accept", "then", "event"),
    [(True, "JOINED", "membership.joined"), (False, "DECLINED", "membership.declined")],
)
async def test_invited_volunteer_answers(
    database: Database, db: Any, forest: Forest, *, accept: bool, then: str, event: str
) -> None:
    volunteer, viewer = await person(forest)
    invited = await invite(forest, await forest.manager("team"), volunteer)
    waiting = await state_of(db, invited)
    assert invited.subject_id is not None

    answered = await answer_invitation(database, viewer, invited.subject_id, None, accept=accept)

    assert (waiting, await state_of(db, answered)) == ("INVITED", then)
    again = await answer_invitation(database, viewer, invited.subject_id, None, accept=True)
    assert codes(again) == ["NOT_INVITED"]
    told = await db.fetch(
        "select action from audit_log where subject_type = 'Membership' and subject_id = $1"
        " order by id",
        invited.subject_id,
    )
    assert [row["action"] for row in told] == ["membership.invited", event]


@pytest.mark.parametrize(
    ("policy", "status", "expected"),
    [
        (InvitePolicy.ACCEPT, "JOINED", []),
        (InvitePolicy.REFUSE, None, ["INVITATION_REFUSED"]),
    ],
)
async def test_policy_answers_beforehand(
    db: Any, forest: Forest, policy: InvitePolicy, status: str | None, expected: list[str]
) -> None:
    volunteer, _ = await person(forest, team_invite_policy=policy)

    invited = await invite(forest, await forest.manager("team"), volunteer)

    assert codes(invited) == expected
    stored = await db.fetchval(
        "select status from memberships where volunteer_id = $1", volunteer.id
    )
    assert stored == status


async def test_number_without_the_right_name_is_nobodys(forest: Forest) -> None:
    volunteer, _ = await person(forest)
    manager = await forest.manager("team")

    assert codes(await invite(forest, manager, volunteer, name="别人")) == ["NOT_FOUND"]
    assert codes(await invite(forest, manager, volunteer, volunteer_no="V0")) == ["NOT_FOUND"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (MembershipStatus.JOINED, ["ALREADY_MEMBER"]),
        (MembershipStatus.APPLYING, ["ALREADY_APPLIED"]),
        (MembershipStatus.INVITED, ["ALREADY_INVITED"]),
        (MembershipStatus.LEFT, []),
        (MembershipStatus.DECLINED, []),
        (MembershipStatus.REFUSED, []),
    ],
)
async def test_who_is_in_or_on_the_way_is_not_invited(
    forest: Forest, status: MembershipStatus, expected: list[str]
) -> None:
    volunteer, _ = await person(forest)
    await member(forest, volunteer, status)

    invited = await invite(forest, await forest.manager("team"), volunteer)

    assert codes(invited) == expected


async def member(forest: Forest, volunteer: Volunteer, status: MembershipStatus) -> None:
    await forest.planter.add(
        Membership(
            province="50",
            team_id=forest.teams["team"].id,
            volunteer_id=volunteer.id,
            status=status,
            joined_at=NOW if status is MembershipStatus.JOINED else None,
        )
    )


async def test_only_a_manager_of_a_working_team_with_the_right_invites(forest: Forest) -> None:
    volunteer, viewer = await person(forest)
    recorder = await forest.manager("team", TeamAdminRole.RECORDER)
    await forest.plant("pending", permission_group=PermissionGroup.PENDING)
    forest.teams["own"] = forest.teams["team"]
    forest.teams["team"] = forest.teams["pending"]
    unready = await forest.manager("team")

    with pytest.raises(Forbidden):
        await invite(forest, unready, volunteer)
    forest.teams["team"] = forest.teams["own"]
    for other in (recorder, viewer, await forest.manager("pending")):
        with pytest.raises(Forbidden):
            await invite(forest, other, volunteer)
    with pytest.raises(Unauthenticated):
        await invite(forest, PUBLIC, volunteer)


async def test_invitation_of_a_team_that_stopped_can_only_be_declined(
    database: Database, db: Any, forest: Forest
) -> None:
    volunteer, viewer = await person(forest)
    invited = await invite(forest, await forest.manager("team"), volunteer)
    assert invited.subject_id is not None
    await db.execute(
        "update teams set status = $2 where id = $1",
        forest.teams["team"].id,
        TeamStatus.DISABLED.value,
    )

    accepted = await answer_invitation(database, viewer, invited.subject_id, None, accept=True)
    declined = await answer_invitation(database, viewer, invited.subject_id, None, accept=False)

    assert codes(accepted) == ["NOT_FOUND"]
    assert await state_of(db, declined) == "DECLINED"


async def decide(forest: Forest, db: Any, applied: Outcome, *, approves: bool = True) -> list[str]:
    """What is wrong with the team's decision on an application."""
    review = await db.fetchval(
        "select id from reviews where subject_type = 'Membership' and subject_id = $1"
        " and state = 'PENDING'",
        applied.subject_id,
    )
    outcome = await decide_reviews(
        forest.planter.database,
        await forest.manager("team"),
        Decided(ids=[review], approves=approves, opinion="属实"),
        None,
        policy=Policy(),
        now=NOW,
    )
    return [error.code.value for item in outcome.items for error in item.errors]


async def consented(forest: Forest, child: Volunteer) -> Consent:
    consent = Consent(
        province="50", volunteer_id=child.id, kind=ConsentKind.GUARDIAN, purpose="参加志愿服务"
    )
    await forest.planter.add(consent)
    return consent


async def test_minor_is_let_in_only_while_a_guardian_consents(
    database: Database, db: Any, forest: Forest
) -> None:
    """DOMAIN §11.19: the consent may have been withdrawn since the application."""
    child, viewer = await person(forest, born_on=date(2013, 1, 1))
    consent = await consented(forest, child)
    applied = await join_team(database, viewer, forest.teams["team"].id, None)
    await withdraw_consent(database, viewer, consent.id, None)

    unguarded = await decide(forest, db, applied)
    waiting = await state_of(db, applied)
    await consented(forest, child)

    assert (unguarded, waiting) == (["GUARDIAN_REQUIRED"], "APPLYING")
    assert await decide(forest, db, applied) == []
    assert await state_of(db, applied) == "JOINED"


async def test_team_refuses_a_minor_without_a_guardian(
    database: Database, db: Any, forest: Forest
) -> None:
    child, viewer = await person(forest, born_on=date(2013, 1, 1))
    consent = await consented(forest, child)
    applied = await join_team(database, viewer, forest.teams["team"].id, None)
    await withdraw_consent(database, viewer, consent.id, None)

    assert await decide(forest, db, applied, approves=False) == []
    assert await state_of(db, applied) == "REFUSED"


async def test_policy_of_a_minor_lets_nobody_in_without_a_guardian(db: Any, forest: Forest) -> None:
    child, _ = await person(
        forest, born_on=date(2013, 1, 1), team_invite_policy=InvitePolicy.ACCEPT
    )
    manager = await forest.manager("team")

    unguarded = await invite(forest, manager, child)
    asked = await db.fetchval("select status from memberships where volunteer_id = $1", child.id)
    await consented(forest, child)

    assert [(error.code.value, error.field) for error in unguarded.errors] == [
        ("GUARDIAN_REQUIRED", "volunteerNo")
    ]
    assert asked is None
    assert await state_of(db, await invite(forest, manager, child)) == "JOINED"


@pytest.mark.parametrize(("days", "expected"), [(0, []), (1, ["GUARDIAN_REQUIRED"])])
async def test_from_the_eighteenth_birthday_on_nobody_else_consents(
    database: Database, db: Any, forest: Forest, days: int, expected: list[str]
) -> None:
    born_on = await db.fetchval(
        "select ((now() at time zone 'Asia/Shanghai')::date - interval '18 years')::date + $1::int",
        days,
    )
    policy = InvitePolicy.ACCEPT
    invited, _ = await person(forest, born_on=born_on, team_invite_policy=policy)
    child, viewer = await person(forest, born_on=born_on)
    consent = await consented(forest, child)
    applied = await join_team(database, viewer, forest.teams["team"].id, None)
    await withdraw_consent(database, viewer, consent.id, None)

    assert codes(await invite(forest, await forest.manager("team"), invited)) == expected
    assert await decide(forest, db, applied) == expected


async def test_invitation_of_another_is_missing(database: Database, forest: Forest) -> None:
    volunteer, _ = await person(forest)
    _, stranger = await person(forest)
    invited = await invite(forest, await forest.manager("team"), volunteer)
    assert invited.subject_id is not None

    answered = await answer_invitation(database, stranger, invited.subject_id, None, accept=True)

    assert codes(answered) == ["NOT_FOUND"]


async def test_member_leaves_and_application_is_taken_back(
    database: Database, db: Any, forest: Forest
) -> None:
    _, viewer = await person(forest)
    team_id = forest.teams["team"].id
    applied = await join_team(database, viewer, team_id, None)

    left = await leave_team(database, viewer, team_id, None)

    assert (left.subject_id, await state_of(db, left)) == (applied.subject_id, "LEFT")
    review = await db.fetchval(
        "select state from reviews where subject_id = $1 and kind = 'MEMBERSHIP'",
        applied.subject_id,
    )
    assert review == "WITHDRAWN"
    assert codes(await leave_team(database, viewer, team_id, None)) == ["NOT_MEMBER"]


async def test_volunteer_withdraws_from_everything_and_records_stay(
    database: Database, db: Any, forest: Forest
) -> None:
    volunteer, viewer = await person(forest)
    team = forest.teams["team"]
    await member(forest, volunteer, MembershipStatus.JOINED)
    record = await forest.planter.record(volunteer, team)
    project = await forest.planter.project(team)
    post = Post(province="50", project_id=project.id, post_no=1, name="岗位", planned=2, joined=1)
    await forest.planter.add(post)
    await forest.planter.add(
        SignUp(
            province="50",
            project_id=project.id,
            post_id=post.id,
            team_id=team.id,
            volunteer_id=volunteer.id,
            status=SignUpStatus.ACCEPTED,
        )
    )

    outcome = await withdraw_volunteer(database, viewer, None)

    assert outcome.errors == ()
    row = await db.fetchrow(
        "select v.status, m.status, s.status, p.joined, r.status from volunteers v"
        " join memberships m on m.volunteer_id = v.id join sign_ups s on s.volunteer_id = v.id"
        " join posts p on p.id = s.post_id join service_records r on r.volunteer_id = v.id"
        " where v.id = $1",
        volunteer.id,
    )
    assert tuple(row) == ("WITHDRAWN", "LEFT", "WITHDRAWN", 0, record.status.value)
    with pytest.raises(Forbidden):
        await withdraw_volunteer(database, viewer, None)
    with pytest.raises(Forbidden):
        await join_team(database, viewer, team.id, None)
