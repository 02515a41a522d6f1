"""Which rows a viewer may see: the SQL twin of ``reading`` (DESIGN §5).

Every function answers for one entity with a ``Scope``. Absent facts deny: a viewer whose capacity
names nothing sees what the public sees.
"""

from collections.abc import Mapping
from typing import Any

from db.paths import path_end
from db.scope import Clause, Scope
from permissions import clauses as rows
from permissions import far_clauses as far
from permissions import voice_clauses as voices
from permissions.list_lengths import kept_by_ledger
from permissions.public_scopes import IN_REACH, PROJECT, TEAM
from permissions.publishing_rules import is_editor
from permissions.reading import HUB_REGION, manages_region
from permissions.service_scopes import SERVICE_RULES
from permissions.viewer import PUBLIC, Role, Viewer

EVERY_ROW = Scope("every", rows.everyone)
NO_ROW = Scope("none", rows.nobody)
# SECURITY: volunteers whose masked name a row in scope shows; nothing else is read in this scope.
NAMES = "Names"


def visible(entity: str, viewer: Viewer) -> Scope:
    """The rows of an entity that the viewer may see; of an unknown entity, none."""
    rule = _RULES.get(entity)
    if rule is None:
        return NO_ROW
    asking = viewer if viewer.is_complete else PUBLIC
    standing = HUB_REGION if manages_region(asking) else asking.role.value
    clause = rule.get(standing, rule["PUBLIC"])
    kept = kept_by_ledger(entity, standing)
    return Scope(f"{entity}:{standing}", clause, _values(asking), kept)


def _values(viewer: Viewer) -> Mapping[str, Any]:
    """The parameters of the clauses; 0 and the empty path match no row."""
    acting = viewer.team if viewer.role in {Role.TEAM, Role.HUB} else None
    path = acting.path if acting is not None else ""
    region = _area(viewer)
    return {
        "v_account": viewer.account_id or 0,
        "v_volunteer": (viewer.volunteer_id or 0) if viewer.role is Role.VOLUNTEER else 0,
        "v_team": acting.id if acting is not None else 0,
        "v_path": path,
        "v_path_end": path_end(path) if path else "",
        "v_region": region,
        "v_region_end": path_end(region) if region else "",
        "v_person": viewer.volunteer_id or 0,
        "v_place": viewer.office_path if acting is None else acting.region_path,
        "v_editor": is_editor(viewer),
    }


def _area(viewer: Viewer) -> str:
    """The region that the viewer's department, contract or hub is for; a team has none."""
    if viewer.role is Role.DEPARTMENT and viewer.department is not None:
        return viewer.department.region_path
    if viewer.role is Role.PARTNER and viewer.partner is not None:
        return viewer.partner.region_path
    if viewer.hub is not None and viewer.hub.hub_level is not None:
        return viewer.hub.region_path
    return ""


# What follows a person rather than a team: the person, the team it is of, those above it, and the
# department of its region; never a view team, never the public.
_PERSONAL: Mapping[str, Clause] = {
    "PUBLIC": rows.nobody,
    "VOLUNTEER": rows.mine,
    "TEAM": rows.of_my_team,
    "HUB": rows.in_subtree_of_mine,
    HUB_REGION: rows.in_subtree_of_mine,
    "DEPARTMENT": rows.in_my_region,
}

_HUBS_CERTIFICATES = rows.any_of(rows.in_subtree_of_mine, far.left_to_me)
_CERTIFICATE: Mapping[str, Clause] = {
    **_PERSONAL,
    "TEAM": rows.any_of(rows.of_my_team, far.left_to_me, far.left_below_me),
    "HUB": _HUBS_CERTIFICATES,
    HUB_REGION: _HUBS_CERTIFICATES,
    "DEPARTMENT": IN_REACH,
}

_HUBS_REVIEWS = rows.any_of(rows.i_applied, rows.in_subtree_of_mine, rows.awaits_my_team)

_HUBS_COMPLAINTS = rows.any_of(
    voices.i_complained, rows.all_of(voices.not_about_me, rows.in_subtree_of_mine)
)
_HUBS_SUBMISSIONS = rows.any_of(
    voices.published,
    voices.to_edit,
    voices.my_teams_own,
    rows.all_of(rows.in_subtree_of_mine, voices.handed_in),
)
_TEAMS_NOTICES = rows.any_of(voices.for_anyone, rows.of_my_team, voices.for_team, voices.of_station)

