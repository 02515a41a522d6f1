"""No way round by what is no list of rows: explanations, figures of regions, stations."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from db.enums import RegionLevel
from permissions.actions import Action
from permissions.viewer import Role, Viewer
from schema.ids import decode, encode
from tests.access.oracle import RUNNING
from tests.fuzz.checking import Check
from tests.fuzz.documents import IDENTIFIED
from tests.fuzz.drawn_world import STATIONS, keeps_station
from tests.fuzz.figures import NAMES, region_figures, team_figures
from tests.fuzz.mutating import STRANGE
from tests.fuzz.paths import CANDIDATES
from tests.fuzz.station import ENOUGH, NIGHTLY, SEED, Station, post

pytestmark = pytest.mark.asyncio(loop_scope="module")

OVERSEERS = [Role.HUB, Role.DEPARTMENT]
NAMED = re.compile(r"队(\d+)")
SOME = 12
FEW = 4  # viewers who write about stations
# An action beside reading, of each entity that one is done to.
DONE = {
    "Team": Action.TEAM_DISABLE,
    "Project": Action.PROJECT_REVIEW,
    "Volunteer": Action.STAR_RATE,
    "Membership": Action.MEMBERSHIP_END,
    "SignUp": Action.SIGN_UP_DECIDE,
    "ServiceRecord": Action.RECORD_VOID,
    "Certificate": Action.CERTIFICATE_REVOKE,
    "Review": Action.REVIEW_DECIDE,
    "Region": Action.REGION_EXPORT,
    "Administrator": Action.ADMINISTRATOR_REMOVE,
}


@pytest.mark.parametrize("role", OVERSEERS)
@pytest.mark.parametrize("entity", IDENTIFIED)
async def test_what_may_not_be_read_is_not_explained_and_nobody_hidden_is_named(
    station: Station, role: Role, entity: str
) -> None:
    told = refused = 0
    for viewer in station.viewers[role]:
        check = station.check(viewer)
        numbers = drawn(check, entity)
        for action in sorted({Action.READ, DONE.get(entity, Action.READ)}):
            answers = await explained(station, viewer, action, entity, numbers)
            for number, answer in zip(numbers, answers, strict=True):
                where = (viewer.capacity, action, entity, number)
                assert (answer is not None) == check.reads(entity, number), where
                if answer is None:
                    refused += 1
                    continue
                told += 1
                assert action is not Action.READ or answer["allowed"], where
                for named in NAMED.findall(" ".join(answer["steps"])):
                    assert check.reads("Team", int(named)), (where, answer)
        if not NIGHTLY and min(told, refused) >= ENOUGH:
            break

    assert told >= ENOUGH or (role, entity) == (Role.HUB, "Administrator")
    assert refused >= ENOUGH or entity == "Region"


def drawn(check: Check, entity: str) -> list[int]:
    """Rows from inside the viewer's scope, as many from outside, and some that do not exist."""
    rows = range(len(check.oracle.world.rows()[entity]))
    inside = [n for n in rows if check.reads(entity, n)]
    outside = [n for n in rows if not check.reads(entity, n)]
    draw = Random(f"{SEED} {entity}")  # noqa: S311 - not for secrets
    some = [draw.sample(each, min(len(each), SOME)) for each in (inside, outside)]
    return [*some[0], *some[1], len(rows), len(rows) + 7]


async def explained(
    station: Station, viewer: Viewer, action: Action, entity: str, numbers: Sequence[int]
) -> list[Any]:
    asked = " ".join(
        f'a{n}: explainAccess(action: {action}, id: "{encode(entity, n + 1)}")'
        " { allowed because steps }"
        for n in numbers
    )
    answer = await post(station, viewer, f"{{ {asked} }}")
    return [answer.good[f"a{n}"] for n in numbers]


ACCOUNTABLE = [Role.TEAM, Role.HUB, Role.DEPARTMENT, Role.PARTNER]
TOTALS = " ".join(NAMES)
OF_REGION = f"""
statistics {{ {TOTALS} }} childStatistics(months: 1) {{ region {{ id }} totals {{ {TOTALS} }} }}
"""
OF_TEAM = f"""
statistics {{ {TOTALS} }} childStatistics(months: 1) {{ team {{ id }} totals {{ {TOTALS} }} }}
"""


