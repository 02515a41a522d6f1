"""How long whole lists are by the ledger, and which rows make the difference (DESIGN §9).

The ledger counts the teams that work, the projects that everybody sees and those that they do not,
and all records (``db.ledger.facts``). What else a list has are few, and are counted; it is not read
for its length.
"""

from collections.abc import Mapping

from db.scope import Kept, KeptFigures
from permissions import clauses as rows
from permissions import far_clauses as far
from permissions.public_scopes import OTHER_TEAMS
from permissions.reading import HUB_REGION

_LISTED = KeptFigures(("listed_project",))
_OTHER_BELOW = KeptFigures(("other_project",), team="v_path")
_OTHER_IN_REGION = KeptFigures(("other_project",), region="v_region")
_BELOW = Kept((_LISTED, _OTHER_BELOW))

# What each standing sees of projects. The few that are a volunteer's, a team's, or of teams far
# away that a department decides on are counted.
_PROJECTS: Mapping[str, Kept] = {
    "PUBLIC": Kept((_LISTED,)),
    "VOLUNTEER": Kept((_LISTED,), more=rows.all_of(rows.hidden_project, rows.known_project)),
    "TEAM": Kept((_LISTED,), more=rows.all_of(rows.hidden_project, rows.of_my_team)),
    "HUB": _BELOW,
    HUB_REGION: _BELOW,
    "DEPARTMENT": Kept(
        (_LISTED, _OTHER_IN_REGION), more=rows.all_of(rows.hidden_project, far.answers_to_my_region)
    ),
    "PARTNER": Kept((KeptFigures(("listed_project",), region="v_region"),)),
}


def kept_by_ledger(entity: str, standing: str) -> Kept | None:
    """What the ledger keeps of the list of an entity as one standing sees it; None if nothing."""
    if entity == "Team":
        return _teams(standing)
    if entity == "Project":
        return _PROJECTS[standing]
    return _records(standing) if entity == "ServiceRecord" else None


def _teams(standing: str) -> Kept:
    """Those that work, which are the public's; and of the others those that the standing sees."""
    if standing == "PARTNER":
        return Kept((KeptFigures(("team", "hub"), region="v_region"),))
    other = OTHER_TEAMS.get(standing)
    more = None if other is None else rows.all_of(rows.hidden_team, other)
    return Kept((KeptFigures(("team", "hub")),), counted=rows.public_team, more=more)


def _records(standing: str) -> Kept | None:
    """All of a subtree or region, whatever became of them; the few of others are just counted."""
    if standing in {"HUB", HUB_REGION}:
        return Kept((KeptFigures(("listed_record",), team="v_path"),))
    if standing == "DEPARTMENT":
        return Kept((KeptFigures(("listed_record",), region="v_region"),))
    return None
