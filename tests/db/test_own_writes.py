"""What a volunteer writes: the own profile, and applications to teams."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from db.enums import InvitePolicy, MembershipStatus, TeamStatus, VolunteerStatus
from db.errors import DatabaseRefusal
from db.models import Membership, ServiceCategory, Team, Volunteer
from db.session import Database
from permissions.errors import (
    Forbidden,
    IdempotencyKeyReused,
    InvalidInput,
    Unauthenticated,
    client_error,
)
from permissions.viewer import PUBLIC, Role, Viewer
from resolvers.memberships import join_team
from resolvers.outcomes import Outcome
from resolvers.profile import ProfileChanges, update_profile
from tests.servers import Databases
from tests.small_world import NOW, Planter, connected, empty_station


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with Database(url) as database:
        yield database


@pytest.fixture
async def planter(database: Database) -> Planter:
    return Planter(database)


@pytest.fixture
async def observer(url: str) -> AsyncIterator[Any]:
    async with connected(url) as connection:
        yield connection


@pytest.fixture
async def volunteer(planter: Planter) -> Volunteer:
    return await planter.volunteer(await planter.region(), nickname="旧名")


@pytest.fixture
async def team(planter: Planter) -> Team:
    return await planter.team(await planter.region())


def viewer_of(volunteer: Volunteer) -> Viewer:
    return Viewer(role=Role.VOLUNTEER, account_id=volunteer.account_id, volunteer_id=volunteer.id)


def codes(outcome: Outcome) -> list[tuple[str, str | None]]:
    return [(error.code.value, error.field) for error in outcome.errors]


async def stored(observer: Any, volunteer: Volunteer) -> dict[str, Any]:
    row = await observer.fetchrow("select * from volunteers where id = $1", volunteer.id)
    return dict(row)


async def test_profile_changes_are_stored_and_their_names_audited(
    database: Database, planter: Planter, observer: Any, volunteer: Volunteer
) -> None:
    await planter.add(ServiceCategory(code="CARE", name="关爱", position=1))
    changes: ProfileChanges = {
        "nickname": " 新名 ",
        "mobile_public": True,
        "address": "",
        "skills": ["急救", " 急救", "", "手语"],
        "service_categories": ["CARE"],
        "team_invite_policy": InvitePolicy.REFUSE,
    }

    outcome = await update_profile(database, viewer_of(volunteer), changes, "k")

    assert (outcome.subject_id, outcome.errors) == (volunteer.id, ())
    assert outcome.consistency_token is not None
    row = await stored(observer, volunteer)
    assert {name: row[name] for name in changes} == {
        "nickname": "新名",
        "mobile_public": True,
        "address": None,
        "skills": ["急救", "手语"],
        "service_categories": ["CARE"],
        "team_invite_policy": "REFUSE",
    }
    assert row["updated_at"] > volunteer.updated_at
    written = await observer.fetch(
        "select payload::text from outbox where subject_id = $1"
        " union all select detail::text from audit_log where subject_id = $1",
        volunteer.id,
    )
    assert len(written) == 2
    for (text,) in written:
        assert "新名" not in text
        assert '"nickname"' in text


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"nickname": "x" * 21}, [("TOO_LONG", "nickname")]),
        ({"nickname": "a\nb"}, [("INVALID", "nickname")]),
        ({"nickname": "a\u202eb"}, [("INVALID", "nickname")]),
        ({"nickname": "a\ud800"}, [("INVALID", "nickname")]),
        ({"nickname": "a\x00b"}, [("INVALID", "nickname")]),
        ({"mobile": "12812345678"}, [("INVALID", "mobile")]),
        ({"mobile": "138123456789"}, [("INVALID", "mobile")]),
        ({"mobile": "１3812345678"}, [("INVALID", "mobile")]),
        ({"email": "a@b"}, [("INVALID", "email")]),
        ({"email": "a" * 255 + "@b.cn"}, [("TOO_LONG", "email")]),
        ({"skills": ["x" * 31, "\x07"]}, [("TOO_LONG", "skills"), ("INVALID", "skills")]),
        ({"skills": [str(n) for n in range(21)]}, [("TOO_LONG", "skills")]),
        ({"service_categories": ["NONE"]}, [("INVALID", "serviceCategories")]),
        (
            {"nickname": "x" * 21, "mobile": "1"},
            [("TOO_LONG", "nickname"), ("INVALID", "mobile")],
        ),
    ],
)
async def test_senseless_profile_changes_nothing(
    database: Database,
    observer: Any,
    volunteer: Volunteer,
    changes: ProfileChanges,
    expected: list[tuple[str, str]],
) -> None:
    before = await stored(observer, volunteer)

    outcome = await update_profile(database, viewer_of(volunteer), changes, "k")
    again = await update_profile(database, viewer_of(volunteer), changes, "k")

    assert codes(outcome) == expected
    assert outcome.subject_id is None
    assert again.errors == outcome.errors
    assert await stored(observer, volunteer) == before


async def test_repeat_answers_without_writing_again(
    database: Database, observer: Any, volunteer: Volunteer
) -> None:
    viewer = viewer_of(volunteer)
    await update_profile(database, viewer, {"nickname": "一"}, "k1")
    await update_profile(database, viewer, {"nickname": "二"}, "k2")

    repeat = await update_profile(database, viewer, {"nickname": "一"}, "k1")

    assert repeat.subject_id == volunteer.id
    assert (await stored(observer, volunteer))["nickname"] == "二"
    with pytest.raises(DatabaseRefusal) as refusal:
        await update_profile(database, viewer, {"nickname": "三"}, "k1")
    assert isinstance(client_error(refusal.value), IdempotencyKeyReused)


@pytest.mark.parametrize("key", ["", "x" * 201, "a\x00", "a\ud800"])
async def test_key_that_cannot_be_stored_is_invalid(
    database: Database, volunteer: Volunteer, key: str
) -> None:
    with pytest.raises(InvalidInput, match="1 to 200"):
        await update_profile(database, viewer_of(volunteer), {"nickname": "一"}, key)


async def test_only_a_volunteer_in_good_standing_writes(
    database: Database, planter: Planter, observer: Any, volunteer: Volunteer, team: Team
) -> None:
    withdrawn = await planter.volunteer(await planter.region(), status=VolunteerStatus.WITHDRAWN)
    acting = Viewer(role=Role.TEAM, account_id=volunteer.account_id, volunteer_id=volunteer.id)
    refusals = [
        (PUBLIC, Unauthenticated),
        (acting, Forbidden),
        (Viewer(role=Role.VOLUNTEER, account_id=volunteer.account_id), Forbidden),
        (viewer_of(withdrawn), Forbidden),
    ]

    for viewer, error in refusals:
        with pytest.raises(error):
            await update_profile(database, viewer, {"nickname": "一"}, None)
        with pytest.raises(error):
            await join_team(database, viewer, team.id, None)

    assert (await stored(observer, volunteer))["nickname"] == "旧名"
    assert not await observer.fetchval(
        "select count(*) from memberships where team_id = $1", team.id
    )


async def test_application_waits_in_the_teams_own_queue(
    database: Database, observer: Any, volunteer: Volunteer, team: Team
) -> None:
    outcome = await join_team(database, viewer_of(volunteer), team.id, "k")
    again = await join_team(database, viewer_of(volunteer), team.id, "k")

    assert outcome.errors == ()
    assert again.subject_id == outcome.subject_id
    membership = await observer.fetchrow(
        "select id, province, status, joined_at from memberships"
        " where team_id = $1 and volunteer_id = $2",
        team.id,
        volunteer.id,
    )
    assert tuple(membership) == (outcome.subject_id, "50", "APPLYING", None)
    reviews = await observer.fetch(
        "select kind, state, subject_type, team_id, reviewer_team_id, applicant_account_id"
        " from reviews where subject_id = $1",
        outcome.subject_id,
    )
    assert [tuple(row) for row in reviews] == [
        ("MEMBERSHIP", "PENDING", "Membership", team.id, team.id, volunteer.account_id)
    ]
    events = await observer.fetch(
        "select event from outbox where subject_type = 'Membership' and subject_id = $1",
        outcome.subject_id,
    )
    assert [row[0] for row in events] == ["membership.applied"]


@pytest.mark.parametrize(
    ("before", "after", "refusal"),
    [
        (MembershipStatus.JOINED, "JOINED", "ALREADY_MEMBER"),
        (MembershipStatus.APPLYING, "APPLYING", "ALREADY_APPLIED"),
        (MembershipStatus.INVITED, "JOINED", None),
        (MembershipStatus.REFUSED, "APPLYING", None),
        (MembershipStatus.DECLINED, "APPLYING", None),
        (MembershipStatus.LEFT, "APPLYING", None),
    ],
)
async def test_joining_starts_from_where_the_membership_stands(
    *,
    database: Database,
    planter: Planter,
    observer: Any,
    volunteer: Volunteer,
    team: Team,
    before: MembershipStatus,
    after: str,
    refusal: str | None,
) -> None:
    await planter.add(
        Membership(
            province="50",
            team_id=team.id,
            volunteer_id=volunteer.id,
            status=before,
            joined_at=NOW,
            left_at=NOW,
        )
    )

    outcome = await join_team(database, viewer_of(volunteer), team.id, None)

    assert codes(outcome) == ([(refusal, "teamId")] if refusal else [])
    row = await observer.fetchrow(
        "select id, status, joined_at is not null as joined, left_at from memberships"
        " where team_id = $1",
        team.id,
    )
    assert row["status"] == after
    assert row["joined"] is (after == "JOINED" or refusal is not None)
    reviews = await observer.fetchval(
        "select count(*) from reviews where subject_id = $1", row["id"]
    )
    assert reviews == (1 if after == "APPLYING" and not refusal else 0)


async def test_missing_and_hidden_teams_answer_alike(
    database: Database, planter: Planter, volunteer: Volunteer
) -> None:
    region = await planter.region()
    hidden = [
        (await planter.team(region, status=status)).id
        for status in TeamStatus
        if status not in (TeamStatus.ENABLED, TeamStatus.CHANGE_PENDING)
    ]

    outcomes = [
        await join_team(database, viewer_of(volunteer), team_id, None)
        for team_id in (*hidden, 1, 2**62)
    ]

    assert len({outcome.errors for outcome in outcomes}) == 1
    assert codes(outcomes[0]) == [("NOT_FOUND", "teamId")]


async def test_twenty_applications_at_once_make_one(
    database: Database, observer: Any, volunteer: Volunteer, team: Team
) -> None:
    outcomes = await asyncio.gather(
        *(join_team(database, viewer_of(volunteer), team.id, None) for _ in range(20))
    )

    refused = [codes(outcome) for outcome in outcomes if outcome.errors]
    assert refused == [[("ALREADY_APPLIED", "teamId")]] * 19
    assert await observer.fetchval("select count(*) from reviews where team_id = $1", team.id) == 1
