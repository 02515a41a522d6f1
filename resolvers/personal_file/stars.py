"""Star rating by hours and evaluations, from thresholds kept as data (DOMAIN §7.3, row 14)."""

from collections.abc import Mapping, Sequence
from typing import Any

from db.enums import HubLevel, RegionLevel
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries.entities import VOLUNTEER
from db.queries.personal_file import writing
from db.queries.personal_file.writing import ScaleStep
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, refuse_if_any, require_account
from resolvers.outcomes import Outcome, succeeded
from resolvers.rules.stars import StarThreshold, stars_for
from resolvers.texts import line_errors

FIELD = "stars"
MOST_STARS = 5
LONGEST_REASON = 500
MOST_HOURS = 100_000
HIGHEST_SCORE = 5
NO_SUCH_VOLUNTEER = UserError(UserErrorCode.NOT_FOUND, "volunteerId", "No such volunteer.")
# From the top: who stands at a place gives what those below it give.
LEVELS: Sequence[RegionLevel] = tuple(RegionLevel)
_OF_HUB: Mapping[HubLevel, RegionLevel] = {
    HubLevel.NATION: RegionLevel.NATION,
    HubLevel.PROVINCE: RegionLevel.PROVINCE,
    HubLevel.CITY: RegionLevel.PROVINCE,  # of a municipality, which is both in one
    HubLevel.DISTRICT: RegionLevel.COUNTY,
    HubLevel.TOWN: RegionLevel.TOWN,
    HubLevel.COMMUNITY: RegionLevel.VILLAGE,
}


async def rate_star(
    database: Writable,
    viewer: Viewer,
    volunteer_id: int,
    stars: int,
    idempotency_key: str | None,
    *,
    reason: str | None,
) -> Outcome:
    """The volunteer with the stars; fewer than before are taken back for a reason.

    Raises:
        Unauthenticated, Forbidden: the viewer does not answer for the volunteer's region, or these
            stars are given higher up.
    """
    require_account(viewer)
    why = (reason or "").strip() or None

    async def work(write: Write) -> Mapping[str, Json]:
        if not 0 <= stars <= MOST_STARS:
            raise Refused.because(UserErrorCode.INVALID, FIELD, f"From 0 to {MOST_STARS} stars.")
        if why is not None:
            refuse_if_any(line_errors("reason", why, longest=LONGEST_REASON))
        # SECURITY: a hidden volunteer is a missing one.
        if volunteer_id not in await ids_in_scope(write, viewer, VOLUNTEER, [volunteer_id]):
            raise Refused(NO_SUCH_VOLUNTEER)
        await write.lock(Rank.VOLUNTEER, [volunteer_id])
        facts = (await gather(write, VOLUNTEER.name, [volunteer_id]))[volunteer_id]
        decision = decide(Action.STAR_RATE, viewer, facts)
        if not decision.allowed:
            raise Forbidden(f"Only who answers for the region rates: {decision.because}.")
        row = await writing.fetch_rated(write, volunteer_id)
        scale = await writing.fetch_scale(write, row["region_path"])
        _require_level(viewer, scale, max(stars, row["star"]))
        refuse_if_any([_error(row, stars, scale, why)])
        await writing.rate(write, volunteer_id, stars, why)
        write.record(
            DomainEvent(
                name="volunteer.star_rated",
                subject_type=SubjectType.VOLUNTEER,
                subject_id=volunteer_id,
                because=decision.because,
                payload={"stars": stars, "before": row["star"]},
                detail={
                    "stars": stars,
                    "before": row["star"],
                    "minutes": row["effective_minutes"],
                },
            )
        )
        return succeeded(volunteer_id)

    request = Request(
        action="rateStar",
        key=idempotency_key,
        input={"volunteer_id": volunteer_id, "stars": stars, "reason": why},
    )
    return await perform(database, viewer, request, work)


