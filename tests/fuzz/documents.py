"""Draws documents from the schema of a role; what each part of one leads to is kept with it."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from random import Random
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
)

from permissions.viewer import Viewer
from schema.ids import encode
from tests.access.world import World
from tests.fuzz.paths import CANDIDATES, LEADS, ROOT_KEYS, ROOT_LISTS, below, of_viewer, team_of

ENTITIES = frozenset(World(regions=()).rows())
WITHOUT_ID = "TeamAttachment"
IDENTIFIED = sorted(ENTITIES - {WITHOUT_ID})
DEEPEST = 3
PAGE = 100
DEFAULT_PAGE = 20


@dataclass(frozen=True, slots=True)
class Path:
    """A field that leads to rows of an entity: to one, to many, or to a page of them."""

    owner: str
    field: str
    entity: str
    shape: str

    def __str__(self) -> str:
        return f"{self.owner}.{self.field}"


@dataclass(frozen=True, slots=True)
class Ask:
    """A path as a document takes it; ``leads`` gives the rows that it leads to from a parent."""

    path: Path
    alias: str
    leads: Any
    arguments: Mapping[str, str] = field(default_factory=dict)
    below: Sequence["Ask"] = ()
    size: int = DEFAULT_PAGE
    is_cut: bool = False

    def text(self) -> str:
        written = ", ".join(f"{name}: {value}" for name, value in self.arguments.items())
        rows = selection(self.path.entity, self.below)
        if self.path.shape == "page":
            rows = (
                f"{{ totalCount pageInfo {{ hasNextPage }} nodes {{ __typename }}"
                f" edges {{ cursor node {rows} }} }}"
            )
        return f"{self.alias}: {self.path.field}{f'({written})' if written else ''} {rows}"


@dataclass(frozen=True, slots=True)
class Lookup:
    """Rows of global ids, by ``node`` or ``nodes``."""

    alias: str
    wanted: Sequence[tuple[str, int]]
    below: Mapping[str, Sequence[Ask]]
    field: str = "nodes"

    def text(self) -> str:
        ids = [f'"{encode(entity, n + 1)}"' for entity, n in self.wanted]
        given = f"id: {ids[0]}" if self.field == "node" else f"ids: [{', '.join(ids)}]"
        parts = " ".join(
            f"... on {entity} {selection(entity, asks)}" for entity, asks in self.below.items()
        )
        return f"{self.alias}: {self.field}({given}) {{ __typename {parts} }}"


def selection(entity: str, asks: Sequence[Ask]) -> str:
    """What is asked of a row."""
    own = "__typename" if entity == WITHOUT_ID else "__typename id"
    return f"{{ {own} {' '.join(ask.text() for ask in asks)} }}"


def paths_of(schema: GraphQLSchema, type_name: str) -> list[Path]:
    """The paths that a type of a role's schema offers."""
    owner = schema.type_map[type_name]
    assert isinstance(owner, GraphQLObjectType)
    found = []
    for name, each in owner.fields.items():
        named = get_named_type(each.type).name
        entity = named.removesuffix("Connection")
        if entity in ENTITIES and name not in CANDIDATES:
            is_list = isinstance(get_nullable_type(each.type), GraphQLList)
            shape = "page" if named != entity else "many" if is_list else "one"
            found.append(Path(type_name, name, entity, shape))
    return found


