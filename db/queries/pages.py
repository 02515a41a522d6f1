"""Lists by keyset, alone or for many parents at once, in one statement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Text,
    any_,
    bindparam,
    column,
    func,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeEngine

from db import models
from db.paths import in_subtree, sql_path_end
from db.queries.entities import (
    CERTIFICATE,
    MEMBERSHIP,
    POST,
    PROJECT,
    RECORD_PUBLICITY,
    REGION,
    SERVICE_RECORD,
    SIGN_UP,
    TEAM,
    TEAM_ATTACHMENT,
    Entity,
    Order,
)
from db.queries.filtering import UNFILTERED, Filtering
from db.queries.inspections.entities import INSPECTION_ITEM
from db.queries.joined import Joined, carry, own_columns, scope_keys, source_of
from db.queries.matching.entities import NEED_ANSWER
from db.rows import Row
from db.scope import Scope
from db.statements import Statement, among, prepare

# What keeps a team from being the hub of its region, as ``ux_teams_one_hub_per_region`` has it.
WITHOUT_A_PLACE = ("DISSOLVED", "REJECTED", "DRAFT")

# From the rows' table, their team's, and the parents' key to a condition.
Join = Callable[[FromClause, FromClause, ColumnElement[Any]], ColumnElement[bool]]


@dataclass(frozen=True, slots=True, eq=False)
class Relation:
    """The rows of an entity that belong to a parent; ``key`` is the type of the parent's name.

    By path they are what lies in a team's subtree, but for what is ``left_out``.
    """

    name: str
    entity: Entity
    join: Join
    by_path: bool = False
    left_out: Join | None = None

    @property
    def key(self) -> TypeEngine[Any]:
        return models.base.BYTES_TEXT if self.by_path else BigInteger()


def _column(name: str) -> Join:
    return lambda row, _team, parent: row.c[name] == parent


def _linked(row: FromClause, _team: FromClause, parent: ColumnElement[Any]) -> ColumnElement[bool]:
    links = models.TeamViewLink.__table__
    chosen = select(links.c.view_team_id).where(links.c.team_id == parent)
    # Else the parents would be taken into the subquery anew, and each given the links of all.
    return row.c.id.in_(chosen.correlate_except(links))


def _below(row: FromClause, _team: FromClause, parent: ColumnElement[str]) -> ColumnElement[bool]:
    return in_subtree(row.c.path, parent, sql_path_end(parent)) & (row.c.path != parent)


def _itself(row: FromClause, _team: FromClause, parent: ColumnElement[str]) -> ColumnElement[bool]:
    return row.c.path == parent


def _of_subtree(
    _row: FromClause, team: FromClause, parent: ColumnElement[str]
) -> ColumnElement[bool]:
    return in_subtree(team.c.path, parent, sql_path_end(parent))


def _stands(row: FromClause) -> ColumnElement[bool]:
    """Whether the team is the hub of its region: there is one at most (DOMAIN §11.8)."""
    return row.c.is_hub & ~among(row.c.status, WITHOUT_A_PLACE)


REGION_CHILDREN = Relation("region_children", REGION, _column("parent_id"))
REGION_TEAMS = Relation("region_teams", TEAM, _column("region_id"))
REGION_HUBS = Relation(
    "region_hubs", TEAM, lambda row, _t, parent: (row.c.region_id == parent) & _stands(row)
)
CHILD_HUBS = Relation(
    "child_hubs", TEAM, lambda row, _t, parent: (row.c.contact_team_id == parent) & row.c.is_hub
)
TEAMS = Relation(
    "teams", TEAM, lambda row, _t, parent: (row.c.contact_team_id == parent) & ~row.c.is_hub
)
BRANCHES = Relation("branches", TEAM, _column("branch_of_id"))
DESCENDANTS = Relation("descendants", TEAM, _below, by_path=True, left_out=_itself)
VIEW_TEAMS = Relation("view_teams", TEAM, _linked)
ATTACHMENTS = Relation("attachments", TEAM_ATTACHMENT, _column("team_id"))
MEMBERS = Relation("members", MEMBERSHIP, _column("team_id"))
TEAM_PROJECTS = Relation("team_projects", PROJECT, _column("team_id"))
SUBTREE_PROJECTS = Relation("subtree_projects", PROJECT, _of_subtree, by_path=True)
TEAM_RECORDS = Relation("team_records", SERVICE_RECORD, _column("team_id"))
TEAM_PUBLICITY = Relation("team_publicity", RECORD_PUBLICITY, _column("team_id"))
MEMBERSHIPS = Relation("memberships", MEMBERSHIP, _column("volunteer_id"))
VOLUNTEER_RECORDS = Relation("volunteer_records", SERVICE_RECORD, _column("volunteer_id"))
VOLUNTEER_SIGN_UPS = Relation("volunteer_sign_ups", SIGN_UP, _column("volunteer_id"))
TEAM_CERTIFICATES = Relation("team_certificates", CERTIFICATE, _column("team_id"))
VOLUNTEER_CERTIFICATES = Relation("volunteer_certificates", CERTIFICATE, _column("volunteer_id"))
POSTS = Relation("posts", POST, _column("project_id"))
PROJECT_SIGN_UPS = Relation("project_sign_ups", SIGN_UP, _column("project_id"))
PROJECT_RECORDS = Relation("project_records", SERVICE_RECORD, _column("project_id"))
NEED_ANSWERS = Relation("need_answers", NEED_ANSWER, _column("need_id"))
INSPECTION_ITEMS = Relation("inspection_items", INSPECTION_ITEM, _column("inspection_id"))


@dataclass(frozen=True, slots=True)
class PageShape:
    """What makes one page statement differ from another; values come at run time."""

    order: Order
    filters: Filtering = UNFILTERED
    after: bool = False
    before: bool = False
    backward: bool = False


_STATEMENTS: dict[tuple[object, ...], Statement[Row]] = {}


def page(
    entity: Entity,
    scope: Scope,
    shape: PageShape,
    row: type[Row],
    joined: Sequence[Joined] = (),
) -> Statement[Row]:
    """A page of all rows in scope. Parameters: ``limit``, ``after``, ``before``, filters, scope."""
    key = ("page", entity.name, scope.key, shape, row, scope_keys(joined))
    if key not in _STATEMENTS:
        query = _ordered(entity, scope, shape, row, None)
        if joined:
            rows = query.subquery("page")
            query = carry(joined, rows, rows, [rows.c[name] for name in own_columns(row, entity)])
        _STATEMENTS[key] = prepare(query, row)
    return _STATEMENTS[key]


def pages(
    relation: Relation,
    scope: Scope,
    shape: PageShape,
    row: type[Row],
    joined: Sequence[Joined] = (),
) -> Statement[Row]:
    """A page for each parent, in one statement; the last column is the parent's key.

    Parameters: ``parents``, and those of ``page``. Rows of one parent come in order.
    """
    key = ("pages", relation.name, scope.key, shape, row, scope_keys(joined))
    if key not in _STATEMENTS:
        parents = parents_of(relation)
        inner = _ordered(relation.entity, scope, shape, row, (relation, parents.c.key))
        rows = inner.lateral("page")
        columns = [rows.c[name] for name in own_columns(row, relation.entity)]
        query = carry(joined, rows, parents.join(rows, true()), columns)
        query = query.add_columns(parents.c.key.label(row.__columns__[-1]))
        _STATEMENTS[key] = prepare(query, row)
    return _STATEMENTS[key]


def parents_of(relation: Relation) -> FromClause:
    """The parents' keys, as a table of the parameter ``parents``."""
    keys = bindparam("parents", type_=ARRAY(relation.key))
    return (
        func.unnest(keys).table_valued(column("key", relation.key), name="parents").render_derived()
    )


