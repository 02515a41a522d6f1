"""What consents, corrections, copies and erasure are given."""

from datetime import date

import strawberry
from strawberry import UNSET

from db.enums import ConsentKind, IdentityType, Sex
from permissions.viewer import Role
from resolvers.consents import NewConsent
from resolvers.correction_decisions import Verdict
from resolvers.corrections import Correction
from schema.ids import number_of
from schema.inputs.left_out import or_none
from schema.inputs.registration import GuardianInput
from schema.inputs.reviews import Verdict as VerdictGiven
from schema.inputs.volunteer import KEY
from schema.visibility import PERSONS, VOLUNTEERS, Audience, input_field, input_type

DEPARTMENTS: Audience = frozenset({Role.DEPARTMENT})


@input_type(to=VOLUNTEERS, description="Consent to give (作出同意)")
class GiveConsentInput:
    """What the person, or under 18 the guardian, agrees to."""

    kind: ConsentKind = input_field(
        to=VOLUNTEERS, description="Kind of the consent (同意类型)", required=True
    )
    purpose: str = input_field(to=VOLUNTEERS, description="Purpose (目的)", required=True)
    recipient: str | None = input_field(
        to=VOLUNTEERS, description="Who receives data, of a transfer (接收方)"
    )
    items: list[str] | None = input_field(to=VOLUNTEERS, description="Items that it covers (范围)")
    guardian: GuardianInput | None = input_field(
        to=VOLUNTEERS, description="Guardian, needed under 18 (监护人)"
    )
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)

    @property
    def consent(self) -> NewConsent:
        """What is agreed to, with texts trimmed."""
        guardian = self.guardian or None
        stripped = (each.strip() for each in self.items or ())
        return NewConsent(
            kind=self.kind,
            purpose=self.purpose.strip(),
            recipient=(self.recipient or "").strip() or None,
            items=tuple(dict.fromkeys(each for each in stripped if each)),
            guardian=guardian and guardian.guardian,
        )


@input_type(to=VOLUNTEERS, description="Consent to withdraw (撤回同意)")
class WithdrawConsentInput:
    """The consent that is to stand no more."""

    consent_id: strawberry.ID = input_field(
        to=VOLUNTEERS, description="Global id of the consent (同意标识)", required=True
    )
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)


@input_type(to=VOLUNTEERS, description="Real-name data as they should be (申请更正)")
class RequestCorrectionInput:
    """What is wrong; what is left out stays."""

    name: str | None = input_field(to=VOLUNTEERS, description="Name (姓名)")
    id_type: IdentityType | None = input_field(
        to=VOLUNTEERS, description="Kind of document (证件类型)"
    )
    id_number: str | None = input_field(
        to=VOLUNTEERS, description="Number of the document (证件号码)"
    )
    born_on: date | None = input_field(to=VOLUNTEERS, description="Birth date (出生日期)")
    sex: Sex | None = input_field(to=VOLUNTEERS, description="Sex (性别)")
    reason: str = input_field(to=VOLUNTEERS, description="Reason (原因)", required=True)
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)

    @property
    def correction(self) -> Correction:
        """What is asked for, with texts trimmed and what was left out as None."""
        return Correction(
            name=(self.name or "").strip() or None,
            id_type=None if self.id_type is UNSET else self.id_type,
            id_number=(self.id_number or "").strip() or None,
            born_on=None if self.born_on is UNSET else self.born_on,
            sex=None if self.sex is UNSET else self.sex,
            reason=self.reason.strip(),
        )


@input_type(to=VOLUNTEERS, description="Request to take back (撤回更正申请)")
class WithdrawCorrectionInput:
    """The own request that is to be decided no more."""

    correction_id: strawberry.ID = input_field(
        to=VOLUNTEERS, description="Global id of the request (更正申请标识)", required=True
    )
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)


@input_type(to=DEPARTMENTS, description="Decision on a correction (处理更正申请)")
class DecideCorrectionInput:
    """What a department decides on a request."""

    correction_id: strawberry.ID = input_field(
        to=DEPARTMENTS, description="Global id of the request (更正申请标识)", required=True
    )
    decision: VerdictGiven = input_field(
        to=DEPARTMENTS, description="Whether to approve (决定)", required=True
    )
    opinion: str | None = input_field(
        to=DEPARTMENTS, description="Opinion; a rejection has one (意见)"
    )
    idempotency_key: str | None = input_field(to=DEPARTMENTS, description=KEY)

    @property
    def verdict(self) -> Verdict:
        """What is decided."""
        return Verdict(
            request_id=number_of(self.correction_id, "Correction", field="input.correctionId"),
            approves=self.decision is VerdictGiven.APPROVE,
            opinion=(or_none(self.opinion) or "").strip() or None,
        )


@input_type(to=VOLUNTEERS, description="Erasure of the person (删除个人信息)")
class EraseVolunteerInput:
    """That the person means it."""

    confirm: bool = input_field(
        to=VOLUNTEERS, description="Must be true: it cannot be taken back (确认)", required=True
    )
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)


@input_type(to=PERSONS, description="Messages that were read (标记通知已读)")
class MarkNotificationsReadInput:
    """The own messages to mark."""

    ids: list[strawberry.ID] = input_field(
        to=PERSONS, description="Global ids of messages, at most 100 (通知标识)", required=True
    )
    idempotency_key: str | None = input_field(to=PERSONS, description=KEY)

    @property
    def numbers(self) -> list[int]:
        """The numbers of the messages."""
        return [number_of(each, "Notification", field="input.ids") for each in self.ids]
