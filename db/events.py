"""Domain events: what a write did, as values; the seam makes rows of them (``db.write``)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]


class SubjectType(StrEnum):
    """What an event, audit row or review is about; named as in the schema."""

    ACCOUNT = "Account"
    REGION = "Region"
    VOLUNTEER = "Volunteer"
    CONSENT = "Consent"
    TEAM = "Team"
    MEMBERSHIP = "Membership"
    PROJECT = "Project"
    SIGN_UP = "SignUp"
    SERVICE_RECORD = "ServiceRecord"
    EVALUATION = "Evaluation"
    TRAINING = "Training"
    AWARD = "Award"
    RECORD_TRANSFER = "RecordTransfer"
    CERTIFICATE = "Certificate"
    REVIEW = "Review"
    COMPLAINT = "Complaint"
    SUBMISSION = "Submission"
    NOTICE = "Notice"
    FILE = "File"
    PARTNER = "Partner"
    DOCUMENT_CLIENT = "DocumentClient"
    TRIAL_FEEDBACK = "TrialFeedback"
    EXPORT = "Export"
    ADMINISTRATOR = "Administrator"
    STATION = "Station"
    INSPECTION = "Inspection"
    INSPECTION_TEAM = "InspectionTeam"
    INSPECTION_ITEM = "InspectionItem"
    NEED = "Need"
    OFFER = "Offer"
    NEED_ANSWER = "NeedAnswer"
    REWARD_RULE = "RewardRule"
    REWARD_ITEM = "RewardItem"
    REDEMPTION = "Redemption"


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainEvent:
    """Something that a write did to one subject.

    ``payload`` is published and ``detail`` audited, both for years: neither holds personal data.
    A ``payload`` of None is audited only. ``because`` is the edge that allowed the act.
    """

    name: str
    subject_type: SubjectType
    subject_id: int | None
    because: str
    payload: Mapping[str, Json] | None = field(default_factory=dict)
    detail: Mapping[str, Json] = field(default_factory=dict)
    standing_of: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.payload is not None and self.subject_id is None:
            raise ValueError("A published event has a subject.")
