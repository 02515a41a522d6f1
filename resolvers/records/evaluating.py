"""Evaluating a volunteer's service (Order 67 §10): quality and date, of a record or a project."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from db.clock import CHINA
from db.enums import EvaluationStatus, RecordStatus, ReviewKind
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries.deciding import ReviewKnown
from db.queries.entities import PROJECT, VOLUNTEER
from db.queries.records import evaluating
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.gather import gather_teams
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, refuse_if_any, require_account
from resolvers.outcomes import Outcome, succeeded
from resolvers.records.entry import HIGHEST_SCORE, LONGEST, LOWEST_SCORE
from resolvers.records.keeping import FIELD as RECORD_FIELD
from resolvers.records.keeping import Act, Held, act
from resolvers.records.reviewers import reviewer_key
from resolvers.review_ruling import FIELD, Refusals, Ruling
from resolvers.rules.working_days import is_overdue
from resolvers.texts import line_errors

EVALUATED = frozenset({RecordStatus.NOT_EFFECTIVE, RecordStatus.EFFECTIVE, RecordStatus.DISPUTED})
NO_PROJECT = UserError(UserErrorCode.NOT_FOUND, "projectId", "No such project.")
NO_PART = UserError(
    UserErrorCode.NOT_FOUND, "volunteerId", "No volunteer who took part in the project."
)
NOT_WAITING = UserError(UserErrorCode.ALREADY_DECIDED, FIELD, "This evaluation waits for nobody.")
OF_VOID = UserError(UserErrorCode.WRONG_STATE, FIELD, "The record it is of is void.")
OWN = UserError(UserErrorCode.OWN_RECORD, "volunteerId", "Nobody evaluates themselves.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """How good the service was, 1 to 5, and in words."""

    score: int
    comment: str | None = None

    def errors(self) -> Sequence[UserError]:
        """What is wrong with it."""
        errors: list[UserError] = []
        if not LOWEST_SCORE <= self.score <= HIGHEST_SCORE:
            message = f"From {LOWEST_SCORE} to {HIGHEST_SCORE}."
            errors.append(UserError(UserErrorCode.INVALID, "score", message))
        if self.comment:
            errors += line_errors("comment", self.comment, longest=LONGEST["comment"])
        return errors


async def evaluate_record(
    database: Writable,
    viewer: Viewer,
    record_id: int,
    opinion: Opinion,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The record, evaluated by the team that recorded it; a second time instead of the first.

    Raises:
        Unauthenticated, Forbidden: the viewer is not named to record for the team.
    """

    async def do(held: Held) -> None:
        refuse_if_any(opinion.errors())
        if held.status not in EVALUATED:
            message = f"A record that is {held.status.value} is not evaluated."
            raise Refused.because(UserErrorCode.WRONG_STATE, RECORD_FIELD, message)
        ended_on = held.row["ends_at"].astimezone(CHINA).date()
        await _evaluate(
            held.write,
            _Subject(record_id, None, held.row["volunteer_id"], held.row["team_id"]),
            opinion,
            because=held.because,
            today=held.today,
            late=is_overdue(ended_on, today=held.today),
        )

    given = Act(
        name="evaluateRecord",
        action=Action.RECORD_EVALUATE,
        record_id=record_id,
        key=idempotency_key,
        now=now,
        input={"score": opinion.score, "comment": opinion.comment},
        of_own=False,
    )
    return await act(database, viewer, given, do)


