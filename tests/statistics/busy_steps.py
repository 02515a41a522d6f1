"""What may happen in a district at work: each step is a use case, chosen by two numbers.

What a step comes to is not asked, refusals are as good as acts: whatever was written is counted.
But each takes, as a rule, a row that can be acted on, so that much is written.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from db.clock import run_due
from db.enums import IdentityType, MembershipStatus, ReviewKind
from db.errors import LockUnavailable
from db.models import VolunteerIdentity
from permissions.edges import Policy
from permissions.errors import ClientError
from resolvers.membership_changes import (
    Invitation,
    answer_invitation,
    invite_volunteer,
    leave_team,
)
from resolvers.moves import Wish, move_team
from resolvers.profile import update_profile
from resolvers.project_posts import update_post
from resolvers.project_states import ProjectOrder, disable_project
from resolvers.records.correcting import Changes, correct_record, void_record
from resolvers.records.disputing import confirm_record, dispute_record
from resolvers.records.entering import create_record
from resolvers.records.entry import Entry
from resolvers.records.policy import RecordPolicy
from resolvers.review_decisions import Decided, decide_reviews
from resolvers.sign_up_answers import SignUpsDecided, decide_sign_ups
from resolvers.sign_up_attendance import check_in, check_out
from resolvers.sign_ups import Application, sign_up
from resolvers.team_registration import register_team
from resolvers.team_states import EnableMode, Order, disable_team, enable_team
from resolvers.volunteer_leaving import withdraw_volunteer
from tests.small_world import NOW
from tests.statistics.busy_world import SERVING, SERVING_TEAMS, BusyWorld
from tests.workflows.desk import DESK
from tests.workflows.project_world import SOON

DAY = timedelta(days=1)
MOVABLE = ("community", "town", "quiet", "second")
AT_ONCE = RecordPolicy(publicity_days=0)
REVIEWED = (ReviewKind.TEAM_REGISTRATION, ReviewKind.PROJECT_PUBLICATION, ReviewKind.LATE_HOURS)
COUNTS = "s.status = 'EFFECTIVE'"

Step = Callable[[BusyWorld, int, int], Awaitable[object]]


async def register(busy: BusyWorld, _a: int, b: int) -> None:
    volunteer = await busy.register(b)
    kind = [*IdentityType][b % len(IdentityType)]
    await busy.planter.add(
        VolunteerIdentity(
            volunteer_id=volunteer.id, id_type=kind, sealed_number=b"-", key_id="k1",
            blind_index=volunteer.id.to_bytes(8, "big"),
        )
    )  # fmt: skip


async def withdraw(busy: BusyWorld, a: int, _b: int) -> None:
    if len(busy.people) > SERVING + 1:
        place = SERVING + a % (len(busy.people) - SERVING)
        outcome = await withdraw_volunteer(busy.database, busy.people[place][1], None)
        if not outcome.errors:
            del busy.people[place]


async def join(busy: BusyWorld, a: int, b: int) -> None:
    volunteer, viewer = busy.person(a if b % 4 == 0 else -1 - a % 3)
    name = ("community", "quiet", "second", "town")[b % 4]
    outcome = await invite_volunteer(
        busy.database,
        await busy.manager(name),
        Invitation(
            team_id=busy.team(name).id, volunteer_no=volunteer.volunteer_no, name=volunteer.name
        ),
        None,
    )
    if outcome.subject_id is not None:
        await answer_invitation(busy.database, viewer, outcome.subject_id, None, accept=b % 3 != 0)


async def leave(busy: BusyWorld, a: int, b: int) -> None:
    member = await busy.one("memberships", a, f"s.status = '{MembershipStatus.JOINED}'")
    stays = {volunteer.id for volunteer, _ in busy.people[: SERVING - 1]}
    if member is not None and member["volunteer_id"] not in stays:
        viewer = busy.viewer_of(member["volunteer_id"])
        await leave_team(busy.database, viewer, member["of_team"], None)
    elif b % 2:
        await leave_team(busy.database, busy.person(a)[1], busy.team("second").id, None)


async def profile(busy: BusyWorld, a: int, b: int) -> None:
    codes = [["01"], ["02"], ["01", "02"], []][b % 4]
    skills = [["急救"], ["会修表"], ["急救", "书画"], []][a % 4]
    given = {"service_categories": codes, "skills": skills}
    await update_profile(busy.database, busy.person(a)[1], given, None)


async def found(busy: BusyWorld, a: int, b: int) -> None:
    form = busy.world.district.group(name=f"邢孃孃{a}号{b}志愿服务队")
    await register_team(busy.database, busy.person(a)[1], DESK, form, None, now=NOW)


async def decide(busy: BusyWorld, a: int, b: int) -> None:
    kind = REVIEWED[b % len(REVIEWED)]
    waiting = await busy.one("reviews", a, f"s.state = 'PENDING' and s.kind = '{kind}'")
    if waiting is not None:
        decided = Decided(ids=[waiting["id"]], approves=b % 5 != 0, opinion="意见")
        viewer = await busy.manager_of(waiting["of_team"])
        await decide_reviews(busy.database, viewer, decided, None, policy=Policy(), now=NOW)


async def disable(busy: BusyWorld, a: int, _b: int) -> None:
    name = ("second", "quiet", "second", "community")[a % 4]
    order = Order(team_id=busy.team(name).id, reason="整改")
    await disable_team(busy.database, await busy.manager("city"), order, None, policy=Policy())


async def enable(busy: BusyWorld, a: int, b: int) -> None:
    team = await busy.one("teams", a, "s.status = 'DISABLED'")
    if team is not None:
        order = Order(team_id=team["id"], reason="整改完成")
        mode, city = [*EnableMode][b % 2], await busy.manager("city")
        await enable_team(busy.database, city, order, mode, None, policy=Policy())


async def move(busy: BusyWorld, a: int, b: int) -> None:
    to = [*busy.world.district.forest.teams][b % len(busy.world.district.forest.teams)]
    wish = Wish(
        team_id=busy.team(MOVABLE[a % len(MOVABLE)]).id,
        contact_team_id=busy.team(to).id,
        reason="调整",
    )
    await move_team(busy.database, await busy.manager("city"), wish, None, today=NOW.date())


async def project(busy: BusyWorld, a: int, b: int) -> None:
    name = ("community", "quiet", "second", "town")[a % 4]
    viewer = await busy.manager(name)
    categories = ("01", "02")[: 1 + b % 2]
    made = await busy.world.create(viewer, team=name, categories=categories, name=f"邻里{b}")
    if made.subject_id is not None:
        await busy.world.submit(viewer, made.subject_id)


async def post(busy: BusyWorld, a: int, b: int) -> None:
    row = await busy.one("posts", a)
    if row is not None:
        viewer = await busy.manager_of(row["of_team"])
        await update_post(busy.database, viewer, row["id"], {"planned": 1 + b % 40}, None)


async def stop(busy: BusyWorld, a: int, b: int) -> None:
    row = await busy.one("projects", a, "s.status in ('WAITING', 'CLOSED')")
    if row is not None:
        order = ProjectOrder(project_id=row["id"], reason="天气原因")
        hub = await busy.manager(("town", "city")[b % 2])
        await disable_project(busy.database, hub, order, None, policy=Policy())


async def apply(busy: BusyWorld, a: int, b: int) -> None:
    row = await busy.one("posts", b, f"p.status = 'WAITING' and p.starts_at >= '{SOON}'")
    if row is not None:
        application = Application(post_id=row["id"])
        await sign_up(busy.database, busy.person(a)[1], application, None, now=NOW)


async def accept(busy: BusyWorld, a: int, b: int) -> None:
    waiting = await busy.one("sign_ups", a, "s.status = 'APPLIED'")
    if waiting is not None:
        viewer = await busy.manager_of(waiting["of_team"])
        decided = SignUpsDecided(ids=[waiting["id"]], accepts=b % 5 != 0, reason="人数已满")
        await decide_sign_ups(busy.database, viewer, decided, None, now=NOW)


async def attend(busy: BusyWorld, a: int, b: int) -> None:
    came = await busy.one("sign_ups", a, "s.status in ('ACCEPTED', 'ATTENDED')")
    if came is not None:
        viewer = await busy.manager_of(came["of_team"])
        now = SOON + timedelta(minutes=10 + b % 100)
        await check_in(busy.database, viewer, came["id"], None, now=now)
        if b % 3:
            out = now + timedelta(minutes=20 + a % 70)
            await check_out(busy.database, viewer, came["id"], None, now=out)


async def enter(busy: BusyWorld, a: int, b: int) -> None:
    """Of the last days or, to be reviewed, of months before; in a project or in none."""
    name = SERVING_TEAMS[b % 2]
    back = 20 + a % 30 if a % 5 == 0 else 1 + a % 9
    begin = NOW - back * DAY - timedelta(hours=b % 5)
    entry = Entry(
        volunteer_id=busy.people[a % SERVING][0].id,
        project_id=busy.running[name] if b % 3 else None,
        starts_at=begin,
        ends_at=begin + timedelta(minutes=30 + b % 30),
        activity_name="敬老院探访",
        content="陪伴老人",
        place="桃源敬老院",
        targets=("老年人",),
    )
    policy = AT_ONCE if b % 4 else RecordPolicy()
    team = busy.team(name).id
    await create_record(
        busy.database, await busy.manager(name), team, entry, None, now=NOW, policy=policy
    )


async def correct(busy: BusyWorld, a: int, b: int) -> None:
    """Other minutes, or another day, which may be one of another month."""
    record = await busy.one("service_records", a, COUNTS)
    if record is not None:
        changes = Changes(unserved_minutes=1 + b % 20)
        if b % 2 and record["ends_at"] is not None:
            by = (1 + b % 25) * DAY
            changes = Changes(starts_at=record["starts_at"] - by, ends_at=record["ends_at"] - by)
        viewer = await busy.manager_of(record["of_team"])
        await correct_record(
            busy.database, viewer, record["id"], changes, None, reason="时间有误", now=NOW
        )


async def void(busy: BusyWorld, a: int, _b: int) -> None:
    record = await busy.one("service_records", a, COUNTS)
    if record is not None:
        viewer = await busy.manager_of(record["of_team"])
        await void_record(busy.database, viewer, record["id"], "重复录入", None, now=NOW)


async def dispute(busy: BusyWorld, a: int, b: int) -> None:
    record = await busy.one("service_records", a, COUNTS)
    if record is not None:
        viewer = busy.viewer_of(record["volunteer_id"])
        outcome = await dispute_record(
            busy.database, viewer, record["id"], "时长不对", None, now=NOW
        )
        if b % 2 and not outcome.errors:
            keeper = await busy.manager_of(record["of_team"])
            await confirm_record(busy.database, keeper, record["id"], "属实", None, now=NOW)


async def clock(busy: BusyWorld, a: int, _b: int) -> None:
    await run_due(busy.database.engine, now=NOW + (2, 2, 12)[a % 3] * DAY)


@dataclass(frozen=True, slots=True)
class Often:
    """A step, how often it is taken in a plan, and what of the ledger it moves at some time."""

    step: Step
    times: int
    moves: frozenset[str]


def _often(step: Step, times: int, *moves: str) -> Often:
    return Often(step, times, frozenset(moves))


STEPS: Mapping[str, Often] = {
    "register": _often(register, 2, "volunteer"),
    "join": _often(join, 4, "member"),
    "profile": _often(profile, 2, "volunteer"),
    "project": _often(project, 3, "review"),
    "found": _often(found, 2, "review"),
    "enter": _often(enter, 11, "record", "overdue", "review"),
    "apply": _often(apply, 6, "sign_up"),
    "accept": _often(accept, 5, "sign_up"),
    "attend": _often(attend, 4, "sign_up"),
    "decide": _often(decide, 8, "review", "project", "team"),
    "correct": _often(correct, 5, "record"),
    "dispute": _often(dispute, 2, "record"),
    "void": _often(void, 3, "record"),
    "post": _often(post, 2, "project"),
    "clock": _often(clock, 3, "record", "project"),
    "move": _often(move, 3, "team", "member", "project"),
    "disable": _often(disable, 2, "team", "disabled_team"),
    "enable": _often(enable, 3, "team", "disabled_team"),
    "leave": _often(leave, 3, "member"),
    "withdraw": _often(withdraw, 2, "volunteer"),
    "stop": _often(stop, 1, "project"),
}  # fmt: skip


async def act(busy: BusyWorld, name: str, a: int, b: int) -> None:
    """One step; a refusal of any kind is an outcome like another."""
    with suppress(ClientError, LockUnavailable):
        await STEPS[name].step(busy, a, b)
