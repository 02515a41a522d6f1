"""Random worlds: hubs, legal persons, branches, view teams, disabled ones, people and rows."""

from dataclasses import replace

from hypothesis import strategies as st

from db.enums import (
    CertificateStatus,
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
from tests.access.service_world import draw_services
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

MOST_TEAMS = 12
# Half of all teams work; the other states share the rest.
STATUSES = st.one_of(st.just(TeamStatus.ENABLED), st.sampled_from(TeamStatus))
STOPPED = {TeamStatus.DISABLED, TeamStatus.DISSOLVED}
COMPLAINED_OF = ["Team", "Project", "Volunteer", "ServiceRecord", "Certificate"]
LEVELS = [HubLevel.CITY, HubLevel.DISTRICT, HubLevel.TOWN, HubLevel.COMMUNITY]


@st.composite
def regions(draw: st.DrawFn) -> list[Region]:
    made = [Region(level=RegionLevel.PROVINCE)]
    for number in range(1, draw(st.integers(3, 8))):
        parent = draw(st.integers(max(0, number - 3), number - 1))
        made.append(Region(parent=parent))
    return made


@st.composite
def teams(draw: st.DrawFn, places: int) -> list[Team]:
    made: list[Team] = []
    taken: set[int] = set()
    for number in range(draw(st.integers(2, MOST_TEAMS))):
        region = draw(st.integers(0, places - 1))
        parent = draw(st.none() | st.integers(0, number - 1)) if number else None
        hub = draw(st.none() | st.sampled_from(LEVELS))
        if region in taken:  # one hub per region
            hub = None
        taken |= {region} if hub else set()
        legal = draw(st.integers(0, 3)) == 0
        on_branch = parent is not None and made[parent].legal and draw(st.booleans())
        status = draw(STATUSES)
        made.append(
            Team(
                region=region,
                parent=parent,
                status=status,
                group=draw(st.sampled_from(PermissionGroup)),
                hub=hub,
                legal=legal,
                branch=on_branch,
                authority=draw(st.none() | st.integers(0, places - 1)) if legal else None,
                successor=draw(st.none() | st.integers(0, number - 1))
                if number and status in STOPPED
                else None,
                views=tuple(
                    draw(st.sets(st.integers(0, number - 1), max_size=2)) if number else ()
                ),
            )
        )
    return made


@st.composite
def worlds(draw: st.DrawFn) -> World:
    places = draw(regions())
    squads = draw(teams(len(places)))
    people = [
        Volunteer(region=draw(st.integers(0, len(places) - 1)))
        for _ in range(draw(st.integers(1, 4)))
    ]
    team = st.integers(0, len(squads) - 1)
    region = st.integers(0, len(places) - 1)
    person = st.integers(0, len(people) - 1)
    accounts = _accounts(draw, len(people), len(squads), len(places))
    projects = draw(
        st.lists(
            st.builds(Project, team=team, status=st.sampled_from(ProjectStatus)),
            min_size=2,
            max_size=6,
        )
    )
    some_project = st.integers(0, len(projects) - 1) if projects else st.none()
    reviews = draw(
        st.lists(
            st.builds(
                _about,
                st.builds(
                    _review,
                    st.sampled_from(ReviewKind),
                    team,
                    st.none() | team,
                    region,
                    st.none() | st.integers(0, len(accounts) - 1),
                ),
                st.none() | person,
            ),
            max_size=12,
            # Of one person one thing of a kind waits at a time.
            unique_by=lambda row: object() if row.about is None else (row.kind, row.about),
        )
    )
    records = draw(
        st.lists(
            _personal(person, team, set(RecordStatus) - {RecordStatus.VOID}, some_project),
            min_size=2,
            max_size=6,
        )
    )
    return World(
        regions=places,
        teams=squads,
        volunteers=people,
        accounts=accounts,
        projects=projects,
        memberships=draw(
            st.lists(
                _personal(person, team, MembershipStatus),
                max_size=8,
                unique_by=lambda row: (row.volunteer, row.team),
            )
        ),
        sign_ups=_sign_ups(draw, person, projects),
        records=records,
        certificates=draw(
            st.lists(
                _personal(person, team | team | st.none(), [CertificateStatus.ISSUED]),
                min_size=4,
                max_size=8,
            )
        ),
        reviews=reviews,
        complaints=draw(
            st.lists(
                st.builds(
                    _held_by,
                    st.builds(
                        Complaint,
                        complainant=st.integers(0, len(accounts) - 1),
                        subject=st.sampled_from(COMPLAINED_OF),
                        team=st.none() | team,
                        about=st.none() | person,
                    ),
                    st.none() | team,
                    region,
                ),
                max_size=8,
            )
        ),
        submissions=draw(
            st.lists(
                st.builds(
                    Submission,
                    team=team,
                    author=st.integers(0, len(accounts) - 1),
                    volunteer=st.none() | person,
                    status=st.just(SubmissionStatus.PUBLISHED) | st.sampled_from(SubmissionStatus),
                ),
                min_size=2,
                max_size=8,
            )
        ),
        notices=draw(
            st.lists(
                st.builds(
                    _notice,
                    st.none() | team,
                    region,
                    st.lists(st.sampled_from(NoticeReader), min_size=1, max_size=2),
                    st.booleans(),
                    st.sampled_from([False, False, True]),
                ),
                max_size=6,
            )
        ),
        contracts=draw(st.lists(region, min_size=1, max_size=2)),
        **draw_services(
            draw,
            teams=squads,
            people=len(people),
            accounts=len(accounts),
            places=len(places),
            records=records,
        ),
    )


def _review(
    kind: ReviewKind, team: int, to_team: int | None, to_region: int, applicant: int | None
) -> Review:
    if kind in (ReviewKind.MEMBERSHIP, ReviewKind.RECORD_APPLICATION):
        to_team = team
    region = to_region if to_team is None else None
    return Review(team=team, kind=kind, to_team=to_team, to_region=region, applicant=applicant)


def _about(review: Review, person: int | None) -> Review:
    return review if review.kind.name.startswith("TEAM") else replace(review, about=person)


def _held_by(complaint: Complaint, to_team: int | None, to_region: int) -> Complaint:
    return replace(complaint, to_team=to_team, to_region=to_region if to_team is None else None)


def _notice(
    team: int | None, region: int, readers: list[NoticeReader], station: bool, withdrawn: bool
) -> Notice:
    return Notice(
        readers=tuple(readers),
        team=team,
        region=region if team is None else None,
        station=station and team is None,
        withdrawn=withdrawn,
    )


def _personal(person, team, statuses, project=None):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
    return st.builds(
        Personal,
        volunteer=person,
        team=team,
        status=st.sampled_from(sorted(statuses)),
        project=st.none() if project is None else st.none() | project,
    )


def _sign_ups(draw: st.DrawFn, person: st.SearchStrategy[int], projects: list[Project]) -> list:  # type: ignore[type-arg]
    """Sign-ups to projects, each for the project's team, at most one a person."""
    if not projects:
        return []
    rows = draw(
        st.lists(
            st.tuples(person, st.integers(0, len(projects) - 1), st.sampled_from(SignUpStatus)),
            min_size=1,
            max_size=6,
            unique_by=lambda row: row[:2],
        )
    )
    return [
        Personal(volunteer=who, project=project, team=projects[project].team, status=status)
        for who, project, status in rows
    ]


def _accounts(draw: st.DrawFn, people: int, squads: int, places: int) -> list[Account]:
    """One person for each volunteer and some others; each may be named by teams and offices."""
    made = []
    for number in range(people + draw(st.integers(1, 4))):
        named = draw(
            st.lists(
                st.tuples(st.integers(0, squads - 1), st.sampled_from(TeamAdminRole)),
                min_size=1,
                max_size=3,
                unique=True,
            )
        )
        offices = draw(st.sets(st.integers(0, places - 1), max_size=1))
        made.append(
            Account(
                volunteer=number if number < people else None,
                teams=tuple(named),
                offices=tuple(offices),
                editor=draw(st.integers(0, 3)) == 0,
            )
        )
    return made
