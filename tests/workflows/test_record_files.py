"""Evaluations, trainings, awards, stars, candidates, transfers, and who records for whom."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import pytest_asyncio

from db.enums import (
    AwardGrantor,
    MembershipStatus,
    RegionLevel,
    SignUpStatus,
    TeamAdminRole,
)
from db.models import Membership, Post, SignUp, Volunteer
from db.queries.personal_file.writing import ScaleStep
from db.session import Database
from permissions.edges import Policy
from permissions.errors import Forbidden
from permissions.viewer import Viewer
from resolvers.outcomes import Outcome
from resolvers.personal_file.recording import (
    NewAward,
    NewTraining,
    record_award,
    record_training,
)
from resolvers.personal_file.stars import rate_star, set_star_scale
from resolvers.personal_file.transfers import (
    Handing,
    answer_transfer,
    transfer_records,
    withdraw_transfer,
)
from resolvers.records.correcting import void_record
from resolvers.records.evaluating import Opinion, evaluate_participation, evaluate_record
from resolvers.records.policy import RecordPolicy
from resolvers.records.recording_team import name_recording_team
from resolvers.review_decisions import Decided, decide_reviews
from resolvers.volunteer_form import Guardian
from tests.small_world import NOW, Planter, connected
from tests.workflows.service import YESTERDAY, Service, codes, entry, fields

pytestmark = pytest.mark.asyncio(loop_scope="module")

AT_ONCE = RecordPolicy(publicity_days=0)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def database(url: str) -> AsyncIterator[Database]:
    async with Database(url) as database:
        yield database


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(database: Database) -> Service:
    return await Service.plant(Planter(database))


@pytest_asyncio.fixture(loop_scope="module")
async def own_service(database: Database) -> Service:
    """One that a test may change as it likes."""
    return await Service.plant(Planter(database))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def db(url: str) -> AsyncIterator[Any]:
    async with connected(url) as connection:
        yield connection


async def entered(service: Service, member: Volunteer, **more: Any) -> int:
    outcome = await service.enter(entry(member, **more), policy=AT_ONCE)
    assert outcome.subject_id is not None, outcome.errors
    return outcome.subject_id


async def averages(db: Any, member: Volunteer) -> tuple[int, int]:
    row = await db.fetchrow(
        "select evaluation_count, evaluation_total from volunteers where id = $1", member.id
    )
    return tuple(row)


async def evaluate(
    service: Service, record_id: int, score: int, viewer: Viewer | None = None, **more: Any
) -> Outcome:
    return await evaluate_record(
        service.planter.database,
        viewer or service.recorder,
        record_id,
        Opinion(score=score, comment=more.get("comment")),
        None,
        now=NOW,
    )


async def test_service_is_evaluated_and_a_second_evaluation_takes_the_place_of_the_first(
    db: Any, service: Service
) -> None:
    member = await service.member()
    record_id = await entered(service, member)

    first = await evaluate(service, record_id, 3)
    second = await evaluate(service, record_id, 5, comment="认真负责")

    assert (codes(first), codes(second)) == ([], [])
    row = await db.fetchrow("select * from evaluations where record_id = $1", record_id)
    assert (row["score"], row["comment"], row["evaluated_on"]) == (
        5,
        "认真负责",
        date(2026, 5, 20),
    )
    assert await averages(db, member) == (1, 5)


@pytest.mark.parametrize(
    ("score", "comment", "expected"),
    [
        (0, None, [("INVALID", "score")]),
        (6, None, [("INVALID", "score")]),
        (4, "好" * 501, [("TOO_LONG", "comment")]),
        (4, "好\x00", [("INVALID", "comment")]),
    ],
)
async def test_wrong_evaluation_is_refused(
    service: Service, score: int, comment: str | None, expected: list[tuple[str, str]]
) -> None:
    record_id = await entered(service, await service.member())

    assert fields(await evaluate(service, record_id, score, comment=comment)) == expected


async def test_void_record_is_not_evaluated(database: Database, service: Service) -> None:
    record_id = await entered(service, await service.member())
    await void_record(database, service.recorder, record_id, "有误", None, now=NOW)

    assert fields(await evaluate(service, record_id, 4)) == [("WRONG_STATE", "recordId")]


async def test_evaluation_waits_for_the_contact_team_where_the_region_asks(
    database: Database, db: Any, own_service: Service
) -> None:
    service = own_service
    member, hub = await service.member(), await service.forest.manager("hub")
    await db.execute(
        "insert into local_policies (province, region_id, reviews_evaluations, reason)"
        " values ('50', $1, true, '试点')",
        service.forest.region.id,
    )
    records = [
        await entered(service, member, score=5),
        await entered(service, member, starts_at=YESTERDAY - timedelta(days=1), score=1),
    ]
    before = await averages(db, member)
    ids = [
        row["id"]
        for row in await db.fetch(
            "select r.id from reviews r join evaluations e on e.id = r.subject_id"
            " where r.kind = 'EVALUATION' and e.record_id = any($1) order by e.record_id",
            records,
        )
    ]

    for number, approves in zip(ids, (True, False), strict=True):
        outcome = await decide_reviews(
            database,
            hub,
            Decided(ids=[number], approves=approves, opinion="已核实"),
            None,
            policy=Policy(),
            now=NOW,
        )
        assert [list(item.errors) for item in outcome.items] == [[]]

    assert before == (0, 0)
    assert await averages(db, member) == (1, 5)


async def test_who_took_part_in_a_project_is_evaluated_for_it(
    database: Database, db: Any, service: Service
) -> None:
    member, idle = await service.member(), await service.member()
    project = await service.project()
    post = Post(province="50", project_id=project.id, post_no=1, name="陪护", planned=3)
    await service.planter.add(post)
    await service.planter.add(
        SignUp(
            province="50",
            project_id=project.id,
            post_id=post.id,
            team_id=service.team.id,
            volunteer_id=member.id,
            status=SignUpStatus.ATTENDED,
        )
    )

    async def of(volunteer: Volunteer, viewer: Viewer, score: int = 4) -> Outcome:
        ends = project.id, volunteer.id
        return await evaluate_participation(
            database, viewer, ends, Opinion(score=score), None, now=NOW
        )

    assert codes(await of(member, service.recorder)) == []
    assert codes(await of(member, service.recorder, 2)) == []
    assert fields(await of(idle, service.recorder)) == [("NOT_FOUND", "volunteerId")]
    with pytest.raises(Forbidden):
        await of(member, await service.forest.manager("hub"))
    assert await averages(db, member) == (1, 2)


AWARD = NewAward(
    name="优秀志愿者",
    granted_by="渝北区人民政府",
    granted_on=date(2026, 3, 5),
    grantor=AwardGrantor.GOVERNMENT,
    material="荣誉证书原件",
    verification=None,
)
TRAINING = NewTraining(
    name="应急救护培训",
    content="心肺复苏",
    minutes=240,
    organiser="区红十字会",
    held_on=date(2026, 4, 1),
)


async def award(service: Service, member: Volunteer, **changes: Any) -> Outcome:
    given = NewAward(**{**{n: getattr(AWARD, n) for n in AWARD.__slots__}, **changes})
    return await record_award(
        service.planter.database, service.recorder, member.id, given, None, now=NOW
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"material": None}, [("REQUIRED", "material")]),
        ({"grantor": AwardGrantor.OTHER}, [("REQUIRED", "verification")]),
        ({"grantor": AwardGrantor.OTHER, "verification": "电话核实"}, []),
        ({"name": ""}, [("REQUIRED", "name")]),
        ({"name": "奖" * 101}, [("TOO_LONG", "name")]),
        ({"granted_by": "府\x1b"}, [("INVALID", "grantedBy")]),
        ({"granted_on": date(2026, 5, 21)}, [("IN_THE_FUTURE", "grantedOn")]),
    ],
)
async def test_government_s_award_is_recorded_as_shown_and_another_s_once_verified(
    db: Any, service: Service, changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    member = await service.member()

    outcome = await award(service, member, **changes)

    assert fields(outcome) == expected
    stored = await db.fetchval("select count(*) from awards where volunteer_id = $1", member.id)
    assert stored == (0 if expected else 1)


async def test_award_is_recorded_once_and_by_the_volunteer_s_own_team(
    database: Database, service: Service
) -> None:
    member = await service.member()
    hub = await service.forest.manager("hub")
    reviewer = await service.forest.manager("team", TeamAdminRole.REVIEWER)
    await service.forest.plant("other", "hub")
    other = await service.forest.manager("other")

    assert codes(await award(service, member)) == []
    assert fields(await award(service, member)) == [("ALREADY_THERE", "name")]
    for viewer in (hub, reviewer):
        with pytest.raises(Forbidden):
            await record_award(database, viewer, member.id, AWARD, None, now=NOW)
    missing = await record_award(database, other, member.id, AWARD, None, now=NOW)
    assert fields(missing) == [("NOT_FOUND", "volunteerId")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"minutes": 0}, [("INVALID", "minutes")]),
        ({"minutes": 60_001}, [("INVALID", "minutes")]),
        ({"organiser": ""}, [("REQUIRED", "organiser")]),
        ({"content": "课" * 501}, [("TOO_LONG", "content")]),
        ({"held_on": date(2026, 5, 21)}, [("IN_THE_FUTURE", "heldOn")]),
    ],
)
async def test_training_is_kept_and_is_no_service_time(
    database: Database,
    db: Any,
    service: Service,
    changes: dict[str, Any],
    expected: list[tuple[str, str]],
) -> None:
    member = await service.member()
    given = NewTraining(**{**{n: getattr(TRAINING, n) for n in TRAINING.__slots__}, **changes})

    outcome = await record_training(database, service.recorder, member.id, given, None, now=NOW)

    assert fields(outcome) == expected
    minutes = await db.fetchval("select effective_minutes from volunteers where id = $1", member.id)
    assert minutes == 0


async def rate(
    database: Database, viewer: Viewer, member: Volunteer, stars: int, reason: str | None = None
) -> Outcome:
    return await rate_star(database, viewer, member.id, stars, None, reason=reason)


@pytest.mark.parametrize(
    ("hours", "stars", "expected"),
    [
        (99.99, 1, [("STARS_NOT_REACHED", "stars")]),
        (100, 1, []),
        (299, 2, [("STARS_NOT_REACHED", "stars")]),
        (1500, 5, []),
        (1500, 6, [("INVALID", "stars")]),
        (1500, -1, [("INVALID", "stars")]),
        (0, 0, [("ALREADY_THERE", "stars")]),
    ],
)
async def test_stars_are_given_by_hours(
    database: Database,
    db: Any,
    service: Service,
    *,
    hours: float,
    stars: int,
    expected: list[tuple[str, str]],
) -> None:
    member = await service.member(effective_minutes=int(hours * 60))
    officer = await service.forest.officer(service.forest.region)

    outcome = await rate(database, officer, member, stars)

    assert fields(outcome) == expected
    history = await db.fetch("select * from star_ratings where volunteer_id = $1", member.id)
    assert [(each["stars"], each["stars_before"]) for each in history] == (
        [] if expected else [(stars, 0)]
    )


async def test_stars_are_taken_back_for_a_reason_and_the_history_stays(
    database: Database, db: Any, service: Service
) -> None:
    member = await service.member(effective_minutes=60 * 700)
    officer = await service.forest.officer(service.forest.region)
    await rate(database, officer, member, 3)

    silent = await rate(database, officer, member, 1)
    taken = await rate(database, officer, member, 1, "记录不实")

    assert fields(silent) == [("REASON_REQUIRED", "reason")]
    assert codes(taken) == []
    assert await db.fetchval("select star from volunteers where id = $1", member.id) == 1
    history = await db.fetch(
        "select stars, stars_before, reason, capacity from star_ratings"
        " where volunteer_id = $1 order by id",
        member.id,
    )
    assert [tuple(each) for each in history] == [
        (3, 0, None, officer.capacity),
        (1, 3, "记录不实", officer.capacity),
    ]
    audited = await db.fetchval(
        "select count(*) from audit_log where action = 'volunteer.star_rated' and subject_id = $1",
        member.id,
    )
    assert audited == 2


async def test_only_who_answers_for_the_residence_rates(
    database: Database, service: Service
) -> None:
    member = await service.member(effective_minutes=60 * 700)
    elsewhere = await service.forest.officer(await service.planter.region())

    with pytest.raises(Forbidden):
        await rate(database, service.recorder, member, 1)
    with pytest.raises(Forbidden):  # a town hub does not manage the region's volunteers
        await rate(database, await service.forest.manager("hub"), member, 1)
    assert fields(await rate(database, elsewhere, member, 1)) == [("NOT_FOUND", "volunteerId")]


async def test_region_has_a_scale_of_its_own_with_quality_and_level(
    database: Database, db: Any, own_service: Service
) -> None:
    service = own_service
    region = service.forest.region
    officer = await service.forest.officer(region)
    steps = [
        ScaleStep(stars=1, hours=50, least_score=4.0),
        ScaleStep(stars=2, hours=60, rated_by=RegionLevel.PROVINCE.value),
    ]
    bad = [[ScaleStep(stars=2, hours=50)], [ScaleStep(stars=1, hours=0)]]
    bad.append([ScaleStep(stars=1, hours=9), ScaleStep(stars=2, hours=9)])
    for wrong in bad:
        assert codes(await set_star_scale(database, officer, wrong, None)) == ["INVALID"]
    assert codes(await set_star_scale(database, officer, steps, None)) == []
    member = await service.member(effective_minutes=60 * 70)

    untried = await rate(database, officer, member, 1)
    await entered(service, member, score=5)
    tried = await rate(database, officer, member, 1)

    assert fields(untried) == [("STARS_NOT_REACHED", "stars")]
    assert codes(tried) == []
    with pytest.raises(Forbidden):
        await rate(database, officer, member, 2)
    with pytest.raises(Forbidden):
        await set_star_scale(database, service.recorder, steps, None)
    assert await db.fetchval(
        "select count(*) from star_thresholds where region_id = $1", region.id
    ) == len(steps)


async def test_records_are_handed_on_by_consent_and_verified_by_who_takes_them(
    database: Database, db: Any, service: Service
) -> None:
    member = await service.member()
    await entered(service, member)
    viewer = await service.viewer_of(member)
    to = await service.forest.plant("next", "hub")
    taker = await service.forest.manager("next", TeamAdminRole.RECORDER)
    handing = Handing(team_id=service.team.id, to_team_id=to.id, purpose="接续时长", consent=True)

    stranger = await transfer_records(database, viewer, handing, None)
    await service.planter.add(
        Membership(
            province="50",
            team_id=to.id,
            volunteer_id=member.id,
            status=MembershipStatus.JOINED,
            joined_at=NOW,
        )
    )
    unwilling = await transfer_records(database, viewer, replace(handing, consent=False), None)
    asked = await transfer_records(database, viewer, handing, None)
    twice = await transfer_records(database, viewer, handing, None)
    assert asked.subject_id is not None
    wrong = await answer_transfer(
        database, service.recorder, asked.subject_id, None, accept=True, note=None
    )
    oneself = replace(taker, volunteer_id=member.id)
    own = await answer_transfer(database, oneself, asked.subject_id, None, accept=True, note=None)
    taken = await answer_transfer(database, taker, asked.subject_id, None, accept=True, note=None)
    again = await answer_transfer(database, taker, asked.subject_id, None, accept=True, note=None)

    assert fields(stranger) == [("NOT_MEMBER", "toTeamId")]
    assert fields(unwilling) == [("CONSENT_REQUIRED", "consent")]
    assert (codes(asked), fields(twice)) == ([], [("ALREADY_APPLIED", "toTeamId")])
    assert fields(wrong) == [("NOT_FOUND", "transferId")]
    assert fields(own) == [("OWN_RECORD", "transferId")]
    assert (codes(taken), codes(again)) == ([], ["ALREADY_DECIDED"])
    consent = await db.fetchrow(
        "select c.* from consents c join record_transfers x on x.consent_id = c.id where x.id = $1",
        asked.subject_id,
    )
    assert (consent["kind"], consent["recipient"], consent["purpose"]) == (
        "TRANSFER",
        to.name,
        "接续时长",
    )
    assert await db.fetchval(
        "select count(*) from transferred_records where transfer_id = $1", asked.subject_id
    )


async def test_guardian_consents_to_handing_on_the_records_of_a_minor(
    database: Database, db: Any, service: Service
) -> None:
    """PIPL art. 31: whoever is under 18 does not consent alone, here as in ``giveConsent``."""
    child = await service.member(born_on=date(2013, 1, 1))
    await entered(service, child)
    viewer = await service.viewer_of(child)
    to = await service.forest.plant("school", "hub")
    await service.planter.add(
        Membership(
            province="50",
            team_id=to.id,
            volunteer_id=child.id,
            status=MembershipStatus.JOINED,
            joined_at=NOW,
        )
    )
    guardian = Guardian(name="李强", relation="父亲", mobile="13800000003")
    handing = Handing(team_id=service.team.id, to_team_id=to.id, purpose="接续", consent=True)

    alone = await transfer_records(database, viewer, handing, None)
    wrong = replace(handing, guardian=replace(guardian, mobile="1"))
    misnamed = await transfer_records(database, viewer, wrong, None)
    asked = await transfer_records(database, viewer, replace(handing, guardian=guardian), None)

    assert fields(alone) == [("GUARDIAN_REQUIRED", "guardian")]
    assert fields(misnamed) == [("INVALID", "guardian.mobile")]
    assert codes(asked) == []
    consent = await db.fetchrow(
        "select given_by, scope from consents where volunteer_id = $1 and kind = 'TRANSFER'",
        child.id,
    )
    assert consent["given_by"] == guardian.name
    assert json.loads(consent["scope"]) == {
        "fromTeamId": service.team.id,
        "toTeamId": to.id,
        "relation": guardian.relation,
        "mobile": guardian.mobile,
    }


async def test_withdrawn_consent_stops_the_sharing_and_leaves_each_its_own_records(
    database: Database, db: Any, service: Service
) -> None:
    """DOMAIN §11.20."""
    member = await service.member()
    record_id = await entered(service, member)
    viewer = await service.viewer_of(member)
    to = await service.forest.plant("later", "hub")
    taker = await service.forest.manager("later")
    await service.planter.add(
        Membership(
            province="50",
            team_id=to.id,
            volunteer_id=member.id,
            status=MembershipStatus.JOINED,
            joined_at=NOW,
        )
    )
    handing = Handing(team_id=service.team.id, to_team_id=to.id, purpose="接续", consent=True)
    asked = await transfer_records(database, viewer, handing, None)
    assert asked.subject_id is not None

    foreign = await service.viewer_of(await service.member())
    hidden = await withdraw_transfer(database, foreign, asked.subject_id, None)
    stopped = await withdraw_transfer(database, viewer, asked.subject_id, None)
    late = await answer_transfer(database, taker, asked.subject_id, None, accept=True, note=None)

    assert fields(hidden) == [("NOT_FOUND", "transferId")]
    assert codes(stopped) == []
    assert fields(late) == [("NOT_FOUND", "transferId")]
    status = await db.fetchval("select status from service_records where id = $1", record_id)
    assert status == "EFFECTIVE"


async def test_of_cooperating_teams_the_project_s_own_names_who_records(
    database: Database, service: Service
) -> None:
    """DOMAIN §11.13."""
    member, project = await service.member(), await service.project()
    manager = await service.forest.manager("team")
    partner = await service.forest.plant("partner", "hub")

    with pytest.raises(Forbidden):
        await name_recording_team(database, service.recorder, project.id, partner.id, None)
    named = await name_recording_team(database, manager, project.id, partner.id, None)
    elsewhere = await service.enter(entry(member, project_id=project.id))
    back = await name_recording_team(database, manager, project.id, None, None)
    own = await service.enter(entry(member, project_id=project.id))
    late = await name_recording_team(database, manager, project.id, partner.id, None)
    missing = await name_recording_team(database, manager, project.id, 7, None)

    assert (codes(named), codes(back), codes(own)) == ([], [], [])
    assert fields(elsewhere) == [("RECORDED_ELSEWHERE", "projectId")]
    assert fields(late) == [("WRONG_STATE", "projectId")]
    assert fields(missing) == [("NOT_FOUND", "teamId")]
