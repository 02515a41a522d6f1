"""The file of a redistricting, one town a line, and the list of districts it may name."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from db.region_file import CONTROL, LONGEST_NAME, MOST_FAULTS, Fault

HEADER = [
    "old_town_code9",
    "town",
    "old_district6",
    "new_town_code9",
    "new_district6",
    "villages_moved",
]
DISTRICTS_HEADER = ["code6", "name"]
TOWN_CODE = re.compile(r"[0-9]{9}", re.ASCII)
DISTRICT_CODE = re.compile(r"[0-9]{6}", re.ASCII)
COUNT = re.compile(r"[0-9]{1,4}", re.ASCII)


class RedistrictingRefused(Exception):
    """The redistricting cannot be done as the file has it; nothing of it was."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = faults[:MOST_FAULTS]
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True, slots=True)
class TownLine:
    """One town: the code it had and gets, and the districts it leaves and joins; 12 digits each."""

    line: int
    old_code: str
    town: str
    old_district: str
    new_code: str
    new_district: str
    villages: int


def read_towns(file: Path) -> Sequence[TownLine]:
    """The towns of the file.

    Raises:
        RedistrictingRefused: with every faulty line named.
        OSError: the file cannot be opened.
    """
    faults: list[Fault] = []
    towns: list[TownLine] = []
    for line, row in _rows(file, HEADER):
        parsed = _parse(row, line)
        (faults if isinstance(parsed, Fault) else towns).append(parsed)  # type: ignore[arg-type]
    faults += _repeated(towns)
    if not towns and not faults:
        faults.append(Fault([1], "there is no town in the file"))
    if faults:
        raise RedistrictingRefused(sorted(faults, key=lambda fault: fault.lines[0]))
    return towns


def read_districts(file: Path) -> Mapping[str, str]:
    """The names of districts by their 12-digit codes.

    Raises:
        RedistrictingRefused: a line is faulty.
        OSError: the file cannot be opened.
    """
    districts: dict[str, str] = {}
    for line, row in _rows(file, DISTRICTS_HEADER):
        if len(row) != len(DISTRICTS_HEADER) or not DISTRICT_CODE.fullmatch(row[0]):
            raise RedistrictingRefused(
                [Fault([line], f"not a district's six digits and name in {file.name}")]
            )
        districts[_filled(row[0])] = row[1].strip()
    return districts


def _rows(file: Path, header: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    with file.open("rb") as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
        lines = csv.reader(text, strict=True)
        try:
            if next(lines, None) != header:
                raise RedistrictingRefused([Fault([1], f"the header must be {','.join(header)}")])
            for row in lines:
                yield lines.line_num, row
        except (csv.Error, UnicodeDecodeError) as error:
            fault = Fault([lines.line_num + 1], f"not CSV in UTF-8 ({error})")
            raise RedistrictingRefused([fault]) from error


def _parse(row: Sequence[str], line: int) -> TownLine | Fault:
    if len(row) != len(HEADER):
        return Fault([line], f"{len(row)} columns instead of {len(HEADER)}")
    old_code, town, old_district, new_code, new_district, villages = row
    for code, form in (
        (old_code, TOWN_CODE),
        (new_code, TOWN_CODE),
        (old_district, DISTRICT_CODE),
        (new_district, DISTRICT_CODE),
    ):
        if not form.fullmatch(code):
            return Fault([line], f"{code[:30]!r} is no code of nine digits, six for a district")
    if not new_code.startswith(new_district):
        return Fault([line], f"the new code {new_code} is not of the new district {new_district}")
    if not 0 < len(town.strip()) <= LONGEST_NAME or CONTROL.search(town):
        return Fault([line], f"the name must have 1 to {LONGEST_NAME} characters, none a control")
    if not COUNT.fullmatch(villages):
        return Fault([line], f"{villages[:30]!r} is no number of villages")
    return TownLine(
        line,
        _filled(old_code),
        town.strip(),
        _filled(old_district),
        _filled(new_code),
        _filled(new_district),
        int(villages),
    )


def _repeated(towns: Sequence[TownLine]) -> Iterator[Fault]:
    for which in ("old_code", "new_code"):
        counts = Counter(getattr(town, which) for town in towns)
        for code, count in counts.items():
            if count > 1:
                lines = [town.line for town in towns if getattr(town, which) == code]
                yield Fault(lines, f"the code {code} stands more than once")


def _filled(code: str) -> str:
    """A code of six or nine digits as the twelve that regions are named by."""
    return code.ljust(12, "0")
