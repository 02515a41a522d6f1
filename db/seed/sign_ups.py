"""Sign-ups: planned per volunteer in the order of volunteers, never past a post's quota."""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from db.enums import ProjectStatus, RecruitScope, SignUpStatus
from db.progress import Progress
from db.seed.bulk import copy_rows, reserve_ids
from db.seed.life import Crowd, Life
from db.seed.projects import ProjectPlan

FEWEST, SPREAD, PER_RECORDS, MOST = 2, 5, 10, 30
LEAD_DAYS = 15
OWN_TEAM_SHARE = 0.6

# Share up to which a sign-up ends so, by state of its project.
OUTCOMES = {
    ProjectStatus.CLOSED: (
        (0.82, SignUpStatus.ATTENDED),
        (0.87, SignUpStatus.NO_SHOW),
        (0.92, SignUpStatus.REFUSED),
        (0.97, SignUpStatus.WITHDRAWN),
        (1.00, SignUpStatus.CANCELLED),
    ),
    ProjectStatus.RUNNING: (
        (0.45, SignUpStatus.ATTENDED),
        (0.75, SignUpStatus.ACCEPTED),
        (0.92, SignUpStatus.APPLIED),
        (0.96, SignUpStatus.REFUSED),
        (1.00, SignUpStatus.CANCELLED),
    ),
    ProjectStatus.WAITING: (
        (0.55, SignUpStatus.ACCEPTED),
        (0.85, SignUpStatus.APPLIED),
        (0.93, SignUpStatus.INVITED),
        (1.00, SignUpStatus.DECLINED),
    ),
}
HOLD_A_PLACE = frozenset({SignUpStatus.ACCEPTED, SignUpStatus.ATTENDED, SignUpStatus.NO_SHOW})
UNDECIDED = frozenset({SignUpStatus.APPLIED, SignUpStatus.INVITED})
STATUSES = tuple(SignUpStatus)


@dataclass(slots=True)
class SignUps:
    """The planned sign-ups as columns; volunteer n's begin at ``starts[n]``."""

    project: "array[int]" = field(default_factory=lambda: array("i"))
    post: "array[int]" = field(default_factory=lambda: array("b"))
    status: "array[int]" = field(default_factory=lambda: array("b"))
    starts: "array[int]" = field(default_factory=lambda: array("i", [0]))
    ids: range = range(0)

    def attended_by(self, volunteer: int) -> Sequence[int]:
        """The sign-ups that volunteer n kept."""
        return [
            at
            for at in range(self.starts[volunteer], self.starts[volunteer + 1])
            if STATUSES[self.status[at]] is SignUpStatus.ATTENDED
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpRow:
    """A sign-up as copied."""

    id: int
    province: str
    project_id: int
    post_id: int
    team_id: int
    volunteer_id: int
    status: SignUpStatus
    applied_at: datetime
    decided_at: datetime | None


def plan_sign_ups(
    life: Life, crowd: Crowd, projects: Sequence[ProjectPlan], *, seed: int
) -> SignUps:
    """Who signs up to what, and how it ended; counts those who hold a place into the posts."""
    random = Random(f"{seed}:sign-ups")  # noqa: S311 - nothing secret
    by_team, by_area = _offers(life, projects)
    planned = SignUps()
    for n in range(len(crowd)):
        own = [project for team in crowd.teams[n] for project in by_team.get(team, ())]
        near = by_area.get(_area(life.home.hubs[crowd.place[n]].region_path), ())
        wanted = FEWEST + int(random.random() * SPREAD) + crowd.records[n] // PER_RECORDS
        taken: set[int] = set()
        for _ in range(min(wanted, MOST)):
            pool = own if own and random.random() < OWN_TEAM_SHARE else near
            if not pool:
                continue
            project = pool[int(random.random() * len(pool))]
            # Volunteers sign up to what happens after they registered.
            late = projects[project].ends_on.toordinal() > crowd.registered[n] + LEAD_DAYS * 2
            if late and project not in taken:
                taken.add(project)
                _sign_up(planned, projects, project, random)
        planned.starts.append(len(planned.project))
    return planned


def _offers(
    life: Life, projects: Sequence[ProjectPlan]
) -> tuple[dict[int, list[int]], dict[str, list[int]]]:
    """The projects that take sign-ups, by team, and those open to all by district."""
    by_team: dict[int, list[int]] = defaultdict(list)
    by_area: dict[str, list[int]] = defaultdict(list)
    for number, project in enumerate(projects):
        if project.status in OUTCOMES:
            by_team[project.actor].append(number)
            if project.scope is RecruitScope.OPEN:
                by_area[_area(life.actors[project.actor].region_path)].append(number)
    return by_team, by_area


def _area(region_path: str) -> str:
    """The first three steps of a path: the district in Chongqing."""
    return "/".join(region_path.split("/", 3)[:3])


def _sign_up(
    planned: SignUps, projects: Sequence[ProjectPlan], project: int, random: Random
) -> None:
    plan = projects[project]
    draw = random.random()
    status = next(status for share, status in OUTCOMES[plan.status] if draw < share)
    post_no = int(random.random() * len(plan.posts))
    post = plan.posts[post_no]
    if status in HOLD_A_PLACE:
        if post.joined == post.planned:
            status = SignUpStatus.REFUSED
        else:
            post.joined += 1
    planned.project.append(project)
    planned.post.append(post_no)
    planned.status.append(STATUSES.index(status))


async def write_sign_ups(
    connection: Any,
    life: Life,
    crowd: Crowd,
    projects: Sequence[ProjectPlan],
    planned: SignUps,
    *,
    today: date,
    progress: Progress,
) -> None:
    """Copies the planned sign-ups."""
    count = len(planned.project)
    planned.ids = await reserve_ids(connection, "sign_ups", count)
    rows = _rows(life, crowd, projects, planned, today)
    await copy_rows(connection, "sign_ups", SignUpRow, rows, progress=progress, total=count)


def _rows(
    life: Life,
    crowd: Crowd,
    projects: Sequence[ProjectPlan],
    planned: SignUps,
    today: date,
) -> Iterator[SignUpRow]:
    for n in range(len(crowd)):
        for at in range(planned.starts[n], planned.starts[n + 1]):
            plan = projects[planned.project[at]]
            actor = life.actors[plan.actor]
            status = STATUSES[planned.status[at]]
            # Before the project, though a project of next month is applied for today at the latest.
            day = min(
                plan.starts_on - timedelta(days=1 + at % LEAD_DAYS), today - timedelta(days=2)
            )
            applied_at = datetime.combine(day, time(at % 14, at % 60), UTC)
            yield SignUpRow(
                id=planned.ids[at],
                province=actor.province,
                project_id=plan.id,
                post_id=plan.posts[planned.post[at]].id,
                team_id=actor.id,
                volunteer_id=crowd.ids[n],
                status=status,
                applied_at=applied_at,
                decided_at=None if status in UNDECIDED else applied_at + timedelta(hours=18),
            )
