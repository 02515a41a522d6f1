"""What paths to checks, needs and rewards never give, or never refuse, and what they do rarely."""

from collections.abc import Mapping

from permissions.viewer import Role

# The drawn world has nothing there.
EMPTY = {"Need.project", "NeedAnswer.offer", "InspectionItem.certificate"}
_OF_ITEMS = {"InspectionItem.team", "InspectionItem.serviceRecord"}
# Who sees the row that leads there may see what it leads to.
NEVER_REFUSED: Mapping[Role, set[str]] = {
    Role.PUBLIC: {"Need.team", "Offer.team", "Need.project"},
    Role.VOLUNTEER: {"Offer.team", "NeedAnswer.need", "Redemption.volunteer"}
    | EMPTY
    | {"NeedAnswer.fromTeam"},
    Role.TEAM: {"Offer.team", "NeedAnswer.need"} | _OF_ITEMS | EMPTY,
    Role.HUB: {"Offer.team", "NeedAnswer.need", "Redemption.item"} | _OF_ITEMS | EMPTY,
    Role.DEPARTMENT: {"Offer.team", "Need.team", "NeedAnswer.need", "NeedAnswer.team"}
    | {"Redemption.item"}
    | EMPTY,
    Role.PARTNER: {"Need.team", "Offer.team", "Need.project"},
}
NEVER_RETURNED: Mapping[Role, set[str]] = {
    role: EMPTY | ({"NeedAnswer.fromTeam"} if role is Role.VOLUNTEER else set()) for role in Role
}
# A few rows in the whole world, which the viewers that are drawn need not meet.
RARE_OF_SERVICES = {
    *(("refused", f"{path}") for path in ("Need.team", "NeedAnswer.team", "NeedAnswer.fromTeam")),
    *(("refused", path) for path in ("Redemption.volunteer", "InspectionItem.team")),
    *(("returned", path) for path in ("Redemption.item", "Inspection.items")),
}
