"""What a random check drew, and what was found of it."""

from collections.abc import Sequence
from typing import Any

from db.enums import InspectedKind, InspectionVerdict
from db.queries.entities import CERTIFICATE, SERVICE_RECORD, TEAM
from db.queries.inspections.entities import InspectionItemRow
from gateway.engine.rows import is_instance_of
from resolvers.inspections.reading import are_found
from schema.ids import id_field
from schema.info import Info
from schema.pagination import connection_of
from schema.references import referred
from schema.types.node import Node
from schema.types.record import Certificate, ServiceRecord
from schema.types.team import Team
from schema.visibility import MANAGERS, attribute, batched, object_type


@object_type(to=MANAGERS, description="Record or certificate that was drawn (抽查项)")
class InspectionItem(Node):
    """An item of a check; the objects are ``InspectionItemRow``."""

    is_type_of = staticmethod(is_instance_of(InspectionItemRow))

    id = id_field("InspectionItem")
    position: int = attribute(to=MANAGERS, description="Place in the draw, from 1 (抽取顺序)")
    kind: InspectedKind = attribute(to=MANAGERS, description="What it is (类型)")

    @batched(
        str,
        to=MANAGERS,
        description="SHA-256 of the seed, the kind and the id, by which it was drawn (抽取依据)",
        needs=("draw_key",),
    )
    @staticmethod
    def draw_key(parents: Sequence[InspectionItemRow]) -> list[str]:
        return [bytes(row.draw_key).hex() for row in parents]

    @batched(
        InspectionVerdict | None,
        to=MANAGERS,
        description="What was found; the team reads it when it is published (检查结论)",
        needs=("inspection_id", "verdict"),
    )
    @staticmethod
    async def verdict(
        parents: Sequence[InspectionItemRow], info: Info
    ) -> list[InspectionVerdict | None]:
        found = await are_found(info.context, [row.inspection_id for row in parents])
        return [row.verdict if found[row.inspection_id] else None for row in parents]

    @batched(
        str | None,
        to=MANAGERS,
        description="In words; the team reads it when it is published (检查情况)",
        needs=("inspection_id", "finding"),
    )
    @staticmethod
    async def finding(parents: Sequence[InspectionItemRow], info: Info) -> list[str | None]:
        found = await are_found(info.context, [row.inspection_id for row in parents])
        return [row.finding if found[row.inspection_id] else None for row in parents]

    @batched(
        Team | None,
        to=MANAGERS,
        description="Team that recorded or issued it (团体)",
        needs=("team_id",),
    )
    @staticmethod
    async def team(parents: Sequence[InspectionItemRow], info: Info) -> Any:
        return await referred(info, TEAM, [row.team_id for row in parents])

    @batched(
        ServiceRecord | None,
        to=MANAGERS,
        description="Record, if it is one (记录)",
        needs=("record_id",),
    )
    @staticmethod
    async def service_record(parents: Sequence[InspectionItemRow], info: Info) -> Any:
        return await referred(info, SERVICE_RECORD, [row.record_id for row in parents])

    @batched(
        Certificate | None,
        to=MANAGERS,
        description="Certificate, if it is one (证明)",
        needs=("certificate_id",),
    )
    @staticmethod
    async def certificate(parents: Sequence[InspectionItemRow], info: Info) -> Any:
        return await referred(info, CERTIFICATE, [row.certificate_id for row in parents])


InspectionItemConnection = connection_of(
    "InspectionItem", InspectionItem, to=MANAGERS, term="抽查项"
)
