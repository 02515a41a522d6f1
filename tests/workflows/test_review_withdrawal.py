"""Taking back what waits: by who applied, of any kind, once."""

import asyncio
from typing import Any

import pytest

from db.enums import ProjectStatus, RecordStatus, ReviewKind, ReviewState, TeamStatus
from db.models import Review
from db.session import Database
from permissions.edges import Policy
from permissions.errors import Forbidden, Unauthenticated
from permissions.viewer import PUBLIC, Viewer
from resolvers.memberships import join_team
from resolvers.moves import Wish, move_team
from resolvers.outcomes import Outcome
from resolvers.review_decisions import Decided, decide_reviews
from resolvers.review_effects import EFFECTS
from resolvers.review_withdrawal import WITHDRAWALS, withdraw_review
from resolvers.team_registration import register_team
from tests.small_world import NOW, Planter
from tests.workflows.desk import DESK
from tests.workflows.district import District


@pytest.fixture
async def district(planter: Planter, db: Any) -> District:
    await db.execute("update teams set status = 'DISSOLVED' where uscc is not null")
    return await District.plant(planter)


async def withdraw(database: Database, viewer: Viewer, review_id: int | None) -> list[str]:
    """The codes of what was refused."""
    assert review_id is not None
    outcome = await withdraw_review(database, viewer, review_id, None)
    return [error.code.value for error in outcome.errors]


async def row_of(db: Any, table: str, number: int) -> Any:
    return await db.fetchrow(f"select * from {table} where id = $1", number)  # noqa: S608


async def waiting(
    district: District,
    kind: ReviewKind,
    subject: tuple[str, int],
    applicant: Viewer,
    *,
    change: dict[str, Any] | None = None,
) -> int:
    """The id of a review of the community's hub that waits for the town's."""
    review = Review(
        province="50",
        kind=kind,
        state=ReviewState.PENDING,
        subject_type=subject[0],
        subject_id=subject[1],
        team_id=district.forest.teams["community"].id,
        reviewer_team_id=district.forest.teams["town"].id,
        applicant_account_id=applicant.account_id,
        change=change or {},
    )
    await district.planter.add(review)
    return review.id


async def registered(database: Database, viewer: Viewer, district: District, **given: Any) -> int:
    outcome = await register_team(database, viewer, DESK, district.hub(**given), None, now=NOW)
    assert outcome.errors == ()
    assert outcome.subject_id is not None
    return outcome.subject_id


async def test_registration_taken_back_frees_name_and_place(
    database: Database, db: Any, district: District
) -> None:
    person = await district.person()
    review_id = await registered(database, person, district)

    assert await withdraw(database, person, review_id) == []

    review = await row_of(db, "reviews", review_id)
    assert (review["state"], review["decided_by_id"]) == ("WITHDRAWN", person.account_id)
    assert (await row_of(db, "teams", review["team_id"]))["status"] == "DRAFT"
    assert await registered(database, await district.person(), district)
    audited = await db.fetchrow(
        "select action, because from audit_log where subject_type = 'Team'"
        " and subject_id = $1 order by id desc limit 1",
        review["team_id"],
    )
    assert tuple(audited) == ("team.registration_withdrawn", "applicant")


async def test_application_taken_back_can_be_made_again(
    database: Database, db: Any, district: District
) -> None:
    person, hub = await district.person(), district.forest.teams["community"]
    applied = await join_team(database, person, hub.id, None)
    review_id = await db.fetchval(
        "select id from reviews where subject_type = 'Membership' and subject_id = $1",
        applied.subject_id,
    )

    assert await withdraw(database, person, review_id) == []

    assert (await row_of(db, "memberships", applied.subject_id or 0))["status"] == "LEFT"
    assert (await join_team(database, person, hub.id, None)).errors == ()


async def test_move_taken_back_leaves_the_team_where_it_hangs(
    database: Database, db: Any, district: District
) -> None:
    forest = district.forest
    await district.team("mover", "community", district.regions["community"])
    wish = Wish(team_id=forest.teams["mover"].id, contact_team_id=forest.teams["town"].id)
    manager, other = await forest.manager("mover"), await forest.manager("mover")
    asked = await move_team(database, manager, wish, None, today=NOW.date())

    # Another manager of the team may: it is the team's wish.
    assert await withdraw(database, other, asked.subject_id) == []

    assert (await row_of(db, "reviews", asked.subject_id or 0))["state"] == "WITHDRAWN"
    team = await row_of(db, "teams", forest.teams["mover"].id)
    assert team["contact_team_id"] == forest.teams["community"].id
    again = await move_team(database, manager, wish, None, today=NOW.date())
    assert again.errors == ()


