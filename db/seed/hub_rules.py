"""Which hub a region has: its name, level, permission group and responsible unit (DOMAIN §4.1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.enums import HubLevel, PermissionGroup, RegionLevel

MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
NATION_NAME = "中国志愿服务联合会"

LEVELS: Mapping[RegionLevel, HubLevel] = {
    RegionLevel.NATION: HubLevel.NATION,
    RegionLevel.PROVINCE: HubLevel.PROVINCE,
    RegionLevel.PREFECTURE: HubLevel.CITY,
    RegionLevel.COUNTY: HubLevel.DISTRICT,
    RegionLevel.TOWN: HubLevel.TOWN,
    RegionLevel.VILLAGE: HubLevel.COMMUNITY,
}

SUFFIXES: Mapping[HubLevel, str] = {
    HubLevel.PROVINCE: "志愿服务联合会",
    HubLevel.CITY: "志愿服务联合会",
    HubLevel.DISTRICT: "志愿者协会",
    HubLevel.TOWN: "志愿服务总队",
    HubLevel.COMMUNITY: "志愿服务大队",
}

GROUPS: Mapping[HubLevel, PermissionGroup] = {
    HubLevel.NATION: PermissionGroup.SENIOR_QUICK,
    HubLevel.PROVINCE: PermissionGroup.SENIOR_QUICK,
    HubLevel.CITY: PermissionGroup.SENIOR_QUICK,
    HubLevel.DISTRICT: PermissionGroup.SENIOR_QUICK,
    HubLevel.TOWN: PermissionGroup.MIDDLE_QUICK,
    HubLevel.COMMUNITY: PermissionGroup.JUNIOR_QUICK,
}

# Ending of the region's name, what the unit's name adds to it, kind of unit; "" ends every name.
UNITS: Mapping[HubLevel, Sequence[tuple[str, str, str]]] = {
    HubLevel.TOWN: (
        ("街道", "办事处", "街道办事处"),
        ("镇", "人民政府", "乡镇政府"),
        ("乡", "人民政府", "乡镇政府"),
        ("", "管理委员会", "管委会"),
    ),
    HubLevel.COMMUNITY: (
        ("社区", "居民委员会", "居委会"),
        ("村", "民委员会", "村委会"),
        ("", "", "居委会"),
    ),
}


@dataclass(frozen=True, slots=True)
class HubRule:
    """What is prescribed for the hub of one region."""

    level: HubLevel
    name: str
    group: PermissionGroup
    unit: str
    unit_kind: str


def hub_rule(level: RegionLevel, code: str, short_name: str) -> HubRule:
    """The hub of a region; a municipality's is a city hub, for province and city are one there."""
    hub_level = LEVELS[level]
    if level is RegionLevel.PROVINCE and code[:2] in MUNICIPALITIES:
        hub_level = HubLevel.CITY
    name = NATION_NAME if hub_level is HubLevel.NATION else short_name + SUFFIXES[hub_level]
    unit, kind = _responsible_unit(hub_level, short_name)
    return HubRule(hub_level, name, GROUPS[hub_level], unit, kind)


def _responsible_unit(level: HubLevel, short_name: str) -> tuple[str, str]:
    """Who answers for the hub, and of what kind; an open list (DOMAIN §2)."""
    if level is HubLevel.NATION:
        return "中央文明办", "文明办"
    for ending, suffix, kind in UNITS.get(level, ()):
        if short_name.endswith(ending):
            return short_name + suffix, kind
    return f"{short_name}文明办", "文明办"
