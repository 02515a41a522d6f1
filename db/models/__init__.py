"""The tables; importing this package completes the metadata."""

from db.models.accounts import Account, DepartmentUser, SignInSession, TeamAdmin
from db.models.base import Base
from db.models.certificates import Certificate, CertificateRecord
from db.models.complaints import Complaint, ComplaintStep
from db.models.exports import Export
from db.models.files import UploadedFile
from db.models.inspections import (
    Inspection,
    InspectionItem,
    InspectionMeasure,
    InspectionScope,
    InspectionTeam,
)
from db.models.local_policies import LocalPolicySetting
from db.models.matching import Need, NeedAnswer, Offer
from db.models.notices import Notice, NoticeRead
from db.models.partners import (
    ClientMode,
    DocumentClient,
    DocumentRevision,
    DocumentUsage,
    Partner,
    PartnerKey,
    TrustedDocument,
)
from db.models.personal_files import (
    Award,
    RecordTransfer,
    StarRating,
    StarThreshold,
    Training,
    TransferredRecord,
)
from db.models.projects import (
    PasswordTries,
    Post,
    Project,
    ProjectExclusion,
    ProjectTeam,
    SignUp,
)
from db.models.records import (
    Evaluation,
    ProjectRecorder,
    RecordDispute,
    ServiceRecord,
    ServiceRecordRevision,
)
from db.models.regions import Region, RegionSuccession, ServiceCategory, Station, StationAdmin
from db.models.reviews import Notification, Review, TrialFeedback
from db.models.rewards import Redemption, RewardEntry, RewardItem, RewardRule
from db.models.self_service import RecoveryCode, ResetRequest
from db.models.statistics import (
    LedgerCode,
    LedgerLeaf,
    LedgerPast,
    LedgerPending,
    LedgerPlace,
    LedgerRegion,
    LedgerSize,
    LedgerTotal,
)
from db.models.submissions import Submission
from db.models.teams import Team, TeamAttachment, TeamViewLink
from db.models.volunteers import (
    Consent,
    CorrectionRequest,
    Membership,
    Volunteer,
    VolunteerIdentity,
)
from db.models.writes import (
    AuditEntry,
    AuditHead,
    IdempotencyKey,
    Installation,
    OutboxEvent,
)

__all__ = [
    "Account",
    "AuditEntry",
    "AuditHead",
    "Award",
    "Base",
    "Certificate",
    "CertificateRecord",
    "ClientMode",
    "Complaint",
    "ComplaintStep",
    "Consent",
    "CorrectionRequest",
    "DepartmentUser",
    "DocumentClient",
    "DocumentRevision",
    "DocumentUsage",
    "Evaluation",
    "Export",
    "IdempotencyKey",
    "Inspection",
    "InspectionItem",
    "InspectionMeasure",
    "InspectionScope",
    "InspectionTeam",
    "Installation",
    "LedgerCode",
    "LedgerLeaf",
    "LedgerPast",
    "LedgerPending",
    "LedgerPlace",
    "LedgerRegion",
    "LedgerSize",
    "LedgerTotal",
    "LocalPolicySetting",
    "Membership",
    "Need",
    "NeedAnswer",
    "Notice",
    "NoticeRead",
    "Notification",
    "Offer",
    "OutboxEvent",
    "Partner",
    "PartnerKey",
    "PasswordTries",
    "Post",
    "Project",
    "ProjectExclusion",
    "ProjectRecorder",
    "ProjectTeam",
    "RecordDispute",
    "RecordTransfer",
    "RecoveryCode",
    "Redemption",
    "Region",
    "RegionSuccession",
    "ResetRequest",
    "Review",
    "RewardEntry",
    "RewardItem",
    "RewardRule",
    "ServiceCategory",
    "ServiceRecord",
    "ServiceRecordRevision",
    "SignInSession",
    "SignUp",
    "StarRating",
    "StarThreshold",
    "Station",
    "StationAdmin",
    "Submission",
    "Team",
    "TeamAdmin",
    "TeamAttachment",
    "TeamViewLink",
    "Training",
    "TransferredRecord",
    "TrialFeedback",
    "TrustedDocument",
    "UploadedFile",
    "Volunteer",
    "VolunteerIdentity",
]
