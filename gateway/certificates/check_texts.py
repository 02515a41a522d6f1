"""What the page of the certificate check says, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from gateway.pages import prefers_english
from resolvers.certificate_checks import CheckState


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTexts:
    """The words of the page in one language."""

    lang: str
    other_lang: str
    other_name: str
    title: str
    lead: str
    number: str
    code: str
    submit: str
    name: str
    time: str
    hours: str
    remark: str
    wait: str
    away: str
    privacy: str
    verdicts: Mapping[CheckState, tuple[str, str]]


CHINESE = CheckTexts(
    lang="zh-CN",
    other_lang="en",
    other_name="English",
    title="志愿服务记录证明查验",
    lead="输入证明上的编号和查验码，或扫描证明上的二维码。",
    number="证明编号",
    code="查验码",
    submit="查验",
    name="姓名",
    time="服务时长",
    hours="{hours} 小时",
    remark="备注",
    wait="查验过于频繁，请 {seconds} 秒后再试。",
    away="系统暂时不可用，请稍后再试。",
    privacy="为保护个人信息，本页仅显示部分姓名、服务时长和备注。请与手中的证明核对。",
    verdicts={
        CheckState.VALID: ("有效", "本站出具过这份证明，所载记录未有变更。"),
        CheckState.OUTDATED: (
            "记录已更正",
            "本站出具过这份证明，但出具后所载记录已更正，请以重新出具的证明为准。",
        ),
        CheckState.SUPERSEDED: ("已被替换", "本站出具过这份证明，现已由新的证明替换。"),
        CheckState.REVOKED: ("已撤销", "这份证明已被撤销，不再有效。"),
        CheckState.NOT_FOUND: (
            "未查到",
            "请核对编号和查验码。如核对无误，本站没有出具过这份证明。",
        ),
        CheckState.OTHER_STATION: (
            "非本站出具",
            "该编号属于其他分站，请到出具证明的分站查验。",
        ),
    },
)
ENGLISH = CheckTexts(
    lang="en",
    other_lang="zh-CN",
    other_name="中文",
    title="Check a certificate of volunteer service",
    lead="Enter the number and the check code on the certificate, or scan its QR code.",
    number="Certificate number",
    code="Check code",
    submit="Check",
    name="Name",
    time="Service time",
    hours="{hours} hours",
    remark="Remark",
    wait="Too many checks; try again in {seconds} seconds.",
    away="The service is not available at the moment; try again soon.",
    privacy="To protect the person, only part of the name, the service time and the remark are"
    " shown. Compare them with the certificate in your hand.",
    verdicts={
        CheckState.VALID: ("Valid", "This station issued it, and its records are unchanged."),
        CheckState.OUTDATED: (
            "Outdated",
            "This station issued it, but a record on it was corrected since; ask for a new one.",
        ),
        CheckState.SUPERSEDED: ("Superseded", "This station issued it, and a newer one since."),
        CheckState.REVOKED: ("Revoked", "This certificate was revoked and counts no more."),
        CheckState.NOT_FOUND: (
            "Not found",
            "Compare number and code once more. If they are right, this station did not issue it.",
        ),
        CheckState.OTHER_STATION: (
            "Of another station",
            "This number belongs to another station; check it there.",
        ),
    },
)


def texts_for(wanted: str | None, accepted: Mapping[str, float]) -> CheckTexts:
    """The language that is asked for, else the better one of what a browser accepts."""
    return ENGLISH if prefers_english(wanted, accepted) else CHINESE


def spoken_hours(minutes: int, texts: CheckTexts) -> str:
    """Minutes as hours, in words."""
    exact = Decimal(minutes) / Decimal(timedelta(hours=1).total_seconds() / 60)
    plain = f"{exact:.2f}".rstrip("0").rstrip(".")
    return texts.hours.format(hours=plain)
