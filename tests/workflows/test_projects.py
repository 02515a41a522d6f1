"""Making, changing, handing in, publishing, stopping and closing projects."""

from datetime import timedelta
from typing import Any

import pytest

from db.clock import run_due
from db.enums import PermissionGroup, ProhibitedKind, ProjectStatus, RecruitScope, SignUpStatus
from permissions.edges import Policy
from permissions.errors import Forbidden, Unauthenticated
from permissions.viewer import PUBLIC, Viewer
from resolvers.outcomes import Outcome
from resolvers.project_posts import PostForm, add_post, remove_post, update_post
from resolvers.project_states import (
    ProjectOrder,
    close_project,
    disable_project,
    enable_project,
    withdraw_project,
)
from resolvers.projects import update_project
from resolvers.review_ruling import Dates
from resolvers.team_states import EnableMode, Order, disable_team, enable_team
from tests.small_world import NOW
from tests.workflows.district import District
from tests.workflows.project_world import DAY, HOUR, SOON, ProjectWorld, codes, item_codes

PAST = {
    "scope": RecruitScope.MAKE_UP,
    "starts_at": NOW - 3 * DAY,
    "ends_at": NOW - 3 * DAY + 4 * HOUR,
    "is_truth_declared": True,
    "has_proof": True,
}


@pytest.fixture
async def world(shared: District, db: Any) -> ProjectWorld:
    return await ProjectWorld.of(shared, db)


async def update(world: ProjectWorld, viewer: Viewer, project_id: int, **changes: Any) -> Outcome:
    return await update_project(world.database, viewer, project_id, changes, None, now=NOW)


async def disable(world: ProjectWorld, viewer: Viewer, project_id: int) -> Outcome:
    order = ProjectOrder(project_id=project_id, reason="整改")
    return await disable_project(world.database, viewer, order, None, policy=Policy())


async def enable(world: ProjectWorld, viewer: Viewer, project_id: int) -> Outcome:
    order = ProjectOrder(project_id=project_id, reason="整改完成")
    return await enable_project(world.database, viewer, order, None, policy=Policy())


async def close(world: ProjectWorld, viewer: Viewer, project_id: int) -> Outcome:
    order = ProjectOrder(project_id=project_id, reason="提前完成")
    return await close_project(world.database, viewer, order, None)


async def reviewer_of(db: Any, project_id: int) -> tuple[int | None, int | None]:
    row = await db.fetchrow(
        "select reviewer_team_id, reviewer_region_id from reviews where state = 'PENDING'"
        " and subject_type = 'Project' and subject_id = $1",
        project_id,
    )
    return row["reviewer_team_id"], row["reviewer_region_id"]


@pytest.mark.parametrize(
    ("group", "then"),
    [
        (PermissionGroup.BASIC, "PENDING"),
        (PermissionGroup.JUNIOR_PROJECT, "WAITING"),
        (PermissionGroup.JUNIOR_TEAM, "PENDING"),
        (PermissionGroup.MIDDLE, "WAITING"),
    ],
)
async def test_group_decides_whether_a_project_is_reviewed(
    world: ProjectWorld, group: PermissionGroup, then: str
) -> None:
    region = world.district.regions["community"]
    await world.district.team("own", "community", region, permission_group=group)
    manager = await world.manager("own")
    project_id = await world.draft(manager, team="own")

    assert codes(await world.submit(manager, project_id)) == []

    assert await world.status(project_id) == then


async def test_community_hub_with_quick_review_has_its_project_reviewed_by_its_town_hub(
    world: ProjectWorld, db: Any
) -> None:
    community = await world.manager("community")
    assert community.team is not None
    assert community.team.reviews_quickly
    project_id = await world.draft(community)

    await world.submit(community, project_id)

    assert await reviewer_of(db, project_id) == (world.team("town").id, None)
    own = await world.decide(community, project_id)
    assert item_codes(own) == [["NOT_YOUR_REVIEW"]]
    assert item_codes(await world.decide(await world.manager("town"), project_id)) == [[]]


async def test_project_of_a_disabled_reviewer_goes_to_the_next_above(
    world: ProjectWorld, db: Any
) -> None:
    manager = await world.manager()
    project_id = await world.draft(manager)
    await world.submit(manager, project_id)
    order = Order(team_id=world.team("town").id, reason="整改")

    district = await world.manager("district")

    await disable_team(world.database, district, order, None, policy=Policy())

    assert await reviewer_of(db, project_id) == (world.team("district").id, None)
    mode = EnableMode.TEAM_AND_PROJECTS
    await enable_team(world.database, district, order, mode, None, policy=Policy())
    assert await reviewer_of(db, project_id) == (world.team("town").id, None)