_PERSONS = ("VOLUNTEER", "TEAM", "HUB", HUB_REGION, "DEPARTMENT")

_RULES: Mapping[str, Mapping[str, Clause]] = {
    NAMES: {"PUBLIC": rows.everyone},
    "Region": {"PUBLIC": rows.everyone},
    "Station": {"PUBLIC": rows.everyone},
    "Administrator": {"PUBLIC": rows.nobody, "DEPARTMENT": rows.resident},
    "Team": TEAM,
    "TeamAttachment": {
        "PUBLIC": rows.nobody,
        "TEAM": rows.of_my_team,
        "HUB": rows.in_subtree_of_mine,
        HUB_REGION: rows.in_subtree_of_mine,
        "DEPARTMENT": rows.in_my_region,
    },
    "Project": PROJECT,
    "Post": {standing: rows.OfProject(rule) for standing, rule in PROJECT.items()},
    "Volunteer": {
        "PUBLIC": rows.nobody,
        "VOLUNTEER": rows.myself,
        "TEAM": rows.tied_to_my_team,
        "HUB": rows.tied_to_my_subtree,
        HUB_REGION: rows.any_of(rows.resident, rows.tied_to_my_subtree),
        "DEPARTMENT": rows.any_of(rows.resident, rows.tied_to_my_region),
    },
    "Membership": _PERSONAL,
    "SignUp": _PERSONAL,
    "ServiceRecord": _PERSONAL,
    # SECURITY: of a team in scope, to persons alone: who is counted in public figures could else be
    # told by those who are named in publicity.
    "RecordPublicity": {"PUBLIC": rows.nobody, **dict.fromkeys(_PERSONS, rows.everyone)},
    "Certificate": _CERTIFICATE,
    "Review": {
        "PUBLIC": rows.nobody,
        "VOLUNTEER": rows.i_applied,
        "TEAM": rows.any_of(rows.i_applied, rows.of_my_team, rows.awaits_my_team),
        "HUB": _HUBS_REVIEWS,
        HUB_REGION: _HUBS_REVIEWS,
        "DEPARTMENT": rows.any_of(rows.i_applied, rows.in_my_region, rows.awaits_my_region),
    },
    "Complaint": {
        "PUBLIC": rows.nobody,
        "VOLUNTEER": voices.i_complained,
        "TEAM": rows.any_of(voices.i_complained, rows.all_of(voices.not_about_me, rows.of_my_team)),
        "HUB": _HUBS_COMPLAINTS,
        HUB_REGION: _HUBS_COMPLAINTS,
        "DEPARTMENT": rows.any_of(
            voices.i_complained,
            rows.all_of(
                voices.not_about_me, rows.any_of(rows.in_my_region, voices.held_in_my_region)
            ),
        ),
    },
    "Submission": {
        "PUBLIC": voices.published,
        "VOLUNTEER": rows.any_of(voices.published, voices.to_edit, rows.mine),
        "TEAM": rows.any_of(
            voices.published,
            voices.to_edit,
            voices.my_teams_own,
            rows.all_of(rows.of_my_team, voices.handed_in),
        ),
        "HUB": _HUBS_SUBMISSIONS,
        HUB_REGION: _HUBS_SUBMISSIONS,
        "DEPARTMENT": rows.any_of(
            voices.published,
            voices.to_edit,
            rows.all_of(IN_REACH, voices.handed_in),
        ),
        "PARTNER": rows.all_of(voices.published, rows.in_my_region),
    },
    "Notice": {
        "PUBLIC": voices.for_anyone,
        "VOLUNTEER": rows.any_of(voices.for_anyone, voices.for_volunteer, voices.of_station),
        "TEAM": _TEAMS_NOTICES,
        "HUB": _TEAMS_NOTICES,
        HUB_REGION: _TEAMS_NOTICES,
        "DEPARTMENT": rows.any_of(
            voices.for_anyone,
            voices.for_department,
            voices.issued_in_my_region,
            voices.of_station,
        ),
    },
    **SERVICE_RULES,
}
