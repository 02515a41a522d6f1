import pytest

from db.enums import PermissionGroup, RegionLevel
from db.region_names import short_name
from db.seed.hub_rules import hub_rule


@pytest.mark.parametrize(
    ("name", "level", "short"),
    [
        ("华福巷社区居民委员会", RegionLevel.VILLAGE, "华福巷社区"),
        ("太白村村民委员会", RegionLevel.VILLAGE, "太白村"),
        ("张家村民委员会", RegionLevel.VILLAGE, "张家村"),
        ("化龙桥社区工作站", RegionLevel.VILLAGE, "化龙桥社区"),
        ("第二居委会", RegionLevel.VILLAGE, "第二社区"),
        ("一连生活区", RegionLevel.VILLAGE, "一连生活区"),
        ("东华门街道办事处", RegionLevel.TOWN, "东华门街道"),
        ("龙溪街道", RegionLevel.TOWN, "龙溪街道"),
        ("渝北区", RegionLevel.COUNTY, "渝北区"),
    ],
)
def test_short_name_of_a_division(name: str, level: RegionLevel, short: str) -> None:
    assert short_name(name, level) == short


@pytest.mark.parametrize(
    ("level", "code", "short", "expected"),
    [
        (RegionLevel.NATION, "000000000000", "中华人民共和国", ("NATION", "中国志愿服务联合会")),
        (RegionLevel.PROVINCE, "500000000000", "重庆市", ("CITY", "重庆市志愿服务联合会")),
        (RegionLevel.PROVINCE, "510000000000", "四川省", ("PROVINCE", "四川省志愿服务联合会")),
        (RegionLevel.PREFECTURE, "510100000000", "成都市", ("CITY", "成都市志愿服务联合会")),
        (RegionLevel.COUNTY, "500112000000", "渝北区", ("DISTRICT", "渝北区志愿者协会")),
        (
            RegionLevel.COUNTY,
            "500240000000",
            "石柱土家族自治县",
            ("DISTRICT", "石柱土家族自治县志愿者协会"),
        ),
        (RegionLevel.TOWN, "500112011000", "龙溪街道", ("TOWN", "龙溪街道志愿服务总队")),
        (
            RegionLevel.VILLAGE,
            "500112011001",
            "华福巷社区",
            ("COMMUNITY", "华福巷社区志愿服务大队"),
        ),
    ],
)
def test_hub_is_named_by_the_rule(
    level: RegionLevel, code: str, short: str, expected: tuple[str, str]
) -> None:
    rule = hub_rule(level, code, short)

    assert (rule.level, rule.name) == expected


@pytest.mark.parametrize(
    ("level", "short", "unit", "kind", "group"),
    [
        (RegionLevel.COUNTY, "渝北区", "渝北区文明办", "文明办", PermissionGroup.SENIOR_QUICK),
        (
            RegionLevel.TOWN,
            "龙溪街道",
            "龙溪街道办事处",
            "街道办事处",
            PermissionGroup.MIDDLE_QUICK,
        ),
        (RegionLevel.TOWN, "统景镇", "统景镇人民政府", "乡镇政府", PermissionGroup.MIDDLE_QUICK),
        (RegionLevel.TOWN, "经开区", "经开区管理委员会", "管委会", PermissionGroup.MIDDLE_QUICK),
        (RegionLevel.VILLAGE, "太白村", "太白村民委员会", "村委会", PermissionGroup.JUNIOR_QUICK),
        (
            RegionLevel.VILLAGE,
            "龙溪社区",
            "龙溪社区居民委员会",
            "居委会",
            PermissionGroup.JUNIOR_QUICK,
        ),
    ],
)
def test_hub_has_its_responsible_unit_and_group(
    level: RegionLevel, short: str, unit: str, kind: str, group: PermissionGroup
) -> None:
    rule = hub_rule(level, "500112011000", short)

    assert (rule.unit, rule.unit_kind, rule.group) == (unit, kind, group)
