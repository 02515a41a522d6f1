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
from permissions.publishing_rules import is_editor
from permissions.reading import manages_region
from permissions.service_scopes import service_rules
from permissions.viewer import PUBLIC, Role, Viewer

EVERY_ROW = Scope("every", rows.everyone)
NO_ROW = Scope("none", rows.nobody)
# A hub with 区域内志愿者管理, beside the roles.
HUB_REGION = "HUB_REGION"
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
    counted = _COUNTED_AS.get((entity, standing), ())
    return Scope(f"{entity}:{standing}", clause, _values(asking), counted)


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


# Of whom the ledger keeps the number: it counts the enabled teams, and those are the public's.
_COUNTED_AS: Mapping[tuple[str, str], tuple[str, ...]] = {("Team", "PUBLIC"): ("team", "hub")}

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

# A department: what lies in its region; and, of what it decides on, what lies elsewhere.
_IN_REACH = rows.any_of(rows.in_my_region, far.answers_to_my_region)

_HUBS_CERTIFICATES = rows.any_of(rows.in_subtree_of_mine, far.left_to_me)
_CERTIFICATE: Mapping[str, Clause] = {
    **_PERSONAL,
    "TEAM": rows.any_of(rows.of_my_team, far.left_to_me, far.left_below_me),
    "HUB": _HUBS_CERTIFICATES,
    HUB_REGION: _HUBS_CERTIFICATES,
    "DEPARTMENT": _IN_REACH,
}

_HUBS_TEAMS = rows.any_of(
    rows.public_team, rows.in_subtree_of_mine, rows.chose_me, rows.legal_in_area
)
_HUBS_PROJECTS = rows.any_of(rows.public_project, rows.in_subtree_of_mine)
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

_PROJECT: Mapping[str, Clause] = {
    "PUBLIC": rows.public_project,
    "VOLUNTEER": rows.any_of(rows.public_project, rows.known_project),
    "TEAM": rows.any_of(rows.public_project, rows.of_my_team),
    "HUB": _HUBS_PROJECTS,
    HUB_REGION: _HUBS_PROJECTS,
    "DEPARTMENT": rows.any_of(rows.public_project, _IN_REACH),
    "PARTNER": rows.all_of(rows.public_project, rows.in_my_region),
}

_RULES: Mapping[str, Mapping[str, Clause]] = {
    NAMES: {"PUBLIC": rows.everyone},
    "Region": {"PUBLIC": rows.everyone},
    "Station": {"PUBLIC": rows.everyone},
    "Administrator": {"PUBLIC": rows.nobody, "DEPARTMENT": rows.resident},
    "Team": {
        "PUBLIC": rows.public_team,
        "VOLUNTEER": rows.any_of(rows.public_team, rows.known_team),
        "TEAM": rows.any_of(rows.public_team, rows.of_my_team, rows.chose_me),
        "HUB": _HUBS_TEAMS,
        HUB_REGION: _HUBS_TEAMS,
        "DEPARTMENT": rows.any_of(rows.public_team, _IN_REACH),
        "PARTNER": rows.all_of(rows.public_team, rows.in_my_region),
    },
    "TeamAttachment": {
        "PUBLIC": rows.nobody,
        "TEAM": rows.of_my_team,
        "HUB": rows.in_subtree_of_mine,
        HUB_REGION: rows.in_subtree_of_mine,
        "DEPARTMENT": rows.in_my_region,
    },
    "Project": _PROJECT,
    "Post": {standing: rows.OfProject(rule) for standing, rule in _PROJECT.items()},
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
            rows.all_of(_IN_REACH, voices.handed_in),
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
    **service_rules(HUB_REGION),
}