async def test_project_of_a_legal_person_that_needs_review_goes_to_its_authority(
    world: ProjectWorld, db: Any
) -> None:
    district = world.district.regions["district"]
    await world.district.team(
        "legal",
        None,
        district,
        registration_status="LEGAL_PERSON",
        kind="ORGANIZATION",
        registration_authority_id=district.id,
        uscc="91110000600037341L",
        permission_group=PermissionGroup.MIDDLE,
    )
    manager = await world.manager("legal")
    published = await world.draft(manager, team="legal")
    made_up = await world.draft(manager, team="legal", posts=(), **PAST)
    await db.execute("update projects set proof_file = 'x' where id = $1", made_up)

    assert codes(await world.submit(manager, published)) == []
    assert codes(await world.submit(manager, made_up)) == []

    assert await world.status(published) == "WAITING"
    assert await reviewer_of(db, made_up) == (None, district.id)
    officer = await world.district.forest.officer(district)
    assert item_codes(await world.decide(officer, made_up)) == [[]]
    assert await world.status(made_up) == "MAKE_UP"


async def test_rejected_project_is_told_why_changed_and_handed_in_again(
    world: ProjectWorld, db: Any
) -> None:
    manager, town = await world.manager(), await world.manager("town")
    project_id = await world.draft(manager)
    await world.submit(manager, project_id)

    assert item_codes(await world.decide(town, project_id, approves=False)) == [["REASON_REQUIRED"]]
    rejected = await world.decide(town, project_id, approves=False, opinion="请补充安全措施")
    assert item_codes(rejected) == [[]]
    row = await db.fetchrow("select status, opinion from projects where id = $1", project_id)
    assert tuple(row) == ("REJECTED", "请补充安全措施")

    assert codes(await update(world, manager, project_id, risk_notice="戴好安全帽")) == []
    assert codes(await world.submit(manager, project_id)) == []
    assert item_codes(await world.decide(town, project_id)) == [[]]
    row = await db.fetchrow(
        "select status, opinion, published_at, recruit_starts_at from projects where id = $1",
        project_id,
    )
    assert tuple(row) == ("WAITING", None, NOW, NOW)


async def test_submission_is_taken_back_and_its_review_with_it(
    world: ProjectWorld, db: Any
) -> None:
    manager = await world.manager()
    project_id = await world.draft(manager)
    await world.submit(manager, project_id)
    assert codes(await update(world, manager, project_id, name="新名称")) == [
        ("WRONG_STATE", "projectId")
    ]

    assert codes(await withdraw_project(world.database, manager, project_id, None)) == []

    assert await world.status(project_id) == "DRAFT"
    state = await db.fetchval("select state from reviews where subject_id = $1", project_id)
    assert state == "WITHDRAWN"
    late = await world.decide(await world.manager("town"), project_id)
    assert item_codes(late) == [["ALREADY_DECIDED"]]
    again = await withdraw_project(world.database, manager, project_id, None)
    assert codes(again) == [("WRONG_STATE", "projectId")]


async def test_reviewer_sets_dates_and_what_is_over_needs_them(
    world: ProjectWorld, db: Any
) -> None:
    manager, town = await world.manager(), await world.manager("town")
    project_id = await world.draft(manager)
    await world.submit(manager, project_id)
    late = SOON + DAY

    assert item_codes(await world.decide(town, project_id, now=late)) == [["DATES_PASSED"]]
    past = Dates(NOW - DAY, NOW - HOUR)
    assert item_codes(await world.decide(town, project_id, now=late, dates=past)) == [["INVALID"]]
    dates = Dates(late, late + 2 * HOUR)
    refused = await world.decide(town, project_id, approves=False, opinion="不", dates=dates)
    assert codes(refused) == [("INVALID", "dates")]
    assert item_codes(await world.decide(town, project_id, now=late, dates=dates)) == [[]]

    row = await db.fetchrow(
        "select status, starts_at, ends_at from projects where id = $1", project_id
    )
    assert tuple(row) == ("RUNNING", late, late + 2 * HOUR)


