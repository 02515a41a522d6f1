"""From entries and what is known to records or refusals, without asking anything further."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from db.clock import CHINA
from db.enums import ProjectStatus, RecordStatus, VolunteerStatus
from db.queries.records.entering import NewRecord
from db.queries.records.gathering import Known, PersonKnown, ProjectKnown
from permissions.errors import UserError, UserErrorCode
from permissions.reading import PUBLISHED
from resolvers.records.entry import Entry
from resolvers.records.policy import Course, RecordPolicy, course_of
from resolvers.records.spans import TAKEN, bounds_of_day, span_errors
from resolvers.rules.hours import Frame, Span

# The states of a project whose service may be recorded: it has begun and was not stopped.
RECORDABLE: Collection[ProjectStatus] = frozenset(
    {ProjectStatus.RUNNING, ProjectStatus.CLOSED, ProjectStatus.MAKE_UP}
)
NO_PERSON = UserError(
    UserErrorCode.NOT_FOUND,
    "volunteerNo",
    "No volunteer of the team has this id, and none this number and this name.",
)
STOPPED = UserError(
    UserErrorCode.WRONG_STATE, "volunteerNo", "This volunteer is disabled or has withdrawn."
)
OWN = UserError(
    UserErrorCode.OWN_RECORD, "volunteerNo", "Somebody else of the team records your own service."
)
NO_PROJECT = UserError(UserErrorCode.NOT_FOUND, "projectId", "No such project.")
ELSEWHERE = UserError(
    UserErrorCode.RECORDED_ELSEWHERE, "projectId", "Another team records this project's service."
)
NO_POST = UserError(UserErrorCode.NOT_FOUND, "postId", "The project has no such post.")
NOTHING_LEFT = UserError(
    UserErrorCode.INVALID, "unservedMinutes", "No minute of service would be left."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who enters, for which team, at which moment, under which policy."""

    team_id: int
    account_id: int | None
    volunteer_id: int | None
    now: datetime
    policy: RecordPolicy
    is_application: bool = False

    @property
    def today(self) -> date:
        """The day in China."""
        return self.now.astimezone(CHINA).date()


@dataclass(slots=True)
class Judged:
    """Records to be entered, and what is refused, by the place among the entries."""

    records: list[NewRecord] = field(default_factory=list)
    refusals: dict[int, Sequence[UserError]] = field(default_factory=dict)


def judge(
    entries: Sequence[Entry],
    known: Known,
    asking: Asking,
    refused: Mapping[int, Sequence[UserError]],
) -> Judged:
    """What becomes of each entry that was not refused before.

    Of two entries of one volunteer that overlap, the first stands.
    """
    judge_one = _Judge(known, asking)
    judged = Judged(refusals=dict(refused))
    for n, entry in enumerate(entries):
        if n in judged.refusals:
            continue
        found = judge_one(n, entry)
        if isinstance(found, NewRecord):
            judged.records.append(found)
        else:
            judged.refusals[n] = found
    return judged


