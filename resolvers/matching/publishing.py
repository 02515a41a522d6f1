"""Publishing and closing needs and offers."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from db.events import DomainEvent, Json, SubjectType
from db.queries import registering
from db.queries.matching import changing
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden
from permissions.facts import VolunteerFacts
from permissions.gather import gather, gather_teams
from permissions.viewer import Role, Viewer
from resolvers.acting import Request, perform, refuse_if_any, require_account
from resolvers.acting_now import as_of_now
from resolvers.enabled_volunteers import require_enabled
from resolvers.guardians import require_guardian
from resolvers.matching.forms import Form, NeedForm, OfferForm, form_errors, need_errors
from resolvers.outcomes import Outcome, succeeded


async def publish_need(
    database: Writable,
    viewer: Viewer,
    form: NeedForm,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """A need of the viewer's team, open until its time is over.

    Raises:
        Unauthenticated, Forbidden: the viewer does not manage a team that works.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        team_id, because = await _own_team(write, viewer, Action.NEED_PUBLISH)
        await _refuse_nonsense(write, form, now)
        need_id = await changing.insert_need(
            write, changing.NewNeed(team_id=team_id, **_region(form))
        )
        write.record(_event("need.published", SubjectType.NEED, need_id, because, team_id))
        return succeeded(need_id)

    request = Request(action="publishNeed", key=idempotency_key, input=_as_input(form))
    return await perform(database, viewer, request, work)


async def publish_offer(
    database: Writable,
    viewer: Viewer,
    form: OfferForm,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """An offer of the viewer's team, or of the viewer as a volunteer.

    Raises:
        Unauthenticated, Forbidden: the viewer acts for no team that works, nor as a volunteer.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        team_id: int | None = None
        volunteer_id: int | None = None
        if viewer.role is Role.VOLUNTEER:
            volunteer_id, because = await _oneself(write, viewer)
        else:
            team_id, because = await _own_team(write, viewer, Action.OFFER_PUBLISH)
        await _refuse_nonsense(write, form, now)
        new = changing.NewOffer(team_id=team_id, volunteer_id=volunteer_id, **_region(form))
        offer_id = await changing.insert_offer(write, new)
        write.record(_event("offer.published", SubjectType.OFFER, offer_id, because, team_id))
        return succeeded(offer_id)

    request = Request(action="publishOffer", key=idempotency_key, input=_as_input(form))
    return await perform(database, viewer, request, work)


async def _own_team(write: Write, viewer: Viewer, action: Action) -> tuple[int, str]:
    await write.lock_tree()
    acting = await as_of_now(write, viewer)
    if acting.acting is None:
        raise Forbidden("Only teams do that.")
    team = (await gather_teams(write, [acting.acting.id]))[acting.acting.id]
    decision = decide(action, acting, team)
    if not decision.allowed:
        raise Forbidden(f"Not yours to do: {decision.because}.")
    return team.id, decision.because


async def _oneself(write: Write, viewer: Viewer) -> tuple[int, str]:
    if viewer.volunteer_id is None:
        raise Forbidden("Only volunteers offer themselves.")
    await require_enabled(write, viewer.volunteer_id)
    await require_guardian(write, viewer.volunteer_id, field=None)
    found = await gather(write, "Volunteer", [viewer.volunteer_id])
    volunteer: VolunteerFacts = found[viewer.volunteer_id]
    decision = decide(Action.OFFER_MAKE, viewer, volunteer)
    if not decision.allowed:
        raise Forbidden(f"Not yours to do: {decision.because}.")
    return volunteer.id, decision.because


async def _refuse_nonsense(write: Write, form: Form, now: datetime) -> None:
    known = await registering.fetch_categories(write)
    errors = [*form_errors(form, known, now)]
    if isinstance(form, NeedForm):
        errors += need_errors(form)
    refuse_if_any(errors)


def _region(form: Form) -> dict[str, Any]:
    """The form, its region known by now."""
    given = asdict(form)
    assert given["region_id"] is not None  # noqa: S101 - refused before
    return given


def _as_input(form: Form) -> Mapping[str, Json]:
    given = asdict(form)
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in given.items()
    }


def _event(
    name: str, subject: SubjectType, number: int, because: str, team_id: int | None
) -> DomainEvent:
    return DomainEvent(
        name=name,
        subject_type=subject,
        subject_id=number,
        because=because,
        payload={"teamId": team_id},
    )
