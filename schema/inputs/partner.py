"""What mutations of partners are given."""

from datetime import datetime

import strawberry

from permissions.viewer import Role
from resolvers.partners import NewPartner, Pace
from schema.inputs.volunteer import KEY
from schema.region_codes import region_code
from schema.texts import is_storable
from schema.visibility import input_field, input_type

DEPARTMENTS = frozenset({Role.DEPARTMENT})


@input_type(to=DEPARTMENTS, description="Partner to be made (新建合作方)")
class CreatePartnerInput:
    """A partner to be made."""

    name: str = input_field(to=DEPARTMENTS, description="Name of the partner (名称)", required=True)
    region_code: str = input_field(
        to=DEPARTMENTS, description="Region that it covers (区划代码)", required=True
    )
    contact: str = input_field(
        to=DEPARTMENTS, description="Whom to speak to (联系人)", required=True
    )
    requests_per_minute: int = input_field(
        to=DEPARTMENTS, description="Requests in a minute (每分钟请求数)", default=600
    )
    requests_per_day: int = input_field(
        to=DEPARTMENTS, description="Requests in a day (每日请求数)", default=100_000
    )
    cost_per_minute: int = input_field(
        to=DEPARTMENTS, description="Cost in a minute (每分钟开销)", default=60_000
    )
    cost_per_day: int = input_field(
        to=DEPARTMENTS, description="Cost in a day (每日开销)", default=10_000_000
    )
    idempotency_key: str | None = input_field(to=DEPARTMENTS, description=KEY)

    @property
    def partner(self) -> NewPartner:
        """The partner to be made."""
        return NewPartner(
            name=self.name,
            region_code=region_code(self.region_code) if is_storable(self.region_code) else "",
            contact=self.contact,
            pace=Pace(
                requests_per_minute=self.requests_per_minute,
                requests_per_day=self.requests_per_day,
                cost_per_minute=self.cost_per_minute,
                cost_per_day=self.cost_per_day,
            ),
        )


@input_type(to=DEPARTMENTS, description="Key to be made (签发密钥)")
class IssuePartnerKeyInput:
    """A key to be made."""

    partner_id: strawberry.ID = input_field(
        to=DEPARTMENTS, description="Global id of the partner (合作方标识)", required=True
    )
    expires_at: datetime | None = input_field(
        to=DEPARTMENTS, description="When it ends, none if it does not (到期时间)"
    )


@input_type(to=DEPARTMENTS, description="Key to be revoked (吊销密钥)")
class RevokePartnerKeyInput:
    """A key to be revoked."""

    key_id: strawberry.ID = input_field(
        to=DEPARTMENTS, description="Global id of the key (密钥标识)", required=True
    )


@input_type(to=DEPARTMENTS, description="Partner to be stopped or not (停用或恢复合作方)")
class PartnerInput:
    """A partner."""

    partner_id: strawberry.ID = input_field(
        to=DEPARTMENTS, description="Global id of the partner (合作方标识)", required=True
    )
