"""The interface of everything that has a global id."""

import strawberry

from schema.visibility import EVERYONE, attribute, interface_type


@interface_type(to=EVERYONE, description="Anything with a global id (全局对象)")
class Node:
    """Anything with a global id."""

    id: strawberry.ID = attribute(to=EVERYONE, description="Global id (全局标识)")
