"""No way round by writing: a hidden target is a missing one, and no payload shows a hidden row."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from random import Random
from typing import Any

import pytest

from permissions.viewer import Role, Viewer
from schema.ids import decode
from tests.access.asking import Asker
from tests.access.oracle import Oracle
from tests.api.client import Answer
from tests.fuzz.mutating import STRANGE, Call, Writer, given_rows
from tests.fuzz.read_world import read_world
from tests.fuzz.sensible import is_known, promising
from tests.fuzz.station import ENOUGH, NIGHTLY, SEARCHED, SEED, Station, post
from tests.small_world import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

WRITING = [role for role in Role if role is not Role.PARTNER]  # who has mutations about rows
ROUNDS = 60 if NIGHTLY else 3
ASKED = SEARCHED if NIGHTLY else 9
WANTED = ENOUGH if NIGHTLY else 1
# Payloads that several mutations share, of which these never fill the entity.
NEVER = {
    f"{name} Review"
    for name in (
        *("checkLegalPerson", "dissolveTeam", "handOverTeam", "nameTeamStaff", "removeTeamStaff"),
        *("setAffiliatedOrg", "setPermissionGroup", "setViewTeams"),
    )
}
# What asks for rows that the drawn world lacks, or for two rows that fit each other: it is made in
# the tests of its own, and here when chance has it.
HARD = {
    *("answerTeamMove Review", "answerTeamMove Team", "moveTeam Review", "moveTeam Team"),
    *("answerTransfer Team", "answerTransfer Volunteer", "transferRecords Team"),
    *("transferRecords Volunteer", "withdrawTransfer Team", "withdrawTransfer Volunteer"),
    *("cancelCertificateRequest Certificate", "declineCertificate Certificate"),
    *("changePost SignUp", "checkIn SignUp", "checkOut SignUp", "leaveTeam Membership"),
    *("completeRecord ServiceRecord", "correctRecord ServiceRecord", "endMembership Membership"),
    *("applyForRecord ServiceRecord", "evaluateParticipation Volunteer", "rateStar Volunteer"),
    *("handOverTeam Team", "nameTeamStaff Team", "removeTeamStaff Team", "setLocalPolicy Region"),
    *("nameRecordingTeam Project", "removePost Project", "submitProject Project"),
    *("updateProject Project", "withdrawProject Project"),
    *("registerTeam Review", "updateTeam Review", "updateTeam Team"),
    *("handOverAdministrator Administrator", "issueAdministrator Administrator"),
    *("resetAdministratorPassword Administrator", "inviteToProject SignUp"),
    "setPermissionGroup Team",
}


def writer_of(station: Station, viewer: Viewer, purpose: str) -> Writer:
    return Writer(
        draw=Random(f"{SEED} {viewer.role} {viewer.capacity} {purpose}"),  # noqa: S311 - no secret
        schema=station.schemas[viewer.role],
        world=station.oracle.world,
        viewer=viewer,
        reads=station.check(viewer).reads,
    )


@pytest.mark.parametrize("role", WRITING)
async def test_hidden_target_is_answered_like_a_missing_one(station: Station, role: Role) -> None:
    refused: Counter[str] = Counter()
    aimed: set[str] = set()
    for viewer in station.viewers[role]:
        writer = writer_of(station, viewer, "hidden")
        check = station.check(viewer)
        for name in writer.mutations():
            call = writer.call(name, inside=False)
            if call.target is None:
                continue
            aimed.add(name)
            entity, _ = call.target
            rows = range(len(station.oracle.world.rows()[entity]))
            hidden = [n for n in rows if not check.reads(entity, n)][: ENOUGH - refused[name]]
            if not hidden:
                continue
            told = await answers(station, viewer, call, [*hidden, STRANGE])
            for n in hidden:
                assert told[n] == told[STRANGE], (viewer.capacity, call.text("a", n))
                assert not list(given_rows(told[n])), (viewer.capacity, call.text("a", n))
            refused[name] += len(hidden)

    assert {name for name in aimed if refused[name] < ENOUGH} <= ALL_SEEN


async def answers(
    station: Station, viewer: Viewer, call: Call, numbers: Sequence[int]
) -> Mapping[int, Any]:
    """What a call is answered for each row: a payload, or the error that leaves none."""
    fields = [call.text(f"a{n}", n) for n in numbers]
    whole = await post(station, viewer, f"mutation {{ {' '.join(fields)} }}")
    if whole.body.get("data") is not None:
        return {n: whole.data[f"a{n}"] for n in numbers}
    found = {}
    for n in numbers:  # an error of one leaves no data for all
        answer = await post(station, viewer, f"mutation {{ {call.text('a', n)} }}")
        (error,) = answer.errors
        found[n] = {"code": error["extensions"]["code"], "message": error["message"]}
    return found


# Regions are everyone's; nothing that a volunteer names for these is hidden from them.
ALL_SEEN: set[str] = set()


@pytest.mark.parametrize("role", WRITING)
async def test_payload_shows_what_the_viewer_may_see_after_the_write(
    station: Station, role: Role
) -> None:
    given: Counter[tuple[str, str]] = Counter()
    viewers = station.viewers[role][:ASKED]
    shown = {
        name: writer_of(station, viewers[0], "payload").shown(name)
        for name in writer_of(station, viewers[0], "payload").mutations()
    }
    async with connected(station.url) as connection:
        for name, entities in shown.items():
            for viewer in viewers:
                if all(given[name, each] >= WANTED for each in entities):
                    break
                async for call, answer in writes(station, connection, viewer, name):
                    found = list(given_rows(answer.body.get("data")))
                    given.update({(name, entity) for entity, _ in found})
                    await all_seen(station, connection, viewer, call, found)

    thin = {
        f"{name} {entity}"
        for name, entities in shown.items()
        for entity in entities
        if given[name, entity] < WANTED and (NIGHTLY or is_known(name))
    }
    assert thin <= NEVER | HARD
    assert not {f"{name} {entity}" for name, entity in given} & NEVER


async def writes(
    station: Station, connection: Any, viewer: Viewer, name: str
) -> AsyncIterator[tuple[Call, Answer]]:
    """Some writes of one mutation: as a person would make them, and anyhow."""
    writer = writer_of(station, viewer, f"payload {name}")
    entity = writer.target(name)
    rows = None
    if entity is not None:
        asker = Asker(connection)
        rows = await promising(asker, station.oracle.world, viewer, name, entity)
    for attempt in range(ROUNDS):
        sensible = attempt % 3 != 2
        if sensible and rows is not None and not rows:
            continue
        onto = writer.draw.choice(rows) if sensible and rows else None
        call = writer.call(name, inside=True, onto=onto, sensible=sensible)
        yield call, await post(station, viewer, f"mutation {{ {call.text('a')} }}")


async def all_seen(
    station: Station,
    connection: Any,
    viewer: Viewer,
    call: Call,
    found: Sequence[tuple[str, str]],
) -> None:
    """Holds the rows of an answer against what the oracle says of the world as it is now."""
    if not found:
        return
    world, places = await read_world(connection, station.oracle.world)
    for entity, number in found:
        place = places[entity][decode(number)[1]]
        assert Oracle(world).reads(viewer, entity, place), (viewer.capacity, call.text("a"))
