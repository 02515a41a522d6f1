"""Handing a complaint in: about what, and to whom it goes.

Whoever complains signs in: a complaint must be answered, and its complainant told who holds it.
The name is shown to nobody unless the complainant wishes it, and never to whom it is about.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from db.enums import ComplaintTopic
from db.events import Json
from db.queries import complaints as queries
from db.queries import offices
from db.queries.complaints import NewComplaint
from db.queries.entities import ENTITIES, TEAM, VOLUNTEER
from db.write import Writable, Write
from permissions.errors import UserError, UserErrorCode
from permissions.facts import OfficeFacts
from permissions.gather import gather_teams
from permissions.reviewers import Reviewer
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform, require_account
from resolvers.complaints.routing import Handler, competent, office_at
from resolvers.complaints.telling import happened, tell_handlers
from resolvers.outcomes import Outcome, succeeded
from resolvers.texts import text_errors

SUBJECTS = ("Team", "Project", "ServiceRecord", "Certificate", "Volunteer")
LONGEST_TEXT = 2000
MOST_OPEN = 20

NO_SUCH_SUBJECT = UserError(UserErrorCode.NOT_FOUND, "subjectId", "There is no such thing.")
NO_SUCH_VOLUNTEER = UserError(
    UserErrorCode.NOT_FOUND, "volunteer", "No volunteer has this number and this name."
)
NO_SUCH_TEAM = UserError(UserErrorCode.NOT_FOUND, "teamId", "No such team.")
NO_SUCH_OFFICE = UserError(
    UserErrorCode.NOT_FOUND, "officeCode", "No region of this code has a civil-affairs department."
)
ONE_SUBJECT = UserError(
    UserErrorCode.INVALID, "subjectId", "Say what it is about: by an id, or a volunteer by name."
)
TEAM_REQUIRED = UserError(
    UserErrorCode.REQUIRED, "teamId", "Say for which team the volunteer served."
)
ABOUT_ONESELF = UserError(UserErrorCode.INVALID, "subjectId", "This is about yourself.")
OPEN_ALREADY = UserError(
    UserErrorCode.ALREADY_APPLIED, "subjectId", "A complaint of yours about this is open."
)
TOO_MANY = UserError(
    UserErrorCode.TOO_MANY, None, f"At most {MOST_OPEN} complaints of yours are open at a time."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """A complaint as it is handed in: its subject by id, or a volunteer by number and name.

    ``team_id`` is the team for which a volunteer served; ``office_code`` is the department that
    the complainant turns to, wherever it would go by itself.
    """

    topic: ComplaintTopic
    text: str
    subject: tuple[str, int] | None = None
    volunteer_no: str | None = None
    volunteer_name: str | None = None
    team_id: int | None = None
    office_code: str | None = None
    discloses_name: bool = False


@dataclass(frozen=True, slots=True)
class _About:
    subject_type: str
    subject_id: int
    team_id: int | None
    volunteer_id: int | None


async def submit_complaint(
    database: Writable, viewer: Viewer, case: NewCase, idempotency_key: str | None
) -> Outcome:
    """The complaint, with who is competent, or with the department that it was sent to.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    account_id = require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        text = _checked(case.text)
        await write.lock_tree()
        about = await _subject(write, viewer, case)
        if about.subject_type == VOLUNTEER.name and about.volunteer_id == viewer.volunteer_id:
            raise Refused(ABOUT_ONESELF)
        handler = await _handler(write, viewer, case, about)
        if await queries.count_open(write, account_id) >= MOST_OPEN:
            raise Refused(TOO_MANY)
        to = Handler.of(handler)
        complaint_id = await queries.insert(
            write,
            NewComplaint(
                subject_type=about.subject_type,
                subject_id=about.subject_id,
                topic=case.topic,
                team_id=about.team_id,
                about_volunteer_id=about.volunteer_id,
                handler_team_id=to.team_id,
                handler_region_id=to.region_id,
                complainant_account_id=account_id,
                discloses_name=case.discloses_name,
                text=text,
            ),
        )
        if complaint_id is None:
            raise Refused(OPEN_ALREADY)
        await queries.add_step(write, complaint_id, None)
        complaint = await queries.fetch_locked(write, complaint_id)
        write.record(happened("submitted", complaint, "signed in", topic=case.topic.value))
        await tell_handlers(write, complaint, "received")
        return succeeded(complaint_id)

    given = {**asdict(case), "topic": case.topic.value}
    request = Request(action="submitComplaint", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused.because(UserErrorCode.REQUIRED, "text", "Say what happened.")
    if errors := text_errors("text", text, longest=LONGEST_TEXT):
        raise Refused(*errors)
    return text


async def _subject(write: Write, viewer: Viewer, case: NewCase) -> _About:
    """What it is about; what the complainant may not see is not there.

    Raises:
        Refused: there is no such thing, or none is named.
    """
    named = case.volunteer_no is not None and case.volunteer_name is not None
    if (case.subject is None) != named:
        raise Refused(ONE_SUBJECT)
    if case.subject is None:
        assert case.volunteer_no is not None and case.volunteer_name is not None  # noqa: S101, PT018
        found = await queries.find_volunteer(write, case.volunteer_no, case.volunteer_name)
        if found is None:
            raise Refused(NO_SUCH_VOLUNTEER)
        subject_type, subject_id = VOLUNTEER.name, found
    else:
        subject_type, subject_id = case.subject
        # SECURITY: a hidden subject is a missing one, before anything is said of it.
        if subject_id not in await ids_in_scope(
            write, viewer, ENTITIES[subject_type], [subject_id]
        ):
            raise Refused(NO_SUCH_SUBJECT)
    team_id, volunteer_id = await queries.fetch_subject(write, subject_type, subject_id)
    if subject_type == VOLUNTEER.name:
        # Whether the volunteer is tied to the team is not told: who it goes to knows.
        team_id = case.team_id
        if team_id is None:
            raise Refused(TEAM_REQUIRED)
        if team_id not in await ids_in_scope(write, viewer, TEAM, [team_id]):
            raise Refused(NO_SUCH_TEAM)
    return _About(subject_type, subject_id, team_id, volunteer_id)


async def _handler(write: Write, viewer: Viewer, case: NewCase, about: _About) -> Reviewer:
    """Who gets it.

    Raises:
        Refused: the complainant names a department that there is not.
    """
    if case.office_code is not None:
        office = await offices.find_office(write, case.office_code)
        if office is None:
            raise Refused(NO_SUCH_OFFICE)
        return OfficeFacts(*office)
    if about.team_id is not None:
        team = (await gather_teams(write, [about.team_id]))[about.team_id]
        return await competent(write, about.subject_type, team, by=viewer.acting)
    # Only a certificate that its volunteer printed is of no team.
    home = await queries.fetch_home(write, about.volunteer_id or 0)
    return await office_at(write, OfficeFacts(0, home))
