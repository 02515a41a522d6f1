"""Administrators of departments: fields of the mutation root and of the query root."""

from typing import Annotated, Any

from db.queries.entities import ADMINISTRATOR
from permissions.errors import UserError
from resolvers.administrators.ending import remove_administrator, reset_administrator_password
from resolvers.administrators.issuing import (
    Issued,
    hand_over_administrator,
    issue_administrator,
)
from resolvers.administrators.passwords import change_password
from resolvers.administrators.reminding import remind_administrator
from resolvers.administrators.use import use_of_area
from schema.costs import CHILDREN, CONNECTION, sized
from schema.ids import number_of
from schema.info import Info
from schema.inputs.administrators import (
    AdministratorFilter,
    AdministratorOrder,
    HandOverAdministratorInput,
    IssueAdministratorInput,
    RemindAdministratorInput,
    RemoveAdministratorInput,
    ResetAdministratorPasswordInput,
)
from schema.inputs.left_out import or_none
from schema.inputs.session import ChangePasswordInput
from schema.pagination import NO_FILTERS, After, Before, Cut, First, Last, page_args
from schema.payloads.administrators import (
    AdministratorPayload,
    RemindAdministratorPayload,
    RemoveAdministratorPayload,
)
from schema.payloads.session import Session, SessionPayload
from schema.region_named import region_named
from schema.types.administrator import DEPARTMENTS, AdministratorConnection, RegionUse
from schema.visibility import PERSONS, argument, object_type, root

Code = Annotated[str, argument(description="Code of the region (区划代码)")]


@object_type(to=PERSONS, description="What is done about accounts of departments (管理员变更)")
class AdministratorMutations:
    """Fields of the mutation root."""

    @root(
        to=PERSONS,
        description="Change the own password; every session of before ends (修改密码)",
        graphql_type=SessionPayload,
    )
    @staticmethod
    async def change_password(info: Info, input: ChangePasswordInput) -> Any:
        context = info.context
        outcome = await change_password(
            context.database,
            context.viewer,
            input.current_password,
            input.new_password,
            rules=context.sign_in.rules,
            issue=context.sign_in.issue,
        )
        if isinstance(outcome, UserError):
            return Session(None, (outcome,))
        await context.wrote(outcome.consistency_token)
        return Session(outcome)

    @root(
        to=DEPARTMENTS,
        description="Issue an account of a department one level below (下发管理员账号)",
        graphql_type=AdministratorPayload,
    )
    @staticmethod
    async def issue_administrator(info: Info, input: IssueAdministratorInput) -> Any:
        region = await region_named(info, input.region_code, "id")
        issued = await issue_administrator(
            info.context.database,
            info.context.viewer,
            None if region is None else region.id,
            input.appointee,
            or_none(input.idempotency_key),
        )
        return await _done(info, issued)

    @root(
        to=DEPARTMENTS,
        description="Hand an office over to another person (移交管理员)",
        graphql_type=AdministratorPayload,
    )
    @staticmethod
    async def hand_over_administrator(info: Info, input: HandOverAdministratorInput) -> Any:
        issued = await hand_over_administrator(
            info.context.database,
            info.context.viewer,
            _number(input.administrator_id),
            input.appointee,
            or_none(input.idempotency_key),
        )
        return await _done(info, issued)

    @root(
        to=DEPARTMENTS,
        description="Give an administrator below a new first password (重置管理员密码)",
        graphql_type=AdministratorPayload,
    )
    @staticmethod
    async def reset_administrator_password(
        info: Info, input: ResetAdministratorPasswordInput
    ) -> Any:
        issued = await reset_administrator_password(
            info.context.database,
            info.context.viewer,
            _number(input.administrator_id),
            or_none(input.idempotency_key),
        )
        return await _done(info, issued)

    @root(
        to=DEPARTMENTS,
        description="Remove an administrator below, at once (撤销管理员)",
        graphql_type=RemoveAdministratorPayload,
    )
    @staticmethod
    async def remove_administrator(info: Info, input: RemoveAdministratorInput) -> Any:
        outcome = await remove_administrator(
            info.context.database,
            info.context.viewer,
            _number(input.administrator_id),
            input.reason.strip(),
            or_none(input.idempotency_key),
        )
        await info.context.wrote(outcome.consistency_token)
        return outcome

    @root(
        to=DEPARTMENTS,
        description="Ask an administrator who does not come to sign in, once a day (督促登录)",
        graphql_type=RemindAdministratorPayload,
    )
    @staticmethod
    async def remind_administrator(info: Info, input: RemindAdministratorInput) -> Any:
        outcome = await remind_administrator(
            info.context.database,
            info.context.viewer,
            _number(input.administrator_id),
            or_none(input.idempotency_key),
            now=info.context.now,
        )
        await info.context.wrote(outcome.consistency_token)
        return outcome


@object_type(to=DEPARTMENTS, description="Administrators of departments (管理员查询)")
class AdministratorQueries:
    """Fields of the query root."""

    @root(
        to=DEPARTMENTS,
        description="Administrators of the own region and below (管理员列表)",
        graphql_type=AdministratorConnection,
        hints=(CONNECTION,),
    )
    @staticmethod
    async def administrators(
        info: Info,
        *,
        filter: AdministratorFilter | None = None,
        order_by: AdministratorOrder = AdministratorOrder.OLDEST,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        cut = Cut(first, after, last, before)
        args = page_args(info, ADMINISTRATOR, ADMINISTRATOR.orders[order_by.value], cut)
        filters = await filter.filters(info) if filter is not None else NO_FILTERS
        return await info.context.loaders.page(
            ADMINISTRATOR, args.narrowed(filters.chosen, filters.values)
        )

    @root(
        to=DEPARTMENTS,
        description="How each region directly below uses the system (应用情况)",
        graphql_type=list[RegionUse],
        hints=(sized(CHILDREN),),
    )
    @staticmethod
    async def region_use(info: Info, region_code: Code) -> Any:
        region = await region_named(info, region_code, "id", "path")
        return await use_of_area(info.context, region)


def _number(global_id: str) -> int:
    return number_of(global_id, "Administrator", field="input.administratorId")


async def _done(info: Info, issued: Issued) -> Issued:
    await info.context.wrote(issued.outcome.consistency_token)
    return issued
