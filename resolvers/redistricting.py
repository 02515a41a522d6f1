"""Redistricting: towns join other districts, with villages, hubs, teams, people, all that waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncEngine

from db import tree
from db.events import DomainEvent, SubjectType
from db.lock_order import Rank
from db.locks import Lock
from db.models.teams import MAX_DEPTH
from db.progress import Progress, silent
from db.queries import moving
from db.redistricting import apply, hubs
from db.redistricting.figures import Figures, count_all
from db.redistricting.file import RedistrictingRefused, TownLine
from db.redistricting.plan import Plan, make_plan
from db.region_file import Fault
from db.write import Write, open_write
from permissions.facts import TeamFacts
from permissions.gather import gather_teams
from permissions.reviewers import takes_teams
from resolvers.rehanging import regroup, reroute

STEP = "redistricting"
STEPS = 9
# Nobody imports regions meanwhile; the tree lock comes after (``db.locks``).
_HOLD_REGIONS = f"select pg_advisory_xact_lock({Lock.SEED})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is ordered: the towns, names of districts that get codes, the day, the document."""

    towns: Sequence[TownLine]
    districts: Mapping[str, str]
    effective_on: date
    document: str | None = None

    @property
    def reason(self) -> str:
        """The reason that histories and dissolved hubs give."""
        return self.document or "行政区划调整"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was done, or would be."""

    plan: Plan
    before: Figures
    after: Figures
    rehung: int = 0
    rewritten: int = 0
    renamed: int = 0
    regrouped: int = 0
    rerouted: int = 0
    records_followed: int = 0


class _Rehearsed(Exception):
    """Undoes a rehearsal, and carries what it came to."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


async def redistrict(
    engine: AsyncEngine, order: Order, *, dry_run: bool = False, progress: Progress = silent
) -> Report:
    """The report of a redistricting, done in one transaction; of a dry run nothing stays.

    Run again, it finds nothing left to do.

    Raises:
        RedistrictingRefused: lines of the file do not fit what stands; nothing was done.
    """
    try:
        async with open_write(
            engine, account_id=None, capacity="operator", action="redistrict"
        ) as write:
            await write.run(_HOLD_REGIONS)
            await write.lock_tree(exclusive=True)
            plan = await make_plan(write, order.towns, order.districts)
            if not plan.towns:
                return Report(plan=plan, before=Figures(), after=Figures())
            report = await _Redistricting(write, order, plan, progress).run()
            if dry_run:
                raise _Rehearsed(report)  # noqa: TRY301 - the write undoes itself on a raise
    except _Rehearsed as rehearsed:
        return rehearsed.report
    return report


@dataclass(frozen=True, slots=True)
class _Moves:
    """Which team goes under which, and which of them only follow a hub to its successor."""

    to: Mapping[int, int]
    following: frozenset[int]
    ended: Mapping[int, int]


