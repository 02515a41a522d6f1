"""What mutations of certificates are given, and what lists of them can be narrowed by."""

from datetime import date
from typing import Any

import strawberry

from db.enums import CertificateStatus
from resolvers.certificate_wish import Wish
from schema.filters import FilterBuilder
from schema.ids import number_of
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.volunteer import KEY
from schema.pagination import Filters
from schema.visibility import MANAGERS, PERSONS, TEAMS, VOLUNTEERS, input_field, input_type

RECORDS = "Global ids of own effective records; without them those of the time (记录标识)"
SINCE = "First day, in China (起始日期)"
UNTIL = "Last day, in China, that day included (截止日期)"
ID_NUMBER = "Consent to show the ID number, masked, on this certificate (同意显示证件号码)"
REPLACES = "Global id of an own certificate that this one supersedes (被替换的证明)"


@input_type(to=PERSONS, description="Which certificates (证明筛选)")
class CertificateFilter:
    """Narrows a list of certificates."""

    status: list[CertificateStatus] | None = input_field(to=PERSONS, description="States (状态)")
    under: strawberry.ID | None = input_field(
        to=MANAGERS, description="Id of a team; those of it or of teams below it (所属团体)"
    )

    async def filters(self, info: Info) -> Filters:
        """The filters of the statement."""
        builder = FilterBuilder()
        builder.under(info, self.under)
        builder.members("status", self.status, "f_status")
        return builder.built()


@input_type(to=VOLUNTEERS, description="Certificate to print oneself (打印证明)")
class PrintCertificateInput:
    """What a volunteer prints; without a choice, all that is effective."""

    record_ids: list[strawberry.ID] | None = input_field(to=VOLUNTEERS, description=RECORDS)
    since: date | None = input_field(to=VOLUNTEERS, description=SINCE)
    until: date | None = input_field(to=VOLUNTEERS, description=UNTIL)
    show_id_number: bool = input_field(to=VOLUNTEERS, description=ID_NUMBER, default=False)
    replaces_id: strawberry.ID | None = input_field(to=VOLUNTEERS, description=REPLACES)
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)

    @property
    def wish(self) -> Wish:
        """The wish.

        Raises:
            InvalidId: an id of another type.
        """
        return _wish(self, None)


@input_type(to=VOLUNTEERS, description="Certificate to ask of who recorded (申请证明)")
class RequestCertificateInput:
    """What a volunteer asks of the recording team."""

    team_id: strawberry.ID = input_field(
        to=VOLUNTEERS, description="Global id of the recording team (记录单位)", required=True
    )
    record_ids: list[strawberry.ID] | None = input_field(to=VOLUNTEERS, description=RECORDS)
    since: date | None = input_field(to=VOLUNTEERS, description=SINCE)
    until: date | None = input_field(to=VOLUNTEERS, description=UNTIL)
    show_id_number: bool = input_field(to=VOLUNTEERS, description=ID_NUMBER, default=False)
    replaces_id: strawberry.ID | None = input_field(to=VOLUNTEERS, description=REPLACES)
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)

    @property
    def wish(self) -> Wish:
        """The wish.

        Raises:
            InvalidId: an id of another type.
        """
        return _wish(self, number_of(self.team_id, "Team", field="input.teamId"))


@input_type(to=VOLUNTEERS, description="Request to take back (撤回申请)")
class CancelCertificateRequestInput:
    """A request that its volunteer takes back."""

    certificate_id: strawberry.ID = input_field(
        to=VOLUNTEERS, description="Global id of the certificate (证明标识)", required=True
    )
    idempotency_key: str | None = input_field(to=VOLUNTEERS, description=KEY)


@input_type(to=TEAMS, description="Requests to issue, one or many (出具证明)")
class IssueCertificatesInput:
    """Requests that become certificates."""

    ids: list[strawberry.ID] = input_field(
        to=TEAMS, description="Global ids of certificates, at most 1,000 (证明标识)", required=True
    )
    remark: str | None = input_field(
        to=TEAMS, description="Remark that stands on each, public; at most 100 characters (备注)"
    )
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)


@input_type(to=TEAMS, description="Request to decline (不予出具)")
class DeclineCertificateInput:
    """A request that gets no certificate."""

    certificate_id: strawberry.ID = input_field(
        to=TEAMS, description="Global id of the certificate (证明标识)", required=True
    )
    reason: str = input_field(to=TEAMS, description="Reason (原因)", required=True)
    idempotency_key: str | None = input_field(to=TEAMS, description=KEY)


@input_type(to=PERSONS, description="Certificate to revoke (撤销证明)")
class RevokeCertificateInput:
    """A certificate that counts no more."""

    certificate_id: strawberry.ID = input_field(
        to=PERSONS, description="Global id of the certificate (证明标识)", required=True
    )
    reason: str = input_field(to=PERSONS, description="Reason (原因)", required=True)
    idempotency_key: str | None = input_field(to=PERSONS, description=KEY)


def _wish(given: Any, team_id: int | None) -> Wish:
    records, replaced = or_none(given.record_ids), or_none(given.replaces_id)
    field = "input.recordIds"
    return Wish(
        team_id=team_id,
        record_ids=None
        if records is None
        else [number_of(each, "ServiceRecord", field=field) for each in records],
        since=or_none(given.since),
        until=or_none(given.until),
        shows_id_number=given.show_id_number,
        replaces_id=None
        if replaced is None
        else number_of(replaced, "Certificate", field="input.replacesId"),
    )
