"""The stored vocabularies: each value has one name in the database and in the schema."""

from enum import StrEnum


class RegionLevel(StrEnum):
    """The level of a node of the region tree (DOMAIN §7.6)."""

    NATION = "NATION"
    PROVINCE = "PROVINCE"
    PREFECTURE = "PREFECTURE"
    COUNTY = "COUNTY"
    TOWN = "TOWN"
    VILLAGE = "VILLAGE"


class SuccessionKind(StrEnum):
    """How a region came to be in the place of another."""

    RENAMED = "RENAMED"
    MOVED = "MOVED"
    MERGED = "MERGED"
    CODED = "CODED"


class StationPhase(StrEnum):
    """Which system a station runs on (notice of 2021-03-17)."""

    LEGACY = "LEGACY"
    TRIAL = "TRIAL"
    FORMAL = "FORMAL"


class SupportKind(StrEnum):
    """By which way people reach a station's support (annex 2 of the notice of 2021)."""

    QQ_GROUP = "QQ_GROUP"
    WECHAT = "WECHAT"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    OTHER = "OTHER"


class HubLevel(StrEnum):
    """The level of a hub team (DOMAIN §4.1)."""

    NATION = "NATION"
    PROVINCE = "PROVINCE"
    CITY = "CITY"
    DISTRICT = "DISTRICT"
    TOWN = "TOWN"
    COMMUNITY = "COMMUNITY"


class TeamKind(StrEnum):
    """The kind of a team, codes 1 to 3 of system 2.0 (DOMAIN §1)."""

    GROUP = "GROUP"
    ORGANIZATION = "ORGANIZATION"
    OTHER_LEGAL = "OTHER_LEGAL"


class RegistrationStatus(StrEnum):
    """Whether a team is registered, put on file, or neither."""

    LEGAL_PERSON = "LEGAL_PERSON"
    FILED = "FILED"
    UNREGISTERED = "UNREGISTERED"


class EntityStatus(StrEnum):
    """How a legal entity stands at its registration authority."""

    NORMAL = "NORMAL"
    DEREGISTERED = "DEREGISTERED"
    REVOKED = "REVOKED"


class TeamStatus(StrEnum):
    """The state of a team (DOMAIN §6.1)."""

    DRAFT = "DRAFT"
    PENDING = "PENDING"
    REJECTED = "REJECTED"
    ENABLED = "ENABLED"
    CHANGE_PENDING = "CHANGE_PENDING"
    DISABLED = "DISABLED"
    DISSOLVED = "DISSOLVED"


class PermissionGroup(StrEnum):
    """The nine permission groups of the seed's table (DOMAIN §4)."""

    PENDING = "PENDING"
    BASIC = "BASIC"
    JUNIOR_PROJECT = "JUNIOR_PROJECT"
    JUNIOR_TEAM = "JUNIOR_TEAM"
    JUNIOR_QUICK = "JUNIOR_QUICK"
    MIDDLE = "MIDDLE"
    MIDDLE_QUICK = "MIDDLE_QUICK"
    SENIOR = "SENIOR"
    SENIOR_QUICK = "SENIOR_QUICK"


class TeamAdminRole(StrEnum):
    """What a person is named for inside a team."""

    MANAGER = "MANAGER"
    RECORDER = "RECORDER"
    REVIEWER = "REVIEWER"


class MembershipStatus(StrEnum):
    """The state of a membership (DOMAIN §5 row 7)."""

    APPLYING = "APPLYING"
    INVITED = "INVITED"
    JOINED = "JOINED"
    REFUSED = "REFUSED"
    DECLINED = "DECLINED"
    LEFT = "LEFT"


class AccountStatus(StrEnum):
    """Whether an account may sign in."""

    ENABLED = "ENABLED"
    DISABLED = "DISABLED"


class VolunteerStatus(StrEnum):
    """The state of a volunteer."""

    ENABLED = "ENABLED"
    DISABLED = "DISABLED"
    WITHDRAWN = "WITHDRAWN"