@pytest.mark.parametrize("role", [Role.HUB, Role.DEPARTMENT, Role.PARTNER])
async def test_figures_of_regions_are_exact_and_for_who_answers_for_them(
    station: Station, role: Role
) -> None:
    given = refused = 0
    oracle, world = station.oracle, station.oracle.world
    counted = [region_figures(oracle, n) for n in range(len(world.regions))]
    for viewer in station.viewers[role]:
        asked = " ".join(
            f'a{n}: region(code: "R{n}") {{ {OF_REGION} }}'
            f' b{n}: rankings(scope: {{regionCode: "R{n}"}}, metric: TEAMS, first: 100)'
            " { value region { id } }"
            f' c{n}: rankings(scope: {{regionCode: "R{n}"}}, metric: MINUTES, first: 100,'
            " of: TEAMS) { rank value team { id } }"
            for n in range(len(world.regions))
        )
        data = (await post(station, viewer, f"{{ {asked} }}")).good
        for n in range(len(world.regions)):
            region = data[f"a{n}"]
            answers = oracle.sees_figures(viewer, n)
            below = [m for m, each in enumerate(world.regions) if answers and each.parent == n]
            where = (viewer.capacity, n)
            assert region["statistics"] == (counted[n] if answers else None), where
            assert {
                number_of(each["region"]): each["totals"] for each in region["childStatistics"]
            } == {m: counted[m] for m in below}, where
            assert {number_of(each["region"]): each["value"] for each in data[f"b{n}"]} == {
                m: counted[m]["teams"] for m in below
            }, where
            compared = [
                (number, team_figures(oracle, number)["minutes"])
                for number, team in enumerate(world.teams)
                if answers
                and n in oracle.regions_up(team.region)
                and team.hub is None
                and team.status.value in RUNNING
                and oracle.sees_team_figures(viewer, number)
            ]
            assert len(compared) <= 100, where
            led = [(number_of(each["team"]), each["value"]) for each in data[f"c{n}"]]
            assert sorted(led) == compared, where
            values = sorted((value for _, value in compared), reverse=True)
            assert [value for _, value in led] == values, where
            assert [each["rank"] for each in data[f"c{n}"]] == [
                values.index(value) + 1 for value in values
            ], where
            given += answers
            refused += not answers
        if not NIGHTLY and min(given, refused) >= ENOUGH:
            break

    assert given >= ENOUGH
    assert refused >= ENOUGH


@pytest.mark.parametrize("role", ACCOUNTABLE)
async def test_figures_of_teams_are_exact_and_name_no_hidden_team(
    station: Station, role: Role
) -> None:
    given = refused = below_given = 0
    oracle, world = station.oracle, station.oracle.world
    counted = [team_figures(oracle, n) for n in range(len(world.teams))]
    for viewer in station.viewers[role]:
        own = oracle.acts_for(viewer)
        for numbers in batches(range(len(world.teams)), 25):
            asked = " ".join(
                f'a{n}: node(id: "{encode("Team", n + 1)}") {{ ... on Team {{ {OF_TEAM} }} }}'
                f' b{n}: rankings(scope: {{teamId: "{encode("Team", n + 1)}"}}, metric: PROJECTS,'
                " first: 100) { value team { id } }"
                for n in numbers
            )
            data = (await post(station, viewer, f"{{ {asked} }}")).good
            for n in numbers:
                where = (viewer.role, viewer.capacity, n)
                team = data[f"a{n}"]
                if not oracle.reads(viewer, "Team", n):
                    assert (team, data[f"b{n}"]) == (None, []), where
                    refused += 1
                    continue
                answers = oracle.sees_team_figures(viewer, n)
                chosen = own is not None and own in world.teams[n].views
                shown = answers or chosen
                assert team["statistics"] == (counted[n] if shown else None), where
                # Who sees a team's figures by a view link sees nothing of those below it.
                below = {
                    m: counted[m]
                    for m, each in enumerate(world.teams)
                    if each.parent == n
                    and answers
                    and oracle.sees_team_figures(viewer, m)
                    and oracle.reads(viewer, "Team", m)
                }
                assert {
                    number_of(each["team"]): each["totals"] for each in team["childStatistics"]
                } == below, where
                assert {number_of(each["team"]): each["value"] for each in data[f"b{n}"]} == {
                    m: each["projects"] for m, each in below.items()
                }, where
                given += shown
                refused += not shown
                below_given += len(below)
        if not NIGHTLY and min(given, refused, below_given) >= ENOUGH:
            break

    assert given >= ENOUGH
    assert refused >= ENOUGH
    assert below_given >= ENOUGH or role is Role.TEAM


def number_of(row: Any) -> int:
    return decode(row["id"])[1] - 1


def batches(numbers: Sequence[int], size: int) -> list[Sequence[int]]:
    return [numbers[start : start + size] for start in range(0, len(numbers), size)]


@pytest.mark.parametrize("role", [Role.TEAM, Role.HUB, Role.DEPARTMENT])
@pytest.mark.parametrize("field", CANDIDATES)
async def test_candidates_are_volunteers_whom_the_viewer_sees(
    station: Station, role: Role, field: str
) -> None:
    root = station.schemas[role].query_type
    if root is None or field not in root.fields:
        return
    given = 0
    for viewer in station.viewers[role]:
        asked = f"{{ {field}(first: 100) {{ totalCount nodes {{ id }} }} }}"
        answer = await post(station, viewer, asked)
        if answer.errors:
            assert set(answer.codes) <= {"INVALID_INPUT", "FORBIDDEN"}, answer.errors
            continue
        found = [decode(each["id"])[1] - 1 for each in answer.data[field]["nodes"]]
        hidden = [n for n in found if not station.check(viewer).reads("Volunteer", n)]
        assert (hidden, answer.data[field]["totalCount"]) == ([], len(found)), viewer.capacity
        given += len(found)

    assert given >= ENOUGH or field == "starCandidates"


