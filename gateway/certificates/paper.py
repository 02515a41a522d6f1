"""A certificate as a PDF: its words put together here, set by Typst from ``certificate.typ``."""

import io
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

import orjson
import segno
import typst

from db.clock import CHINA
from gateway.certificates.fonts import SHOWN_INSTEAD, Fonts
from resolvers.rules.hours import hours_of

TEMPLATE = Path(__file__).with_name("certificate.typ")
FOOTNOTE = (
    "本证明依据《志愿服务记录与证明出具办法（试行）》（民政部令第67号）出具，"
    "所载内容为出具之日的志愿服务记录。扫描二维码或登录 {check} 输入证明编号和查验码可查验真伪。"
    "任何单位和个人不得伪造、变造、使用虚假志愿服务记录证明。"
)
OUTDATED = "记录已更正"
SUPERSEDED = "已被替换"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is put on paper: the snapshot, its check code, where it is checked, how it stands."""

    snapshot: Mapping[str, Any]
    code: str
    check_url: str
    is_outdated: bool = False
    is_superseded: bool = False
    hides_id_number: bool = False

    @property
    def link(self) -> str:
        """What the QR code opens: number and code, and nothing else of anybody."""
        query = urlencode({"no": self.snapshot["certificateNo"], "code": self.code})
        return f"{self.check_url}?{query}"


class Press:
    """Sets certificates, one at a time; fonts and template are loaded once."""

    def __init__(self, fonts: Fonts, compiler: typst.Compiler) -> None:
        self._fonts = fonts
        self._compiler = compiler
        self._turn = threading.Lock()

    @classmethod
    def open(cls) -> Self:
        """A press with the certificate's template and fonts."""
        fonts = Fonts.load()
        compiler = typst.Compiler(
            str(TEMPLATE), font_paths=[str(fonts.folder)], ignore_system_fonts=True
        )
        return cls(fonts, compiler)

    def print(self, paper: Paper) -> bytes:
        """The PDF; some ten milliseconds of CPU, to be called in a thread."""
        words = orjson.dumps(_words(paper, self._fonts)).decode()
        with self._turn:
            pdf = self._compiler.compile(
                format="pdf",
                sys_inputs={"certificate": words, "qr": _qr(paper.link)},
                pdf_standards="a-2b",
                pdf_tags=False,
                timestamp=_noon(paper.snapshot["issuedOn"]),
            )
        assert isinstance(pdf, bytes)  # noqa: S101 - one document is one PDF
        return pdf


def _qr(text: str) -> str:
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", border=2, xmldecl=False, light="#fff"
    )
    return drawn.getvalue().decode()


def _noon(day: str) -> int:
    """A moment that tells the day of issue and no more, as seconds."""
    return int(datetime.combine(date.fromisoformat(day), time(12), CHINA).timestamp())


def _words(paper: Paper, fonts: Fonts) -> Mapping[str, Any]:
    """All that the template is told, without characters that no face has."""
    said = paper.snapshot
    words = {
        "title": said["title"],
        "number": said["certificateNo"],
        "code": paper.code,
        "mark": SUPERSEDED if paper.is_superseded else OUTDATED if paper.is_outdated else None,
        "statement": _statement(paper),
        "rows": [
            [str(number), _when(row), row["content"], _hours(row["minutes"]), row["recordingUnit"]]
            for number, row in enumerate(said["records"], 1)
        ],
        "hours": _hours(said["minutes"]),
        "issued-on": _day(date.fromisoformat(said["issuedOn"])),
        "has-seal": said["kind"] == "ISSUED",
        "footnote": FOOTNOTE.format(check=paper.check_url),
        **_issuer(said),
    }
    plain, lacking = fonts.replace_lacking(words)
    notes = [f"备注：{said['remark']}"] if "remark" in said else []
    if lacking:
        named = "、".join(f"U+{ord(character):04X}" for character in lacking)
        notes.append(f"“{SHOWN_INSTEAD}”依次为统一码字符 {named}。")
    return {**plain, "notes": fonts.replace_lacking(notes)[0]}


def _statement(paper: Paper) -> str:
    said = paper.snapshot
    holder, records = said["volunteer"], said["records"]
    about = f"志愿者编号：{holder['volunteerNo']}"
    if "idNumber" in holder and not paper.hides_id_number:
        about += f"，证件号码：{holder['idNumber']}"
    first = min(_moment(row["startsAt"]).date() for row in records)
    last = max(_moment(row["endsAt"]).date() for row in records)
    span = f"于{_day(first)}" if first == last else f"于{_day(first)}至{_day(last)}"
    return (
        f"兹证明{holder['name']}（{about}）{span}参加志愿服务{len(records)}次，"
        f"累计服务时长{_hours(said['minutes'])}小时。服务时间、服务内容和记录单位如下："
    )


def _issuer(said: Mapping[str, Any]) -> Mapping[str, Any]:
    if said["kind"] == "PRINTED":
        return {
            "issuer-label": "志愿者本人打印自：",
            "issuer": said["issuer"],
            "issuer-notes": [],
        }
    stands_for = "、".join(said.get("standsFor", ()))
    notes = [f"（原记录单位{stands_for}已终止，由本单位承继出具）"] if stands_for else []
    return {"issuer-label": "出具单位：", "issuer": said["issuer"], "issuer-notes": notes}


def _when(row: Mapping[str, Any]) -> str:
    start, end = _moment(row["startsAt"]), _moment(row["endsAt"])
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%Y-%m-%d %H:%M}"
    return f"{start:%Y-%m-%d %H:%M}–{until}"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _hours(minutes: int) -> str:
    """Hours as people write them: 2, 1.5, 0.33."""
    return f"{hours_of(minutes):f}".rstrip("0").rstrip(".")
