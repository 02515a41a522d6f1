"""Sign-ups and who asks about them, as they stand inside a write that holds them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries import sign_ups as queries
from db.queries.entities import SIGN_UP
from db.queries.sign_ups import SignUpStanding
from db.write import Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserError, UserErrorCode
from permissions.facts import SignUpFacts
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import Refused, ids_in_scope
from resolvers.acting_now import as_of_now

NO_SUCH_SIGN_UP = UserError(UserErrorCode.NOT_FOUND, "signUpId", "No such sign-up.")


@dataclass(frozen=True, slots=True)
class HeldSignUps:
    """Sign-ups whose locks are held, those that the viewer sees, and who asks, as of now."""

    viewer: Viewer
    rows: Mapping[int, SignUpStanding]
    facts: Mapping[int, SignUpFacts]

    def require(self, sign_up_id: int, action: Action, message: str) -> str:
        """The edge by which the viewer may do this to one of them.

        Raises:
            Forbidden: none leads there.
        """
        decision = decide(action, self.viewer, self.facts[sign_up_id])
        if not decision.allowed:
            raise Forbidden(f"{message}: {decision.because}.")
        return decision.because


async def hold_sign_ups(write: Write, viewer: Viewer, ids: Collection[int]) -> HeldSignUps:
    """Those of the sign-ups that the viewer sees, with teams, volunteers and projects locked.

    Raises:
        Forbidden: the viewer's team may not act any more.
    """
    await write.lock_tree()
    # SECURITY: a hidden sign-up is a missing one, before anything is said of it.
    seen = await ids_in_scope(write, viewer, SIGN_UP, ids)
    ends = await queries.fetch_ends(write, seen)
    await write.lock(Rank.TEAM, {row["team_id"] for row in ends.values()}, shared=True)
    await write.lock(Rank.VOLUNTEER, {row["volunteer_id"] for row in ends.values()})
    await write.lock(Rank.PROJECT, {row["project_id"] for row in ends.values()})
    now = await as_of_now(write, viewer)
    return HeldSignUps(
        now, await queries.fetch(write, seen), await gather(write, SIGN_UP.name, seen)
    )


async def hold_sign_up(write: Write, viewer: Viewer, sign_up_id: int) -> HeldSignUps:
    """One sign-up that the viewer sees.

    Raises:
        Refused: the viewer does not see it.
        Forbidden: the viewer's team may not act any more.
    """
    held = await hold_sign_ups(write, viewer, [sign_up_id])
    if sign_up_id not in held.rows:
        raise Refused(NO_SUCH_SIGN_UP)
    return held


def sign_up_event(what: str, row: SignUpStanding, because: str, **detail: Json) -> DomainEvent:
    """An event of a sign-up, for the team and the volunteer."""
    return DomainEvent(
        name=f"sign_up.{what}",
        subject_type=SubjectType.SIGN_UP,
        subject_id=row.id,
        because=because,
        payload={
            "projectId": row.project_id,
            "postId": row.post_id,
            "teamId": row.team_id,
            "volunteerId": row.volunteer_id,
        },
        detail=detail,
    )