async def test_project_record_change_and_group_are_as_before(
    database: Database, db: Any, district: District, planter: Planter
) -> None:
    team = district.forest.teams["community"]
    manager = await district.forest.manager("community")
    volunteer = await planter.volunteer(district.regions["community"])
    project = await planter.project(team, status=ProjectStatus.PENDING)
    record = await planter.record(volunteer, team, status=RecordStatus.APPLIED)
    await db.execute(
        "update teams set status = $2 where id = $1", team.id, TeamStatus.CHANGE_PENDING.value
    )
    subjects = {
        ReviewKind.PROJECT_PUBLICATION: ("Project", project.id),
        ReviewKind.RECORD_APPLICATION: ("ServiceRecord", record.id),
        ReviewKind.TEAM_CHANGE: ("Team", team.id),
        ReviewKind.PERMISSION_GROUP: ("Team", team.id),
    }
    for kind, subject in subjects.items():
        change = {"values": {}} if kind is ReviewKind.TEAM_CHANGE else {"group": "MIDDLE"}
        review_id = await waiting(district, kind, subject, manager, change=change)
        assert (kind, await withdraw(database, manager, review_id)) == (kind, [])

    assert (await row_of(db, "projects", project.id))["status"] == "DRAFT"
    assert (await row_of(db, "service_records", record.id))["status"] == "VOID"
    found = await row_of(db, "teams", team.id)
    assert (found["status"], found["permission_group"]) == ("ENABLED", "JUNIOR_QUICK")


async def test_only_who_applied_may_and_what_is_hidden_is_missing(
    database: Database, db: Any, district: District
) -> None:
    forest = district.forest
    person = await district.person()
    review_id = await registered(database, person, district)

    with pytest.raises(Unauthenticated):
        await withdraw(database, PUBLIC, review_id)
    for who in ("town", "district"):
        with pytest.raises(Forbidden):
            await withdraw(database, await forest.manager(who), review_id)
    assert await withdraw(database, await district.person(), review_id) == ["NOT_FOUND"]
    assert await withdraw(database, await forest.manager("other"), review_id) == ["NOT_FOUND"]
    assert await withdraw(database, person, 7) == ["NOT_FOUND"]
    assert (await row_of(db, "reviews", review_id))["state"] == "PENDING"


async def test_what_was_decided_or_taken_back_is_so(database: Database, district: District) -> None:
    person = await district.person()
    review_id = await registered(database, person, district)

    assert await withdraw(database, person, review_id) == []
    assert await withdraw(database, person, review_id) == ["ALREADY_DECIDED"]
    decided = await decide(database, await district.forest.manager("town"), review_id)
    assert decided == ["ALREADY_DECIDED"]


async def decide(database: Database, viewer: Viewer, review_id: int) -> list[str]:
    outcome = await decide_reviews(
        database, viewer, Decided(ids=[review_id], approves=True), None, policy=Policy(), now=NOW
    )
    return [error.code.value for error in outcome.items[0].errors]


async def test_of_a_decision_and_a_withdrawal_at_once_one_wins(
    database: Database, db: Any, district: District
) -> None:
    person, manager = await district.person(), await district.forest.manager("community")
    for number in range(8):
        asked = await register_team(
            database, person, DESK, district.group(name=f"第{number}志愿服务队"), None, now=NOW
        )
        review_id = asked.subject_id or 0

        withdrawn, decided = await asyncio.gather(
            withdraw(database, person, review_id), decide(database, manager, review_id)
        )

        assert sorted([withdrawn, decided]) == [[], ["ALREADY_DECIDED"]]
        review = await row_of(db, "reviews", review_id)
        team = await row_of(db, "teams", review["team_id"])
        won = ("WITHDRAWN", "DRAFT") if withdrawn == [] else ("APPROVED", "ENABLED")
        assert (review["state"], team["status"]) == won


async def test_kinds_without_a_way_back_say_so(database: Database, district: District) -> None:
    manager = await district.forest.manager("community")
    subject = ("Team", district.forest.teams["community"].id)
    review_id = await waiting(district, ReviewKind.SUBMISSION, subject, manager)

    assert await withdraw(database, manager, review_id) == ["NOT_DECIDED_HERE"]


async def test_repeat_under_a_key_answers_the_same(database: Database, district: District) -> None:
    person = await district.person()
    review_id = await registered(database, person, district)

    async def keyed() -> Outcome:
        return await withdraw_review(database, person, review_id, "k")

    first, repeat = await keyed(), await keyed()

    assert first.subject_id == repeat.subject_id == review_id
    assert first.errors == repeat.errors == ()


def test_what_waits_for_an_applicant_can_be_taken_back() -> None:
    """What is decided in the queue is, but for what nobody applied for."""
    unasked = {ReviewKind.LATE_HOURS, ReviewKind.EVALUATION, ReviewKind.COMPLAINT}
    unasked |= {ReviewKind.SUBMISSION, ReviewKind.ACCOUNT_RESET}  # taken back where they are asked

    assert set(EFFECTS) - unasked <= set(WITHDRAWALS)
