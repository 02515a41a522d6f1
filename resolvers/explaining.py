"""Why one may or may not do something, in words (DESIGN §5)."""

from typing import Any

from db.enums import ReviewKind, ReviewState
from permissions.actions import Action
from permissions.decide import RULES, decide
from permissions.edges import Policy
from permissions.errors import InvalidInput
from permissions.explain import Explanation, explain
from permissions.facts import GroupFacts, MoveFacts, ReviewFacts, TeamFacts
from permissions.gather import Reader, gather
from permissions.groups import highest_group
from permissions.team_gathering import gather_applicants
from permissions.viewer import Viewer


async def explain_access(
    reader: Reader,
    viewer: Viewer,
    action: Action,
    entity: str,
    number: int,
    *,
    policy: Policy,
    is_operator: bool = False,
) -> Explanation | None:
    """The walk to the decision on a row; None if there is none, or none that the viewer may read.

    Raises:
        InvalidInput: the action is not one that is done to such a row alone.
    """
    found = await gather(reader, entity, [number], volunteer_id=viewer.volunteer_id)
    row = found.get(number)
    # SECURITY: before the action is looked at, so that a hidden row and a missing one are alike.
    if row is None or not (is_operator or decide(Action.READ, viewer, row).allowed):
        return None
    subject = await _subject(reader, action, row)
    return explain(action, viewer, subject, policy=policy, may_name_all=is_operator)


async def _subject(reader: Reader, action: Action, row: Any) -> Any:
    """What the action is done to: the row; for a group the team with the highest it may get.

    A move is told by the review that asks for it: a team alone does not say where it is to hang.
    """
    if action is Action.READ:
        return row
    kind, _ = RULES[action]
    if kind is GroupFacts and isinstance(row, TeamFacts):
        asked = await gather_applicants(reader, ReviewKind.PERMISSION_GROUP, [row.id])
        group = highest_group(row.hub_level)
        return GroupFacts(team=row, group=group, applicant_account_id=asked.get(row.id))
    if kind is MoveFacts and isinstance(row, ReviewFacts) and isinstance(row.reviewer, TeamFacts):
        if row.kind is not ReviewKind.TEAM_MOVE:
            raise InvalidInput("action", "This review asks for no move.")
        is_waiting = row.state is ReviewState.PENDING
        by = row.applicant_account_id if is_waiting else None
        return MoveFacts(team=row.team, to=row.reviewer, applicant_account_id=by)
    if not isinstance(row, kind):
        raise InvalidInput("action", "This is not done to such an object, or not to it alone.")
    return row
