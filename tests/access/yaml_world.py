"""Worlds that a domain person can read: YAML in, a stored world and what is expected of it out.

Every team has a manager of its own, named as the team; every region a civil-affairs department,
``民政·<region>``, and a partner system, ``伙伴·<region>``; every volunteer an account; ``公众`` is
who has not signed in. What a file does not list is refused. ``所有人`` is all of these but the
partners, who see what the public sees of their region.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from db.enums import (
    HubLevel,
    MembershipStatus,
    PermissionGroup,
    ProjectStatus,
    RecordStatus,
    ReviewKind,
    SignUpStatus,
    TeamAdminRole,
    TeamStatus,
)
from permissions.facts import GroupFacts, MoveFacts
from permissions.groups import default_group
from permissions.viewer import Role, Viewer
from tests.access.facts_of import applicant_of
from tests.access.world import Account, Personal, Project, Region, Review, Team, Volunteer, World

OFFICE = "民政·"
PARTNER = "伙伴·"
PUBLIC = "公众"
EVERYONE = "所有人"
# The section of the file that names the rows of an entity.
SECTIONS = {
    "Region": "regions",
    "Team": "teams",
    "TeamAttachment": "teams",
    "Project": "projects",
    "Post": "projects",
    "Volunteer": "volunteers",
    "Membership": "memberships",
    "SignUp": "sign_ups",
    "ServiceRecord": "records",
    "Review": "reviews",
}


@dataclass(frozen=True, slots=True)
class Story:
    """A file: its world, and the names in it."""

    world: World
    names: Mapping[str, list[str]]
    sees: Mapping[str, Mapping[str, list[str]]]
    may: Mapping[str, Mapping[str, Mapping[str, str]]]
    reviewers: Mapping[str, str]
    accounts: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> "Story":
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        names = {section: list(told.get(section) or {}) for section in set(SECTIONS.values())}
        reader = _Reader(told, names)
        return cls(
            world=reader.world(),
            names=names,
            sees=told.get("sees", {}),
            may=told.get("may", {}),
            reviewers=told.get("reviewers", {}),
            accounts=reader.accounts,
        )

    def name_of(self, viewer: Viewer) -> str:
        """The name of a viewer, as the file has it."""
        if viewer.role is Role.PUBLIC:
            return PUBLIC
        if viewer.partner is not None:
            region = self.world.contracts[viewer.partner.id - 1]
            return PARTNER + self.names["regions"][region]
        assert viewer.account_id is not None
        return self.accounts[viewer.account_id - 1]

    def row(self, entity: str, name: str) -> int:
        """The id of a row by its name."""
        return self.names[SECTIONS[entity]].index(name) + 1

    def visible_to(self, entity: str, viewer: str) -> set[str]:
        """What the file says a viewer sees."""
        told = self.sees[entity]
        public = set(told.get(EVERYONE, []))
        if viewer.startswith(PARTNER):
            region = self.names["regions"].index(viewer.removeprefix(PARTNER))
            return {name for name in public if region in self._regions_of(entity, name)}
        return public | set(told.get(viewer, []))

    def _regions_of(self, entity: str, name: str) -> list[int]:
        """The region of a team or of a project's team, and those above it."""
        number = self.row(entity, name) - 1
        team = number if entity == "Team" else self.world.projects[number].team
        above: int | None = self.world.teams[team].region
        found = []
        while above is not None:
            found.append(above)
            above = self.world.regions[above].parent
        return found

    def expected(self) -> Iterator[tuple[str, str, Mapping[str, str]]]:
        """Each action, its subject, and who may do it by which edge."""
        for action, subjects in self.may.items():
            for subject, allowed in subjects.items():
                yield action, subject, allowed or {}

    def subject(self, action: str, subject: str, facts: Mapping[str, Mapping[int, Any]]) -> Any:
        """The facts of a subject: a row's name, ``team -> team`` or ``team -> GROUP``."""
        first, _, second = (part.strip() for part in subject.partition("->"))
        if second:
            team = facts["Team"][self.row("Team", first)]
            is_group = action.endswith("GROUP")
            kind = ReviewKind.PERMISSION_GROUP if is_group else ReviewKind.TEAM_MOVE
            by = applicant_of(self.world, kind, team.id - 1)
            if is_group:
                group = PermissionGroup(second)
                return GroupFacts(team=team, group=group, applicant_account_id=by)
            to = facts["Team"][self.row("Team", second)]
            return MoveFacts(team=team, to=to, applicant_account_id=by)
        for entity in ("Team", "Project", "Volunteer", "Membership", "SignUp", "Review"):
            if subject in self.names[SECTIONS[entity]]:
                return facts[entity][self.row(entity, subject)]
        if subject in self.names["regions"]:
            return facts["Region"][self.row("Region", subject)]
        return facts["ServiceRecord"][self.row("ServiceRecord", subject)]


