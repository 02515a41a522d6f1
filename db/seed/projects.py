"""Projects and their posts, in the state that their dates and their team's rights give."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from db.enums import ProjectStatus, RecruitScope, StoppedBy
from db.names import grams, sort_key
from db.numbers.business import project_no
from db.progress import Progress
from db.seed.bulk import copy_rows, reserve_ids
from db.seed.life import Actor, Cast, Life
from db.seed.themes import DEFAULT_CATEGORY, GUARANTEES, THEMES, Theme

# Of the projects that the cast and the town hubs leave, so many are in the lively districts.
LIVELIEST, LIVELY = 0.6, 0.15
TOWN_HUB_PROJECTS = 4
CAST_PROJECTS = 6
# Within a day of service, Shanghai time: 08:00 to 22:00.
OPENS, CLOSES = time(0, tzinfo=UTC), time(14, tzinfo=UTC)
NAME_LENGTH = 50
RECRUITS_BEFORE = 20


@dataclass(slots=True)
class PostPlan:
    """A post; ``joined`` grows while sign-ups are planned."""

    id: int
    name: str
    planned: int
    joined: int = 0


@dataclass(slots=True)
class ProjectPlan:
    """A project before it is written: what sign-ups and records are fitted into."""

    id: int
    actor: int
    theme: Theme
    category: str
    status: ProjectStatus
    scope: RecruitScope
    starts_on: date
    ends_on: date
    posts: list[PostPlan] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectRow:
    """A project as copied."""

    id: int
    province: str
    project_no: str
    team_id: int
    name: str
    sort_key: str
    name_grams: list[str]
    status: ProjectStatus
    status_before: ProjectStatus | None
    stopped_by: StoppedBy | None
    opinion: str | None
    scope: RecruitScope
    no_review_password_hash: str | None
    region_id: int
    region_path: str
    address: str
    starts_at: datetime
    ends_at: datetime
    recruit_starts_at: datetime
    recruit_ends_at: datetime
    categories: list[str]
    targets: list[str]
    guarantees: list[str]
    description: str
    risk_notice: str
    proof_file: str | None
    contact_name: str
    contact_mobile: str
    published_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post as copied."""

    id: int
    province: str
    project_id: int
    post_no: int
    name: str
    planned: int
    joined: int


async def plan_projects(
    connection: Any, life: Life, cast: Cast, *, count: int, seed: int, today: date
) -> Sequence[ProjectPlan]:
    """The projects with ids, dates, states and posts, not yet written."""
    random = Random(f"{seed}:projects")  # noqa: S311 - nothing secret
    ids = await reserve_ids(connection, "projects", count)
    teams = list(_organisers(life, cast, count, random))
    plans = [
        _plan(n, ids[n], team, life.actors[team], random=random, today=today)
        for n, team in enumerate(teams)
    ]
    post_ids = iter(await reserve_ids(connection, "posts", sum(len(p.posts) for p in plans)))
    for plan in plans:
        for post in plan.posts:
            post.id = next(post_ids)
    return plans


def _organisers(life: Life, cast: Cast, count: int, random: Random) -> Iterator[int]:
    """Who organises each: the cast and the town hubs for certain, the others by chance."""
    chosen = [cast.team, cast.community, cast.town, cast.district, cast.legal, cast.city]
    certain = [n for n in chosen if n is not None] * CAST_PROJECTS
    certain += [
        n for n in life.within(life.home.liveliest) if life.actors[n].hub_level == "TOWN"
    ] * TOWN_HUB_PROJECTS
    yield from certain[:count]
    pools = [life.within(hubs) for hubs in (life.home.liveliest, life.home.lively, life.home.hubs)]
    for _ in range(count - len(certain)):
        where = random.random()
        pool = pools[0 if where < LIVELIEST else 1 if where < LIVELIEST + LIVELY else 2]
        yield pool[int(random.random() * len(pool))]


def _plan(n: int, id: int, team: int, actor: Actor, *, random: Random, today: date) -> ProjectPlan:
    status = _status(n, actor)
    starts_on, ends_on = _dates(status, random, today)
    own = [code for code in actor.service_categories if code in THEMES]
    # Hubs organise all kinds of service.
    category = random.choice(sorted(THEMES)) if actor.hub_level else (own or [DEFAULT_CATEGORY])[0]
    theme = random.choice(THEMES[category])
    posts = [
        PostPlan(0, name, random.choice((8, 10, 15, 20, 30)))
        for name in theme.posts[: 1 + int(random.random() * 3)]
    ]
    return ProjectPlan(
        id, team, theme, category, status, _scope(n, status), starts_on, ends_on, posts
    )


