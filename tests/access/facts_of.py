"""Facts and viewers straight from a world's values: what the pure rule needs and nothing else."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from db.enums import (
    MembershipStatus,
    RecordStatus,
    ReviewKind,
    ReviewState,
    SignUpStatus,
    TeamAdminRole,
    TeamStatus,
)
from permissions import facts
from permissions.rights import Right, holds
from permissions.standing import Standing
from permissions.viewer import PUBLIC, ActingDepartment, ActingPartner, ActingTeam, Role, Viewer
from tests.access.service_facts import service_facts
from tests.access.world import Notice, Personal, World

STOPPED = {TeamStatus.DISABLED, TeamStatus.DISSOLVED}
OWN_MEMBERSHIP = {"JOINED", "APPLYING", "INVITED"}
TYING = {
    *(MembershipStatus.JOINED, MembershipStatus.APPLYING),
    *(SignUpStatus.APPLIED, SignUpStatus.ACCEPTED, SignUpStatus.ATTENDED, SignUpStatus.NO_SHOW),
    *set(RecordStatus) - {RecordStatus.REJECTED, RecordStatus.VOID},
}


def facts_of(world: World) -> Mapping[str, Sequence[Any]]:
    """The facts of every row, by entity; they know the ties of all volunteers at once."""
    teams = _teams(world)
    projects = [
        facts.ProjectFacts(
            id=n + 1,
            team=teams[row.team],
            status=row.status,
            known_to=_ties(n, (*world.sign_ups, *world.records), lambda tie: tie.project),
        )
        for n, row in enumerate(world.projects)
    ]

    def personal(kind: Callable[..., Any], rows: Sequence[Personal]) -> list[Any]:
        return [
            kind(
                id=n + 1,
                team=None if row.team is None else teams[row.team],
                volunteer_id=row.volunteer + 1,
                status=row.status,
            )
            for n, row in enumerate(rows)
        ]

    return {
        "Region": [
            facts.RegionFacts(n + 1, world.region_path(n), row.level)
            for n, row in enumerate(world.regions)
        ],
        "Team": teams,
        "TeamAttachment": [facts.AttachmentFacts(id=team.id, team=team) for team in teams],
        "Project": projects,
        "Post": [facts.PostFacts(id=each.id, project=each) for each in projects],
        "Volunteer": [
            facts.VolunteerFacts(
                id=n + 1,
                region_path=world.region_path(row.region),
                tied_to=[
                    teams[tie.team]
                    for tie in (*world.memberships, *world.sign_ups, *world.records)
                    if tie.volunteer == n and tie.team is not None and tie.status in TYING
                ],
            )
            for n, row in enumerate(world.volunteers)
        ],
        "Membership": personal(facts.MembershipFacts, world.memberships),
        "SignUp": personal(facts.SignUpFacts, world.sign_ups),
        "ServiceRecord": personal(facts.RecordFacts, world.records),
        "Certificate": personal(facts.CertificateFacts, world.certificates),
        "Review": [
            facts.ReviewFacts(
                id=n + 1,
                team=teams[row.team],
                kind=row.kind,
                state=row.state,
                reviewer=_office(world, row.to_region)
                if row.to_team is None
                else teams[row.to_team],
                applicant_account_id=None if row.applicant is None else row.applicant + 1,
                about_account_id=_account_of(world, row.about),
            )
            for n, row in enumerate(world.reviews)
        ],
        "Administrator": [
            facts.AdministratorFacts(
                id=n + 1, account_id=account + 1, region_path=world.region_path(office)
            )
            for n, (account, office) in enumerate(world.rows()["Administrator"])
        ],
        "Complaint": [
            facts.ComplaintFacts(
                id=n + 1,
                team=None if row.team is None else teams[row.team],
                handler=_office(world, row.to_region)
                if row.to_team is None
                else teams[row.to_team],
                complainant_account_id=row.complainant + 1,
                subject_type=row.subject,
                about_volunteer_id=None if row.about is None else row.about + 1,
                status=row.status,
            )
            for n, row in enumerate(world.complaints)
        ],
        "Submission": [
            facts.SubmissionFacts(
                id=n + 1,
                team=teams[row.team],
                author_account_id=row.author + 1,
                volunteer_id=None if row.volunteer is None else row.volunteer + 1,
                status=row.status,
            )
            for n, row in enumerate(world.submissions)
        ],
        "Notice": [
            facts.NoticeFacts(
                id=n + 1,
                team=None if row.team is None else teams[row.team],
                office=_office(world, row.region),
                readers=frozenset(row.readers),
                of_station=row.station,
                is_withdrawn=row.withdrawn,
                known_to=_addressed(world, row),
            )
            for n, row in enumerate(world.notices)
        ],
        **service_facts(world, teams),
    }


def viewers_of(world: World) -> list[Viewer]:
    """Everyone who could ask, in every capacity."""
    found = [PUBLIC]
    for n, account in enumerate(world.accounts):
        teams = sorted({team for team, _ in account.teams})
        standing = Standing(
            account_id=n + 1,
            display_name="",
            standing_version=1,
            tree_epoch=1,
            volunteer_id=None if account.volunteer is None else account.volunteer + 1,
            teams=[
                _acting(world, each, {role for team, role in account.teams if team == each})
                for each in teams
                if world.teams[each].status not in STOPPED
            ],
            departments=[
                ActingDepartment(
                    region_id=each + 1,
                    region_code=f"R{each}",
                    region_name="",
                    region_path=world.region_path(each),
                    region_level=world.regions[each].level,
                )
                for each in account.offices
            ],
            flags=frozenset({"is_station_editor"} if account.editor else ()),
        )
        found.extend(standing.capacities() or [standing.acting_as(None)])
    for n, region in enumerate(world.contracts):
        partner = ActingPartner(id=n + 1, name=f"伙伴{n}", region_path=world.region_path(region))
        found.append(Viewer(role=Role.PARTNER, partner=partner))
    return found


def _account_of(world: World, volunteer: int | None) -> int | None:
    if volunteer is None:
        return None
    return next((n + 1 for n, one in enumerate(world.accounts) if one.volunteer == volunteer), None)


def applicant_of(world: World, kind: ReviewKind, team: int) -> int | None:
    """Whose account asked for what a team still waits for: in these worlds, the first found."""
    return next(
        (
            row.applicant + 1
            for row in world.reviews
            if row.kind is kind
            and row.team == team
            and row.state is ReviewState.PENDING
            and row.applicant is not None
        ),
        None,
    )


def _teams(world: World) -> list[facts.TeamFacts]:
    made: dict[int, facts.TeamFacts] = {}

    def make(n: int) -> facts.TeamFacts:
        row = world.teams[n]
        if n not in made:
            office = _office(world, row.region)
            assert office is not None
            members = [tie for tie in world.memberships if tie.status.name in OWN_MEMBERSHIP]
            made[n] = facts.TeamFacts(
                id=n + 1,
                name=row.name,
                path=world.team_path(n),
                status=row.status,
                group=row.group,
                office=office,
                hub_level=row.hub,
                is_legal=row.legal,
                contact=None if row.parent is None else make(row.parent),
                branch_of_id=None if not row.branch or row.parent is None else row.parent + 1,
                successor_id=None if row.successor is None else row.successor + 1,
                authority=_office(world, row.authority),
                view_team_ids=frozenset(each + 1 for each in row.views),
                known_to=_ties(n, (*members, *world.records), lambda tie: tie.team),
            )
        return made[n]

    return [make(n) for n in range(len(world.teams))]


def _office(world: World, region: int | None) -> facts.OfficeFacts | None:
    return None if region is None else facts.OfficeFacts(region + 1, world.region_path(region))


def _ties(
    n: int, rows: Sequence[Personal], key: Callable[[Personal], int | None]
) -> frozenset[int]:
    return frozenset(row.volunteer + 1 for row in rows if key(row) == n)


def _addressed(world: World, row: Notice) -> frozenset[int]:
    """The volunteers of a notice's region, or with a membership in the hub's subtree."""
    if row.region is not None:
        place = world.region_path(row.region)
        return frozenset(
            n + 1
            for n, person in enumerate(world.volunteers)
            if world.region_path(person.region).startswith(place)
        )
    assert row.team is not None
    path = world.team_path(row.team)
    return frozenset(
        tie.volunteer + 1
        for tie in world.memberships
        if tie.status is MembershipStatus.JOINED
        and tie.team is not None
        and world.team_path(tie.team).startswith(path)
    )


def _acting(world: World, n: int, roles: set[TeamAdminRole]) -> ActingTeam:
    row = world.teams[n]
    return ActingTeam(
        id=n + 1,
        team_no=f"T{n}",
        name=row.name,
        path=world.team_path(n),
        region_path=world.region_path(row.region),
        status=row.status,
        permission_group=row.group,
        hub_level=row.hub,
        takes_teams=holds(row.group, Right.ALLOW_SUB_TEAM_REGISTRATION),
        has_branches=any(each.branch and each.parent == n for each in world.teams),
        roles=frozenset(roles),
    )
