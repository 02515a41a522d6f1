"""Tables as files that office programs open: XLSX and CSV.

What a person typed must never run: a program that opens a CSV takes a text that begins with ``=``
for a formula, and so with ``+``, ``-``, ``@``, a tab or a line break. Such texts get an apostrophe
before them in CSV, as those programs themselves write it; in XLSX a text is stored as one.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter

Cell = str | int | Decimal | date | datetime | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What no sheet's title may hold, and how long one may be (Excel).
UNFIT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
LONGEST_TITLE = 31
UTF8_MARK = "\ufeff"  # without it Excel reads a CSV in the machine's own encoding
WIDEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table: its title, the names of its columns, its rows one after another."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def write_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """A workbook with a sheet for each table; rows are written as they come."""
    made = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_date_format": "yyyy-mm-dd",
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(made, options) as book:
        head = book.add_format({"bold": True})
        for sheet in sheets:
            page = book.add_worksheet(sheet.title.translate(UNFIT_IN_TITLES)[:LONGEST_TITLE])
            page.freeze_panes(1, 0)
            for column, name in enumerate(sheet.columns):
                page.set_column(column, column, min(WIDEST, 4 + 2 * len(name)))
            page.write_row(0, 0, sheet.columns, head)
            for number, row in enumerate(sheet.rows, 1):
                page.write_row(number, 0, [_number(cell) for cell in row])
    return made.getvalue()


def write_csv(sheets: Iterable[Sheet]) -> bytes:
    """The tables one after another, each under its title, with an empty line between them."""
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    for count, sheet in enumerate(sheets):
        if count:
            writer.writerow(())
        writer.writerow((defused(sheet.title),))
        writer.writerow(map(defused, sheet.columns))
        writer.writerows(_defused_rows(sheet.rows))
    return (UTF8_MARK + made.getvalue()).encode()


def defused(text: str) -> str:
    """The text as no program takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _defused_rows(rows: Iterable[Sequence[Cell]]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [defused(cell) if isinstance(cell, str) else cell for cell in row]


def _number(cell: Cell) -> str | int | float | date | datetime | None:
    """Spreadsheets know binary numbers alone."""
    return float(cell) if isinstance(cell, Decimal) else cell
