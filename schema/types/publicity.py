"""What records show in publicity, before they count."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from db.queries.record_rows import RecordPublicityRow
from schema.hours import hours
from schema.pagination import connection_of
from schema.types.masked import masked_name_field
from schema.visibility import PERSONS, attribute, batched, object_type


@object_type(to=PERSONS, description="A record in publicity, before it counts (时长公示)")
class RecordPublicity:
    """A record in publicity: a masked name, hours and a remark, and no more (DOMAIN §8)."""

    masked_name = masked_name_field()
    minutes: int = attribute(to=PERSONS, description="Service time in minutes (服务时长, 分钟)")
    note: str | None = attribute(to=PERSONS, description="Remark (备注)")
    publicity_from: date = attribute(to=PERSONS, description="First day of publicity (公示开始)")
    publicity_to: date = attribute(to=PERSONS, description="Last day of publicity (公示结束)")

    @batched(
        Decimal,
        to=PERSONS,
        description="Service time in hours (服务时长, 小时)",
        needs=("minutes",),
    )
    @staticmethod
    def hours(parents: Sequence[RecordPublicityRow]) -> list[Decimal]:
        return [hours(row.minutes) for row in parents]


RecordPublicityConnection = connection_of(
    "RecordPublicity", RecordPublicity, to=PERSONS, term="时长公示"
)
