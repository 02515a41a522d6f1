"""Needs and offers are published, answered, and closed; who did not ask decides."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from db.clock import run_due
from db.enums import HubLevel
from permissions.errors import Forbidden
from resolvers.volunteer_leaving import erase_volunteer, withdraw_volunteer
from tests.matching.square import END, START, Square, codes
from tests.small_world import NOW

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def state(db: Any, table: str, number: int | None) -> str:
    status: str = await db.fetchval(f"select status from {table} where id = $1", number)  # noqa: S608
    return status


async def events_of(db: Any, account: int | None) -> list[str]:
    rows = await db.fetch(
        "select event from notifications where account_id = $1 order by id", account
    )
    return [row["event"] for row in rows]


async def test_volunteer_answers_a_need_and_is_told_whom_to_call(square: Square, db: Any) -> None:
    need = (await square.need()).subject_id

    answer = (await square.answer(need)).subject_id
    before = await db.fetchval("select found from needs where id = $1", need)
    accepted = await square.decided(answer)

    assert codes(accepted) == []
    assert await state(db, "need_answers", answer) == "ACCEPTED"
    found = await db.fetchval("select found from needs where id = $1", need)
    assert (before, found) == (0, 1)
    assert await events_of(db, square.manager.account_id) == ["need.answered"]
    assert await events_of(db, square.person.account_id) == ["need_answer.accepted"]


async def test_team_asks_an_offer_and_who_offers_decides(square: Square, db: Any) -> None:
    need = (await square.need()).subject_id
    offer = (await square.offer()).subject_id

    answer = (await square.invite(need, offer)).subject_id
    with pytest.raises(Forbidden):
        await square.decided(answer, square.manager)
    accepted = await square.decided(answer, square.person)

    assert codes(accepted) == []
    assert await events_of(db, square.person.account_id) == ["offer.invited"]
    assert await events_of(db, square.manager.account_id) == ["need_answer.accepted"]


async def test_people_of_accepted_answers_never_exceed_the_need(square: Square, db: Any) -> None:
    need = (await square.need(people=3)).subject_id
    two = (await square.answer(need, square.helper, people=2)).subject_id
    one = (await square.answer(need)).subject_id
    more = (await square.answer(need, await square.someone())).subject_id

    assert codes(await square.decided(two)) == []
    assert codes(await square.decided(one)) == []
    assert codes(await square.decided(more)) == [("FULL", "answerId")]
    assert codes(await square.withdrawn(two, square.helper)) == []
    assert codes(await square.decided(more)) == []

    assert await db.fetchval("select found from needs where id = $1", need) == 2


async def test_of_two_answers_accepted_at_once_for_one_place_one_wins(
    square: Square, db: Any
) -> None:
    need = (await square.need(people=1)).subject_id
    people = [await square.someone() for _ in range(4)]
    made = await asyncio.gather(*(square.answer(need, each) for each in people))
    answers = [each.subject_id for each in made]

    outcomes = await asyncio.gather(*(square.decided(each) for each in answers))

    assert sorted(map(codes, outcomes)) == [[], *[[("FULL", "answerId")]] * 3]
    assert await db.fetchval("select found from needs where id = $1", need) == 1


async def test_same_two_have_one_open_answer(square: Square) -> None:
    need = (await square.need()).subject_id
    offer = (await square.offer()).subject_id
    first = (await square.answer(need)).subject_id

    again = await square.answer(need)
    invited = await square.invite(need, offer)
    await square.withdrawn(first)
    after = await square.answer(need)

    assert codes(again) == codes(invited) == [("ALREADY_ANSWERED", "needId")]
    assert codes(after) == []


async def test_manager_who_answered_as_a_volunteer_does_not_accept_it(square: Square) -> None:
    need = (await square.need()).subject_id
    answer = (await square.answer(need)).subject_id
    assert square.person.account_id is not None
    both = await square.forest.manager("needy")

    async with square.database.write(account_id=None, capacity="test", action="plant") as write:
        await write.run(
            "update volunteers set account_id = $2 where id = $1",
            square.volunteer.id,
            both.account_id,
        )
    with pytest.raises(Forbidden, match="own application"):
        await square.decided(answer, both)


async def test_manager_of_both_teams_does_not_accept_their_own_answer(square: Square) -> None:
    need = (await square.need()).subject_id
    both, helper = await square.in_both_teams()
    answer = (await square.answer(need, helper)).subject_id

    with pytest.raises(Forbidden, match="own application"):
        await square.decided(answer, both)
    with pytest.raises(Forbidden, match="own application"):
        await square.decided(answer, both, accept=False)
    assert codes(await square.decided(answer, square.manager)) == []


async def test_manager_who_asked_for_their_own_help_does_not_promise_it(square: Square) -> None:
    both, helper = await square.in_both_teams()
    needs = [(await square.need()).subject_id for _ in range(2)]
    offer = (await square.offer(helper)).subject_id
    own = (await square.invite(needs[0], offer, both)).subject_id
    others = (await square.invite(needs[1], offer)).subject_id

    with pytest.raises(Forbidden, match="own application"):
        await square.decided(own, helper)
    assert codes(await square.decided(own, square.helper)) == []
    assert codes(await square.decided(others, helper)) == []


async def test_closing_declines_what_waits_and_tells_it(square: Square, db: Any) -> None:
    need = (await square.need()).subject_id
    waiting = (await square.answer(need)).subject_id
    project = await square.planter.project(square.forest.teams["needy"])

    closed = await square.closed(need, is_met=True, project_id=project.id)
    again = await square.closed(need)
    late = await square.answer(need, square.helper)

    assert codes(closed) == []
    assert await state(db, "needs", need) == "MET"
    assert await db.fetchval("select project_id from needs where id = $1", need) == project.id
    assert await state(db, "need_answers", waiting) == "DECLINED"
    assert await events_of(db, square.person.account_id) == ["need_answer.declined"]
    assert codes(again) == [("WRONG_STATE", "needId")]
    assert codes(late) == [("NOT_FOUND", "needId")]


async def test_only_a_published_project_of_the_team_comes_of_its_need(square: Square) -> None:
    need = (await square.need()).subject_id
    other = await square.planter.project(square.forest.teams["helping"])

    outcome = await square.closed(need, is_met=True, project_id=other.id)

    assert codes(outcome) == [("NOT_FOUND", "projectId")]


async def test_contact_team_closes_with_a_reason(square: Square, db: Any) -> None:
    await square.forest.plant("hub", hub_level=HubLevel.TOWN)
    await square.forest._hang(square.forest.teams["needy"], square.forest.teams["hub"])
    hub = await square.forest.manager("hub")
    need = (await square.need()).subject_id

    bare = await square.closed(need, hub)
    closed = await square.closed(need, hub, reason="不属于志愿服务")

    assert codes(bare) == [("REASON_REQUIRED", "reason")]
    assert codes(closed) == []
    assert await events_of(db, square.manager.account_id) == ["need.closed"]
    with pytest.raises(Forbidden):
        await square.closed((await square.need()).subject_id, square.helper)


async def test_offer_is_closed_by_who_made_it(square: Square, db: Any) -> None:
    offer = (await square.offer()).subject_id
    of_team = (await square.offer(square.helper)).subject_id

    with pytest.raises(Forbidden):
        await square.offer_closed(offer, square.manager)
    assert codes(await square.offer_closed(offer, is_met=True)) == []
    assert codes(await square.offer_closed(of_team, square.helper)) == []
    gone = await square.invite((await square.need()).subject_id, offer)

    assert await state(db, "offers", offer) == "MET"
    assert await state(db, "offers", of_team) == "CLOSED"
    assert codes(gone) == [("NOT_FOUND", "offerId")]


async def test_what_is_over_expires_by_itself(square: Square, db: Any) -> None:
    need = (await square.need()).subject_id
    offer = (await square.offer()).subject_id
    answer = (await square.answer(need)).subject_id
    later = (await square.need(ends_at=END + timedelta(days=2))).subject_id

    early = await square.answer(need, square.helper, now=END)
    report = await run_due(square.database.engine, now=END)

    assert codes(early) == [("WRONG_STATE", "needId")]
    assert report.matches_expired >= 2
    assert await state(db, "needs", need) == await state(db, "offers", offer) == "EXPIRED"
    assert await state(db, "need_answers", answer) == "DECLINED"
    assert await state(db, "needs", later) == "OPEN"


async def test_who_leaves_takes_offers_and_answers_along(square: Square, db: Any) -> None:
    need = (await square.need()).subject_id
    other = (await square.need()).subject_id
    offer = (await square.offer()).subject_id
    accepted = (await square.answer(need)).subject_id
    waiting = (await square.answer(other)).subject_id
    await square.decided(accepted)

    await withdraw_volunteer(square.database, square.person, None)
    left = [await state(db, "need_answers", each) for each in (accepted, waiting)]
    found = await db.fetchval("select found from needs where id = $1", need)
    await erase_volunteer(square.database, square.person, None)

    assert left == ["WITHDRAWN", "WITHDRAWN"]
    assert found == 0
    assert await state(db, "offers", offer) == "CLOSED"
    written = await db.fetch(
        "select title || description || skills::text as said from offers where volunteer_id = $1"
        " union all select message from need_answers where volunteer_id = $1",
        square.volunteer.id,
    )
    assert {row["said"] for row in written} == {"{}", ""}


BAD: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "no region": ({"region_id": None}, [("NOT_FOUND", "regionCode")]),
    "no title": ({"title": ""}, [("REQUIRED", "title")]),
    "long title": ({"title": "题" * 51}, [("TOO_LONG", "title")]),
    "control character": ({"title": "题\x1b"}, [("INVALID", "title")]),
    "long description": ({"description": "长" * 2001}, [("TOO_LONG", "description")]),
    "no category": ({"categories": ()}, [("INVALID", "categories")]),
    "strange category": ({"categories": ("GAMES",)}, [("INVALID", "categories")]),
    "many skills": ({"skills": tuple(map(str, range(11)))}, [("TOO_MANY", "skills")]),
    "empty skill": ({"skills": ("",)}, [("REQUIRED", "skills")]),
    "backwards": ({"starts_at": END, "ends_at": START}, [("ENDS_BEFORE_START", "endsAt")]),
    "over": (
        {"starts_at": NOW - timedelta(days=3), "ends_at": NOW},
        [("DATES_PASSED", "endsAt")],
    ),
    "two years": ({"ends_at": END + timedelta(days=600)}, [("TOO_LONG", "endsAt")]),
    "no offset": ({"starts_at": START.replace(tzinfo=None)}, [("INVALID", "startsAt")]),
    "no place": ({"place": ""}, [("REQUIRED", "place")]),
    "no target": ({"targets": ()}, [("INVALID", "targets")]),
    "strange target": ({"targets": ("CATS",)}, [("INVALID", "targets")]),
    "nobody": ({"people": 0}, [("INVALID", "people")]),
    "a crowd": ({"people": 10_001}, [("INVALID", "people")]),
    "no contact": ({"contact_name": ""}, [("REQUIRED", "contactName")]),
    "no phone": ({"contact_phone": "110"}, [("INVALID", "contactPhone")]),
}


@pytest.mark.parametrize("case", BAD)
async def test_bad_need_is_refused_and_nothing_is_published(
    square: Square, db: Any, case: str
) -> None:
    given, expected = BAD[case]

    outcome = await square.need(**given)

    assert codes(outcome) == expected
    team = square.forest.teams["needy"].id
    assert await db.fetchval("select count(*) from needs where team_id = $1", team) == 0


@pytest.mark.parametrize(
    "case",
    [
        each
        for each in BAD
        if set(BAD[each][0])
        <= {"region_id", "title", "description", "categories", "skills", "starts_at", "ends_at"}
    ],
)
async def test_bad_offer_is_refused(square: Square, case: str) -> None:
    given, expected = BAD[case]

    assert codes(await square.offer(**given)) == expected


async def test_bad_answer_is_refused(square: Square) -> None:
    need = (await square.need()).subject_id
    others = (await square.offer(await square.someone())).subject_id
    own = (await square.offer(square.manager)).subject_id

    cases = {
        "no message": (await square.answer(need, message=""), ("REQUIRED", "message")),
        "long": (await square.answer(need, message="长" * 501), ("TOO_LONG", "message")),
        "two of one": (await square.answer(need, people=2), ("INVALID", "people")),
        "nobody": (await square.answer(need, square.helper, people=0), ("INVALID", "people")),
        "another's offer": (await square.answer(need, offer=others), ("NOT_FOUND", "offerId")),
        "no such need": (await square.answer(5), ("NOT_FOUND", "needId")),
        "own offer": (await square.invite(need, own), ("INVALID", "offerId")),
        "no such offer": (await square.invite(need, 5), ("NOT_FOUND", "offerId")),
        "two of a volunteer": (
            await square.invite(need, others, people=2),
            ("INVALID", "people"),
        ),
    }

    assert {name: codes(outcome) for name, (outcome, _) in cases.items()} == {
        name: [expected] for name, (_, expected) in cases.items()
    }
    with pytest.raises(Forbidden):
        await square.answer(need, square.manager)
    with pytest.raises(Forbidden):
        await square.invite(need, others, square.helper)


BAD_WORDS = {
    "control characters": ("好\x07", "INVALID"),
    "read backwards": ("好\u202e", "INVALID"),
    "half a character": ("好\ud800", "INVALID"),
    "too long": ("长" * 501, "TOO_LONG"),
}


@pytest.mark.parametrize(("words", "code"), BAD_WORDS.values(), ids=BAD_WORDS)
async def test_bad_reason_decides_withdraws_and_closes_nothing(
    square: Square, db: Any, words: str, code: str
) -> None:
    need, offer = (await square.need()).subject_id, (await square.offer()).subject_id
    answer = (await square.answer(need)).subject_id

    outcomes = [
        await square.decided(answer, reason=words),
        await square.decided(answer, reason=words, accept=False),
        await square.withdrawn(answer, reason=words),
        await square.closed(need, reason=words),
        await square.offer_closed(offer, reason=words),
    ]

    assert [codes(each) for each in outcomes] == [[(code, "reason")]] * 5
    assert await db.fetchval("select status from need_answers where id = $1", answer) == "PENDING"
    for table, number in (("needs", need), ("offers", offer)):
        status = await db.fetchval(f"select status from {table} where id = $1", number)  # noqa: S608
        assert status == "OPEN"


async def test_what_is_not_there_is_not_decided_withdrawn_or_closed(square: Square) -> None:
    """Nor what is hidden: the need is open to all, its answer to its two sides alone."""
    need = (await square.need()).subject_id
    answer = (await square.answer(need)).subject_id
    stranger = await square.someone()

    for who, number in ((square.manager, 5), (stranger, answer)):
        assert codes(await square.decided(number, who)) == [("NOT_FOUND", "answerId")]
        assert codes(await square.withdrawn(number, who)) == [("NOT_FOUND", "answerId")]
    assert codes(await square.closed(5)) == [("NOT_FOUND", "needId")]
    assert codes(await square.offer_closed(5)) == [("NOT_FOUND", "offerId")]


@pytest.mark.parametrize("status", ["DISABLED", "WITHDRAWN"])
async def test_volunteer_who_is_not_enabled_offers_answers_and_begins_nothing(
    square: Square, db: Any, status: str
) -> None:
    """The account opens still: it is needed for what was, and what is asked of the person ends."""
    need, offer = (await square.need()).subject_id, (await square.offer()).subject_id
    other = (await square.need()).subject_id
    waiting = (await square.answer(need)).subject_id
    invited = (await square.invite(other, offer)).subject_id
    await db.execute(
        "update volunteers set status = $2 where id = $1", square.person.volunteer_id, status
    )

    with pytest.raises(Forbidden, match="disabled or has withdrawn"):
        await square.offer()
    with pytest.raises(Forbidden, match="disabled or has withdrawn"):
        await square.answer((await square.need()).subject_id)
    for outcome in (
        await square.decided(waiting),
        await square.decided(invited, square.person),
    ):
        assert codes(outcome) == [("WRONG_STATE", "answerId")]
    assert codes(await square.withdrawn(waiting)) == []
    assert codes(await square.decided(invited, square.person, accept=False)) == []


async def test_minor_offers_answers_and_begins_nothing_without_a_guardian(
    square: Square, db: Any
) -> None:
    need, offer = (await square.need()).subject_id, (await square.offer()).subject_id
    other = (await square.need()).subject_id
    waiting = (await square.answer(need)).subject_id
    invited = (await square.invite(other, offer)).subject_id
    await db.execute(
        "update volunteers set born_on = '2013-01-01' where id = $1", square.person.volunteer_id
    )

    for outcome in (await square.offer(), await square.answer((await square.need()).subject_id)):
        assert codes(outcome) == [("GUARDIAN_REQUIRED", None)]
    for outcome in (
        await square.decided(waiting),
        await square.decided(invited, square.person),
    ):
        assert codes(outcome) == [("GUARDIAN_REQUIRED", "answerId")]
    assert codes(await square.decided(invited, square.person, accept=False)) == []


async def test_what_was_declined_or_taken_back_is_not_accepted(square: Square) -> None:
    for end in (
        lambda answer: square.decided(answer, accept=False),
        square.withdrawn,
    ):
        answer = (await square.answer((await square.need()).subject_id)).subject_id
        assert codes(await end(answer)) == []

        assert codes(await square.decided(answer)) == [("WRONG_STATE", "answerId")]
