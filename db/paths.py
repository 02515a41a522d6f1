"""Paths of the two trees: the ids of the ancestors and then its own, each closed by ``/``."""

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, func


def path_end(path: str) -> str:
    """The first text behind every path of the subtree: ``0`` is the byte after ``/``."""
    return path[:-1] + "0"


def path_ids(path: str) -> list[int]:
    """The ids on a path, root first, the node itself last."""
    return [int(step) for step in path.split("/")[:-1]]


def is_ancestor(path: str, other: str) -> bool:
    """Whether the node of ``path`` lies properly above that of ``other``."""
    return path not in {"", other} and other.startswith(path)


def in_subtree(
    column: SQLColumnExpression[str], path: ColumnElement[str], end: ColumnElement[str]
) -> ColumnElement[bool]:
    """Whether a path lies in a subtree, its root included; one range of the index."""
    return and_(column >= path, column < end)


def sql_path_end(path: ColumnElement[str]) -> ColumnElement[str]:
    """``path_end`` in SQL, in the path's own order of bytes."""
    return func.left(path, -1).concat("0").collate("C")
