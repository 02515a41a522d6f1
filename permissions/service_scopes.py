"""Which checks, needs, offers and rewards each standing may see: a part of ``visible``."""

from collections.abc import Mapping

from db.scope import Clause
from permissions import clauses as rows
from permissions import service_clauses as service
from permissions.public_scopes import IN_REACH
from permissions.reading import HUB_REGION

_ASKED_HUB = rows.any_of(service.published, service.asked_my_subtree)
_ITEMS_OF_HUB = rows.all_of(rows.in_subtree_of_mine, service.of_asked_inspection)
_HUBS_NEEDS = rows.any_of(service.open_of_team, rows.in_subtree_of_mine, service.i_answered)
_HUBS_OFFERS = rows.any_of(service.open_of_team, service.open_of_volunteer, rows.in_subtree_of_mine)
_HUBS_ANSWERS = rows.any_of(rows.in_subtree_of_mine, service.from_my_team)
_KEPT_REWARDS = rows.any_of(service.on_offer, service.region_in_mine)


# By entity and standing.
SERVICE_RULES: Mapping[str, Mapping[str, Clause]] = {
    "Inspection": {
        "PUBLIC": service.published,
        "TEAM": rows.any_of(service.published, service.asked_my_team),
        "HUB": _ASKED_HUB,
        HUB_REGION: _ASKED_HUB,
        "DEPARTMENT": rows.any_of(service.published, service.region_in_mine),
        "PARTNER": rows.all_of(service.published, service.region_in_mine),
    },
    "InspectionItem": {
        "PUBLIC": rows.nobody,
        "TEAM": rows.all_of(rows.of_my_team, service.of_asked_inspection),
        "HUB": _ITEMS_OF_HUB,
        HUB_REGION: _ITEMS_OF_HUB,
        "DEPARTMENT": service.of_inspection_in_my_region,
    },
    "Need": {
        "PUBLIC": service.open_of_team,
        "VOLUNTEER": rows.any_of(service.open_of_team, service.i_answered),
        "TEAM": rows.any_of(service.open_of_team, rows.of_my_team, service.i_answered),
        "HUB": _HUBS_NEEDS,
        HUB_REGION: _HUBS_NEEDS,
        "DEPARTMENT": rows.any_of(service.open_of_team, IN_REACH),
        "PARTNER": rows.all_of(service.open_of_team, rows.in_my_region),
    },
    "Offer": {
        "PUBLIC": service.open_of_team,
        "VOLUNTEER": rows.any_of(service.open_of_team, rows.mine),
        "TEAM": rows.any_of(service.open_of_team, service.open_of_volunteer, rows.of_my_team),
        "HUB": _HUBS_OFFERS,
        HUB_REGION: _HUBS_OFFERS,
        "DEPARTMENT": rows.any_of(
            service.open_of_team, IN_REACH, service.of_volunteer_in_my_region
        ),
        "PARTNER": rows.all_of(service.open_of_team, rows.in_my_region),
    },
    "NeedAnswer": {
        "PUBLIC": rows.nobody,
        "VOLUNTEER": rows.mine,
        "TEAM": rows.any_of(rows.of_my_team, service.from_my_team),
        "HUB": _HUBS_ANSWERS,
        HUB_REGION: _HUBS_ANSWERS,
        "DEPARTMENT": rows.in_my_region,
    },
    "RewardItem": {
        "PUBLIC": service.on_offer,
        HUB_REGION: _KEPT_REWARDS,
        "DEPARTMENT": _KEPT_REWARDS,
        "PARTNER": rows.all_of(service.on_offer, service.region_in_mine),
    },
    "Redemption": {
        "PUBLIC": rows.nobody,
        "VOLUNTEER": rows.mine,
        HUB_REGION: service.region_in_mine,
        "DEPARTMENT": service.region_in_mine,
    },
}
