"""Signing up, inviting, accepting, refusing, changing posts, ending."""

from datetime import date, timedelta
from typing import Any

import pytest

from db.enums import (
    ConsentKind,
    InvitePolicy,
    MembershipStatus,
    ProjectStatus,
    RecruitScope,
    SignUpStatus,
    TeamAdminRole,
    VolunteerStatus,
)
from db.models import Consent, Membership, Post, ProjectExclusion, ProjectTeam, Volunteer
from db.passwords import hash_password
from permissions.errors import Forbidden, InvalidInput, Unauthenticated
from permissions.viewer import PUBLIC, Viewer
from resolvers.outcomes import Outcome
from resolvers.sign_up_answers import (
    SignUpsDecided,
    SignUpsOutcome,
    answer_project_invitation,
    cancel_sign_up,
    change_post,
    decide_sign_ups,
)
from resolvers.sign_ups import Application, ProjectInvitation, invite_to_project, sign_up
from tests.small_world import NOW
from tests.workflows.district import District
from tests.workflows.project_world import DAY, HOUR, SOON, ProjectWorld, codes, item_codes

PASSWORD = "4711"
STORED = hash_password(PASSWORD)


@pytest.fixture
async def world(shared: District, db: Any) -> ProjectWorld:
    return await ProjectWorld.of(shared, db)


async def apply(
    world: ProjectWorld, viewer: Viewer, post: Post, password: str | None = None, **more: Any
) -> Outcome:
    application = Application(post_id=post.id, password=password)
    return await sign_up(
        world.database, viewer, application, more.get("key"), now=more.get("now", NOW)
    )


async def invite(
    world: ProjectWorld, viewer: Viewer, post: Post, volunteer: Volunteer, **other: str
) -> Outcome:
    given = {"volunteer_no": volunteer.volunteer_no, "name": volunteer.name, **other}
    invitation = ProjectInvitation(post_id=post.id, **given)
    return await invite_to_project(world.database, viewer, invitation, None, now=NOW)


async def decide(
    world: ProjectWorld, viewer: Viewer, *ids: int, accepts: bool = True, **more: Any
) -> SignUpsOutcome:
    decided = SignUpsDecided(ids=ids, accepts=accepts, reason=more.get("reason"))
    return await decide_sign_ups(world.database, viewer, decided, None, now=more.get("now", NOW))


async def answer(
    world: ProjectWorld, viewer: Viewer, sign_up_id: int, *, accepts: bool, **more: Any
) -> Outcome:
    return await answer_project_invitation(
        world.database, viewer, sign_up_id, None, accepts=accepts, now=more.get("now", NOW)
    )


async def test_volunteer_applies_and_the_team_accepts_or_refuses(world: ProjectWorld) -> None:
    _, (post,) = await world.planted()
    people = [await world.person() for _ in range(2)]
    manager = await world.manager()
    ids = [(await apply(world, viewer, post)).subject_id for _, viewer in people]
    assert ids[0] is not None
    assert ids[1] is not None

    assert item_codes(await decide(world, manager, ids[0])) == [[]]
    refused = await decide(world, manager, ids[1], accepts=False, reason="名额已定")
    assert item_codes(refused) == [[]]

    assert [await world.sign_up_status(each) for each in ids] == ["ACCEPTED", "REFUSED"]
    assert await world.joined(post) == 1
    again = await decide(world, manager, *ids, accepts=False)
    assert item_codes(again) == [["ALREADY_DECIDED"], ["ALREADY_DECIDED"]]
    row = await world.db.fetchrow("select reason from sign_ups where id = $1", ids[1])
    assert row["reason"] == "名额已定"


async def test_who_was_refused_or_left_may_come_again(world: ProjectWorld) -> None:
    _, (post,) = await world.planted()
    manager = await world.manager()
    _, viewer = await world.person()
    first = await apply(world, viewer, post)
    assert first.subject_id is not None
    await decide(world, manager, first.subject_id, accepts=False)

    second = await apply(world, viewer, post)
    assert (codes(second), second.subject_id) == ([], first.subject_id)
    await decide(world, manager, first.subject_id)
    left = await cancel_sign_up(world.database, viewer, first.subject_id, "临时有事", None)
    assert codes(left) == []
    assert await world.sign_up_status(first.subject_id) == "WITHDRAWN"
    assert await world.joined(post) == 0
    assert codes(await apply(world, viewer, post)) == []


