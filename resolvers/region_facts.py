"""The region that a mutation is about."""

from collections.abc import Mapping

from db.queries.entities import REGION
from db.write import Write
from permissions.errors import UserErrorCode
from permissions.facts import RegionFacts
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import Refused, ids_in_scope


async def region_in_scope(write: Write, viewer: Viewer, region_id: int | None) -> RegionFacts:
    """The facts of a region.

    Raises:
        Refused: there is none, or it is hidden.
    """
    ids = [] if region_id is None else [region_id]
    found: Mapping[int, RegionFacts] = await gather(
        write, "Region", await ids_in_scope(write, viewer, REGION, ids)
    )
    if not found:
        raise Refused.because(
            UserErrorCode.NOT_FOUND, "regionCode", "There is no region of this code."
        )
    return found[ids[0]]
