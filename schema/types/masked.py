"""The masked name of a person whom the viewer need not be able to see."""

from collections.abc import Sequence
from typing import Any

from db.queries.entities import VOLUNTEER
from db.queries.rows import VolunteerRow
from permissions.contacts import masked_name
from permissions.visible import NAMES
from schema.info import Info
from schema.visibility import PERSONS, batched

NAME = VolunteerRow.only({"name"})


def masked_name_field() -> Any:
    """The masked name of the volunteer that a row in scope is of, also when the tie has ended."""

    @batched(
        str | None,
        to=PERSONS,
        description="Name of the volunteer, masked (志愿者脱敏姓名)",
        needs=("volunteer_id",),
    )
    async def resolve(parents: Sequence[Any], info: Info) -> list[str | None]:
        ids = [row.volunteer_id for row in parents]
        found = await info.context.loaders.rows(VOLUNTEER, ids, row=NAME, scope=NAMES)
        return [None if row is None else masked_name(row.name) for row in found]

    return resolve
