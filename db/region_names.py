"""What a division is called in a name: without the words for its committee or office."""

from collections.abc import Sequence

from db.enums import RegionLevel

# Longest first: the first ending that fits is cut off.
_VILLAGE_ENDINGS: Sequence[tuple[str, str]] = (
    ("社区居民委员会", "社区"),
    ("社区居委会", "社区"),
    ("社区工作站", "社区"),
    ("村民委员会", "村"),
    ("居民委员会", "社区"),
    ("村委会", "村"),
    ("居委会", "社区"),
)
_TOWN_ENDING = "街道办事处"


def short_name(name: str, level: RegionLevel) -> str:
    """The name as people say it: 龙溪街道, 华福巷社区, 太白村."""
    if level is RegionLevel.TOWN and name.endswith(_TOWN_ENDING):
        return name.removesuffix("办事处")
    if level is RegionLevel.VILLAGE:
        for ending, kind in _VILLAGE_ENDINGS:
            if name.endswith(ending) and name != ending:
                stem = name.removesuffix(ending)
                return stem if stem.endswith(kind) else stem + kind
    return name
