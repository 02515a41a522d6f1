"""The engine answers as graphql-core does: generated worlds, documents and variables, compared.

Profiles: `ci` (500 examples, the same ones each time) and `nightly` (20,000 new ones), chosen by
HYPOTHESIS_PROFILE; each example asks twice. WORLDS_FROM moves a run to other worlds.
"""

import asyncio
import gc
import json
import os
import warnings
from collections.abc import Iterator
from functools import lru_cache, partial
from inspect import isawaitable
from typing import Any, cast

import pytest
from graphql import (
    DocumentNode,
    OverlappingFieldsCanBeMergedRule,
    parse,
    specified_rules,
    validate,
)
from graphql.execution import execute
from hypothesis import given, note, settings
from strawberry.execution.is_awaitable import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from gateway.engine.context import BreadthFirstExecutionContext
from tests.engine.drawing import Case, cases
from tests.engine.kept_examples import KEPT
from tests.engine.specs import WorldSpec
from tests.engine.worlds import World

WORLDS = 250
# Drawn documents keep all rules but this one; a long run does not check that again and again.
MEETING_ALIASES = OverlappingFieldsCanBeMergedRule
FEW = 500
RULES = specified_rules if settings.default.max_examples <= FEW else [MEETING_ALIASES]
STOCK, OURS = StrawberryGraphQLCoreExecutionContext, BreadthFirstExecutionContext

Answer = tuple[str, list[dict[str, Any]]]


def answer(result: Any) -> Answer:
    errors = [error.formatted for error in result.errors or ()]
    return json.dumps(result.data), errors


def ask(
    document: DocumentNode,
    variables: dict[str, Any],
    runner: asyncio.Runner,
    world: World,
    context_class: type[StrawberryGraphQLCoreExecutionContext],
) -> Answer:
    """What the client gets, awaited where it has to be."""
    at_once: dict[str, Any] = {} if world.later else {"is_async_iterable": lambda _value: False}

    async def run() -> Any:
        result = execute(
            world.schema._schema,
            document,
            variable_values=variables,
            is_awaitable=cast("Any", optimized_is_awaitable),
            executor_class=context_class,
            **at_once,
        )
        if isawaitable(result):
            assert world.later
            return await result
        return result

    gc.disable()  # or what stock graphql-core left behind before would be told here
    with warnings.catch_warnings(record=True) as left:
        warnings.simplefilter("always")
        result = runner.run(run())
    gc.enable()
    # Where a null takes a sibling's place, stock graphql-core drops coroutines; we must not.
    if context_class is BreadthFirstExecutionContext:
        assert not [str(each.message) for each in left]
    return answer(result)


def nulled(given: Answer) -> dict[str, list[dict[str, Any]]]:
    """The errors by the place that they made null.

    Where several errors meet in one place, which of them are told depends on timing.
    """
    data = json.loads(given[0])
    by_place: dict[str, list[dict[str, Any]]] = {}
    for error in given[1]:
        value, path = data, list(error.get("path", ()))
        place = []
        while path and value is not None:
            value = value[path[0]]
            place.append(path.pop(0))
        by_place.setdefault(json.dumps(place), []).append(error)
    return by_place


def assert_alike(given: Answer, expected: Answer) -> None:
    """The same data, and the same errors wherever timing has no say."""
    assert given[0] == expected[0]
    told, wanted = nulled(given), nulled(expected)
    assert told.keys() == wanted.keys()
    for place, errors in told.items():
        exact = [json.dumps(each.get("path", [])) == place for each in (*errors, *wanted[place])]
        if len(exact) == 2 and all(exact):
            assert errors == wanted[place]


@lru_cache(maxsize=WORLDS)
def built(spec: WorldSpec) -> tuple[World, World]:
    return World(spec, later=False), World(spec, later=True)


def compare(case: Case) -> None:
    now, later = built(case.world)
    for world in (now, later):
        world.seed, world.trouble = case.seed, case.trouble
    for request in case.requests:
        document = parse(request.query)
        problems = validate(now.schema._schema, document, RULES)
        # Aliases of unlike fields may meet where fragments overlap; the rest is ours to avoid.
        if problems and all("conflict" in each.message for each in problems):
            continue
        assert not problems
        # Flipped variables set the plan's switches otherwise; repeated ones find their plan made.
        rounds = [request.variables]
        if request.flipped != request.variables:
            rounds += [request.flipped, request.variables]
        with asyncio.Runner() as runner:
            for variables in rounds:
                told_by = partial(ask, document, variables, runner)
                expected = told_by(now, STOCK)
                assert told_by(now, OURS) == expected
                awaited = told_by(later, OURS)
                if not request.query.startswith("mutation"):
                    assert awaited == expected
                # What a mutation's root field lists is awaited item by item by graphql-core.
                assert_alike(awaited, expected)
            assert_alike(told_by(later, STOCK), expected)


@pytest.fixture(autouse=True, scope="module")
def kept() -> Iterator[None]:
    """What other modules keep is not looked through after each test of this one."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def swept() -> Iterator[None]:
    """What stock graphql-core leaves behind is found here, not in the tests that come after."""
    yield
    gc.collect()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@given(cases(first=int(os.environ.get("WORLDS_FROM", "0")), worlds=WORLDS))
def test_generated_worlds_answer_alike(case: Case) -> None:
    for request in case.requests:
        note(f"{request.query}\n{json.dumps(request.variables)}")
    compare(case)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "case", KEPT, ids=lambda case: f"{case.requests[0].query[:12]}-{case.seed}-{case.trouble}"
)
def test_differences_found_before_stay_gone(case: Case) -> None:
    compare(case)
