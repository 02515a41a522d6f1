"""A hundred people at once for the last seven places."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from db.enums import RecruitScope, SignUpStatus
from db.passwords import hash_password
from db.session import Database, PoolLimits
from resolvers.sign_up_answers import SignUpsDecided, decide_sign_ups
from resolvers.sign_ups import Application, sign_up
from tests.small_world import NOW
from tests.workflows.district import District
from tests.workflows.project_world import ProjectWorld, codes, item_codes

PLACES, TAKEN, CROWD = 20, 13, 100


@pytest.fixture
async def world(shared: District, db: Any) -> ProjectWorld:
    return await ProjectWorld.of(shared, db)


async def test_hundred_at_once_for_the_last_seven_places(url: str, world: ProjectWorld) -> None:
    """DOMAIN §11.21."""
    stored = await asyncio.to_thread(hash_password, "4711")
    _, (post,) = await world.planted(
        places=(PLACES,), scope=RecruitScope.PASSWORD, no_review_password_hash=stored
    )
    for _ in range(TAKEN):
        await world.signed((await world.person())[0], post, SignUpStatus.ACCEPTED)
    crowd = [await world.person() for _ in range(CROWD)]

    async with Database(url, limits=PoolLimits(writers=16, acquire_seconds=60)) as database:
        outcomes = await asyncio.gather(
            *(
                sign_up(
                    database,
                    viewer,
                    Application(post_id=post.id, password="4711"),
                    None,
                    now=NOW,
                )
                for _, viewer in crowd
            )
        )

    told = Counter(tuple(codes(outcome)) for outcome in outcomes)
    assert told == {(): PLACES - TAKEN, (("FULL", "postId"),): CROWD - (PLACES - TAKEN)}
    assert await world.joined(post) == PLACES
    stored_rows = await world.db.fetchval(
        "select count(*) from sign_ups where post_id = $1 and status = 'ACCEPTED'", post.id
    )
    assert stored_rows == PLACES


async def test_two_managers_accept_the_last_one_each_and_one_is_told(
    world: ProjectWorld,
) -> None:
    """DOMAIN §11.21."""
    _, (post,) = await world.planted(places=(1,))
    managers = [await world.manager() for _ in range(2)]
    rows = [
        await world.signed((await world.person())[0], post, SignUpStatus.APPLIED) for _ in range(2)
    ]

    outcomes = await asyncio.gather(
        *(
            decide_sign_ups(
                world.database,
                manager,
                SignUpsDecided(ids=[row.id], accepts=True),
                None,
                now=NOW,
            )
            for manager, row in zip(managers, rows, strict=True)
        )
    )

    assert sorted(item_codes(each) for each in outcomes) == [[[]], [["FULL"]]]
    assert await world.joined(post) == 1


async def test_same_person_at_once_signs_up_once(world: ProjectWorld) -> None:
    _, (post,) = await world.planted()
    _, viewer = await world.person()

    outcomes = await asyncio.gather(
        *(
            sign_up(world.database, viewer, Application(post_id=post.id), None, now=NOW)
            for _ in range(8)
        )
    )

    told = Counter(tuple(codes(outcome)) for outcome in outcomes)
    assert told == {(): 1, (("ALREADY_SIGNED_UP", "postId"),): 7}
