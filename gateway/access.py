"""Accounts by name, and `explain-access`: the walk to a decision, for who runs the station."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.queries.subjects import ACCOUNT_OF_USERNAME, SUBJECT_OF_NUMBER
from db.session import Database, Snapshot
from permissions.actions import Action
from permissions.edges import Policy
from permissions.errors import InvalidId, InvalidInput
from permissions.standing import fetch_standing
from permissions.viewer import Viewer
from resolvers.explaining import explain_access
from schema.ids import decode


class AccessQuestionRefused(Exception):
    """The question names nobody, or nothing; the message says which."""


@dataclass(frozen=True, slots=True)
class AccessQuestion:
    """Who asks, in which capacity, to do what to which subject."""

    username: str
    acting_as: str | None
    action: Action
    subject: str


async def answer_question(
    url: str, question: AccessQuestion, *, policy: Policy
) -> tuple[bool, Sequence[str]]:
    """Whether it is allowed, and the walk to the decision.

    Raises:
        AccessQuestionRefused: there is no such account or subject, or the action is of another.
        CapacityNotHeld, Unauthenticated: the account may not act so.
    """
    async with Database(url) as database, database.read() as snapshot:
        viewer = await viewer_named(snapshot, question.username, question.acting_as)
        entity, number = await _subject(snapshot, question.subject)
        try:
            found = await explain_access(
                snapshot, viewer, question.action, entity, number, policy=policy, is_operator=True
            )
        except InvalidInput as refusal:
            raise AccessQuestionRefused(str(refusal)) from refusal
        if found is None:
            raise AccessQuestionRefused(f"There is no {entity} {question.subject}.")
        return found.allowed, found.steps


async def viewer_named(snapshot: Snapshot, username: str, acting_as: str | None) -> Viewer:
    """An account in a capacity that it holds, for whoever runs the station.

    Raises:
        AccessQuestionRefused: there is no such account.
        CapacityNotHeld, Unauthenticated: the account may not act so.
    """
    account = await snapshot.fetch_one(ACCOUNT_OF_USERNAME, username=username.lower())
    if account is None:
        raise AccessQuestionRefused(f"There is no account {username}.")
    return (await fetch_standing(snapshot, account.id)).acting_as(acting_as)


async def _subject(snapshot: Snapshot, subject: str) -> tuple[str, int]:
    """The row of a printed number, or of a global id."""
    row = await snapshot.fetch_one(SUBJECT_OF_NUMBER, number=subject)
    if row is not None:
        return row.entity, row.id
    try:
        return decode(subject)
    except InvalidId:
        raise AccessQuestionRefused(f"No number or global id reads {subject}.") from None
