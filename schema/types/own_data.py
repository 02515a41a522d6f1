"""What a person agreed to, and what they say is wrong in their real-name data."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from strawberry import ID

from db.enums import ConsentKind, IdentityType, RealNameStatus, ReviewState, Sex
from db.queries.consents import CONSENTS, ConsentRow
from db.queries.corrections import OWN, CorrectionRow
from db.queries.entities import VOLUNTEER
from permissions.viewer import Role, Viewer
from schema.ids import encode
from schema.info import Info
from schema.references import referred
from schema.types.volunteer import Volunteer
from schema.visibility import VOLUNTEERS, Audience, attribute, batched, object_type

CORRECTING: Audience = VOLUNTEERS | {Role.DEPARTMENT}


@object_type(to=VOLUNTEERS, description="Consent, standing or withdrawn (个人信息同意)")
class Consent:
    """A consent; the objects are ``ConsentRow``."""

    kind: ConsentKind = attribute(to=VOLUNTEERS, description="Kind of the consent (同意类型)")
    recipient: str | None = attribute(to=VOLUNTEERS, description="Who receives data (接收方)")
    purpose: str = attribute(to=VOLUNTEERS, description="Purpose (目的)")
    given_by: str | None = attribute(
        to=VOLUNTEERS, description="Who gave it: the person or the guardian (同意人)"
    )
    given_at: datetime = attribute(to=VOLUNTEERS, description="When it was given (同意时间)")
    withdrawn_at: datetime | None = attribute(
        to=VOLUNTEERS, description="When it was withdrawn (撤回时间)"
    )

    @batched(ID, to=VOLUNTEERS, description="Global id (全局标识)", name="id")
    @staticmethod
    def consent_id(parents: Sequence[ConsentRow]) -> list[ID]:
        return [encode("Consent", row.id) for row in parents]

    @batched(list[str], to=VOLUNTEERS, description="Items that it covers (范围)")
    @staticmethod
    def items(parents: Sequence[ConsentRow]) -> list[list[str]]:
        return [json.loads(row.scope).get("items", []) for row in parents]


@object_type(to=CORRECTING, description="Request to correct real-name data (更正申请)")
class Correction:
    """A request; the objects are ``CorrectionRow``. An asked for number is never shown."""

    state: ReviewState = attribute(to=CORRECTING, description="Whether it waits (状态)")
    name: str | None = attribute(to=CORRECTING, description="Name as it should be (更正后姓名)")
    born_on: date | None = attribute(
        to=CORRECTING, description="Birth date as it should be (更正后出生日期)"
    )
    sex: Sex | None = attribute(to=CORRECTING, description="Sex as it should be (更正后性别)")
    id_type: IdentityType | None = attribute(
        to=CORRECTING, description="Kind of the other document, if one is told (更正后证件类型)"
    )
    real_name_status: RealNameStatus = attribute(
        to=CORRECTING, description="What the new real-name check said (实名核验结果)"
    )
    reason: str = attribute(to=CORRECTING, description="Reason (原因)")
    opinion: str | None = attribute(to=CORRECTING, description="Opinion of the decision (意见)")
    created_at: datetime = attribute(to=CORRECTING, description="When it was asked (申请时间)")
    decided_at: datetime | None = attribute(
        to=CORRECTING, description="When it was decided (处理时间)"
    )

    @batched(ID, to=CORRECTING, description="Global id (全局标识)", name="id")
    @staticmethod
    def correction_id(parents: Sequence[CorrectionRow]) -> list[ID]:
        return [encode("Correction", row.id) for row in parents]

    @batched(Volunteer | None, to=CORRECTING, description="Volunteer who asks (志愿者)")
    @staticmethod
    async def volunteer(parents: Sequence[CorrectionRow], info: Info) -> Any:
        return await referred(info, VOLUNTEER, [row.volunteer_id for row in parents])


@batched(
    list[Consent],
    to=VOLUNTEERS,
    description="Own consents with their history, the newest first (本人同意记录)",
)
async def consents(parents: Sequence[Viewer], info: Info) -> Any:
    """The consents of each viewer."""
    return [await _own(info, CONSENTS, viewer) for viewer in parents]


@batched(
    list[Correction],
    to=VOLUNTEERS,
    description="Own requests to correct real-name data, the newest first (本人更正申请)",
)
async def corrections(parents: Sequence[Viewer], info: Info) -> Any:
    """The requests of each viewer."""
    return [await _own(info, OWN, viewer) for viewer in parents]


async def _own(info: Info, statement: Any, viewer: Viewer) -> Any:
    # SECURITY: in the capacity of the volunteer alone, and of the viewer's own.
    if viewer.role is not Role.VOLUNTEER or viewer.volunteer_id is None:
        return []
    return await info.context.snapshot.fetch(statement, volunteer=viewer.volunteer_id)