@dataclass(slots=True)
class Drawer:
    """Draws what one viewer asks; ``cursors`` are those that anyone was given, by path."""

    draw: Random
    schema: GraphQLSchema
    world: World
    viewer: Viewer
    reads: Callable[[str, int], bool]
    cursors: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _made: int = 0

    def entities(self) -> list[str]:
        """The entities that the role has a type for."""
        return [each for each in IDENTIFIED if each in self.schema.type_map]

    def everything(self) -> Iterator[Sequence[Ask | Lookup]]:
        """Every path from every row, whether the viewer may see it or not, whole."""
        for entity in self.entities():
            paths = paths_of(self.schema, entity)
            numbers = range(len(self.world.rows()[entity]))
            for start in range(0, len(numbers), 50):
                wanted = [(entity, n) for n in numbers[start : start + 50]]
                asks = [self._ask(path, {"first": str(PAGE)}, PAGE) for path in paths]
                yield [Lookup(self._alias(), wanted, {entity: asks})]
        for start in range(0, 100, 25):
            yield [
                self._key(path, n)
                for path in paths_of(self.schema, "Query")
                if path.field in ROOT_KEYS or path.field == "hub"
                for n in range(start, min(start + 25, self._count(path)))
            ]

    def document(self) -> Sequence[Ask | Lookup]:
        """A few root fields with anything below them."""
        roots: list[Any] = [
            *(partial(self._root, path) for path in paths_of(self.schema, "Query")),
            partial(self._lookup, "node", 1),
            partial(self._lookup, "nodes", 12),
        ]
        return [self.draw.choice(roots)() for _ in range(self.draw.randint(1, 3))]

    def viewers_own(self) -> Sequence[Ask]:
        """Who asks, and what it leads to."""
        return [
            self._ask(path, {}, leads=lambda _w, _n, name=path.field: of_viewer(self.viewer, name))
            for path in paths_of(self.schema, "Viewer")
        ]

    def aimed(self, path: Path, parents: Sequence[int]) -> Sequence[Ask | Lookup]:  # noqa: PLR0911
        """One path from some rows, or by their own ids or numbers, whole."""
        if path.owner == "Viewer":
            return [each for each in self.viewers_own() if each.path == path]
        if path.owner != "Query":
            if path.owner == WITHOUT_ID:
                history = next(
                    each for each in paths_of(self.schema, "Team") if each.entity == WITHOUT_ID
                )
                ask = replace(self._ask(history, {}), below=[self._ask(path, {})])
                return [Lookup(self._alias(), [("Team", n) for n in parents], {"Team": [ask]})]
            ask = self._ask(path, {"first": str(PAGE)}, PAGE)
            wanted = [(path.owner, n) for n in parents]
            return [Lookup(self._alias(), wanted, {path.owner: [ask]})]
        if path.field == "nodes":
            return [Lookup(self._alias(), [(path.entity, n) for n in parents], {path.entity: []})]
        if path.field == "node":
            return [
                Lookup(self._alias(), [(path.entity, n)], {path.entity: []}, "node")
                for n in parents
            ]
        if path.field in ROOT_LISTS:
            return [self._root_list(path)]
        return [self._key(path, n) for n in parents]

    def _count(self, path: Path) -> int:
        return len(self.world.rows()["Region" if path.field == "hub" else path.entity])

    def _root(self, path: Path) -> Ask:
        if path.field in ROOT_LISTS:
            return self._root_list(path)
        n = self._row("Region" if path.field == "hub" else path.entity)
        return self._key(path, n, self._below(path.entity, 1))

    def _key(self, path: Path, n: int, asks: Sequence[Ask] = ()) -> Ask:
        if path.field == "hub":
            given, leads = (
                {"regionCode": f'"R{n}"'},
                lambda world, _n: LEADS["Region", "hub"](world, n),
            )
        else:
            argument, letter = ROOT_KEYS[path.field]
            given, leads = {argument: f'"{letter}{n}"'}, lambda _world, _n: [n]
        return Ask(path, self._alias(), leads, given, asks)

    def _root_list(self, path: Path) -> Ask:
        def leads(world: World, _n: int) -> list[int]:
            return list(range(len(world.rows()[path.entity])))

        if self._narrows_by_team(path) and self.draw.random() < 0.4:
            top = self.draw.randrange(len(self.world.teams))
            given = {"filter": f'{{under: "{encode("Team", top + 1)}"}}'}
            return self._ask(path, given, depth=1, leads=("under", top))
        return self._ask(path, {}, depth=1, leads=leads)

    def _narrows_by_team(self, path: Path) -> bool:
        filter_type = self.schema.type_map.get(f"{path.entity}Filter")
        if not isinstance(filter_type, GraphQLInputObjectType):
            return False
        return "under" in filter_type.fields and path.entity != "Region"

    def _lookup(self, field_name: str, most: int) -> Lookup:
        drawn = [self.draw.choice(IDENTIFIED) for _ in range(most)]
        wanted = [(each, self._row(each)) for each in drawn]
        known = [each for each in self.entities() if each in drawn]
        return Lookup(self._alias(), wanted, {e: self._below(e, 1) for e in known}, field_name)

    def _row(self, entity: str) -> int:
        """A row, as often from inside the viewer's scope as from outside; or none at all."""
        numbers = range(len(self.world.rows()[entity]) + 3)
        inside = self.draw.random() < 0.5
        return self.draw.choice([n for n in numbers if self.reads(entity, n) == inside] or numbers)

    def _below(self, type_name: str, depth: int) -> list[Ask]:
        paths = paths_of(self.schema, type_name)
        if depth > DEEPEST or not paths:
            return []
        chosen = self.draw.sample(paths, min(len(paths), self.draw.randint(0, 3)))
        return [self._ask(path, {}, depth=depth) for path in chosen]

    def _ask(
        self,
        path: Path,
        arguments: Mapping[str, str],
        size: int = DEFAULT_PAGE,
        *,
        depth: int = 0,
        leads: Any = None,
    ) -> Ask:
        """A path taken; ``depth`` 0 takes it whole and goes no deeper."""
        given = dict(arguments) if path.shape == "page" or leads is not None else {}
        is_cut = False
        if leads is None:
            leads = LEADS[path.owner, path.field]
        if depth and path.shape == "page":
            size, is_cut = self._page(path, given)
            leads = self._narrowed(path, given) or leads
        asks = self._below(path.entity, depth + 1) if depth else []
        return Ask(path, self._alias(), leads, given, asks, size, is_cut)

    def _page(self, path: Path, given: dict[str, str]) -> tuple[int, bool]:
        """Draws the arguments of a page: its size, and whether it begins at a cursor."""
        end = self.draw.choice(["first", "last", ""])
        size = self.draw.choice([0, 1, 2, 5, PAGE]) if end else DEFAULT_PAGE
        if end:
            given[end] = str(size)
        known = self.cursors.get(str(path))
        strange = [each for kept in self.cursors.values() for each in kept]
        pool = known if known and self.draw.random() < 0.8 else strange
        if not pool or self.draw.random() < 0.7:
            return size, False
        given[self.draw.choice(["after", "before"])] = f'"{self.draw.choice(pool)}"'
        return size, True

    def _narrowed(self, path: Path, given: dict[str, str]) -> Any:
        """Draws the arguments of a path's own, and what it leads to with them."""
        if str(path) == "Team.descendants":
            hubs, levels = self.draw.choice([None, True, False]), self.draw.choice([None, 1, 2])
            if hubs is not None:
                given["hubs"] = str(hubs).lower()
            if levels is not None:
                given["levels"] = str(levels)
            return lambda world, n: below(world, n, hubs, levels)
        if str(path) == "Team.projects" and self.draw.random() < 0.5:
            given["includeDescendants"] = "true"
            return lambda world, n: [
                m for m, row in enumerate(world.projects) if row.team in {n, *below(world, n)}
            ]
        return None

    def _alias(self) -> str:
        self._made += 1
        return f"a{self._made}"


def rows_under(world: World, entity: str, top: int) -> list[int]:
    """The rows of a team and of those below it."""
    teams = {top, *below(world, top)}
    return [n for n in range(len(world.rows()[entity])) if team_of(world, entity, n) in teams]