async def evaluate_participation(
    database: Writable,
    viewer: Viewer,
    ends: tuple[int, int],
    opinion: Opinion,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The volunteer, evaluated for a whole project; ``ends`` are the project and the volunteer.

    Raises:
        Unauthenticated, Forbidden: the viewer is not named to record for the project's team.
    """
    require_account(viewer)
    project_id, volunteer_id = ends
    today = now.astimezone(CHINA).date()

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any(opinion.errors())
        seen = await ids_in_scope(write, viewer, PROJECT, [project_id])
        part = await evaluating.fetch_part(write, project_id, volunteer_id)
        if project_id not in seen or part is None:
            raise Refused(NO_PROJECT)
        team_id = part["recorder_id"]
        await write.lock_tree()
        await write.lock(Rank.TEAM, [team_id], shared=True)
        team = (await gather_teams(write, [team_id]))[team_id]
        decision = decide(Action.RECORD_CREATE, viewer, team)
        if not decision.allowed or not team.works:
            raise Forbidden("Only who is named to record for the team evaluates its volunteers.")
        await write.lock(Rank.VOLUNTEER, [volunteer_id])
        if volunteer_id == viewer.volunteer_id:
            raise Refused(OWN)
        known = await ids_in_scope(write, viewer, VOLUNTEER, [volunteer_id])
        if volunteer_id not in known or not part["took_part"]:
            raise Refused(NO_PART)
        await _evaluate(
            write,
            _Subject(None, project_id, volunteer_id, team_id),
            opinion,
            because=decision.because,
            today=today,
            late=part["ends_at"] <= now
            and is_overdue(part["ends_at"].astimezone(CHINA).date(), today=today),
        )
        return succeeded(volunteer_id)

    request = Request(
        action="evaluateParticipation",
        key=idempotency_key,
        input={"ends": ends, "score": opinion.score, "comment": opinion.comment},
    )
    return await perform(database, viewer, request, work)


@dataclass(frozen=True, slots=True)
class _Subject:
    record_id: int | None
    project_id: int | None
    volunteer_id: int
    team_id: int


async def _evaluate(
    write: Write,
    subject: _Subject,
    opinion: Opinion,
    *,
    because: str,
    today: date,
    late: bool,
) -> None:
    reviewed = await evaluating.are_reviewed(write, subject.team_id)
    status = EvaluationStatus.PENDING if reviewed else EvaluationStatus.STANDING
    evaluation_id = await evaluating.store(
        write,
        evaluating.Judgement(
            record_id=subject.record_id,
            project_id=subject.project_id,
            volunteer_id=subject.volunteer_id,
            team_id=subject.team_id,
            score=opinion.score,
            comment=opinion.comment,
            evaluated_on=today,
            status=status.value,
        ),
    )
    if reviewed:
        reviewer = await reviewer_key(write, subject.team_id, ReviewKind.EVALUATION)
        await evaluating.insert_review(write, subject.team_id, evaluation_id, reviewer)
    write.record(
        _event(
            "evaluated", evaluation_id, because, (subject.volunteer_id, subject.team_id), late=late
        )
    )


def _event(
    name: str, evaluation_id: int, because: str, ends: tuple[int, int], *, late: bool = False
) -> DomainEvent:
    return DomainEvent(
        name=f"evaluation.{name}",
        subject_type=SubjectType.EVALUATION,
        subject_id=evaluation_id,
        because=because,
        payload={"volunteerId": ends[0], "teamId": ends[1]},
        detail={"late": late},
    )


@dataclass(frozen=True, slots=True)
class EvaluationReview:
    """An evaluation that the contact team reviews stands from then on, or never."""

    must_say_why: bool = True

    async def rows(
        self, write: Write, reviews: Sequence[ReviewKnown]
    ) -> Mapping[Rank, Collection[int]]:
        """The volunteers, whose averages move."""
        found = await evaluating.fetch(write, [each.subject_id for each in reviews])
        return {Rank.VOLUNTEER: {row["volunteer_id"] for row in found.values()}}

    async def apply(self, write: Write, reviews: Sequence[ReviewKnown], ruling: Ruling) -> Refusals:
        """Lets them stand, or refuses them."""
        found = await evaluating.fetch(write, [each.subject_id for each in reviews])
        refusals: dict[int, UserError] = {}
        done = []
        for each in reviews:
            row = found[each.subject_id]
            if row["status"] != EvaluationStatus.PENDING:
                refusals[each.id] = NOT_WAITING
            elif ruling.approves and row["record_status"] == RecordStatus.VOID:
                refusals[each.id] = OF_VOID
            else:
                done.append(each)
        to = EvaluationStatus.STANDING if ruling.approves else EvaluationStatus.REFUSED
        await evaluating.settle(write, [each.subject_id for each in done], to.value)
        name = "approved" if ruling.approves else "refused"
        for each in done:
            row = found[each.subject_id]
            ends = row["volunteer_id"], row["team_id"]
            write.record(_event(name, each.subject_id, ruling.because[each.id], ends))
        return refusals
