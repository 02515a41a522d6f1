"""Worlds: regions, teams, people and rows as plain values with parents, stored in PostgreSQL.

A row names others by their place in the world's lists; a row's id is its place plus one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from db.enums import (
    CertificateStatus,
    ComplaintStatus,
    HubLevel,
    MembershipStatus,
    NoticeReader,
    PermissionGroup,
    ProjectStatus,
    RecordStatus,
    RegionLevel,
    ReviewKind,
    ReviewState,
    SignUpStatus,
    SubmissionStatus,
    TeamAdminRole,
    TeamStatus,
    TransferStatus,
)
from tests.access.service_world import (
    Answer,
    Inspection,
    Item,
    Need,
    Offer,
    Redeemed,
    Reward,
    service_tables,
)

PAST = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FUTURE = datetime(2090, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    parent: int | None = None
    level: RegionLevel = RegionLevel.COUNTY


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    region: int
    parent: int | None = None
    status: TeamStatus = TeamStatus.ENABLED
    group: PermissionGroup = PermissionGroup.BASIC
    hub: HubLevel | None = None
    legal: bool = False
    branch: bool = False
    authority: int | None = None
    successor: int | None = None
    views: tuple[int, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volunteer:
    region: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    team: int
    status: ProjectStatus = ProjectStatus.RUNNING


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """A membership, sign-up, record or certificate; a sign-up is to a project's post."""

    volunteer: int
    team: int | None
    status: MembershipStatus | SignUpStatus | RecordStatus | CertificateStatus
    project: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review of a team, or of what is about a volunteer of it."""

    team: int
    kind: ReviewKind
    to_team: int | None = None
    to_region: int | None = None
    applicant: int | None = None
    about: int | None = None
    state: ReviewState = ReviewState.PENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """A complaint that a team or an office holds; ``team`` is the one concerned."""

    complainant: int
    subject: str = "Team"
    team: int | None = None
    about: int | None = None
    to_team: int | None = None
    to_region: int | None = None
    status: ComplaintStatus = ComplaintStatus.SUBMITTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An article for a team: a volunteer's, or the team's own."""

    team: int
    author: int
    volunteer: int | None = None
    status: SubmissionStatus = SubmissionStatus.SUBMITTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice of a hub, or of a region's department or station."""

    readers: tuple[NoticeReader, ...]
    team: int | None = None
    region: int | None = None
    station: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Records that a volunteer has one team hand to another, by a consent."""

    volunteer: int
    team: int
    to_team: int
    withdrawn: bool = False
    status: TransferStatus = TransferStatus.REQUESTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person: perhaps a volunteer, perhaps named by teams, perhaps in departments."""

    volunteer: int | None = None
    teams: tuple[tuple[int, TeamAdminRole], ...] = ()
    offices: tuple[int, ...] = ()
    editor: bool = False


class Office(NamedTuple):
    """That an account acts for the department of a region."""

    account: int
    region: int


