"""What the rule is told of a subject: plain values; what is absent grants nothing."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from db.enums import (
    CertificateStatus,
    ComplaintStatus,
    FilePurpose,
    HubLevel,
    MembershipStatus,
    NoticeReader,
    PermissionGroup,
    ProjectStatus,
    RecordStatus,
    RecruitScope,
    RegionLevel,
    ReviewKind,
    ReviewState,
    SignUpStatus,
    StoppedBy,
    SubmissionStatus,
    TeamStatus,
)
from permissions.rights import WORKING, Right, holds


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """The civil-affairs department of a region, as one that decides."""

    region_id: int
    region_path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFacts:
    """A team and, through ``contact``, the contact teams above it.

    ``known_to`` are the volunteers, of those asked about, with a membership or a record there.
    What follows from the facts is worked out once, for thousands of rows share their ancestors.
    """

    id: int
    name: str = ""
    path: str
    status: TeamStatus
    group: PermissionGroup
    office: OfficeFacts
    hub_level: HubLevel | None = None
    is_legal: bool = False
    is_filed: bool = False
    contact: "TeamFacts | None" = None
    branch_of_id: int | None = None
    successor_id: int | None = None
    authority: OfficeFacts | None = None
    view_team_ids: Collection[int] = frozenset()
    known_to: Collection[int] = frozenset()
    works: bool = field(init=False, repr=False, compare=False)
    takes_teams: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        works = self.status in WORKING
        object.__setattr__(self, "works", works)
        takes_teams = works and holds(self.group, Right.ALLOW_SUB_TEAM_REGISTRATION)
        object.__setattr__(self, "takes_teams", takes_teams)

    @property
    def is_whole(self) -> bool:
        """Whether the team above it, if there is one, is among the facts."""
        return self.contact is not None or self.path == f"{self.id}/"

    def ancestors(self) -> Iterator["TeamFacts"]:
        """The contact teams above, the nearest first."""
        above = self.contact
        while above is not None:
            yield above
            above = above.contact


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTimes:
    """A project's state and dates, for what is offered at a moment."""

    status: ProjectStatus
    scope: RecruitScope
    starts_at: datetime
    ends_at: datetime
    recruit_starts_at: datetime | None = None
    recruit_ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFacts:
    """A project; ``known_to`` as in ``TeamFacts``, by sign-ups and records."""

    id: int
    team: TeamFacts
    status: ProjectStatus
    scope: RecruitScope = RecruitScope.OPEN
    stopped_by: StoppedBy | None = None
    times: ProjectTimes | None = None
    allowed_team_ids: Collection[int] = frozenset()
    known_to: Collection[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFacts:
    """A post of a project."""

    id: int
    project: ProjectFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentFacts:
    """A stretch of a team's history on the tree."""

    id: int
    team: TeamFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipFacts:
    """A membership."""

    id: int
    team: TeamFacts
    volunteer_id: int
    status: MembershipStatus
    account_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpFacts:
    """A sign-up to a project of the team; ``came_at`` while its last check-in has no end."""

    id: int
    team: TeamFacts
    volunteer_id: int
    status: SignUpStatus
    account_id: int | None = None
    times: ProjectTimes | None = None
    came_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """A service record; ``team`` is the one that recorded it."""

    id: int
    team: TeamFacts
    volunteer_id: int
    status: RecordStatus
    account_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """A certificate; without a team the volunteer printed it."""

    id: int
    team: TeamFacts | None
    volunteer_id: int
    status: CertificateStatus
    account_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerFacts:
    """A volunteer, and the teams that they are tied to."""

    id: int
    region_path: str
    account_id: int | None = None
    tied_to: Collection[TeamFacts] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFacts:
    """A review; the reviewer is a team or the department of a region.

    ``about_account_id`` is whose own it is about, whoever asked: the person's hours, membership,
    evaluation or phone, the author's article.
    """

    id: int
    team: TeamFacts
    kind: ReviewKind
    state: ReviewState
    reviewer: "TeamFacts | OfficeFacts | None"
    applicant_account_id: int | None
    about_account_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """An uploaded file; ``team`` and the rest are of what it belongs to, if it does.

    ``reviewers`` decide, or have decided, on what it belongs to.
    """

    id: int
    owner_account_id: int
    purpose: FilePurpose
    team: TeamFacts | None = None
    project: ProjectFacts | None = None
    reviewers: "Collection[TeamFacts | OfficeFacts]" = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionFacts:
    """An article for a team: a volunteer's, or without one the team's own."""

    id: int
    team: TeamFacts
    author_account_id: int | None
    volunteer_id: int | None = None
    status: SubmissionStatus = SubmissionStatus.SUBMITTED


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintFacts:
    """A complaint, and who handles it: a team, or the department of a region.

    ``team`` is the team concerned, and ``about_volunteer_id`` the volunteer. One that is closed
    has the status CLOSED, whatever it came to.
    """

    id: int
    team: TeamFacts | None
    handler: "TeamFacts | OfficeFacts | None"
    complainant_account_id: int | None
    subject_type: str = ""
    about_volunteer_id: int | None = None
    status: ComplaintStatus = ComplaintStatus.SUBMITTED


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """A notice of a hub, or of the department or station of a region.

    ``known_to`` are the volunteers, of those asked about, that it is for.
    """

    id: int
    team: TeamFacts | None
    office: OfficeFacts | None
    readers: Collection[NoticeReader]
    of_station: bool = False
    is_withdrawn: bool = False
    known_to: Collection[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveFacts:
    """A team that is to hang under another; whose account asked for a move that still waits."""

    team: TeamFacts
    to: TeamFacts
    applicant_account_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFacts:
    """A team that is to get a permission group; whose account asked for one and still waits."""

    team: TeamFacts
    group: PermissionGroup
    applicant_account_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministratorFacts:
    """Somebody who acts for the department of a region."""

    id: int
    account_id: int
    region_path: str


@dataclass(frozen=True, slots=True)
class StationFacts:
    """A station, and the region it serves; a sub-platform serves a field of service in it."""

    id: int
    region_path: str = ""
    is_sub_platform: bool = False


@dataclass(frozen=True, slots=True)
class RegionFacts:
    """A region, as what figures, exports and departments are about."""

    id: int
    path: str
    level: RegionLevel | None = None
