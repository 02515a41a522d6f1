"""Dissolving a team: its successor, the teams below, what waited, what it recorded."""

from dataclasses import replace
from typing import Any

import pytest

from db.enums import (
    CertificateStatus,
    MembershipStatus,
    PermissionGroup,
    ProjectStatus,
    RecordStatus,
    RegistrationStatus,
    ReviewKind,
    ReviewState,
    TeamKind,
)
from db.models import Membership, Review
from db.session import Database
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import Policy
from permissions.errors import CapacityNotHeld, Forbidden
from permissions.facts import CertificateFacts, ReviewFacts
from permissions.gather import gather_teams
from permissions.standing import fetch_standing
from permissions.viewer import Viewer
from resolvers.outcomes import Outcome
from resolvers.team_dissolution import Dissolution, dissolve_team
from resolvers.team_registration import register_team
from tests.small_world import NOW
from tests.workflows.desk import DESK
from tests.workflows.district import District, unknown_code


@pytest.fixture
async def district(shared: District) -> District:
    """The community has a team that takes teams, with one below and one that may succeed it."""
    region = shared.regions["community"]
    taking = PermissionGroup.JUNIOR_TEAM
    await shared.team("ending", "community", region, permission_group=taking)
    await shared.team("heir", "community", region, permission_group=taking)
    await shared.team("below", "ending", region)
    return shared


async def dissolve(
    database: Database,
    viewer: Viewer,
    team_id: int,
    successor_id: int | None = None,
    reason: str = "合并",
) -> Outcome:
    given = Dissolution(team_id=team_id, reason=reason, successor_id=successor_id)
    return await dissolve_team(database, viewer, given, None, policy=Policy(), now=NOW)


def codes(outcome: Outcome) -> list[tuple[str, str | None]]:
    return [(error.code.value, error.field) for error in outcome.errors]


def ids(district: District, *names: str) -> list[int]:
    return [district.forest.teams[name].id for name in names]


async def test_successor_takes_the_teams_below_and_what_waited(
    database: Database, db: Any, district: District
) -> None:
    ending, heir, below = ids(district, "ending", "heir", "below")
    asked = await register_team(
        database,
        await district.person(),
        DESK,
        district.group(name=f"候{district.serial}志愿服务队", contact_team_id=ending),
        None,
        now=NOW,
    )
    assert codes(asked) == []

    outcome = await dissolve(database, await district.forest.manager("community"), ending, heir)

    assert codes(outcome) == []
    row = await db.fetchrow("select * from teams where id = $1", ending)
    assert (row["status"], row["successor_id"], row["status_reason"]) == ("DISSOLVED", heir, "合并")
    child = await db.fetchrow("select * from teams where id = $1", below)
    assert child["contact_team_id"] == heir
    assert child["path"] == f"{district.forest.teams['heir'].path}{below}/"
    history = await db.fetch(
        "select contact_team_id, is_forced from team_attachments where team_id = $1 order by id",
        below,
    )
    assert [tuple(each) for each in history] == [(ending, False), (heir, True)]
    review = await db.fetchrow("select * from reviews where id = $1", asked.subject_id)
    new = await db.fetchrow("select * from teams where id = $1", review["team_id"])
    assert (review["reviewer_team_id"], new["contact_team_id"]) == (heir, heir)


async def test_without_a_successor_the_team_above_is_it(
    database: Database, db: Any, district: District
) -> None:
    ending, below, hub = ids(district, "ending", "below", "community")

    await dissolve(database, await district.forest.manager("town"), ending)

    row = await db.fetchrow("select successor_id from teams where id = $1", ending)
    child = await db.fetchrow("select contact_team_id from teams where id = $1", below)
    assert (row["successor_id"], child["contact_team_id"]) == (hub, hub)


async def test_successor_that_takes_no_teams_leaves_them_to_the_team_above(
    database: Database, db: Any, district: District
) -> None:
    await district.team("small", "community", district.regions["community"])
    ending, small, below, hub = ids(district, "ending", "small", "below", "community")

    await dissolve(database, await district.forest.manager("community"), ending, small)

    child = await db.fetchrow("select contact_team_id from teams where id = $1", below)
    assert child["contact_team_id"] == hub


