"""Names of teams: what a hub is called, and what is too like another's (DOMAIN §4.1).

Names are compared folded: width, spaces, punctuation, case and traditional characters make no
difference, so that 「華福巷社區志願服務大隊」 is 「华福巷社区志愿服务大队」.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from opencc import OpenCC

from db.enums import HubLevel, RegionLevel
from permissions.errors import UserError, UserErrorCode

FIELD = "name"
LONGEST_NAME = 50
GROUP_ENDING = "志愿服务队"
MUNICIPALITIES = frozenset({"11", "12", "31", "50"})

HUB_ENDINGS: Mapping[HubLevel, Sequence[str]] = {
    HubLevel.NATION: ("志愿服务联合会",),
    HubLevel.PROVINCE: ("志愿服务联合会",),
    HubLevel.CITY: ("志愿服务联合会",),
    HubLevel.DISTRICT: ("志愿者协会", "志愿服务联合会"),
    HubLevel.TOWN: ("志愿服务总队",),
    HubLevel.COMMUNITY: ("志愿服务大队",),
}
_LEVELS: Mapping[RegionLevel, HubLevel] = {
    RegionLevel.NATION: HubLevel.NATION,
    RegionLevel.PROVINCE: HubLevel.PROVINCE,
    RegionLevel.PREFECTURE: HubLevel.CITY,
    RegionLevel.COUNTY: HubLevel.DISTRICT,
    RegionLevel.TOWN: HubLevel.TOWN,
    RegionLevel.VILLAGE: HubLevel.COMMUNITY,
}
# What only a hub is called, whichever region it names.
_HUB_FORMS = re.compile(
    r".*(?:(?:省|市|区|县|自治县|自治区|自治州|自治旗|盟|旗)(?:志愿者协会|志愿服务联合会)"
    r"|(?:镇|乡|街道)志愿服务总队|(?:社区|村)志愿服务大队)"
)
# What is cut off a name to see whom it speaks for, the longest first.
_ENDINGS = (
    *("志愿者服务总队", "志愿者服务大队", "志愿者服务分队", "志愿服务联合会", "志愿者联合会"),
    *("志愿者服务队", "志愿服务总队", "志愿服务大队", "志愿服务分队", "志愿服务团队"),
    *("志愿服务协会", "志愿服务中心", "志愿服务队", "志愿服务团", "志愿者协会", "志愿者总队"),
    *("志愿者大队", "志愿者队", "志愿总队", "志愿大队", "志愿队"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A region as names speak of it; ``above`` are the short names over it, from the top."""

    level: RegionLevel
    code: str
    short_name: str
    above: Sequence[str] = ()


def folded(name: str) -> str:
    """The name as names are compared: letters and digits alone, simplified, of one width."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    simplified: str = _simplifier().convert("".join(c for c in plain if c.isalnum()))
    return simplified


def hub_level_of(place: Place) -> HubLevel:
    """The level of a region's hub; a municipality's is a city hub, for it is both in one."""
    if place.level is RegionLevel.PROVINCE and place.code[:2] in MUNICIPALITIES:
        return HubLevel.CITY
    return _LEVELS[place.level]


def hub_names(place: Place) -> Sequence[str]:
    """What the hub of a region may be called: the short form first, then with regions before it."""
    level = hub_level_of(place)
    if level is HubLevel.NATION:
        return ("中国志愿服务联合会",)
    above = () if level in {HubLevel.PROVINCE, HubLevel.CITY} else place.above
    return [
        "".join(prefix) + place.short_name + ending
        for count in range(len(above) + 1)
        for prefix in combinations(above, count)
        for ending in HUB_ENDINGS[level]
    ]


def hub_name_error(name: str, level: HubLevel, place: Place) -> UserError | None:
    """Why a hub of the level cannot be called so in the region; None if it can."""
    if level is not hub_level_of(place):
        return UserError(
            UserErrorCode.LEVEL_NOT_OF_REGION,
            "hubLevel",
            f"The hub of this region is of the level {hub_level_of(place).value}.",
        )
    names = hub_names(place)
    if name in names:
        return None
    asked = " or ".join(names[: len(HUB_ENDINGS[level])])
    return UserError(
        UserErrorCode.NAME_NOT_OF_REGION, FIELD, f"The hub of this region is called {asked}."
    )


def group_name_error(name: str, place: Place) -> UserError | None:
    """Why a team that is no hub cannot be called so: its name would be taken for a hub's."""
    plain = folded(name)
    speaks_for = _without_ending(plain)
    regions = (*place.above, place.short_name)
    as_region = {
        folded("".join(run))
        for count in range(1, len(regions) + 1)
        for run in combinations(regions, count)
    }
    if _HUB_FORMS.fullmatch(plain) or (speaks_for != plain and speaks_for in as_region):
        return UserError(
            UserErrorCode.NAME_LIKE_HUB, FIELD, "This name would be taken for a hub team's."
        )
    return None


def group_name_warning(name: str) -> UserError | None:
    """What is unusual in the name of a team that is no hub: in principle 单位名称+志愿服务队."""
    stem = name.removesuffix(GROUP_ENDING)
    if stem not in {name, ""}:
        return None
    return UserError(
        UserErrorCode.NAME_UNUSUAL,
        FIELD,
        f"In principle the name is that of the unit, followed by {GROUP_ENDING}.",
    )


def same_name(name: str, others: Sequence[str]) -> str | None:
    """The first of the names that is the same but for how it is written."""
    plain = folded(name)
    return next((other for other in others if folded(other) == plain), None)


def _without_ending(plain: str) -> str:
    ending = next((each for each in _ENDINGS if plain.endswith(each)), "")
    return plain.removesuffix(ending)


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
