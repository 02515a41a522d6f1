"""One world of a hundred teams, drawn once and the same in every run."""

from dataclasses import replace
from random import Random
from typing import Any

from db.enums import (
    CertificateStatus,
    ComplaintStatus,
    HubLevel,
    MembershipStatus,
    NoticeReader,
    PermissionGroup,
    ProjectStatus,
    RecordStatus,
    RegionLevel,
    ReviewKind,
    SignUpStatus,
    SubmissionStatus,
    TeamAdminRole,
    TeamStatus,
)
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
    Volunteer,
    World,
)
from tests.fuzz.drawn_services import drawn_services

COUNTIES, TOWNS = range(1, 5), range(5, 17)
HUBS = 13
DISABLED_HUBS = {4, 9}
STOPPED = {TeamStatus.DISABLED, TeamStatus.DISSOLVED}
TEAMS, PEOPLE, MANAGERS, PROJECTS = 100, 40, 60, 120
TIES, REVIEWS, VOICES = 240, 200, 120
LEVELS = {0: HubLevel.CITY, 1: HubLevel.DISTRICT, 2: HubLevel.TOWN}


def drawn_world(seed: int) -> World:
    """A province of four counties and twelve towns, a hub in most of them, teams below the hubs."""
    draw = Random(seed)  # noqa: S311 - not for secrets
    regions = [Region(level=RegionLevel.PROVINCE)]
    regions += [Region(parent=0) for _ in COUNTIES]
    regions += [Region(parent=1 + town % 4, level=RegionLevel.TOWN) for town in TOWNS]
    teams = _teams(draw, regions)
    projects = [
        Project(team=draw.randrange(TEAMS), status=draw.choice(list(ProjectStatus)))
        for _ in range(PROJECTS)
    ]
    world = World(
        regions=regions,
        teams=teams,
        volunteers=[Volunteer(region=draw.randrange(len(regions))) for _ in range(PEOPLE)],
        accounts=[_account(draw, n, len(regions)) for n in range(PEOPLE + MANAGERS)],
        projects=projects,
        memberships=_ties(draw, list(MembershipStatus), TEAMS),
        sign_ups=[
            Personal(
                volunteer=each.volunteer,
                project=each.team,
                team=projects[each.team or 0].team,
                status=each.status,
            )
            for each in _ties(draw, list(SignUpStatus), PROJECTS)
        ],
        records=[_record(draw, projects) for _ in range(TIES)],
        certificates=[
            Personal(
                volunteer=draw.randrange(PEOPLE),
                team=draw.choice([None, draw.randrange(TEAMS)]),
                status=CertificateStatus.ISSUED,
            )
            for _ in range(TIES)
        ],
        reviews=[_review(draw, len(regions)) for _ in range(REVIEWS)],
        complaints=[_complaint(draw, teams, len(regions)) for _ in range(VOICES)],
        submissions=[
            Submission(
                team=draw.randrange(TEAMS),
                author=draw.randrange(PEOPLE + MANAGERS),
                volunteer=draw.choice([None, draw.randrange(PEOPLE)]),
                status=draw.choice(list(SubmissionStatus)),
            )
            for _ in range(VOICES)
        ],
        notices=[_notice(draw, len(regions)) for _ in range(VOICES // 2)],
        contracts=[1, 2, 3, 0],
    )
    return replace(world, **drawn_services(draw, world))


def _teams(draw: Random, regions: list[Region]) -> list[Team]:
    """Hubs first, each below that of its region's parent; then teams anywhere."""
    teams: list[Team] = []
    for number in range(TEAMS):
        is_hub = number < HUBS
        region = number if is_hub else draw.randrange(len(regions))
        above = (
            regions[region].parent if is_hub else draw.choice([None, *range(number), *range(HUBS)])
        )
        parent = teams[above] if above is not None else None
        legal = not is_hub and draw.random() < 0.25
        depth = sum(1 for _ in _above(teams, above))
        teams.append(
            Team(
                region=region,
                parent=above if depth < 8 else None,
                status=_status(draw, number, legal=legal),
                group=draw.choice(list(PermissionGroup)),
                hub=LEVELS[_depth(regions, region)] if is_hub else None,
                legal=legal,
                branch=parent is not None and parent.legal,
                authority=draw.randrange(len(regions)) if legal else None,
                successor=(number + 1) % TEAMS if number % 4 else None,
                views=tuple(draw.sample(range(number), min(number, draw.randrange(3)))),
            )
        )
    return teams


def _status(draw: Random, number: int, *, legal: bool) -> TeamStatus:
    """Two hubs and half of the legal persons are disabled; most other teams work."""
    if number < HUBS:
        return TeamStatus.DISABLED if number in DISABLED_HUBS else TeamStatus.ENABLED
    if legal and number % 2:
        return TeamStatus.DISABLED
    return draw.choice([TeamStatus.ENABLED, draw.choice(list(TeamStatus))])


def _above(teams: list[Team], number: int | None) -> list[int]:
    chain = []
    while number is not None:
        chain.append(number)
        number = teams[number].parent
    return chain


def _depth(regions: list[Region], number: int) -> int:
    above = regions[number].parent
    return 0 if above is None else 1 + _depth(regions, above)


def _account(draw: Random, number: int, places: int) -> Account:
    """The first are volunteers; of these few, of the others all, manage a team or rule a region."""
    if number < PEOPLE and number % 4:
        return Account(volunteer=number)
    named = (
        draw.sample(range(TEAMS), 1) if number % 2 or number % 8 == 0 else [draw.randrange(HUBS)]
    )
    return Account(
        volunteer=number if number < PEOPLE else None,
        teams=tuple((team, TeamAdminRole.MANAGER) for team in named),
        offices=(draw.randrange(1, places),) if number % 3 == 0 else (),
        editor=number % 20 == 7,
    )


def _ties(draw: Random, statuses: list, others: int) -> list[Personal]:  # type: ignore[type-arg]
    """At most one between a person and a team, or a person and a project."""
    pairs = sorted({(draw.randrange(PEOPLE), draw.randrange(others)) for _ in range(TIES)})
    return [
        Personal(volunteer=who, team=other, status=draw.choice(statuses)) for who, other in pairs
    ]


def _record(draw: Random, projects: list[Project]) -> Personal:
    project = draw.choice([None, *range(PROJECTS)])
    of_project = project is not None and draw.random() < 0.7
    return Personal(
        volunteer=draw.randrange(PEOPLE),
        team=projects[project or 0].team if of_project else draw.randrange(TEAMS),
        status=draw.choice(sorted(set(RecordStatus) - {RecordStatus.VOID})),
        project=project,
    )


def _review(draw: Random, places: int) -> Review:
    kind, team = draw.choice(list(ReviewKind)), draw.randrange(TEAMS)
    to_team = draw.choice([None, draw.randrange(TEAMS), draw.randrange(HUBS)])
    if kind is ReviewKind.MEMBERSHIP:
        to_team = team
    return Review(
        team=team,
        kind=kind,
        to_team=to_team,
        to_region=draw.randrange(places) if to_team is None else None,
        applicant=draw.choice([None, draw.randrange(PEOPLE + MANAGERS), draw.randrange(PEOPLE)]),
    )


def _complaint(draw: Random, teams: list[Team], places: int) -> Complaint:
    """A complaint; what a team held that stopped was decided, for the station hands on the rest."""
    to_team = draw.choice([None, draw.randrange(TEAMS), draw.randrange(HUBS)])
    given = Complaint(
        complainant=draw.randrange(PEOPLE + MANAGERS),
        subject=draw.choice(["Team", "Project", "Volunteer", "ServiceRecord"]),
        team=draw.randrange(TEAMS),
        about=draw.choice([None, draw.randrange(PEOPLE)]),
        to_team=to_team,
        to_region=draw.randrange(places) if to_team is None else None,
        status=draw.choice(list(ComplaintStatus)),
    )
    has_stopped = to_team is not None and teams[to_team].status in STOPPED
    return replace(given, status=ComplaintStatus.CLOSED) if has_stopped else given


def _notice(draw: Random, places: int) -> Notice:
    """One of three is to anyone; most others are to some."""
    team = draw.choice([None, draw.randrange(TEAMS), draw.randrange(HUBS)])
    return Notice(
        readers=tuple(draw.sample(list(NoticeReader), draw.choice([1, 1, 2]))),
        team=team,
        region=draw.randrange(places) if team is None else None,
        station=team is None and draw.random() < 0.3,
        withdrawn=draw.random() < 0.2,
    )


STATION = """
insert into stations (id, number, code, name, host, region_id, phase)
values (1, 50, 'CQ', '志愿重庆', 'cq.localhost', 1, 'FORMAL')
"""
POSTS = "update service_records set post_id = project_id"
AFFILIATED = "update teams set affiliated_org_id = (id + 2) % 100 + 1"
ALLOWED = """
insert into project_teams (project_id, team_id)
select id, unnest(array[(id * 7) % 100 + 1, (id * 7 + 31) % 100 + 1]) from projects
"""
EXCLUDED = """
insert into project_exclusions (project_id, other_id) select id, (id + 59) % 120 + 1 from projects
"""
CATEGORY = "insert into service_categories (code, name, position) values ('01', '社区服务', 1)"
# What recruits does so now, so that people can sign up; nothing is due that a clock would do.
DATES = """
update projects set
  starts_at = case status when 'RUNNING' then now() - interval '1 hour'
    else now() + interval '2 days' end,
  ends_at = now() + interval '30 days', recruit_starts_at = null, recruit_ends_at = null
where status in ('WAITING', 'RUNNING', 'DISABLED')
"""
# Of the counties, stations of a field of service; who keeps whose page.
PLATFORMS = """
insert into stations (id, number, code, name, host, region_id, phase, service_categories)
select n, 998 + n, 'SP' || n, '分站' || n, 'sp' || n || '.localhost', n, 'TRIAL', '{01}'
from generate_series(2, 5) n
"""
KEEPERS = """
insert into station_admins (station_id, account_id) select id % 5 + 1, id from accounts
where id % 3 = 0
"""
STATIONS = 5
# Who was named for an office long ago may be reminded to come.
AWAY = "update department_users set granted_at = now() - interval '60 days'"
# What a review asks for, and what a stopped project returns to, as whoever wrote them left it.
ASKED = """update reviews set change = '{"values": {}, "before": {}}' where kind = 'TEAM_CHANGE'"""
BEFORE = "update projects set status_before = 'WAITING' where status = 'DISABLED'"
# A post has as many as are on it, and room for them.
JOINED = """
update posts p set joined = s.taken, planned = greatest(p.planned, s.taken)
from (
  select post_id, count(*) as taken from sign_ups
  where status in ('ACCEPTED', 'ATTENDED', 'NO_SHOW') group by post_id
) s
where s.post_id = p.id
"""
HOURS = """
update volunteers v set effective_minutes = coalesce((
    select sum(minutes) from service_records r
    where r.volunteer_id = v.id and r.status = 'EFFECTIVE'
), 0)
"""


def keeps_station(account: int, station: int) -> bool:
    """Whether an account keeps the page of a station; both by their places."""
    return (account + 1) % 3 == 0 and station == (account + 1) % STATIONS


def affiliated(number: int) -> int:
    """The organisation that a team is part of."""
    return (number + 3) % TEAMS


def allowed_teams(number: int) -> list[int]:
    """The teams that a project recruits from."""
    return [((number + 1) * 7) % TEAMS, ((number + 1) * 7 + 31) % TEAMS]


def excluded(number: int) -> int:
    """The project that another excludes."""
    return (number + PROJECTS // 2) % PROJECTS


async def complete(connection: Any) -> None:
    """Stores what other worlds leave out: edges beside the trees, hours, a station."""
    for statement in (
        *(AFFILIATED, ALLOWED, EXCLUDED, POSTS, STATION, CATEGORY, DATES, JOINED, HOURS),
        *(ASKED, BEFORE, PLATFORMS, KEEPERS, AWAY),
    ):
        await connection.execute(statement)
