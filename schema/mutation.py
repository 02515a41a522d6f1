"""The mutation root."""

from schema.visibility import EVERYONE, attribute, object_type


@object_type(to=EVERYONE, description="What can be done (变更)")
class Mutation:
    """The mutation root."""

    noop: bool = attribute(to=EVERYONE, description="x")
