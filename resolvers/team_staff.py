"""The people of a team: managers, recorders, reviewers; named, removed, handed over (专门人员)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from db.enums import TeamAdminRole
from db.events import DomainEvent, Json, SubjectType
from db.passwords import hash_password
from db.queries import team_staff as queries
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.edges import Policy
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.facts import TeamFacts
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, perform, require_account
from resolvers.outcomes import Outcome, succeeded
from resolvers.rules.passwords import password_error, username_error
from resolvers.team_acts import Act, find_team, lock_and_decide
from resolvers.texts import name_errors

LONGEST_NAME = 60
ALL = frozenset(TeamAdminRole)
MANAGER = TeamAdminRole.MANAGER
OTHERWISE = "Only the team's manager names its people"

NO_SUCH_ACCOUNT = UserError(
    UserErrorCode.NOT_FOUND, "username", "No account has this username and this name."
)
LAST_MANAGER = UserError(
    UserErrorCode.LAST_MANAGER, "username", "The last manager goes by handing the team over."
)
NOT_NAMED = UserError(UserErrorCode.NOT_FOUND, "username", "Not one of the team's people.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account, by username and name; with a first password, one that is to be made."""

    team_id: int
    username: str
    name: str
    password: str | None = field(default=None, repr=False)

    @property
    def as_input(self) -> Mapping[str, Json]:
        """What a repeat must bring again; never the password."""
        return {
            "team_id": self.team_id,
            "username": self.username,
            "name": self.name,
            "is_new": self.password is not None,
        }


async def name_staff(
    database: Writable,
    viewer: Viewer,
    person: Person,
    roles: Sequence[TeamAdminRole],
    idempotency_key: str | None,
    *,
    policy: Policy,
) -> Outcome:
    """The team, with the person named for these duties there and no others.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the team and is not its manager.
    """
    require_account(viewer)
    if errors := _form_errors(person, roles):
        return Outcome(errors=errors)
    password = person.password
    hashed = None if password is None else await asyncio.to_thread(hash_password, password)

    async def work(write: Write) -> Mapping[str, Json]:
        act = await _manage(write, viewer, person.team_id, policy)
        account_id = await _account(write, person, hashed)
        named = await queries.fetch_named(write, person.team_id)
        before, wanted = named.get(account_id, frozenset()), frozenset(roles)
        if MANAGER in before - wanted and _is_last(named, account_id):
            raise Refused(LAST_MANAGER)
        await queries.revoke(write, person.team_id, account_id, before - wanted)
        await queries.grant(write, person.team_id, account_id, wanted - before)
        if before != wanted:
            write.record(_event("team.staff_named", act, account_id, wanted))
        return succeeded(person.team_id)

    given = {**person.as_input, "roles": sorted(roles)}
    request = Request(action="nameTeamStaff", key=idempotency_key, input=given)
    return await perform(database, viewer, request, work)


async def remove_staff(
    database: Writable,
    viewer: Viewer,
    person: Person,
    idempotency_key: str | None,
    *,
    policy: Policy,
) -> Outcome:
    """The team, without the person; never without a manager.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the team and is not its manager.
    """
    require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        act = await _manage(write, viewer, person.team_id, policy)
        account_id = await queries.fetch_account(write, person.username, person.name)
        named = await queries.fetch_named(write, person.team_id)
        if account_id is None or account_id not in named:
            raise Refused(NOT_NAMED)
        if MANAGER in named[account_id] and _is_last(named, account_id):
            raise Refused(LAST_MANAGER)
        await queries.revoke(write, person.team_id, account_id, ALL)
        write.record(_event("team.staff_removed", act, account_id, frozenset()))
        return succeeded(person.team_id)

    request = Request(action="removeTeamStaff", key=idempotency_key, input=person.as_input)
    return await perform(database, viewer, request, work)


