"""The common course of what is done to one check: seen, locked, allowed."""

from dataclasses import dataclass
from typing import Any

from db.enums import InspectionStatus
from db.events import DomainEvent, Json, SubjectType
from db.lock_order import Rank
from db.queries.inspections import changing
from db.queries.inspections.entities import INSPECTION
from db.write import Write
from permissions.actions import Action
from permissions.decide import decide
from permissions.errors import Forbidden, UserErrorCode
from permissions.gather import gather
from permissions.viewer import Viewer
from resolvers.acting import Refused, ids_in_scope, refuse_if_any
from resolvers.acting_now import as_of_now
from resolvers.rules.inspection_states import INSPECTION as MACHINE

FIELD = "inspectionId"


@dataclass(frozen=True, slots=True)
class Held:
    """A check under its lock, who acts, and the edge that allows it."""

    write: Write
    viewer: Viewer
    row: Any
    because: str

    @property
    def id(self) -> int:
        """The check's id."""
        number: int = self.row["id"]
        return number

    @property
    def status(self) -> InspectionStatus:
        """The state that it is in."""
        return InspectionStatus(self.row["status"])

    def require(self, to: InspectionStatus) -> None:
        """Fails unless the check may come to the state.

        Raises:
            Refused: it may not.
        """
        refuse_if_any([MACHINE.refusal(self.status, to, field=FIELD)])

    def tell(self, name: str, **detail: Json) -> None:
        """Notes what was done."""
        self.write.record(
            DomainEvent(
                name=f"inspection.{name}",
                subject_type=SubjectType.INSPECTION,
                subject_id=self.id,
                because=self.because,
                payload={"regionId": self.row["region_id"], **detail},
                detail=detail,
            )
        )


async def find(write: Write, viewer: Viewer, inspection_id: int) -> Viewer:
    """Who acts as of now, with the tree and the check held.

    Raises:
        Refused: there is no such check, or none that the viewer may see.
    """
    # SECURITY: a hidden check is a missing one, before anything is said of it.
    if inspection_id not in await ids_in_scope(write, viewer, INSPECTION, [inspection_id]):
        raise Refused.because(UserErrorCode.NOT_FOUND, FIELD, "No such check.")
    await write.lock_tree()
    await write.lock(Rank.INSPECTION, [inspection_id])
    return await as_of_now(write, viewer)


async def lead(write: Write, viewer: Viewer, inspection_id: int) -> Held:
    """The check, held by a department that runs it.

    Raises:
        Forbidden: the viewer may see it and does not run it.
        Refused: there is no such check.
    """
    acting = await find(write, viewer, inspection_id)
    facts = (await gather(write, INSPECTION.name, [inspection_id]))[inspection_id]
    decision = decide(Action.INSPECTION_LEAD, acting, facts)
    if not decision.allowed:
        raise Forbidden(f"Only the department that runs a check may do that: {decision.because}.")
    row = await changing.fetch_inspection(write, inspection_id)
    return Held(write, acting, row, decision.because)
