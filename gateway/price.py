"""A price as a formula: sums and products over a request's variables, worked out step by step.

Nothing here recurses and everything saturates, so that a document that multiplies to 2^1000 costs
what its text costs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

MOST = 1e12
"""What no price exceeds."""

Variables: TypeAlias = Mapping[str, Any]
Step: TypeAlias = Callable[[list[float], Variables], float]


@dataclass(frozen=True, slots=True)
class Ref:
    """The result of a step."""

    step: int


Term: TypeAlias = float | Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """The price of an operation, over its variables."""

    steps: Sequence[Step]
    result: Term
    defaults: Variables = field(default_factory=dict)

    @property
    def is_constant(self) -> bool:
        """Whether every request costs the same."""
        return not isinstance(self.result, Ref)

    def price(self, variables: Variables) -> float:
        """The price of a request with these variables, never below 0."""
        if not isinstance(self.result, Ref):
            return max(0.0, self.result)
        given = {**self.defaults, **variables} if self.defaults else variables
        values: list[float] = []
        for step in self.steps:
            values.append(_saturated(step(values, given)))
        return max(0.0, values[self.result.step])


class Writing:
    """A formula being written; what is known already is worked out at once."""

    def __init__(self) -> None:
        self._steps: list[Step] = []

    def done(self, result: Term, defaults: Variables) -> Formula:
        """The formula with this result."""
        return Formula(steps=tuple(self._steps), result=result, defaults=defaults)

    def step(self, step: Step) -> Ref:
        """The result of a step over the variables."""
        self._steps.append(step)
        return Ref(len(self._steps) - 1)

    def total(self, terms: Iterable[Term]) -> Term:
        """The sum of terms."""
        known, refs = _parted(terms)
        constant = _saturated(sum(known))
        if not refs:
            return constant
        if len(refs) == 1 and constant == 0:
            return Ref(refs[0])
        return self.step(lambda values, _: constant + sum(values[each] for each in refs))

    def greatest(self, terms: Iterable[Term]) -> Term:
        """The greatest of terms, at least 0."""
        known, refs = _parted(terms)
        constant = max((0.0, *known))
        if not refs:
            return constant
        return self.step(lambda values, _: max(constant, *(values[each] for each in refs)))

    def times(self, size: Term, each: Term) -> Term:
        """So many times a term."""
        if not isinstance(size, Ref) and not isinstance(each, Ref):
            return _saturated(size * each)
        if 0 in {size, each}:
            return 0.0
        if not isinstance(size, Ref):
            known, of = size, _step(each)
            return self.step(lambda values, _: known * values[of])
        at = size.step
        if not isinstance(each, Ref):
            known = each
            return self.step(lambda values, _: known * values[at])
        of = each.step
        return self.step(lambda values, _: values[at] * values[of])

    def when(self, asked: Callable[[Variables], bool], term: Term) -> Term:
        """The term in requests that ask for it, else nothing."""
        if not isinstance(term, Ref):
            known = term
            return self.step(lambda _, variables: known if asked(variables) else 0.0) if term else 0
        of = term.step
        return self.step(lambda values, variables: values[of] if asked(variables) else 0.0)


def _step(term: Term) -> int:
    assert isinstance(term, Ref)  # noqa: S101 - the other case was taken before
    return term.step


def _parted(terms: Iterable[Term]) -> tuple[list[float], list[int]]:
    known: list[float] = []
    refs: list[int] = []
    for term in terms:
        if isinstance(term, Ref):
            refs.append(term.step)
        else:
            known.append(term)
    return known, refs


def _saturated(value: float) -> float:
    return min(max(value, -MOST), MOST)
