"""Why one may or may not do something, in words (DESIGN §5)."""

from typing import Any

from permissions.actions import Action
from permissions.decide import RULES, decide
from permissions.edges import Policy
from permissions.errors import InvalidInput
from permissions.explain import Explanation, explain
from permissions.facts import GroupFacts, TeamFacts
from permissions.gather import Reader, gather
from permissions.groups import highest_group
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
    subject = _subject(action, row)
    return explain(action, viewer, subject, policy=policy, may_name_all=is_operator)


def _subject(action: Action, row: Any) -> Any:
    """What the action is done to: the row, or for a group the row with the highest it may get."""
    if action is Action.READ:
        return row
    kind, _ = RULES[action]
    if kind is GroupFacts and isinstance(row, TeamFacts):
        return GroupFacts(team=row, group=highest_group(row.hub_level))
    if not isinstance(row, kind):
        raise InvalidInput("action", "This is not done to such an object, or not to it alone.")
    return row
