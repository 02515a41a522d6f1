"""The third opinion on access: deliberately naive, on a world's own values.

It shares no code with the policy and knows no paths: whoever lies above is found by walking
parents one by one.
"""

from collections.abc import Iterator
from typing import Any

from db.enums import HubLevel, ReviewKind
from permissions.viewer import Viewer
from tests.access.service_oracle import SERVICES
from tests.access.world import (
    Complaint,
    Notice,
    Personal,
    Project,
    Review,
    Submission,
    Team,
    Volunteer,
    World,
)

OWN_BUSINESS = (ReviewKind.MEMBERSHIP, ReviewKind.RECORD_APPLICATION)
RUNNING = {"ENABLED", "CHANGE_PENDING"}
TAKES_TEAMS = {"JUNIOR_TEAM", "JUNIOR_QUICK", "MIDDLE", "MIDDLE_QUICK", "SENIOR", "SENIOR_QUICK"}
QUICK = {"JUNIOR_QUICK", "MIDDLE_QUICK", "SENIOR_QUICK"}
MANAGES_REGION = {"SENIOR", "SENIOR_QUICK"}
RAISING = {"NATION", "PROVINCE", "CITY", "DISTRICT"}


class Oracle:
    """What a viewer may read and decide in a world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def regions_up(self, number: int | None) -> Iterator[int]:
        """A region and those above it."""
        while number is not None:
            yield number
            number = self.world.regions[number].parent

    def teams_up(self, number: int | None) -> Iterator[int]:
        """A team and those above it."""
        while number is not None:
            yield number
            number = self.world.teams[number].parent

    def acts_for(self, viewer: Viewer) -> int | None:
        acting = viewer.role.value in {"TEAM", "HUB"} and viewer.team
        return acting.id - 1 if acting else None

    def stands_above(self, number: int) -> bool:
        """Whether a team answers for others: one that works, and is a hub or may have teams."""
        team = self.world.teams[number]
        has_branches = any(each.branch and each.parent == number for each in self.world.teams)
        is_above = team.hub is not None or team.group in TAKES_TEAMS or has_branches
        return team.status in RUNNING and is_above

    def is_volunteer(self, viewer: Viewer, number: int) -> bool:
        return viewer.role.value == "VOLUNTEER" and viewer.volunteer_id == number + 1

    def office(self, viewer: Viewer, region: int) -> bool:
        if viewer.role.value != "DEPARTMENT":
            return False
        assert viewer.department is not None
        return viewer.department.region_id - 1 in self.regions_up(region)

    def contract(self, viewer: Viewer, region: int) -> bool:
        assert viewer.partner is not None
        return self.world.contracts[viewer.partner.id - 1] in self.regions_up(region)

    def answers_for(self, viewer: Viewer, team: int | None) -> bool:
        """The team itself, a hub above it, the department of its region."""
        if team is None:
            return False
        own = self.acts_for(viewer)
        if own == team and own is not None:
            return True
        if own is not None and self.stands_above(own) and own in list(self.teams_up(team)):
            return True
        return self.office(viewer, self.world.teams[team].region)

    def sees_by_deciding(self, viewer: Viewer, team: int) -> bool:
        """Those, and the department that decides on a team from elsewhere."""
        if self.answers_for(viewer, team) or viewer.role.value != "DEPARTMENT":
            return self.answers_for(viewer, team)
        kind, place = self.reviewer(team)
        return kind == "region" and self.office(viewer, place)

    def carries_on(self, viewer: Viewer, number: int) -> bool:
        """Its successor, if it does not work; of a dissolved one without, the nearest above."""
        team, own = self.world.teams[number], self.acts_for(viewer)
        if own is None or team.status in RUNNING:
            return False
        if team.successor is not None:
            return own == team.successor
        if team.status.name != "DISSOLVED":
            return False
        above = [n for n in self.teams_up(number) if self.world.teams[n].status.name != "DISSOLVED"]
        return above[:1] == [own]

    def hub_of_area(self, viewer: Viewer, region: int) -> bool:
        own = self.acts_for(viewer)
        if own is None or self.world.teams[own].hub is None or not self.stands_above(own):
            return False
        return self.world.teams[own].region in self.regions_up(region)

    def sees_figures(self, viewer: Viewer, region: int) -> bool:
        """Whether the viewer may read the figures of a region."""
        if viewer.role.value == "PARTNER":
            return self.contract(viewer, region)
        return self.office(viewer, region) or self.hub_of_area(viewer, region)

    def sees_team_figures(self, viewer: Viewer, number: int) -> bool:
        """Whether the viewer may read the figures of a team, but for the teams that chose it."""
        if viewer.role.value == "PARTNER":
            return self.contract(viewer, self.world.teams[number].region)
        return self.answers_for(viewer, number)

    def reads(self, viewer: Viewer, entity: str, number: int) -> bool:  # noqa: C901, PLR0911, PLR0912
        row = self.world.rows()[entity][number]
        service = SERVICES.get(entity)
        if service is not None:
            return service(self, viewer, number)
        match entity:
            case "Region":
                return True
            case "Team":
                return self._team(viewer, number, row)
            case "TeamAttachment":
                return self.answers_for(viewer, number)
            case "Project" | "Post":
                return self._project(viewer, number, row)
            case "Volunteer":
                return self._volunteer(viewer, number, row)
            case "Review":
                return self._review(viewer, row)
            case "Certificate":
                team = row.team
                by_team = team is not None and (
                    self.sees_by_deciding(viewer, team) or self.carries_on(viewer, team)
                )
                return self.is_volunteer(viewer, row.volunteer) or by_team
            case "Administrator":
                return self.office(viewer, row.region)
            case "Complaint":
                return self._complaint(viewer, row)
            case "Submission":
                return self._submission(viewer, row)
            case "Notice":
                return self._notice(viewer, row)
            case _:
                owner = self.is_volunteer(viewer, row.volunteer)
                return owner or self.answers_for(viewer, row.team)

    def _team(self, viewer: Viewer, number: int, team: Team) -> bool:
        if viewer.role.value == "PARTNER":
            return team.status in RUNNING and self.contract(viewer, team.region)
        own = self.acts_for(viewer)
        tied = any(
            self.is_volunteer(viewer, row.volunteer) and row.team == number
            for row in (
                *(m for m in self.world.memberships if m.status.name in OWN_MEMBERSHIP),
                *self.world.records,
            )
        )
        return (
            team.status in RUNNING
            or self.sees_by_deciding(viewer, number)
            or (own is not None and own in team.views)
            or tied
            or (team.legal and self.hub_of_area(viewer, team.region))
        )

    def _project(self, viewer: Viewer, number: int, project: Project) -> bool:
        team = self.world.teams[project.team]
        published = project.status in {"WAITING", "RUNNING", "CLOSED", "MAKE_UP"}
        public = published and team.status in RUNNING
        if viewer.role.value == "PARTNER":
            return public and self.contract(viewer, team.region)
        tied = any(
            row.project == number and self.is_volunteer(viewer, row.volunteer)
            for row in (*self.world.sign_ups, *self.world.records)
        )
        return public or tied or self.sees_by_deciding(viewer, project.team)

    def _volunteer(self, viewer: Viewer, number: int, volunteer: Volunteer) -> bool:
        own = self.acts_for(viewer)
        ties: list[Personal] = [
            row
            for row in (*self.world.memberships, *self.world.sign_ups, *self.world.records)
            if row.volunteer == number and row.status.name not in UNTIED
        ]
        managing = own is not None and self.world.teams[own].group.name in MANAGES_REGION
        return (
            self.is_volunteer(viewer, number)
            or self.office(viewer, volunteer.region)
            or (managing and self.hub_of_area(viewer, volunteer.region))
            or any(self.answers_for(viewer, row.team) for row in ties)
        )

    def _review(self, viewer: Viewer, review: Review) -> bool:
        if viewer.role.value in {"PUBLIC", "PARTNER"}:
            return False
        applied = review.applicant is not None and viewer.account_id == review.applicant + 1
        own = self.acts_for(viewer)
        awaited = own is not None and own == review.to_team
        office = review.to_region is not None and self.office(viewer, review.to_region)
        return applied or awaited or office or self.answers_for(viewer, review.team)

    def _complaint(self, viewer: Viewer, row: Complaint) -> bool:
        """Who complained; then, unless it is about them, who holds it and those above."""
        if viewer.role.value in {"PUBLIC", "PARTNER"}:
            return False
        if viewer.account_id == row.complainant + 1:
            return True
        if row.about is not None and viewer.volunteer_id == row.about + 1:
            return False
        if row.to_region is not None:
            return self.office(viewer, row.to_region)
        return self.answers_for(viewer, row.to_team)

    def is_editor(self, viewer: Viewer) -> bool:
        return viewer.account_id is not None and self.world.accounts[viewer.account_id - 1].editor

    def _submission(self, viewer: Viewer, row: Submission) -> bool:
        team, status = self.world.teams[row.team], row.status.name
        public = status == "PUBLISHED" and team.status in RUNNING
        if viewer.role.value == "PARTNER":
            return public and self.contract(viewer, team.region)
        if public:
            return True
        if self.is_editor(viewer) and status in {"REVIEWED", "PUBLISHED", "OFFLINE"}:
            return True
        if row.volunteer is None and self.acts_for(viewer) == row.team:
            return True
        if row.volunteer is not None and self.is_volunteer(viewer, row.volunteer):
            return True
        return status not in {"DRAFT", "WITHDRAWN"} and self.sees_by_deciding(viewer, row.team)

    def _notice(self, viewer: Viewer, row: Notice) -> bool:  # noqa: PLR0911 - naive
        own = self.acts_for(viewer)
        place = row.region if row.team is None else self.world.teams[row.team].region
        assert place is not None
        issuer = row.team is not None and own == row.team
        if issuer or self.office(viewer, place) or (row.station and self.is_editor(viewer)):
            return True
        if row.withdrawn:
            return False
        readers = {each.name for each in row.readers}
        if "ANYONE" in readers:
            return True
        if viewer.role.value == "VOLUNTEER" and viewer.volunteer_id is not None:
            return "VOLUNTEERS" in readers and self._addressed(viewer.volunteer_id - 1, row)
        if own is not None:
            if "TEAMS" not in readers:
                return False
            if row.team is not None:
                return row.team in self.teams_up(own)
            return row.region in self.regions_up(self.world.teams[own].region)
        if viewer.role.value != "DEPARTMENT" or row.region is None:
            return False
        assert viewer.department is not None
        above = self.regions_up(viewer.department.region_id - 1)
        return "DEPARTMENTS" in readers and row.region in above

    def _addressed(self, volunteer: int, row: Notice) -> bool:
        if row.region is not None:
            return row.region in self.regions_up(self.world.volunteers[volunteer].region)
        return any(
            tie.volunteer == volunteer
            and tie.status.name == "JOINED"
            and row.team in self.teams_up(tie.team)
            for tie in self.world.memberships
        )

    def handles(self, viewer: Viewer, row: Complaint) -> bool:  # noqa: PLR0911 - naive
        """Whether the viewer may take a complaint on, or hand it on to who is competent."""
        if viewer.account_id is None or viewer.account_id == row.complainant + 1:
            return False
        if row.about is not None and viewer.volunteer_id == row.about + 1:
            return False
        if row.to_region is not None:
            return self.office(viewer, row.to_region)
        if row.team is None or row.to_team is None:
            return False
        if self.office(viewer, self.world.teams[row.team].region):
            return self.office(viewer, self.world.teams[row.to_team].region)
        own = self.acts_for(viewer)
        if own is None or self.world.teams[own].status not in RUNNING:
            return False
        account = self.world.accounts[viewer.account_id - 1]
        named = {role.value for team, role in account.teams if team == own}
        if not named & {"MANAGER", "REVIEWER"}:
            return False
        above = own in list(self.teams_up(row.team))[1:] and own in self.teams_up(row.to_team)
        return own == row.to_team or (above and self.world.teams[own].group in QUICK)

    def is_competent(self, row: Complaint) -> bool:
        """Whether who holds a complaint may decide it."""
        if row.team is None:
            return row.to_region is not None
        team = self.world.teams[row.team]
        if row.to_region is not None:
            registered = team.legal and team.authority is not None
            place = team.authority if registered else team.region
            return row.to_region in self.regions_up(place)
        if team.legal or row.subject in {"Team", "ServiceRecord", "Certificate"}:
            return False
        return row.to_team in self.teams_up(row.team)

    def reviewer(self, number: int) -> tuple[str, int]:
        """Who reviews a team: ``("team", its place)`` or ``("region", its place)``."""
        team = self.world.teams[number]
        home = ("region", team.region)
        if team.legal:
            return home if team.authority is None else ("region", team.authority)
        if team.branch:
            assert team.parent is not None
            organisation = self.world.teams[team.parent]
            if organisation.status in RUNNING:
                return "team", team.parent
            place = organisation.authority
            return "region", organisation.region if place is None else place
        for above in list(self.teams_up(number))[1:]:
            candidate = self.world.teams[above]
            if candidate.status in RUNNING and candidate.group in TAKES_TEAMS:
                return "team", above
        return home

    def decides(self, viewer: Viewer, review: Review) -> bool:  # noqa: C901, PLR0911 - naive
        """Whether the viewer may decide the review."""
        if viewer.account_id is None:
            return False
        if review.applicant is not None and viewer.account_id == review.applicant + 1:
            return False
        if review.about is not None and viewer.volunteer_id == review.about + 1:
            return False
        own = self.acts_for(viewer)
        acting = None if own is None else self.world.teams[own]
        account = self.world.accounts[viewer.account_id - 1]
        named = {role.value for team, role in account.teams if team == own}
        works = acting is not None and acting.status in RUNNING and named & {"MANAGER", "REVIEWER"}
        if review.to_region is not None:
            return review.kind not in OWN_BUSINESS and self.office(viewer, review.to_region)
        reviewer = review.to_team
        assert reviewer is not None
        if review.kind is ReviewKind.MEMBERSHIP:
            manages = acting is not None and acting.group.name != "PENDING"
            return own == review.team == reviewer and bool(works) and manages
        if review.kind is ReviewKind.RECORD_APPLICATION:
            acts = acting is not None and acting.status in RUNNING and bool(named)
            left = self.world.teams[review.team]
            heir = left.successor if left.status.name == "DISSOLVED" else None
            return own == reviewer and reviewer in {review.team, heir} and acts
        if review.kind is ReviewKind.PERMISSION_GROUP:
            return bool(works) and own in self.setters(review.team)
        inside = {ReviewKind.LATE_HOURS, ReviewKind.EVALUATION, ReviewKind.COMPLAINT}
        if reviewer == review.team and review.kind not in inside:
            return False
        superiors = list(self.teams_up(review.team))[1:]
        offices = [self.world.teams[review.team].region]
        if review.kind is ReviewKind.TEAM_MOVE:
            if review.team in self.teams_up(reviewer):
                return False
            superiors = [each for each in superiors if each in list(self.teams_up(reviewer))]
            offices.append(self.world.teams[reviewer].region)
        if all(self.office(viewer, region) for region in offices):
            return True
        if not works or acting is None:
            return False
        return own == reviewer or (own in superiors and acting.group in QUICK)

    def setters(self, number: int) -> list[int]:
        """The hubs that set a team's group."""
        hubs = [
            above
            for above in list(self.teams_up(number))[1:]
            if self.world.teams[above].hub is not None and self.world.teams[above].status in RUNNING
        ]
        if self.world.teams[number].hub is not None:
            return hubs[:1]
        if self.world.teams[number].legal:
            return []
        levels: dict[int, Any] = {each: self.world.teams[each].hub for each in hubs}
        return [each for each, level in levels.items() if HubLevel(level).name in RAISING]


OWN_MEMBERSHIP = {"JOINED", "APPLYING", "INVITED"}
UNTIED = {
    *("INVITED", "REFUSED", "DECLINED", "LEFT"),  # of a team, or of a project
    *("CANCELLED", "WITHDRAWN"),
    *("REJECTED", "VOID"),
}
