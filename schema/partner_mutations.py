"""What a department does with partners of its region: a part of the mutation root."""

from typing import Any

from db.enums import PartnerStatus
from resolvers.outcomes import Outcome
from resolvers.partners import Author, create_partner, issue_key, revoke_key, set_status
from schema.ids import number_of
from schema.info import Info
from schema.inputs.left_out import or_none
from schema.inputs.moments import moment
from schema.inputs.partner import (
    DEPARTMENTS,
    CreatePartnerInput,
    IssuePartnerKeyInput,
    PartnerInput,
    RevokePartnerKeyInput,
)
from schema.payloads.partner import IssuePartnerKeyPayload, PartnerPayload
from schema.visibility import object_type, root


@object_type(to=DEPARTMENTS, description="What departments do with partners (合作方管理)")
class PartnerMutations:
    """Mutations of partners."""

    @root(to=DEPARTMENTS, description="Make a partner (新建合作方)", graphql_type=PartnerPayload)
    @staticmethod
    async def create_partner(info: Info, input: CreatePartnerInput) -> Any:
        context = info.context
        outcome = await create_partner(
            context.database,
            Author.of(context.viewer),
            input.partner,
            or_none(input.idempotency_key),
        )
        return await _done(info, outcome)

    @root(
        to=DEPARTMENTS,
        description="Make a key of a partner, told once (签发密钥)",
        graphql_type=IssuePartnerKeyPayload,
    )
    @staticmethod
    async def issue_partner_key(info: Info, input: IssuePartnerKeyInput) -> Any:
        context = info.context
        made = await issue_key(
            context.database,
            Author.of(context.viewer),
            number_of(input.partner_id, "Partner", field="input.partnerId"),
            now=context.now,
            expires_at=moment(input.expires_at, "expiresAt"),
        )
        await context.wrote(made.consistency_token)
        return made

    @root(to=DEPARTMENTS, description="End a key at once (吊销密钥)", graphql_type=PartnerPayload)
    @staticmethod
    async def revoke_partner_key(info: Info, input: RevokePartnerKeyInput) -> Any:
        context = info.context
        number = number_of(input.key_id, "PartnerKey", field="input.keyId")
        return await _done(
            info, await revoke_key(context.database, Author.of(context.viewer), number)
        )

    @root(
        to=DEPARTMENTS,
        description="Stop a partner at once (停用合作方)",
        graphql_type=PartnerPayload,
    )
    @staticmethod
    async def suspend_partner(info: Info, input: PartnerInput) -> Any:
        return await _set(info, input, PartnerStatus.SUSPENDED)

    @root(
        to=DEPARTMENTS,
        description="Let a suspended partner call again (恢复合作方)",
        graphql_type=PartnerPayload,
    )
    @staticmethod
    async def resume_partner(info: Info, input: PartnerInput) -> Any:
        return await _set(info, input, PartnerStatus.ACTIVE)


async def _set(info: Info, input: PartnerInput, status: PartnerStatus) -> Outcome:
    context = info.context
    number = number_of(input.partner_id, "Partner", field="input.partnerId")
    author = Author.of(context.viewer)
    return await _done(info, await set_status(context.database, author, number, status))


async def _done(info: Info, outcome: Outcome) -> Outcome:
    await info.context.wrote(outcome.consistency_token)
    return outcome
