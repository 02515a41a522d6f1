"""Worlds that a domain person can read: YAML in, a stored world and what is expected of it out.

Every team has a manager of its own, named as the team; every region a civil-affairs department,
``民政·<region>``, and a partner system, ``伙伴·<region>``; every volunteer an account; ``公众`` is
who has not signed in. Regions are province, county, town and village, one below the other. What a
file does not list is refused. ``所有人`` is all of these but the partners, who see what the public
sees of their region; ``登录者`` who has signed in, ``志愿者``, ``民政`` and ``伙伴`` all of a sort.

``sees`` lists who sees which rows, ``may`` who may do what by which edge where people argue about
it, ``besides`` all else that anybody may, in the words of ``words.yaml``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from db.enums import (
    AnswerSide,
    AnswerStatus,
    CertificateStatus,
    ComplaintStatus,
    HubLevel,
    InspectionStatus,
    MatchStatus,
    MembershipStatus,
    NoticeReader,
    PermissionGroup,
    ProjectStatus,
    RecordStatus,
    RegionLevel,
    ReviewKind,
    RewardItemStatus,
    SignUpStatus,
    SubmissionStatus,
    TeamAdminRole,
    TeamStatus,
    TransferStatus,
)
from permissions.facts import GroupFacts, MoveFacts
from permissions.groups import default_group
from permissions.viewer import Role, Viewer
from resolvers.hanging import hanging_error
from tests.access.facts_of import applicant_of
from tests.access.service_world import Answer, Inspection, Item, Need, Offer, Redeemed, Reward
from tests.access.telling import TO, Grant, Names, grants
from tests.access.world import (
    Account,
    Complaint,
    Notice,
    Personal,
    Project,
    Region,
    Review,
    Submission,
    Team,
    Transfer,
    Volunteer,
    World,
)

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
    "Certificate": "certificates",
    "Transfer": "transfers",
    "Review": "reviews",
    "Complaint": "complaints",
    "Submission": "submissions",
    "Notice": "notices",
    "Inspection": "inspections",
    "InspectionItem": "drawn",
    "Need": "needs",
    "Offer": "offers",
    "NeedAnswer": "answers",
    "RewardItem": "rewards",
    "Redemption": "redemptions",
    "Administrator": "offices",
}
# Figures are read of regions and teams; a world may tell who reads them.
FIGURES = {"RegionFigures": "regions", "TeamFigures": "teams"}
# Those whose rows are no subjects of their own: they go with the team's and the project's.
BESIDE = {"TeamAttachment", "Post"}
LEVELS = (RegionLevel.PROVINCE, RegionLevel.COUNTY, RegionLevel.TOWN, RegionLevel.VILLAGE)


@dataclass(frozen=True, slots=True)
class Story:
    """A file: its world, and the names in it."""

    world: World
    names: Mapping[str, list[str]]
    sees: Mapping[str, Mapping[str, set[str]]]
    may: Mapping[str, Mapping[str, Mapping[str, str]]]
    besides: frozenset[Grant]
    reviewers: Mapping[str, str]
    at_stations: frozenset[str]
    accounts: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> "Story":
        told = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        names = {section: list(told.get(section) or {}) for section in set(SECTIONS.values())}
        names["offices"] = [OFFICE + name for name in names["regions"]]
        reader = _Reader(told, names)
        kinds = {
            name: entity
            for entity, section in SECTIONS.items()
            for name in names[section]
            if entity not in BESIDE
        }
        assert len(kinds) == sum(map(len, names.values())), "two rows of one name"
        partners = [PARTNER + name for name in names["regions"]]
        everybody = Names(
            kinds,
            names,
            {
                EVERYONE: [PUBLIC, *reader.accounts],
                "登录者": reader.accounts,
                "志愿者": names["volunteers"],
                "民政": names["offices"],
                "伙伴": partners,
            },
        )
        return cls(
            world=reader.world(),
            names=names,
            sees=_sights(told.get("sees", {}), everybody, names),
            may=told.get("may", {}),
            besides=frozenset(grants(everybody, told.get("besides") or {})),
            reviewers=told.get("reviewers", {}),
            at_stations=frozenset(
                person for who in told.get("at_stations", []) for person in everybody.people(who)
            ),
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

    def entities(self) -> list[str]:
        """The entities that the world has rows of."""
        return [entity for entity, section in SECTIONS.items() if self.names[section]]

    def figures(self) -> dict[str, list[str]]:
        """Whose figures the world tells about, and the names of them."""
        return {each: self.names[FIGURES[each]] for each in FIGURES if each in self.sees}

    def entity_of(self, name: str) -> str:
        """The entity of the row of a name."""
        return next(each for each, section in SECTIONS.items() if name in self.names[section])

    def row(self, entity: str, name: str) -> int:
        """The id of a row by its name."""
        return self.names[SECTIONS[entity]].index(name) + 1

    def visible_to(self, entity: str, viewer: str) -> set[str]:
        """What the file says a viewer sees."""
        told = self.sees.get(entity, {})
        seen = told.get(viewer, set())
        if viewer.startswith(PARTNER):
            region = self.names["regions"].index(viewer.removeprefix(PARTNER))
            public = told.get(PUBLIC, set())
            seen = seen | {name for name in public if region in self._regions_of(entity, name)}
        return seen

    def _regions_of(self, entity: str, name: str) -> list[int]:
        """The region of a team or of a row's team, and those above it."""
        if entity in {"Region", *FIGURES}:
            return list(range(len(self.world.regions)))
        row = self.world.rows()[entity][self.row(entity, name) - 1]
        team = row if isinstance(row, Team) else self._team_of(row)
        above: int | None = row.region if team is None else team.region
        found = []
        while above is not None:
            found.append(above)
            above = self.world.regions[above].parent
        return found

    def _team_of(self, row: Any) -> Team | None:
        return None if row.team is None else self.world.teams[row.team]

    def expected(self) -> Iterator[tuple[str, str, Mapping[str, str]]]:
        """Each action, its subject, and who may do it by which edge."""
        for action, subjects in self.may.items():
            for subject, allowed in subjects.items():
                yield action, subject, allowed or {}

    def told(self) -> frozenset[Grant]:
        """Everything that anybody may do."""
        argued = (
            (person, action, subject)
            for action, subject, allowed in self.expected()
            for person in allowed
        )
        return self.besides.union(argued)

    def subjects(self, facts: Mapping[str, Mapping[int, Any]]) -> Iterator[tuple[str, Any]]:
        """Everything that something may be done to: rows, moves and groups that may be given."""
        for entity in self.entities():
            if entity in BESIDE or entity not in facts:
                continue
            for name in self.names[SECTIONS[entity]]:
                yield name, facts[entity][self.row(entity, name)]
        argued = {subject for _, subject, _ in self.expected()}
        for first in self.names["teams"]:
            for second in (*self.names["teams"], *PermissionGroup):
                pair = f"{first} {TO} {second}"
                given = self.subject(pair, facts)
                if pair in argued or _may_come_about(given):
                    yield pair, given

    def subject(self, subject: str, facts: Mapping[str, Mapping[int, Any]]) -> Any:
        """The facts of a subject: a row's name, ``team -> team`` or ``team -> GROUP``."""
        first, _, second = (part.strip() for part in subject.partition(TO))
        if second:
            team = facts["Team"][self.row("Team", first)]
            is_group = second in PermissionGroup.__members__
            kind = ReviewKind.PERMISSION_GROUP if is_group else ReviewKind.TEAM_MOVE
            by = applicant_of(self.world, kind, team.id - 1)
            if is_group:
                group = PermissionGroup(second)
                return GroupFacts(team=team, group=group, applicant_account_id=by)
            to = facts["Team"][self.row("Team", second)]
            return MoveFacts(team=team, to=to, applicant_account_id=by)
        entity = self.entity_of(subject)
        return facts[entity][self.row(entity, subject)]