class _Judge:
    """Judges entries one after the other, remembering what the volunteers' days hold by then."""

    def __init__(self, known: Known, asking: Asking) -> None:
        self._known = known
        self._asking = asking
        self._by_name = {(one.volunteer_no, one.name): one for one in known.people.values()}
        self._spans: dict[int, list[Span]] = defaultdict(list)
        self._courses: dict[tuple[date, bool], Course] = {}

    def __call__(self, n: int, entry: Entry) -> NewRecord | Sequence[UserError]:
        project = self._known.projects.get(entry.project_id or 0)
        errors = self._project_errors(entry, project)
        person = self._person(entry)
        if person is None:
            return [NO_PERSON, *errors]
        errors += self._person_errors(person)
        if errors:
            return errors
        span = Span(entry.starts_at, entry.ends_at)
        if found := self._span_errors(span, person, project):
            return found
        minutes = span.minutes - entry.unserved_minutes
        if minutes < 1:
            return [NOTHING_LEFT]
        return self._record(n, entry, person, project, minutes)

    def _person(self, entry: Entry) -> PersonKnown | None:
        """The volunteer; SECURITY: by id only one whom the team knows, so ids tell nothing."""
        if entry.volunteer_id is None:
            return self._by_name.get(entry.named or ("", ""))
        person = self._known.people.get(entry.volunteer_id)
        is_oneself = self._asking.is_application
        return person if person is not None and (person.is_tied or is_oneself) else None

    def _person_errors(self, person: PersonKnown) -> list[UserError]:
        asking = self._asking
        errors = []
        if person.status is not VolunteerStatus.ENABLED:
            errors.append(STOPPED)
        is_own = person.id == asking.volunteer_id or (
            asking.account_id is not None and person.account_id == asking.account_id
        )
        if is_own and not asking.is_application:
            errors.append(OWN)
        return errors

    def _project_errors(self, entry: Entry, project: ProjectKnown | None) -> list[UserError]:
        if entry.project_id is None:
            return []
        team_id = self._asking.team_id
        if project is None or (
            team_id not in {project.team_id, project.recorder_id}
            and project.status not in PUBLISHED
        ):
            return [NO_PROJECT]
        if project.recorder_id != team_id:
            return [ELSEWHERE]
        if project.status not in RECORDABLE:
            message = f"A project that is {project.status.value} has no service to record."
            return [UserError(UserErrorCode.WRONG_STATE, "projectId", message)]
        if entry.post_id is not None and entry.post_id not in project.posts:
            return [NO_POST]
        return []

    def _span_errors(
        self, span: Span, person: PersonKnown, project: ProjectKnown | None
    ) -> Sequence[UserError]:
        frame = Frame(
            now=self._asking.now,
            project=Span(project.starts_at, project.ends_at) if project else None,
            registered_on=person.registered_at.astimezone(CHINA).date(),
            is_make_up=project is not None and project.is_make_up,
        )
        if errors := span_errors(span, frame, self._asking.policy.hours):
            return errors
        spans = self._spans[person.id]
        return [TAKEN] if any(span.overlaps(other) for other in spans) else ()

    def _record(
        self,
        n: int,
        entry: Entry,
        person: PersonKnown,
        project: ProjectKnown | None,
        minutes: int,
    ) -> NewRecord:
        assert self._known.team is not None  # noqa: S101 - asked before
        sign_up = person.sign_ups.get(entry.project_id or 0)
        course = self._course(entry.ends_at.astimezone(CHINA).date(), project)
        day = bounds_of_day(entry.starts_at)
        spans = self._spans[person.id]
        of_batch = sum(each.minutes for each in spans if day[0] <= each.starts_at < day[1])
        spans.append(Span(entry.starts_at, entry.ends_at))
        contact = project.contact_name if project else self._known.team.contact_name
        return NewRecord(
            n=n,
            volunteer_id=person.id,
            project_id=entry.project_id,
            post_id=entry.post_id or (sign_up[1] if sign_up else None),
            sign_up_id=sign_up[0] if sign_up else None,
            starts_at=entry.starts_at,
            ends_at=entry.ends_at,
            minutes=minutes,
            activity_name=entry.activity_name or (project.name if project else ""),
            content=entry.content,
            place=entry.place or (project.place if project else ""),
            targets=entry.targets or (project.targets if project else ()),
            contact_name=entry.contact_name or contact,
            note=entry.note,
            status=course.status.value,
            publicity_from=course.publicity_from,
            publicity_to=course.publicity_to,
            is_overdue=course.is_overdue,
            awaits_review=course.awaits_review,
            day=day,
            of_batch=of_batch,
            score=entry.score,
            comment=entry.comment,
            team_path=self._known.team.path_on(day[0].date()),
        )

    def _course(self, ended_on: date, project: ProjectKnown | None) -> Course:
        """The course of a record, worked out once for each day: the calendar is slow."""
        asking = self._asking
        is_make_up = project is not None and project.is_make_up
        found = self._courses.get((ended_on, is_make_up))
        if found is None:
            found = course_of(
                ended_on,
                today=asking.today,
                policy=asking.policy,
                is_make_up=is_make_up,
                reviews_hours=self._known.reviews_hours,
            )
            if asking.is_application:
                # The team decides first; from then on it counts as any other.
                found = Course(
                    status=RecordStatus.APPLIED, is_overdue=found.is_overdue, awaits_review=True
                )
            self._courses[ended_on, is_make_up] = found
        return found