def conditions_of(
    entity: Entity, scope: Scope, filters: Filtering, row: FromClause, team: FromClause
) -> list[ColumnElement[bool]]:
    """What rows in scope that pass the filters fulfil."""
    return [scope.clause(row, team), *filters.conditions(entity, row, team)]


def _ordered(
    entity: Entity,
    scope: Scope,
    shape: PageShape,
    target: type[Row],
    related: tuple[Relation, ColumnElement[Any]] | None,
) -> Select[*tuple[Any, ...]]:
    source, row, team = source_of(entity)
    columns = [row.c[name] for name in own_columns(target, entity)]
    query: Select[*tuple[Any, ...]] = select(*columns).select_from(source)
    query = query.where(*conditions_of(entity, scope, shape.filters, row, team))
    if related is not None:
        relation, parent = related
        query = query.where(relation.join(row, team, parent))
    order = shape.order
    keys = [row.c[order.column]] if order.column == "id" else [row.c[order.column], row.c.id]
    descending = order.descending != shape.backward
    for edge, given in (("after", shape.after), ("before", shape.before)):
        if given:
            forward = (edge == "after") != order.descending
            query = query.where(_beyond(entity, keys, edge, forward=forward))
    query = query.order_by(*(key.desc() if descending else key for key in keys))
    return query.limit(bindparam("limit", type_=BigInteger))


