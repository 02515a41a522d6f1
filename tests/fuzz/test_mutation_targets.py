"""No way round by writing: a hidden target is a missing one, and no payload shows a hidden row."""

from collections import Counter
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

import pytest

from permissions.viewer import Role, Viewer
from schema.ids import decode
from tests.access.oracle import Oracle
from tests.fuzz.mutating import STRANGE, Call, Writer, given_rows
from tests.fuzz.read_world import read_world
from tests.fuzz.station import ENOUGH, NIGHTLY, SEED, Station, post
from tests.small_world import connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

WRITING = [role for role in Role if role is not Role.PARTNER]  # who has mutations about rows
ROUNDS = 40 if NIGHTLY else 3


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
    given: Counter[str] = Counter()
    for viewer in station.viewers[role]:
        writer = writer_of(station, viewer, "payload")
        for name in writer.mutations():
            for _ in range(ROUNDS):
                call = writer.call(name, inside=True)
                answer = await post(station, viewer, f"mutation {{ {call.text('a')} }}")
                found = list(given_rows(answer.body.get("data")))
                if not found:
                    continue
                async with connected(station.url) as connection:
                    world, places = await read_world(connection, station.oracle.world)
                for entity, number in found:
                    place = places[entity][decode(number)[1]]
                    seen = Oracle(world).reads(viewer, entity, place)
                    assert seen, (viewer.capacity, call.text("a"), answer.body)
                    given[f"{name} {entity}"] += 1
        if sum(given.values()) >= ENOUGH and not NIGHTLY:
            break

    assert sum(given.values()) >= (ENOUGH if role is not Role.PUBLIC else 0), given
