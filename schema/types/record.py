"""Service records and certificates."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from db.enums import CertificateStatus, RecordSource, RecordStatus
from db.queries.entities import CERTIFICATE, SERVICE_RECORD
from db.queries.record_rows import ServiceRecordRow
from db.queries.rows import CertificateRow
from gateway.engine.rows import is_instance_of
from resolvers.certificate_papers import check_codes
from resolvers.personal_file.reading import (
    list_disputes,
    list_record_evaluations,
    list_revisions,
)
from schema.costs import sized
from schema.hours import hours
from schema.ids import id_field
from schema.info import Info
from schema.pagination import connection_of
from schema.references import follow
from schema.types.abilities import CertificateAbilities, ServiceRecordAbilities, viewer_can
from schema.types.node import Node
from schema.types.personal_file import Evaluation, RecordDispute, RecordRevision
from schema.types.project import Post, Project
from schema.types.team import Team
from schema.types.volunteer import Volunteer
from schema.visibility import MANAGERS, PERSONS, attribute, batched, object_type


@object_type(to=PERSONS, description="Record of a volunteer's service (志愿服务记录)")
class ServiceRecord(Node):
    """A service record; the objects are ``ServiceRecordRow``."""

    is_type_of = staticmethod(is_instance_of(ServiceRecordRow, ServiceRecordRow.Part))

    id = id_field("ServiceRecord")
    starts_at: datetime = attribute(to=PERSONS, description="Start of the service (开始时间)")
    ends_at: datetime | None = attribute(
        to=PERSONS, description="End of the service, none before check-out (结束时间)"
    )
    minutes: int = attribute(to=PERSONS, description="Service time in minutes (服务时长, 分钟)")
    activity_name: str = attribute(
        to=PERSONS, description="Name of the project or activity (项目名称)"
    )
    status: RecordStatus = attribute(to=PERSONS, description="State of the record (记录状态)")
    source: RecordSource = attribute(to=PERSONS, description="How the record came in (记录来源)")
    content: str = attribute(to=PERSONS, description="Content of the service (服务内容)")
    place: str = attribute(to=PERSONS, description="Place of the service (服务地点)")
    targets: list[str] = attribute(to=PERSONS, description="Who was served (服务对象)")
    contact_name: str | None = attribute(
        to=PERSONS, description="Contact person of the activity (联系人)"
    )
    recorder_name: str | None = attribute(to=MANAGERS, description="Who recorded it (记录人)")
    recorded_at: datetime = attribute(to=PERSONS, description="When it was recorded (记录时间)")
    publicity_from: date | None = attribute(
        to=PERSONS, description="First day of publicity (公示开始)"
    )
    publicity_to: date | None = attribute(
        to=PERSONS, description="Last day of publicity (公示结束)"
    )
    is_overdue: bool = attribute(
        to=MANAGERS, description="Whether recorded after ten working days (是否逾期)"
    )
    is_flagged: bool = attribute(
        to=MANAGERS, description="Whether somebody should look twice (是否存疑)"
    )
    is_bought: bool = attribute(
        to=PERSONS, description="Whether a department found that it was bought (非法购买)"
    )
    note: str | None = attribute(to=PERSONS, description="Remark (备注)")
    revision: int = attribute(to=PERSONS, description="Number of the revision (版本)")
    void_reason: str | None = attribute(to=PERSONS, description="Why it was voided (作废原因)")
    viewer_can = viewer_can("ServiceRecord", ServiceRecordAbilities)

    @batched(
        Evaluation | None,
        to=PERSONS,
        description="Evaluation of the service (服务评价)",
        needs=("id",),
    )
    @staticmethod
    async def evaluation(parents: Sequence[ServiceRecordRow], info: Info) -> Any:
        return await list_record_evaluations(info.context, [row.id for row in parents])

    @batched(
        list[RecordRevision],
        to=PERSONS,
        description="What it said before corrections, the oldest first (历史版本)",
        needs=("id",),
        hints=(sized(1),),
    )
    @staticmethod
    async def revisions(parents: Sequence[ServiceRecordRow], info: Info) -> Any:
        return await list_revisions(info.context, [row.id for row in parents])

    @batched(
        list[RecordDispute],
        to=PERSONS,
        description="Disputes of the record, the oldest first (异议)",
        needs=("id",),
        hints=(sized(1),),
    )
    @staticmethod
    async def disputes(parents: Sequence[ServiceRecordRow], info: Info) -> Any:
        return await list_disputes(info.context, [row.id for row in parents])

    @batched(
        Decimal,
        to=PERSONS,
        description="Service time in hours (服务时长, 小时)",
        needs=("minutes",),
    )
    @staticmethod
    def hours(parents: Sequence[ServiceRecordRow]) -> list[Decimal]:
        return [hours(row.minutes) for row in parents]

    @batched(
        Volunteer | None,
        to=PERSONS,
        description="Volunteer who served (志愿者)",
        needs=("volunteer_id",),
    )
    @staticmethod
    async def volunteer(parents: Sequence[ServiceRecordRow], info: Info) -> Any:
        return await follow(info, SERVICE_RECORD, parents, "volunteer")

    @batched(Team | None, to=PERSONS, description="Recording team (记录单位)", needs=("team_id",))
    @staticmethod
    async def team(parents: Sequence[ServiceRecordRow], info: Info) -> Any:
        return await follow(info, SERVICE_RECORD, parents, "team")

    @batched(
        Project | None,
        to=PERSONS,
        description="Project of the service (项目)",
        needs=("project_id",),
    )
    @staticmethod
    async def project(parents: Sequence[ServiceRecordRow], info: Info) -> Any:
        return await follow(info, SERVICE_RECORD, parents, "project")

    @batched(Post | None, to=PERSONS, description="Post of the service (岗位)", needs=("post_id",))
    @staticmethod
    async def post(parents: Sequence[ServiceRecordRow], info: Info) -> Any:
        return await follow(info, SERVICE_RECORD, parents, "post")


@object_type(to=PERSONS, description="Certificate of service (志愿服务记录证明)")
class Certificate(Node):
    """A certificate; the objects are ``CertificateRow``."""

    is_type_of = staticmethod(is_instance_of(CertificateRow, CertificateRow.Part))

    id = id_field("Certificate")
    certificate_no: str = attribute(to=PERSONS, description="Number of the certificate (证明编号)")
    status: CertificateStatus = attribute(
        to=PERSONS, description="State of the certificate (证明状态)"
    )
    minutes: int = attribute(to=PERSONS, description="Certified time in minutes (服务时长, 分钟)")
    created_at: datetime = attribute(
        to=PERSONS, description="When it was asked for (申请时间)", name="requestedAt"
    )
    issued_at: datetime | None = attribute(to=PERSONS, description="When it was issued (出具时间)")
    remark: str | None = attribute(to=PERSONS, description="Remark of the issuer (备注)")
    is_outdated: bool = attribute(
        to=PERSONS, description="Whether a record was corrected since (是否已过时)"
    )
    revoke_reason: str | None = attribute(
        to=PERSONS, description="Why it was revoked or declined (撤销或不予出具原因)"
    )
    viewer_can = viewer_can("Certificate", CertificateAbilities)

    @batched(
        Decimal,
        to=PERSONS,
        description="Certified time in hours (服务时长, 小时)",
        needs=("minutes",),
    )
    @staticmethod
    def hours(parents: Sequence[CertificateRow]) -> list[Decimal]:
        return [hours(row.minutes) for row in parents]

    @batched(
        str | None,
        to=PERSONS,
        description="Check code as printed, for who may have it as a file (查验码)",
        needs=("id", "certificate_no", "key_id"),
    )
    @staticmethod
    async def check_code(parents: Sequence[CertificateRow], info: Info) -> list[str | None]:
        context = info.context
        return await check_codes(
            context.snapshot,
            context.viewer,
            context.certificates,
            parents,
            now=context.now,
            policy=context.policy,
        )

    @batched(
        Volunteer | None,
        to=PERSONS,
        description="Volunteer of the certificate (志愿者)",
        needs=("volunteer_id",),
    )
    @staticmethod
    async def volunteer(parents: Sequence[CertificateRow], info: Info) -> Any:
        return await follow(info, CERTIFICATE, parents, "volunteer")

    @batched(
        Team | None,
        to=PERSONS,
        description="Issuing team, none if self-printed (出具单位)",
        needs=("team_id",),
    )
    @staticmethod
    async def team(parents: Sequence[CertificateRow], info: Info) -> Any:
        return await follow(info, CERTIFICATE, parents, "team")


ServiceRecordConnection = connection_of(
    "ServiceRecord", ServiceRecord, to=PERSONS, term="志愿服务记录"
)
CertificateConnection = connection_of("Certificate", Certificate, to=PERSONS, term="证明")
