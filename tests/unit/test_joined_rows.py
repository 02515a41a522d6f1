"""Rows that a page's statement brings along: what is read off them, and where they are missing."""

from db.queries.edges import EDGES
from db.queries.entities import PROJECT, TEAM
from db.queries.joined import Joined, carrying
from db.queries.pages import PageShape, page
from db.queries.rows import TeamRow
from db.rows import part_of_each
from gateway.engine.rows import is_instance_of
from permissions.visible import EVERY_ROW

CONTACT = Joined(EDGES[TEAM]["contact_team"], TEAM.row.only({"name"}), EVERY_ROW)
OWNER = Joined(
    EDGES[PROJECT]["team"], TEAM.row.only({"name", "contact_team_id"}), EVERY_ROW, (CONTACT,)
)
CARRIER = carrying(PROJECT.row.only({"name", "team_id"}), (OWNER,))


class Standin(tuple[object, ...]):
    """What a record is to whoever reads its parts: a sequence of its class's places."""

    __slots__ = ()
    __parts__ = CARRIER.__parts__


WHOLE = Standin((1, "project", 2, 2, "team", 3, 3, "contact"))
WITHOUT_CONTACT = Standin((1, "project", 2, 2, "team", 3, None, None))
WITHOUT_TEAM = Standin((1, "project", 2, None, None, None, None, None))


def test_part_is_read_like_a_row_of_its_own() -> None:
    parts = part_of_each([WHOLE], "team")
    assert parts is not None
    (team,) = parts
    assert (team.id, team.name, team.contact_team_id) == (2, "team", 3)
    assert is_instance_of(TeamRow, TeamRow.Part)(team, None)
    assert part_of_each([team], "contact_team") == [(3, "contact")]


def test_part_that_was_not_found_is_none() -> None:
    assert part_of_each([WITHOUT_TEAM], "team") == [None]
    teams = part_of_each([WHOLE, WITHOUT_CONTACT], "team") or []
    assert part_of_each(teams, "contact_team") == [(3, "contact"), None]


def test_rows_without_the_part_have_none_to_give() -> None:
    assert part_of_each([WHOLE], "region") is None
    assert part_of_each([WHOLE, (1, "project", 2)], "team") is None


def test_every_joined_row_is_found_by_the_key_of_its_own_row() -> None:
    shape = PageShape(order=PROJECT.orders["LATEST"])
    sql = page(PROJECT, EVERY_ROW, shape, CARRIER, (OWNER,)).sql
    assert sql.count("FROM projects AS r") == 1
    assert sql.count("FROM teams AS r") == 2
    assert sql.count("LATERAL") == 2