class RealNameStatus(StrEnum):
    """The outcome of the real-name check against the population database."""

    UNCHECKED = "UNCHECKED"
    VERIFIED = "VERIFIED"
    MISMATCH = "MISMATCH"


class Sex(StrEnum):
    """Sex after GB/T 2261.1."""

    UNKNOWN = "UNKNOWN"
    MALE = "MALE"
    FEMALE = "FEMALE"
    UNSPECIFIED = "UNSPECIFIED"


class IdentityType(StrEnum):
    """The kind of document that proves an identity."""

    RESIDENT_ID = "RESIDENT_ID"
    HK_MO_TW_PERMIT = "HK_MO_TW_PERMIT"
    PASSPORT = "PASSPORT"
    FOREIGN_RESIDENT = "FOREIGN_RESIDENT"


class InvitePolicy(StrEnum):
    """How a volunteer answers invitations."""

    ASK = "ASK"
    ACCEPT = "ACCEPT"
    REFUSE = "REFUSE"


class ConsentKind(StrEnum):
    """What a person consented to (PIPL §13, 23, 25, 29, 31)."""

    REGISTRATION = "REGISTRATION"
    GUARDIAN = "GUARDIAN"
    EXTRA_ITEMS = "EXTRA_ITEMS"
    TRANSFER = "TRANSFER"
    PUBLICATION = "PUBLICATION"


class RecruitScope(StrEnum):
    """Who may sign up (codes 1, 2, 3 and 5 of system 2.0)."""

    OPEN = "OPEN"
    TEAMS = "TEAMS"
    PASSWORD = "PASSWORD"  # noqa: S105 - the name of a scope
    MAKE_UP = "MAKE_UP"


class ProjectStatus(StrEnum):
    """The state of a project (DOMAIN §6.2)."""

    DRAFT = "DRAFT"
    PENDING = "PENDING"
    REJECTED = "REJECTED"
    WAITING = "WAITING"
    RUNNING = "RUNNING"
    CLOSED = "CLOSED"
    MAKE_UP = "MAKE_UP"
    DISABLED = "DISABLED"


class StoppedBy(StrEnum):
    """Who stopped a project: only a superior starts again what a superior stopped."""

    TEAM = "TEAM"
    SUPERIOR = "SUPERIOR"
    WITH_TEAM = "WITH_TEAM"


class ProhibitedKind(StrEnum):
    """The six kinds of activity that may not be published (DOMAIN §3.3)."""

    OWN_JOB = "OWN_JOB"
    INTERNAL_DUTY = "INTERNAL_DUTY"
    SELF_INTEREST = "SELF_INTEREST"
    UNCLEAR_PURPOSE = "UNCLEAR_PURPOSE"
    PAID = "PAID"
    HOURS_NOT_SERVED = "HOURS_NOT_SERVED"


class SignUpStatus(StrEnum):
    """The state of a sign-up (DOMAIN §6.3)."""

    APPLIED = "APPLIED"
    INVITED = "INVITED"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"
    WITHDRAWN = "WITHDRAWN"
    ATTENDED = "ATTENDED"
    NO_SHOW = "NO_SHOW"


class RecordStatus(StrEnum):
    """The state of a service record (DOMAIN §6.4)."""

    OPEN = "OPEN"
    APPLIED = "APPLIED"
    NOT_EFFECTIVE = "NOT_EFFECTIVE"
    EFFECTIVE = "EFFECTIVE"
    DISPUTED = "DISPUTED"
    REJECTED = "REJECTED"
    VOID = "VOID"


class RecordSource(StrEnum):
    """How a service record came in."""

    TEAM_ENTRY = "TEAM_ENTRY"
    VOLUNTEER_APPLICATION = "VOLUNTEER_APPLICATION"
    CHECK_IN = "CHECK_IN"
    IMPORT = "IMPORT"


class DisputeOutcome(StrEnum):
    """What the recording team came to when a volunteer disputed a record (Order 67 §13)."""

    CONFIRMED = "CONFIRMED"
    CORRECTED = "CORRECTED"
    VOIDED = "VOIDED"