@dataclass(frozen=True, kw_only=True)
class World:
    regions: Sequence[Region]
    teams: Sequence[Team] = ()
    volunteers: Sequence[Volunteer] = ()
    accounts: Sequence[Account] = ()
    projects: Sequence[Project] = ()
    memberships: Sequence[Personal] = ()
    sign_ups: Sequence[Personal] = ()
    records: Sequence[Personal] = ()
    certificates: Sequence[Personal] = ()
    reviews: Sequence[Review] = ()
    complaints: Sequence[Complaint] = ()
    submissions: Sequence[Submission] = ()
    notices: Sequence[Notice] = ()
    transfers: Sequence[Transfer] = ()
    contracts: Sequence[int] = field(default=())
    inspections: Sequence[Inspection] = ()
    items: Sequence[Item] = ()
    needs: Sequence[Need] = ()
    offers: Sequence[Offer] = ()
    answers: Sequence[Answer] = ()
    rewards: Sequence[Reward] = ()
    redemptions: Sequence[Redeemed] = ()

    def region_path(self, number: int) -> str:
        above = self.regions[number].parent
        return ("" if above is None else self.region_path(above)) + f"{number + 1}/"

    def team_path(self, number: int) -> str:
        above = self.teams[number].parent
        return ("" if above is None else self.team_path(above)) + f"{number + 1}/"

    def rows(self) -> Mapping[str, Sequence[Any]]:
        """The rows of each entity; every project has one post, every team one stretch."""
        return self._rows

    @cached_property
    def _rows(self) -> Mapping[str, Sequence[Any]]:
        return {
            "Region": self.regions,
            "Team": self.teams,
            "TeamAttachment": self.teams,
            "Project": self.projects,
            "Post": self.projects,
            "Volunteer": self.volunteers,
            "Membership": self.memberships,
            "SignUp": self.sign_ups,
            "ServiceRecord": self.records,
            "Certificate": self.certificates,
            "Review": self.reviews,
            "Administrator": [
                Office(n, office)
                for n, account in enumerate(self.accounts)
                for office in account.offices
            ],
            "Complaint": self.complaints,
            "Submission": self.submissions,
            "Notice": self.notices,
            "Inspection": self.inspections,
            "InspectionItem": self.items,
            "Need": self.needs,
            "Offer": self.offers,
            "NeedAnswer": self.answers,
            "RewardItem": self.rewards,
            "Redemption": self.redemptions,
        }


async def store(connection: Any, world: World) -> None:
    """Writes the world into a database with empty tables."""
    for table, rows in _tables(world).items():
        if rows:
            names = list(rows[0])
            await connection.copy_records_to_table(
                table, records=[tuple(row[name] for name in names) for row in rows], columns=names
            )


def _tables(world: World) -> dict[str, list[dict[str, Any]]]:
    """The rows of each table, tables in the order of their references."""
    tables: dict[str, list[dict[str, Any]]] = {
        "regions": [_region(world, n) for n in range(len(world.regions))],
        "accounts": [_account(world, n) for n in range(len(world.accounts))],
        "teams": [_team(world, n) for n in range(len(world.teams))],
        "team_view_links": [
            {"team_id": n + 1, "view_team_id": view + 1, "since": date(2026, 1, 1)}
            for n, team in enumerate(world.teams)
            for view in team.views
        ],
        "team_attachments": [
            {
                **_base(n),
                "team_id": n + 1,
                "contact_team_id": _id(team.parent),
                "path": world.team_path(n),
                "region_path": world.region_path(team.region),
                "valid_from": date(2026, 1, 1),
            }
            for n, team in enumerate(world.teams)
        ],
        "volunteers": [_volunteer(world, n) for n in range(len(world.volunteers))],
        "team_admins": _named(
            {"account_id": n + 1, "team_id": team + 1, "role": role.value}
            for n, account in enumerate(world.accounts)
            for team, role in account.teams
        ),
        "department_users": _named(
            {"account_id": n + 1, "region_id": office + 1}
            for n, account in enumerate(world.accounts)
            for office in account.offices
        ),
        "projects": [_project(world, n) for n in range(len(world.projects))],
        "posts": [
            {**_base(n), "project_id": n + 1, "post_no": 1, "name": "岗位", "planned": 9}
            for n in range(len(world.projects))
        ],
    }
    tables["memberships"] = [
        {**_tie(n, row), "joined_at": PAST} for n, row in enumerate(world.memberships)
    ]
    tables["sign_ups"] = [
        {**_tie(n, row), "project_id": _id(row.project), "post_id": _id(row.project)}
        for n, row in enumerate(world.sign_ups)
    ]
    tables["service_records"] = [_record(world, n, row) for n, row in enumerate(world.records)]
    tables["certificates"] = [
        {
            **_tie(n, row),
            "certificate_no": f"Z{n}",
            "snapshot": "{}",
            "minutes": 60,
            "digest": b"0",
            "signature": b"0",
            "issued_at": PAST,
        }
        for n, row in enumerate(world.certificates)
    ]
    tables["consents"] = [
        {
            **_base(n),
            "volunteer_id": row.volunteer + 1,
            "kind": "TRANSFER",
            "purpose": "转移",
            "withdrawn_at": PAST if row.withdrawn else None,
        }
        for n, row in enumerate(world.transfers)
    ]
    tables["record_transfers"] = [_transfer(n, row) for n, row in enumerate(world.transfers)]
    tables["reviews"] = [_review(n, row) for n, row in enumerate(world.reviews)]
    tables["complaints"] = [_complaint(n, row) for n, row in enumerate(world.complaints)]
    tables["submissions"] = [_submission(n, row) for n, row in enumerate(world.submissions)]
    tables["notices"] = [_notice(n, row) for n, row in enumerate(world.notices)]
    return tables | service_tables(world)