def _beyond(
    entity: Entity, keys: Sequence[ColumnElement[Any]], edge: str, *, forward: bool
) -> ColumnElement[bool]:
    """Rows behind (or before) the row that a cursor names; its place is read anew, never carried.

    Each bound is a scalar of its own, so that the comparison stays one range of the index.
    """
    cursor = bindparam(edge, type_=BigInteger)
    if len(keys) == 1:
        return keys[0] > cursor if forward else keys[0] < cursor
    place = entity.table.alias(f"{edge}_row")
    bound = select(place.c[keys[0].name]).where(place.c.id == cursor).scalar_subquery()
    pair, limit = tuple_(*keys), tuple_(bound, cursor)
    return pair > limit if forward else pair < limit


def by_key(
    entity: Entity, name: str, scope: Scope, row: type[Row], keys: Sequence[Any]
) -> tuple[Statement[Row], Mapping[str, Any]]:
    """The rows whose unique column is one of the keys and that are in scope, in no order.

    With the statement's parameters. The last column of ``row`` is the key that found it. One key is
    no array: of an array, PostgreSQL guesses ten elements, and would plan anew at every run.
    """
    alone = len(keys) == 1
    key = ("by", entity.name, name, scope.key, row, alone)
    if key not in _STATEMENTS:
        source, table, team = source_of(entity)
        kind = table.c[name].type
        given = (
            bindparam("key", type_=kind) if alone else any_(bindparam("keys", type_=ARRAY(kind)))
        )
        columns = [table.c[each] for each in row.__columns__[:-1]]
        query = (
            select(*columns, table.c[name].label(row.__columns__[-1]))
            .select_from(source)
            .where(table.c[name] == given, scope.clause(table, team))
        )
        _STATEMENTS[key] = prepare(query, row)
    values = {"key": keys[0]} if alone else {"keys": keys}
    return _STATEMENTS[key], {**scope.values, **values}


def hub_of_region(scope: Scope, row: type[Row]) -> Statement[Row]:
    """The hub that stands in the region of ``code``, if it is in scope."""
    key = ("hub_of_region", scope.key, row)
    if key not in _STATEMENTS:
        team, region = TEAM.table.alias("r"), REGION.table.alias("region")
        query = (
            select(*row.select_from(team))
            .select_from(team.join(region, region.c.id == team.c.region_id))
            .where(
                region.c.code == bindparam("code", type_=Text),
                _stands(team),
                scope.clause(team, team),
            )
        )
        _STATEMENTS[key] = prepare(query, row)
    return _STATEMENTS[key]
