"""What a region settles for the teams in it: whether the contact team reviews hours, evaluations.

A region's own setting goes before that of the regions above it; where none has settled anything,
neither is reviewed (DOMAIN §5 rows 10 and 14).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from db.queries import local_policies as queries
from db.write import Write


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalPolicy:
    """What holds in a region."""

    reviews_hours: bool = False
    reviews_evaluations: bool = False


NOTHING_SETTLED = LocalPolicy()


async def policy_of(write: Write, region_path: str) -> LocalPolicy:
    """What holds in the region of the path; inherited from above where it has not settled it."""
    return (await policies_of(write, [region_path])).get(region_path, NOTHING_SETTLED)


async def policies_of(write: Write, region_paths: Collection[str]) -> Mapping[str, LocalPolicy]:
    """What holds in each region, by its path, in one statement."""
    found = await queries.fetch_nearest(write, region_paths)
    return {
        path: LocalPolicy(
            reviews_hours=bool(settings.reviews_hours),
            reviews_evaluations=bool(settings.reviews_evaluations),
        )
        for path, settings in found.items()
    }
