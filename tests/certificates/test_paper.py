"""The PDF: what it says, what it carries, what it costs."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL.Image import Image

from db.keys import Key
from db.signatures import Signer
from gateway.certificates.fonts import Fonts
from gateway.certificates.paper import Paper, Press
from resolvers.certificate_snapshot import CertifiedRecord, Draft, Holder
from resolvers.certificate_wish import MOST_RECORDS

CHECK = "https://cq.example.org/certificates/check"
NUMBER = "C502605200123456789Z"
CODE = Signer(keys=[Key(id="a", secret=b"a" * 32)]).code(NUMBER)
RARE = "𬭶"  # U+2CB76, in the first face
RARER = "𰻝"  # U+30EDD, in the second face only
UNKNOWN = "𪚥"  # U+2A6A5, in none
MOST_BYTES = 200_000
MOST_CPU_S = 0.150


@pytest.fixture(scope="module")
def press() -> Press:
    return Press.open()


def snapshot(
    *, records: int = 3, name: str = f"张{RARE}{RARER}", **values: Any
) -> Mapping[str, Any]:
    start = datetime(2026, 1, 3, 1, 0, tzinfo=UTC)
    given: dict[str, Any] = {
        "number": NUMBER,
        "issued_on": date(2026, 5, 20),
        "is_printed": False,
        "issuer": "渝北区志愿者协会",
        "holder": Holder(name=name, volunteer_no="V5001120000123", id_number="500***********0017"),
        "records": [
            CertifiedRecord(
                starts_at=start + timedelta(days=n),
                ends_at=start + timedelta(days=n, minutes=140),
                minutes=140,
                content=f"第{n + 1}次陪伴独居老人",
                recording_unit="五星路社区志愿服务大队",
            )
            for n in range(records)
        ],
        "remark": "社区服务月",
        **values,
    }
    return Draft(**given).snapshot()


def paper(said: Mapping[str, Any], **values: Any) -> Paper:
    return Paper(snapshot=said, code=CODE, check_url=CHECK, **values)


@contextmanager
def opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def text_of(pdf: bytes) -> str:
    """What is selected on all pages, without the spaces that set Chinese apart from digits."""
    with opened(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return "".join("".join(pages).split())


def image_of(pdf: bytes, *, scale: float = 2) -> Image:
    with opened(pdf) as document:
        picture: Image = document[0].render(scale=scale).to_pil()
    return picture


def test_text_selects_as_it_reads(press: Press) -> None:
    text = text_of(press.print(paper(snapshot())))

    assert (
        f"兹证明张{RARE}{RARER}（志愿者编号：V5001120000123，证件号码：500***********0017）" in text
    )
    assert "于2026年1月3日至2026年1月5日参加志愿服务3次，累计服务时长7小时。" in text
    assert "2026-01-0309:00–11:20第1次陪伴独居老人2.33" in text
    assert "出具单位：渝北区志愿者协会" in text
    assert f"证明编号：{NUMBER}" in text
    assert f"查验码：{CODE}" in text


def test_qr_code_opens_the_check_with_number_and_code_alone(press: Press) -> None:
    found = zxingcpp.read_barcodes(image_of(press.print(paper(snapshot()))))

    assert [barcode.text for barcode in found] == [f"{CHECK}?no={NUMBER}&code={CODE}"]


def test_metadata_names_nobody(press: Press) -> None:
    pdf = press.print(paper(snapshot()))

    with opened(pdf) as document:
        metadata = {name: value for name, value in document.get_metadata_dict().items() if value}
    assert metadata.pop("Creator").startswith("Typst")
    assert metadata == {
        "Title": "志愿服务记录证明",
        "CreationDate": "D:20260520040000Z",
        "ModDate": "D:20260520040000Z",
    }
    for private in (RARE, "0017", "V5001120000123", "渝北区"):
        for form in (private.encode(), private.encode("utf-16-be")):
            assert form not in pdf


def test_rare_characters_have_a_shape(press: Press) -> None:
    """The page with the rare characters differs from one with the mark for a lacking one."""
    fonts = Fonts.load()
    assert [fonts.lacks(each) for each in (RARE, RARER, UNKNOWN)] == [False, False, True]
    assert fonts.faces[0].get_nominal_glyph(ord(RARER)) is None

    with_them = image_of(press.print(paper(snapshot())))
    with_marks = image_of(press.print(paper(snapshot(name="张〓〓"))))

    assert with_them.tobytes() != with_marks.tobytes()


def test_character_that_no_font_has_is_named(press: Press) -> None:
    text = text_of(press.print(paper(snapshot(name=f"张{UNKNOWN}"))))

    assert "兹证明张〓（" in text
    assert "“〓”依次为统一码字符U+2A6A5。" in text


@pytest.mark.parametrize(
    ("values", "mark"),
    [({}, None), ({"is_outdated": True}, "记录已更正"), ({"is_superseded": True}, "已被替换")],
)
def test_what_became_of_it_is_written_across(
    press: Press, values: dict[str, bool], mark: str | None
) -> None:
    text = text_of(press.print(paper(snapshot(), **values)))

    for each in ("记录已更正", "已被替换"):
        assert (each in text) == (each == mark)


def test_id_number_whose_consent_was_withdrawn_is_left_out(press: Press) -> None:
    said = snapshot()

    assert "0017" not in text_of(press.print(paper(said, hides_id_number=True)))


def test_what_a_volunteer_prints_has_no_place_for_a_seal(press: Press) -> None:
    text = text_of(press.print(paper(snapshot(is_printed=True, issuer="志愿重庆"))))

    assert "志愿者本人打印自：志愿重庆" in text
    assert "盖章" not in text


def test_successor_names_whom_it_stands_for(press: Press) -> None:
    text = text_of(press.print(paper(snapshot(stands_for=["旧队"]))))

    assert "（原记录单位旧队已终止，由本单位承继出具）" in text


def test_markup_in_words_stays_text(press: Press) -> None:
    said = snapshot(name="#panic()", remark="*粗* $x$ #set text(red) `a` <b> \\")

    text = text_of(press.print(paper(said)))

    assert "兹证明#panic()（" in text
    assert "备注：*粗*$x$#settext(red)`a`<b>\\" in text


@pytest.mark.parametrize("records", [1, 20, MOST_RECORDS])
def test_certificate_is_small_and_soon_done(press: Press, records: int) -> None:
    said = snapshot(records=records)
    press.print(paper(said))
    costs = []
    for _ in range(3):
        begun = time.process_time()
        pdf = press.print(paper(said))
        costs.append(time.process_time() - begun)

    assert len(pdf) <= MOST_BYTES
    assert min(costs) <= MOST_CPU_S


def test_long_certificates_go_on_over_pages(press: Press) -> None:
    pdf = press.print(paper(snapshot(records=MOST_RECORDS)))

    with opened(pdf) as document:
        pages = len(document)
    text = text_of(pdf)
    assert pages > 1
    assert f"第{pages}页，共{pages}页" in text
    assert text.count("序号") >= pages - 1  # the last page may hold the signature alone