async def test_second_sign_up_to_a_project_is_refused(world: ProjectWorld) -> None:
    _, (post, other) = await world.planted(places=(2, 2))
    _, viewer = await world.person()
    await apply(world, viewer, post)

    assert codes(await apply(world, viewer, post)) == [("ALREADY_SIGNED_UP", "postId")]
    assert codes(await apply(world, viewer, other)) == [("ALREADY_SIGNED_UP", "postId")]


@pytest.mark.parametrize(
    ("values", "now", "expected"),
    [
        ({}, NOW, None),
        ({"status": ProjectStatus.RUNNING}, NOW, None),
        ({"recruit_starts_at": NOW + HOUR}, NOW, "RECRUITMENT_NOT_STARTED"),
        ({"recruit_ends_at": NOW}, NOW, "RECRUITMENT_CLOSED"),
        ({"recruit_ends_at": None}, SOON + 4 * HOUR, "RECRUITMENT_CLOSED"),
        ({"status": ProjectStatus.CLOSED}, NOW, "RECRUITMENT_CLOSED"),
        (
            {"status": ProjectStatus.MAKE_UP, "scope": RecruitScope.MAKE_UP},
            NOW,
            "RECRUITMENT_CLOSED",
        ),
        ({"status": ProjectStatus.DRAFT}, NOW, "NOT_FOUND"),
        ({"status": ProjectStatus.PENDING}, NOW, "NOT_FOUND"),
        ({"status": ProjectStatus.REJECTED}, NOW, "NOT_FOUND"),
        ({"status": ProjectStatus.DISABLED}, NOW, "NOT_FOUND"),
    ],
)
async def test_people_sign_up_while_the_project_recruits(
    world: ProjectWorld, values: dict[str, Any], now: Any, expected: str | None
) -> None:
    _, (post,) = await world.planted(**values)
    _, viewer = await world.person()

    found = await apply(world, viewer, post, now=now)

    assert codes(found) == ([] if expected is None else [(expected, "postId")])


async def test_conditions_of_the_person_are_asked(world: ProjectWorld) -> None:
    _, (hours,) = await world.planted(min_minutes_required=600)
    _, (plain,) = await world.planted()

    _, few = await world.person(effective_minutes=599)
    assert codes(await apply(world, few, hours)) == [("HOURS_TOO_FEW", None)]
    _, enough = await world.person(effective_minutes=600)
    assert codes(await apply(world, enough, hours)) == []

    child, young = await world.person(born_on=date(2010, 5, 21))
    assert codes(await apply(world, young, plain)) == [("GUARDIAN_REQUIRED", None)]
    await world.planter.add(
        Consent(province="50", volunteer_id=child.id, kind=ConsentKind.GUARDIAN, purpose="报名")
    )
    assert codes(await apply(world, young, plain)) == []

    _, stopped = await world.person(status=VolunteerStatus.DISABLED)
    assert codes(await apply(world, stopped, plain)) == [("WRONG_STATE", None)]
    with pytest.raises(Forbidden):
        await apply(world, await world.manager(), plain)
    with pytest.raises(Unauthenticated):
        await apply(world, PUBLIC, plain)


async def test_withdrawn_consent_of_a_guardian_counts_no_more(world: ProjectWorld) -> None:
    _, (post,) = await world.planted()
    child, young = await world.person(born_on=date(2010, 5, 21))
    await world.planter.add(
        Consent(
            province="50",
            volunteer_id=child.id,
            kind=ConsentKind.GUARDIAN,
            purpose="报名",
            withdrawn_at=NOW,
        )
    )

    assert codes(await apply(world, young, post)) == [("GUARDIAN_REQUIRED", None)]


