"""What mutations of random checks are given, and what their list is narrowed by."""

from datetime import date

import strawberry

from db.enums import InspectionKind, InspectionStatus, InspectionVerdict, MeasureKind
from db.queries.inspections.changing import Finding
from resolvers.inspections.materials import Handed
from resolvers.inspections.measures import Measure
from schema.filters import FilterBuilder
from schema.ids import number_of
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.volunteer import KEY
from schema.pagination import Filters
from schema.types.inspection import DEPARTMENTS
from schema.visibility import EVERYONE, TEAMS, input_field, input_type

CHECK = "Global id of the check (抽查标识)"


@input_type(to=EVERYONE, description="Which checks (抽查筛选)")
class InspectionFilter:
    """Narrows a list of checks."""

    status: list[InspectionStatus] | None = input_field(to=EVERYONE, description="States (状态)")
    region: str | None = input_field(
        to=EVERYONE, description="Code of a region; its checks and those below (区划代码)"
    )

    async def filters(self, info: Info) -> Filters:
        """The filters of the statement."""
        builder = FilterBuilder()
        builder.members("status", self.status, "f_status")
        await builder.region(info, self.region)
        return builder.built()


@input_type(to=DEPARTMENTS, description="Check to draw (抽查方案)")
class DrawInspectionInput:
    """What a check draws from; the seed is nobody's choice."""

    title: str = input_field(
        to=DEPARTMENTS, description="Title, at most 100 characters (名称)", required=True
    )
    region_code: str = input_field(
        to=DEPARTMENTS,
        description="Code of the region whose teams are checked (区划代码)",
        required=True,
    )
    kind: InspectionKind = input_field(
        to=DEPARTMENTS, description="What is drawn from (抽查内容)", required=True
    )
    since: date = input_field(
        to=DEPARTMENTS,
        description="First day of the service or the issue (起始日期)",
        required=True,
    )
    until: date = input_field(
        to=DEPARTMENTS, description="Last day, that day included (截止日期)", required=True
    )
    size: int = input_field(
        to=DEPARTMENTS, description="How many are drawn, 1 to 500 (抽取数量)", required=True
    )
    team_ids: list[strawberry.ID] | None = input_field(
        to=DEPARTMENTS, description="Teams that it is narrowed to, at most 100 (限定团体)"
    )
    idempotency_key: str | None = input_field(to=DEPARTMENTS, description=KEY)

    @property
    def teams(self) -> list[int] | None:
        """The teams that the draw is narrowed to.

        Raises:
            InvalidId: an id of another type.
        """
        given = or_none(self.team_ids)
        if given is None:
            return None
        return [number_of(each, "Team", field="input.teamIds") for each in given]


@input_type(to=DEPARTMENTS, description="Materials to ask for (要求提交材料)")
class AskInspectionMaterialsInput:
    """What a check's teams are asked."""

    inspection_id: strawberry.ID = input_field(to=DEPARTMENTS, description=CHECK, required=True)
    due_on: date = input_field(
        to=DEPARTMENTS, description="Last day for the materials (截止日期)", required=True
    )
    idempotency_key: str | None = input_field(to=DEPARTMENTS, description=KEY)


@input_type(to=TEAMS, description="Materials of a team (提交材料)")
class HandInInspectionMaterialsInput:
    """What the acting team hands in, in the place of what it handed in before."""

    inspection_id: strawberry.ID = input_field(to=TEAMS, description=CHECK, required=True)
    statement: str = input_field(
        to=TEAMS,
        description="What the team says, at most 5,000 characters (情况说明)",
        required=True,
    )
    file_ids: list[strawberry.ID] | None = input_field(
        to=TEAMS, description="Own uploaded proofs, at most 20 (材料文件)"
    )
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)

    @property
    def handed(self) -> Handed:
        """What is handed in.

        Raises:
            InvalidId: an id of another type.
        """
        files = or_none(self.file_ids) or ()
        return Handed(
            inspection_id=number_of(self.inspection_id, "Inspection", field="input.inspectionId"),
            statement=self.statement,
            file_ids=[number_of(each, "File", field="input.fileIds") for each in files],
        )


@input_type(to=DEPARTMENTS, description="What was found of one item (检查结论)")
class InspectionFindingInput:
    """What was found of one item."""

    item_id: strawberry.ID = input_field(
        to=DEPARTMENTS, description="Global id of the item (抽查项标识)", required=True
    )
    verdict: InspectionVerdict = input_field(
        to=DEPARTMENTS, description="Verdict (结论)", required=True
    )
    finding: str | None = input_field(
        to=DEPARTMENTS, description="In words; needed if it is not in order (检查情况)"
    )

    @property
    def found(self) -> Finding:
        """The finding.

        Raises:
            InvalidId: an id of another type.
        """
        number = number_of(self.item_id, "InspectionItem", field="input.findings")
        return Finding(number, self.verdict, (or_none(self.finding) or "").strip() or None)


@input_type(to=DEPARTMENTS, description="What was found in a check (录入检查结论)")
class RecordInspectionFindingsInput:
    """What was found of some of the items."""

    inspection_id: strawberry.ID = input_field(to=DEPARTMENTS, description=CHECK, required=True)
    findings: list[InspectionFindingInput] = input_field(
        to=DEPARTMENTS, description="Findings, 1 to 500 (检查结论)", required=True
    )
    idempotency_key: str | None = input_field(to=DEPARTMENTS, description=KEY)


@input_type(to=DEPARTMENTS, description="Result to publish (公开抽查结果)")
class PublishInspectionInput:
    """A check whose result becomes public."""

    inspection_id: strawberry.ID = input_field(to=DEPARTMENTS, description=CHECK, required=True)
    summary: str | None = input_field(
        to=DEPARTMENTS, description="Summary, without personal data (结果说明)"
    )
    idempotency_key: str | None = input_field(to=DEPARTMENTS, description=KEY)


@input_type(to=DEPARTMENTS, description="Check to cancel (取消抽查)")
class CancelInspectionInput:
    """A check that ends without a result."""

    inspection_id: strawberry.ID = input_field(to=DEPARTMENTS, description=CHECK, required=True)
    reason: str = input_field(to=DEPARTMENTS, description="Reason (原因)", required=True)
    idempotency_key: str | None = input_field(to=DEPARTMENTS, description=KEY)


@input_type(to=DEPARTMENTS, description="What follows from a bad finding (处理措施)")
class TakeInspectionMeasureInput:
    """A warning or suspension of the item's team, a void or a revocation of the item."""

    item_id: strawberry.ID = input_field(
        to=DEPARTMENTS, description="Global id of the item (抽查项标识)", required=True
    )
    kind: MeasureKind = input_field(to=DEPARTMENTS, description="Measure (措施)", required=True)
    reason: str = input_field(to=DEPARTMENTS, description="Reason (原因)", required=True)
    idempotency_key: str | None = input_field(to=DEPARTMENTS, description=KEY)

    @property
    def measure(self) -> Measure:
        """The measure.

        Raises:
            InvalidId: an id of another type.
        """
        number = number_of(self.item_id, "InspectionItem", field="input.itemId")
        return Measure(item_id=number, kind=self.kind, reason=self.reason)
