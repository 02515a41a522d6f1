"""What the page of a station says by itself, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from db.enums import StationPhase, SupportKind
from gateway.pages import prefers_english


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeTexts:
    """The words of the page in one language."""

    lang: str
    other_lang: str
    other_name: str
    phases: Mapping[StationPhase, str]
    batch: str
    serves: str
    national: str
    categories: str
    intro: str
    notices: str
    support: str
    kinds: Mapping[SupportKind, str]
    training: str
    doors: str
    check: tuple[str, str]
    dashboard: tuple[str, str]
    api: tuple[str, str]
    domain: str
    missing: tuple[str, str]
    away: str


CHINESE = HomeTexts(
    lang="zh-CN",
    other_lang="en",
    other_name="English",
    phases={
        StationPhase.LEGACY: "使用旧系统",
        StationPhase.TRIAL: "试运行",
        StationPhase.FORMAL: "正式运行",
    },
    batch="第{batch}批",
    serves="服务区域：{region}",
    national="全国站",
    categories="服务领域",
    intro="简介",
    notices="通知公告",
    support="客服渠道",
    kinds={
        SupportKind.QQ_GROUP: "QQ群",
        SupportKind.WECHAT: "微信",
        SupportKind.PHONE: "电话",
        SupportKind.EMAIL: "电子邮箱",
        SupportKind.OTHER: "其他",
    },
    training="培训资料",
    doors="入口",
    check=("志愿服务记录证明查验", "核对证明是否由本站出具"),
    dashboard=("数据看板", "志愿者、队伍、项目和服务时长"),
    api=("开放接口", "GraphQL 接口与在线调试"),
    domain="域名：{host}",
    missing=("没有这个站点", "本系统没有以此域名开通的站点，请核对网址。"),
    away="系统暂时不可用，请稍后再试。",
)
ENGLISH = HomeTexts(
    lang="en",
    other_lang="zh-CN",
    other_name="中文",
    phases={
        StationPhase.LEGACY: "On the system of before",
        StationPhase.TRIAL: "On trial",
        StationPhase.FORMAL: "In service",
    },
    batch="batch {batch}",
    serves="Serves {region}",
    national="National site",
    categories="Fields of service",
    intro="About",
    notices="Notices",
    support="Support",
    kinds={
        SupportKind.QQ_GROUP: "QQ group",
        SupportKind.WECHAT: "WeChat",
        SupportKind.PHONE: "Telephone",
        SupportKind.EMAIL: "E-mail",
        SupportKind.OTHER: "Other",
    },
    training="Manuals and training",
    doors="Where to go",
    check=("Check a certificate", "Whether this station issued it"),
    dashboard=("Dashboard", "Volunteers, teams, projects and hours"),
    api=("API", "GraphQL, with an editor that works offline"),
    domain="Domain: {host}",
    missing=("No such station", "No station of this system has this name; check the address."),
    away="The service is not available at the moment; try again soon.",
)


def texts_for(wanted: str | None, accepted: Mapping[str, float]) -> HomeTexts:
    """The language that is asked for, else the better one of what a browser accepts."""
    return ENGLISH if prefers_english(wanted, accepted) else CHINESE
