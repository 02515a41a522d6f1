"""Wrong inputs of every mutation, derived from the types of its input.

``wrong_inputs.yaml`` says who asks, on which rows, and what each is answered where that differs
from what its kind is usually answered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_required_input_field,
)

import schema
from permissions.errors import InvalidId
from permissions.viewer import Role
from schema.ids import decode, encode
from tests.api.people_world import global_id

TABLE: Mapping[str, Any] = yaml.safe_load(
    Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")
)
SDL = Path(schema.__file__).parent / "sdl"
ROWS: Mapping[str, Mapping[str, Any]] = TABLE["mutations"]
STRANGE = 8_000_000  # no type has as many rows
MANY = 1_001
LONG = 30_000
FINE = "fine"
SCRIPT = "<script>"
UNFIT = "\u0000\ud800"  # no database holds either
# What is wrong whatever would be right.
WRONG: Mapping[str, Mapping[str, Any]] = {
    "ID": {"foreign": encode("PageInfo", 1), "malformed": "nonsense"},
    "Date": {"early": "0001-01-01", "late": "9999-12-31"},
    "DateTime": {
        "early": "0001-01-01T00:00:00+14:00",
        "past": "1912-01-01T00:00:00+08:00",
        "late": "9999-12-31T23:59:59-14:00",
        "local": "2026-01-01T08:00:00",
    },
    "Int": {"negative": -1, "huge": 2**31 - 1},
    "Float": {"huge": 1e308},
    "Decimal": {"negative": "-1", "huge": "1e99", "none": "NaN"},
}


@dataclass(frozen=True, slots=True)
class Case:
    """A mutation's input with one thing wrong, and the refusals it must be given."""

    mutation: str
    field: str
    kind: str
    given: Mapping[str, Any]
    expected: str

    @property
    def name(self) -> str:
        """How the table calls it."""
        return f"{self.field} {self.kind}"


def mutations() -> Mapping[str, Mapping[Role, GraphQLField]]:
    """The mutations of all roles by name, with the field of each role that has it."""
    found: dict[str, dict[Role, GraphQLField]] = {}
    for role in Role:
        written = (SDL / f"{role.value.lower()}.graphql").read_text(encoding="utf-8")
        root = build_schema(written, assume_valid_sdl=True).mutation_type
        for name, each in ({} if root is None else root.fields).items():
            found.setdefault(name, {})[role] = each
    return found


def input_of(mutation: GraphQLField) -> GraphQLInputObjectType | None:
    """The type of a mutation's input; None if it takes none."""
    if "input" not in mutation.args:
        return None
    named = get_named_type(mutation.args["input"].type)
    assert isinstance(named, GraphQLInputObjectType)
    return named


def cases(name: str, mutation: GraphQLField, *, fine: bool = False) -> Iterator[Case]:
    """Every wrong input of a mutation that applies to its types; those that are fine if asked."""
    kind = input_of(mutation)
    if kind is None:
        return
    row = ROWS.get(name, {})
    good = _object(kind, row.get("give", {}))
    answers = row.get("answers") or {}
    for path, wrong, given in _wrong(kind, good):
        field = ".".join(path)
        expected = _expected(answers, path, wrong)
        if fine or expected != FINE:
            yield Case(name, field, wrong, given, expected)


def document(name: str, mutation: GraphQLField) -> str:
    """The mutation, asked for nothing but its refusals."""
    chosen = _refusals(get_named_type(mutation.type), 0) or "__typename"
    kind = mutation.args["input"].type
    return f"mutation ($input: {kind}) {{ {name}(input: $input) {{ {chosen} }} }}"


def _refusals(payload: Any, depth: int) -> str:
    if not isinstance(payload, GraphQLObjectType) or depth > 2:
        return ""
    parts = []
    for name, each in payload.fields.items():
        below = get_named_type(each.type)
        if below.name == "UserError":
            parts.append(f"{name} {{ code field }}")
        elif is_list_type(get_nullable_type(each.type)) and (chosen := _refusals(below, depth + 1)):
            parts.append(f"{name} {{ {chosen} }}")
    return " ".join(parts)


def told(refusals: Iterable[Mapping[str, Any]]) -> set[str]:
    """Refusals as the table writes them: the code, and the last part of the field's path."""
    return {
        f"{each['code']}@{str(each.get('field') or '').rpartition('.')[2]}" for each in refusals
    }


