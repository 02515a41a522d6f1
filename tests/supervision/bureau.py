"""A department, two teams that recorded service, a neighbour, and what is asked of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from db.enums import (
    CertificateStatus,
    HubLevel,
    InspectionKind,
    InspectionVerdict,
    MeasureKind,
    RecordStatus,
)
from db.models import Account, Certificate, Region, ServiceRecord, UploadedFile, Volunteer
from db.queries.inspections.changing import Finding
from db.session import Database
from permissions.edges import Policy
from permissions.viewer import Viewer
from resolvers.inspections.drawing import Draw, draw_inspection
from resolvers.inspections.examining import (
    cancel_inspection,
    publish_inspection,
    record_findings,
)
from resolvers.inspections.materials import Handed, ask_materials, hand_in_materials
from resolvers.inspections.measures import Measure, take_measure
from resolvers.outcomes import Outcome
from tests.db.forest import Forest
from tests.small_world import NOW, Planter

TODAY = NOW.date()
DUE = TODAY + timedelta(days=10)
POLICY = Policy()
IN_ORDER, DEFECTIVE, FORGED = InspectionVerdict


@dataclass(slots=True)
class Bureau:
    """Two teams below a hub in one region, a third elsewhere, and the officers of both."""

    planter: Planter
    forest: Forest
    elsewhere: Forest
    officer: Viewer
    other_officer: Viewer
    volunteer: Volunteer

    @classmethod
    async def open(cls, planter: Planter) -> "Bureau":
        forest = Forest(planter, await planter.region())
        elsewhere = Forest(planter, await planter.region())
        for name in ("reading", "choir"):
            await forest.plant(name)
        await elsewhere.plant("far")
        return cls(
            planter,
            forest,
            elsewhere,
            await forest.officer(forest.region),
            await forest.officer(elsewhere.region),
            await planter.volunteer(forest.region),
        )

    @property
    def database(self) -> Database:
        return self.planter.database

    @property
    def region(self) -> Region:
        return self.forest.region

    async def recorded(
        self, team: str = "reading", days_ago: int = 10, **values: Any
    ) -> ServiceRecord:
        home = self.forest if team in self.forest.teams else self.elsewhere
        return await self.planter.record(
            self.volunteer,
            home.teams[team],
            **{
                "starts_at": NOW - timedelta(days=days_ago),
                "status": RecordStatus.EFFECTIVE,
                **values,
            },
        )

    async def certified(self, team: str = "reading", days_ago: int = 5) -> Certificate:
        certificate = Certificate(
            province="50",
            certificate_no=f"Z{self.region.id}{days_ago}{team}",
            volunteer_id=self.volunteer.id,
            team_id=self.forest.teams[team].id,
            status=CertificateStatus.ISSUED,
            snapshot={},
            minutes=90,
            digest=b"0",
            signature=b"0",
            issued_at=NOW - timedelta(days=days_ago),
        )
        await self.planter.add(certificate)
        return certificate

    def plan(self, **given: Any) -> Draw:
        return Draw(
            **{
                "region_id": self.region.id,
                "title": "2026年第二季度抽查",
                "kind": InspectionKind.RECORDS,
                "since": TODAY - timedelta(days=60),
                "until": TODAY,
                "size": 10,
                **given,
            }
        )

    async def drawn(self, viewer: Viewer | None = None, **given: Any) -> Outcome:
        return await draw_inspection(
            self.database, viewer or self.officer, self.plan(**given), None, today=TODAY
        )

    async def asked(
        self, number: int | None, viewer: Viewer | None = None, due_on: date = DUE
    ) -> Outcome:
        assert number is not None
        return await ask_materials(
            self.database, viewer or self.officer, number, due_on, None, now=NOW
        )

    async def handed(
        self,
        number: int | None,
        viewer: Viewer,
        statement: str = "材料齐全",
        files: Sequence[int] = (),
        now: datetime = NOW,
    ) -> Outcome:
        assert number is not None
        given = Handed(inspection_id=number, statement=statement, file_ids=files)
        return await hand_in_materials(self.database, viewer, given, None, now=now)

    async def found(
        self,
        number: int | None,
        findings: Sequence[tuple[int, InspectionVerdict, str | None]],
        viewer: Viewer | None = None,
        now: datetime = NOW,
    ) -> Outcome:
        assert number is not None
        return await record_findings(
            self.database,
            viewer or self.officer,
            number,
            [Finding(*each) for each in findings],
            None,
            now=now,
        )

    async def published(
        self, number: int | None, viewer: Viewer | None = None, summary: str | None = None
    ) -> Outcome:
        assert number is not None
        return await publish_inspection(
            self.database, viewer or self.officer, number, summary, None, now=NOW
        )

    async def cancelled(
        self, number: int | None, viewer: Viewer | None = None, reason: str = "重复"
    ) -> Outcome:
        assert number is not None
        return await cancel_inspection(self.database, viewer or self.officer, number, reason, None)

    async def measured(
        self, item: int, kind: MeasureKind, viewer: Viewer | None = None, reason: str = "查实"
    ) -> Outcome:
        return await take_measure(
            self.database,
            viewer or self.officer,
            Measure(item_id=item, kind=kind, reason=reason),
            None,
            policy=POLICY,
            now=NOW,
        )

    async def hub(self) -> Viewer:
        """A manager of a hub above both teams."""
        await self.forest.plant("hub", hub_level=HubLevel.TOWN)
        for name in ("reading", "choir"):
            await self.forest._hang(self.forest.teams[name], self.forest.teams["hub"])
        return await self.forest.manager("hub")

    async def examined(
        self, verdict: InspectionVerdict = FORGED, **given: Any
    ) -> tuple[int, list[int]]:
        """A check whose items all have the same finding, and their ids."""
        outcome = await self.drawn(**given)
        number = outcome.subject_id
        assert number is not None, outcome.errors
        await self.asked(number)
        items = await self.items(number)
        late = NOW + timedelta(days=20)
        text = None if verdict is IN_ORDER else "与签到不符"
        await self.found(number, [(each, verdict, text) for each in items], now=late)
        return number, items

    async def items(self, number: int | None) -> list[int]:
        """The items of a check, in the order of the draw."""
        async with self.database.engine.connect() as connection:
            rows = await connection.exec_driver_sql(
                "select id from inspection_items where inspection_id = $1 order by position",
                (number,),
            )
            return [row[0] for row in rows]

    async def file_of(self, account: Account | int) -> int:
        """A stored proof of an account that belongs to nothing yet."""
        owner = account if isinstance(account, int) else account.id
        file = UploadedFile(
            owner_account_id=owner,
            purpose="PROOF",
            digest=bytes(32),
            media_type="application/pdf",
            size=10,
            stored_at=NOW,
        )
        await self.planter.add(file)
        return file.id


def codes(outcome: Outcome) -> list[tuple[str, str | None]]:
    return [(error.code.value, error.field) for error in outcome.errors]