async def test_one_of_the_teams_below_can_succeed_and_the_others_go_up(
    database: Database, db: Any, district: District
) -> None:
    ending, below, hub = ids(district, "ending", "below", "community")

    assert (
        codes(await dissolve(database, await district.forest.manager("community"), ending, below))
        == []
    )

    child = await db.fetchrow("select contact_team_id from teams where id = $1", below)
    assert child["contact_team_id"] == hub


async def test_members_projects_and_wishes_end_with_the_team(
    database: Database, db: Any, district: District
) -> None:
    team, planter = district.forest.teams["ending"], district.planter
    running = await planter.project(team, status=ProjectStatus.RUNNING)
    waiting = await planter.project(team, status=ProjectStatus.PENDING)
    person = await district.person()
    assert person.volunteer_id is not None
    membership = Membership(
        province="50",
        team_id=team.id,
        volunteer_id=person.volunteer_id,
        status=MembershipStatus.JOINED,
        joined_at=NOW,
    )
    await planter.add(membership)
    wishes = [
        Review(
            province="50",
            kind=kind,
            state=ReviewState.PENDING,
            subject_type=subject,
            subject_id=number,
            team_id=team.id,
            reviewer_team_id=reviewer,
        )
        for kind, subject, number, reviewer in (
            (ReviewKind.TEAM_CHANGE, "Team", team.id, district.forest.teams["community"].id),
            (ReviewKind.MEMBERSHIP, "Membership", membership.id, team.id),
            (ReviewKind.RECORD_APPLICATION, "ServiceRecord", team.id, team.id),
        )
    ]
    await planter.add(*wishes)
    heir = district.forest.teams["heir"].id

    await dissolve(database, await district.forest.manager("community"), team.id, heir)

    statuses = await db.fetch(
        "select status from projects where id = any($1::bigint[]) order by id",
        [running.id, waiting.id],
    )
    assert [row["status"] for row in statuses] == ["DISABLED", "DRAFT"]
    row = await db.fetchrow("select * from memberships where id = $1", membership.id)
    assert (row["status"], row["end_reason"]) == ("LEFT", "队伍已解散")
    reviews = await db.fetch(
        "select state, reviewer_team_id from reviews where id = any($1::bigint[]) order by id",
        [each.id for each in wishes],
    )
    assert [row["state"] for row in reviews] == ["WITHDRAWN", "WITHDRAWN", "PENDING"]
    assert reviews[2]["reviewer_team_id"] == heir


async def test_successor_certifies_and_decides_what_the_team_recorded(
    database: Database, district: District
) -> None:
    team, forest = district.forest.teams["ending"], district.forest
    volunteer = await district.planter.volunteer(district.regions["community"])
    await district.planter.record(volunteer, team, status=RecordStatus.APPLIED)
    heir = await forest.manager("heir")

    await dissolve(database, await forest.manager("community"), team.id, forest.teams["heir"].id)

    async with database.read() as snapshot:
        teams = await gather_teams(snapshot, [team.id, forest.teams["heir"].id])
    facts, heir_facts = teams[team.id], teams[forest.teams["heir"].id]
    certificate = CertificateFacts(
        id=1, team=facts, volunteer_id=volunteer.id, status=CertificateStatus.REQUESTED
    )
    assert decide(Action.CERTIFICATE_ISSUE, heir, certificate).allowed
    below = await forest.manager("below")
    assert not decide(Action.CERTIFICATE_ISSUE, below, certificate).allowed
    waiting = ReviewFacts(
        id=1,
        team=facts,
        kind=ReviewKind.RECORD_APPLICATION,
        state=ReviewState.PENDING,
        reviewer=heir_facts,
        applicant_account_id=None,
    )
    assert decide(Action.REVIEW_DECIDE, heir, waiting, policy=Policy()).allowed
    assert not decide(Action.REVIEW_DECIDE, below, waiting, policy=Policy()).allowed
    joining = replace(waiting, kind=ReviewKind.MEMBERSHIP)
    assert not decide(Action.REVIEW_DECIDE, heir, joining, policy=Policy()).allowed