@pytest.mark.parametrize("role", Role)
async def test_stations_are_everyones_and_strange_hosts_nobodys(
    station: Station, role: Role
) -> None:
    viewer = station.viewers[role][0]
    hosts = ["cq.localhost", "nowhere.localhost"]
    asked = " ".join(
        f'a{n}: station(host: "{hosts[n % 2]}") {{ id code }}' for n in range(2 * ENOUGH)
    )

    data = (await post(station, viewer, f"{{ {asked} }}")).good
    found = data["a0"]
    again = await post(station, viewer, f'{{ node(id: "{found["id"]}") {{ id __typename }} }}')

    assert [data[f"a{n}"] for n in range(2 * ENOUGH)] == [found, None] * ENOUGH
    assert again.good["node"] == {"id": found["id"], "__typename": "Station"}


def some_of(station: Station, role: Role) -> Sequence[Viewer]:
    """A few of a role: first departments of counties, which stations serve, and who keeps one."""

    def keeps(viewer: Viewer) -> bool:
        account = viewer.account_id
        return account is not None and any(keeps_station(account - 1, n) for n in range(STATIONS))

    found = sorted(
        station.viewers[role], key=lambda each: (each.office_path.count("/"), not keeps(each))
    )
    return found if NIGHTLY else found[:FEW]


@dataclass(frozen=True, slots=True)
class StationWrite:
    """A write about the station of a place, and whether it is for the viewer."""

    name: str
    place: int
    given: str
    may: bool


def station_writes(station: Station, viewer: Viewer) -> Iterator[StationWrite]:
    """What is tried on each station, which serves the region of its place, and on none.

    The province's is the ministry's to switch, and nobody of it is there.
    """
    for place in (*range(STATIONS), STRANGE):
        named = f'stationId: "{encode("Station", place + 1)}"'
        person = f'{named}, username: "u0", name: "用户0"'
        office = place != STRANGE and station.oracle.office(viewer, place)
        keeps = viewer.account_id is not None and keeps_station(viewer.account_id - 1, place)
        page = f'{named}, headline: "邻里互助"'
        yield StationWrite("updateStation", place, page, office or keeps)
        yield StationWrite("nameStationAdmin", place, person, office)
        yield StationWrite("removeStationAdmin", place, person, office)
        phase = f"{named}, phase: FORMAL"
        yield StationWrite("setStationPhase", place, phase, office and place > 0)


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.PARTNER])
async def test_stations_are_changed_by_who_answers_for_them_alone(
    station: Station, role: Role
) -> None:
    root = station.schemas[role].mutation_type
    fields = set() if root is None else set(root.fields)
    made: Counter[tuple[str, bool]] = Counter()
    for viewer in some_of(station, role):
        for write in station_writes(station, viewer):
            if write.name not in fields:
                continue
            shown = "{ station { id } userErrors { code } }"
            text = f"mutation {{ a: {write.name}(input: {{{write.given}}}) {shown} }}"
            answer = await post(station, viewer, text)
            where = (viewer.capacity, write, answer.body)
            if write.place == STRANGE:
                told = {"station": None, "userErrors": [{"code": "NOT_FOUND"}]}
                assert answer.good["a"] == told, where
                continue
            made[write.name, write.may] += 1
            if not write.may:
                assert answer.codes == ["FORBIDDEN"], where
            else:
                assert number_of(answer.good["a"]["station"]) == write.place, where

    assert {name for name in fields if "Station" in name} == STATIONS_OF[role]
    tried = STATIONS_OF[role] - {"openStation"}
    assert {name for name in tried if not made[name, False]} == set()
    assert {name for name in tried if not made[name, True]} == set()


KEPT = {"updateStation"}
STATIONS_OF = {
    **dict.fromkeys([Role.VOLUNTEER, Role.TEAM, Role.HUB], KEPT),
    Role.PUBLIC: set[str](),
    Role.DEPARTMENT: KEPT
    | {"nameStationAdmin", "removeStationAdmin", "setStationPhase", "openStation"},
}


async def test_station_of_a_field_is_opened_by_who_answers_for_its_region_alone(
    station: Station,
) -> None:
    opened: Counter[bool] = Counter()
    regions = station.oracle.world.regions
    for n, viewer in enumerate(some_of(station, Role.DEPARTMENT)):
        for place, region in enumerate(regions):
            given = (
                f'regionCode: "R{place}", code: "NEW{n}X{place}", name: "新站{n}-{place}",'
                f' host: "new{n}-{place}.localhost", serviceCategories: ["01"]'
            )
            shown = "{ station { id } userErrors { code } }"
            answer = await post(
                station, viewer, f"mutation {{ a: openStation(input: {{{given}}}) {shown} }}"
            )
            may = station.oracle.office(viewer, place) and region.level is not RegionLevel.TOWN
            where = (viewer.capacity, place, answer.body)
            if may:
                assert answer.good["a"]["userErrors"] == [], where
            else:
                assert answer.codes == ["FORBIDDEN"], where
            opened[may] += 1

    assert min(opened[True], opened[False]) > 0
