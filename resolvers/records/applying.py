"""A volunteer's application for a record of own service (个人申请), decided by the team."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from db.enums import RecordSource
from db.events import Json
from db.queries.entities import TEAM
from db.write import Writable, Write
from permissions.errors import UserErrorCode
from permissions.viewer import Viewer
from resolvers.acting import Refused, Request, ids_in_scope, perform
from resolvers.outcomes import Outcome, succeeded
from resolvers.profile import require_volunteer
from resolvers.records.entering import known_of, store, team_facts
from resolvers.records.entry import Entry, form_errors
from resolvers.records.judging import Asking, judge
from resolvers.records.policy import POLICY, RecordPolicy


async def apply_for_record(
    database: Writable,
    viewer: Viewer,
    team_id: int,
    entry: Entry,
    idempotency_key: str | None,
    *,
    now: datetime,
    policy: RecordPolicy = POLICY,
) -> Outcome:
    """The record that waits for the team which organised the service.

    Raises:
        Unauthenticated, Forbidden: the viewer does not act as a volunteer.
    """
    volunteer_id = require_volunteer(viewer)
    # The evaluation is the team's; the volunteer speaks of nobody else.
    entry = replace(entry, volunteer_id=volunteer_id, score=None, comment=None)
    asking = Asking(
        team_id=team_id,
        account_id=viewer.account_id,
        volunteer_id=volunteer_id,
        now=now,
        policy=policy,
        is_application=True,
    )

    async def work(write: Write) -> Mapping[str, Json]:
        if errors := form_errors(entry):
            raise Refused(*errors)
        known = await known_of(write, team_id, [entry])
        team = team_facts(known)
        # SECURITY: a hidden team is a missing one.
        if team is None or team_id not in await ids_in_scope(write, viewer, TEAM, [team_id]):
            raise Refused.because(UserErrorCode.NOT_FOUND, "teamId", "No such team.")
        if not team.works:
            raise Refused.because(UserErrorCode.TEAM_DISABLED, "teamId", "The team is stopped.")
        if not known.people[volunteer_id].is_tied:
            raise Refused.because(
                UserErrorCode.NOT_MEMBER, "teamId", "Neither a member nor signed up there."
            )
        ids, refusals = await store(
            write,
            judge([entry], known, asking, {}),
            known,
            asking,
            "owner",
            source=RecordSource.VOLUNTEER_APPLICATION,
            recorder_name=None,
        )
        if refusals:
            raise Refused(*refusals[0])
        return succeeded(ids[0])

    request = Request(
        action="applyForRecord",
        key=idempotency_key,
        input={"team_id": team_id, "record": entry.as_input()},
    )
    return await perform(database, viewer, request, work)
