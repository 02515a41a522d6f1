"""Service records: at most one a day for each volunteer, so that none overlap."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from db.enums import RecordSource, RecordStatus
from db.progress import Progress
from db.seed.bulk import copy_rows, reserve_ids
from db.seed.life import Crowd, Life
from db.seed.projects import ProjectPlan
from db.seed.sign_ups import SignUps

# Memberships begin within so many days of registration.
SETTLED_DAYS = 20
TRIES = 4
PROJECT_SHARE = 0.9
PUBLICITY_DAYS = 5
SPANS = (60, 90, 120, 150, 180, 240, 240, 300, 360, 420, 480)
SOURCES = (
    RecordSource.TEAM_ENTRY,
    RecordSource.TEAM_ENTRY,
    RecordSource.CHECK_IN,
    RecordSource.VOLUNTEER_APPLICATION,
)
OVERDUE_AFTER = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """A service record as copied."""

    id: int
    province: str
    volunteer_id: int
    team_id: int
    project_id: int | None
    post_id: int | None
    sign_up_id: int | None
    region_path: str
    starts_at: datetime
    ends_at: datetime | None
    minutes: int
    activity_name: str
    status: RecordStatus
    source: RecordSource
    content: str
    place: str
    targets: list[str]
    contact_name: str
    recorder_name: str
    recorded_at: datetime
    publicity_from: date
    publicity_to: date
    is_overdue: bool
    void_reason: str | None


async def write_records(
    connection: Any,
    life: Life,
    crowd: Crowd,
    projects: Sequence[ProjectPlan],
    sign_ups: SignUps,
    *,
    seed: int,
    today: date,
    progress: Progress,
) -> None:
    """Copies as many records as the crowd was planned with."""
    count = sum(crowd.records)
    ids = await reserve_ids(connection, "service_records", count)
    rows = _Book(life, crowd, projects, sign_ups, seed, today).records(iter(ids))
    await copy_rows(connection, "service_records", RecordRow, rows, progress=progress, total=count)


@dataclass(frozen=True, slots=True)
class _Service:
    """What was served on one day."""

    day: int
    sign_up: int | None


@dataclass(frozen=True, slots=True)
class _Book:
    life: Life
    crowd: Crowd
    projects: Sequence[ProjectPlan]
    sign_ups: SignUps
    seed: int
    today: date

    def records(self, ids: Iterator[int]) -> Iterator[RecordRow]:
        """The records, volunteer by volunteer, each volunteer's by day."""
        random = Random(f"{self.seed}:records")  # noqa: S311 - nothing secret
        for n in range(len(self.crowd)):
            for service in sorted(self._services(n, random), key=lambda one: one.day):
                yield self._record(next(ids), n, service, random)

    def _services(self, n: int, random: Random) -> Iterator[_Service]:
        """On which days volunteer n served, and for which sign-up if for one; no day twice."""
        attended = self.sign_ups.attended_by(n)
        first, last = self.crowd.registered[n] + SETTLED_DAYS, self.today.toordinal() - 1
        used: set[int] = set()
        for _ in range(self.crowd.records[n]):
            service = None
            if attended and random.random() < PROJECT_SHARE:
                service = self._at_a_project(attended, first, used, random)
            if service is None:
                day = first + int(random.random() * (last - first + 1))
                while day in used:
                    day = first if day == last else day + 1
                service = _Service(day, None)
            used.add(service.day)
            yield service

    def _at_a_project(
        self, attended: Sequence[int], first: int, used: set[int], random: Random
    ) -> _Service | None:
        for _ in range(TRIES):
            sign_up = random.choice(attended)
            project = self.projects[self.sign_ups.project[sign_up]]
            begin = max(project.starts_on.toordinal(), first)
            end = min(project.ends_on, self.today - timedelta(days=1)).toordinal()
            if begin <= end:
                day = begin + int(random.random() * (end - begin + 1))
                if day not in used:
                    return _Service(day, sign_up)
        return None

    def _record(self, id: int, n: int, service: _Service, random: Random) -> RecordRow:
        project = post = None
        if service.sign_up is not None:
            project = self.projects[self.sign_ups.project[service.sign_up]]
            post = project.posts[self.sign_ups.post[service.sign_up]]
        actor = self.life.actors[project.actor if project else self.crowd.teams[n][0]]
        day = date.fromordinal(service.day)
        span = random.choice(SPANS)
        starts_at = datetime.combine(day, time(int(random.random() * 6)), UTC)
        ends_at = starts_at + timedelta(minutes=span)
        status = self._status(id, day)
        is_open = status is RecordStatus.OPEN
        late = id % 97 == 0 and (self.today - day).days > OVERDUE_AFTER
        recorded_on = day + timedelta(days=OVERDUE_AFTER if late else 1)
        return RecordRow(
            id=id,
            province=actor.province,
            volunteer_id=self.crowd.ids[n],
            team_id=actor.id,
            project_id=project.id if project else None,
            post_id=post.id if post else None,
            sign_up_id=None if service.sign_up is None else self.sign_ups.ids[service.sign_up],
            region_path=actor.region_path,
            starts_at=starts_at,
            ends_at=None if is_open else ends_at,
            # The way there is no service time.
            minutes=0 if is_open else span - (30 if id % 5 == 0 else 0),
            activity_name=project.theme.name if project else "日常志愿服务",
            status=status,
            source=RecordSource.CHECK_IN if is_open else SOURCES[id % len(SOURCES)],
            content=f"{project.theme.name}：{post.name}" if project and post else "日常志愿服务",
            place=f"{actor.short_name}党群服务中心",
            targets=list(project.theme.targets) if project else ["社会公众"],
            contact_name=actor.contact_name,
            recorder_name=actor.contact_name,
            recorded_at=datetime.combine(recorded_on, time(1), UTC),
            publicity_from=recorded_on,
            publicity_to=recorded_on + timedelta(days=PUBLICITY_DAYS),
            is_overdue=late,
            void_reason="与其他活动时间重复，录入有误" if status is RecordStatus.VOID else None,
        )

    def _status(self, id: int, day: date) -> RecordStatus:
        """Fresh ones are still in publicity; of the others nearly all count."""
        age = (self.today - day).days
        if age <= PUBLICITY_DAYS:
            rare = {0: RecordStatus.OPEN, 1: RecordStatus.APPLIED, 2: RecordStatus.APPLIED}
            return rare.get(id % 12, RecordStatus.NOT_EFFECTIVE)
        rare = {
            7: RecordStatus.DISPUTED,
            13: RecordStatus.VOID,
            19: RecordStatus.VOID,
            23: RecordStatus.REJECTED,
        }
        return rare.get(id % 100, RecordStatus.EFFECTIVE)
