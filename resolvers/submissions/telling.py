"""Telling of articles: the event of each step, and a message to the author."""

from db.events import DomainEvent, Json, SubjectType
from db.queries.notifications import notify
from db.queries.submissions import SubmissionLocked
from db.write import Write


def happened(name: str, article: SubmissionLocked, because: str, **detail: Json) -> DomainEvent:
    """That an article came to a state; what it says is in neither part."""
    return DomainEvent(
        name=f"submission.{name}",
        subject_type=SubjectType.SUBMISSION,
        subject_id=article.id,
        because=because,
        payload={"teamId": article.team_id},
        detail={"statusBefore": article.status.value, **detail},
    )


async def tell_author(write: Write, article: SubmissionLocked, name: str) -> None:
    """Leaves the author a message, unless it is their own doing."""
    if article.author_account_id != write.account_id:
        payload: dict[str, Json] = {"submissionId": article.id, "teamId": article.team_id}
        await notify(write, [article.author_account_id], f"submission.{name}", payload)
