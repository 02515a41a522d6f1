"""A volunteer's certificates: printed without anybody's approval, or asked of who recorded."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from db.clock import CHINA
from db.enums import CertificateStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.numbers.certificates import certificate_no
from db.queries import certificate_heirs, certified_records
from db.queries import certificates as queries
from db.queries.certified_records import RecordFound, Selection
from db.queries.entities import CERTIFICATE, TEAM
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform
from resolvers.certificate_desk import CertificateDesk
from resolvers.certificate_drafting import Issuer, drafted, issue_all
from resolvers.certificate_snapshot import TITLE
from resolvers.certificate_wish import MOST_RECORDS, TOO_MANY, Wish
from resolvers.guardians import require_guardian
from resolvers.outcomes import Outcome, succeeded
from resolvers.profile import require_volunteer
from resolvers.rules import certificate_states

TAKEN_BACK = "由本人撤回"
PLATFORM = "全国志愿服务信息系统"
OWNER = "owner"

NOTHING = UserError(
    UserErrorCode.NOTHING_TO_CERTIFY, None, "There is no effective record in this choice."
)
NO_SUCH_RECORD = UserError(
    UserErrorCode.NOT_FOUND, "recordIds", "One of these is no effective record of yours there."
)
NO_SUCH_TEAM = UserError(UserErrorCode.NOT_FOUND, "teamId", "No such team.")
NOT_RECORDING = UserError(
    UserErrorCode.NOT_RECORDING_TEAM,
    "teamId",
    "Who records certifies: this team has recorded no service of yours.",
)
NO_ISSUER = UserError(
    UserErrorCode.NO_ISSUER,
    "teamId",
    "This team is dissolved, and nobody stands in its place; ask the civil-affairs department.",
)
NO_SUCH_REQUEST = UserError(UserErrorCode.NOT_FOUND, "certificateId", "No such request.")


async def print_certificate(
    database: Writable,
    viewer: Viewer,
    desk: CertificateDesk,
    wish: Wish,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """A certificate of the viewer's own records, whoever recorded them, issued at once.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer.
    """
    volunteer_id = require_volunteer(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        _refuse_nonsense(wish, now)
        await write.lock(Rank.VOLUNTEER, [volunteer_id], shared=True)
        records = await _chosen(write, volunteer_id, wish)
        certificate_id = await _store(write, volunteer_id, None, records, wish, desk, now)
        write.locking(Rank.CERTIFICATE)
        locked = (await queries.lock_certificates(write, [certificate_id]))[certificate_id]
        holder = (await certified_records.fetch_holders(write, [volunteer_id]))[volunteer_id]
        station = await queries.fetch_station_name(write, desk.station)
        issuer = Issuer(None, station or PLATFORM)
        ready = drafted(locked, issuer, holder, records, desk, now=now)
        await issue_all(write, [ready], desk, now=now)
        write.record(_event("certificate.printed", certificate_id, volunteer_id, None, OWNER))
        return succeeded(certificate_id)

    request = Request(action="printCertificate", key=idempotency_key, input=wish.as_input)
    return await perform(database, viewer, request, work)


async def request_certificate(
    database: Writable,
    viewer: Viewer,
    desk: CertificateDesk,
    wish: Wish,
    idempotency_key: str | None,
    *,
    now: datetime,
) -> Outcome:
    """A request to the team that recorded; inside a unit, to that; dissolved, to its heir.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer.
    """
    volunteer_id = require_volunteer(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        team_id = _asked_of(wish)
        _refuse_nonsense(wish, now)
        if team_id not in await ids_in_scope(write, viewer, TEAM, [team_id]):
            raise Refused(NO_SUCH_TEAM)
        await write.lock(Rank.TEAM, [team_id], shared=True)
        issuer_id = await _issuer_for(write, team_id)
        await write.lock(Rank.VOLUNTEER, [volunteer_id])
        if await queries.fetch_open_request(write, volunteer_id=volunteer_id, team_id=issuer_id):
            raise Refused.because(
                UserErrorCode.ALREADY_APPLIED, "teamId", "A request of yours waits there already."
            )
        records = await _chosen(write, volunteer_id, wish)
        certificate_id = await _store(write, volunteer_id, issuer_id, records, wish, desk, now)
        write.record(
            _event("certificate.requested", certificate_id, volunteer_id, issuer_id, OWNER)
        )
        return succeeded(certificate_id)

    request = Request(action="requestCertificate", key=idempotency_key, input=wish.as_input)
    return await perform(database, viewer, request, work)


async def cancel_request(
    database: Writable, viewer: Viewer, certificate_id: int, idempotency_key: str | None
) -> Outcome:
    """The request, taken back by who made it.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer.
    """
    require_volunteer(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        if certificate_id not in await ids_in_scope(write, viewer, CERTIFICATE, [certificate_id]):
            raise Refused(NO_SUCH_REQUEST)
        write.locking(Rank.CERTIFICATE)
        locked = (await queries.lock_certificates(write, [certificate_id]))[certificate_id]
        facts = (await gather(write, CERTIFICATE.name, [certificate_id]))[certificate_id]
        decision = decide(Action.CERTIFICATE_CANCEL, viewer, facts)
        if not decision.allowed:
            raise Forbidden("Only who asked may take it back.")
        if error := certificate_states.CERTIFICATE.refusal(
            locked.status, CertificateStatus.DECLINED, field="certificateId"
        ):
            raise Refused(error)
        await queries.end(write, certificate_id, CertificateStatus.DECLINED, TAKEN_BACK)
        write.record(
            _event(
                "certificate.cancelled",
                certificate_id,
                locked.volunteer_id,
                locked.team_id,
                decision.because,
            )
        )
        return succeeded(certificate_id)

    request = Request(
        action="cancelCertificateRequest", key=idempotency_key, input={"id": certificate_id}
    )
    return await perform(database, viewer, request, work)


def _asked_of(wish: Wish) -> int:
    if wish.team_id is None:
        raise ValueError("A request is to a team.")
    return wish.team_id


def _refuse_nonsense(wish: Wish, now: datetime) -> None:
    if errors := wish.errors(now.astimezone(CHINA).date()):
        raise Refused(*errors)


async def _issuer_for(write: Write, team_id: int) -> int:
    """The team that issues for a team, which is locked: the unit for a group inside of one.

    Raises:
        Refused: the team is dissolved, and nobody carries on.
    """
    issuer_id = await certificate_heirs.fetch_issuer(write, team_id)
    if issuer_id is None:
        raise Refused(NO_ISSUER)
    return issuer_id


async def _chosen(write: Write, volunteer_id: int, wish: Wish) -> Sequence[RecordFound]:
    """The records of a wish; of one team, if it is asked.

    Raises:
        Refused: there are none, too many, or others than the volunteer's own.
    """
    wanted = None if wish.record_ids is None else sorted(set(wish.record_ids))
    selection = Selection(
        volunteer_id=volunteer_id,
        record_ids=wanted,
        team_id=wish.team_id,
        since=_midnight(wish.since),
        before=_midnight(wish.until + timedelta(days=1)) if wish.until else None,
    )
    records = await certified_records.fetch_records(write, selection, limit=MOST_RECORDS + 1)
    if wanted is not None and len(records) < len(wanted):
        raise Refused(NO_SUCH_RECORD)
    if not records and wish.team_id is not None:
        anything = Selection(volunteer_id=volunteer_id, team_id=wish.team_id)
        if not await certified_records.fetch_records(write, anything, limit=1):
            raise Refused(NOT_RECORDING)
    if not records:
        raise Refused(NOTHING)
    if len(records) > MOST_RECORDS:
        raise Refused(TOO_MANY)
    return records


async def _store(  # noqa: PLR0917 - the parts of a request
    write: Write,
    volunteer_id: int,
    team_id: int | None,
    records: Sequence[RecordFound],
    wish: Wish,
    desk: CertificateDesk,
    now: datetime,
) -> int:
    """The id of the certificate, not yet issued.

    Raises:
        Refused: what it is to replace is not the volunteer's, of this issuer, and valid.
    """
    if wish.replaces_id is not None and not await queries.is_replaceable(
        write, wish.replaces_id, volunteer_id=volunteer_id, team_id=team_id
    ):
        raise Refused.because(
            UserErrorCode.NOT_FOUND, "replacesId", "No certificate of yours by this issuer counts."
        )
    consent_id = None
    if wish.shows_id_number:
        await require_guardian(write, volunteer_id, field="showIdNumber")
        consent_id = await queries.insert_consent(
            write, volunteer_id, recipient=None, purpose=TITLE
        )
    holder = (await certified_records.fetch_holders(write, [volunteer_id]))[volunteer_id]
    number = certificate_no(holder.province, now.astimezone(CHINA).date(), station=desk.station)
    return await queries.insert_request(
        write,
        holder.province,
        number,
        volunteer_id,
        team_id,
        records,
        replaces_id=wish.replaces_id,
        consent_id=consent_id,
    )


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min, CHINA)


def _event(
    name: str, certificate_id: int, volunteer_id: int, team_id: int | None, because: str
) -> DomainEvent:
    return DomainEvent(
        name=name,
        subject_type=SubjectType.CERTIFICATE,
        subject_id=certificate_id,
        because=because,
        payload={"volunteerId": volunteer_id, "teamId": team_id},
    )
