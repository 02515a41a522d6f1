"""Accounts of departments, issued one level down and handed over (notice of 2021).

Accounts pass from the province to its cities and from these to their counties, so that whoever
issues one knows whom. Each is made for its office: nobody's own account is ever turned into one,
or whoever may set first passwords could get into it.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from db.events import Json
from db.passwords import hash_password
from db.queries import administrators as queries
from db.write import Writable, Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import UserError, UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, perform, refuse_if_any
from resolvers.administrators.office import (
    Office,
    hold_office,
    office_event,
    require_decision,
    require_department,
    take_back,
)
from resolvers.administrators.passwords import LIFETIME, first_password
from resolvers.outcomes import Outcome, succeeded
from resolvers.region_facts import region_in_scope
from resolvers.rules.passwords import username_error
from resolvers.texts import name_errors

LONGEST_NAME = 60
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointee:
    """Who is to act for a department."""

    username: str
    name: str
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What became of an account, and its first password: told once, and kept nowhere."""

    outcome: Outcome
    first_password: str | None = field(default=None, repr=False)


@dataclass(slots=True)
class Slip:
    """A first password on its way; a repeated request has one that was never used."""

    password: str = field(repr=False)
    hashed: str = field(repr=False)
    is_used: bool = False

    @classmethod
    async def write(cls) -> "Slip":
        """A new one."""
        password = first_password()
        return cls(password, await asyncio.to_thread(hash_password, password))

    def tell(self, outcome: Outcome) -> Issued:
        """The outcome, with the password if it is the one that was set."""
        return Issued(outcome=outcome, first_password=self.password if self.is_used else None)


async def issue_administrator(
    database: Writable,
    viewer: Viewer,
    region_id: int | None,
    appointee: Appointee,
    idempotency_key: str | None,
) -> Issued:
    """Somebody who acts for the department of a region below from now on.

    Raises:
        Unauthenticated, Forbidden: the viewer acts for no department, or not the one above.
    """
    require_department(viewer)
    slip = await Slip.write()

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any(appointee_errors(appointee))
        region = await region_in_scope(write, viewer, region_id)
        decision = decide(Action.ADMINISTRATOR_ISSUE, viewer, region)
        await require_decision(write, viewer, decision)
        made = await appoint(write, region.id, appointee, slip, decision.because)
        write.record(office_event("administrator.issued", made, regionId=region.id))
        return succeeded(made.id)

    given = {"region_id": region_id, **asdict(appointee)}
    request = Request(action="issueAdministrator", key=idempotency_key, input=given)
    return slip.tell(await perform(database, viewer, request, work))


async def hand_over_administrator(
    database: Writable,
    viewer: Viewer,
    administrator_id: int,
    appointee: Appointee,
    idempotency_key: str | None,
) -> Issued:
    """The successor, in the place of the administrator, whose sessions have ended.

    An account is one person's for good, so that the audit log goes on to name the right one: the
    successor gets one of their own.

    Raises:
        Unauthenticated, Forbidden: it is neither the viewer's own office nor one below.
    """
    require_department(viewer)
    slip = await Slip.write()

    async def work(write: Write) -> Mapping[str, Json]:
        refuse_if_any(appointee_errors(appointee))
        before = await hold_office(write, viewer, administrator_id, Action.ADMINISTRATOR_HAND_OVER)
        made = await appoint(write, before.region_id, appointee, slip, before.because)
        closed = await take_back(write, before)
        write.record(
            office_event("administrator.handed_over", before, accountClosed=closed, to=made.id),
            office_event("administrator.issued", made, regionId=made.region_id),
        )
        return succeeded(made.id)

    given = {"administrator_id": administrator_id, **asdict(appointee)}
    request = Request(action="handOverAdministrator", key=idempotency_key, input=given)
    return slip.tell(await perform(database, viewer, request, work))


async def appoint(
    write: Write, region_id: int, appointee: Appointee, slip: Slip, because: str
) -> Office:
    """The office of a new account, which gets the password of the slip.

    Raises:
        Refused: the username is taken.
    """
    account_id = await queries.insert_account(
        write, region_id, appointee.username, appointee.name, slip.hashed, LIFETIME
    )
    if account_id is None:
        raise Refused.because(
            UserErrorCode.USERNAME_TAKEN, "username", "Another account has this username."
        )
    office_id = await queries.grant(write, region_id, account_id, appointee.title)
    slip.is_used = True
    return Office(id=office_id, account_id=account_id, region_id=region_id, because=because)


def appointee_errors(appointee: Appointee) -> list[UserError | None]:
    """What is wrong with somebody new, by their names."""
    named = bool(appointee.name)
    return [
        *name_errors("name", appointee.name, longest=LONGEST_NAME),
        *name_errors("title", appointee.title or "", longest=LONGEST_TITLE),
        None if named else UserError(UserErrorCode.REQUIRED, "name", "This must be given."),
        username_error(appointee.username),
    ]
