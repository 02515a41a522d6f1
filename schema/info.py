"""What resolvers of the schema are told about the request."""

import strawberry

from permissions.context import RequestContext

Info = strawberry.Info[RequestContext, None]