@dataclass(slots=True)
class _Redistricting:
    """One redistricting on its way, inside a write that holds the tree."""

    write: Write
    order: Order
    plan: Plan
    progress: Progress
    steps: int = 0

    async def run(self) -> Report:
        """Does it all, in the order in which locks are taken."""
        write, plan, order = self.write, self.plan, self.order
        hub_of = await hubs.fetch_hubs(write, plan.districts)
        before = await count_all(write, hub_of.values())
        moves = await self._moves(hub_of)
        facts = await gather_teams(write, {*moves.to, *moves.to.values(), *moves.ended})
        await self._check(moves, facts, hub_of)
        self._step()

        paths = await apply.fetch_paths(write, {*plan.place_of, *plan.place_of.values()})
        places = apply.Places(plan, paths)
        lying = await places.fetch_teams(write, but=moves.ended)
        ids = await tree.lock_subtrees(write, moves.to, beside=[*lying, *moves.ended])
        await tree.begin_history(write, ids, order.effective_on)
        self._step()
        await apply.change_regions(write, plan, day=order.effective_on, document=order.document)
        await places.place_teams(write, lying)
        renamed = await hubs.rename_hubs(write, plan.changes)
        self._step()
        await tree.rewrite_paths(write, moves.to)
        await tree.write_history(
            write, ids, day=order.effective_on, is_forced=True, reason=order.reason
        )
        self._step()
        await places.place_volunteers(write)
        self._step()
        await places.place_projects(write)
        followed = await places.place_records(write, order.effective_on)
        await apply.follow_teams(write, ids, order.effective_on)
        self._step()
        rerouted = await self._settle(moves, ids)
        self._step()
        own = {team_id: to for team_id, to in moves.to.items() if team_id not in moves.following}
        groups = await regroup(write, own, facts)
        await tree.move_epoch(write)
        self._record(moves, facts)
        self._step()
        after = await count_all(write, hub_of.values())
        self._step()
        return Report(
            plan=plan,
            before=before,
            after=after,
            rehung=len(moves.to),
            rewritten=len(ids),
            renamed=renamed,
            regrouped=len(groups),
            rerouted=rerouted,
            records_followed=followed,
        )

    async def _moves(self, hub_of: Mapping[int, int]) -> _Moves:
        """Each team right under a district's hub: with its town, or with the hub's successor.

        A hub that hangs elsewhere by choice, as under a functional zone (DOMAIN §11.10), stays.
        """
        plan = self.plan
        joined = {  # a village goes with its town
            change.id: plan.towns.get(change.id, plan.towns.get(change.parent_id))
            for change in plan.changes
        }
        ended = {
            hub_of[old]: hub_of[new]
            for old, new in plan.dissolved.items()
            if old in hub_of and new in hub_of
        }
        to: dict[int, int] = {}
        following = set()
        for team in await hubs.fetch_hanging(self.write, hub_of.values()):
            district = joined.get(team.region_id)
            successor = ended.get(team.contact_team_id)
            if successor is None and (district is None or team.branch_of_id is not None):
                continue
            wanted = hub_of.get(district) if district is not None else None
            wanted = successor if wanted is None or team.branch_of_id is not None else wanted
            if wanted is None or wanted == team.contact_team_id:
                continue
            to[team.id] = wanted
            if wanted == successor:
                following.add(team.id)
        return _Moves(to, frozenset(following), ended)

    async def _check(
        self, moves: _Moves, facts: Mapping[int, TeamFacts], hub_of: Mapping[int, int]
    ) -> None:
        """Whether the new districts have hubs that can take what comes.

        Raises:
            RedistrictingRefused: the lines are named whose towns nobody could take.
        """
        plan = self.plan
        standing = await gather_teams(self.write, hub_of.values())
        heights = await tree.fetch_heights(self.write, moves.to)
        faults = []
        for town, district in plan.towns.items():
            hub = standing.get(hub_of.get(district, 0))
            if hub is None or not takes_teams(hub):
                faults.append(
                    Fault([plan.lines[town]], "the new district's hub is missing or takes no teams")
                )
        for team_id, to in moves.to.items():
            if facts[to].path.count("/") + 1 + heights[team_id] > MAX_DEPTH:
                line = plan.lines.get(facts[team_id].office.region_id, 1)
                faults.append(Fault([line], f"teams below would be deeper than {MAX_DEPTH}"))
        if faults:
            raise RedistrictingRefused(sorted(faults, key=lambda fault: fault.lines[0]))

    async def _settle(self, moves: _Moves, ids: Sequence[int]) -> int:
        """Ends the hubs of dissolved districts; how many reviews went to another reviewer."""
        write, plan = self.write, self.plan
        write.locking(Rank.REVIEW)
        concerned = [*ids, *moves.ended, *moves.ended.values()]
        await moving.lock_pending_reviews(
            write, concerned, of_reviewers=moves.ended, of_offices=plan.dissolved
        )
        await hubs.dissolve_hubs(write, moves.ended, reason=self.order.reason)
        await apply.answer_for_dissolved(write, plan)
        waiting = await moving.lock_pending_reviews(
            write, concerned, of_reviewers=moves.ended, of_offices=plan.dissolved
        )
        return await reroute(write, waiting, hubs=moves.ended, offices=plan.dissolved)

    def _record(self, moves: _Moves, facts: Mapping[int, TeamFacts]) -> None:
        """An event for every team that hangs elsewhere now, and for every hub that ended."""
        because = f"redistricting effective {self.order.effective_on.isoformat()}"
        for team_id, to in moves.to.items():
            contact = facts[team_id].contact
            self.write.record(
                DomainEvent(
                    name="team.moved",
                    subject_type=SubjectType.TEAM,
                    subject_id=team_id,
                    because=because,
                    payload={"from": contact.id if contact else None, "to": to},
                )
            )
        for hub, successor in moves.ended.items():
            self.write.record(
                DomainEvent(
                    name="team.dissolved",
                    subject_type=SubjectType.TEAM,
                    subject_id=hub,
                    because=because,
                    payload={"successor": successor},
                )
            )

    def _step(self) -> None:
        self.steps += 1
        self.progress(STEP, self.steps, STEPS)
