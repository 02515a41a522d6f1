"""New phones: by a code to the old one, or after a review when both are dead."""

from typing import Any

import pytest

from db.enums import HubLevel, MembershipStatus, ReviewKind
from db.models import Membership, Volunteer
from permissions.edges import Policy
from permissions.errors import Forbidden
from permissions.viewer import Viewer
from resolvers.profile import update_profile
from resolvers.review_decisions import Decided, decide_reviews
from resolvers.self_service import REQUESTS_FOR_ONE, Claim
from resolvers.self_service_mobile import Codes, change_mobile, request_mobile_change
from resolvers.self_service_reset import (
    NewPhone,
    ResetAsked,
    request_reviewed_reset,
    route_resets,
)
from tests.self_service.counter import Counter, codes, team_claim
from tests.small_world import NOW

OLD, NEW = "13800000001", "13900001111"


async def reset_asked(
    counter: Counter, claim: Claim, mobile: str = NEW, reason: str = "两个号码都已停用"
) -> ResetAsked:
    phone = NewPhone(mobile=mobile, reason=reason)
    return await request_reviewed_reset(
        counter.database, counter.desk, claim, phone, asker="somebody"
    )


async def decided(counter: Counter, who: Viewer, review_id: int, *, approves: bool) -> list[str]:
    outcome = await decide_reviews(
        counter.database,
        who,
        Decided(ids=[review_id], approves=approves, opinion="已当面核实"),
        None,
        policy=Policy(),
        now=NOW,
    )
    return [error.code.value for item in outcome.items for error in item.errors]


async def mobile_of(db: Any, volunteer: Volunteer) -> str | None:
    found: str | None = await db.fetchval(
        "select mobile from volunteers where id = $1", volunteer.id
    )
    return found


async def test_volunteer_changes_the_phone_by_codes_to_the_old_one_and_the_new(
    db: Any, counter: Counter
) -> None:
    volunteer, _ = await counter.person(OLD)
    viewer = await counter.viewer(volunteer)
    challenge = await request_mobile_change(counter.database, viewer, counter.desk, NEW, now=NOW)
    given = Codes(counter.phones.code(OLD), counter.phones.code(NEW))

    done = await change_mobile(counter.database, viewer, counter.desk, challenge.token or "", given)

    assert done.is_done
    assert [to for to, _ in counter.phones.sent] == [OLD, NEW, OLD]
    assert await mobile_of(db, volunteer) == NEW
    assert "尾号1111" in counter.phones.sent[-1][1]


async def test_one_code_without_the_other_changes_nothing(db: Any, counter: Counter) -> None:
    volunteer, _ = await counter.person(OLD)
    viewer = await counter.viewer(volunteer)
    challenge = await request_mobile_change(counter.database, viewer, counter.desk, NEW, now=NOW)
    old, new = counter.phones.code(OLD), counter.phones.code(NEW)
    wrong = f"{(int(new) + 1) % 10**6:06d}"
    half = [Codes(old, wrong), Codes(None, new), Codes(new, old), Codes(old, ""), Codes("", new)]

    found = [
        codes(
            await change_mobile(counter.database, viewer, counter.desk, challenge.token or "", each)
        )
        for each in half
    ]

    assert found == [["CODE_WRONG"]] * len(half)
    assert await mobile_of(db, volunteer) == OLD


async def test_first_phone_is_proven_by_the_code_that_it_is_sent(db: Any, counter: Counter) -> None:
    volunteer, _ = await counter.person(None)
    viewer = await counter.viewer(volunteer)
    told = await update_profile(counter.database, viewer, {"mobile": NEW}, None)
    challenge = await request_mobile_change(counter.database, viewer, counter.desk, NEW, now=NOW)

    done = await change_mobile(
        counter.database,
        viewer,
        counter.desk,
        challenge.token or "",
        Codes(None, counter.phones.code(NEW)),
    )

    assert codes(told) == ["CODE_REQUIRED"]
    assert done.is_done
    assert await mobile_of(db, volunteer) == NEW


async def test_stored_phone_needs_no_change(counter: Counter) -> None:
    volunteer, _ = await counter.person(OLD)
    viewer = await counter.viewer(volunteer)

    asked = await request_mobile_change(counter.database, viewer, counter.desk, OLD, now=NOW)

    assert codes(asked) == ["ALREADY_THERE"]
    assert counter.phones.sent == []


async def test_one_number_is_not_sent_codes_by_many_accounts(counter: Counter) -> None:
    for mobile in (OLD, "13800000002"):
        viewer = await counter.viewer((await counter.person(mobile))[0])
        await request_mobile_change(counter.database, viewer, counter.desk, NEW, now=NOW)

    assert counter.throttle.taken[REQUESTS_FOR_ONE, f"mobile:{NEW}"] == 2


async def test_challenge_of_another_account_changes_nothing(db: Any, counter: Counter) -> None:
    victim, _ = await counter.person(OLD)
    thief, _ = await counter.person("13800000002")
    theirs = await request_mobile_change(
        counter.database, await counter.viewer(victim), counter.desk, NEW, now=NOW
    )

    done = await change_mobile(
        counter.database,
        await counter.viewer(thief),
        counter.desk,
        theirs.token or "",
        Codes(counter.phones.code(OLD), counter.phones.code(NEW)),
    )

    assert codes(done) == ["CODE_WRONG"]
    stored = await db.fetch(
        "select mobile from volunteers where id = any($1::bigint[]) order by id",
        [victim.id, thief.id],
    )
    assert [row["mobile"] for row in stored] == [OLD, "13800000002"]