async def test_published_project_keeps_name_and_dates_and_changes_the_rest(
    world: ProjectWorld, db: Any
) -> None:
    manager = await world.manager("town")
    project_id = await world.draft(manager, team="town")
    await world.submit(manager, project_id)

    locked = await update(world, manager, project_id, name="改名", starts_at=SOON + HOUR)
    assert codes(locked) == [("FIELD_LOCKED", "name"), ("FIELD_LOCKED", "startsAt")]
    for change in (
        {"categories": ("02",)},
        {"min_hours": 3},
        {"scope": RecruitScope.TEAMS},
        {"password": "123456"},
        {"declarations": ()},
    ):
        (found,) = codes(await update(world, manager, project_id, **change))
        assert found[0] == "FIELD_LOCKED"
    assert (
        codes(
            await update(
                world,
                manager,
                project_id,
                recruit_ends_at=SOON - HOUR,
                region_code=world.district.regions["village"].code,
                address="新地址",
                contact_name="王建国",
                description="说明有变",
            )
        )
        == []
    )
    row = await db.fetchrow("select * from projects where id = $1", project_id)
    assert (row["region_id"], row["address"]) == (world.district.regions["village"].id, "新地址")
    assert row["region_path"] == world.district.regions["village"].path
    assert (row["contact_name"], row["description"]) == ("王建国", "说明有变")
    assert row["recruit_ends_at"] == SOON - HOUR


@pytest.mark.parametrize(
    "status",
    [ProjectStatus.PENDING, ProjectStatus.CLOSED, ProjectStatus.MAKE_UP, ProjectStatus.DISABLED],
)
async def test_what_waits_ended_or_stopped_is_not_changed(
    world: ProjectWorld, status: ProjectStatus
) -> None:
    project, _ = await world.planted(status=status)

    found = await update(world, await world.manager(), project.id, description="新的")

    assert codes(found) == [("WRONG_STATE", "projectId")]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"has_proof": False}, [("REQUIRED", "proofFileId")]),
        ({"is_truth_declared": False}, [("DECLARATION_REQUIRED", "isTruthDeclared")]),
        ({"declarations": tuple(ProhibitedKind)[1:]}, [("DECLARATION_REQUIRED", "declarations")]),
        ({}, []),
    ],
)
async def test_make_up_project_needs_proof_and_declarations(
    world: ProjectWorld, db: Any, values: dict[str, Any], expected: list[Any]
) -> None:
    """DOMAIN §11.18."""
    given = {**PAST, **values}
    manager = await world.manager()
    project_id = await world.draft(manager, posts=(), **given)
    if given["has_proof"]:
        await db.execute("update projects set proof_file = 'x' where id = $1", project_id)

    assert codes(await world.submit(manager, project_id)) == expected


async def test_make_up_project_with_a_date_to_come_is_refused(world: ProjectWorld) -> None:
    """DOMAIN §11.18."""
    manager = await world.manager()

    future = await world.create(manager, posts=(), **{**PAST, "ends_at": NOW + HOUR})

    assert codes(future) == [("INVALID", "endsAt")]


async def test_make_up_project_is_reviewed_even_of_who_publishes_freely(
    world: ProjectWorld, db: Any
) -> None:
    manager = await world.manager("town")
    project_id = await world.draft(manager, team="town", posts=(), **PAST)
    await db.execute("update projects set proof_file = 'x' where id = $1", project_id)

    await world.submit(manager, project_id)

    assert await world.status(project_id) == "PENDING"
    assert await reviewer_of(db, project_id) == (world.team("district").id, None)


@pytest.mark.parametrize(
    ("text", "is_refused"),
    [
        ("每捐款50元计1小时志愿服务时长", True),
        ("转发朋友圈可获得2小时", True),
        ("签名承诺者奖励1个工时", True),
        ("集赞30个换0.5小时", True),
        ("募捐义卖现场服务，预计服务2小时", False),
        ("衣物捐赠点整理。服务结束后记录时长", False),
        ("转发通知给居民，协助登记", False),
    ],
)
async def test_hours_for_donations_promises_or_reposts_are_refused(
    world: ProjectWorld, text: str, *, is_refused: bool
) -> None:
    """DOMAIN §11.18."""
    found = await world.create(await world.manager(), description=text)

    expected = [("PROHIBITED_KIND", "description")] if is_refused else []
    assert codes(found) == expected


