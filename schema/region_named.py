"""The region of a code that a client wrote."""

from db.queries.entities import REGION
from db.queries.rows import RegionRow
from schema.info import Info
from schema.region_codes import region_code
from schema.texts import is_storable


async def region_named(info: Info, code: str, *columns: str) -> RegionRow | None:
    """The region of a code with these columns; None where there is none or it is hidden."""
    if not is_storable(code):
        return None
    row = RegionRow.only(columns)
    (found,) = await info.context.loaders.rows(REGION, [region_code(code)], key="code", row=row)
    return found if isinstance(found, RegionRow) else None