async def test_minor_is_not_brought_to_a_post_without_a_guardian(world: ProjectWorld) -> None:
    """Neither by a policy, nor by an answer, nor by the team, whoever asked before."""
    _, (post,) = await world.planted()
    manager = await world.manager()
    born_on = date(2010, 5, 21)
    willing, _ = await world.person(born_on=born_on, project_invite_policy=InvitePolicy.ACCEPT)
    asked, invited = await world.person(born_on=born_on)
    asking, _ = await world.person(born_on=born_on)
    invitation = await world.signed(asked, post, SignUpStatus.INVITED)
    application = await world.signed(asking, post, SignUpStatus.APPLIED)

    by_policy = await invite(world, manager, post, willing)
    by_answer = await answer_project_invitation(
        world.database, invited, invitation.id, None, accepts=True, now=NOW
    )
    decided = SignUpsDecided(ids=[application.id], accepts=True)
    by_team = await decide_sign_ups(world.database, manager, decided, None, now=NOW)

    assert (codes(by_policy), codes(by_answer)) == ([("GUARDIAN_REQUIRED", None)],) * 2
    assert item_codes(by_team) == [["GUARDIAN_REQUIRED"]]


async def test_only_members_of_listed_teams_sign_up_and_of_two_teams_once(
    world: ProjectWorld,
) -> None:
    """DOMAIN §11.21."""
    project, (post,) = await world.planted(scope=RecruitScope.TEAMS)
    teams = [world.team("community"), world.team("town")]
    await world.planter.add(
        *(ProjectTeam(project_id=project.id, team_id=team.id) for team in teams)
    )
    outsider, stranger = await world.person()
    member, viewer = await world.person()
    for team in teams:
        await world.planter.add(
            Membership(
                province="50",
                team_id=team.id,
                volunteer_id=member.id,
                status=MembershipStatus.JOINED,
                joined_at=NOW,
            )
        )
    await world.planter.add(
        Membership(
            province="50",
            team_id=teams[0].id,
            volunteer_id=outsider.id,
            status=MembershipStatus.APPLYING,
        )
    )

    assert codes(await apply(world, stranger, post)) == [("NOT_MEMBER", None)]
    assert codes(await apply(world, viewer, post)) == []
    assert codes(await apply(world, viewer, post)) == [("ALREADY_SIGNED_UP", "postId")]
    count = await world.db.fetchval(
        "select count(*) from sign_ups where volunteer_id = $1", member.id
    )
    assert count == 1


async def test_excluded_and_simultaneous_projects_are_refused(world: ProjectWorld) -> None:
    held, (held_post,) = await world.planted()
    _, (at_once_post,) = await world.planted(starts_at=SOON + 3 * HOUR, ends_at=SOON + 6 * HOUR)
    _, (after,) = await world.planted(starts_at=SOON + 4 * HOUR, ends_at=SOON + 6 * HOUR)
    _, (season,) = await world.planted(ends_at=SOON + 30 * DAY)
    rival, (rival_post,) = await world.planted(
        starts_at=SOON + 9 * DAY, ends_at=SOON + 9 * DAY + HOUR
    )
    await world.planter.add(
        ProjectExclusion(project_id=rival.id, other_id=held.id),
        ProjectExclusion(project_id=held.id, other_id=rival.id),
    )
    volunteer, viewer = await world.person()
    await world.signed(volunteer, held_post, SignUpStatus.ACCEPTED)

    assert codes(await apply(world, viewer, at_once_post)) == [("TIME_CONFLICT", None)]
    assert codes(await apply(world, viewer, rival_post)) == [("EXCLUDED", None)]
    assert codes(await apply(world, viewer, after)) == []
    assert codes(await apply(world, viewer, season)) == []


async def test_conflict_that_came_after_the_application_is_found_when_it_is_accepted(
    world: ProjectWorld,
) -> None:
    _, (one,) = await world.planted()
    _, (other,) = await world.planted()
    _, viewer = await world.person()
    manager = await world.manager()
    first, second = await apply(world, viewer, one), await apply(world, viewer, other)
    assert first.subject_id is not None
    assert second.subject_id is not None

    found = await decide(world, manager, first.subject_id, second.subject_id)

    assert item_codes(found) == [[], ["TIME_CONFLICT"]]
    assert await world.joined(other) == 0