def _id(place: int | None) -> int | None:
    return None if place is None else place + 1


def _base(number: int) -> dict[str, Any]:
    return {"id": number + 1, "province": "50"}


def _named(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**_base(n), **row} for n, row in enumerate(rows)]


def _tie(number: int, row: Personal) -> dict[str, Any]:
    return {
        **_base(number),
        "team_id": _id(row.team),
        "volunteer_id": row.volunteer + 1,
        "status": row.status.value,
    }


def _region(world: World, n: int) -> dict[str, Any]:
    path = world.region_path(n)
    return {
        **_base(n),
        "parent_id": _id(world.regions[n].parent),
        "path": path,
        "depth": path.count("/"),
        "level": world.regions[n].level.value,
        "code": f"R{n}",
        "name": f"区{n}",
        "short_name": f"区{n}",
    }


def _account(world: World, n: int) -> dict[str, Any]:
    return {
        **_base(n),
        "username": f"u{n}",
        "display_name": f"用户{n}",
        "status": "ENABLED",
        "is_station_editor": world.accounts[n].editor,
    }


def _team(world: World, n: int) -> dict[str, Any]:
    team = world.teams[n]
    path = world.team_path(n)
    return {
        **_base(n),
        "team_no": f"T{n}",
        "name": team.name or f"队{n}",
        "sort_key": f"dui {n}",
        "name_grams": [],
        "kind": "ORGANIZATION" if team.legal else "GROUP",
        "registration_status": "LEGAL_PERSON" if team.legal else "UNREGISTERED",
        "uscc": "52500112MJP000001W" if team.legal else None,
        "hub_level": team.hub.value if team.hub else None,
        "permission_group": team.group.value,
        "status": team.status.value,
        "contact_team_id": _id(team.parent),
        "branch_of_id": _id(team.parent) if team.branch else None,
        "registration_authority_id": _id(team.authority),
        "successor_id": _id(team.successor),
        "path": path,
        "depth": path.count("/"),
        "region_id": team.region + 1,
        "region_path": world.region_path(team.region),
        "principal_name": "甲",
        "principal_mobile": "13800000000",
        "contact_name": "乙",
        "contact_mobile": "13900000000",
    }


def _volunteer(world: World, n: int) -> dict[str, Any]:
    accounts = [a for a, account in enumerate(world.accounts) if account.volunteer == n]
    region = world.volunteers[n].region
    return {
        **_base(n),
        "volunteer_no": f"V{n}",
        "account_id": accounts[0] + 1 if accounts else None,
        "name": f"志愿者{n}",
        "sort_key": f"zhi {n}",
        "name_grams": [],
        "sex": "FEMALE",
        "born_on": date(1990, 1, 1),
        "region_id": region + 1,
        "region_path": world.region_path(region),
        "status": "ENABLED",
        "real_name_status": "VERIFIED",
        "registered_at": PAST,
    }


