"""What the author does: draft an article, change it, hand it in, take it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from db.enums import ReviewKind, SubmissionStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries import submissions as queries
from db.queries.entities import TEAM
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.facts import TeamFacts
from permissions.gather import gather_teams
from permissions.reviewers import reviewer_for
from permissions.viewer import Role, Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, refuse_if_any, require_account
from resolvers.acting_now import as_of_now
from resolvers.outcomes import Outcome, succeeded
from resolvers.submissions.holding import FIELD, Act, Held, act
from resolvers.texts import name_errors, text_errors

LONGEST_TITLE = 100
LONGEST_BODY = 20_000

_S = SubmissionStatus
CHANGEABLE = frozenset({_S.DRAFT, _S.RETURNED})
NO_SUCH_TEAM = UserError(UserErrorCode.NOT_FOUND, "teamId", "No such team.")
NOT_MEMBER = UserError(UserErrorCode.NOT_MEMBER, "teamId", "Write for a team that you joined.")
NOTHING_CHANGES = UserError(UserErrorCode.REQUIRED, None, "Give a title or a text.")


@dataclass(frozen=True, slots=True)
class Article:
    """What an article says; None, where it is changed, stays."""

    title: str | None
    body: str | None

    def errors(self) -> Sequence[UserError]:
        """What is wrong with what is given."""
        errors: list[UserError] = []
        if self.title == "":
            errors.append(UserError(UserErrorCode.REQUIRED, "title", "An article has a title."))
        if self.body == "":
            errors.append(UserError(UserErrorCode.REQUIRED, "body", "An article has a text."))
        errors += name_errors("title", self.title or "", longest=LONGEST_TITLE)
        return [*errors, *text_errors("body", self.body or "", longest=LONGEST_BODY)]


async def create_submission(
    database: Writable, viewer: Viewer, team_id: int, article: Article, idempotency_key: str | None
) -> Outcome:
    """A draft for a team: the team's own, or of a volunteer who has joined it.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the team and does not write for it.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any(article.errors())
        await write.lock_tree()
        # SECURITY: a hidden team is a missing one, before anything is said of it.
        if team_id not in await ids_in_scope(write, viewer, TEAM, [team_id]):
            raise Refused(NO_SUCH_TEAM)
        acting = await as_of_now(write, viewer)
        author = viewer.volunteer_id if viewer.role is Role.VOLUNTEER else None
        if author is not None and not await queries.is_member(
            write, team_id=team_id, volunteer_id=author
        ):
            raise Refused(NOT_MEMBER)
        teams = await gather_teams(write, [team_id], volunteer_id=author)
        decision = decide(Action.SUBMISSION_CREATE, acting, teams[team_id])
        if not decision.allowed:
            raise Forbidden(f"Not a team to write for: {decision.because}.")
        submission_id = await queries.insert(
            write, team_id, author, article.title or "", article.body or ""
        )
        write.record(
            DomainEvent(
                name="submission.created",
                subject_type=SubjectType.SUBMISSION,
                subject_id=submission_id,
                because=decision.because,
                payload={"teamId": team_id},
            )
        )
        return succeeded(submission_id)

    given = {"team": team_id, "title": article.title, "body": article.body}
    request = Request(action="createSubmission", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def update_submission(
    database: Writable,
    viewer: Viewer,
    submission_id: int,
    article: Article,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """A draft or a returned article, changed.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the article and did not write it.
    """

    async def do(held: Held) -> None:
        if article.title is None and article.body is None:
            raise Refused(NOTHING_CHANGES)
        refuse_if_any(article.errors())
        if held.row.status not in CHANGEABLE:
            raise Refused.because(
                UserErrorCode.WRONG_STATE,
                FIELD,
                f"An article that is {held.row.status.value} is not changed.",
            )
        await queries.update(held.write, submission_id, article.title, article.body, now=now)

    given = Act(
        name="updateSubmission",
        action=Action.SUBMISSION_UPDATE,
        submission_id=submission_id,
        key=idempotency_key,
        now=now,
        input={"title": article.title, "body": article.body},
    )
    return await act(database, viewer, given, do)


async def submit_submission(
    database: Writable,
    viewer: Viewer,
    submission_id: int,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The article, waiting for the contact team.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the article and did not write it.
    """

    async def do(held: Held) -> int:
        await held.bring(_S.SUBMITTED, "submitted")
        team = held.facts.team
        reviewer = reviewer_for(ReviewKind.SUBMISSION, team) or team.office
        held.write.locking(Rank.REVIEW)
        return await queries.insert_review(
            held.write,
            submission_id,
            team_id=reviewer.id if isinstance(reviewer, TeamFacts) else None,
            region_id=None if isinstance(reviewer, TeamFacts) else reviewer.region_id,
        )

    given = Act(
        name="submitSubmission",
        action=Action.SUBMISSION_SUBMIT,
        submission_id=submission_id,
        key=idempotency_key,
        now=now,
    )
    return await act(database, viewer, given, do)


async def withdraw_submission(
    database: Writable,
    viewer: Viewer,
    submission_id: int,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """The article, taken back by who wrote it; a published one is public no more.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the article and did not write it.
    """

    async def do(held: Held) -> None:
        await held.bring(_S.WITHDRAWN, "withdrawn")
        held.write.locking(Rank.REVIEW)
        await queries.withdraw_review(held.write, submission_id)

    given = Act(
        name="withdrawSubmission",
        action=Action.SUBMISSION_WITHDRAW,
        submission_id=submission_id,
        key=idempotency_key,
        now=now,
    )
    return await act(database, viewer, given, do)