async def test_full_post_takes_nobody_by_any_way(world: ProjectWorld) -> None:
    project, (post, other) = await world.planted(places=(1, 1))
    manager = await world.manager()
    waiting, viewer = await world.person()
    row = await world.signed(waiting, post, SignUpStatus.APPLIED)
    invited, guest = await world.person()
    invitation = await world.signed(invited, post, SignUpStatus.INVITED)
    await world.signed((await world.person())[0], post, SignUpStatus.ACCEPTED)

    assert codes(await apply(world, (await world.person())[1], post)) == [("FULL", "postId")]
    assert codes(await invite(world, manager, post, (await world.person())[0])) == [
        ("FULL", "postId")
    ]
    assert item_codes(await decide(world, manager, row.id)) == [["FULL"]]
    assert codes(await answer(world, guest, invitation.id, accepts=True)) == [("FULL", "postId")]
    mover = await world.signed((await world.person())[0], other, SignUpStatus.ACCEPTED)
    moved = await change_post(world.database, manager, mover.id, post.id, None, now=NOW)
    assert codes(moved) == [("FULL", "postId")]
    assert await world.joined(post) == 1
    assert await world.sign_up_status(row.id) == "APPLIED"
    assert project.id == post.project_id
    assert codes(await cancel_sign_up(world.database, viewer, row.id, None, None)) == []


async def test_right_password_admits_at_once_and_none_waits_for_the_team(
    world: ProjectWorld,
) -> None:
    _, (post,) = await world.planted(scope=RecruitScope.PASSWORD, no_review_password_hash=STORED)
    _, knowing = await world.person()
    _, unknowing = await world.person()

    admitted = await apply(world, knowing, post, PASSWORD)
    waiting = await apply(world, unknowing, post)

    assert await world.sign_up_status(admitted.subject_id) == "ACCEPTED"
    assert await world.sign_up_status(waiting.subject_id) == "APPLIED"
    assert await world.joined(post) == 1
    later = await apply(world, unknowing, post, PASSWORD)
    assert (codes(later), later.subject_id) == ([], waiting.subject_id)
    assert await world.sign_up_status(waiting.subject_id) == "ACCEPTED"


async def test_wrong_passwords_are_throttled_for_longer_and_longer(world: ProjectWorld) -> None:
    """DOMAIN §11.21."""
    _, (post,) = await world.planted(scope=RecruitScope.PASSWORD, no_review_password_hash=STORED)
    _, viewer = await world.person()
    wrong, throttled = [("PASSWORD_WRONG", "noReviewPassword")], [("THROTTLED", "noReviewPassword")]

    for _ in range(5):
        assert codes(await apply(world, viewer, post, "0000")) == wrong
    assert codes(await apply(world, viewer, post, PASSWORD)) == throttled
    later = NOW + timedelta(minutes=15)
    assert codes(await apply(world, viewer, post, "0001", now=later)) == wrong
    still = later + timedelta(minutes=29)
    assert codes(await apply(world, viewer, post, PASSWORD, now=still)) == throttled
    _, other = await world.person()
    assert codes(await apply(world, other, post, PASSWORD, now=still)) == []
    free = later + timedelta(minutes=30)
    assert codes(await apply(world, viewer, post, PASSWORD, now=free)) == []
    count = "select count(*) from project_password_tries where project_id = $1"
    assert await world.db.fetchval(count, post.project_id) == 0


async def test_password_is_asked_of_no_other_scope_and_kept_nowhere(world: ProjectWorld) -> None:
    _, (post,) = await world.planted()
    _, viewer = await world.person()

    found = await apply(world, viewer, post, "987654", key="one")

    assert await world.sign_up_status(found.subject_id) == "APPLIED"
    stored = await world.db.fetchval(
        "select string_agg(a::text, ' ') from (select detail::text from audit_log"
        " union all select payload::text from outbox"
        " union all select outcome::text from idempotency_keys) a"
    )
    assert "987654" not in stored


