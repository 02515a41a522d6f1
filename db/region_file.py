"""A file of divisions, ``code,name,level,parent_code``, read line by line."""

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from db.enums import RegionLevel

HEADER = ["code", "name", "level", "parent_code"]
LEVELS = tuple(RegionLevel)
CODE = re.compile(r"[0-9]{2}[0-9A-Z]{1,16}", re.ASCII)
# Characters of private use are taken: the national file writes rare village names with them.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
LONGEST_NAME = 100
MOST_FAULTS = 20
GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and on which lines of the file; the first line is 1."""

    lines: Sequence[int]
    message: str

    def __str__(self) -> str:
        where = ", ".join(str(line) for line in self.lines)
        return f"line{'s' if len(self.lines) > 1 else ''} {where}: {self.message}"


class RegionsRefused(Exception):
    """The file cannot be taken; nothing of it was loaded."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


@dataclass(frozen=True, slots=True)
class Division:
    """One line of the file."""

    line: int
    code: str
    name: str
    level: RegionLevel
    parent_code: str | None

    @property
    def rank(self) -> int:
        """The level as the file writes it: 0 the nation, 5 a village."""
        return LEVELS.index(self.level)


def read_divisions(file: Path) -> Iterator[Division]:
    """The divisions of the file, plain or gzipped, one at a time.

    Raises:
        RegionsRefused: at the end, or once there are many, with every faulty line named.
        OSError: the file cannot be opened.
    """
    with file.open("rb") as raw:
        packed = raw.read(2) == GZIP_MAGIC
        raw.seek(0)
        plain = gzip.GzipFile(fileobj=raw) if packed else raw
        with io.TextIOWrapper(plain, encoding="utf-8-sig", newline="") as text:
            yield from _divisions(text)


def _divisions(text: io.TextIOWrapper) -> Iterator[Division]:
    lines = csv.reader(text, strict=True)
    faults: list[Fault] = []
    try:
        if next(lines, None) != HEADER:
            raise RegionsRefused([Fault([1], f"the header must be {','.join(HEADER)}")])
        for row in lines:
            parsed = _parse(row, lines.line_num)
            if isinstance(parsed, Division):
                yield parsed
            else:
                faults.append(parsed)
                if len(faults) == MOST_FAULTS:
                    break
    except (csv.Error, UnicodeDecodeError) as error:
        faults.append(Fault([lines.line_num + 1], f"not CSV in UTF-8 ({error})"))
    except (EOFError, gzip.BadGzipFile, zlib.error):
        faults.append(Fault([lines.line_num + 1], "the gzip file is cut off or damaged"))
    if faults:
        raise RegionsRefused(faults)


def _parse(row: Sequence[str], line: int) -> Division | Fault:
    if len(row) != len(HEADER):
        return Fault([line], f"{len(row)} columns instead of {len(HEADER)}")
    code, name, level, parent_code = row
    if not CODE.fullmatch(code):
        return Fault([line], f"{code[:30]!r} is no code: two digits, then digits or capitals")
    if not 0 < len(name.strip()) <= LONGEST_NAME or CONTROL.search(name):
        return Fault([line], f"the name must have 1 to {LONGEST_NAME} characters, none a control")
    if level not in {"0", "1", "2", "3", "4", "5"}:
        return Fault([line], f"{level[:30]!r} is no level from 0 (nation) to 5 (village)")
    if parent_code == code:
        return Fault([line], f"{code} is its own parent")
    return Division(line, code, name.strip(), LEVELS[int(level)], parent_code or None)
