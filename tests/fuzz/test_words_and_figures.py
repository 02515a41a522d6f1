"""No way round by what is no list of rows: explanations, figures of regions, stations."""

import re
from collections.abc import Sequence
from random import Random
from typing import Any

import pytest

from permissions.actions import Action
from permissions.viewer import Role, Viewer
from schema.ids import decode, encode
from tests.fuzz.checking import Check
from tests.fuzz.documents import IDENTIFIED
from tests.fuzz.paths import CANDIDATES
from tests.fuzz.station import ENOUGH, NIGHTLY, SEED, Station, post

pytestmark = pytest.mark.asyncio(loop_scope="module")

OVERSEERS = [Role.HUB, Role.DEPARTMENT]
NAMED = re.compile(r"队(\d+)")
SOME = 12
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


@pytest.mark.parametrize("role", OVERSEERS)
async def test_figures_are_given_to_who_answers_for_the_region_alone(
    station: Station, role: Role
) -> None:
    given = refused = 0
    world = station.oracle.world
    for viewer in station.viewers[role]:
        asked = " ".join(
            f'a{n}: region(code: "R{n}")'
            " { statistics { volunteers } childStatistics { region { code } } }"
            for n in range(len(world.regions))
        )
        data = (await post(station, viewer, f"{{ {asked} }}")).good
        for n in range(len(world.regions)):
            region = data[f"a{n}"]
            below = [f"R{m}" for m, each in enumerate(world.regions) if each.parent == n]
            answers = answers_for(station.check(viewer), viewer, n)
            assert (region["statistics"] is not None) == answers, (viewer.capacity, n)
            found = {each["region"]["code"] for each in region["childStatistics"]}
            assert found == (set(below) if answers else set()), (viewer.capacity, n)
            given += answers
            refused += not answers

    assert given >= ENOUGH
    assert refused >= ENOUGH


def answers_for(check: Check, viewer: Viewer, region: int) -> bool:
    """Whether the viewer's office, or hub, is of the region or of one above it."""
    return check.oracle.office(viewer, region) or check.oracle.hub_of_area(viewer, region)


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