async def test_draft_is_published_only_when_complete(world: ProjectWorld) -> None:
    manager = await world.manager("town")
    project_id = await world.draft(
        manager, team="town", posts=(), risk_notice=None, declarations=()
    )

    incomplete = await world.submit(manager, project_id)

    assert codes(incomplete) == [
        ("DECLARATION_REQUIRED", "declarations"),
        ("REQUIRED", "posts"),
        ("REQUIRED", "riskNotice"),
    ]
    assert await world.status(project_id) == "DRAFT"
    post = PostForm(name="走访", planned=2)
    assert codes(await add_post(world.database, manager, project_id, post, None)) == []
    changes = {"risk_notice": "风险", "declarations": tuple(ProhibitedKind)}
    assert codes(await update(world, manager, project_id, **changes)) == []
    assert codes(await world.submit(manager, project_id)) == []
    late = await world.draft(manager, team="town")
    assert codes(await world.submit(manager, late, now=SOON + DAY)) == [
        ("INVALID", "startsAt"),
        ("INVALID", "endsAt"),
    ]


async def test_scopes_ask_for_what_they_go_by(world: ProjectWorld, db: Any) -> None:
    manager = await world.manager("town")
    teams = await world.draft(manager, team="town", scope=RecruitScope.TEAMS)
    password = await world.draft(manager, team="town", scope=RecruitScope.PASSWORD)

    assert codes(await world.submit(manager, teams)) == [("REQUIRED", "allowedTeamIds")]
    assert codes(await world.submit(manager, password)) == [("REQUIRED", "noReviewPassword")]
    ids = (world.team("community").id, world.team("town").id)
    assert codes(await update(world, manager, teams, allowed_team_ids=ids)) == []
    assert codes(await update(world, manager, password, password="123456")) == []
    assert codes(await world.submit(manager, teams)) == []
    assert codes(await world.submit(manager, password)) == []
    stored = await db.fetchval(
        "select no_review_password_hash from projects where id = $1", password
    )
    assert stored.startswith("$argon2id$")
    assert await db.fetchval("select count(*) from project_teams where project_id = $1", teams) == 2


async def test_another_scope_drops_what_belonged_to_the_one_before(
    world: ProjectWorld, db: Any
) -> None:
    manager = await world.manager()
    project_id = await world.draft(
        manager, scope=RecruitScope.PASSWORD, password="1234", has_password=True
    )

    assert codes(await update(world, manager, project_id, scope=RecruitScope.OPEN)) == []

    row = await db.fetchrow(
        "select scope, no_review_password_hash from projects where id = $1", project_id
    )
    assert tuple(row) == ("OPEN", None)


async def test_exclusion_is_of_own_projects_and_both_ways(world: ProjectWorld, db: Any) -> None:
    manager = await world.manager()
    one = await world.draft(manager)
    foreign, _ = await world.planted(team="town")

    refused = await world.create(manager, exclusive_ids=(foreign.id,))
    assert codes(refused) == [("NOT_FOUND", "exclusiveProjectIds")]
    other = await world.draft(manager, exclusive_ids=(one,))
    pairs = await db.fetch(
        "select project_id, other_id from project_exclusions where project_id in ($1, $2)"
        " order by project_id",
        one,
        other,
    )
    assert [tuple(pair) for pair in pairs] == [(one, other), (other, one)]
    itself = await update(world, manager, one, exclusive_ids=(one,))
    assert codes(itself) == [("NOT_FOUND", "exclusiveProjectIds")]
    assert codes(await update(world, manager, one, exclusive_ids=())) == []
    count = "select count(*) from project_exclusions where $1 in (project_id, other_id)"
    assert await db.fetchval(count, one) == 0


async def test_project_is_stopped_and_started_with_a_reason(world: ProjectWorld) -> None:
    project, _ = await world.planted()
    manager = await world.manager()

    for act in (disable_project, enable_project):
        order = ProjectOrder(project_id=project.id, reason="")
        found = await act(world.database, manager, order, None, policy=Policy())  # type: ignore[operator]
        assert codes(found) == [("REASON_REQUIRED", "reason")]
    assert codes(await disable(world, manager, project.id)) == []
    assert await world.status(project.id) == "DISABLED"
    assert codes(await disable(world, manager, project.id)) == [("WRONG_STATE", "projectId")]
    assert codes(await enable(world, manager, project.id)) == []
    assert await world.status(project.id) == "WAITING"
    assert codes(await enable(world, manager, project.id)) == [("WRONG_STATE", "projectId")]


