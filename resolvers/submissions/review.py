"""The contact team's review of an article: on to the station's editor, or back to the author."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from db.enums import SubmissionStatus
from db.lock_order import Rank
from db.queries import submissions as queries
from db.queries.deciding import ReviewKnown
from db.write import Write
from resolvers.review_ruling import FIELD, Refusals, Ruling
from resolvers.rules import voice_states
from resolvers.submissions.telling import happened, tell_author


@dataclass(frozen=True, slots=True)
class ArticleReview:
    """An article that waited goes to the station's editor, or is returned with the reason."""

    must_say_why: bool = True

    async def rows(
        self, _write: Write, reviews: Sequence[ReviewKnown]
    ) -> Mapping[Rank, Collection[int]]:
        """The articles."""
        return {Rank.SUBMISSION: {each.subject_id for each in reviews}}

    async def apply(self, write: Write, reviews: Sequence[ReviewKnown], ruling: Ruling) -> Refusals:
        """Passes on or returns."""
        articles = await queries.fetch(write, [each.subject_id for each in reviews])
        to = SubmissionStatus.REVIEWED if ruling.approves else SubmissionStatus.RETURNED
        found = {
            each.id: voice_states.SUBMISSION.refusal(
                articles[each.subject_id].status, to, field=FIELD
            )
            for each in reviews
        }
        refusals = {each: error for each, error in found.items() if error is not None}
        done = [each for each in reviews if each.id not in refusals]
        ids = [each.subject_id for each in done]
        await queries.set_status(write, ids, to, ruling.opinion, now=ruling.now)
        name = to.value.lower()
        for each in done:
            article = articles[each.subject_id]
            write.record(happened(name, article, ruling.because[each.id], reviewId=each.id))
            await tell_author(write, article, name)
        return refusals
