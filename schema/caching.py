"""How long others may keep an answer; whatever states nothing is asked for anew each time."""

import strawberry
from strawberry.schema_directive import Location


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="cacheControl",
    description="How long the answer may be kept by others, in seconds (缓存时间)",
)
class CacheControl:
    """How long a field's answer may be kept; ``daily`` answers are the same for a whole day.

    The hint is for data that everyone may see: it says nothing of who asks.
    """

    max_age: int
    daily: bool = False


BRIEFLY = CacheControl(max_age=30)
"""Public data that changes at any time."""

FOR_TODAY = CacheControl(max_age=300, daily=True)
"""Public data that changes with a day's release: regions, stations, categories."""