async def hand_over(
    database: Writable,
    viewer: Viewer,
    person: Person,
    idempotency_key: str | None,
    *,
    policy: Policy,
) -> Outcome:
    """The team's id, its management passed from the viewer to another; the viewer has left it.

    Raises:
        Unauthenticated, Forbidden: the viewer sees the team and is not its manager.
    """
    own_id = require_account(viewer)

    async def work(write: Write) -> Mapping[str, Json]:
        act = await _manage(write, viewer, person.team_id, policy)
        account_id = await _account(write, person, None)
        if account_id == own_id:
            raise Refused.because(
                UserErrorCode.INVALID, "username", "The team is handed to somebody else."
            )
        named = await queries.fetch_named(write, person.team_id)
        missing = {MANAGER} - named.get(account_id, frozenset())
        await queries.grant(write, person.team_id, account_id, missing)
        await queries.revoke(write, person.team_id, own_id, ALL)
        write.record(
            _event("team.handed_over", act, account_id, frozenset({MANAGER}), beside=(own_id,))
        )
        return succeeded(person.team_id)

    request = Request(action="handOverTeam", key=idempotency_key, input=person.as_input)
    return await perform(database, viewer, request, work)


def sees_staff(viewer: Viewer, team: TeamFacts, policy: Policy) -> bool:
    """Whether the viewer may see who acts for the team: its own people, and who reviews it."""
    own = viewer.acting is not None and viewer.acting.id == team.id
    return own or decide(Action.TEAM_REVIEW, viewer, team, policy=policy).allowed


async def _manage(write: Write, viewer: Viewer, team_id: int, policy: Policy) -> Act:
    await find_team(write, viewer, team_id)
    act = await lock_and_decide(
        write, viewer, team_id, Action.TEAM_NAME_ADMINS, policy=policy, otherwise=OTHERWISE
    )
    # SECURITY: the viewer's duties were read before the lock; a manager may be one no more.
    named = await queries.fetch_named(write, team_id)
    if MANAGER not in named.get(viewer.account_id or 0, frozenset()):
        raise Forbidden(f"{OTHERWISE}.")
    return act


async def _account(write: Write, person: Person, hashed: str | None) -> int:
    if hashed is None:
        found = await queries.fetch_account(write, person.username, person.name)
        if found is None:
            raise Refused(NO_SUCH_ACCOUNT)
        return found
    made = await queries.insert_account(
        write,
        person.team_id,
        username=person.username,
        name=person.name,
        password_hash=hashed,
    )
    if made is None:
        raise Refused.because(
            UserErrorCode.USERNAME_TAKEN, "username", "Another account has this username."
        )
    return made


def _form_errors(person: Person, roles: Sequence[TeamAdminRole]) -> Sequence[UserError]:
    errors: list[UserError | None] = []
    if not roles:
        errors.append(UserError(UserErrorCode.REQUIRED, "roles", "At least one duty."))
    errors += name_errors("name", person.name, longest=LONGEST_NAME)
    if person.password is not None:
        if not person.name:
            errors.append(UserError(UserErrorCode.REQUIRED, "name", "This must be given."))
        errors.append(username_error(person.username))
        errors.append(password_error(person.password, about=[person.username, person.name]))
    return [error for error in errors if error is not None]


def _is_last(named: Mapping[int, frozenset[TeamAdminRole]], account_id: int) -> bool:
    return not any(MANAGER in roles for account, roles in named.items() if account != account_id)


def _event(
    name: str,
    act: Act,
    account_id: int,
    roles: frozenset[TeamAdminRole],
    *,
    beside: tuple[int, ...] = (),
) -> DomainEvent:
    told: dict[str, Json] = {"accountId": account_id, "roles": [*sorted(roles)]}
    return DomainEvent(
        name=name,
        subject_type=SubjectType.TEAM,
        subject_id=act.team.id,
        because=act.because,
        payload=told,
        detail=told,
        standing_of=(account_id, *beside),
    )