def refusals_in(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from refusals_in(each)
    elif isinstance(value, Mapping):
        if "code" in value and "field" in value:
            yield value
        for each in value.values():
            yield from refusals_in(each)


def _expected(answers: Mapping[str, str], path: Sequence[str], wrong: str) -> str:
    """What a wrong input is answered: as its mutation says, or its field, or its kind."""
    leaf = path[-1]
    of_field = TABLE["fields"].get(leaf, {})
    if isinstance(of_field, str):
        of_field = dict.fromkeys(TABLE["usual"], of_field)
    found: str = (
        answers.get(f"{'.'.join(path)} {wrong}")
        or answers.get(f"{'.'.join(path)}")
        or of_field.get(wrong)
        or TABLE["usual"][wrong]
    )
    return found if "@" in found or found == FINE else f"{found}@{leaf}"


def refusals_of(expected: str) -> set[str]:
    """The refusals that an entry of the table stands for."""
    return set(expected.split(", "))


# -- the values --------------------------------------------------------------------------------


def _object(kind: GraphQLInputObjectType, given: Mapping[str, Any]) -> dict[str, Any]:
    """A good input: what the table gives, and what is required."""
    made = {}
    for name, each in kind.fields.items():
        if name in given or is_required_input_field(each):
            made[name] = _good(name, each.type, given.get(name))
    return made


def _good(name: str, kind: Any, given: Any) -> Any:
    kind = get_nullable_type(kind)
    if isinstance(kind, GraphQLList):
        some = [None] if given is None else given
        return [_good(name, kind.of_type, each) for each in some]
    if isinstance(kind, GraphQLInputObjectType):
        return _object(kind, given or {})
    if given is None:
        given = TABLE["values"].get(name)
    if given is None:
        if isinstance(kind, GraphQLEnumType):
            return next(iter(kind.values))
        given = TABLE["values"][kind.name]
    return written(given)


def written(value: Any) -> Any:
    """A value of the table: an id for the name of a row, a moment for days from today."""
    if not isinstance(value, str):
        return value
    before, colon, after = value.partition(":")
    if colon and before.isalpha() and before[0].isupper():
        return encode(before, int(after)) if after.isdigit() else global_id(before, after)
    for unit in ("day", "moment"):
        if value.startswith(unit) and value.removeprefix(unit).lstrip("+-").isdigit():
            at = datetime.now(UTC).replace(microsecond=0) + timedelta(
                days=int(value.removeprefix(unit))
            )
            return at.date().isoformat() if unit == "day" else at.isoformat()
    return value


Wrong = tuple[tuple[str, ...], str, Mapping[str, Any]]


def _wrong(kind: GraphQLInputObjectType, good: Mapping[str, Any]) -> Iterator[Wrong]:
    """Where something is wrong, how, and the whole of it."""
    for name, each in kind.fields.items():
        nullable = get_nullable_type(each.type)
        required = isinstance(each.type, GraphQLNonNull)
        given = good.get(name)
        if isinstance(nullable, GraphQLList):
            item = get_nullable_type(nullable.of_type)
            one = given[0] if given else _good(name, item, None)
            if required:
                yield (name,), "empty", {**good, name: []}
            if not isinstance(item, GraphQLEnumType):
                yield (name,), "many", {**good, name: [_another(one, n) for n in range(MANY)]}
            for path, wrong, value in _below(name, item, one, required=required):
                yield path, wrong, {**good, name: [value]}
        else:
            one = _good(name, nullable, None) if given is None else given
            for path, wrong, value in _below(name, nullable, one, required=required):
                yield path, wrong, {**good, name: value}


def _below(
    name: str, kind: Any, good: Any, *, required: bool
) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    if isinstance(kind, GraphQLInputObjectType):
        for path, wrong, value in _wrong(kind, good):
            yield (name, *path), wrong, value
    else:
        for wrong, value in _of_leaf(name, kind, good, required=required):
            yield (name,), wrong, value


def _of_leaf(name: str, kind: Any, good: Any, *, required: bool) -> Iterator[tuple[str, Any]]:
    """What can be wrong with a value, and how it is wrong."""
    match kind.name:
        case "String" if name == "idempotencyKey":
            yield "unfit", UNFIT
        case "String":
            if required:
                yield "blank", " "
            yield from {
                "long": "长" * LONG,
                "control": f"{good}\u0007",
                "unfit": good + UNFIT,
            }.items()
            if name in TABLE["names"]:
                yield "script", SCRIPT
        case "ID":
            yield "unknown", _unknown(good)
            yield from WRONG["ID"].items()
        case _:
            yield from WRONG.get(kind.name, {}).items()


def _another(one: Any, number: int) -> Any:
    """One of many: no two names or ids are the same."""
    if isinstance(one, str):
        return _unknown(one, number)
    return one


def _unknown(good: str, number: int = 0) -> str:
    """The id of a row of the same type that is not there, or a text that is nothing."""
    try:
        return encode(decode(good)[0], STRANGE + number)
    except InvalidId:
        return f"{good}{number}"
