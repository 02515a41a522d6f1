"""A stored project as its team told it, and what of it may be told anew (DOMAIN §6.2)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from db.enums import ProhibitedKind, ProjectStatus, RecruitScope
from db.models import Project
from db.queries import projects as queries
from db.write import Write
from permissions.errors import UserError, UserErrorCode
from resolvers.acting import Refused, refuse_if_any
from resolvers.project_form import ProjectForm, camel, date_errors
from resolvers.rules.hours import MINUTES_IN_HOUR

# What the row holds under the name that the form has.
PLAIN = (
    *("name", "scope", "starts_at", "ends_at", "recruit_starts_at", "recruit_ends_at"),
    *("address", "lng", "lat", "description", "risk_notice", "cover_file_id"),
    *("proof_file_id", "is_truth_declared"),
    *("contact_name", "contact_mobile", "contact_mobile_public"),
    *("contact_landline", "contact_landline_public", "contact_email", "contact_email_public"),
)
LISTS = ("categories", "targets", "guarantees", "declarations")
DATES = frozenset({"starts_at", "ends_at", "recruit_starts_at", "recruit_ends_at", "scope"})
# While it waits to begin or runs, a project keeps what people signed up to (DOMAIN §6.2).
EDITABLE_LATER = frozenset(
    {
        *("recruit_starts_at", "recruit_ends_at", "region_code", "address", "lng", "lat"),
        *("description", "risk_notice", "cover_file_id", "contact_name", "contact_mobile"),
        *("contact_mobile_public", "contact_landline", "contact_landline_public"),
        *("contact_email", "contact_email_public"),
    }
)
DRAFTS = frozenset({ProjectStatus.DRAFT, ProjectStatus.REJECTED})
LIVE = frozenset({ProjectStatus.WAITING, ProjectStatus.RUNNING})


async def form_of(write: Write, project: Project) -> ProjectForm:
    """A stored project as its team told it."""
    sides = await queries.fetch_sides(write, project.id)
    plain: dict[str, Any] = {name: getattr(project, name) for name in PLAIN}
    return ProjectForm(
        **plain,
        region_code=await queries.fetch_region_code(write, project.region_id),
        categories=tuple(project.categories),
        targets=tuple(project.targets),
        guarantees=tuple(project.guarantees),
        declarations=tuple(ProhibitedKind(each) for each in project.declarations),
        min_hours=_hours(project.min_minutes_required),
        allowed_team_ids=sides.team_ids,
        exclusive_ids=sides.exclusive_ids,
        has_proof=project.proof_file_id is not None or project.proof_file is not None,
        has_password=project.no_review_password_hash is not None,
    )


def merged(before: ProjectForm, changes: Mapping[str, Any]) -> ProjectForm:
    """The form with the changes; with another scope goes what belonged to the one before."""
    form = replace(before, **changes)
    if form.password is not None:
        form = replace(form, has_password=True)
    if "proof_file_id" in changes:
        form = replace(form, has_proof=form.proof_file_id is not None)
    if form.scope is before.scope:
        return form
    dropped: dict[str, Any] = {}
    if form.scope is not RecruitScope.TEAMS and "allowed_team_ids" not in changes:
        dropped["allowed_team_ids"] = ()
    if form.scope is not RecruitScope.PASSWORD and form.password is None:
        dropped["has_password"] = False
    if not form.is_make_up:
        if "proof_file_id" not in changes:
            dropped |= {"proof_file_id": None, "has_proof": False}
        if "is_truth_declared" not in changes:
            dropped["is_truth_declared"] = False
    return replace(form, **dropped)


def new_date_errors(
    form: ProjectForm, changes: Mapping[str, Any], now: datetime, status: ProjectStatus
) -> list[UserError]:
    """What of the dates that are changed cannot be; of a live project only recruitment is."""
    fields = {camel(name) for name in changes} if status in LIVE else None
    return [error for error in date_errors(form, now) if fields is None or error.field in fields]


def refuse_locked(status: ProjectStatus, changes: Mapping[str, Any]) -> None:
    """Fails on a change that the project's state does not allow.

    Raises:
        Refused: naming the state, or the first field that is locked in it.
    """
    if status in DRAFTS:
        return
    if status not in LIVE:
        raise Refused.because(
            UserErrorCode.WRONG_STATE,
            "projectId",
            f"A project that is {status.value} is not changed.",
        )
    refuse_if_any(
        UserError(
            UserErrorCode.FIELD_LOCKED,
            camel(name),
            f"This stays as it is while the project is {status.value}.",
        )
        for name in sorted(set(changes) - EDITABLE_LATER)
    )


def _hours(minutes: int) -> Decimal:
    return (Decimal(minutes) / MINUTES_IN_HOUR).quantize(Decimal("0.01"))
