"""A ward: a district's hubs, a group and a legal person below, members and what they served."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from db.enums import (
    ComplaintMeasure,
    ComplaintStatus,
    ComplaintTopic,
    MembershipStatus,
    RecordStatus,
    RegistrationStatus,
    TeamKind,
)
from db.models import Membership, Project, ServiceRecord, Volunteer
from db.session import Database
from permissions.edges import Policy
from permissions.standing import fetch_standing
from permissions.viewer import Viewer
from resolvers.complaints.answering import appeal_complaint, close_complaint
from resolvers.complaints.deciding import Ruling, decide_complaint
from resolvers.complaints.handling import Transfer, advance_complaint, transfer_complaint
from resolvers.complaints.submitting import NewCase, submit_complaint
from resolvers.outcomes import Outcome
from tests.db.forest import Forest
from tests.small_world import NOW, Planter
from tests.workflows.district import District

POLICY = Policy()
TEXT = "时长与实际不符"


@dataclass(slots=True)
class Ward:
    """A district with a group under its community's hub, and a volunteer of the group."""

    district: District
    volunteer: Volunteer
    project: Project
    record: ServiceRecord

    @classmethod
    async def plant(cls, planter: Planter) -> "Ward":
        district = await District.plant(planter)
        region = district.regions["community"]
        await district.team("group", "community", region)
        await district.team(
            "legal",
            None,
            region,
            kind=TeamKind.ORGANIZATION,
            registration_status=RegistrationStatus.LEGAL_PERSON,
            uscc=f"52{district.serial % 10**16:016d}",
            registration_authority_id=district.regions["city"].id,
        )
        group = district.forest.teams["group"]
        volunteer = await planter.volunteer(region, effective_minutes=90)
        await planter.add(
            Membership(
                province="50",
                team_id=group.id,
                volunteer_id=volunteer.id,
                status=MembershipStatus.JOINED,
                joined_at=NOW - timedelta(days=100),
            )
        )
        project = await planter.project(group)
        record = await planter.record(
            volunteer, group, status=RecordStatus.EFFECTIVE, project_id=project.id
        )
        return cls(district, volunteer, project, record)

    @property
    def planter(self) -> Planter:
        return self.district.planter

    @property
    def forest(self) -> Forest:
        return self.district.forest

    @property
    def database(self) -> Database:
        return self.planter.database

    def id(self, name: str) -> int:
        """The id of a team."""
        return self.forest.teams[name].id

    async def officer(self, name: str) -> Viewer:
        return await self.forest.officer(self.district.regions[name])

    async def member(self) -> Viewer:
        """The volunteer of the group, acting as one."""
        return await self.of(self.volunteer)

    async def of(self, volunteer: Volunteer, capacity: str = "volunteer") -> Viewer:
        assert volunteer.account_id is not None
        async with self.database.read() as snapshot:
            return (await fetch_standing(snapshot, volunteer.account_id)).acting_as(capacity)

    def case(self, subject: tuple[str, int] | None = None, **values: Any) -> NewCase:
        about = {"subject": subject or ("Team", self.id("group"))}
        given = {"topic": ComplaintTopic.FALSE_RECORD, "text": TEXT}
        if "volunteer_no" in values:
            about = {}
        return NewCase(**{**given, **about, **values})

    def about_volunteer(self, team: str = "group", **values: Any) -> NewCase:
        return self.case(
            volunteer_no=self.volunteer.volunteer_no,
            volunteer_name=self.volunteer.name,
            team_id=self.id(team),
            **values,
        )

    async def submit(self, viewer: Viewer, case: NewCase, key: str | None = None) -> Outcome:
        return await submit_complaint(self.database, viewer, case, key)

    async def submitted(self, viewer: Viewer, case: NewCase | None = None) -> int:
        outcome = await self.submit(viewer, case or self.case())
        assert outcome.errors == ()
        assert outcome.subject_id is not None
        return outcome.subject_id

    async def advance(self, viewer: Viewer, complaint_id: int, to: ComplaintStatus) -> list[str]:
        return codes(
            await advance_complaint(self.database, viewer, complaint_id, to, None, policy=POLICY)
        )

    async def transfer(self, viewer: Viewer, complaint_id: int, **to: Any) -> list[str]:
        transfer = Transfer(**{"complaint_id": complaint_id, "reason": "不属本单位职责", **to})
        return codes(await transfer_complaint(self.database, viewer, transfer, None, policy=POLICY))

    async def rule(
        self,
        viewer: Viewer,
        complaint_id: int,
        measure: ComplaintMeasure | None = None,
        outcome: str = "经查属实",
        *,
        upholds: bool | None = None,
    ) -> list[str]:
        ruling = Ruling(
            complaint_id=complaint_id,
            upholds=measure is not None if upholds is None else upholds,
            outcome=outcome,
            measure=measure,
        )
        done = await decide_complaint(
            self.database, viewer, ruling, None, policy=POLICY, now=datetime.now(NOW.tzinfo)
        )
        return codes(done)

    async def appeal(
        self, viewer: Viewer, complaint_id: int, reason: str = "处理不当", *, days_later: int = 0
    ) -> list[str]:
        now = datetime.now(NOW.tzinfo) + timedelta(days=days_later)
        return codes(
            await appeal_complaint(
                self.database, viewer, complaint_id, reason, None, policy=POLICY, now=now
            )
        )

    async def close(self, viewer: Viewer, complaint_id: int) -> list[str]:
        return codes(
            await close_complaint(self.database, viewer, complaint_id, None, policy=POLICY)
        )

    async def investigated(self, viewer: Viewer, complaint_id: int) -> None:
        for to in (ComplaintStatus.ACCEPTED, ComplaintStatus.INVESTIGATING):
            assert await self.advance(viewer, complaint_id, to) == []


def codes(outcome: Outcome) -> list[str]:
    return [error.code.value for error in outcome.errors]
