"""Teams and projects: what stands in public, and what each standing sees beside it."""

from collections.abc import Mapping

from db.scope import Clause
from permissions import clauses as rows
from permissions import far_clauses as far
from permissions.reading import HUB_REGION

# A department: what lies in its region; and, of what it decides on, what lies elsewhere.
IN_REACH = rows.any_of(rows.in_my_region, far.answers_to_my_region)

_HUBS_TEAMS = rows.any_of(rows.in_subtree_of_mine, rows.chose_me, rows.legal_in_area)

# Without those of the public and of partners, who see nothing else.
OTHER_TEAMS: Mapping[str, Clause] = {
    "VOLUNTEER": rows.known_team,
    "TEAM": rows.any_of(rows.of_my_team, rows.chose_me),
    "HUB": _HUBS_TEAMS,
    HUB_REGION: _HUBS_TEAMS,
    "DEPARTMENT": IN_REACH,
}
_OTHER_PROJECTS: Mapping[str, Clause] = {
    "VOLUNTEER": rows.known_project,
    "TEAM": rows.of_my_team,
    "HUB": rows.in_subtree_of_mine,
    HUB_REGION: rows.in_subtree_of_mine,
    "DEPARTMENT": IN_REACH,
}

TEAM: Mapping[str, Clause] = {
    "PUBLIC": rows.public_team,
    **{each: rows.any_of(rows.public_team, other) for each, other in OTHER_TEAMS.items()},
    "PARTNER": rows.all_of(rows.public_team, rows.in_my_region),
}
PROJECT: Mapping[str, Clause] = {
    "PUBLIC": rows.public_project,
    **{each: rows.any_of(rows.public_project, other) for each, other in _OTHER_PROJECTS.items()},
    "PARTNER": rows.all_of(rows.public_project, rows.in_my_region),
}