class EvaluationStatus(StrEnum):
    """Whether an evaluation counts; some regions have the contact team review it first."""

    STANDING = "STANDING"
    PENDING = "PENDING"
    REFUSED = "REFUSED"


class AwardGrantor(StrEnum):
    """Who granted an award: a government of county level or above, or another (Order 67 §9)."""

    GOVERNMENT = "GOVERNMENT"
    OTHER = "OTHER"


class TransferStatus(StrEnum):
    """The state of records handed from one team to another (转移、接续)."""

    REQUESTED = "REQUESTED"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


class CertificateStatus(StrEnum):
    """The state of a certificate (DOMAIN §6.5)."""

    REQUESTED = "REQUESTED"
    ISSUED = "ISSUED"
    DECLINED = "DECLINED"
    REVOKED = "REVOKED"
    SUPERSEDED = "SUPERSEDED"


class SignatureAlgorithm(StrEnum):
    """How certificates are signed: worldwide, or as GB/T 39786 wants it."""

    ED25519 = "ED25519"
    SM2 = "SM2"


class ComplaintStatus(StrEnum):
    """The state of a complaint (DOMAIN §6.6)."""

    SUBMITTED = "SUBMITTED"
    ACCEPTED = "ACCEPTED"
    TRANSFERRED = "TRANSFERRED"
    INVESTIGATING = "INVESTIGATING"
    UPHELD = "UPHELD"
    DISMISSED = "DISMISSED"
    CLOSED = "CLOSED"


class ComplaintTopic(StrEnum):
    """What a complaint says is wrong."""

    FALSE_RECORD = "FALSE_RECORD"
    BOUGHT_HOURS = "BOUGHT_HOURS"
    FALSE_CERTIFICATE = "FALSE_CERTIFICATE"
    PROFIT = "PROFIT"
    DATA_LEAK = "DATA_LEAK"
    CONDUCT = "CONDUCT"
    OTHER = "OTHER"


class ComplaintMeasure(StrEnum):
    """What is done about a complaint that is upheld."""

    WARNING = "WARNING"
    CORRECTION_ORDERED = "CORRECTION_ORDERED"
    RECORD_VOIDED = "RECORD_VOIDED"
    RECORD_MARKED_BOUGHT = "RECORD_MARKED_BOUGHT"
    CERTIFICATE_REVOKED = "CERTIFICATE_REVOKED"
    PROJECT_DISABLED = "PROJECT_DISABLED"
    TEAM_DISABLED = "TEAM_DISABLED"


class ComplaintReminder(StrEnum):
    """What who holds a complaint was told last of the day by which it is to be decided."""

    SOON = "SOON"
    PAST = "PAST"


class SubmissionStatus(StrEnum):
    """The state of a contributed article (DOMAIN §6.7)."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    REVIEWED = "REVIEWED"
    PUBLISHED = "PUBLISHED"
    RETURNED = "RETURNED"
    WITHDRAWN = "WITHDRAWN"
    OFFLINE = "OFFLINE"


class NoticeReader(StrEnum):
    """To whom a notice is addressed; anyone is also who is not signed in."""

    ANYONE = "ANYONE"
    VOLUNTEERS = "VOLUNTEERS"
    TEAMS = "TEAMS"
    DEPARTMENTS = "DEPARTMENTS"


class ReviewKind(StrEnum):
    """What a review is about (DOMAIN §5)."""

    TEAM_REGISTRATION = "TEAM_REGISTRATION"
    TEAM_CHANGE = "TEAM_CHANGE"
    TEAM_MOVE = "TEAM_MOVE"
    PERMISSION_GROUP = "PERMISSION_GROUP"
    PROJECT_PUBLICATION = "PROJECT_PUBLICATION"
    MEMBERSHIP = "MEMBERSHIP"
    RECORD_APPLICATION = "RECORD_APPLICATION"
    LATE_HOURS = "LATE_HOURS"
    EVALUATION = "EVALUATION"
    SUBMISSION = "SUBMISSION"
    COMPLAINT = "COMPLAINT"
    ACCOUNT_RESET = "ACCOUNT_RESET"


class ReviewState(StrEnum):
    """Whether a review still waits."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


