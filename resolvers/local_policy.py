"""What a region settles for the teams in it: whether the contact team reviews hours, evaluations.

A region's own setting goes before that of the regions above it; where none has settled anything,
neither is reviewed (DOMAIN §5 rows 10 and 14).
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass

from db.events import DomainEvent, Json, SubjectType
from db.queries import local_policies as queries
from db.queries import registering
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserErrorCode
from permissions.facts import RegionFacts
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, perform, require_account
from resolvers.acting_now import as_of_now
from resolvers.outcomes import Outcome, succeeded
from resolvers.team_acts import check_reason


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Settling:
    """What a region is to settle, and why; None leaves it to the region above."""

    region_code: str
    reviews_hours: bool | None
    reviews_evaluations: bool | None
    reason: str


async def set_local_policy(
    database: Writable, viewer: Viewer, given: Settling, idempotency_key: str | None
) -> Outcome:
    """The region, with what it has settled.

    Raises:
        Unauthenticated, Forbidden: the viewer is neither its department nor its hub.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        check_reason(given.reason)
        await write.lock_tree()
        region = await registering.fetch_region(write, given.region_code)
        if region is None:
            raise Refused.because(UserErrorCode.NOT_FOUND, "regionCode", "No such region today.")
        now = await as_of_now(write, viewer)
        decision = decide(Action.LOCAL_POLICY_SET, now, RegionFacts(region.id, region.path))
        if not decision.allowed:
            raise Forbidden("Only a region's department or its hub settles that.")
        settings = queries.Settings(given.reviews_hours, given.reviews_evaluations)
        await queries.store(write, region.id, settings, given.reason)
        settled: dict[str, Json] = {
            "reviewsHours": given.reviews_hours,
            "reviewsEvaluations": given.reviews_evaluations,
        }
        write.record(
            DomainEvent(
                name="region.policy_set",
                subject_type=SubjectType.REGION,
                subject_id=region.id,
                because=decision.because,
                payload=settled,
                detail=settled,
            )
        )
        return succeeded(region.id)

    request = Request(action="setLocalPolicy", key=idempotency_key, input=asdict(given))
    return await perform(database, viewer, request, work)