class _Reader:
    """Turns the sections of a file into lists that name each other by place."""

    def __init__(self, told: Mapping[str, Any], names: Mapping[str, list[str]]) -> None:
        self._told = told
        self._names = names
        self.accounts = [
            *names["volunteers"],
            *names["teams"],
            *(OFFICE + name for name in names["regions"]),
        ]

    def world(self) -> World:
        return World(
            regions=[
                Region(parent=self._place("regions", above)) for above in self._all("regions")
            ],
            teams=[self._team(name, row) for name, row in self._told.get("teams", {}).items()],
            volunteers=[
                Volunteer(region=self._sure("regions", home)) for home in self._all("volunteers")
            ],
            accounts=self._people(),
            projects=[
                Project(
                    team=self._sure("teams", row["team"]),
                    status=ProjectStatus(row.get("status", "RUNNING")),
                )
                for row in self._all("projects")
            ],
            memberships=[
                self._personal(row, MembershipStatus, "JOINED") for row in self._all("memberships")
            ],
            sign_ups=[self._sign_up(row) for row in self._all("sign_ups")],
            records=[
                self._personal(row, RecordStatus, "EFFECTIVE") for row in self._all("records")
            ],
            reviews=[self._review(row) for row in self._all("reviews")],
            contracts=list(range(len(self._names["regions"]))),
        )

    def _all(self, section: str) -> list[Any]:
        return list((self._told.get(section) or {}).values())

    def _place(self, section: str, name: str | None) -> int | None:
        return None if name is None else self._sure(section, name)

    def _sure(self, section: str, name: str) -> int:
        return self._names[section].index(name)

    def _team(self, name: str, row: Mapping[str, Any]) -> Team:
        hub = HubLevel(row["hub"]) if "hub" in row else None
        legal = row.get("legal", False)
        usual = default_group(hub_level=hub, is_legal=legal)
        return Team(
            name=name,
            region=self._sure("regions", row["region"]),
            parent=self._place("teams", row.get("under") or row.get("branch_of")),
            status=TeamStatus(row.get("status", "ENABLED")),
            group=PermissionGroup(row.get("group", usual)),
            hub=hub,
            legal=legal,
            branch="branch_of" in row,
            authority=self._place("regions", row.get("registered_in")),
            views=tuple(self._sure("teams", each) for each in row.get("view_teams", [])),
        )

    def _people(self) -> list[Account]:
        volunteers, teams = len(self._names["volunteers"]), len(self._names["teams"])
        return [
            *(Account(volunteer=n) for n in range(volunteers)),
            *(Account(teams=((n, TeamAdminRole.MANAGER),)) for n in range(teams)),
            *(Account(offices=(n,)) for n in range(len(self._names["regions"]))),
        ]

    def _personal(self, row: Mapping[str, Any], kind: Any, usual: str) -> Personal:
        return Personal(
            volunteer=self._sure("volunteers", row["of"]),
            team=self._sure("teams", row["team"]),
            status=kind(row.get("status", usual)),
            project=self._place("projects", row.get("project")),
        )

    def _sign_up(self, row: Mapping[str, Any]) -> Personal:
        project = self._sure("projects", row["to"])
        return Personal(
            volunteer=self._sure("volunteers", row["of"]),
            team=self._sure("teams", self._all("projects")[project]["team"]),
            status=SignUpStatus(row.get("status", "APPLIED")),
            project=project,
        )

    def _review(self, row: Mapping[str, Any]) -> Review:
        to = row["to"]
        office = to.startswith(OFFICE)
        return Review(
            team=self._sure("teams", row["team"]),
            kind=ReviewKind(row["kind"]),
            to_team=None if office else self._sure("teams", to),
            to_region=self._sure("regions", to.removeprefix(OFFICE)) if office else None,
            applicant=self.accounts.index(row["by"]) if "by" in row else None,
        )