@pytest.mark.parametrize(
    ("policy", "then"),
    [(InvitePolicy.ASK, "INVITED"), (InvitePolicy.ACCEPT, "ACCEPTED"), (InvitePolicy.REFUSE, None)],
)
async def test_policy_answers_invitations_beforehand(
    world: ProjectWorld, policy: InvitePolicy, then: str | None
) -> None:
    _, (post,) = await world.planted()
    volunteer, _ = await world.person(project_invite_policy=policy)

    found = await invite(world, await world.manager(), post, volunteer)

    if then is None:
        assert codes(found) == [("INVITATION_REFUSED", "volunteerNo")]
    else:
        assert await world.sign_up_status(found.subject_id) == then
    assert await world.joined(post) == (1 if then == "ACCEPTED" else 0)


async def test_invited_volunteer_accepts_declines_or_signs_up(world: ProjectWorld) -> None:
    _, (post,) = await world.planted()
    manager = await world.manager()
    people = [await world.person() for _ in range(3)]
    ids = []
    for volunteer, _ in people:
        found = await invite(world, manager, post, volunteer)
        assert found.subject_id is not None
        ids.append(found.subject_id)

    assert codes(await answer(world, people[0][1], ids[0], accepts=True)) == []
    assert codes(await answer(world, people[1][1], ids[1], accepts=False)) == []
    met = await apply(world, people[2][1], post)

    assert (codes(met), met.subject_id) == ([], ids[2])
    found_states = [await world.sign_up_status(each) for each in ids]
    assert found_states == ["ACCEPTED", "DECLINED", "ACCEPTED"]
    assert await world.joined(post) == 2
    again = await answer(world, people[1][1], ids[1], accepts=True)
    assert codes(again) == [("NOT_INVITED", "signUpId")]
    assert codes(await invite(world, manager, post, people[1][0])) == []


async def test_invitation_meets_an_application(world: ProjectWorld) -> None:
    _, (post,) = await world.planted()
    volunteer, viewer = await world.person()
    applied = await apply(world, viewer, post)

    invited = await invite(world, await world.manager(), post, volunteer)

    assert invited.subject_id == applied.subject_id
    assert await world.sign_up_status(applied.subject_id) == "ACCEPTED"


async def test_number_without_the_right_name_is_nobodys(world: ProjectWorld) -> None:
    _, (post,) = await world.planted()
    volunteer, _ = await world.person()
    manager = await world.manager()

    expected = [("NOT_FOUND", "volunteerNo")]
    assert codes(await invite(world, manager, post, volunteer, name="别人")) == expected
    assert codes(await invite(world, manager, post, volunteer, volunteer_no="V0")) == expected


async def test_post_is_changed_inside_the_project_alone(world: ProjectWorld) -> None:
    _, (one, two) = await world.planted(places=(2, 2))
    _, (foreign,) = await world.planted()
    database, manager = world.database, await world.manager()
    volunteer, viewer = await world.person()
    row = await world.signed(volunteer, one, SignUpStatus.APPLIED)

    elsewhere = await change_post(database, viewer, row.id, foreign.id, None, now=NOW)
    assert codes(elsewhere) == [("NOT_FOUND", "postId")]
    same = await change_post(database, viewer, row.id, one.id, None, now=NOW)
    assert codes(same) == [("ALREADY_THERE", "postId")]
    assert codes(await change_post(database, viewer, row.id, two.id, None, now=NOW)) == []
    assert (await world.joined(one), await world.joined(two)) == (0, 0)
    await decide(world, manager, row.id)
    with pytest.raises(Forbidden):
        await change_post(database, viewer, row.id, one.id, None, now=NOW)
    assert codes(await change_post(database, manager, row.id, one.id, None, now=NOW)) == []
    assert (await world.joined(one), await world.joined(two)) == (1, 0)