def _status(n: int, actor: Actor) -> ProjectStatus:
    """By number, so that every state occurs; what needs no review never waits for one."""
    match (n * 37) % 100:
        case place if place < 50:  # noqa: PLR2004
            status = ProjectStatus.CLOSED
        case place if place < 78:  # noqa: PLR2004
            status = ProjectStatus.RUNNING
        case place if place < 90:  # noqa: PLR2004
            status = ProjectStatus.WAITING
        case place if place < 95:  # noqa: PLR2004
            status = ProjectStatus.PENDING
        case 95 | 96:
            status = ProjectStatus.MAKE_UP
        case 97:
            status = ProjectStatus.DRAFT
        case _:
            status = ProjectStatus.REJECTED
    if not actor.enabled:
        return ProjectStatus.DISABLED
    if actor.publishes_freely and status in {ProjectStatus.PENDING, ProjectStatus.REJECTED}:
        return ProjectStatus.WAITING
    return status


def _scope(n: int, status: ProjectStatus) -> RecruitScope:
    if status is ProjectStatus.MAKE_UP:
        return RecruitScope.MAKE_UP
    if n % 10 == 7:  # noqa: PLR2004
        return RecruitScope.TEAMS
    return RecruitScope.PASSWORD if n % 25 == 3 else RecruitScope.OPEN  # noqa: PLR2004


def _dates(status: ProjectStatus, random: Random, today: date) -> tuple[date, date]:
    draw = random.random
    if status in {ProjectStatus.CLOSED, ProjectStatus.MAKE_UP}:
        ends_on = today - timedelta(days=2 + int(draw() * 700))
        return ends_on - timedelta(days=int(draw() * 90)), ends_on
    if status in {ProjectStatus.RUNNING, ProjectStatus.DISABLED}:
        starts_on = today - timedelta(days=1 + int(draw() * 120))
        return starts_on, today + timedelta(days=3 + int(draw() * 120))
    starts_on = today + timedelta(days=2 + int(draw() * 40))
    return starts_on, starts_on + timedelta(days=int(draw() * 60))


async def write_projects(
    connection: Any,
    life: Life,
    plans: Sequence[ProjectPlan],
    *,
    password_hash: str,
    progress: Progress,
) -> None:
    """Copies projects, their posts, and the teams that some are reserved for."""
    rows = (_row(life.actors[plan.actor], plan, password_hash) for plan in plans)
    await copy_rows(connection, "projects", ProjectRow, rows, progress=progress, total=len(plans))
    posts = (
        PostRow(
            post.id, life.actors[plan.actor].province, plan.id, n, post.name, post.planned,
            post.joined,
        )
        for plan in plans
        for n, post in enumerate(plan.posts, 1)
    )  # fmt: skip
    await copy_rows(connection, "posts", PostRow, posts, progress=progress)
    await connection.copy_records_to_table(
        "project_teams",
        records=[
            (plan.id, life.actors[plan.actor].id)
            for plan in plans
            if plan.scope is RecruitScope.TEAMS
        ],
        columns=("project_id", "team_id"),
    )


def _row(actor: Actor, plan: ProjectPlan, password_hash: str) -> ProjectRow:
    name = f"{actor.short_name}{plan.theme.name}志愿服务"[-NAME_LENGTH:]
    starts_at = datetime.combine(plan.starts_on, OPENS)
    ends_at = datetime.combine(plan.ends_on, CLOSES)
    created_at = starts_at - timedelta(days=RECRUITS_BEFORE + 5)
    unpublished = {ProjectStatus.PENDING, ProjectStatus.DRAFT, ProjectStatus.REJECTED}
    published = plan.status not in unpublished
    rejected = plan.status is ProjectStatus.REJECTED
    stopped = plan.status is ProjectStatus.DISABLED
    return ProjectRow(
        id=plan.id,
        province=actor.province,
        project_no=project_no(actor.code, plan.id, created_at.date()),
        team_id=actor.id,
        name=name,
        sort_key=sort_key(name),
        name_grams=grams(name),
        status=plan.status,
        status_before=ProjectStatus.RUNNING if stopped else None,
        stopped_by=StoppedBy.WITH_TEAM if stopped else None,
        opinion="请补充活动内容与安全措施。" if rejected else None,
        scope=plan.scope,
        no_review_password_hash=password_hash if plan.scope is RecruitScope.PASSWORD else None,
        region_id=actor.region_id,
        region_path=actor.region_path,
        address=f"{actor.short_name}党群服务中心",
        starts_at=starts_at,
        ends_at=ends_at,
        recruit_starts_at=starts_at - timedelta(days=RECRUITS_BEFORE),
        recruit_ends_at=ends_at - timedelta(hours=2),
        categories=[plan.category],
        targets=list(plan.theme.targets),
        guarantees=[GUARANTEES[plan.id % len(GUARANTEES)], GUARANTEES[0]][: 1 + plan.id % 2],
        description=f"{actor.name}组织志愿者在{actor.short_name}开展{plan.theme.name}活动。",
        risk_notice="请注意往返交通安全，服从现场安排，量力而行。",
        proof_file=(f"proofs/{plan.id}.jpg" if plan.status is ProjectStatus.MAKE_UP else None),
        contact_name=actor.contact_name,
        contact_mobile=actor.contact_mobile,
        published_at=created_at + timedelta(days=2) if published else None,
        created_at=created_at,
    )
