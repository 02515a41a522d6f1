"""What people say: complaints with their course, contributed articles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from db.enums import (
    ComplaintMeasure,
    ComplaintStatus,
    ComplaintTopic,
    ReviewKind,
    ReviewState,
    SubmissionStatus,
)
from db.progress import silent
from db.queries.complaint_terms import TIME_TO_DECIDE, TIME_TO_REVIEW
from db.seed.bulk import copy_rows, reserve_ids
from db.seed.life import Actor, Cast, Crowd, Life
from db.seed.neighbours import morning, neighbours, office_of

C, S = ComplaintStatus, SubmissionStatus
Handler = tuple[int | None, int | None]  # ids of a team, or of the region of a department
COMPLAINTS, ARTICLES = 24, 24
COURSES: Sequence[Sequence[ComplaintStatus]] = (
    (C.SUBMITTED,),
    (C.SUBMITTED, C.ACCEPTED),
    (C.SUBMITTED, C.ACCEPTED, C.INVESTIGATING),
    (C.SUBMITTED, C.ACCEPTED, C.INVESTIGATING, C.UPHELD),
    (C.SUBMITTED, C.ACCEPTED, C.INVESTIGATING, C.DISMISSED),
    (C.SUBMITTED, C.ACCEPTED, C.INVESTIGATING, C.UPHELD, C.CLOSED),
    (C.SUBMITTED, C.ACCEPTED, C.INVESTIGATING, C.DISMISSED, C.SUBMITTED),
)
APPEAL = "认为调查不充分，请求上级复查。"
GRIEVANCES: Sequence[tuple[ComplaintTopic, str]] = (
    (ComplaintTopic.FALSE_RECORD, "当天活动提前一小时结束，记录的时长没有相应核减。"),
    (ComplaintTopic.CONDUCT, "现场无人组织，到岗后等候半小时才安排服务内容。"),
    (ComplaintTopic.PROFIT, "活动中向服务对象推销收费项目。"),
    (ComplaintTopic.DATA_LEAK, "报名名单连同手机号被发到了群里。"),
    (ComplaintTopic.OTHER, "招募信息写明提供饮水，现场没有准备。"),
)
OUTCOMES = {
    C.UPHELD: "经核实情况属实，已责令整改并向投诉人说明。",
    C.DISMISSED: "经调取签到记录并询问在场人员，反映情况不属实。",
}
STATES: Sequence[SubmissionStatus] = (S.PUBLISHED, S.SUBMITTED, S.REVIEWED, S.PUBLISHED, S.RETURNED,
                                      S.DRAFT, S.PUBLISHED, S.OFFLINE)  # fmt: skip
TITLES = (
    "巷子里的四点半课堂",
    "一群退休教师和他们的图书角",
    "清漂护河这一年",
    "把义诊送到院坝",
    "雨夜里的值守",
    "邻里互助日侧记",
)
BODY = "清早七点，队员们已在社区门口集合。分工、签到、入户，一个上午走访了二十多户人家。"
PROJECTS = """
select distinct on (team_id) team_id, id from projects
where team_id = any($1::bigint[]) and status in ('WAITING', 'RUNNING', 'CLOSED')
order by team_id, id
"""
AUTHORS = """
select m.team_id, m.volunteer_id, v.account_id
from memberships m join volunteers v on v.id = m.volunteer_id
where m.team_id = any($1::bigint[]) and m.status = 'JOINED' and v.id >= $2
order by v.id, m.team_id limit $3
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Complaint:
    id: int
    province: str
    subject_type: str
    subject_id: int
    topic: str
    team_id: int
    handler_team_id: int | None
    handler_region_id: int | None
    complainant_account_id: int
    discloses_name: bool
    text: str
    status: str
    measure: str | None
    outcome: str | None
    appeals: int
    created_at: datetime
    due_at: datetime
    decided_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    province: str
    complaint_id: int
    status: str
    handler_team_id: int | None
    handler_region_id: int | None
    measure: str | None
    note: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Article:
    id: int
    province: str
    team_id: int
    volunteer_id: int | None
    author_account_id: int
    title: str
    body: str
    status: str
    opinion: str | None
    created_at: datetime
    changed_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Review:
    province: str
    kind: str
    state: str
    subject_type: str
    subject_id: int
    team_id: int
    reviewer_team_id: int
    applicant_account_id: int
    created_at: datetime


async def raise_voices(
    connection: Any, life: Life, cast: Cast, crowd: Crowd, *, today: date
) -> None:
    """Complaints and articles around the demo's teams."""
    actors = neighbours(life, cast)
    if len(crowd) > 0:
        await _complain(connection, life, actors, crowd, today)
        await _write_articles(connection, actors, crowd, today)


async def _complain(
    connection: Any, life: Life, actors: Sequence[Actor], crowd: Crowd, today: date
) -> None:
    """About a project, which its team handles, and about a team, which the department does."""
    rows = await connection.fetch(PROJECTS, [actor.id for actor in actors])
    project_of = {row["team_id"]: row["id"] for row in rows}
    subjects: list[tuple[Actor, str, int]] = []
    for actor in actors:
        if actor.id in project_of:
            subjects.append((actor, "Project", project_of[actor.id]))
        subjects.append((actor, "Team", actor.id))
    subjects = subjects[:COMPLAINTS]
    ids = await reserve_ids(connection, "complaints", len(subjects))
    complaints: list[_Complaint] = []
    steps: list[_Step] = []
    for n, (number, (actor, kind, subject)) in enumerate(zip(ids, subjects, strict=True)):
        # One of five is the demo's volunteer's own.
        person = 0 if n % 5 == 0 else n % len(crowd)
        handlers = _handlers(life, actor, kind)
        course = COURSES[n % len(COURSES)]
        complaint = _complaint(number, n, actor, (kind, subject), handlers[_appeals(course)], today)
        complaint = {**complaint, "complainant_account_id": crowd.account_ids[person]}
        complaints.append(_Complaint(**complaint))
        steps.extend(_course(complaints[-1], course, handlers))
    await copy_rows(connection, "complaints", _Complaint, complaints, progress=silent)
    await copy_rows(connection, "complaint_steps", _Step, steps, progress=silent)