async def test_successor_of_the_successor_succeeds_both(
    database: Database, db: Any, district: District
) -> None:
    ending, heir, hub = ids(district, "ending", "heir", "community")
    superior = await district.forest.manager("community")

    await dissolve(database, superior, ending, heir)
    await dissolve(database, superior, heir)

    rows = await db.fetch(
        "select successor_id from teams where id = any($1::bigint[])", [ending, heir]
    )
    assert [row["successor_id"] for row in rows] == [hub, hub]


async def test_branches_of_a_dissolved_organisation_answer_to_its_registration_authority(
    database: Database, db: Any, district: District
) -> None:
    office = district.regions["district"]
    await district.team(
        "legal",
        None,
        office,
        kind=TeamKind.ORGANIZATION,
        registration_status=RegistrationStatus.LEGAL_PERSON,
        registration_authority_id=office.id,
        uscc=unknown_code(),
        permission_group=PermissionGroup.MIDDLE,
    )
    legal = district.forest.teams["legal"]
    await district.team("branch", "legal", office)
    branch = district.forest.teams["branch"].id
    await db.execute("update teams set branch_of_id = $2 where id = $1", branch, legal.id)
    asked = Review(
        province="50",
        kind=ReviewKind.TEAM_CHANGE,
        state=ReviewState.PENDING,
        subject_type="Team",
        subject_id=branch,
        team_id=branch,
        reviewer_team_id=legal.id,
    )
    await district.planter.add(asked)
    officer = await district.forest.officer(office)

    alone = await dissolve(database, officer, legal.id)
    done = await dissolve(database, officer, legal.id, district.forest.teams["heir"].id)

    assert codes(alone) == [("REQUIRED", "successorId")]
    assert codes(done) == []
    row = await db.fetchrow("select * from teams where id = $1", branch)
    assert (row["contact_team_id"], row["branch_of_id"]) == (legal.id, legal.id)
    review = await db.fetchrow("select * from reviews where id = $1", asked.id)
    assert (review["reviewer_team_id"], review["reviewer_region_id"]) == (None, office.id)


async def test_account_of_a_dissolved_team_cannot_act(
    database: Database, district: District
) -> None:
    team, manager = district.forest.teams["ending"], await district.forest.manager("ending")
    await dissolve(database, await district.forest.manager("community"), team.id)

    assert manager.account_id is not None
    async with database.read() as snapshot:
        standing = await fetch_standing(snapshot, manager.account_id)
    with pytest.raises(CapacityNotHeld):
        standing.acting_as(f"team:{team.team_no}")


async def test_superior_or_department_dissolves_and_nobody_else(
    database: Database, district: District
) -> None:
    ending = district.forest.teams["ending"].id
    for viewer in (
        await district.forest.manager("ending"),
        await district.forest.manager("heir"),
        await district.forest.manager("other"),
        await district.forest.officer(district.regions["other"]),
        await district.person(),
    ):
        with pytest.raises(Forbidden):
            await dissolve(database, viewer, ending)


async def test_bad_input_is_refused_with_its_field(database: Database, district: District) -> None:
    ending = district.forest.teams["ending"].id
    superior = await district.forest.manager("community")

    assert codes(await dissolve(database, superior, ending, reason="")) == [
        ("REASON_REQUIRED", "reason")
    ]
    assert codes(await dissolve(database, superior, ending, reason="因" * 501)) == [
        ("TOO_LONG", "reason")
    ]
    assert codes(await dissolve(database, superior, ending, reason="因\x01")) == [
        ("INVALID", "reason")
    ]
    assert codes(await dissolve(database, superior, ending, ending)) == [("INVALID", "successorId")]
    assert codes(await dissolve(database, superior, ending, ending + 9999)) == [
        ("NOT_FOUND", "successorId")
    ]
    assert codes(await dissolve(database, superior, ending + 9999)) == [("NOT_FOUND", "teamId")]
    assert codes(await dissolve(database, superior, ending)) == []
    assert codes(await dissolve(database, superior, ending)) == [("WRONG_STATE", "teamId")]
