"""Rows by COPY: dataclasses in, ids from the station's own sequences."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any

from db.progress import Progress

REPORT_EVERY = 2_000


async def reserve_ids(connection: Any, table: str, count: int) -> range:
    """Ids of the table that nobody else will get, in a row.

    Holds off other writers of the table until the transaction ends: between taking the first id
    and moving the sequence on, one of them could get the second.
    """
    if count == 0:
        return range(0)
    await connection.execute(f"lock table {table} in share row exclusive mode")
    sequence = await connection.fetchval("select pg_get_serial_sequence($1, 'id')", table)
    first = await connection.fetchval("select nextval($1::text::regclass)", sequence)
    await connection.execute("select setval($1::text::regclass, $2)", sequence, first + count - 1)
    return range(first, first + count)


async def copy_rows(
    connection: Any,
    table: str,
    row_type: type,
    rows: Iterable[object],
    *,
    progress: Progress,
    total: int | None = None,
) -> int:
    """Copies rows, dataclasses with the table's columns as fields; returns how many."""
    columns, values = _columns(row_type)
    count = 0

    async def records() -> AsyncIterator[tuple[Any, ...]]:
        nonlocal count
        for row in rows:
            yield values(row)
            count += 1
            if count % REPORT_EVERY == 0:
                progress(table, count, total)

    await connection.copy_records_to_table(table, records=records(), columns=columns)
    progress(table, count, total or count)
    return count


@cache
def _columns(row_type: type) -> tuple[tuple[str, ...], Any]:
    names = tuple(field.name for field in fields(row_type))
    return names, attrgetter(*names)
