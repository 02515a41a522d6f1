"""Every path from an object to rows: which rows it leads to, whoever may see them.

A path is a field of the schema; rows are places in a world's lists. Nothing here knows of scopes.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from permissions.viewer import Viewer
from tests.access.world import World
from tests.fuzz.drawn_world import affiliated, allowed_teams, excluded

Rows = Iterable[int | None]
Lead = Callable[[World, int], Rows]

LEFT = {"DISSOLVED", "REJECTED", "DRAFT"}


def _up(rows: Any, number: int | None) -> list[int]:
    chain = []
    while number is not None:
        chain.append(number)
        number = rows[number].parent
    return chain


def _where(entity: str, key: str) -> Lead:
    """The rows whose value of that name is the parent."""
    return lambda world, n: [
        m for m, row in enumerate(world.rows()[entity]) if getattr(row, key) == n
    ]


def _of(entity: str, key: str) -> Lead:
    """The row that a value names."""
    return lambda world, n: [getattr(world.rows()[entity][n], key)]


def _nothing(_world: World, _n: int) -> Rows:
    return []


def _itself(_world: World, n: int) -> Rows:
    return [n]


def _children(*, hubs: bool) -> Lead:
    return lambda world, n: [
        m for m, team in enumerate(world.teams) if team.parent == n and bool(team.hub) == hubs
    ]


def _hub(world: World, n: int) -> Rows:
    return [
        m
        for m, team in enumerate(world.teams)
        if team.region == n and team.hub and team.status.value not in LEFT
    ]


def below(world: World, n: int, hubs: bool | None = None, levels: int | None = None) -> list[int]:
    """The teams anywhere below one, or so many levels below, only hubs or only others."""
    found = []
    for m, team in enumerate(world.teams):
        chain = _up(world.teams, m)
        if m == n or n not in chain or hubs not in (None, bool(team.hub)):
            continue
        if levels is None or chain.index(n) <= levels:
            found.append(m)
    return found


LEADS: Mapping[tuple[str, str], Lead] = {
    ("Region", "parent"): _of("Region", "parent"),
    ("Region", "ancestors"): lambda world, n: _up(world.regions, n)[1:],
    ("Region", "children"): _where("Region", "parent"),
    ("Region", "hub"): _hub,
    ("Region", "teams"): _where("Team", "region"),
    ("Team", "region"): _of("Team", "region"),
    ("Team", "registrationAuthority"): _of("Team", "authority"),
    ("Team", "contactTeam"): _of("Team", "parent"),
    ("Team", "branchOf"): lambda world, n: [
        world.teams[n].parent if world.teams[n].branch else None
    ],
    ("Team", "affiliatedOrg"): lambda _world, n: [affiliated(n)],
    ("Team", "successor"): _of("Team", "successor"),
    ("Team", "ancestors"): lambda world, n: _up(world.teams, n)[1:],
    ("Team", "childHubs"): _children(hubs=True),
    ("Team", "teams"): _children(hubs=False),
    ("Team", "branches"): lambda world, n: [
        m for m, team in enumerate(world.teams) if team.parent == n and team.branch
    ],
    ("Team", "descendants"): below,
    ("Team", "viewTeams"): lambda world, n: world.teams[n].views,
    ("Team", "attachments"): _itself,
    ("Team", "members"): _where("Membership", "team"),
    ("Team", "projects"): _where("Project", "team"),
    ("Team", "serviceRecords"): _where("ServiceRecord", "team"),
    ("Team", "certificates"): _where("Certificate", "team"),
    ("TeamAttachment", "contactTeam"): _of("Team", "parent"),
    ("Project", "region"): lambda world, n: [world.teams[world.projects[n].team].region],
    ("Project", "team"): _of("Project", "team"),
    ("Project", "posts"): _itself,
    ("Project", "allowedTeams"): lambda _world, n: allowed_teams(n),
    ("Project", "exclusiveProjects"): lambda _world, n: [excluded(n)],
    ("Project", "signUps"): _where("SignUp", "project"),
    ("Project", "serviceRecords"): _where("ServiceRecord", "project"),
    ("SignUp", "project"): _of("SignUp", "project"),
    ("SignUp", "post"): _of("SignUp", "project"),
    ("SignUp", "volunteer"): _of("SignUp", "volunteer"),
    ("Membership", "team"): _of("Membership", "team"),
    ("Membership", "volunteer"): _of("Membership", "volunteer"),
    ("ServiceRecord", "volunteer"): _of("ServiceRecord", "volunteer"),
    ("ServiceRecord", "team"): _of("ServiceRecord", "team"),
    ("ServiceRecord", "project"): _of("ServiceRecord", "project"),
    ("ServiceRecord", "post"): _of("ServiceRecord", "project"),
    ("Certificate", "volunteer"): _of("Certificate", "volunteer"),
    ("Certificate", "team"): _of("Certificate", "team"),
    ("Review", "team"): _of("Review", "team"),
    ("Review", "reviewerTeam"): _of("Review", "to_team"),
    ("Review", "reviewerDepartment"): _of("Review", "to_region"),
    ("Administrator", "region"): _of("Administrator", "region"),
    ("Complaint", "team"): _of("Complaint", "team"),
    ("Complaint", "handlerTeam"): _of("Complaint", "to_team"),
    ("Complaint", "handlerDepartment"): _of("Complaint", "to_region"),
    ("Submission", "team"): _of("Submission", "team"),
    ("Submission", "volunteer"): _of("Submission", "volunteer"),
    ("Notice", "team"): _of("Notice", "team"),
    ("Notice", "region"): _of("Notice", "region"),
    ("Volunteer", "region"): _of("Volunteer", "region"),
    ("Volunteer", "memberships"): _where("Membership", "volunteer"),
    ("Volunteer", "signUps"): _where("SignUp", "volunteer"),
    ("Volunteer", "serviceRecords"): _where("ServiceRecord", "volunteer"),
    ("Volunteer", "certificates"): _where("Certificate", "volunteer"),
    ("Inspection", "region"): _of("Inspection", "region"),
    ("Inspection", "items"): _where("InspectionItem", "inspection"),
    ("InspectionItem", "team"): _of("InspectionItem", "team"),
    ("InspectionItem", "serviceRecord"): _of("InspectionItem", "record"),
    ("InspectionItem", "certificate"): _nothing,
    ("Need", "team"): _of("Need", "team"),
    ("Need", "region"): lambda world, n: [world.teams[world.needs[n].team].region],
    ("Need", "project"): _nothing,
    ("Need", "answers"): _where("NeedAnswer", "need"),
    ("Offer", "team"): _of("Offer", "team"),
    ("Offer", "region"): _of("Offer", "region"),
    ("NeedAnswer", "need"): _of("NeedAnswer", "need"),
    ("NeedAnswer", "offer"): _of("NeedAnswer", "offer"),
    ("NeedAnswer", "team"): _of("NeedAnswer", "team"),
    ("NeedAnswer", "fromTeam"): _of("NeedAnswer", "from_team"),
    ("RewardItem", "region"): _of("RewardItem", "region"),
    ("Redemption", "item"): _of("Redemption", "item"),
    ("Redemption", "region"): _of("Redemption", "region"),
    ("Redemption", "volunteer"): _of("Redemption", "volunteer"),
}
ROOT_LISTS = {
    "regions": "Region",
    "teams": "Team",
    "projects": "Project",
    "volunteers": "Volunteer",
    "serviceRecords": "ServiceRecord",
    "reviews": "Review",
    "certificates": "Certificate",
    "administrators": "Administrator",
    "complaints": "Complaint",
    "submissions": "Submission",
    "notices": "Notice",
    "inspections": "Inspection",
    "needs": "Need",
    "offers": "Offer",
    "needAnswers": "NeedAnswer",
    "rewardItems": "RewardItem",
    "redemptions": "Redemption",
}
# Lists by a rule of their own: test_words_and_figures asks them.
CANDIDATES = ("starCandidates", "commendationCandidates")
# Root fields that find one row: the argument, and how the world writes it.
ROOT_KEYS = {
    "region": ("code", "R"),
    "team": ("teamNo", "T"),
    "project": ("projectNo", "P"),
    "volunteer": ("volunteerNo", "V"),
}


def of_viewer(viewer: Viewer, field: str) -> Rows:
    """What a field of the viewer leads to."""
    match field:
        case "volunteer":
            return [None if viewer.volunteer_id is None else viewer.volunteer_id - 1]
        case "team":
            return [None if viewer.team is None else viewer.team.id - 1]
        case _:
            return [None if viewer.department is None else viewer.department.region_id - 1]


def team_of(world: World, entity: str, n: int) -> int | None:
    """The team that a row belongs to, if it is of one."""
    team: int | None = n if entity == "Team" else world.rows()[entity][n].team
    return team