async def test_what_a_superior_stopped_its_team_does_not_start(world: ProjectWorld) -> None:
    project, _ = await world.planted()
    manager, town = await world.manager(), await world.manager("town")
    await disable(world, town, project.id)

    assert codes(await enable(world, manager, project.id)) == [("STOPPED_BY_SUPERIOR", "projectId")]
    assert codes(await enable(world, town, project.id)) == []


async def test_project_is_not_enabled_while_its_team_is_disabled(world: ProjectWorld) -> None:
    """DOMAIN §11.4."""
    project, _ = await world.planted()
    town = await world.manager("town")
    own = await world.manager()
    order = Order(team_id=world.team().id, reason="整改")
    await disable_team(world.database, town, order, None, policy=Policy())

    assert codes(await enable(world, town, project.id)) == [("TEAM_DISABLED", "projectId")]
    with pytest.raises(Forbidden):
        await enable(world, own, project.id)


async def test_only_what_stopped_with_its_team_starts_again_with_it(world: ProjectWorld) -> None:
    """DOMAIN §11.4."""
    with_team, _ = await world.planted()
    before, _ = await world.planted()
    by_town, _ = await world.planted()
    town = await world.manager("town")
    await disable(world, await world.manager(), before.id)
    await disable(world, town, by_town.id)
    order = Order(team_id=world.team().id, reason="整改")
    await disable_team(world.database, town, order, None, policy=Policy())

    await enable_team(
        world.database, town, order, EnableMode.TEAM_AND_PROJECTS, None, policy=Policy()
    )

    found = [await world.status(each.id) for each in (with_team, before, by_town)]
    assert found == ["WAITING", "DISABLED", "DISABLED"]
    assert codes(await enable(world, await world.manager(), before.id)) == []


async def test_enabling_the_team_alone_leaves_projects_to_be_enabled_one_by_one(
    world: ProjectWorld,
) -> None:
    """DOMAIN §11.4."""
    project, _ = await world.planted()
    town = await world.manager("town")
    order = Order(team_id=world.team().id, reason="整改")
    await disable_team(world.database, town, order, None, policy=Policy())
    await enable_team(world.database, town, order, EnableMode.TEAM_ONLY, None, policy=Policy())

    assert await world.status(project.id) == "DISABLED"
    assert codes(await enable(world, await world.manager(), project.id)) == []


async def test_publication_for_a_disabled_team_is_refused(world: ProjectWorld) -> None:
    manager, town = await world.manager(), await world.manager("town")
    project_id = await world.draft(manager)
    await world.submit(manager, project_id)
    order = Order(team_id=world.team().id, reason="整改")
    await disable_team(world.database, town, order, None, policy=Policy())

    assert item_codes(await world.decide(town, project_id)) == [["TEAM_DISABLED"]]
    rejected = await world.decide(town, project_id, approves=False, opinion="队伍停用")
    assert item_codes(rejected) == [[]]


async def test_closing_early_frees_everybody_without_blame(world: ProjectWorld, db: Any) -> None:
    project, (post,) = await world.planted(places=(3,))
    people = [(await world.person())[0] for _ in range(3)]
    states = (SignUpStatus.APPLIED, SignUpStatus.ACCEPTED, SignUpStatus.ATTENDED)
    rows = [
        await world.signed(person, post, status)
        for person, status in zip(people, states, strict=True)
    ]
    manager = await world.manager()

    assert codes(await close(world, manager, project.id)) == []

    assert await world.status(project.id) == "CLOSED"
    found = [await world.sign_up_status(row.id) for row in rows]
    assert found == ["CANCELLED", "CANCELLED", "ATTENDED"]
    assert await world.joined(post) == 1
    counts = await db.fetch(
        "select no_show_count from volunteers where id = any($1)", [each.id for each in people]
    )
    assert [row[0] for row in counts] == [0, 0, 0]
    assert codes(await close(world, manager, project.id)) == [("WRONG_STATE", "projectId")]