class PartnerStatus(StrEnum):
    """Whether a partner system may call."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"


class DocumentMode(StrEnum):
    """How strictly a client is held to its registered documents (DESIGN §10)."""

    OPEN = "OPEN"
    LOG = "LOG"
    SAFELIST = "SAFELIST"
    REQUIRE_ID = "REQUIRE_ID"


class FilePurpose(StrEnum):
    """What an uploaded file is for; a cover is public with its project."""

    PROOF = "PROOF"
    SCAN = "SCAN"
    COVER = "COVER"


class TrialLevel(StrEnum):
    """How far down the trial reached: question 2 of the feedback form."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"


class TrialModule(StrEnum):
    """What was tried: question 4 of the feedback form."""

    WEBSITE = "WEBSITE"
    SYSTEM = "SYSTEM"
    APP = "APP"


class ExportKind(StrEnum):
    """What an export holds."""

    STATISTICS = "STATISTICS"
    YEARLY_REPORT = "YEARLY_REPORT"


class ExportFormat(StrEnum):
    """The kind of file that an export is."""

    XLSX = "XLSX"
    CSV = "CSV"


class ExportState(StrEnum):
    """How far an export has come."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


class RecoveryPurpose(StrEnum):
    """What a code sent to a phone is for."""

    USERNAME = "USERNAME"
    PASSWORD = "PASSWORD"  # noqa: S105 - the name of a purpose
    MOBILE = "MOBILE"


class InspectionKind(StrEnum):
    """What a random check draws from (O67 §21)."""

    RECORDS = "RECORDS"
    CERTIFICATES = "CERTIFICATES"
    BOTH = "BOTH"


class InspectionStatus(StrEnum):
    """The state of a random check."""

    DRAWN = "DRAWN"
    MATERIALS_ASKED = "MATERIALS_ASKED"
    EXAMINED = "EXAMINED"
    PUBLISHED = "PUBLISHED"
    CANCELLED = "CANCELLED"


class InspectedKind(StrEnum):
    """What one item of a random check is."""

    RECORD = "RECORD"
    CERTIFICATE = "CERTIFICATE"


class InspectionVerdict(StrEnum):
    """What an inspector found of one item."""

    IN_ORDER = "IN_ORDER"
    DEFECTIVE = "DEFECTIVE"
    FORGED = "FORGED"


class MeasureKind(StrEnum):
    """What a bad finding leads to (R685 §36-38)."""

    WARNING = "WARNING"
    SUSPENSION = "SUSPENSION"
    RECORD_VOIDED = "RECORD_VOIDED"
    CERTIFICATE_REVOKED = "CERTIFICATE_REVOKED"


class MatchStatus(StrEnum):
    """The state of a need or an offer."""

    OPEN = "OPEN"
    MET = "MET"
    CLOSED = "CLOSED"
    EXPIRED = "EXPIRED"


class AnswerStatus(StrEnum):
    """The state of an answer that brings a need and who offers together."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


class AnswerSide(StrEnum):
    """Who made an answer: who offers help, or the team in need."""

    OFFERER = "OFFERER"
    NEED = "NEED"


class RewardItemStatus(StrEnum):
    """Whether a reward can be redeemed."""

    OFFERED = "OFFERED"
    WITHDRAWN = "WITHDRAWN"


class RewardRuleKind(StrEnum):
    """What points are earned by."""

    MINUTES = "MINUTES"
    STAR = "STAR"


class RewardEntryKind(StrEnum):
    """What a row of the ledger of rewards is."""

    EARNED = "EARNED"
    REDEEMED = "REDEEMED"
    RETURNED = "RETURNED"


class RedemptionStatus(StrEnum):
    """The state of a reward that was asked for."""

    REQUESTED = "REQUESTED"
    GRANTED = "GRANTED"
    CANCELLED = "CANCELLED"
