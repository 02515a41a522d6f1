"""What regions settle: by whom, and how it is inherited."""

import pytest

from db.session import Database
from permissions.errors import Forbidden
from permissions.viewer import Viewer
from resolvers.local_policy import LocalPolicy, Settling, policies_of, policy_of, set_local_policy
from resolvers.outcomes import Outcome
from tests.workflows.district import District


async def settle(
    database: Database,
    viewer: Viewer,
    code: str,
    *,
    hours: bool | None = None,
    evaluations: bool | None = None,
    reason: str = "本地规定",
) -> Outcome:
    given = Settling(
        region_code=code, reviews_hours=hours, reviews_evaluations=evaluations, reason=reason
    )
    return await set_local_policy(database, viewer, given, None)


async def holds(database: Database, *paths: str) -> list[LocalPolicy]:
    async with database.write(account_id=None, capacity="test", action="read") as write:
        found = await policies_of(write, paths)
        assert [found[path] for path in paths] == [await policy_of(write, path) for path in paths]
    return [found[path] for path in paths]


async def test_nearest_region_that_settled_it_counts_each_thing_by_itself(
    database: Database, shared: District
) -> None:
    regions = shared.regions
    city, district, town = (regions[name] for name in ("city", "district", "town"))
    paths = [regions[name].path for name in ("city", "district", "community", "other")]
    assert await holds(database, *paths) == [LocalPolicy()] * 4

    officer = await shared.forest.officer(city)
    await settle(database, officer, city.code, hours=True, evaluations=True)
    await settle(database, officer, district.code, evaluations=False)
    await settle(database, officer, town.code, hours=False)

    both = LocalPolicy(reviews_hours=True, reviews_evaluations=True)
    assert await holds(database, *paths) == [
        both,
        LocalPolicy(reviews_hours=True),
        LocalPolicy(),
        both,
    ]
    await settle(database, officer, town.code)  # the region above decides again
    assert (await holds(database, regions["community"].path)) == [LocalPolicy(reviews_hours=True)]


async def test_department_over_the_region_and_its_own_hub_settle_it(
    database: Database, shared: District
) -> None:
    forest, regions = shared.forest, shared.regions
    code = regions["district"].code
    for allowed in (
        await forest.manager("district"),
        await forest.officer(regions["district"]),
        await forest.officer(regions["city"]),
    ):
        assert (await settle(database, allowed, code, hours=True)).errors == ()
    for refused in (
        await forest.manager("city"),
        await forest.manager("town"),
        await forest.officer(regions["town"]),
        await forest.officer(regions["other"]),
        await shared.person(),
    ):
        with pytest.raises(Forbidden):
            await settle(database, refused, code, hours=True)


@pytest.mark.parametrize(
    ("code", "reason", "expected"),
    [
        ("509999999999", "理由", ("NOT_FOUND", "regionCode")),
        ("", "理由", ("NOT_FOUND", "regionCode")),
        (None, "", ("REASON_REQUIRED", "reason")),
        (None, "由" * 501, ("TOO_LONG", "reason")),
        (None, "由\u202e", ("INVALID", "reason")),
    ],
)
async def test_bad_input_is_refused_with_its_field(
    database: Database,
    shared: District,
    *,
    code: str | None,
    reason: str,
    expected: tuple[str, str],
) -> None:
    region = shared.regions["district"]
    officer = await shared.forest.officer(region)

    outcome = await settle(
        database, officer, region.code if code is None else code, hours=True, reason=reason
    )

    assert [(error.code.value, error.field) for error in outcome.errors] == [expected]
