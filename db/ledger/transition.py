"""What a trigger is given, the rows of a statement before and after, in SQL.

A trigger's statements are planned once for each connection, for as many rows as there were the
first time. Here nothing is joined in a way that depends on it: a plan made for one row would take
each of many with each, and one made for many would read a table for the sake of one.
"""

# ruff: noqa: S608 - names and texts of ours; values are parameters

from db.ledger.facts import READ_OF

OLD, NEW = "old_rows", "new_rows"
_OTHER = {OLD: NEW, NEW: OLD}


def _of(row: str, column: str) -> str:
    """A column of a row, or what is made of some: an expression with the row in braces."""
    return column.format(row) if "{" in column else f"{row}.{column}"


def changed(side: str, columns: tuple[str, ...], key: str = "id") -> str:
    """The rows of one side of an update of which a column changed: their key and those columns."""
    one, other = (
        ", ".join(_of(rows, each) for each in (key, *columns)) for rows in (side, _OTHER[side])
    )
    return f"(select {one} from {side} except select {other} from {_OTHER[side]})"


def if_changed(columns: tuple[str, ...], then: str, key: str = "id") -> str:
    """Does something if one of the columns changed in one of the rows."""
    return f"""
    if exists {changed(NEW, columns, key)} then
      {then}
    end if;
"""


def hold(table: str, ids: str, strength: str = "key share") -> str:
    """Holds the rows that say where the changed facts lie, in id order, each found by its key."""
    return f"""
      perform from {table} h where h.id = any(array({ids})) order by h.id for {strength};
"""


def ids(column: str, *sides: str) -> str:
    """The ids that a column has on either side."""
    return " union ".join(f"select {column} from {side}" for side in sides)


def of_row(table: str, column: str) -> str:
    """The source of what a changed row lies by or counts with: the row that its column names."""
    # No more than is needed: with every column a record's insertion takes 8 % longer.
    return f"lateral (select {READ_OF[table]} from {table} where id = r.{column} offset 0)"


def of_changed(
    side: str,
    columns: tuple[str, ...],
    table: str,
    *,
    key: str = "team_id",
    which: str = "true",
    there: str = "teams",
) -> dict[str, str]:
    """The sources of a fact: a table's rows that belong to changed ones, and where those lie."""
    lay = ", ".join(f"c.{column} as lay_{column}" for column in columns)
    place = ", ".join(f"r.lay_{column} as {column}" for column in columns)
    rows = (
        f"(select x.*, {lay} from {changed(side, columns)} c cross join lateral"
        f" (select * from {table} where {key} = c.id and {which} offset 0) x)"
    )
    return {"rows": rows, there: f"lateral (select r.{key} as id, {place})"}


def with_numbers(columns: tuple[str, ...], table: str, key: str = "team_id") -> str:
    """The changed rows, as they are and as they were, and how many rows of a table come and go.

    Those are ``n``, less than none of what was; they are looked up once for both sides.
    """
    sides = " union all ".join(
        f"select {sign} as sign, c.* from {changed(side, columns)} c"
        for side, sign in ((NEW, 1), (OLD, -1))
    )
    lists = ", ".join(f"array_agg({each}) as {each}_of" for each in ("sign", *columns))
    both = ", ".join(f"{each}_of" for each in ("sign", *columns))
    return (
        f"(select l.*, l.sign * x.n as n from"
        f" (select id, {lists} from ({sides}) s group by id) c"
        f" cross join lateral"
        f" (select count(*) as n from {table} where {key} = c.id offset 0) x"
        f" cross join lateral unnest({both}) l (sign, {', '.join(columns)}))"
    )