async def set_star_scale(
    database: Writable,
    viewer: Viewer,
    steps: Sequence[ScaleStep],
    idempotency_key: str | None,
) -> Outcome:
    """The scale of the department's own region; without steps that of the region above.

    Raises:
        Unauthenticated, Forbidden: the viewer acts for no department.
    """
    require_account(viewer)
    office = viewer.department
    if office is None:
        raise Forbidden("Only a department settles from how many hours on stars are given.")

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any(_scale_errors(steps))
        await writing.replace_scale(write, office.region_id, steps)
        told: list[Json] = [
            {"stars": each.stars, "hours": each.hours, "leastScore": each.least_score}
            for each in steps
        ]
        write.record(
            DomainEvent(
                name="star_scale.set",
                subject_type=SubjectType.ACCOUNT,
                subject_id=write.account_id,
                because="department of the region",
                payload=None,
                detail={"region": office.region_code, "steps": told},
            )
        )
        return succeeded(office.region_id)

    given = [[each.stars, each.hours, each.least_score, each.rated_by] for each in steps]
    request = Request(action="setStarScale", key=idempotency_key, input={"steps": given})
    return await perform(database, viewer, request, work)


def _error(row: Any, stars: int, scale: Sequence[ScaleStep], why: str | None) -> UserError | None:
    """Why the volunteer is not rated so."""
    if stars == row["star"]:
        return UserError(UserErrorCode.ALREADY_THERE, FIELD, "The volunteer has these stars.")
    if stars < row["star"]:
        if why is None:
            return UserError(
                UserErrorCode.REASON_REQUIRED, "reason", "Stars are taken back for a reason."
            )
        return None
    thresholds = [StarThreshold(each.stars, each.hours) for each in scale]
    if stars_for(row["effective_minutes"], thresholds) < stars:
        hours = next((each.hours for each in scale if each.stars == stars), None)
        message = f"They are given from {hours} hours on." if hours else "Nobody gives them here."
        return UserError(UserErrorCode.STARS_NOT_REACHED, FIELD, message)
    least = next(each.least_score for each in scale if each.stars == stars)
    count = row["evaluation_count"]
    if least is not None and (count == 0 or row["evaluation_total"] / count < least):
        message = f"They are given from an average evaluation of {least} on."
        return UserError(UserErrorCode.STARS_NOT_REACHED, FIELD, message)
    return None


def _require_level(viewer: Viewer, scale: Sequence[ScaleStep], stars: int) -> None:
    """Fails if the stars are given higher up.

    Raises:
        Forbidden: they are.
    """
    asked = next((each.rated_by for each in scale if each.stars == stars), None)
    if asked is None:
        return
    if viewer.department is not None:
        own = viewer.department.region_level
    elif viewer.team is not None and viewer.team.hub_level is not None:
        own = _OF_HUB[viewer.team.hub_level]
    else:
        own = RegionLevel.VILLAGE
    if LEVELS.index(own) > LEVELS.index(RegionLevel(asked)):
        raise Forbidden(f"{stars} stars are given at the level {asked} or above.")


def _scale_errors(steps: Sequence[ScaleStep]) -> list[UserError]:
    errors = []
    stars, hours = [each.stars for each in steps], [each.hours for each in steps]
    if stars != list(range(1, len(stars) + 1)) or len(stars) > MOST_STARS:
        errors.append(
            UserError(UserErrorCode.INVALID, FIELD, "Name the stars from 1 on, each once.")
        )
    if hours != sorted(set(hours)) or any(not 0 < each <= MOST_HOURS for each in hours):
        errors.append(
            UserError(UserErrorCode.INVALID, "hours", "More stars are given for more hours.")
        )
    if any(
        each.least_score is not None and not 1 <= each.least_score <= HIGHEST_SCORE
        for each in steps
    ):
        errors.append(
            UserError(UserErrorCode.INVALID, "leastScore", "Evaluations are from 1 to 5.")
        )
    return errors
