"""Names of teams against the regions they speak for."""

import pytest

from db.enums import HubLevel, RegionLevel
from permissions.errors import UserErrorCode
from resolvers.rules.team_names import (
    Place,
    folded,
    group_name_error,
    group_name_warning,
    hub_name_error,
    same_name,
)

CITY = Place(level=RegionLevel.PROVINCE, code="500000000000", short_name="重庆市")
DISTRICT = Place(
    level=RegionLevel.COUNTY, code="500112000000", short_name="渝北区", above=("重庆市",)
)
COUNTY = Place(
    level=RegionLevel.COUNTY,
    code="500240000000",
    short_name="石柱土家族自治县",
    above=("重庆市",),
)
TOWN = Place(
    level=RegionLevel.TOWN,
    code="500112001000",
    short_name="双凤桥街道",
    above=("重庆市", "渝北区"),
)
COMMUNITY = Place(
    level=RegionLevel.VILLAGE,
    code="500103001001",
    short_name="华福巷社区",
    above=("重庆市", "渝中区", "大溪沟街道"),
)
PREFECTURE = Place(
    level=RegionLevel.PREFECTURE, code="510100000000", short_name="成都市", above=("四川省",)
)


@pytest.mark.parametrize(
    ("name", "level", "place"),
    [
        ("重庆市志愿服务联合会", HubLevel.CITY, CITY),
        ("渝北区志愿者协会", HubLevel.DISTRICT, DISTRICT),
        ("渝北区志愿服务联合会", HubLevel.DISTRICT, DISTRICT),
        ("重庆市渝北区志愿者协会", HubLevel.DISTRICT, DISTRICT),
        ("石柱土家族自治县志愿者协会", HubLevel.DISTRICT, COUNTY),
        ("双凤桥街道志愿服务总队", HubLevel.TOWN, TOWN),
        ("渝北区双凤桥街道志愿服务总队", HubLevel.TOWN, TOWN),
        ("华福巷社区志愿服务大队", HubLevel.COMMUNITY, COMMUNITY),
        ("大溪沟街道华福巷社区志愿服务大队", HubLevel.COMMUNITY, COMMUNITY),
        ("成都市志愿服务联合会", HubLevel.CITY, PREFECTURE),
    ],
)
def test_hub_is_called_after_its_region(name: str, level: HubLevel, place: Place) -> None:
    """DOMAIN §11.11: 自治县 among them."""
    assert hub_name_error(name, level, place) is None


@pytest.mark.parametrize(
    ("name", "level", "place", "code"),
    [
        ("双凤桥街道志愿服务总队", HubLevel.DISTRICT, TOWN, "LEVEL_NOT_OF_REGION"),
        ("渝北区志愿者协会", HubLevel.CITY, DISTRICT, "LEVEL_NOT_OF_REGION"),
        ("江北区志愿者协会", HubLevel.DISTRICT, DISTRICT, "NAME_NOT_OF_REGION"),
        ("双凤桥街道志愿服务大队", HubLevel.TOWN, TOWN, "NAME_NOT_OF_REGION"),
        ("华福巷社区志愿服务总队", HubLevel.COMMUNITY, COMMUNITY, "NAME_NOT_OF_REGION"),
        ("双凤桥街道志愿服务總隊", HubLevel.TOWN, TOWN, "NAME_NOT_OF_REGION"),
        ("双凤桥 街道志愿服务总队", HubLevel.TOWN, TOWN, "NAME_NOT_OF_REGION"),
        ("江北区双凤桥街道志愿服务总队", HubLevel.TOWN, TOWN, "NAME_NOT_OF_REGION"),
        ("重庆志愿服务联合会", HubLevel.CITY, CITY, "NAME_NOT_OF_REGION"),
    ],
)
def test_hub_called_otherwise_is_refused(
    name: str, level: HubLevel, place: Place, code: str
) -> None:
    error = hub_name_error(name, level, place)

    assert error is not None
    assert error.code.value == code


def test_refusal_tells_the_right_name() -> None:
    error = hub_name_error("某某", HubLevel.DISTRICT, DISTRICT)

    assert error is not None
    assert (
        error.message
        == "The hub of this region is called 渝北区志愿者协会 or 渝北区志愿服务联合会."
    )


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("重庆市渝北区残疾人联合会志愿服务队", DISTRICT),
        ("重庆中国三峡博物馆志愿服务队", CITY),
        ("华福巷社区邢孃孃开心编织志愿服务队", COMMUNITY),
        ("华北水利水电大学志愿服务总队", CITY),
        ("爱心社", DISTRICT),
    ],
)
def test_team_of_a_unit_is_not_taken_for_a_hub(name: str, place: Place) -> None:
    assert group_name_error(name, place) is None


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("华福巷社区志愿服务大队", COMMUNITY),
        ("华福巷社区志愿服务队", COMMUNITY),
        ("華福巷社區志願服務大隊", COMMUNITY),
        ("华福巷社区志愿服务 大队", COMMUNITY),
        ("华福巷社区志愿服务總隊", COMMUNITY),
        ("大溪沟街道华福巷社区志愿者服务队", COMMUNITY),
        ("大溪沟街道志愿服务队", COMMUNITY),
        ("渝北区·志愿者协会", DISTRICT),
        ("江北区志愿者协会", DISTRICT),
        ("别处镇志愿服务总队", DISTRICT),
        ("重庆市志愿服务联合会", DISTRICT),
    ],
)
def test_name_like_a_hubs_is_refused(name: str, place: Place) -> None:
    error = group_name_error(name, place)

    assert error is not None
    assert error.code is UserErrorCode.NAME_LIKE_HUB


def test_name_of_another_form_is_only_warned_of() -> None:
    assert group_name_warning("爱心社") is not None
    assert group_name_warning("志愿服务队") is not None
    assert group_name_warning("重庆中国三峡博物馆志愿服务队") is None


@pytest.mark.parametrize(
    "written",
    [
        "三峡博物館志願服務隊",
        "三峡 博物馆　志愿服务队",
        "三峡(博物馆)志愿服务队",
        "三峡\u200b博物馆志愿服务队",
        "三峡博物馆志愿服务队。",
    ],
)
def test_name_written_otherwise_is_the_same(written: str) -> None:
    assert same_name(written, ["另一个", "三峡博物馆志愿服务队"]) == "三峡博物馆志愿服务队"


def test_another_name_is_another() -> None:
    assert same_name("三峡博物馆志愿服务二队", ["三峡博物馆志愿服务队"]) is None
    assert folded("ＡＢＣ 志願") == "abc志愿"
