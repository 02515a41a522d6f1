"""Hypothesis strategies: worlds, and documents that are valid in them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, TypeVar

from hypothesis import strategies as st

from tests.engine.specs import ARGUMENTS, LEAVES, WAYS, FieldSpec, Kind, TypeSpec, WorldSpec

T = TypeVar("T")


class Choice:
    """Decisions taken one by one, each from a number of a range."""

    def __init__(self, number: Callable[[int, int], int]) -> None:
        self.number = number

    def one(self, options: Sequence[T]) -> T:
        return options[self.number(0, len(options) - 1)]

    def chance(self, percent: int) -> bool:
        # The least number, to which an example shrinks, is a no.
        return self.number(0, 99) >= 100 - percent


def draw_world(choice: Choice) -> WorldSpec:
    names = [f"T{number}" for number in range(choice.number(1, 4))]
    named = (*LEAVES, *names, *names, "I", "U")
    interface = tuple(_field(choice, f"i{n}", (*LEAVES, *names)) for n in range(2))
    types = []
    for position, name in enumerate(names):
        count = choice.number(1, 5)
        types.append(
            TypeSpec(
                name,
                tuple(_field(choice, f"{name.lower()}_f{n}", named) for n in range(count)),
                implements=position == 0 or choice.chance(50),
                is_type_of=choice.one(("function", "classes", "later", "fails")),
                objects=choice.one(("plain", "rows", "mixed")),
            )
        )
    roots = tuple(
        TypeSpec(
            root,
            tuple(
                _field(choice, f"{root.lower()}_f{n}", (*names, *names, "I", "U", "Int"), root=True)
                for n in range(choice.number(1, 4))
            ),
        )
        for root in ("Query", "Mutation")
    )
    # Strawberry's unions cannot await a type test.
    able = [each.name for each in types if each.is_type_of != "later"]
    if not able:
        types[0] = replace(types[0], is_type_of="function")
        able = [types[0].name]
    union = tuple(name for name in able if choice.chance(60)) or (able[0],)
    silent = choice.chance(50)
    return WorldSpec(tuple(types), roots[0], roots[1], interface, union, silent=silent)


def _field(choice: Choice, name: str, named: Sequence[str], *, root: bool = False) -> FieldSpec:
    depth = choice.one((0, 0, 0, 1, 1, 2))
    shape = tuple(choice.chance(60) for _ in range(depth + 1))
    way = choice.one(WAYS[2:] if root else WAYS)
    plain = way in {"attribute", "guarded"}
    return FieldSpec(
        name,
        Kind(shape, choice.one(named)),
        way=way,
        arguments="none" if plain else choice.one(tuple(ARGUMENTS)),
        is_async=choice.chance(50),
        items=choice.one(("list", "list", "tuple", "later_items", "stream", "broken")),
        always_fails=not plain and choice.chance(3),
        tidy=choice.chance(50),
    )


@dataclass
class Document:
    """A document being written, with its variables."""

    world: WorldSpec
    choice: Choice
    declared: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    budget: int = 24

    def write(self) -> str:
        kind = self.choice.one(("query", "query", "query", "mutation"))
        body = self._selections("Query" if kind == "query" else "Mutation", 3)
        variables = ", ".join(f"${name}: {kind}" for name, kind in self.declared.items())
        head = f"{kind} Q({variables})" if variables else f"{kind} Q"
        return "\n".join([f"{head} {body}", *self.fragments])

    def _selections(self, name: str, depth: int) -> str:
        chosen = [self._selection(name, depth) for _ in range(self.choice.number(1, 3))]
        return "{ " + " ".join([*chosen, *(["__typename"] if name in {"I", "U"} else [])]) + " }"

    def _selection(self, name: str, depth: int) -> str:
        self.budget -= 1
        if depth > 0 and self.budget > 0 and self.choice.chance(20):
            return self._fragment(name, depth)
        fields = [
            each
            for each in self.world.fields_of(name)
            if each.kind.named in LEAVES or (depth > 0 and self.budget > 0)
        ]
        if not fields or self.choice.chance(5):
            return "__typename" + self._switch()
        spec = self.choice.one(fields)
        arguments, tag = self._arguments(spec)
        alias = f"{spec.name}{tag}: " if tag else ""
        below = "" if spec.kind.named in LEAVES else self._selections(spec.kind.named, depth - 1)
        return f"{alias}{spec.name}{arguments}{self._switch()} {below}"

    def _fragment(self, name: str, depth: int) -> str:
        possible = set(self.world.possible(name))
        overlapping = [
            each
            for each in (*(spec.name for spec in self.world.types), *self.world.abstract, name)
            if possible & set(self.world.possible(each))
        ]
        condition = self.choice.one(overlapping)
        body = self._selections(condition, depth - 1)
        if self.choice.chance(30):
            self.fragments.append(f"fragment F{len(self.fragments)} on {condition} {body}")
            return f"...F{len(self.fragments) - 1}{self._switch()}"
        return f"... on {condition}{self._switch()} {body}"

    def _arguments(self, spec: FieldSpec) -> tuple[str, str]:
        """The arguments, and a tag that is the same for the same arguments."""
        if spec.arguments == "none" or (spec.arguments != "required" and self.choice.chance(40)):
            return "", ""
        written = {
            "input": self._filter,
            "several": self._several,
            "default": self._number,
            "required": self._number,
        }[spec.arguments]()
        return f"({written})", "_" + "".join(filter(str.isalnum, written))

    def _filter(self) -> str:
        way = self.choice.one(("literal", "variable", "null"))
        if way == "variable":
            return f"given: {self._variable('Filter', {'prefix': 'v'}, {'number': 'no'})}"
        return 'given: {prefix: "x"}' if way == "literal" else "given: null"

    def _several(self) -> str:
        number = self.choice.one(("1", "null", "variable"))
        if number == "variable":
            number = self._variable("Int", 7, None)
        if self.choice.chance(30):
            return f"n: {number}"
        text = self._variable('String! = "d"', "given", None)
        return f"n: {number}, s: {text}"

    def _number(self) -> str:
        number = self.choice.number(0, 2)
        return f"n: {number or self._variable('Int! = 2', 8, 'no')}"

    def _variable(self, kind: str, good: Any, bad: Any) -> str:
        name = f"v{''.join(filter(str.isalnum, kind))}"
        if name not in self.declared:
            self.declared[name] = kind
            roll = self.choice.number(0, 19)
            if roll < 12:
                self.values[name] = good
            elif roll == 19:
                self.values[name] = bad
        return f"${name}"

    def _switch(self) -> str:
        if not self.choice.chance(20):
            return ""
        directive = self.choice.one(("skip", "include"))
        name = self.choice.one(("true", "false", "$on", "$off", "$maybe"))
        if name == "$maybe":
            self.declared.setdefault("maybe", "Boolean = true")
            if "maybe" not in self.values and self.choice.chance(30):
                self.values["maybe"] = self.choice.one((True, False, None))
        elif name.startswith("$"):
            self.declared[name[1:]] = "Boolean!"
            self.values[name[1:]] = name == "$on"
        return f" @{directive}(if: {name})"


@dataclass(frozen=True)
class Request:
    """A document with its variables."""

    query: str
    variables: dict[str, Any] = field(default_factory=dict)

    @property
    def flipped(self) -> dict[str, Any]:
        """The variables with all that is true or false the other way round."""
        return {
            name: not value if isinstance(value, bool) else value
            for name, value in self.variables.items()
        }


@dataclass(frozen=True)
class Case:
    """A world as it is asked: its description, the seed of its values, and what is asked."""

    world: WorldSpec
    requests: tuple[Request, ...]
    seed: int = 0
    trouble: float = 0.1


def world_numbered(number: int) -> WorldSpec:
    """The same description for the same number."""
    return draw_world(Choice(Random(number).randint))  # noqa: S311


def draw_case(choice: Choice, world: WorldSpec) -> Case:
    """A world with two documents."""
    seed, trouble = choice.number(0, 9999), choice.one((0.0, 0.03, 0.1, 0.3))
    documents = [Document(world, choice) for _ in range(2)]
    requests = tuple(Request(each.write(), each.values) for each in documents)
    return Case(world, requests, seed, trouble)


@st.composite
def cases(draw: Any, *, first: int, worlds: int) -> Case:
    """Cases in some of the numbered worlds: making a world costs more than asking it."""
    world = world_numbered(first + draw(st.integers(0, worlds - 1)))
    return draw_case(Choice(lambda low, high: draw(st.integers(low, high))), world)