async def test_either_side_ends_a_sign_up(world: ProjectWorld) -> None:
    _, (post,) = await world.planted(places=(9,))
    manager = await world.manager()
    ends: list[tuple[SignUpStatus, bool, str]] = [
        (SignUpStatus.APPLIED, True, "CANCELLED"),
        (SignUpStatus.INVITED, True, "DECLINED"),
        (SignUpStatus.ACCEPTED, True, "WITHDRAWN"),
        (SignUpStatus.APPLIED, False, "REFUSED"),
        (SignUpStatus.INVITED, False, "CANCELLED"),
        (SignUpStatus.ACCEPTED, False, "CANCELLED"),
    ]
    for status, by_owner, then in ends:
        volunteer, viewer = await world.person()
        row = await world.signed(volunteer, post, status)
        if not by_owner:
            unsaid = await cancel_sign_up(world.database, manager, row.id, None, None)
            assert codes(unsaid) == [("REASON_REQUIRED", "reason")]
        actor = viewer if by_owner else manager

        assert codes(await cancel_sign_up(world.database, actor, row.id, "有变", None)) == []

        assert await world.sign_up_status(row.id) == then
        again = await cancel_sign_up(world.database, actor, row.id, "有变", None)
        assert codes(again) == [("WRONG_STATE", "signUpId")]
    assert await world.joined(post) == 0


async def test_only_the_two_sides_act_and_a_stranger_finds_nothing(world: ProjectWorld) -> None:
    _, (post,) = await world.planted()
    volunteer, _ = await world.person()
    row = await world.signed(volunteer, post, SignUpStatus.APPLIED)
    _, stranger = await world.person()
    other, town = await world.manager("other"), await world.manager("town")
    database = world.database

    for viewer in (stranger, other):
        missing = [("NOT_FOUND", "signUpId")]
        assert codes(await cancel_sign_up(database, viewer, row.id, "x", None)) == missing
        assert codes(await change_post(database, viewer, row.id, post.id, None, now=NOW)) == missing
        assert item_codes(await decide(world, viewer, row.id)) == [["NOT_FOUND"]]
    assert item_codes(await decide(world, town, row.id)) == [["NOT_YOUR_REVIEW"]]
    with pytest.raises(Forbidden):
        await cancel_sign_up(database, town, row.id, "x", None)
    for viewer in (stranger, other, town):
        with pytest.raises(Forbidden):
            await invite(world, viewer, post, volunteer)
    recorder = await world.district.forest.manager("community", TeamAdminRole.RECORDER)
    assert item_codes(await decide(world, recorder, row.id)) == [[]]


async def test_manager_does_not_decide_the_own_application(world: ProjectWorld) -> None:
    _, (post,) = await world.planted()
    manager = await world.manager()
    volunteer, _ = await world.person(account_id=manager.account_id)
    row = await world.signed(volunteer, post, SignUpStatus.APPLIED)

    assert item_codes(await decide(world, manager, row.id)) == [["NOT_YOUR_REVIEW"]]


async def test_number_of_decisions_is_bounded(world: ProjectWorld) -> None:
    manager = await world.manager()

    for ids in ((), range(1, 202)):
        with pytest.raises(InvalidInput):
            await decide(world, manager, *ids)
    long = await decide(world, manager, 1, reason="x" * 501)
    assert codes(long) == [("TOO_LONG", "reason")]


async def test_nobody_is_accepted_after_the_project(world: ProjectWorld) -> None:
    _, (post,) = await world.planted()
    people = [await world.person() for _ in range(2)]
    applied = await world.signed(people[0][0], post, SignUpStatus.APPLIED)
    invited = await world.signed(people[1][0], post, SignUpStatus.INVITED)
    over = SOON + 4 * HOUR

    late = await decide(world, await world.manager(), applied.id, now=over)
    assert item_codes(late) == [["RECRUITMENT_CLOSED"]]
    answered = await answer(world, people[1][1], invited.id, accepts=True, now=over)
    assert codes(answered) == [("RECRUITMENT_CLOSED", "postId")]
    assert codes(await answer(world, people[1][1], invited.id, accepts=False, now=over)) == []
