"""The first administrators, issued by who operates the system: everyone else has one above."""

from db.write import Writable
from permissions.errors import UserErrorCode
from permissions.facts import RegionFacts
from permissions.gather import gather
from permissions.office_rules import AREAS
from resolvers.acting import Refused, refuse_if_any
from resolvers.administrators.issuing import Appointee, Issued, Slip, appoint, appointee_errors
from resolvers.administrators.office import office_event
from resolvers.outcomes import Outcome, refused, succeeded

OPERATOR = "operator"


async def found_administrator(
    database: Writable, region_id: int | None, appointee: Appointee
) -> Issued:
    """Somebody who acts for the department of any region from now on."""
    slip = await Slip.write()
    async with database.write(
        account_id=None, capacity=OPERATOR, action="foundAdministrator"
    ) as write:
        try:
            refuse_if_any(appointee_errors(appointee))
            found = await gather(write, "Region", [] if region_id is None else [region_id])
            region: RegionFacts | None = found.get(region_id or 0)
            if region is None or region.level not in AREAS:
                raise Refused.because(
                    UserErrorCode.NOT_FOUND, "region", "No department is of a region of this code."
                )
            made = await appoint(write, region.id, appointee, slip, OPERATOR)
            write.record(office_event("administrator.issued", made, regionId=region.id))
            write.outcome = succeeded(made.id)
        except Refused as refusal:
            write.outcome = refused(*refusal.errors)
    return slip.tell(Outcome.of(write))
