"""Certificates as they are listed and checked: a part of the query root."""

from typing import Annotated, Any

import strawberry

from db.queries.entities import CERTIFICATE
from resolvers.certificate_checks import check_certificate
from schema.costs import CONNECTION
from schema.info import Info
from schema.inputs.certificates import CertificateFilter
from schema.pagination import NO_FILTERS, After, Before, Cut, First, Last, page_args
from schema.payloads.certificates import CertificateCheckType
from schema.types.record import CertificateConnection
from schema.visibility import EVERYONE, PERSONS, object_type, root

Number = Annotated[str, strawberry.argument(description="Number as printed (证明编号)")]
Code = Annotated[str, strawberry.argument(description="Check code as printed (查验码)")]


@object_type(to=EVERYONE, description="Certificates (证明)")
class CertificateQueries:
    """Queries of certificates."""

    @root(
        to=PERSONS,
        description="Certificates, the newest first (证明列表)",
        graphql_type=CertificateConnection,
        hints=(CONNECTION,),
    )
    @staticmethod
    async def certificates(
        info: Info,
        *,
        filter: CertificateFilter | None = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Any:
        order = CERTIFICATE.orders["NEWEST"]
        args = page_args(info, CERTIFICATE, order, Cut(first, after, last, before))
        filters = await filter.filters(info) if filter is not None else NO_FILTERS
        narrowed = args.narrowed(filters.chosen, filters.values)
        return await info.context.loaders.page(CERTIFICATE, narrowed)

    @root(
        to=EVERYONE,
        description="What a certificate's number and code come to; for anybody (查验证明)",
        graphql_type=CertificateCheckType,
    )
    @staticmethod
    async def verify_certificate(info: Info, number: Number, code: Code) -> Any:
        context = info.context
        return await check_certificate(
            context.snapshot, context.certificates, number, code, asker=context.asker
        )