def _handlers(life: Life, actor: Actor, kind: str) -> Sequence[Handler]:
    """Who decides a complaint that concerns a team, and who decides it after an appeal."""
    if kind == "Project":
        above = actor.contact_team_id
        return (actor.id, None), (above, None if above else office_of(life, actor))
    return (None, office_of(life, actor)), (None, life.home.province_hub.region_id)


def _appeals(course: Sequence[ComplaintStatus]) -> int:
    return course.count(C.SUBMITTED) - 1


def _complaint(  # noqa: PLR0917 - what a row is made of
    number: int,
    n: int,
    actor: Actor,
    subject: tuple[str, int],
    handler: Handler,
    today: date,
) -> dict[str, Any]:
    course = COURSES[n % len(COURSES)]
    appeals = _appeals(course)
    topic, text = GRIEVANCES[n % len(GRIEVANCES)]
    came = morning(today, -11 - 3 * n)  # so that the oldest are overdue
    decision = None if appeals else next((each for each in course if each in OUTCOMES), None)
    handed_in = _step_at(came, len(course) - 1) if appeals else came
    time = TIME_TO_REVIEW if appeals else TIME_TO_DECIDE
    return {
        "id": number,
        "province": actor.province,
        "subject_type": subject[0],
        "subject_id": subject[1],
        "topic": topic.value,
        "team_id": actor.id,
        "handler_team_id": handler[0],
        "handler_region_id": handler[1],
        "discloses_name": n % 3 == 0,
        "text": text,
        "status": course[-1].value,
        "measure": _measure(course),
        "outcome": None if decision is None else OUTCOMES[decision],
        "appeals": appeals,
        "created_at": came,
        "due_at": handed_in + time,
        "decided_at": None if decision is None else came + timedelta(days=6),
        "closed_at": came + timedelta(days=8) if course[-1] is C.CLOSED else None,
    }


def _measure(course: Sequence[ComplaintStatus]) -> str | None:
    return ComplaintMeasure.CORRECTION_ORDERED.value if C.UPHELD in course else None


def _step_at(came: datetime, n: int) -> datetime:
    return came + timedelta(days=2 * n)


def _course(
    complaint: _Complaint, course: Sequence[ComplaintStatus], handlers: Sequence[Handler]
) -> Iterator[_Step]:
    for n, status in enumerate(course):
        appeals = _appeals(course[: n + 1])
        team_id, region_id = handlers[appeals]
        yield _Step(
            province=complaint.province,
            complaint_id=complaint.id,
            status=status.value,
            handler_team_id=team_id,
            handler_region_id=region_id,
            measure=complaint.measure if status in {C.UPHELD, C.CLOSED} else None,
            note=APPEAL if appeals else OUTCOMES.get(status),
            created_at=_step_at(complaint.created_at, n),
        )


async def _write_articles(
    connection: Any, actors: Sequence[Actor], crowd: Crowd, today: date
) -> None:
    """By members of the teams; what was handed in waits for the contact team."""
    actor_of = {actor.id: actor for actor in actors if actor.contact_team_id is not None}
    authors = await connection.fetch(AUTHORS, sorted(actor_of), crowd.ids[0], ARTICLES)
    ids = await reserve_ids(connection, "submissions", len(authors))
    articles = [
        _article(number, n, author, actor_of[author["team_id"]].province, today)
        for n, (number, author) in enumerate(zip(ids, authors, strict=True))
    ]
    await copy_rows(connection, "submissions", _Article, articles, progress=silent)
    await copy_rows(
        connection,
        "reviews",
        _Review,
        [
            _Review(
                province=each.province,
                kind=ReviewKind.SUBMISSION.value,
                state=ReviewState.PENDING.value,
                subject_type="Submission",
                subject_id=each.id,
                team_id=each.team_id,
                reviewer_team_id=actor_of[each.team_id].contact_team_id or 0,
                applicant_account_id=each.author_account_id,
                created_at=each.changed_at,
            )
            for each in articles
            if each.status == S.SUBMITTED.value
        ],
        progress=silent,
    )


def _article(number: int, n: int, author: Any, province: str, today: date) -> _Article:
    status = STATES[n % len(STATES)]
    changed = morning(today, -1 - n)
    return _Article(
        id=number,
        province=province,
        team_id=author["team_id"],
        volunteer_id=author["volunteer_id"],
        author_account_id=author["account_id"],
        title=TITLES[n % len(TITLES)],
        body=BODY,
        status=status.value,
        opinion="请补充活动时间和参加人数。" if status is S.RETURNED else None,
        created_at=changed - timedelta(days=3),
        changed_at=changed,
        published_at=changed if status in {S.PUBLISHED, S.OFFLINE} else None,
    )
