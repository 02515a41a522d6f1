"""Divisions from a file into ``regions``: whole, or not at all."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from db.locks import Lock
from db.progress import Progress, silent
from db.region_file import LEVELS, MOST_FAULTS, Division, Fault, RegionsRefused, read_divisions
from db.region_names import short_name
from db.urls import asyncpg_dsn

STEP = "regions"
REPORT_EVERY = 10_000
COLUMNS = ("line", "code", "name", "short_name", "level", "rank", "parent_code")

STAGE = """
create temp table incoming (
    line bigint, code text collate "C", name text, short_name text, level text,
    rank smallint, parent_code text collate "C"
) on commit drop
"""

DUPLICATES = """
select code, array_agg(line order by line) as lines from incoming
group by code having count(*) > 1 order by min(line) limit $1
"""

ORPHANS = """
select i.line, i.parent_code from incoming i
where i.parent_code is not null
  and not exists (select from incoming p where p.code = i.parent_code)
  and not exists (select from regions r where r.code = i.parent_code)
order by i.line limit $1
"""

# The file's own parent goes before the stored one: it is the one that will stand.
INVERTED = """
select i.line, i.code, i.parent_code, i.level, coalesce(p.level, r.level) as parent_level
from incoming i
left join incoming p on p.code = i.parent_code
left join regions r on r.code = i.parent_code
where i.rank <= coalesce(p.rank, array_position($2::text[], r.level) - 1)
order by i.line limit $1
"""

MOVED = """
select i.line, i.code, i.level, r.level as stored_level, p.code as stored_parent
from incoming i
join regions r on r.code = i.code
left join regions p on p.id = r.parent_id
where r.level <> i.level or p.code is distinct from i.parent_code
order by i.line limit $1
"""

RENAME = """
update regions r set name = i.name, short_name = i.short_name
from incoming i where i.code = r.code and (r.name, r.short_name) <> (i.name, i.short_name)
"""

# One depth at a time: the parents of these stand already.
INSERT = """
insert into regions (id, province, parent_id, path, depth, level, code, division_code, name,
    short_name)
select n.id, left(n.code, 2), n.parent_id, n.parent_path || n.id || '/', $1 + 1, n.level, n.code,
    case when n.code ~ '^[0-9]{12}$' then n.code end, n.name, n.short_name
from (
    select nextval(pg_get_serial_sequence('regions', 'id')) as id, s.*
    from (
        select i.code, i.level, i.name, i.short_name, p.id as parent_id,
            coalesce(p.path, '') as parent_path
        from incoming i
        left join regions p on p.code = i.parent_code
        where case when i.parent_code is null then 0 else p.depth end = $1
          and not exists (select from regions r where r.code = i.code)
        order by i.code
    ) s
) n
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOutcome:
    """What an import did with the lines of its file."""

    inserted: int
    renamed: int
    unchanged: int


async def import_regions(url: str, file: Path, *, progress: Progress = silent) -> ImportOutcome:
    """Loads the file of ``code,name,level,parent_code`` in one transaction.

    A code that stands already gets the file's name; where it hangs is not changed by an import.

    Raises:
        RegionsRefused: the file is faulty, with the lines named; nothing was loaded.
        OSError: the file cannot be read.
    """
    connection: Any = await asyncpg.connect(asyncpg_dsn(url))
    try:
        async with connection.transaction():
            outcome = await load_divisions(connection, read_divisions(file), progress=progress)
        await connection.execute("analyze regions")
    finally:
        await connection.close()
    return outcome


async def load_divisions(
    connection: Any, divisions: Iterable[Division], *, progress: Progress
) -> ImportOutcome:
    """Loads divisions inside the caller's transaction.

    Raises:
        RegionsRefused: as ``import_regions``; the caller's transaction must be given up.
    """
    await connection.execute(f"select pg_advisory_xact_lock({Lock.SEED})")
    await connection.execute(STAGE)
    await connection.copy_records_to_table(
        "incoming", records=_staged(divisions, progress), columns=COLUMNS
    )
    await connection.execute("create index on incoming (code); analyze incoming")
    total = await connection.fetchval("select count(*) from incoming")
    faults = await _faults(connection)
    if faults:
        raise RegionsRefused(faults[:MOST_FAULTS])
    renamed = _count(await connection.execute(RENAME))
    inserted = 0
    for depth in range(len(LEVELS)):
        inserted += _count(await connection.execute(INSERT, depth))
        progress(STEP, inserted, total)
    await connection.execute("drop table incoming")
    return ImportOutcome(inserted=inserted, renamed=renamed, unchanged=total - inserted - renamed)


async def _staged(
    divisions: Iterable[Division], progress: Progress
) -> AsyncIterator[tuple[object, ...]]:
    for n, one in enumerate(divisions, 1):
        short = short_name(one.name, one.level)
        yield one.line, one.code, one.name, short, one.level, one.rank, one.parent_code
        if n % REPORT_EVERY == 0:
            progress("lines read", n, None)


async def _faults(connection: Any) -> list[Fault]:
    """What is wrong with the staged rows; the structure is judged once each code stands once."""
    faults = [
        Fault(row["lines"], f"the code {row['code']} stands more than once")
        for row in await connection.fetch(DUPLICATES, MOST_FAULTS)
    ] + [
        Fault([row["line"]], f"the parent {row['parent_code']} is neither in the file nor known")
        for row in await connection.fetch(ORPHANS, MOST_FAULTS)
    ]
    if faults:
        return faults
    # A cycle goes down somewhere, so one of its lines is among the inverted ones.
    named: set[int] = set()
    for row in await connection.fetch(INVERTED, MOST_FAULTS, list(LEVELS)):
        cycle = await _cycle(connection, row["code"])
        if not cycle:
            message = f"{row['level']} cannot hang under {row['parent_level']}"
            faults.append(Fault([row["line"]], f"{message} ({row['parent_code']})"))
        elif named.isdisjoint(cycle):
            faults.append(Fault(sorted(cycle), "these hang under each other in a cycle"))
            named |= cycle
    faults += [
        Fault(
            [row["line"]],
            f"{row['code']} stands as {row['stored_level']} under {row['stored_parent']};"
            " an import renames, it does not move",
        )
        for row in await connection.fetch(MOVED, MOST_FAULTS)
    ]
    return faults


async def _cycle(connection: Any, code: str) -> set[int]:
    """The lines of the cycle that the code is part of; empty if it is part of none."""
    lines: set[int] = set()
    at: str | None = code
    while at is not None:
        row = await connection.fetchrow(
            "select line, parent_code from incoming where code = $1", at
        )
        if row is None or row["line"] in lines:
            break
        lines.add(row["line"])
        at = row["parent_code"]
        if at == code:
            return lines
    return set()


def _count(tag: str) -> int:
    """The number of rows in a command tag such as ``INSERT 0 5``."""
    return int(tag.rsplit(maxsplit=1)[-1])
