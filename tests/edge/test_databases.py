import asyncpg

from tests.servers import Databases


async def fetch(url: str, statement: str) -> list[object]:
    connection = await asyncpg.connect(url)
    try:
        return [value for (value,) in await connection.fetch(statement)]
    finally:
        await connection.close()


async def test_copies_are_equal_and_apart_and_prepared_once(databases: Databases) -> None:
    prepared = []

    async def prepare(url: str) -> None:
        prepared.append(url)
        await fetch(url, "create table things as select 1 as n")

    one, two = databases.clone("once", prepare), databases.clone("once", prepare)
    await fetch(one, "insert into things values (2)")

    assert len(prepared) <= 1  # another worker may have been first
    assert await fetch(one, "select n from things order by n") == [1, 2]
    assert await fetch(two, "select n from things") == [1]
    databases.drop(one)
    databases.drop(two)


async def test_failed_preparation_is_tried_again(databases: Databases) -> None:
    async def fail(url: str) -> None:
        await fetch(url, "create table half ()")
        raise LookupError(url)

    async def prepare(url: str) -> None:
        await fetch(url, "create table whole as select 1 as n")

    try:
        databases.clone("retried", fail)
    except LookupError:
        pass
    else:
        raise AssertionError
    url = databases.clone("retried", prepare)

    assert await fetch(url, "select n from whole") == [1]
    databases.drop(url)
