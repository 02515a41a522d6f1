"""A team that serves: its people, a project, and entries of their service."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from db.clock import CHINA
from db.enums import HubLevel, MembershipStatus, ProjectStatus, TeamAdminRole
from db.models import Membership, Project, Team, Volunteer
from permissions.viewer import Viewer
from resolvers.outcomes import Outcome
from resolvers.records.entering import RecordsOutcome, create_record, create_records
from resolvers.records.entry import Entry
from tests.db.forest import Forest, acting_as
from tests.small_world import NOW, Planter

# The twentieth of May 2026 is a Wednesday; the day before is well within ten working days.
YESTERDAY = datetime(2026, 5, 19, 9, 0, tzinfo=CHINA)
LONG_AGO = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)


@dataclass(slots=True)
class Service:
    """A hub with a team below it, and who acts for the team."""

    planter: Planter
    forest: Forest
    recorder: Viewer
    people: list[Volunteer] = field(default_factory=list)

    @classmethod
    async def plant(cls, planter: Planter) -> "Service":
        """A new one, that no other test knows."""
        forest = Forest(planter, await planter.region())
        await forest.plant("hub", hub_level=HubLevel.TOWN)
        await forest.plant("team", "hub")
        recorder = await forest.manager("team", TeamAdminRole.RECORDER)
        return cls(planter, forest, recorder)

    @property
    def team(self) -> Team:
        return self.forest.teams["team"]

    async def member(self, **values: Any) -> Volunteer:
        """A volunteer who has joined the team."""
        volunteer = await self.planter.volunteer(self.forest.region, **values)
        await self.planter.add(
            Membership(
                province="50",
                team_id=self.team.id,
                volunteer_id=volunteer.id,
                status=MembershipStatus.JOINED,
                joined_at=NOW - timedelta(days=300),
            )
        )
        self.people.append(volunteer)
        return volunteer

    async def viewer_of(self, volunteer: Volunteer) -> Viewer:
        """The volunteer, acting as one."""
        assert volunteer.account_id is not None
        account = type("Known", (), {"id": volunteer.account_id})()
        return await acting_as(self.planter, account, "volunteer")

    async def project(self, **values: Any) -> Project:
        """A project of the team that is going on since a month."""
        return await self.planter.project(
            self.team,
            **{
                "status": ProjectStatus.RUNNING,
                "starts_at": NOW - timedelta(days=30),
                "ends_at": NOW + timedelta(days=30),
                "targets": ["老年人"],
                "address": "社区活动室",
                **values,
            },
        )

    async def enter(
        self, entry: Entry, *, viewer: Viewer | None = None, key: str | None = None, **more: Any
    ) -> Outcome:
        """What comes of entering one."""
        return await create_record(
            self.planter.database,
            viewer or self.recorder,
            more.pop("team_id", self.team.id),
            entry,
            key,
            **{"now": NOW, **more},
        )

    async def enter_all(
        self, entries: list[Entry], *, key: str | None = None, **more: Any
    ) -> RecordsOutcome:
        """What comes of entering many."""
        return await create_records(
            self.planter.database,
            more.pop("viewer", self.recorder),
            more.pop("team_id", self.team.id),
            entries,
            key,
            **{"now": NOW, **more},
        )


def entry(volunteer: Volunteer, starts_at: datetime = YESTERDAY, **values: Any) -> Entry:
    """Two hours of a volunteer's service, outside any project."""
    return Entry(
        **{
            "volunteer_id": volunteer.id,
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=2),
            "activity_name": "敬老院探访",
            "content": "陪伴老人，打扫房间",
            "place": "桃源敬老院",
            "targets": ("老年人",),
            **values,
        }
    )


def codes(outcome: Outcome) -> list[str]:
    return [error.code.value for error in outcome.errors]


def fields(outcome: Outcome) -> list[tuple[str, str | None]]:
    return [(error.code.value, error.field) for error in outcome.errors]
