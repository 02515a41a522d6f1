"""The population of regions from a file: a fact with a year and a source, whole or not at all."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from db.locks import Lock
from db.region_file import CODE, CONTROL, MOST_FAULTS, Fault, RegionsRefused
from db.urls import asyncpg_dsn

HEADER = ["code", "population", "year", "source"]
MOST = 2_000_000_000
FIRST_YEAR = 1949
LONGEST_SOURCE = 200

UNKNOWN = "select c from unnest($1::text[]) c where c not in (select code from regions)"
# The newest year stands; of one year, what was told last.
SET = """
update regions r set population = n.population, population_year = n.year,
  population_source = n.source
from unnest($1::text[], $2::bigint[], $3::int[], $4::text[]) as n (code, population, year, source)
where r.code = n.code and coalesce(r.population_year, 0) <= n.year
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """One line of the file."""

    line: int
    code: str
    population: int
    year: int
    source: str


async def import_population(url: str, file: Path) -> tuple[int, int]:
    """How many regions took their figure, and how many knew one of a later year.

    Raises:
        RegionsRefused: the file is faulty, with the lines named; nothing was changed.
        OSError: the file cannot be read.
    """
    lines = read_population(file)
    connection: Any = await asyncpg.connect(asyncpg_dsn(url))
    try:
        async with connection.transaction():
            await connection.execute(f"select pg_advisory_xact_lock({Lock.SEED})")
            taken = await load_population(connection, lines)
    finally:
        await connection.close()
    return taken, len(lines) - taken


async def load_population(connection: Any, lines: Sequence[Census]) -> int:
    """How many regions took their figure, inside the caller's transaction.

    Raises:
        RegionsRefused: a code is no region's.
    """
    codes = [each.code for each in lines]
    unknown = {row[0] for row in await connection.fetch(UNKNOWN, codes)}
    faults = [
        Fault([each.line], f"no region has the code {each.code}")
        for each in lines
        if each.code in unknown
    ]
    if faults:
        raise RegionsRefused(faults[:MOST_FAULTS])
    tag = await connection.execute(
        SET,
        codes,
        [each.population for each in lines],
        [each.year for each in lines],
        [each.source for each in lines],
    )
    return int(tag.rsplit(maxsplit=1)[-1])


def read_population(file: Path) -> Sequence[Census]:
    """The lines of a file of ``code,population,year,source``.

    Raises:
        RegionsRefused: with the faulty lines named.
        OSError: the file cannot be opened.
    """
    found: dict[str, Census] = {}
    faults: list[Fault] = []
    for parsed in _lines(file):
        if isinstance(parsed, Fault):
            faults.append(parsed)
        elif (first := found.setdefault(parsed.code, parsed)) is not parsed:
            again = f"the code {parsed.code} stands more than once"
            faults.append(Fault([first.line, parsed.line], again))
        if len(faults) == MOST_FAULTS:
            break
    if faults:
        raise RegionsRefused(faults)
    return list(found.values())


def _lines(file: Path) -> Iterator[Census | Fault]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield Fault([1], f"not UTF-8 ({error.reason})")
        return
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if next(rows, None) != HEADER:
            yield Fault([1], f"the header must be {','.join(HEADER)}")
            return
        for row in rows:
            yield _parse(row, rows.line_num)
    except csv.Error as error:
        yield Fault([rows.line_num + 1], f"not CSV ({error})")


def _parse(row: Sequence[str], line: int) -> Census | Fault:
    if len(row) != len(HEADER):
        return Fault([line], f"{len(row)} columns instead of {len(HEADER)}")
    code, population, year, source = row
    if not CODE.fullmatch(code):
        return Fault([line], f"{code[:30]!r} is no code: two digits, then digits or capitals")
    if not _is_number(population, 1, MOST):
        return Fault([line], f"{population[:30]!r} is no number of residents")
    if not _is_number(year, FIRST_YEAR, datetime.now(UTC).year):
        return Fault([line], f"{year[:30]!r} is no year from {FIRST_YEAR} to this one")
    if not 0 < len(source.strip()) <= LONGEST_SOURCE or CONTROL.search(source):
        message = f"the source must have 1 to {LONGEST_SOURCE} characters, none a control"
        return Fault([line], message)
    return Census(
        line=line, code=code, population=int(population), year=int(year), source=source.strip()
    )


def _is_number(text: str, least: int, most: int) -> bool:
    fits = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    return fits and least <= int(text) <= most
