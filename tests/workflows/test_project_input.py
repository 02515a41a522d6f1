"""What is wrong with what is told of projects, posts and sign-ups: each with its user error."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from db.enums import RecruitScope
from permissions.edges import Policy
from resolvers.project_posts import PostForm, add_post, update_post
from resolvers.project_states import ProjectOrder, close_project, disable_project
from resolvers.projects import update_project
from resolvers.sign_up_answers import cancel_sign_up
from resolvers.sign_ups import Application, sign_up
from tests.small_world import NOW
from tests.workflows.district import District
from tests.workflows.project_world import DAY, HOUR, SOON, ProjectWorld, codes

LONG_AGO = NOW - timedelta(days=30_000)
BAD_PROJECTS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"name": "志"}, [("REQUIRED", "name")]),
    ({"name": "志" * 51}, [("TOO_LONG", "name")]),
    ({"name": "服务\x00日"}, [("INVALID", "name")]),
    ({"name": "服务\n日"}, [("INVALID", "name")]),
    ({"name": "服务\u202e日"}, [("INVALID", "name")]),
    ({"name": "<script>alert(1)</script>"}, [("INVALID", "name")]),
    ({"description": ""}, [("REQUIRED", "description")]),
    ({"description": "说" * 5_001}, [("TOO_LONG", "description")]),
    ({"description": "说" * 10_000_000}, [("TOO_LONG", "description")]),
    ({"description": "第一段\x07"}, [("INVALID", "description")]),
    ({"description": "第一段\n第二段"}, []),
    ({"risk_notice": "险" * 2_001}, [("TOO_LONG", "riskNotice")]),
    ({"risk_notice": "转发本通知可获得1小时"}, [("PROHIBITED_KIND", "riskNotice")]),
    ({"guarantees": ("捐款可换2小时时长",)}, [("PROHIBITED_KIND", "guarantees")]),
    ({"address": "址" * 201}, [("TOO_LONG", "address")]),
    ({"region_code": "990000000000"}, [("NOT_FOUND", "regionCode")]),
    ({"region_code": ""}, []),  # the team's own
    ({"lng": 181.0, "lat": 29.0}, [("INVALID", "lng")]),
    ({"lng": 106.0, "lat": -91.0}, [("INVALID", "lat")]),
    ({"lng": 106.0}, [("INVALID", "lat")]),
    ({"categories": ()}, [("INVALID", "categories")]),
    ({"categories": ("01", "02", "03", "04", "05")}, [("INVALID", "categories")]),
    ({"categories": ("no",)}, [("INVALID", "categories")]),
    ({"categories": ("99",)}, [("INVALID", "categories")]),
    ({"targets": ()}, [("INVALID", "targets")]),
    ({"targets": ("外星人",)}, [("INVALID", "targets")]),
    ({"guarantees": ()}, [("INVALID", "guarantees")]),
    ({"guarantees": ("饮" * 31,)}, [("TOO_LONG", "guarantees")]),
    ({"guarantees": tuple(f"第{n}项" for n in range(11))}, [("INVALID", "guarantees")]),
    ({"min_hours": Decimal("-0.01")}, [("INVALID", "minHoursRequired")]),
    ({"min_hours": Decimal("1.005")}, [("INVALID", "minHoursRequired")]),
    ({"min_hours": Decimal(10_001)}, [("INVALID", "minHoursRequired")]),
    ({"min_hours": Decimal("NaN")}, [("INVALID", "minHoursRequired")]),
    ({"min_hours": Decimal("12.50")}, []),
    ({"starts_at": NOW - DAY}, [("INVALID", "startsAt")]),
    ({"starts_at": NOW - HOUR}, []),  # earlier today
    ({"ends_at": SOON}, [("INVALID", "endsAt")]),
    ({"ends_at": SOON - HOUR}, [("INVALID", "endsAt")]),
    ({"ends_at": SOON + timedelta(days=2_000)}, [("INVALID", "endsAt")]),
    ({"starts_at": LONG_AGO}, [("INVALID", "endsAt"), ("INVALID", "startsAt")]),
    ({"recruit_ends_at": SOON + 5 * HOUR}, [("INVALID", "recruitEndsAt")]),
    ({"recruit_ends_at": NOW}, [("INVALID", "recruitEndsAt")]),
    (
        {"recruit_starts_at": SOON, "recruit_ends_at": SOON - HOUR},
        [("INVALID", "recruitStartsAt")],
    ),
    ({"recruit_starts_at": LONG_AGO}, [("INVALID", "recruitStartsAt")]),
    ({"allowed_team_ids": (7,)}, [("INVALID", "allowedTeamIds")]),
    (
        {"scope": RecruitScope.TEAMS, "allowed_team_ids": (7,)},
        [("NOT_FOUND", "allowedTeamIds")],
    ),
    (
        {"scope": RecruitScope.TEAMS, "allowed_team_ids": tuple(range(1, 52))},
        [("TOO_LONG", "allowedTeamIds")],
    ),
    ({"exclusive_ids": (7,)}, [("NOT_FOUND", "exclusiveProjectIds")]),
    ({"exclusive_ids": tuple(range(1, 52))}, [("TOO_LONG", "exclusiveProjectIds")]),
    (
        {"password": "1234", "has_password": True},
        [("INVALID", "noReviewPassword")],
    ),
    *(
        (
            {"scope": RecruitScope.PASSWORD, "password": given, "has_password": True},
            [("INVALID", "noReviewPassword")],
        )
        for given in ("123", "1234567", "12a4", "１２３４", "")
    ),
    ({"is_truth_declared": True}, [("INVALID", "proofFileId")]),
    ({"proof_file_id": 7, "has_proof": True}, [("INVALID", "proofFileId")]),
    ({"cover_file_id": 7}, [("NOT_FOUND", "coverFileId")]),
    ({"contact_name": ""}, [("INVALID", "contact.name")]),
    ({"contact_name": "赵敏<b>"}, [("INVALID", "contact.name")]),
    ({"contact_mobile": "12345"}, [("INVALID", "contact.mobile")]),
    ({"contact_email": "nobody"}, [("INVALID", "contact.email")]),
    ({"contact_landline": "none"}, [("INVALID", "contact.landline")]),
    ({"contact_landline": "023-67890000", "contact_email": "a@example.org"}, []),
    ({"posts": (PostForm(name="", planned=1),)}, [("REQUIRED", "posts.0.name")]),
    (
        {"posts": (PostForm(name="好", planned=1), PostForm(name="岗", planned=0))},
        [("INVALID", "posts.1.planned")],
    ),
    (
        {"posts": tuple(PostForm(name="岗", planned=1) for _ in range(51))},
        [("TOO_LONG", "posts")],
    ),
]
BAD_POSTS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"name": ""}, [("REQUIRED", "name")]),
    ({"name": "岗" * 51}, [("TOO_LONG", "name")]),
    ({"name": "岗\x00"}, [("INVALID", "name")]),
    ({"planned": 0}, [("INVALID", "planned")]),
    ({"planned": -1}, [("INVALID", "planned")]),
    ({"planned": 100_001}, [("INVALID", "planned")]),
    ({"description": "述" * 1_001}, [("TOO_LONG", "description")]),
    ({"conditions": "转发后记1小时"}, [("PROHIBITED_KIND", "conditions")]),
]
BAD_REASONS = [
    ("", [("REASON_REQUIRED", "reason")]),
    ("因" * 501, [("TOO_LONG", "reason")]),
    ("整改\x00", [("INVALID", "reason")]),
]


@pytest.fixture
async def world(shared: District, db: Any) -> ProjectWorld:
    return await ProjectWorld.of(shared, db)


async def test_bad_projects_are_refused_with_their_field_and_nothing_is_kept(
    world: ProjectWorld,
) -> None:
    manager = await world.manager()
    kept = 0

    for values, expected in BAD_PROJECTS:
        found = await world.create(manager, **values)
        assert codes(found) == expected, str(values)[:200]
        kept += not expected

    count = "select count(*) from projects where team_id = $1"
    assert await world.db.fetchval(count, world.team().id) == kept


async def test_bad_changes_are_refused_alike_and_change_nothing(world: ProjectWorld) -> None:
    manager = await world.manager()
    project_id = await world.draft(manager)
    row = await world.db.fetchrow("select * from projects where id = $1", project_id)

    for values, expected in BAD_PROJECTS:
        derived = {"has_password", "has_proof", "posts"}
        if not expected or derived & set(values) == {"posts"}:
            continue
        changes = {name: value for name, value in values.items() if name not in derived}
        found = await update_project(world.database, manager, project_id, changes, None, now=NOW)
        assert codes(found) == expected, str(values)[:200]

    assert await world.db.fetchrow("select * from projects where id = $1", project_id) == row


async def test_bad_posts_are_refused_and_change_nothing(world: ProjectWorld) -> None:
    project, (post,) = await world.planted()
    manager = await world.manager()

    for values, expected in BAD_POSTS:
        form = PostForm(**{"name": "好岗位", "planned": 1, **values})
        added = await add_post(world.database, manager, project.id, form, None)
        changed = await update_post(world.database, manager, post.id, values, None)
        assert (codes(added), codes(changed)) == (expected, expected), values

    rows = await world.db.fetch("select name, planned from posts where project_id = $1", project.id)
    assert [tuple(row) for row in rows] == [("岗位1", 3)]


@pytest.mark.parametrize(("reason", "expected"), BAD_REASONS)
async def test_bad_reasons_are_refused(
    world: ProjectWorld, reason: str, expected: list[tuple[str, str]]
) -> None:
    project, _ = await world.planted()
    manager = await world.manager()
    order = ProjectOrder(project_id=project.id, reason=reason)

    disabled = await disable_project(world.database, manager, order, None, policy=Policy())
    closed = await close_project(world.database, manager, order, None)

    assert (codes(disabled), codes(closed)) == (expected, expected)
    assert await world.status(project.id) == "WAITING"


async def test_ids_of_nothing_are_missing(world: ProjectWorld) -> None:
    manager = await world.manager()
    _, viewer = await world.person()
    database = world.database

    assert codes(await world.submit(manager, 7)) == [("NOT_FOUND", "projectId")]
    post = PostForm(name="岗", planned=1)
    assert codes(await add_post(database, manager, 7, post, None)) == [("NOT_FOUND", "projectId")]
    assert codes(await update_post(database, manager, 7, {}, None)) == [("NOT_FOUND", "postId")]
    found = await sign_up(database, viewer, Application(post_id=7, password="1"), None, now=NOW)
    assert codes(found) == [("NOT_FOUND", "postId")]
    gone = await cancel_sign_up(database, viewer, 7, None, None)
    assert codes(gone) == [("NOT_FOUND", "signUpId")]


@pytest.mark.parametrize("password", ["", " ", "\x00", "\ud800", "9" * 10_000, "47 11"])
async def test_password_that_cannot_be_is_a_wrong_one(world: ProjectWorld, password: str) -> None:
    _, (post,) = await world.planted(
        scope=RecruitScope.PASSWORD, no_review_password_hash="$argon2id$broken"
    )
    _, viewer = await world.person()

    application = Application(post_id=post.id, password=password)
    found = await sign_up(world.database, viewer, application, None, now=NOW)

    assert codes(found) == [("PASSWORD_WRONG", "noReviewPassword")]
