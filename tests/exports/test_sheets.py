"""Tables as office programs open them."""

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.exports.sheets import Sheet, defused, write_csv, write_xlsx

SHEET = Sheet(
    title="下级区划",
    columns=("区划", "时长"),
    rows=[("渝北区", Decimal("12.5")), ('=HYPERLINK("x")', 3), ("2026", date(2026, 11, 1))],
)


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_workbook_has_the_sheets_with_their_cells() -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(write_xlsx([SHEET, Sheet(title="空", columns=("甲",), rows=())]))
    )

    assert book.sheetnames == ["下级区划", "空"]
    rows = list(book["下级区划"].iter_rows(values_only=True))
    assert rows[0] == ("区划", "时长")
    assert rows[1] == ("渝北区", 12.5)
    assert rows[3][0] == "2026"
    assert rows[3][1].date() == date(2026, 11, 1)


def test_formula_in_a_workbook_is_a_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx([SHEET])))

    cell = book.active["A3"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("x")')


@pytest.mark.parametrize("title", ["a/b:c*d?[e]\\f", "长" * 60])
def test_title_that_no_sheet_may_have_is_made_fit(title: str) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(write_xlsx([Sheet(title=title, columns=("甲",), rows=())]))
    )

    assert len(book.sheetnames[0]) <= 31


def test_csv_has_a_mark_titles_and_tables_apart() -> None:
    data = write_csv([SHEET, SHEET])

    assert data.startswith(b"\xef\xbb\xbf")
    assert read_csv(data) == [
        ["下级区划"],
        ["区划", "时长"],
        ["渝北区", "12.5"],
        ['\'=HYPERLINK("x")', "3"],
        ["2026", "2026-11-01"],
        [],
        *read_csv(write_csv([SHEET])),
    ]


@given(text=st.text())
def test_no_text_of_a_csv_begins_as_a_formula(text: str) -> None:
    assert defused(text)[:1] not in tuple("=+-@\t\r\n＝＋－＠")
    assert defused(text).removeprefix("'") == text.removeprefix("'")


@given(rows=st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=2)))
def test_cells_of_a_csv_come_back_as_they_went(rows: list[list[str]]) -> None:
    read = read_csv(write_csv([Sheet(title="t", columns=("a", "b"), rows=rows)]))

    assert read[2:] == [[defused(cell) for cell in row] for row in rows]
