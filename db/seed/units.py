"""What units and groups of people form teams, and in which service, by level of their hub."""

from collections.abc import Mapping, Sequence

# (name of the unit or group, code of its service category)
UNITS: Mapping[str, Sequence[tuple[str, str]]] = {
    "CITY": (
        ("教育委员会", "03"),
        ("卫生健康委员会", "04"),
        ("生态环境局", "06"),
        ("图书馆", "08"),
        ("红十字会", "13"),
        ("气象局", "07"),
        ("消防救援总队", "12"),
        ("少年宫", "03"),
    ),
    "DISTRICT": (
        ("教育委员会", "03"),
        ("残疾人联合会", "17"),
        ("人民医院", "04"),
        ("图书馆", "08"),
        ("税务局", "20"),
        ("司法局", "05"),
        ("公安局交巡警支队", "11"),
        ("消防救援支队", "12"),
        ("生态环境局", "06"),
        ("应急管理局", "13"),
        ("禁毒委员会办公室", "14"),
        ("文化馆", "08"),
        ("妇女联合会", "17"),
        ("总工会", "01"),
        ("科学技术协会", "07"),
        ("体育中心", "15"),
        ("疾病预防控制中心", "21"),
        ("红十字会", "04"),
    ),
    "TOWN": (
        ("机关", "01"),
        ("中心小学", "03"),
        ("社区卫生服务中心", "04"),
        ("派出所", "09"),
        ("司法所", "05"),
        ("综合文化站", "08"),
        ("微型消防站", "12"),
        ("社会工作服务站", "17"),
        ("退役军人服务站", "13"),
        ("初级中学", "07"),
        ("便民服务中心", "01"),
        ("环卫所", "06"),
    ),
    "COMMUNITY": (
        ("邻里守望", "01"),
        ("银龄互助", "17"),
        ("夕阳红文艺", "08"),
        ("青年突击", "10"),
        ("巾帼", "17"),
        ("文明劝导", "10"),
        ("义务巡逻", "09"),
        ("四点半课堂", "03"),
        ("环保先锋", "06"),
        ("开心编织", "17"),
        ("义诊", "04"),
        ("法律明白人", "05"),
        ("应急救援", "13"),
        ("健步走", "15"),
    ),
}

LEGAL_STEMS: Sequence[str] = (
    "阳光", "春晖", "益家", "同行", "蒲公英", "暖流", "橙心", "山茶", "百川", "守望", "启明",
    "荷风", "绿叶", "心桥", "明德", "红岩", "嘉陵", "巴渝", "晨曦", "众和",
)  # fmt: skip

# (ending of the registered name, authority and kind of body in its credit code)
LEGAL_FORMS: Sequence[tuple[str, str]] = (
    ("社会工作服务中心", "52"),
    ("志愿服务协会", "51"),
    ("公益发展中心", "52"),
    ("志愿者联合会", "51"),
    ("公益基金会", "53"),
)

BRANCHES: Sequence[str] = ("服务站", "工作站", "分会")


def team_name(place: str, unit: str, round_: int) -> str:
    """The name by the rule 单位名称+志愿服务队; later rounds of the same unit are numbered."""
    return f"{place}{unit}{'' if round_ == 0 else f'第{round_ + 1}'}志愿服务队"
