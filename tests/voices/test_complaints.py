"""Complaints: where they go, who handles them, what comes of them, who learns what."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from db.clock import run_due
from db.enums import CertificateStatus, ComplaintMeasure, ComplaintStatus, TeamAdminRole
from db.errors import KeyReused
from db.models import Certificate, CertificateRecord, TeamAdmin
from db.queries.own_data import fetch_all
from permissions.errors import Forbidden, Unauthenticated
from permissions.viewer import PUBLIC, Viewer
from resolvers.complaints.handling import advance_complaint
from resolvers.team_states import Order, disable_team
from tests.small_world import NOW
from tests.voices.ward import POLICY, TEXT, Ward, codes

M, S = ComplaintMeasure, ComplaintStatus


async def holder_of(db: Any, ward: Ward, complaint_id: int) -> str:
    """The name of the team or region that holds a complaint."""
    row = await db.fetchrow("select * from complaints where id = $1", complaint_id)
    if row["handler_team_id"] is not None:
        return next(
            name for name, team in ward.forest.teams.items() if team.id == row["handler_team_id"]
        )
    regions = ward.district.regions.items()
    return "office " + next(name for name, each in regions if each.id == row["handler_region_id"])


async def row_of(db: Any, complaint_id: int) -> Any:
    return await db.fetchrow("select * from complaints where id = $1", complaint_id)


async def events_for(db: Any, viewer: Viewer) -> list[str]:
    rows = await db.fetch(
        "select event from notifications where account_id = $1 order by id", viewer.account_id
    )
    return [row["event"] for row in rows]


@pytest.mark.parametrize(
    ("what", "goes_to"),
    [
        ("group", "office district"),  # the village has no department: its county's
        ("record", "office district"),
        ("certificate", "office district"),
        ("project", "group"),
        ("volunteer", "group"),
        ("legal", "office city"),  # its registration authority
        ("legal project", "office city"),
        ("volunteer of legal", "office city"),
    ],
)
async def test_complaint_goes_to_who_is_competent_for_its_subject(
    db: Any, ward: Ward, what: str, goes_to: str
) -> None:
    complainant = await ward.district.person()
    legal_project = await ward.planter.project(ward.forest.teams["legal"])
    certificate = await certified(ward)
    cases = {
        "group": (complainant, ward.case()),
        "record": (await ward.member(), ward.case(("ServiceRecord", ward.record.id))),
        "certificate": (await ward.member(), ward.case(("Certificate", certificate.id))),
        "project": (complainant, ward.case(("Project", ward.project.id))),
        "volunteer": (complainant, ward.about_volunteer()),
        "legal": (complainant, ward.case(("Team", ward.id("legal")))),
        "legal project": (complainant, ward.case(("Project", legal_project.id))),
        "volunteer of legal": (complainant, ward.about_volunteer("legal")),
    }

    complaint_id = await ward.submitted(*cases[what])

    assert await holder_of(db, ward, complaint_id) == goes_to


async def certified(ward: Ward, *, by_team: bool = True) -> Certificate:
    certificate = Certificate(
        province="50",
        certificate_no=f"Z{ward.record.id}{by_team}",
        volunteer_id=ward.volunteer.id,
        team_id=ward.id("group") if by_team else None,
        status=CertificateStatus.ISSUED,
        snapshot={},
        minutes=90,
        digest=b"0",
        signature=b"0",
        issued_at=NOW,
    )
    await ward.planter.add(certificate)
    await ward.planter.add(
        CertificateRecord(
            province="50", certificate_id=certificate.id, record_id=ward.record.id, revision=1
        )
    )
    return certificate


async def test_team_that_complains_about_its_own_member_does_not_handle_it(
    db: Any, ward: Ward
) -> None:
    manager = await ward.forest.manager("group")

    complaint_id = await ward.submitted(manager, ward.about_volunteer())

    assert await holder_of(db, ward, complaint_id) == "community"


async def test_complaint_about_a_stopped_teams_project_goes_to_its_superior(
    db: Any, ward: Ward
) -> None:
    signed_up = await ward.member()  # still sees the project, by the record
    town = await ward.forest.manager("town")
    order = Order(team_id=ward.id("group"), reason="整改")
    await disable_team(ward.database, town, order, None, policy=POLICY)

    complaint_id = await ward.submitted(signed_up, ward.case(("Project", ward.project.id)))

    assert await holder_of(db, ward, complaint_id) == "community"


async def test_office_without_competence_must_answer_with_the_competent_one(
    db: Any, ward: Ward
) -> None:
    """DOMAIN §11.28."""
    complainant = await ward.district.person()
    other = await ward.officer("other")
    code = ward.district.regions["other"].code
    complaint_id = await ward.submitted(complainant, ward.case(office_code=code))
    assert await holder_of(db, ward, complaint_id) == "office other"

    accepted = await ward.advance(other, complaint_id, S.ACCEPTED)
    to_itself = await ward.transfer(other, complaint_id, to_office_code=code)
    to_a_team = await ward.transfer(other, complaint_id, to_team_id=ward.id("other"))
    handed_on = await ward.transfer(other, complaint_id)

    assert (accepted, to_itself, to_a_team) == (["NOT_COMPETENT"], ["INVALID"], ["NOT_COMPETENT"])
    assert handed_on == []
    row = await row_of(db, complaint_id)
    assert (row["status"], row["closed_at"]) == ("TRANSFERRED", None)
    assert await holder_of(db, ward, complaint_id) == "office district"
    assert "complaint.transferred" in await events_for(db, complainant)
    district = await ward.officer("district")
    assert await ward.advance(other, complaint_id, S.ACCEPTED) == ["NOT_FOUND"]
    assert await ward.advance(district, complaint_id, S.ACCEPTED) == []


async def test_refusal_of_an_office_without_competence_names_the_competent_one(
    ward: Ward,
) -> None:
    complainant, other = await ward.district.person(), await ward.officer("other")
    code = ward.district.regions["other"].code
    complaint_id = await ward.submitted(complainant, ward.case(office_code=code))

    outcome = await advance_complaint(
        ward.database, other, complaint_id, S.ACCEPTED, None, policy=POLICY
    )

    (error,) = outcome.errors
    assert ward.district.regions["district"].name in error.message


async def test_authority_elsewhere_is_told_and_ends_the_complaint(db: Any, ward: Ward) -> None:
    complainant, office = await ward.district.person(), await ward.officer("district")
    complaint_id = await ward.submitted(complainant)

    told = await ward.transfer(office, complaint_id, elsewhere="渝北区市场监督管理局")

    assert told == []
    row = await row_of(db, complaint_id)
    assert row["transferred_to"] == "渝北区市场监督管理局"
    assert row["closed_at"] is not None
    assert await ward.advance(office, complaint_id, S.ACCEPTED) == ["WRONG_STATE"]
    assert await ward.submitted(complainant) != complaint_id  # about the same, anew


async def test_complaint_passes_through_its_states_to_a_decision(db: Any, ward: Ward) -> None:
    complainant, office = await ward.district.person(), await ward.officer("district")
    complaint_id = await ward.submitted(complainant)

    await ward.investigated(office, complaint_id)
    decided = await ward.rule(office, complaint_id, M.WARNING, "时长虚增，予以警告")

    assert decided == []
    row = await row_of(db, complaint_id)
    assert (row["status"], row["measure"], row["outcome"]) == (
        "UPHELD",
        "WARNING",
        "时长虚增，予以警告",
    )
    steps = await db.fetch(
        "select status, note from complaint_steps where complaint_id = $1 order by id",
        complaint_id,
    )
    assert [tuple(step) for step in steps] == [
        ("SUBMITTED", None),
        ("ACCEPTED", None),
        ("INVESTIGATING", None),
        ("UPHELD", "时长虚增，予以警告"),
    ]
    assert await events_for(db, complainant) == [
        "complaint.accepted",
        "complaint.investigating",
        "complaint.upheld",
    ]
    assert await ward.close(complainant, complaint_id) == []
    assert (await row_of(db, complaint_id))["status"] == "CLOSED"
    assert await ward.appeal(complainant, complaint_id) == ["WRONG_STATE"]


async def test_team_and_volunteer_concerned_are_told_of_the_measure_and_not_who_complained(
    db: Any, ward: Ward
) -> None:
    complainant, manager = await ward.district.person(), await ward.forest.manager("group")
    member = await ward.member()
    complaint_id = await ward.submitted(complainant, ward.about_volunteer(discloses_name=True))
    hub = await ward.forest.manager("community")
    await ward.investigated(hub, complaint_id)

    assert await ward.rule(hub, complaint_id, M.CORRECTION_ORDERED) == []

    assert await events_for(db, manager) == ["complaint.received", "complaint.upheld_about_you"]
    assert await events_for(db, member) == ["complaint.upheld_about_you"]
    rows = await db.fetch(
        "select payload::text from notifications where account_id = any($1)",
        [manager.account_id, member.account_id],
    )
    assert not any(f"{complainant.account_id}" in row["payload"] for row in rows)
    payloads = await db.fetch(
        "select payload::text from outbox where subject_id = $1 and subject_type = 'Complaint'",
        complaint_id,
    )
    assert payloads
    assert {row["payload"] for row in payloads} == {"{}"}


async def test_appeal_goes_up_step_by_step_until_nobody_is_above(db: Any, ward: Ward) -> None:
    complainant = await ward.district.person()
    complaint_id = await ward.submitted(complainant, ward.case(("Project", ward.project.id)))
    held = []
    for handler in ("group", "community", "town", "district", "city"):
        held.append(await holder_of(db, ward, complaint_id))
        viewer = await ward.forest.manager(handler)
        await ward.investigated(viewer, complaint_id)
        assert await ward.rule(viewer, complaint_id, outcome="不属实") == []
        assert await ward.appeal(complainant, complaint_id) == []
    held.append(await holder_of(db, ward, complaint_id))
    office = await ward.officer("city")
    await ward.investigated(office, complaint_id)
    assert await ward.rule(office, complaint_id, outcome="不属实") == []

    last = await ward.appeal(complainant, complaint_id)

    assert held == ["group", "community", "town", "district", "city", "office city"]
    assert last == ["NO_SUPERIOR"]
    assert (await row_of(db, complaint_id))["appeals"] == 5


async def test_decision_stands_after_sixty_days_and_the_clock_closes_it(
    db: Any, ward: Ward
) -> None:
    complainant, office = await ward.district.person(), await ward.officer("district")
    complaint_id = await ward.submitted(complainant)
    await ward.investigated(office, complaint_id)
    await ward.rule(office, complaint_id, outcome="不属实")
    decided_at = (await row_of(db, complaint_id))["decided_at"]

    late = await ward.appeal(complainant, complaint_id, days_later=61)
    await run_due(ward.database.engine, now=decided_at + timedelta(days=60))
    before = (await row_of(db, complaint_id))["status"]
    await run_due(ward.database.engine, now=decided_at + timedelta(days=60, seconds=1))

    assert late == ["WRONG_STATE"]
    assert before == "DISMISSED"
    assert (await row_of(db, complaint_id))["status"] == "CLOSED"


async def test_whom_a_complaint_is_about_neither_sees_nor_handles_it(ward: Ward) -> None:
    """Not as a volunteer, not as a manager of the team that holds it, nor of one above."""
    complainant = await ward.district.person()
    complaint_id = await ward.submitted(complainant, ward.about_volunteer())
    accused = [await ward.member()]
    account = ward.volunteer.account_id
    for name in ("group", "community"):
        team = ward.forest.teams[name]
        await ward.planter.add(
            TeamAdmin(
                province="50", team_id=team.id, account_id=account, role=TeamAdminRole.MANAGER
            )
        )
        accused.append(await ward.of(ward.volunteer, f"team:{team.team_no}"))

    found = [await ward.advance(viewer, complaint_id, S.ACCEPTED) for viewer in accused]

    assert found == [["NOT_FOUND"]] * 3
    assert await ward.advance(await ward.forest.manager("group"), complaint_id, S.ACCEPTED) == []


async def test_who_complained_does_not_handle_it_in_another_capacity(ward: Ward) -> None:
    volunteer = await ward.planter.volunteer(ward.district.regions["community"])
    team = ward.forest.teams["group"]
    await ward.planter.add(
        TeamAdmin(
            province="50",
            team_id=team.id,
            account_id=volunteer.account_id,
            role=TeamAdminRole.MANAGER,
        )
    )
    person = await ward.of(volunteer)
    complaint_id = await ward.submitted(person, ward.case(("Project", ward.project.id)))

    with pytest.raises(Forbidden):
        await ward.advance(
            await ward.of(volunteer, f"team:{team.team_no}"), complaint_id, S.ACCEPTED
        )


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("group", []),
        ("community", []),  # its contact team, by quick review
        ("other", ["NOT_FOUND"]),
        ("legal", ["NOT_FOUND"]),
    ],
)
async def test_team_handles_what_it_holds_and_hubs_above_what_lies_below(
    ward: Ward, who: str, expected: list[str]
) -> None:
    complaint_id = await ward.submitted(
        await ward.district.person(), ward.case(("Project", ward.project.id))
    )

    assert await ward.advance(await ward.forest.manager(who), complaint_id, S.ACCEPTED) == expected


async def test_only_the_complainant_appeals_and_closes(ward: Ward) -> None:
    office = await ward.officer("district")
    complaint_id = await ward.submitted(await ward.district.person())
    await ward.investigated(office, complaint_id)
    await ward.rule(office, complaint_id, outcome="不属实")

    for act in (ward.appeal, ward.close):
        with pytest.raises(Forbidden):
            await act(office, complaint_id)


async def test_nobody_complains_without_signing_in(ward: Ward) -> None:
    with pytest.raises(Unauthenticated):
        await ward.submit(PUBLIC, ward.case())


async def test_same_account_has_one_open_complaint_about_a_thing(ward: Ward) -> None:
    complainant = await ward.district.person()
    await ward.submitted(complainant)

    again = await ward.submit(complainant, ward.case())
    both = await asyncio.gather(
        *(ward.submit(complainant, ward.case(("Team", ward.id("legal")))) for _ in range(4))
    )

    assert codes(again) == ["ALREADY_APPLIED"]
    assert sorted(codes(each) for each in both) == [[], *[["ALREADY_APPLIED"]] * 3]


async def test_twenty_are_open_at_a_time(ward: Ward) -> None:
    complainant = await ward.district.person()
    for _ in range(20):
        project = await ward.planter.project(ward.forest.teams["group"])
        await ward.submitted(complainant, ward.case(("Project", project.id)))

    assert codes(await ward.submit(complainant, ward.case())) == ["TOO_MANY"]


async def test_repeat_under_a_key_answers_the_same_and_other_input_is_refused(
    db: Any, ward: Ward
) -> None:
    complainant = await ward.district.person()
    first = await ward.submit(complainant, ward.case(), "k")
    repeat = await ward.submit(complainant, ward.case(), "k")

    assert first.subject_id == repeat.subject_id
    count = "select count(*) from complaints where complainant_account_id = $1"
    assert await db.fetchval(count, complainant.account_id) == 1
    with pytest.raises(KeyReused):
        await ward.submit(complainant, ward.case(text="别的"), "k")


async def test_record_is_voided_and_its_hours_taken_off(db: Any, ward: Ward) -> None:
    certificate = await certified(ward)
    minutes = "select effective_minutes from volunteers where id = $1"
    complaint_id, office = await about_the_record(ward)

    assert await ward.rule(office, complaint_id, M.RECORD_VOIDED, "未参加服务") == []

    row = await db.fetchrow("select * from service_records where id = $1", ward.record.id)
    assert (row["status"], row["void_reason"]) == ("VOID", "未参加服务")
    assert await db.fetchval(minutes, ward.volunteer.id) == 0
    assert await is_outdated(db, certificate.id)


async def about_the_record(ward: Ward) -> tuple[int, Viewer]:
    manager, office = await ward.forest.manager("group"), await ward.officer("district")
    complaint_id = await ward.submitted(manager, ward.case(("ServiceRecord", ward.record.id)))
    await ward.investigated(office, complaint_id)
    return complaint_id, office


async def is_outdated(db: Any, certificate_id: int) -> bool:
    found: bool = await db.fetchval(
        "select is_outdated from certificates where id = $1", certificate_id
    )
    return found


async def test_bought_hours_are_marked_and_certified_no_more(db: Any, ward: Ward) -> None:
    certificate = await certified(ward)
    complaint_id, office = await about_the_record(ward)

    assert await ward.rule(office, complaint_id, M.RECORD_MARKED_BOUGHT, "购买时长") == []

    row = await db.fetchrow("select * from service_records where id = $1", ward.record.id)
    assert (row["status"], row["is_bought"], row["is_flagged"]) == ("EFFECTIVE", True, True)
    assert await is_outdated(db, certificate.id)


async def test_certificate_is_revoked(db: Any, ward: Ward) -> None:
    certificate = await certified(ward)
    member, office = await ward.member(), await ward.officer("district")
    complaint_id = await ward.submitted(member, ward.case(("Certificate", certificate.id)))
    await ward.investigated(office, complaint_id)

    assert await ward.rule(office, complaint_id, M.CERTIFICATE_REVOKED, "内容不实") == []

    row = await db.fetchrow("select * from certificates where id = $1", certificate.id)
    assert (row["status"], row["revoke_reason"]) == ("REVOKED", "内容不实")


async def test_what_the_volunteer_printed_is_not_revoked_for_them(db: Any, ward: Ward) -> None:
    certificate = await certified(ward, by_team=False)
    member = await ward.member()
    complaint_id = await ward.submitted(member, ward.case(("Certificate", certificate.id)))
    office = await ward.officer("district")
    await ward.investigated(office, complaint_id)

    assert await ward.rule(office, complaint_id, M.CERTIFICATE_REVOKED) == ["INVALID"]
    assert (await row_of(db, complaint_id))["status"] == "INVESTIGATING"


async def test_project_is_disabled_by_its_superior(db: Any, ward: Ward) -> None:
    complaint_id = await ward.submitted(
        await ward.district.person(), ward.case(("Project", ward.project.id))
    )
    hub = await ward.forest.manager("community")
    await ward.investigated(hub, complaint_id)

    assert await ward.rule(hub, complaint_id, M.PROJECT_DISABLED, "以服务为名收费") == []

    row = await db.fetchrow("select * from projects where id = $1", ward.project.id)
    assert (row["status"], row["stopped_by"]) == ("DISABLED", "SUPERIOR")


async def test_project_that_a_redistricting_handed_on_is_disabled_as_the_heirs(
    db: Any, ward: Ward
) -> None:
    complaint_id = await ward.submitted(
        await ward.district.person(), ward.case(("Project", ward.project.id))
    )
    hub = await ward.forest.manager("community")
    await ward.investigated(hub, complaint_id)
    await db.execute(
        "update projects set team_id = $2 where id = $1", ward.project.id, ward.id("community")
    )

    assert await ward.rule(hub, complaint_id, M.PROJECT_DISABLED, "以服务为名收费") == []

    told = "select payload ->> 'teamId' from outbox where (event, subject_id) = ($1, $2)"
    team_id = await db.fetchval(told, "project.disabled", ward.project.id)
    assert int(team_id) == ward.id("community")


async def test_team_is_disabled_with_its_projects(db: Any, ward: Ward) -> None:
    complaint_id = await ward.submitted(await ward.district.person())
    office = await ward.officer("district")
    await ward.investigated(office, complaint_id)

    assert await ward.rule(office, complaint_id, M.TEAM_DISABLED, "伪造记录") == []

    assert await status_of(db, "teams", ward.id("group")) == "DISABLED"
    assert await status_of(db, "projects", ward.project.id) == "DISABLED"


async def status_of(db: Any, table: str, number: int) -> str:
    status: str = await db.fetchval(f"select status from {table} where id = $1", number)  # noqa: S608
    return status


@pytest.mark.parametrize(
    "measure", sorted(set(M) - {M.WARNING, M.CORRECTION_ORDERED, M.TEAM_DISABLED})
)
async def test_measure_that_does_not_fit_the_subject_changes_nothing(
    db: Any, ward: Ward, measure: M
) -> None:
    complaint_id = await ward.submitted(await ward.district.person())
    office = await ward.officer("district")
    await ward.investigated(office, complaint_id)

    assert await ward.rule(office, complaint_id, measure) == ["INVALID"]

    assert (await row_of(db, complaint_id))["status"] == "INVESTIGATING"
    assert await status_of(db, "teams", ward.id("group")) == "ENABLED"


async def test_of_two_who_decide_at_once_one_wins(db: Any, ward: Ward) -> None:
    first, second = await ward.officer("district"), await ward.officer("city")
    complaint_id, _ = await about_the_record(ward)

    told = await asyncio.gather(
        ward.rule(first, complaint_id, M.RECORD_VOIDED, "虚报"),
        ward.rule(second, complaint_id, outcome="不属实"),
    )

    assert sorted(told) == [[], ["WRONG_STATE"]]
    row = await row_of(db, complaint_id)
    assert (row["status"] == "UPHELD") == (
        await status_of(db, "service_records", ward.record.id) == "VOID"
    )


async def test_copy_of_own_data_holds_own_complaints_and_none_about_oneself(ward: Ward) -> None:
    person = await ward.district.person()
    await ward.submitted(person, ward.about_volunteer())
    assert person.volunteer_id is not None

    async with ward.database.write(account_id=None, capacity="test", action="copy") as write:
        own = await fetch_all(write, person.volunteer_id)
        about = await fetch_all(write, ward.volunteer.id)

    assert [each["text"] for each in own["complaints"]] == [TEXT]
    assert about["complaints"] == []