async def test_clock_moves_projects_on_and_counts_no_shows(world: ProjectWorld, db: Any) -> None:
    """DOMAIN §11.21."""
    project, (post,) = await world.planted(places=(5,))
    people = [(await world.person())[0] for _ in range(4)]
    states = (
        SignUpStatus.APPLIED,
        SignUpStatus.INVITED,
        SignUpStatus.ACCEPTED,
        SignUpStatus.ATTENDED,
    )
    rows = [
        await world.signed(person, post, status)
        for person, status in zip(people, states, strict=True)
    ]
    engine = world.database.engine

    await run_due(engine, now=SOON - timedelta(minutes=1))
    assert await world.status(project.id) == "WAITING"
    await run_due(engine, now=SOON)
    assert await world.status(project.id) == "RUNNING"
    await run_due(engine, now=SOON + 4 * HOUR)
    assert await world.status(project.id) == "CLOSED"

    found = [await world.sign_up_status(row.id) for row in rows]
    assert found == ["CANCELLED", "CANCELLED", "NO_SHOW", "ATTENDED"]
    counts = [
        await db.fetchval("select no_show_count from volunteers where id = $1", each.id)
        for each in people
    ]
    assert counts == [0, 0, 1, 0]
    assert await world.joined(post) == 2
    assert await world.told("SignUp", rows[2].id) == ["sign_up.no_show"]


async def test_nobody_is_blamed_for_a_project_that_stood_still_at_its_end(
    world: ProjectWorld, db: Any
) -> None:
    project, (post,) = await world.planted()
    person, _ = await world.person()
    row = await world.signed(person, post, SignUpStatus.ACCEPTED)
    manager = await world.manager()
    await disable(world, manager, project.id)
    await enable(world, manager, project.id)  # at the database's own time, long after its end

    await run_due(world.database.engine, now=SOON + DAY)

    assert await world.sign_up_status(row.id) == "CANCELLED"
    assert await db.fetchval("select no_show_count from volunteers where id = $1", person.id) == 0
    assert await world.joined(post) == 0


async def test_posts_change_while_the_project_takes_people(world: ProjectWorld, db: Any) -> None:
    project, (post, other) = await world.planted(places=(2, 2))
    database, manager = world.database, await world.manager()
    for _ in range(2):
        await world.signed((await world.person())[0], post, SignUpStatus.ACCEPTED)

    below = await update_post(database, manager, post.id, {"planned": 1}, None)
    assert codes(below) == [("BELOW_JOINED", "planned")]
    assert codes(await update_post(database, manager, post.id, {"planned": 9}, None)) == []
    assert codes(await remove_post(database, manager, post.id, None)) == [("IN_USE", "postId")]
    assert codes(await remove_post(database, manager, other.id, None)) == []
    assert codes(await remove_post(database, manager, other.id, None)) == [("NOT_FOUND", "postId")]
    added = await add_post(database, manager, project.id, PostForm(name="新岗", planned=1), None)
    assert codes(added) == []
    rows = await db.fetch(
        "select name, planned, joined from posts where project_id = $1 order by post_no", project.id
    )
    assert [tuple(row) for row in rows] == [("岗位1", 9, 2), ("新岗", 1, 0)]


async def test_published_project_keeps_its_last_post(world: ProjectWorld) -> None:
    _, (post,) = await world.planted()

    last = await remove_post(world.database, await world.manager(), post.id, None)

    assert codes(last) == [("REQUIRED", "postId")]


async def test_only_a_manager_of_the_team_works_on_its_projects(world: ProjectWorld) -> None:
    project, (post,) = await world.planted()
    draft = await world.draft(await world.manager())
    _, person = await world.person()
    stranger, town = await world.manager("other"), await world.manager("town")

    for viewer in (person, stranger, town):
        with pytest.raises(Forbidden):
            await world.create(viewer)
        with pytest.raises(Forbidden):
            await update(world, viewer, project.id, description="新的")
        with pytest.raises(Forbidden):
            await remove_post(world.database, viewer, post.id, None)
        with pytest.raises(Forbidden):
            await close(world, viewer, project.id)
    for viewer in (person, stranger):
        with pytest.raises(Forbidden):
            await disable(world, viewer, project.id)
        with pytest.raises(Forbidden):
            await enable(world, viewer, project.id)
        assert codes(await world.submit(viewer, draft)) == [("NOT_FOUND", "projectId")]
        assert codes(await update(world, viewer, draft, name="新的")) == [
            ("NOT_FOUND", "projectId")
        ]
    with pytest.raises(Forbidden):
        await world.submit(town, draft)
    with pytest.raises(Unauthenticated):
        await world.create(PUBLIC)
    assert codes(await update(world, person, 7, name="新的")) == [("NOT_FOUND", "projectId")]


async def test_same_key_makes_one_project(world: ProjectWorld, db: Any) -> None:
    manager = await world.manager()

    first = await world.create(manager, key="one")
    second = await world.create(manager, key="one")

    assert first.subject_id == second.subject_id
    count = await db.fetchval("select count(*) from projects where team_id = $1", world.team().id)
    assert count == 1
