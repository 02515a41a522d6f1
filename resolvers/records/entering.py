"""Entering records for the own team: one, or up to ten thousand with an outcome for each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from db.consistency import ConsistencyToken
from db.enums import RecordSource, RecordStatus, ReviewKind, SignUpStatus
from db.events import Json
from db.queries import sign_up_ends
from db.queries.records.entering import Entered, NewRecord, enter
from db.queries.records.gathering import Known, gather_and_lock
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, InvalidInput, UserError
from permissions.facts import OfficeFacts, TeamFacts
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, perform, require_account
from resolvers.outcomes import Outcome, read_errors, require_key, stored_errors, succeeded
from resolvers.records import events
from resolvers.records.entry import Entry, form_errors
from resolvers.records.judging import Asking, Judged, judge
from resolvers.records.policy import POLICY, RecordPolicy
from resolvers.records.reviewers import reviewer_key
from resolvers.records.spans import TAKEN, TOO_LONG_A_DAY

MOST = 10_000
NOBODY = (None, None)
NOT_YOURS = "Only who is named to record for the team may enter its records."


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """What came of one entry: its record, or what is wrong with it."""

    index: int
    record_id: int | None = None
    errors: Sequence[UserError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsOutcome:
    """What came of each entry, in the order given."""

    items: Sequence[RecordOutcome] = ()
    consistency_token: ConsistencyToken | None = None


async def create_record(
    database: Writable,
    viewer: Viewer,
    team_id: int,
    entry: Entry,
    idempotency_key: str | None,
    *,
    now: datetime,
    policy: RecordPolicy = POLICY,
) -> Outcome:
    """The record that the team's recorder enters of a service the team organised.

    Raises:
        Unauthenticated, Forbidden: the viewer does not record for the team.
    """
    asking = _asking(viewer, team_id, now, policy)

    async def work(write: Write) -> Mapping[str, Json]:
        ids, refusals = await _enter(write, viewer, asking, [entry])
        if refusals:
            raise Refused(*refusals[0])
        return succeeded(ids[0])

    request = Request(
        action="createServiceRecord",
        key=idempotency_key,
        input={"team_id": team_id, "record": entry.as_input()},
    )
    return await perform(database, viewer, request, work)


async def create_records(
    database: Writable,
    viewer: Viewer,
    team_id: int,
    entries: Sequence[Entry],
    idempotency_key: str | None,
    *,
    now: datetime,
    policy: RecordPolicy = POLICY,
) -> RecordsOutcome:
    """What came of each entry; those that can be are entered, whatever is wrong with others.

    Raises:
        Unauthenticated, Forbidden: the viewer does not record for the team.
        InvalidInput: no entry, or more than one mutation takes.
    """
    asking = _asking(viewer, team_id, now, policy)
    require_key(idempotency_key)
    if not 0 < len(entries) <= MOST:
        raise InvalidInput("input.records", f"Enter 1 to {MOST} records at a time.")
    keyed = idempotency_key is not None
    async with database.write(
        account_id=viewer.account_id,
        capacity=viewer.capacity,
        action="createServiceRecords",
        idempotency_key=idempotency_key,
        input={
            "team_id": team_id,
            "records": [each.as_input() for each in entries] if keyed else (),
        },
    ) as write:
        if not write.is_repeat:
            ids, refusals = await _enter(write, viewer, asking, entries)
            write.outcome = {"items": _stored(len(entries), ids, refusals)}
    return RecordsOutcome(items=_read(write.outcome or {}), consistency_token=write.token)


def _asking(viewer: Viewer, team_id: int, now: datetime, policy: RecordPolicy) -> Asking:
    """Who enters; SECURITY: for any other team the answer is the same, whether there is one.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act for the team.
    """
    account_id = require_account(viewer)
    if viewer.acting is None or viewer.acting.id != team_id:
        raise Forbidden(NOT_YOURS)
    return Asking(
        team_id=team_id,
        account_id=account_id,
        volunteer_id=viewer.volunteer_id,
        now=now,
        policy=policy,
    )


async def _enter(
    write: Write, viewer: Viewer, asking: Asking, entries: Sequence[Entry]
) -> tuple[Mapping[int, int], Mapping[int, Sequence[UserError]]]:
    """The records that were entered, and what was refused, by the place among the entries."""
    refused = {n: errors for n, each in enumerate(entries) if (errors := form_errors(each))}
    known = await known_of(
        write, asking.team_id, [each for n, each in enumerate(entries) if n not in refused]
    )
    because = _authorised(viewer, known)
    judged = judge(entries, known, asking, refused)
    return await store(
        write,
        judged,
        known,
        asking,
        because,
        source=RecordSource.TEAM_ENTRY,
        recorder_name=viewer.display_name,
    )


async def known_of(write: Write, team_id: int, entries: Sequence[Entry]) -> Known:
    """What entering these asks for, gathered and locked."""
    return await gather_and_lock(
        write,
        team_id,
        volunteer_ids={one.volunteer_id for one in entries if one.volunteer_id is not None},
        named={one.named for one in entries if one.named is not None},
        project_ids={one.project_id for one in entries if one.project_id is not None},
    )


def team_facts(known: Known) -> TeamFacts | None:
    """The recording team as the rule is told of it; what is above it does not matter here."""
    team = known.team
    if team is None:
        return None
    return TeamFacts(
        id=team.id,
        name=team.name,
        path=team.path,
        status=team.status,
        group=team.group,
        office=OfficeFacts(team.region_id, team.region_path),
    )


def _authorised(viewer: Viewer, known: Known) -> str:
    team = team_facts(known)
    decision = decide(Action.RECORD_CREATE, viewer, team)
    if team is None or not team.works or not decision.allowed:
        raise Forbidden(NOT_YOURS)
    return decision.because


async def store(
    write: Write,
    judged: Judged,
    known: Known,
    asking: Asking,
    because: str,
    *,
    source: RecordSource,
    recorder_name: str | None,
) -> tuple[Mapping[int, int], Mapping[int, Sequence[UserError]]]:
    """Enters what was judged good; the records by place, and every refusal."""
    assert known.team is not None  # noqa: S101 - asked before
    refusals: dict[int, Sequence[UserError]] = dict(judged.refusals)
    if not judged.records:
        return {}, refusals
    kind = ReviewKind.RECORD_APPLICATION if asking.is_application else ReviewKind.LATE_HOURS
    examined = known.reviews_evaluations
    awaits = any(
        each.awaits_review or (examined and each.score is not None) for each in judged.records
    )
    by = Entered(
        team_id=known.team.id,
        province=known.team.province,
        region_path=known.team.region_path,
        source=source.value,
        recorder_id=None if asking.is_application else asking.account_id,
        recorder_name=recorder_name,
        today=asking.today,
        most_a_day=asking.policy.hours.most_a_day,
        alert_above=asking.policy.hours.alert_above,
        review_kind=kind.value,
        reviewer=await reviewer_key(write, known.team.id, kind) if awaits else NOBODY,
        applicant_id=asking.account_id,
        reviews_evaluations=examined,
    )
    ids: dict[int, int] = {}
    found = await enter(write, judged.records, by)
    came: set[int] = set()
    for record, row in zip(judged.records, found, strict=True):
        if row["clashes"]:
            refusals[record.n] = [TAKEN]
        elif row["of_day"] > by.most_a_day:
            refusals[record.n] = [TOO_LONG_A_DAY]
        else:
            ids[record.n] = row["id"]
            _tell(write, row["id"], record, by.team_id, because)
            came.update(_came(record, known))
    if came and not asking.is_application:
        # The team keeps its lists by hand: whoever has a record was there.
        await sign_up_ends.attend(write, came)
    return ids, refusals


def _came(record: NewRecord, known: Known) -> Iterator[int]:
    """The sign-up that the record shows to be attended, unless that is known."""
    sign_up = known.people[record.volunteer_id].sign_ups.get(record.project_id or 0)
    if sign_up is not None and sign_up[2] != SignUpStatus.ATTENDED:
        yield sign_up[0]


def _tell(write: Write, record_id: int, record: NewRecord, team_id: int, because: str) -> None:
    status = RecordStatus(record.status)
    write.record(
        events.happened(
            "applied" if status is RecordStatus.APPLIED else "created",
            events.Subject(record_id, record.volunteer_id, team_id),
            because,
            minutes=record.minutes,
            status=status,
        )
    )


def _stored(
    count: int, ids: Mapping[int, int], refusals: Mapping[int, Sequence[UserError]]
) -> list[Json]:
    return [
        {"id": ids[n]} if n in ids else {"errors": stored_errors(refusals[n])} for n in range(count)
    ]


def _read(outcome: Mapping[str, Any]) -> Sequence[RecordOutcome]:
    items = cast("Sequence[Mapping[str, Any]]", outcome.get("items", ()))
    return [
        RecordOutcome(n, item.get("id"), read_errors(item.get("errors")))
        for n, item in enumerate(items)
    ]