@pytest.mark.parametrize("mobile", ["", "1380000000", "23800000000", "1380000000１", "1" * 200])
async def test_bad_phone_is_refused(counter: Counter, mobile: str) -> None:
    volunteer, claim = await counter.person()
    viewer = await counter.viewer(volunteer)

    asked = await request_mobile_change(counter.database, viewer, counter.desk, mobile, now=NOW)
    reset = await reset_asked(counter, claim, mobile)

    assert (codes(asked), codes(reset)) == (["INVALID"], ["INVALID"])
    assert counter.phones.sent == []


@pytest.mark.parametrize(
    ("reason", "code"), [("", "REASON_REQUIRED"), ("啊" * 201, "TOO_LONG"), ("\x07", "INVALID")]
)
async def test_bad_reason_is_refused(counter: Counter, reason: str, code: str) -> None:
    _, claim = await counter.person()

    assert codes(await reset_asked(counter, claim, reason=reason)) == [code]


async def test_only_a_volunteer_changes_a_phone_so(counter: Counter) -> None:
    await counter.forest.plant("team")
    manager = await counter.forest.manager("team")

    with pytest.raises(Forbidden):
        await request_mobile_change(counter.database, manager, counter.desk, NEW, now=NOW)


@pytest.mark.parametrize("approves", [True, False])
async def test_contact_team_decides_when_both_phones_of_a_team_are_dead(
    db: Any, counter: Counter, *, approves: bool
) -> None:
    """DOMAIN §11.29."""
    await counter.forest.plant("hub", hub_level=HubLevel.TOWN)
    team = await counter.forest.plant("team", "hub")
    manager = await counter.forest.manager("team")

    asked = await reset_asked(counter, team_claim(team))
    await route_resets(counter.database.engine)

    assert asked.is_kept
    review = await db.fetchrow(
        "select id, kind, reviewer_team_id from reviews where subject_id = $1", team.id
    )
    assert review["kind"] == ReviewKind.ACCOUNT_RESET.value
    assert review["reviewer_team_id"] == counter.forest.teams["hub"].id
    hub = await counter.forest.manager("hub")
    assert await decided(counter, manager, review["id"], approves=approves) != []
    assert await decided(counter, hub, review["id"], approves=approves) == []
    stored = await db.fetchval("select contact_mobile from teams where id = $1", team.id)
    assert stored == (NEW if approves else team.contact_mobile)

    challenge = await counter.asked(team_claim(team, at_contact=True))
    if approves:
        assert (await counter.reset(challenge.token, counter.phones.code(NEW))).is_done


async def test_department_decides_where_no_team_is_above(db: Any, counter: Counter) -> None:
    team = await counter.forest.plant("alone")

    await reset_asked(counter, team_claim(team))
    await route_resets(counter.database.engine)

    review = await db.fetchrow(
        "select id, reviewer_region_id from reviews where subject_id = $1", team.id
    )
    assert review["reviewer_region_id"] == counter.forest.region.id
    officer = await counter.forest.officer(counter.forest.region)
    assert await decided(counter, officer, review["id"], approves=True) == []


async def test_contact_team_of_a_volunteers_team_decides_on_the_volunteer(
    db: Any, counter: Counter
) -> None:
    await counter.forest.plant("hub", hub_level=HubLevel.TOWN)
    team = await counter.forest.plant("team", "hub")
    volunteer, claim = await counter.person(OLD)
    await counter.planter.add(
        Membership(
            province="50",
            team_id=team.id,
            volunteer_id=volunteer.id,
            status=MembershipStatus.JOINED,
            joined_at=NOW,
        )
    )

    await reset_asked(counter, claim)
    await route_resets(counter.database.engine)

    review_id = await db.fetchval(
        "select id from reviews where subject_type = 'Volunteer' and subject_id = $1", volunteer.id
    )
    hub = await counter.forest.manager("hub")
    assert await decided(counter, hub, review_id, approves=True) == []
    stored = await db.fetchval("select mobile from volunteers where id = $1", volunteer.id)
    assert stored == NEW


async def test_request_of_nobody_is_answered_alike_and_dropped(db: Any, counter: Counter) -> None:
    _, claim = await counter.person(OLD)
    before = await db.fetchval("select count(*) from reviews")

    known = await reset_asked(counter, claim)
    unknown = await reset_asked(counter, Claim(name="没有人", id_number="0"))
    rows = await db.fetch("select number, octet_length(name) > 0 as named from reset_requests")
    looked_at = await route_resets(counter.database.engine)

    assert (known.is_kept, known.errors) == (unknown.is_kept, unknown.errors) == (True, ())
    assert [row["number"] for row in rows] == ["", ""]  # an ID number is kept as a hash alone
    assert looked_at == 2
    assert await db.fetchval("select count(*) from reset_requests") == 0
    # A volunteer of no team, in a region without a hub, has nobody who could decide.
    assert await db.fetchval("select count(*) from reviews") == before


async def test_second_request_waits_behind_the_first(db: Any, counter: Counter) -> None:
    team = await counter.forest.plant("team")

    for mobile in (NEW, "13900002222"):
        await reset_asked(counter, team_claim(team), mobile)
    await route_resets(counter.database.engine)

    rows = await db.fetch(
        "select change ->> 'mobile' as mobile from reviews where subject_id = $1", team.id
    )
    assert [row["mobile"] for row in rows] == [NEW]
