"""What mutations of notices are given, and what lists of them can be narrowed by."""

import strawberry

from db.enums import NoticeReader
from resolvers.notices import NewNotice
from schema.filters import FilterBuilder
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.volunteer import KEY
from schema.pagination import Filters
from schema.region_codes import region_code
from schema.texts import is_storable
from schema.visibility import EVERYONE, PERSONS, input_field, input_type


@input_type(to=EVERYONE, description="Which notices (通知筛选)")
class NoticeFilter:
    """Narrows a list of notices."""

    is_unread: bool | None = input_field(
        to=PERSONS, description="True: only those not marked as read (未读)"
    )
    is_standing: bool | None = input_field(
        to=EVERYONE, description="True: only those not withdrawn (有效)"
    )

    async def filters(self, info: Info) -> Filters:
        """The filters of the statement."""
        builder = FilterBuilder()
        if self.is_unread is True:
            builder.value("unread", info.context.viewer.account_id or 0, "f_reader")
        builder.flag(self.is_standing, "standing")
        return builder.built()


@input_type(to=PERSONS, description="Notice to issue (发布通知)")
class IssueNoticeInput:
    """A notice of the acting hub or department, or of the station."""

    title: str = input_field(
        to=PERSONS, description="Title, at most 100 characters (标题)", required=True
    )
    body: str = input_field(
        to=PERSONS, description="Text, at most 5,000 characters (正文)", required=True
    )
    readers: list[NoticeReader] = input_field(
        to=PERSONS, description="Whom it is for (通知对象)", required=True
    )
    region_code: str | None = input_field(
        to=PERSONS, description="A region below the department's own (区划代码)"
    )
    of_station: bool = input_field(
        to=PERSONS, description="In the station's name, by its editor (以分站名义)", default=False
    )
    idempotency_key: str | None = input_field(to=PERSONS, description=KEY)

    @property
    def notice(self) -> NewNotice:
        """The notice."""
        code = or_none(self.region_code)
        if code is not None:
            code = region_code(code) if is_storable(code) else ""
        return NewNotice(
            title=self.title.strip(),
            body=self.body.strip(),
            readers=tuple(dict.fromkeys(self.readers)),
            region_code=code,
            of_station=self.of_station,
        )


@input_type(to=PERSONS, description="Notice to withdraw (撤回通知)")
class WithdrawNoticeInput:
    """A notice that is read no more."""

    notice_id: strawberry.ID = input_field(
        to=PERSONS, description="Global id of the notice (通知标识)", required=True
    )
    reason: str = input_field(to=PERSONS, description="Reason (撤回原因)", required=True)
    idempotency_key: str | None = input_field(to=PERSONS, description=KEY)


@input_type(to=PERSONS, description="Notices that were read (标记通知已读)")
class MarkNoticesReadInput:
    """Notices that the account has read."""

    ids: list[strawberry.ID] = input_field(
        to=PERSONS, description="Global ids of notices, at most 100 (通知标识)", required=True
    )
    idempotency_key: str | None = input_field(to=PERSONS, description=KEY)
