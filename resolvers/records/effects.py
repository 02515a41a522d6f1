"""What decisions do to records and evaluations, by the kind of review."""

from collections.abc import Mapping

from db.enums import ReviewKind
from resolvers.records.deciding import RecordReview
from resolvers.records.evaluating import EvaluationReview
from resolvers.review_ruling import Effect

RECORD_EFFECTS: Mapping[ReviewKind, Effect] = {
    ReviewKind.RECORD_APPLICATION: RecordReview(ReviewKind.RECORD_APPLICATION),
    ReviewKind.LATE_HOURS: RecordReview(ReviewKind.LATE_HOURS),
    ReviewKind.EVALUATION: EvaluationReview(),
}