def _may_come_about(given: MoveFacts | GroupFacts) -> bool:
    """Whether it is not refused to everybody for what the team is, or where it would hang."""
    if isinstance(given, MoveFacts):
        return hanging_error(given.team, given.to, height=0) is None
    return given.team.works


def _sights(
    told: Mapping[str, Any], everybody: Names, names: Mapping[str, list[str]]
) -> dict[str, dict[str, set[str]]]:
    """Who sees which rows, by entity; ``all`` are all of them."""
    found: dict[str, dict[str, set[str]]] = {}
    for entities, by_person in told.items():
        for entity in everybody.people(entities):
            seen = found.setdefault(entity, {})
            for who, rows in by_person.items():
                listed = names[(SECTIONS | FIGURES)[entity]] if rows == "all" else rows
                for person in everybody.people(who):
                    seen.setdefault(person, set()).update(everybody.rows(listed, person))
    return found


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
            regions=[self._region(above) for above in self._all("regions")],
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
            certificates=[
                self._personal(row, CertificateStatus, "ISSUED")
                for row in self._all("certificates")
            ],
            transfers=[self._transfer(row) for row in self._all("transfers")],
            reviews=[self._review(row) for row in self._all("reviews")],
            complaints=[self._complaint(row) for row in self._all("complaints")],
            submissions=[self._submission(row) for row in self._all("submissions")],
            notices=[self._notice(row) for row in self._all("notices")],
            inspections=[self._inspection(row) for row in self._all("inspections")],
            items=[self._item(row) for row in self._all("drawn")],
            needs=[self._need(row) for row in self._all("needs")],
            offers=[self._offer(row) for row in self._all("offers")],
            answers=[self._answer(row) for row in self._all("answers")],
            rewards=[
                Reward(
                    region=self._sure("regions", row["region"]),
                    status=RewardItemStatus(row.get("status", "OFFERED")),
                )
                for row in self._all("rewards")
            ],
            redemptions=[self._redemption(row) for row in self._all("redemptions")],
            contracts=list(range(len(self._names["regions"]))),
        )

    def _all(self, section: str) -> list[Any]:
        return list((self._told.get(section) or {}).values())

    def _place(self, section: str, name: str | None) -> int | None:
        return None if name is None else self._sure(section, name)

    def _sure(self, section: str, name: str) -> int:
        return self._names[section].index(name)

    def _region(self, above: str | None) -> Region:
        depth, up = 0, above
        while up is not None:
            depth, up = depth + 1, self._told["regions"][up]
        return Region(parent=self._place("regions", above), level=LEVELS[depth])

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
            successor=self._place("teams", row.get("successor")),
            views=tuple(self._sure("teams", each) for each in row.get("view_teams", [])),
        )

    def _people(self) -> list[Account]:
        volunteers, teams = len(self._names["volunteers"]), len(self._names["teams"])
        people = [
            *(Account(volunteer=n) for n in range(volunteers)),
            *(Account(teams=((n, TeamAdminRole.MANAGER),)) for n in range(teams)),
            *(Account(offices=(n,)) for n in range(len(self._names["regions"]))),
        ]
        editors = self._told.get("editors", [])
        return [
            replace(account, editor=name in editors)
            for name, account in zip(self.accounts, people, strict=True)
        ]

    def _personal(self, row: Mapping[str, Any], kind: Any, usual: str) -> Personal:
        return Personal(
            volunteer=self._sure("volunteers", row["of"]),
            team=self._place("teams", row["team"]),
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

    def _transfer(self, row: Mapping[str, Any]) -> Transfer:
        return Transfer(
            volunteer=self._sure("volunteers", row["of"]),
            team=self._sure("teams", row["from"]),
            to_team=self._sure("teams", row["to"]),
            withdrawn=row.get("withdrawn", False),
            status=TransferStatus(row.get("status", "REQUESTED")),
        )

    def _complaint(self, row: Mapping[str, Any]) -> Complaint:
        to = row["to"]
        office = to.startswith(OFFICE)
        return Complaint(
            complainant=self.accounts.index(row["by"]),
            subject=row["subject"],
            team=self._place("teams", row["team"]),
            about=self._place("volunteers", row.get("about")),
            to_team=None if office else self._sure("teams", to),
            to_region=self._sure("regions", to.removeprefix(OFFICE)) if office else None,
            status=ComplaintStatus(row.get("status", "SUBMITTED")),
        )

    def _submission(self, row: Mapping[str, Any]) -> Submission:
        return Submission(
            team=self._sure("teams", row["team"]),
            author=self.accounts.index(row["by"]),
            volunteer=self._names["volunteers"].index(row["by"])
            if row["by"] in self._names["volunteers"]
            else None,
            status=SubmissionStatus(row.get("status", "SUBMITTED")),
        )

    def _notice(self, row: Mapping[str, Any]) -> Notice:
        by = row["by"]
        office = by.startswith(OFFICE)
        return Notice(
            readers=tuple(NoticeReader(each) for each in row["for"]),
            team=None if office else self._sure("teams", by),
            region=self._sure("regions", by.removeprefix(OFFICE)) if office else None,
        )

    def _inspection(self, row: Mapping[str, Any]) -> Inspection:
        return Inspection(
            region=self._sure("regions", row["region"]),
            status=InspectionStatus(row["status"]),
        )

    def _item(self, row: Mapping[str, Any]) -> Item:
        record = self._sure("records", row["record"])
        return Item(
            inspection=self._sure("inspections", row["by"]),
            record=record,
            team=self._sure("teams", self._all("records")[record]["team"]),
        )

    def _need(self, row: Mapping[str, Any]) -> Need:
        return Need(
            team=self._sure("teams", row["team"]), status=MatchStatus(row.get("status", "OPEN"))
        )

    def _offer(self, row: Mapping[str, Any]) -> Offer:
        team, volunteer = self._helper(row["by"])
        return Offer(
            region=self._sure("regions", row["region"]),
            team=team,
            volunteer=volunteer,
            status=MatchStatus(row.get("status", "OPEN")),
        )

    def _answer(self, row: Mapping[str, Any]) -> Answer:
        need = self._sure("needs", row["to"])
        team, volunteer = self._helper(row["of"])
        asked_by = AnswerSide(row.get("asked_by", "OFFERER"))
        applicant = (
            row["of"] if asked_by is AnswerSide.OFFERER else self._all("needs")[need]["team"]
        )
        return Answer(
            need=need,
            team=self._sure("teams", self._all("needs")[need]["team"]),
            from_team=team,
            volunteer=volunteer,
            asked_by=asked_by,
            applicant=self.accounts.index(applicant),
            status=AnswerStatus(row.get("status", "PENDING")),
        )

    def _helper(self, name: str) -> tuple[int | None, int | None]:
        """The place of a team, or of a volunteer."""
        if name in self._names["teams"]:
            return self._sure("teams", name), None
        return None, self._sure("volunteers", name)

    def _redemption(self, row: Mapping[str, Any]) -> Redeemed:
        item = self._sure("rewards", row["item"])
        return Redeemed(
            item=item,
            region=self._sure("regions", self._all("rewards")[item]["region"]),
            volunteer=self._sure("volunteers", row["of"]),
        )
