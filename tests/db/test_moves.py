"""Moves of teams: asked for, answered, forced; what follows, and what is refused."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from db.enums import HubLevel, PermissionGroup, RegistrationStatus, TeamAdminRole, TeamStatus
from db.models import Review, TeamViewLink
from db.models.teams import MAX_DEPTH
from db.session import Database
from permissions.edges import Policy
from permissions.errors import Forbidden, Unauthenticated
from permissions.viewer import PUBLIC, Viewer
from resolvers.moves import Answer, Wish, answer_move, move_team
from resolvers.outcomes import Outcome
from tests.db.forest import Forest
from tests.servers import Databases
from tests.small_world import Planter, connected, empty_station

TODAY = date(2026, 5, 20)


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
async def db(url: str) -> AsyncIterator[Any]:
    async with connected(url) as connection:
        yield connection


@pytest.fixture
async def forest(database: Database) -> Forest:
    """Two districts with a town each; a community, and a team with a team below it, in the east."""
    planter = Planter(database)
    forest = Forest(planter, await planter.region())
    await forest.plant("city", hub_level=HubLevel.CITY)
    for side in ("east", "west"):
        await forest.plant(side, "city", hub_level=HubLevel.DISTRICT)
        await forest.plant(f"{side} town", side, hub_level=HubLevel.TOWN)
    await forest.plant("community", "east town", hub_level=HubLevel.COMMUNITY)
    await forest.plant("team", "community", permission_group=PermissionGroup.JUNIOR_TEAM)
    await forest.plant("group", "team")
    return forest


async def move(
    forest: Forest, viewer: Viewer, team: str, to: str, reason: str | None = None, **more: Any
) -> Outcome:
    wish = Wish(team_id=forest.teams[team].id, contact_team_id=forest.teams[to].id, reason=reason)
    key, today = more.get("key"), more.get("today", TODAY)
    return await move_team(forest.planter.database, viewer, wish, key, today=today)


async def answer(
    forest: Forest,
    viewer: Viewer,
    asked: Outcome,
    *,
    accept: bool,
    opinion: str | None = None,
    policy: Policy = Policy(),  # noqa: B008 - a value
) -> Outcome:
    assert asked.subject_id is not None
    given = Answer(review_id=asked.subject_id, accept=accept, opinion=opinion)
    return await answer_move(
        forest.planter.database, viewer, given, None, policy=policy, today=TODAY
    )


def codes(outcome: Outcome) -> list[tuple[str, str | None]]:
    return [(error.code.value, error.field) for error in outcome.errors]


async def path_of(db: Any, forest: Forest, name: str) -> list[str]:
    """The names on the stored path, root first."""
    names = {team.id: known for known, team in forest.teams.items()}
    path = await db.fetchval("select path from teams where id = $1", forest.teams[name].id)
    return [names[int(step)] for step in path.rstrip("/").split("/")]


async def review_of(db: Any, outcome: Outcome) -> dict[str, Any]:
    return dict(await db.fetchrow("select * from reviews where id = $1", outcome.subject_id))


async def test_team_asks_and_new_contact_team_takes_it_with_all_below(
    db: Any, forest: Forest
) -> None:
    epoch = await db.fetchval("select tree_epoch from installation")
    asked = await move(forest, await forest.manager("team"), "team", "west town", "搬迁")

    waiting = await review_of(db, asked)
    assert (waiting["state"], waiting["reviewer_team_id"]) == (
        "PENDING",
        forest.teams["west town"].id,
    )
    assert await path_of(db, forest, "team") == [
        "city", "east", "east town", "community", "team"
    ]  # fmt: skip

    taken = await answer(
        forest, await forest.manager("west town", TeamAdminRole.REVIEWER), asked, accept=True
    )

    assert taken.errors == ()
    assert await path_of(db, forest, "group") == ["city", "west", "west town", "team", "group"]
    rows = await db.fetch(
        "select depth, contact_team_id from teams where id = any($1::bigint[]) order by depth",
        [forest.teams["team"].id, forest.teams["group"].id],
    )
    assert [tuple(row) for row in rows] == [
        (4, forest.teams["west town"].id),
        (5, forest.teams["team"].id),
    ]
    decided = await review_of(db, asked)
    assert (decided["state"], decided["decided_as"]) == (
        "APPROVED",
        f"team:{forest.teams['west town'].team_no}",
    )
    assert await db.fetchval("select tree_epoch from installation") == epoch + 1


async def test_history_says_where_team_and_those_below_hung_on_any_day(
    db: Any, forest: Forest
) -> None:
    city = await forest.manager("city")
    await move(forest, city, "team", "west town", "整合")
    await move(forest, city, "team", "west", "再整合", today=TODAY + timedelta(days=3))

    for name, above in (("team", ["east town", "west town", "west"]), ("group", ["team"] * 3)):
        rows = await db.fetch(
            "select * from team_attachments where team_id = $1 order by valid_from, id",
            forest.teams[name].id,
        )
        if name == "team":
            above[0] = "community"
        assert [row["contact_team_id"] for row in rows] == [forest.teams[n].id for n in above]
        assert [(row["valid_from"], row["valid_to"]) for row in rows[1:]] == [
            (TODAY, TODAY + timedelta(days=3)),
            (TODAY + timedelta(days=3), None),
        ]
        assert rows[0]["valid_to"] == TODAY
        assert [(row["is_forced"], row["reason"]) for row in rows[1:]] == [
            (True, "整合"),
            (True, "再整合"),
        ]
        assert rows[-1]["path"] == await db.fetchval(
            "select path from teams where id = $1", forest.teams[name].id
        )


async def test_refused_move_leaves_team_where_it_hangs(db: Any, forest: Forest) -> None:
    asked = await move(forest, await forest.manager("team"), "team", "west town")

    no = await answer(
        forest, await forest.manager("west town"), asked, accept=False, opinion="地域不符"
    )

    assert no.errors == ()
    review = await review_of(db, asked)
    assert (review["state"], review["opinion"]) == ("REJECTED", "地域不符")
    assert (await path_of(db, forest, "team"))[-2:] == ["community", "team"]
    again = await answer(forest, await forest.manager("west town"), asked, accept=True)
    assert codes(again) == [("ALREADY_DECIDED", "reviewId")]


async def test_asking_another_team_withdraws_what_still_waited(db: Any, forest: Forest) -> None:
    manager = await forest.manager("team")
    first = await move(forest, manager, "team", "west town")
    same = await move(forest, manager, "team", "west town")
    second = await move(forest, manager, "team", "west")

    assert codes(same) == [("ALREADY_APPLIED", "contactTeamId")]
    assert (await review_of(db, first))["state"] == "WITHDRAWN"
    assert (await review_of(db, second))["state"] == "PENDING"


async def test_repeated_key_answers_with_the_first_review(db: Any, forest: Forest) -> None:
    city = await forest.manager("city")
    first = await move(forest, city, "team", "west town", "整合", key="k")
    again = await move(forest, city, "team", "west town", "整合", key="k")

    assert again.subject_id == first.subject_id
    assert (
        await db.fetchval(
            "select count(*) from reviews where team_id = $1", forest.teams["team"].id
        )
        == 1
    )


async def test_superior_of_both_forces_with_a_reason_and_settles_what_waited(
    db: Any, forest: Forest
) -> None:
    asked = await move(forest, await forest.manager("team"), "team", "west town")
    city = await forest.manager("city")

    without = await move(forest, city, "team", "west town", " ")
    forced = await move(forest, city, "team", "west town", "整合")

    assert codes(without) == [("REASON_REQUIRED", "reason")]
    assert forced.subject_id == asked.subject_id
    review = await review_of(db, forced)
    assert (review["state"], review["opinion"]) == ("APPROVED", "整合")
    assert (await path_of(db, forest, "team"))[-2:] == ["west town", "team"]


async def test_forced_move_elsewhere_withdraws_what_waited(db: Any, forest: Forest) -> None:
    asked = await move(forest, await forest.manager("team"), "team", "west town")
    forced = await move(forest, await forest.manager("city"), "team", "west", "整合")

    assert (await review_of(db, asked))["state"] == "WITHDRAWN"
    assert (await review_of(db, forced))["state"] == "APPROVED"


async def test_department_over_both_forces_and_one_over_neither_may_not(
    db: Any, forest: Forest
) -> None:
    near = await forest.plant("near", "community", permission_group=PermissionGroup.JUNIOR_TEAM)
    assert near.region_path == forest.region.path

    with pytest.raises(Forbidden):
        await move(
            forest,
            await forest.officer(await forest.planter.region()),
            "group",
            "near",
            "整合",
        )
    done = await move(forest, await forest.officer(forest.region), "group", "near", "整合")

    assert done.errors == ()
    assert (await path_of(db, forest, "group"))[-2:] == ["near", "group"]


@pytest.mark.parametrize("who", ["east", "west", "community", "group"])
async def test_team_that_is_not_above_both_may_not_force(forest: Forest, who: str) -> None:
    with pytest.raises(Forbidden):
        await move(forest, await forest.manager(who), "team", "west town", "整合")


async def test_recorder_may_neither_ask_nor_answer(forest: Forest) -> None:
    with pytest.raises(Forbidden):
        await move(
            forest, await forest.manager("team", TeamAdminRole.RECORDER), "team", "west town"
        )
    asked = await move(forest, await forest.manager("team"), "team", "west town")
    answered = await answer(
        forest, await forest.manager("west town", TeamAdminRole.RECORDER), asked, accept=True
    )
    assert codes(answered) == [("NOT_YOUR_REVIEW", "reviewId")]


async def test_nobody_answers_an_application_of_their_own(forest: Forest) -> None:
    manager = await forest.manager("team")
    asked = await move(forest, manager, "team", "west town")
    taker = await forest.manager("west town")
    both = replace(taker, account_id=manager.account_id)

    answered = await answer(forest, both, asked, accept=True)

    assert codes(answered) == [("NOT_YOUR_REVIEW", "reviewId")]


async def test_old_contact_team_does_not_answer(forest: Forest) -> None:
    asked = await move(forest, await forest.manager("team"), "team", "west town")

    answered = await answer(forest, await forest.manager("community"), asked, accept=True)

    assert codes(answered) == [("NOT_YOUR_REVIEW", "reviewId")]


async def test_whoever_is_outside_is_told_of_no_review(forest: Forest) -> None:
    asked = await move(forest, await forest.manager("team"), "team", "west town")

    answered = await answer(forest, await forest.manager("group"), asked, accept=True)

    assert codes(answered) == [("NOT_FOUND", "reviewId")]


async def test_superior_answers_by_quick_review_while_the_station_has_it(
    db: Any, forest: Forest
) -> None:
    asked = await move(forest, await forest.manager("team"), "team", "west town")

    city = await forest.manager("city")
    off = Policy(quick_review=False)

    not_now = await answer(forest, city, asked, accept=True, policy=off)
    done = await answer(forest, city, asked, accept=True)

    assert codes(not_now) == [("NOT_YOUR_REVIEW", "reviewId")]
    assert done.errors == ()
    assert (await path_of(db, forest, "team"))[-2:] == ["west town", "team"]


async def test_department_overrides_the_answer_with_a_reason(db: Any, forest: Forest) -> None:
    await forest.plant("near", "community", permission_group=PermissionGroup.JUNIOR_TEAM)
    asked = await move(forest, await forest.manager("group"), "group", "near")
    officer = await forest.officer(forest.region)

    without = await answer(forest, officer, asked, accept=True)
    done = await answer(forest, officer, asked, accept=True, opinion="统筹")

    assert codes(without) == [("REASON_REQUIRED", "opinion")]
    assert done.errors == ()
    (last,) = await db.fetch(
        "select is_forced from team_attachments where team_id = $1 and valid_to is null",
        forest.teams["group"].id,
    )
    assert last["is_forced"]


async def test_nobody_signed_in_may_not_ask(forest: Forest) -> None:
    with pytest.raises(Unauthenticated):
        await move(forest, PUBLIC, "team", "west town")


@pytest.mark.parametrize("to", ["team", "group"])
async def test_team_under_itself_or_its_own_is_a_cycle(forest: Forest, to: str) -> None:
    refused = await move(forest, await forest.manager("city"), "team", to, "整合")

    assert codes(refused) == [("CYCLE", "contactTeamId")]


async def test_same_contact_team_is_refused(forest: Forest) -> None:
    refused = await move(forest, await forest.manager("city"), "team", "community", "整合")

    assert codes(refused) == [("ALREADY_THERE", "contactTeamId")]


@pytest.mark.parametrize(
    "values",
    [
        {"permission_group": PermissionGroup.BASIC},
        {"permission_group": PermissionGroup.JUNIOR_PROJECT},
        {"permission_group": PermissionGroup.MIDDLE, "status": TeamStatus.DISABLED},
        {"permission_group": PermissionGroup.MIDDLE, "status": TeamStatus.DISSOLVED},
    ],
)
async def test_contact_team_that_takes_no_teams_is_unfit(
    forest: Forest, values: dict[str, Any]
) -> None:
    await forest.plant("unfit", "west town", **values)

    refused = await move(forest, await forest.manager("city"), "group", "unfit", "整合")

    assert codes(refused) == [("CONTACT_TEAM_UNFIT", "contactTeamId")]


@pytest.mark.parametrize(("hub", "to"), [("west town", "east town"), ("west town", "team")])
async def test_hub_hangs_only_under_a_hub_of_a_higher_level(
    forest: Forest, hub: str, to: str
) -> None:
    refused = await move(forest, await forest.manager("city"), hub, to, "整合")

    assert codes(refused) == [("CONTACT_TEAM_UNFIT", "contactTeamId")]


@pytest.mark.parametrize("status", [TeamStatus.DISSOLVED, TeamStatus.DRAFT, TeamStatus.REJECTED])
async def test_team_without_registration_cannot_be_moved(
    forest: Forest, status: TeamStatus
) -> None:
    await forest.plant("gone", "community", status=status)

    refused = await move(forest, await forest.manager("city"), "gone", "west town", "整合")

    assert codes(refused) == [("NOT_MOVABLE", "teamId")]


async def test_branches_and_legal_persons_cannot_be_moved(forest: Forest) -> None:
    legal = await forest.plant(
        "legal",
        registration_status=RegistrationStatus.LEGAL_PERSON,
        uscc="52500112MJP000001W",
        permission_group=PermissionGroup.MIDDLE,
    )
    branch = await forest.plant("branch", "legal")
    async with forest.planter.database.write(
        account_id=None, capacity="test", action="branch"
    ) as write:
        await write.run("update teams set branch_of_id = $2 where id = $1", branch.id, legal.id)
    lawyer, clerk = await forest.manager("legal"), await forest.manager("branch")

    assert codes(await move(forest, lawyer, "legal", "west town")) == [("NOT_MOVABLE", "teamId")]
    assert codes(await move(forest, clerk, "branch", "west town")) == [("NOT_MOVABLE", "teamId")]


async def test_contact_team_of_another_station_is_refused(forest: Forest) -> None:
    other = (51 << 40) + forest.teams["west town"].id
    foreign = await forest.plant(
        "foreign", id=other, path=f"{other}/", permission_group=PermissionGroup.MIDDLE
    )
    assert foreign.id == other

    refused = await move(forest, await forest.manager("team"), "team", "foreign")

    assert codes(refused) == [("OTHER_STATION", "contactTeamId")]


async def test_sixteen_levels_hold_and_the_seventeenth_is_refused(db: Any, forest: Forest) -> None:
    above = "west town"
    for level in range(4, MAX_DEPTH):
        await forest.plant(f"level {level}", above, permission_group=PermissionGroup.JUNIOR_TEAM)
        above = f"level {level}"
    city = await forest.manager("city")

    too_deep = await move(forest, city, "team", above, "整合")
    holds = await move(forest, city, "team", f"level {MAX_DEPTH - 2}", "整合")

    assert codes(too_deep) == [("TOO_DEEP", "contactTeamId")]
    assert holds.errors == ()
    assert (
        await db.fetchval("select depth from teams where id = $1", forest.teams["group"].id)
        == MAX_DEPTH
    )


async def test_hidden_team_and_missing_team_answer_alike(forest: Forest) -> None:
    hidden = await forest.plant("hidden", "east", status=TeamStatus.PENDING)
    manager = await forest.manager("team")
    database = forest.planter.database

    for_hidden = await move_team(
        database,
        manager,
        Wish(team_id=forest.teams["team"].id, contact_team_id=hidden.id),
        None,
        today=TODAY,
    )
    for_missing = await move_team(
        database,
        manager,
        Wish(team_id=forest.teams["team"].id, contact_team_id=1),
        None,
        today=TODAY,
    )

    assert codes(for_hidden) == codes(for_missing) == [("NOT_FOUND", "contactTeamId")]


async def test_team_disabled_after_sign_in_may_not_act(db: Any, forest: Forest) -> None:
    manager = await forest.manager("city")
    await db.execute("update teams set status = 'DISABLED' where id = $1", forest.teams["city"].id)

    with pytest.raises(Forbidden):
        await move(forest, manager, "team", "west town", "整合")


async def test_raised_group_is_lost_with_the_hub_that_raised_it_and_hubs_keep_theirs(
    db: Any, forest: Forest
) -> None:
    city = await forest.manager("city")
    await move(forest, city, "community", "west town", "整合")
    await move(forest, city, "team", "east town", "整合")

    groups = {
        name: await db.fetchval(
            "select permission_group from teams where id = $1", forest.teams[name].id
        )
        for name in ("community", "team")
    }
    assert groups == {"community": "JUNIOR_QUICK", "team": "BASIC"}


async def waiting_for(forest: Forest, item: str, reviewer: str, **values: Any) -> int:
    team = forest.teams[item]
    review = Review(
        **{
            "province": "50",
            "kind": "TEAM_CHANGE",
            "state": "PENDING",
            "subject_type": "Team",
            "subject_id": team.id,
            "team_id": team.id,
            "reviewer_team_id": forest.teams[reviewer].id,
            **values,
        }
    )
    await forest.planter.add(review)
    return review.id


async def test_what_waits_goes_to_the_reviewer_above_the_new_place(db: Any, forest: Forest) -> None:
    change = await waiting_for(forest, "team", "community")
    below = await waiting_for(forest, "group", "team")
    own = await waiting_for(forest, "team", "team", kind="MEMBERSHIP", subject_id=1)
    decided = await waiting_for(forest, "team", "community", kind="SUBMISSION", subject_id=2)
    await db.execute(
        "update reviews set state = 'APPROVED', decided_at = now() where id = $1", decided
    )

    await move(forest, await forest.manager("city"), "team", "west town", "整合")

    reviewers = {
        row["id"]: row["reviewer_team_id"]
        for row in await db.fetch(
            "select id, reviewer_team_id from reviews where id = any($1::bigint[])",
            [change, below, own, decided],
        )
    }
    west, team = forest.teams["west town"].id, forest.teams["team"].id
    # The group's reviewer was raised to take teams; under another hub it is basic again.
    assert reviewers == {
        change: west,
        below: west,
        own: team,
        decided: forest.teams["community"].id,
    }


async def test_view_team_that_becomes_the_contact_team_is_no_view_team_any_more(
    db: Any, forest: Forest
) -> None:
    views = [forest.teams["west town"].id, forest.teams["west"].id]
    await forest.planter.add(
        *(
            TeamViewLink(team_id=forest.teams["team"].id, view_team_id=view, since=TODAY)
            for view in views
        )
    )

    await move(forest, await forest.manager("city"), "team", "west town", "整合")

    left = await db.fetch(
        "select view_team_id from team_view_links where team_id = $1", forest.teams["team"].id
    )
    assert [row["view_team_id"] for row in left] == views[1:]


async def test_move_is_published_and_audited_without_its_reason(db: Any, forest: Forest) -> None:
    await move(forest, await forest.manager("city"), "team", "west town", "张三要求")

    team = forest.teams["team"].id
    event = await db.fetchrow(
        "select event, payload from outbox where subject_type = 'Team' and subject_id = $1", team
    )
    entry = await db.fetchrow(
        "select because, detail from audit_log where action = 'team.moved' and subject_id = $1",
        team,
    )
    assert event["event"] == "team.moved"
    assert "张三" not in event["payload"] + entry["detail"]
    assert entry["because"]
