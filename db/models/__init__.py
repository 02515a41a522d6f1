"""The tables; importing this package completes the metadata."""

from db.models.accounts import Account, DepartmentUser, SignInSession, TeamAdmin
from db.models.base import Base
from db.models.partners import (
    ClientMode,
    DocumentClient,
    DocumentRevision,
    DocumentUsage,
    Partner,
    PartnerKey,
    TrustedDocument,
)
from db.models.projects import Post, Project, ProjectTeam, SignUp
from db.models.records import Certificate, Evaluation, ServiceRecord, ServiceRecordRevision
from db.models.regions import Region, RegionSuccession, ServiceCategory, Station
from db.models.reviews import Complaint, Notification, Review, Submission, TrialFeedback
from db.models.teams import Team, TeamAttachment, TeamViewLink
from db.models.volunteers import (
    Award,
    Consent,
    Membership,
    Training,
    Volunteer,
    VolunteerIdentity,
)
from db.models.writes import (
    AuditEntry,
    IdempotencyKey,
    Installation,
    LedgerPending,
    LedgerTotal,
    OutboxEvent,
)

__all__ = [
    "Account",
    "AuditEntry",
    "Award",
    "Base",
    "Certificate",
    "ClientMode",
    "Complaint",
    "Consent",
    "DepartmentUser",
    "DocumentClient",
    "DocumentRevision",
    "DocumentUsage",
    "Evaluation",
    "IdempotencyKey",
    "Installation",
    "LedgerPending",
    "LedgerTotal",
    "Membership",
    "Notification",
    "OutboxEvent",
    "Partner",
    "PartnerKey",
    "Post",
    "Project",
    "ProjectTeam",
    "Region",
    "RegionSuccession",
    "Review",
    "ServiceCategory",
    "ServiceRecord",
    "ServiceRecordRevision",
    "SignInSession",
    "SignUp",
    "Station",
    "Submission",
    "Team",
    "TeamAdmin",
    "TeamAttachment",
    "TeamViewLink",
    "Training",
    "TrialFeedback",
    "TrustedDocument",
    "Volunteer",
    "VolunteerIdentity",
]
