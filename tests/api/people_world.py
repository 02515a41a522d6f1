"""A small world of named people and teams, in which every answer is known.

    重庆 ── city
      渝北 ── yubei ── street ── village ── reading, quiet (disabled), pending
                  │        └── changing
                  ├── legal (a legal person) ── branch
                  └── refused_hub, old_hub (of the street's region, refused and dissolved)
      江北 ── jiangbei ── far
      高新区, a zone with a code of its own, without a hub

``reading`` chose jiangbei as its view team, ``quiet`` chose far. Everything has a name here, and
``id_of`` gives its id, which is the same in every database.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from db import models
from db.enums import (
    AccountStatus,
    CertificateStatus,
    ComplaintStatus,
    ComplaintTopic,
    HubLevel,
    MembershipStatus,
    PermissionGroup,
    ProjectStatus,
    RealNameStatus,
    RecordSource,
    RecordStatus,
    RecruitScope,
    RegionLevel,
    RegistrationStatus,
    ReviewKind,
    ReviewState,
    Sex,
    SignUpStatus,
    StationPhase,
    SubmissionStatus,
    TeamAdminRole,
    TeamKind,
    TeamStatus,
    VolunteerStatus,
)
from db.migrate import upgrade
from db.models import Base
from db.names import grams, sort_key
from db.urls import sqlalchemy_url
from schema.ids import encode
from tests.api import people_services as services
from tests.small_world import STATION

PAST = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FUTURE = datetime(2090, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN = (ProjectStatus.RUNNING, ProjectStatus.WAITING)

# name -> (parent, level, code, name)
REGIONS: Mapping[str, tuple[str | None, RegionLevel, str, str]] = {
    "city": (None, RegionLevel.PROVINCE, "500000000000", "重庆市"),
    "yubei": ("city", RegionLevel.COUNTY, "500112000000", "渝北区"),
    "street": ("yubei", RegionLevel.TOWN, "500112001000", "双凤桥街道"),
    "village": ("street", RegionLevel.VILLAGE, "500112001001", "长空社区"),
    "jiangbei": ("city", RegionLevel.COUNTY, "500105000000", "江北区"),
    "zone": ("city", RegionLevel.COUNTY, "CQ-GXQ", "高新区"),
}
G, S, H = PermissionGroup, TeamStatus, HubLevel
# name -> (parent, region, name, group, status, hub level)
TEAMS: Mapping[str, tuple[str | None, str, str, G, S, H | None]] = {
    "city": (None, "city", "重庆市志愿服务联合会", G.SENIOR_QUICK, S.ENABLED, H.CITY),
    "yubei": ("city", "yubei", "渝北区志愿者协会", G.SENIOR_QUICK, S.ENABLED, H.DISTRICT),
    "jiangbei": ("city", "jiangbei", "江北区志愿者协会", G.SENIOR, S.ENABLED, H.DISTRICT),
    "street": (
        *("yubei", "street", "双凤桥街道志愿服务总队"),
        *(G.MIDDLE_QUICK, S.ENABLED, H.TOWN),
    ),
    "village": (
        *("street", "village", "长空社区志愿服务大队"),
        *(G.JUNIOR_QUICK, S.ENABLED, H.COMMUNITY),
    ),
    "reading": ("village", "village", "长空社区阅读志愿服务队", G.BASIC, S.ENABLED, None),
    "quiet": ("village", "village", "长空社区静默志愿服务队", G.BASIC, S.DISABLED, None),
    "pending": ("village", "village", "长空社区新芽志愿服务队", G.PENDING, S.PENDING, None),
    "changing": ("street", "street", "双凤桥街道助老志愿服务队", G.BASIC, S.CHANGE_PENDING, None),
    "legal": ("yubei", "yubei", "渝北区爱心社", G.MIDDLE, S.ENABLED, None),
    "branch": ("legal", "yubei", "渝北区爱心社两路分社", G.BASIC, S.ENABLED, None),
    "far": ("jiangbei", "jiangbei", "江北城志愿服务队", G.BASIC, S.ENABLED, None),
    "refused_hub": ("yubei", "street", "双凤桥街道志愿服务总队", G.PENDING, S.REJECTED, H.TOWN),
    "old_hub": ("yubei", "street", "双凤桥镇志愿服务总队", G.MIDDLE_QUICK, S.DISSOLVED, H.TOWN),
}
# name -> (name, region)
VOLUNTEERS: Mapping[str, tuple[str, str]] = {
    "li": ("李明", "village"),
    "wang": ("王建国", "jiangbei"),
    "zhao": ("赵敏", "street"),
    "sun": ("孙丽", "jiangbei"),
    "chen": ("陈一鸣", "zone"),
}
MANAGERS = (
    *("city", "yubei", "jiangbei", "street", "village", "reading"),
    *("quiet", "legal", "far", "pending"),
)
OFFICES = ("city", "yubei", "jiangbei")
# name -> (team, volunteer, status)
MEMBERSHIPS = {
    "m_li": ("reading", "li", MembershipStatus.JOINED),
    "m_wang": ("far", "wang", MembershipStatus.JOINED),
    "m_sun": ("reading", "sun", MembershipStatus.APPLYING),
    "m_chen": ("quiet", "chen", MembershipStatus.JOINED),
    "m_chen_left": ("far", "chen", MembershipStatus.LEFT),
}
# name -> (team, status, starts at)
PROJECTS = {
    "open_day": ("reading", ProjectStatus.RUNNING, PAST),
    "draft": ("reading", ProjectStatus.DRAFT, PAST),
    "quiet_day": ("quiet", ProjectStatus.DISABLED, PAST),
    "quiet_done": ("quiet", ProjectStatus.CLOSED, PAST - timedelta(days=90)),
    "far_day": ("far", ProjectStatus.WAITING, FUTURE - timedelta(days=30)),
    "legal_day": ("legal", ProjectStatus.CLOSED, PAST - timedelta(days=60)),
    "make_up": ("street", ProjectStatus.MAKE_UP, PAST - timedelta(days=30)),
}
POSTS = {f"post_{name}": name for name in PROJECTS}
# name -> (project, volunteer, status)
SIGN_UPS = {
    "s_li": ("open_day", "li", SignUpStatus.ATTENDED),
    "s_sun": ("open_day", "sun", SignUpStatus.REFUSED),
    "s_wang": ("far_day", "wang", SignUpStatus.APPLIED),
    "s_chen": ("quiet_done", "chen", SignUpStatus.ATTENDED),
}
# name -> (volunteer, team, project)
RECORDS = {
    "r_li": ("li", "reading", "open_day"),
    "r_li_quiet": ("li", "quiet", "quiet_done"),
    "r_wang": ("wang", "legal", "legal_day"),
    "r_wang_far": ("wang", "far", None),
}
# name -> (volunteer, team)
CERTIFICATES = {"c_li": ("li", "reading"), "c_wang": ("wang", None)}
# name -> (kind, team, reviewing team or region, applicant)
REVIEWS = {
    "v_sun": (ReviewKind.MEMBERSHIP, "reading", "team:reading", "sun"),
    "v_pending": (ReviewKind.TEAM_REGISTRATION, "pending", "team:village", "reading"),
    "v_legal": (ReviewKind.TEAM_CHANGE, "legal", "region:yubei", "legal"),
    "v_far": (ReviewKind.PROJECT_PUBLICATION, "far", "team:jiangbei", "far"),
    "v_up": (ReviewKind.PROJECT_PUBLICATION, "village", "team:city", "village"),
}
# name -> (complainant, subject type, team concerned, volunteer it is about, who holds it)
COMPLAINTS = {
    "k_reading": ("wang", "Team", "reading", None, "region:yubei"),
    "k_day": ("wang", "Project", "reading", None, "team:reading"),
    "k_li": ("reading", "Volunteer", "reading", "li", "team:village"),
    "k_far": ("li", "Volunteer", "far", "wang", "team:far"),
    "k_legal": ("sun", "Project", "legal", None, "region:city"),
}
# name -> (team, volunteer, author, status)
SUBMISSIONS = {
    "b_out": ("reading", "li", "li", SubmissionStatus.PUBLISHED),
    "b_draft": ("reading", "li", "li", SubmissionStatus.DRAFT),
    "b_own": ("reading", None, "reading", SubmissionStatus.DRAFT),
    "b_in": ("far", "wang", "wang", SubmissionStatus.SUBMITTED),
    "b_ready": ("far", None, "far", SubmissionStatus.REVIEWED),
    "b_quiet": ("quiet", "chen", "chen", SubmissionStatus.PUBLISHED),
}
# name -> (team or region, readers, whether the station's, whether withdrawn)
NOTICES = {
    "n_all": ("region:city", ("ANYONE",), True, False),
    "n_yubei": ("region:yubei", ("VOLUNTEERS", "TEAMS"), False, False),
    "n_village": ("team:village", ("VOLUNTEERS", "TEAMS"), False, False),
    "n_offices": ("region:city", ("DEPARTMENTS",), False, False),
    "n_wrong": ("region:yubei", ("ANYONE",), False, True),
}
# name -> (team, contact team, from, to)
ATTACHMENTS = {
    "a_reading_old": ("reading", "street", date(2020, 1, 1), date(2022, 12, 31)),
    "a_reading": ("reading", "village", date(2023, 1, 1), None),
    "a_quiet": ("quiet", "village", date(2021, 1, 1), None),
    "a_far": ("far", "jiangbei", date(2022, 1, 1), None),
}
VIEW_TEAMS = {"reading": "jiangbei", "quiet": "far"}

NAMES: Mapping[str, Iterable[str]] = {
    "Region": REGIONS,
    "Team": TEAMS,
    "Volunteer": VOLUNTEERS,
    "Membership": MEMBERSHIPS,
    "Project": PROJECTS,
    "Post": POSTS,
    "SignUp": SIGN_UPS,
    "ServiceRecord": RECORDS,
    "Certificate": CERTIFICATES,
    "Review": REVIEWS,
    "TeamAttachment": ATTACHMENTS,
    "Station": ("national", "chongqing"),
    "Account": (*VOLUNTEERS, *MANAGERS, *(f"mca_{name}" for name in OFFICES), "developer"),
    "Complaint": COMPLAINTS,
    "Submission": SUBMISSIONS,
    "Notice": NOTICES,
    **services.NAMES,
    "Administrator": OFFICES,
}
_IDS = {
    (type_name, name): 1000 * place + n
    for place, (type_name, names) in enumerate(NAMES.items(), start=1)
    for n, name in enumerate(names, start=1)
}


def id_of(type_name: str, name: str) -> int:
    """The id of a row by its name."""
    return _IDS[type_name, name]


def global_id(type_name: str, name: str) -> str:
    """The global id of a row by its name."""
    return str(encode(type_name, id_of(type_name, name)))


def name_of(type_name: str, global_id_: str) -> str:
    """The name of the row of a global id."""
    return next(name for name in NAMES[type_name] if global_id(type_name, name) == global_id_)


def account(name: str) -> int:
    """The id of an account by the name of who holds it."""
    return id_of("Account", name)


def path_of(type_name: str, name: str) -> str:
    """The path of a region or team."""
    parents: Any = REGIONS if type_name == "Region" else TEAMS
    parent = parents[name][0]
    return f"{path_of(type_name, parent) if parent else ''}{id_of(type_name, name)}/"


async def prepare_people(url: str) -> None:
    """Fills an empty database with this world."""
    await upgrade(url, station=STATION)
    engine = create_async_engine(sqlalchemy_url(url))
    async with AsyncSession(engine) as session:
        services_of = services.rows(id_of, RECORDS)
        named = (_places(), _accounts(), _people(), _teams(), _work(), _outcome(), _voices())
        for rows in (*named, services_of):
            for row in rows:
                session.add(row)
                await session.flush()
        await session.commit()
    await engine.dispose()


def _row(type_name: str, name: str, **values: Any) -> dict[str, Any]:
    return {"id": id_of(type_name, name), "province": "50", **values}


def _places() -> Iterable[Base]:
    for name, (parent, level, code, title) in REGIONS.items():
        path = path_of("Region", name)
        yield models.Region(
            **_row("Region", name),
            parent_id=id_of("Region", parent) if parent else None,
            path=path,
            depth=path.count("/"),
            level=level,
            code=code,
            division_code=code if code.isdigit() else None,
            name=title,
            short_name=title,
        )
    for number, (name, host) in enumerate({"national": "national", "chongqing": "cq"}.items()):
        yield models.Station(
            id=id_of("Station", name),
            number=number,
            code=name,
            name=name,
            host=f"{host}.localhost",
            is_national=name == "national",
            region_id=id_of("Region", "city"),
            phase=StationPhase.FORMAL,
        )
    for position, (code, title) in enumerate({"COMMUNITY": "社区服务", "CULTURE": "文化"}.items()):
        yield models.ServiceCategory(code=code, name=title, position=position)


def _accounts() -> Iterable[Base]:
    for name in NAMES["Account"]:
        yield models.Account(
            **_row("Account", name),
            username=name,
            display_name=VOLUNTEERS[name][0] if name in VOLUNTEERS else name,
            status=AccountStatus.ENABLED,
            is_developer=name == "developer",
        )
    for name in OFFICES:
        yield models.DepartmentUser(
            **_row("Administrator", name),
            account_id=account(f"mca_{name}"),
            region_id=id_of("Region", name),
        )


def _people() -> Iterable[Base]:
    for n, (name, (title, region)) in enumerate(VOLUNTEERS.items()):
        yield models.Volunteer(
            **_row("Volunteer", name),
            volunteer_no=f"50{n:010d}",
            account_id=account(name),
            name=title,
            sort_key=sort_key(title, person=True),
            name_grams=grams(title),
            sex=Sex.FEMALE,
            born_on=date(1990, 1, 1 + n),
            region_id=id_of("Region", region),
            region_path=path_of("Region", region),
            status=VolunteerStatus.ENABLED,
            real_name_status=RealNameStatus.VERIFIED,
            mobile=f"1380000000{n}",
            mobile_public=name == "chen",
            star=n % 3,
            effective_minutes=90 * n,
            service_categories=["COMMUNITY"] if n % 2 else ["CULTURE"],
            registered_at=PAST + timedelta(days=n),
        )


def _teams() -> Iterable[Base]:
    for n, (name, (parent, region, title, group, status, level)) in enumerate(TEAMS.items()):
        path = path_of("Team", name)
        legal = name == "legal"
        yield models.Team(
            **_row("Team", name),
            team_no=f"T{n:03d}",
            name=title,
            sort_key=sort_key(title),
            name_grams=grams(title),
            kind=TeamKind.ORGANIZATION if legal else TeamKind.GROUP,
            registration_status=(
                RegistrationStatus.LEGAL_PERSON if legal else RegistrationStatus.UNREGISTERED
            ),
            uscc="915001120000000001" if legal else None,
            hub_level=level,
            permission_group=group,
            status=status,
            contact_team_id=id_of("Team", parent) if parent else None,
            branch_of_id=id_of("Team", "legal") if name == "branch" else None,
            path=path,
            depth=path.count("/"),
            region_id=id_of("Region", region),
            region_path=path_of("Region", region),
            service_categories=["CULTURE"] if name == "reading" else [],
            principal_name="周正",
            principal_mobile="13900000001",
            contact_name="吴小芳",
            contact_mobile="13900000002",
            contact_mobile_public=name == "far",
            registered_at=PAST,
        )
    for name in (*MANAGERS, "developer"):
        team = "city" if name == "developer" else name
        yield models.TeamAdmin(
            province="50",
            team_id=id_of("Team", team),
            account_id=account(name),
            role=TeamAdminRole.MANAGER,
        )
    for name, (team, contact, since, until) in ATTACHMENTS.items():
        yield models.TeamAttachment(
            **_row("TeamAttachment", name),
            team_id=id_of("Team", team),
            contact_team_id=id_of("Team", contact),
            path=path_of("Team", team),
            region_path=path_of("Region", TEAMS[team][1]),
            valid_from=since,
            valid_to=until,
        )
    for team, view in VIEW_TEAMS.items():
        yield models.TeamViewLink(
            team_id=id_of("Team", team), view_team_id=id_of("Team", view), since=date(2024, 1, 1)
        )


def _work() -> Iterable[Base]:
    for name, (team, volunteer, status) in MEMBERSHIPS.items():
        yield models.Membership(
            **_row("Membership", name),
            team_id=id_of("Team", team),
            volunteer_id=id_of("Volunteer", volunteer),
            status=status,
            joined_at=PAST if status is MembershipStatus.JOINED else None,
        )
    for n, (name, (team, status, starts_at)) in enumerate(PROJECTS.items()):
        region = TEAMS[team][1]
        title = f"长空阅读{n}" if team == "reading" else f"敬老爱老{n}"
        yield models.Project(
            **_row("Project", name),
            project_no=f"P{n:03d}",
            team_id=id_of("Team", team),
            name=title,
            sort_key=sort_key(title),
            name_grams=grams(title),
            status=status,
            scope=RecruitScope.TEAMS if team == "legal" else RecruitScope.OPEN,
            region_id=id_of("Region", region),
            region_path=path_of("Region", region),
            starts_at=starts_at,
            ends_at=FUTURE if status in OPEN else PAST + DAY,
            recruit_starts_at=PAST if name == "open_day" else None,
            recruit_ends_at=FUTURE if name == "open_day" else None,
            categories=["CULTURE"] if team == "reading" else ["COMMUNITY"],
            targets=["CHILDREN"] if team == "far" else ["ELDERLY"],
            description="说明",
            contact_name="郑和平",
            contact_mobile="13700000003",
        )
    for name, project in POSTS.items():
        yield models.Post(
            **_row("Post", name),
            project_id=id_of("Project", project),
            post_no=1,
            name="引导",
            planned=10,
        )
    for name, (project, volunteer, signed) in SIGN_UPS.items():
        yield models.SignUp(
            **_row("SignUp", name),
            project_id=id_of("Project", project),
            post_id=id_of("Post", f"post_{project}"),
            team_id=id_of("Team", PROJECTS[project][0]),
            volunteer_id=id_of("Volunteer", volunteer),
            status=signed,
        )


def _outcome() -> Iterable[Base]:
    for n, (name, (volunteer, team, project)) in enumerate(RECORDS.items()):
        starts_at = PAST + timedelta(days=n)
        yield models.ServiceRecord(
            **_row("ServiceRecord", name),
            volunteer_id=id_of("Volunteer", volunteer),
            team_id=id_of("Team", team),
            project_id=id_of("Project", project) if project else None,
            region_path=path_of("Region", TEAMS[team][1]),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=90),
            minutes=90,
            status=RecordStatus.EFFECTIVE,
            source=RecordSource.CHECK_IN if name == "r_li" else RecordSource.TEAM_ENTRY,
            content="服务",
            place="社区",
            is_overdue=name == "r_wang",
        )
    for name, (volunteer, issuer) in CERTIFICATES.items():
        yield models.Certificate(
            **_row("Certificate", name),
            certificate_no=name,
            volunteer_id=id_of("Volunteer", volunteer),
            team_id=id_of("Team", issuer) if issuer else None,
            status=CertificateStatus.REQUESTED,
            snapshot={},
            minutes=90,
            digest=b"",
        )
    for name, (kind, team, reviewer, applicant) in REVIEWS.items():
        where, _, who = reviewer.partition(":")
        yield models.Review(
            **_row("Review", name),
            kind=kind,
            state=ReviewState.PENDING,
            subject_type="Team",
            subject_id=id_of("Team", team),
            team_id=id_of("Team", team),
            reviewer_team_id=id_of("Team", who) if where == "team" else None,
            reviewer_region_id=id_of("Region", who) if where == "region" else None,
            applicant_account_id=account(applicant),
        )


def _ends(holder: str) -> tuple[int | None, int | None]:
    """The team or the region that a text names."""
    where, _, name = holder.partition(":")
    if where == "team":
        return id_of("Team", name), None
    return None, id_of("Region", name)


def _voices() -> Iterable[Base]:
    for name, (complainant, subject, team, about, holder) in COMPLAINTS.items():
        handler_team, handler_region = _ends(holder)
        yield models.Complaint(
            **_row("Complaint", name),
            subject_type=subject,
            subject_id=id_of("Volunteer", about) if about else id_of("Team", team),
            topic=ComplaintTopic.OTHER,
            team_id=id_of("Team", team),
            about_volunteer_id=id_of("Volunteer", about) if about else None,
            handler_team_id=handler_team,
            handler_region_id=handler_region,
            complainant_account_id=account(complainant),
            discloses_name=True,
            text="情况",
            status=ComplaintStatus.SUBMITTED,
            due_at=FUTURE,
        )
    for name, (team, volunteer, author, status) in SUBMISSIONS.items():
        yield models.Submission(
            **_row("Submission", name),
            team_id=id_of("Team", team),
            volunteer_id=id_of("Volunteer", volunteer) if volunteer else None,
            author_account_id=account(author),
            title=name,
            body="正文",
            status=status,
            published_at=PAST if status is SubmissionStatus.PUBLISHED else None,
        )
    for name, (issuer, readers, of_station, withdrawn) in NOTICES.items():
        issuing_team, issuing_region = _ends(issuer)
        yield models.Notice(
            **_row("Notice", name),
            team_id=issuing_team,
            region_id=issuing_region,
            of_station=of_station,
            readers=list(readers),
            title=name,
            body="内容",
            issuer_account_id=account("mca_city"),
            withdrawn_at=PAST if withdrawn else None,
            withdraw_reason="有误" if withdrawn else None,
        )
