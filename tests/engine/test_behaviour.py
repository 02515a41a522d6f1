"""graphql-core's published execution behaviour, re-stated: what is expected is written out here.

After its tests for non-null, lists, abstract types, directives, unions and interfaces, variables
and mutations. The schemas are plain graphql-core ones: the engine needs no Strawberry field.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any

import pytest
from graphql import GraphQLError, build_schema, parse
from graphql.execution import execute
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from gateway.engine.context import BreadthFirstExecutionContext

EXECUTORS = (StrawberryGraphQLCoreExecutionContext, BreadthFirstExecutionContext)


@dataclass(frozen=True)
class Behaviour:
    name: str
    schema: str
    query: str
    data: Any
    root: Any = None
    variables: dict[str, Any] = field(default_factory=dict)
    errors: tuple[tuple[str, tuple[Any, ...]], ...] = ()


NEST = """
type Nest {
  now: String  nowNN: String!  later: String  laterNN: String!
  nest: Nest  nestNN: Nest!  laterNest: Nest  laterNestNN: Nest!
}
type Query { nest: Nest nestNN: Nest! laterNest: Nest now: String nowNN: String! }
"""


class Nest:
    """Gives null, or throws, wherever it is asked."""

    def __init__(self, *, throws: bool) -> None:
        self._throws = throws

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        later = name.startswith("later")
        if name.lower().endswith(("nest", "nestnn")):
            value: Any = self
        elif self._throws:
            value = RuntimeError(name)
        else:
            value = None

        async def give() -> Any:
            if isinstance(value, Exception):
                raise value
            return value

        def give_now(_info: Any) -> Any:
            if isinstance(value, Exception):
                raise value
            return value

        return (lambda _info: give()) if later else give_now


NULLS, THROWS = Nest(throws=False), Nest(throws=True)


def null_in(name: str) -> str:
    return f"Cannot return null for non-nullable field Nest.{name}."


NON_NULL = [
    Behaviour("null where null may be", NEST, "{ now nest { later } }",
              {"now": None, "nest": {"later": None}}, NULLS),
    Behaviour("an error where null may be", NEST, "{ now }", {"now": None}, THROWS,
              errors=(("now", ("now",)),)),
    Behaviour("an awaited error where null may be", NEST, "{ nest { later } }",
              {"nest": {"later": None}}, THROWS, errors=(("later", ("nest", "later")),)),
    Behaviour("null where it must not be takes the object", NEST, "{ nest { nowNN } }",
              {"nest": None}, NULLS, errors=((null_in("nowNN"), ("nest", "nowNN")),)),
    Behaviour("awaited null where it must not be", NEST, "{ laterNest { laterNN } }",
              {"laterNest": None}, NULLS,
              errors=((null_in("laterNN"), ("laterNest", "laterNN")),)),
    Behaviour("null travels through objects that must be there", NEST,
              "{ nest { nestNN { laterNestNN { nowNN } } now } }", {"nest": None}, NULLS,
              errors=((null_in("nowNN"), ("nest", "nestNN", "laterNestNN", "nowNN")),)),
    Behaviour("an error travels to the root", NEST, "{ nestNN { nestNN { laterNN } } }",
              None, THROWS, errors=(("laterNN", ("nestNN", "nestNN", "laterNN")),)),
    Behaviour("an error at the root's own field takes all", NEST, "{ nest { now } nowNN }", None,
              THROWS, errors=(("now", ("nest", "now")), ("nowNN", ("nowNN",)))),
    Behaviour("siblings of what is nulled stay", NEST, "{ a: nest { nowNN } b: nest { now } }",
              {"a": None, "b": {"now": None}}, NULLS,
              errors=((null_in("nowNN"), ("a", "nowNN")),)),
]  # fmt: skip

LISTS = "type Item { n: Int! } type Query { l: [Int] ln: [Int!] nl: [Int]! nln: [Int!]! o: [Item] \
on: [Item!] ll: [[Int!]] }"


def broken() -> Iterator[int]:
    yield 1
    raise ValueError("broke off")


async def later(value: Any) -> Any:
    if isinstance(value, Exception):
        raise value
    return value


def no_null(name: str) -> str:
    return f"Cannot return null for non-nullable field Query.{name}."


def no_list(name: str) -> str:
    return f"Expected Iterable, but did not find one for field 'Query.{name}'."


LIST_CASES = [
    Behaviour("any iterable is a list", LISTS, "{ l ln }", {"l": [1, 2], "ln": [1]},
              {"l": lambda _info: (n for n in (1, 2)), "ln": {1}}),
    Behaviour("a text is no list", LISTS, "{ l }", {"l": None}, {"l": "123"},
              errors=((no_list("l"), ("l",)),)),
    Behaviour("a mapping is no list", LISTS, "{ ln nln }", None, {"ln": {"a": 1}, "nln": {"a": 1}},
              errors=((no_list("ln"), ("ln",)), (no_list("nln"), ("nln",)))),
    Behaviour("null items where they may be", LISTS, "{ l nl }", {"l": [1, None], "nl": [None]},
              {"l": [1, None], "nl": [None]}),
    Behaviour("a null item takes the list", LISTS, "{ ln }", {"ln": None}, {"ln": [1, None, None]},
              errors=((no_null("ln"), ("ln", 1)),)),
    Behaviour("a null item takes all", LISTS, "{ nln }", None, {"nln": [None]},
              errors=((no_null("nln"), ("nln", 0)),)),
    Behaviour("an item that fails", LISTS, "{ l }", {"l": [1, None, 3]},
              {"l": [1, ValueError("two"), 3]}, errors=(("two", ("l", 1)),)),
    Behaviour("an item awaited", LISTS, "{ l ln }", {"l": [1, None], "ln": [2]},
              {"l": lambda _info: [later(1), later(ValueError("x"))],
               "ln": lambda _info: [later(2)]},
              errors=(("x", ("l", 1)),)),
    Behaviour("a list that breaks off is null", LISTS, "{ l }", {"l": None},
              {"l": lambda _info: broken()}, errors=(("broke off", ("l",)),)),
    Behaviour("lists in lists", LISTS, "{ ll }", {"ll": [[1], [], None, None]},
              {"ll": [[1], [], None, [2, None]]}, errors=((no_null("ll"), ("ll", 3, 1)),)),
    Behaviour("a leaf that is none of its type", LISTS, "{ l o { n } }",
              {"l": [None, 12], "o": [None, {"n": 1}]},
              {"l": ["abc", "12"], "o": [{"n": 2**31}, {"n": 1}]},
              errors=(("Int cannot represent non-integer value: 'abc'", ("l", 0)),
                      ("Int cannot represent non 32-bit signed integer value: 2147483648",
                       ("o", 0, "n")))),
]  # fmt: skip

PETS = """
interface Named { name: String }
type Dog implements Named { name: String barks: Boolean }
type Cat implements Named { name: String meows: Boolean }
union Pet = Dog | Cat
type Query { pets: [Pet] named: [Named] pet: Pet! }
"""
DOG = {"__typename": "Dog", "name": "Odie", "barks": True}
CAT = {"__typename": "Cat", "name": "Garfield", "meows": False}

ABSTRACT = [
    Behaviour("fields by type", PETS,
              "{ pets { __typename ... on Dog { name barks } ... on Cat { meows name } } }",
              {"pets": [{"__typename": "Dog", "name": "Odie", "barks": True},
                        {"__typename": "Cat", "meows": False, "name": "Garfield"}]},
              {"pets": [DOG, CAT]}),
    Behaviour("fields of the interface", PETS,
              "{ named { name ...D } } fragment D on Dog { barks kind: __typename }",
              {"named": [{"name": "Garfield"}, {"name": "Odie", "barks": True, "kind": "Dog"}]},
              {"named": [CAT, DOG]}),
    Behaviour("a type that nothing tells", PETS, "{ named { name } }", {"named": [None]},
              {"named": [{"name": "Nobody"}]},
              errors=((("Abstract type 'Named' must resolve to an Object type at runtime for field "
                       "'Query.named'. Either the 'Named' type should provide a 'resolve_type' "
                       "function or each possible type should provide an 'is_type_of' function."),
                       ("named", 0)),)),
    Behaviour("a type that is not there", PETS, "{ pet { __typename } }", None,
              {"pet": {"__typename": "Cow"}},
              errors=((("Abstract type 'Pet' was resolved to a type 'Cow' that does not exist "
                       "inside the schema."), ("pet",)),)),
    Behaviour("a type that is not among the possible", PETS, "{ pets { __typename } }",
              {"pets": [None]}, {"pets": [{"__typename": "Query"}]},
              errors=(("Runtime Object type 'Query' is not a possible type for 'Pet'.",
                       ("pets", 0)),)),
]  # fmt: skip

FIELDS = "type Query { a: String b: String o: Query }"
ROOT = {"a": "a", "b": "b", "o": {"a": "inner a", "b": "inner b"}}

DIRECTIVES = [
    Behaviour("skip and include", FIELDS,
              "{ a @skip(if: true) b @include(if: false) "
              "o { a @skip(if: false) b @include(if: true) } }",
              {"o": {"a": "inner a", "b": "inner b"}}, ROOT),
    Behaviour("skip wins", FIELDS, "{ a @include(if: true) @skip(if: true) b }", {"b": "b"}, ROOT),
    Behaviour("switches by variables", FIELDS,
              "query ($on: Boolean!, $off: Boolean = false) { a @skip(if: $on) ...F @skip(if: $on) "
              "... @include(if: $off) { o { a } } o @include(if: $on) { b } } "
              "fragment F on Query { b }", {"o": {"b": "inner b"}}, ROOT, {"on": True}),
    Behaviour("a switch set to null fails the object", FIELDS,
              "query ($off: Boolean = false) { o { a @skip(if: $off) } }", {"o": None}, ROOT,
              {"off": None},
              errors=((("Argument 'if' has invalid value: Expected variable '$off' provided to "
                       "non-null type 'Boolean!' not to be None."), ("o",)),)),
    Behaviour("selections of one key are merged, the first place counts", FIELDS,
              "{ x: o { a } a x: o { b a } }",
              {"x": {"a": "inner a", "b": "inner b"}, "a": "a"}, ROOT),
]  # fmt: skip

INPUTS = "input I { n: Int! = 5 s: [String!] } type Query { echo(i: I, n: Int = 1, r: ID): String }"
ECHO = {"echo": lambda _info, **given: repr(given)}

VARIABLES = [
    Behaviour("what is not given takes its default", INPUTS, "{ echo }", {"echo": "{'n': 1}"},
              ECHO),
    Behaviour("null is given", INPUTS, "query ($n: Int) { echo(n: $n) }", {"echo": "{'n': None}"},
              ECHO, {"n": None}),
    Behaviour("a variable not given is an argument not given", INPUTS,
              "query ($n: Int) { echo(n: $n) }", {"echo": "{'n': 1}"}, ECHO),
    Behaviour("objects and single items are coerced", INPUTS,
              'query ($s: [String!]) { a: echo(i: {s: "x"}) b: echo(i: {n: 2, s: $s}) }',
              {"a": "{'i': {'n': 5, 's': ['x']}, 'n': 1}",
               "b": "{'i': {'n': 2, 's': ['y']}, 'n': 1}"}, ECHO, {"s": ["y"]}),
    Behaviour("a wrong variable fails the request", INPUTS, "query ($n: Int) { echo(n: $n) }", None,
              ECHO, {"n": "one"},
              errors=((("Variable '$n' has invalid value: Int cannot represent non-integer value: "
                       "'one'"), ()),)),
]  # fmt: skip


@pytest.mark.parametrize("executor", EXECUTORS, ids=("stock", "engine"))
@pytest.mark.parametrize(
    "case",
    [*NON_NULL, *LIST_CASES, *ABSTRACT, *DIRECTIVES, *VARIABLES],
    ids=lambda case: case.name,
)
async def test_published_behaviour(
    case: Behaviour, executor: type[StrawberryGraphQLCoreExecutionContext]
) -> None:
    schema = build_schema(case.schema)
    root = dict(case.root) if isinstance(case.root, dict) else case.root

    result: Any = execute(
        schema, parse(case.query), root, None, case.variables, executor_class=executor
    )
    if isawaitable(result):
        result = await result

    told = [(error.message, tuple(error.path or ())) for error in result.errors or ()]
    assert (result.data, tuple(told)) == (case.data, case.errors)
    assert list(result.data or ()) == list(case.data or ())


async def test_mutations_run_one_after_another_and_failures_do_not_stop_them() -> None:
    schema = build_schema(
        "type Holder { number: Int! } type Query { x: Int } "
        "type Mutation { now(to: Int!): Holder later(to: Int!): Holder fail: Holder }"
    )
    state = {"number": 0}

    def change(_info: Any, to: int) -> Any:
        state["number"] = to
        return dict(state)

    async def change_later(_info: Any, to: int) -> Any:
        await asyncio.sleep(0)
        state["number"] = to
        return dict(state)

    def fail(_info: Any) -> Any:
        raise GraphQLError("cannot")

    result: Any = execute(
        schema,
        parse(
            "mutation { a: now(to: 1) { number } b: later(to: 2) { number } fail { number } "
            "c: later(to: 3) { number __typename } d: now(to: 4) { number } }"
        ),
        {"now": change, "later": change_later, "fail": fail},
        executor_class=BreadthFirstExecutionContext,
    )
    result = await result

    assert result.data == {
        "a": {"number": 1},
        "b": {"number": 2},
        "fail": None,
        "c": {"number": 3, "__typename": "Holder"},
        "d": {"number": 4},
    }
    assert [(error.message, error.path) for error in result.errors] == [("cannot", ["fail"])]
