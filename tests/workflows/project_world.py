"""A district whose teams make projects, people who sign up to them, and short ways to do both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from db.enums import (
    HubLevel,
    PermissionGroup,
    ProhibitedKind,
    ProjectStatus,
    RecruitScope,
    RegionLevel,
    SignUpStatus,
)
from db.models import Post, Project, SignUp, Team, Volunteer
from db.session import Database
from permissions.edges import Policy
from permissions.standing import fetch_standing
from permissions.viewer import Viewer
from resolvers.outcomes import Outcome
from resolvers.project_form import ProjectForm
from resolvers.project_posts import PostForm
from resolvers.project_states import submit_project
from resolvers.projects import NewProject, create_project
from resolvers.review_decisions import Decided, DecisionOutcome, decide_reviews
from tests.small_world import NOW, Planter
from tests.workflows.district import District

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SOON = NOW + 2 * DAY


@dataclass(slots=True)
class ProjectWorld:
    """A district with a category of service, and its community hub's projects."""

    district: District
    db: Any

    @classmethod
    async def of(cls, district: District, db: Any) -> "ProjectWorld":
        """The district with another community; the categories are the station's, once."""
        await db.execute(
            "insert into service_categories (code, name, position)"
            " values ('01', '社区服务', 1), ('02', '扶贫减贫', 2), ('99', '旧类别', 99)"
            " on conflict do nothing"
        )
        await db.execute("update service_categories set is_enabled = false where code = '99'")
        await district._region("community", "town", RegionLevel.VILLAGE)
        region = district.regions["community"]
        await district.team(
            "community",
            "town",
            region,
            name=f"{region.short_name}志愿服务大队",
            hub_level=HubLevel.COMMUNITY,
            permission_group=PermissionGroup.JUNIOR_QUICK,
        )
        return cls(district, db)

    @property
    def planter(self) -> Planter:
        return self.district.planter

    @property
    def database(self) -> Database:
        return self.planter.database

    def team(self, name: str = "community") -> Team:
        return self.district.forest.teams[name]

    async def manager(self, name: str = "community") -> Viewer:
        return await self.district.forest.manager(name)

    def form(self, **values: Any) -> ProjectForm:
        """A project that the hub of the community could publish."""
        return ProjectForm(
            **{
                "name": "邻里互助日",
                "scope": RecruitScope.OPEN,
                "region_code": self.district.regions["community"].code,
                "starts_at": SOON,
                "ends_at": SOON + 4 * HOUR,
                "categories": ("01",),
                "targets": ("老年人",),
                "guarantees": ("人身意外保险",),
                "description": "入户走访，便民服务。",
                "risk_notice": "请注意往返交通安全。",
                "declarations": tuple(ProhibitedKind),
                "contact_name": "赵敏",
                "contact_mobile": "13800000012",
                **values,
            }
        )

    async def create(
        self,
        viewer: Viewer,
        *,
        team: str = "community",
        posts: Sequence[PostForm] = (PostForm(name="走访", planned=3),),
        key: str | None = None,
        **values: Any,
    ) -> Outcome:
        given = NewProject(team_id=self.team(team).id, form=self.form(**values), posts=posts)
        return await create_project(self.database, viewer, given, key, now=NOW)

    async def draft(self, viewer: Viewer, **values: Any) -> int:
        """The id of a project that was made."""
        outcome = await self.create(viewer, **values)
        assert outcome.errors == (), outcome.errors
        assert outcome.subject_id is not None
        return outcome.subject_id

    async def submit(self, viewer: Viewer, project_id: int, now: datetime = NOW) -> Outcome:
        return await submit_project(self.database, viewer, project_id, None, now=now)

    async def decide(
        self, viewer: Viewer, project_id: int, now: datetime = NOW, **more: Any
    ) -> DecisionOutcome:
        """A decision on the review that a project waits for."""
        review_id = await self.db.fetchval(
            "select id from reviews where subject_type = 'Project' and subject_id = $1"
            " order by id desc limit 1",
            project_id,
        )
        decided = Decided(ids=[review_id], **{"approves": True, **more})
        return await decide_reviews(self.database, viewer, decided, None, policy=Policy(), now=now)

    async def planted(
        self, *, team: str = "community", places: Sequence[int] = (3,), **values: Any
    ) -> tuple[Project, list[Post]]:
        """A project that recruits, with posts of so many places."""
        project = await self.planter.project(
            self.team(team),
            **{
                "starts_at": SOON,
                "ends_at": SOON + 4 * HOUR,
                "recruit_starts_at": NOW - DAY,
                "recruit_ends_at": SOON,
                **values,
            },
        )
        posts = [
            Post(province="50", project_id=project.id, post_no=n, name=f"岗位{n}", planned=planned)
            for n, planned in enumerate(places, 1)
        ]
        await self.planter.add(*posts)
        return project, posts

    async def person(self, **values: Any) -> tuple[Volunteer, Viewer]:
        """A volunteer, and the account that acts as one."""
        region = self.district.regions["community"]
        volunteer = await self.planter.volunteer(region, **values)
        assert volunteer.account_id is not None
        async with self.database.read() as snapshot:
            standing = await fetch_standing(snapshot, volunteer.account_id)
        return volunteer, standing.acting_as("volunteer")

    async def signed(
        self, volunteer: Volunteer, post: Post, status: SignUpStatus, **values: Any
    ) -> SignUp:
        """A sign-up in a state; whoever holds a place has taken it."""
        team_id = await self.db.fetchval(
            "select team_id from projects where id = $1", post.project_id
        )
        row = SignUp(
            province="50",
            project_id=post.project_id,
            post_id=post.id,
            team_id=team_id,
            volunteer_id=volunteer.id,
            status=status,
            **values,
        )
        await self.planter.add(row)
        if status in {SignUpStatus.ACCEPTED, SignUpStatus.ATTENDED, SignUpStatus.NO_SHOW}:
            await self.db.execute("update posts set joined = joined + 1 where id = $1", post.id)
        return row

    async def status(self, project_id: int) -> ProjectStatus:
        found = await self.db.fetchval("select status from projects where id = $1", project_id)
        return ProjectStatus(found)

    async def sign_up_status(self, sign_up_id: int | None) -> SignUpStatus:
        found = await self.db.fetchval("select status from sign_ups where id = $1", sign_up_id)
        return SignUpStatus(found)

    async def joined(self, post: Post) -> int:
        found: int = await self.db.fetchval("select joined from posts where id = $1", post.id)
        return found

    async def told(self, subject_type: str, subject_id: int | None) -> list[str]:
        """The names of what was audited of a subject, in order."""
        rows = await self.db.fetch(
            "select action from audit_log where subject_type = $1 and subject_id = $2 order by id",
            subject_type,
            subject_id,
        )
        return [row["action"] for row in rows]


def codes(outcome: Any) -> list[tuple[str, str | None]]:
    """The codes and fields of an outcome's errors."""
    return [(error.code.value, error.field) for error in outcome.errors]


def item_codes(outcome: Any) -> list[list[str]]:
    """The codes of each item's errors."""
    return [[error.code.value for error in item.errors] for item in outcome.items]
