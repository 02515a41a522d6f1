"""A few rows for tests of writes: a region, teams, volunteers with accounts; all with new names."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from db.enums import (
    AccountStatus,
    PermissionGroup,
    ProjectStatus,
    RealNameStatus,
    RecordSource,
    RecordStatus,
    RecruitScope,
    RegionLevel,
    RegistrationStatus,
    Sex,
    TeamKind,
    TeamStatus,
    VolunteerStatus,
)
from db.migrate import upgrade
from db.models import Account, Base, Project, Region, ServiceRecord, Team, Volunteer
from db.session import Database
from db.urls import asyncpg_dsn
from tests.servers import Databases

STATION = 50
NOW = datetime(2026, 5, 20, 4, 0, tzinfo=UTC)  # noon in Chongqing

_numbers = itertools.count(1)


async def migrate_only(url: str) -> None:
    await upgrade(url, station=STATION)


def empty_station(databases: Databases) -> str:
    """The url of a new database with the tables and nothing in them."""
    return databases.clone("empty_station", migrate_only)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Any]:
    """A connection of the test's own, beside the gateway's."""
    connection = await asyncpg.connect(asyncpg_dsn(url))
    try:
        yield connection
    finally:
        await connection.close()


async def until_one_waits(holder: Any, *, patience: float = 30) -> None:
    """Returns when a session waits for a lock that the connection holds."""
    async with asyncio.timeout(patience):
        # Of pg_locks, which is read anew each time: pg_stat_activity stays in a transaction what it
        # was at first.
        while not await holder.fetchval(
            "select exists (select from pg_locks where not granted"
            " and pg_backend_pid() = any (pg_blocking_pids(pid)))"
        ):
            await asyncio.sleep(0.01)


@dataclass(frozen=True, slots=True)
class Planter:
    """Adds rows that satisfy every constraint; keyword arguments change what matters to a test."""

    database: Database

    async def add(self, *rows: Base) -> None:
        async with AsyncSession(self.database.engine, expire_on_commit=False) as session:
            session.add_all(rows)
            await session.commit()

    async def region(self, above: Region | None = None, **values: Any) -> Region:
        n = next(_numbers)
        node = STATION * 2**30 + n
        region = Region(
            **{
                "id": node,
                "province": "50",
                "parent_id": None if above is None else above.id,
                "path": f"{'' if above is None else above.path}{node}/",
                "depth": 1 if above is None else above.depth + 1,
                "level": RegionLevel.COUNTY,
                "code": f"5001{n:08d}",
                "name": f"区{n}",
                "short_name": f"区{n}",
                **values,
            }
        )
        await self.add(region)
        return region

    async def account(self, **values: Any) -> Account:
        n = next(_numbers)
        account = Account(
            **{
                "province": "50",
                "username": f"user{n}",
                "display_name": f"用户{n}",
                "status": AccountStatus.ENABLED,
                **values,
            }
        )
        await self.add(account)
        return account

    async def volunteer(self, region: Region, **values: Any) -> Volunteer:
        n = next(_numbers)
        account = await self.account()
        volunteer = Volunteer(
            **{
                "province": "50",
                "volunteer_no": f"V{n}",
                "account_id": account.id,
                "name": f"志愿者{n}",
                "sort_key": f"zhi4 {n}",
                "name_grams": [],
                "sex": Sex.FEMALE,
                "born_on": date(1990, 1, 1),
                "region_id": region.id,
                "region_path": region.path,
                "status": VolunteerStatus.ENABLED,
                "real_name_status": RealNameStatus.VERIFIED,
                "registered_at": NOW - timedelta(days=1000),
                **values,
            }
        )
        await self.add(volunteer)
        return volunteer

    async def team(self, region: Region, **values: Any) -> Team:
        n = next(_numbers)
        node = STATION * 2**30 + n
        team = Team(
            **{
                "id": node,
                "province": "50",
                "team_no": f"T{n}",
                "name": f"队{n}",
                "sort_key": f"dui4 {n}",
                "name_grams": [],
                "kind": TeamKind.GROUP,
                "registration_status": RegistrationStatus.UNREGISTERED,
                "permission_group": PermissionGroup.BASIC,
                "status": TeamStatus.ENABLED,
                "path": f"{node}/",
                "depth": 1,
                "region_id": region.id,
                "region_path": region.path,
                "principal_name": "甲",
                "principal_mobile": "13800000000",
                "contact_name": "乙",
                "contact_mobile": "13900000000",
                **values,
            }
        )
        await self.add(team)
        return team

    async def project(self, team: Team, **values: Any) -> Project:
        n = next(_numbers)
        project = Project(
            **{
                "province": "50",
                "project_no": f"P{n}",
                "team_id": team.id,
                "name": f"项目{n}",
                "sort_key": f"xiang4 {n}",
                "name_grams": [],
                "status": ProjectStatus.WAITING,
                "scope": RecruitScope.OPEN,
                "region_id": team.region_id,
                "region_path": team.region_path,
                "starts_at": NOW - timedelta(days=1),
                "ends_at": NOW + timedelta(days=1),
                "categories": ["COMMUNITY"],
                "targets": ["CHILDREN"],
                "description": "说明",
                "contact_name": "丙",
                "contact_mobile": "13700000000",
                **values,
            }
        )
        await self.add(project)
        return project

    async def record(self, volunteer: Volunteer, team: Team, **values: Any) -> ServiceRecord:
        starts_at = values.pop("starts_at", NOW - timedelta(days=10))
        minutes = values.pop("minutes", 90)
        record = ServiceRecord(
            **{
                "province": "50",
                "volunteer_id": volunteer.id,
                "team_id": team.id,
                "region_path": team.region_path,
                "starts_at": starts_at,
                "ends_at": starts_at + timedelta(minutes=minutes),
                "minutes": minutes,
                "status": RecordStatus.NOT_EFFECTIVE,
                "source": RecordSource.TEAM_ENTRY,
                "content": "服务",
                "place": "社区",
                **values,
            }
        )
        await self.add(record)
        return record