def _project(world: World, n: int) -> dict[str, Any]:
    project = world.projects[n]
    region = world.teams[project.team].region
    return {
        **_base(n),
        "project_no": f"P{n}",
        "team_id": project.team + 1,
        "name": f"项目{n}",
        "sort_key": f"xiang {n}",
        "name_grams": [],
        "status": project.status.value,
        "scope": "OPEN",
        "region_id": region + 1,
        "region_path": world.region_path(region),
        "starts_at": PAST,
        "ends_at": PAST + DAY,
        "categories": [],
        "targets": [],
        "description": "",
        "contact_name": "丙",
        "contact_mobile": "13700000000",
    }


def _record(world: World, n: int, row: Personal) -> dict[str, Any]:
    assert row.team is not None
    starts_at = PAST + n * DAY
    return {
        **_tie(n, row),
        "project_id": _id(row.project),
        "region_path": world.region_path(world.teams[row.team].region),
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1),
        "minutes": 60,
        "source": "TEAM_ENTRY",
        "content": "服务",
        "place": "社区",
        "void_reason": "误" if row.status is RecordStatus.VOID else None,
    }


def _transfer(n: int, row: Transfer) -> dict[str, Any]:
    waits = row.status is TransferStatus.REQUESTED
    return {
        **_base(n),
        "volunteer_id": row.volunteer + 1,
        "team_id": row.team + 1,
        "to_team_id": row.to_team + 1,
        "consent_id": n + 1,
        "status": row.status.value,
        "answered_at": None if waits else PAST,
    }


def _review(n: int, row: Review) -> dict[str, Any]:
    return {
        **_base(n),
        "kind": row.kind.value,
        "state": row.state.value,
        "subject_type": "Team" if row.about is None else "Volunteer",
        "subject_id": 1000 + n if row.about is None else row.about + 1,
        "team_id": row.team + 1,
        "reviewer_team_id": _id(row.to_team),
        "reviewer_region_id": _id(row.to_region),
        "applicant_account_id": _id(row.applicant),
        "decided_at": None if row.state is ReviewState.PENDING else PAST,
    }


def _complaint(n: int, row: Complaint) -> dict[str, Any]:
    decided = row.status in {ComplaintStatus.UPHELD, ComplaintStatus.DISMISSED}
    return {
        **_base(n),
        "subject_type": row.subject,
        "subject_id": 1000 + n,
        "topic": "OTHER",
        "team_id": _id(row.team),
        "about_volunteer_id": _id(row.about),
        "handler_team_id": _id(row.to_team),
        "handler_region_id": _id(row.to_region),
        "complainant_account_id": row.complainant + 1,
        "text": "情况",
        "due_at": FUTURE,  # the station's own clock tells nobody of it
        "status": row.status.value,
        "outcome": "查实" if decided else None,
        "decided_at": PAST if decided else None,
        "closed_at": PAST if row.status is ComplaintStatus.CLOSED else None,
    }


def _submission(n: int, row: Submission) -> dict[str, Any]:
    return {
        **_base(n),
        "team_id": row.team + 1,
        "volunteer_id": _id(row.volunteer),
        "author_account_id": row.author + 1,
        "title": f"稿件{n}",
        "body": "正文",
        "status": row.status.value,
        "opinion": "退改" if row.status is SubmissionStatus.RETURNED else None,
        "published_at": PAST if row.status is SubmissionStatus.PUBLISHED else None,
    }


def _notice(n: int, row: Notice) -> dict[str, Any]:
    return {
        **_base(n),
        "team_id": _id(row.team),
        "region_id": _id(row.region),
        "of_station": row.station,
        "readers": [each.value for each in row.readers],
        "title": f"通知{n}",
        "body": "内容",
        "issuer_account_id": 1,
        "withdrawn_at": PAST if row.withdrawn else None,
        "withdraw_reason": "有误" if row.withdrawn else None,
    }
