"""Generated worlds: schemas, and objects whose values come from a seed, troublesome ones included.

A world is built twice from one description: `later=True` gives resolvers, permissions, type tests
and lists that must be awaited where the description says so; `later=False` gives the same values at
once. Executed by stock graphql-core, the second says exactly what the first must answer, in order.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import Annotated, Any, Union

import strawberry
from strawberry import Info
from strawberry.annotation import StrawberryAnnotation
from strawberry.permission import BasePermission, PermissionExtension
from strawberry.schema.config import StrawberryConfig

from gateway.engine.fields import BatchPermission, batch_field
from gateway.engine.rows import is_instance_of
from tests.engine.objects import Later, Raised, Thing, broken, seed_of, stream
from tests.engine.specs import (
    ARGUMENTS,
    FUSSY,
    LEAVES,
    PYTHON,
    TIDY,
    Color,
    FieldSpec,
    Filter,
    Fussy,
    TypeSpec,
    WorldSpec,
)


class World:
    """A schema of a description, with what its resolvers give.

    What they give follows from `seed`; `trouble` is how often it is not what the type promises.
    """

    def __init__(self, spec: WorldSpec, *, later: bool) -> None:
        self.spec = spec
        self.later = later
        self.seed, self.trouble = 0, 0.1
        self.fields = {
            field.name: field
            for owner in (*spec.types, spec.query, spec.mutation)
            for field in spec.fields_of(owner.name)
        }
        self.rows = {each.name: self._row_class(each) for each in spec.types}
        self.schema = self._schema()

    def _row_class(self, spec: TypeSpec) -> type[Any]:
        columns = [
            field.name
            for field in self.spec.fields_of(spec.name)
            if field.way in {"attribute", "guarded"} and field.kind.named in LEAVES
        ]
        world = self

        def reader(name: str) -> property:
            if name in columns:
                position = columns.index(name)
                return property(lambda row: row[position])
            return property(lambda row: world.attribute(row, name))

        names = [field.name for field in self.spec.fields_of(spec.name)]
        body: dict[str, Any] = {name: reader(name) for name in names}
        body["__columns__"] = (*columns, "name", "seed")
        body["name"] = property(lambda row: row[-2])
        body["seed"] = property(lambda row: row[-1])
        body["__inspect__"] = body["__repr__"] = lambda row: f"{row.name}#{row.seed}"
        return type(f"{spec.name}Row", (tuple,), body)

    def thing(self, name: str, seed: int) -> Any:
        """An object of a type, as a row or not."""
        spec = self.spec.type_named(name)
        if spec.objects == "plain" or (spec.objects == "mixed" and seed % 2):
            return Thing(self, name, seed)
        row = self.rows[name]
        values = []
        for column in row.__columns__[:-2]:
            value = self.resolved(self.fields[column], seed, "")
            values.append(ValueError(value.message) if isinstance(value, Raised) else value)
        return row((*values, name, seed))

    def attribute(self, source: Any, name: str) -> Any:
        field = self.fields.get(name)
        if field is None:
            raise AttributeError(name)
        value = self.resolved(field, source.seed, "")
        return value.give() if isinstance(value, Raised) else value

    def resolved(self, field: FieldSpec, seed: object, arguments: str) -> Any:
        """What a field gives for an object: the same every time it is asked."""
        if field.always_fails:
            return Raised(f"{field.name} always fails")
        random = Random(f"{self.seed}/{seed}/{field.name}/{arguments}")  # noqa: S311
        return self._value(field, random, 0)

    def _value(self, field: FieldSpec, random: Random, depth: int) -> Any:
        shape = field.kind.shape
        if random.random() < self.trouble:
            return self._awkward(field, random, depth)
        if shape[depth] and random.random() < 0.15:
            return None
        if depth + 1 < len(shape):
            return self._list(field, random, depth)
        if field.tidy and field.kind.named in LEAVES:
            return TIDY[field.kind.named][0]
        return self._named(field.kind.named, random)

    def _awkward(self, field: FieldSpec, random: Random, depth: int) -> Any:
        if field.tidy and depth + 1 == len(field.kind.shape) and field.kind.named in LEAVES:
            return TIDY[field.kind.named][1]
        message = f"{field.name} at {depth} in trouble {random.randint(0, 9)}"
        return random.choice(
            [None, None, ValueError(message), Raised(message) if depth == 0 else KeyError(message),
             5, "wrong", [1], {"a": 1}, 2**40, float("nan"), ("x",)]
        )  # fmt: skip

    def _list(self, field: FieldSpec, random: Random, depth: int) -> Any:
        count = random.choice((0, 1, 1, 2, 2, 3)) if depth == 0 else random.randint(0, 2)
        items = [self._value(field, random, depth + 1) for _ in range(count)]
        if field.items == "tuple":
            return tuple(items)
        if field.items == "broken":
            return broken(items, field.name)
        if not self.later:
            return items
        if field.items == "later_items":
            # Not by chance: both ways of building the world must draw the same.
            return [
                item if place % 3 == 2 else Later(lambda item=item: item)
                for place, item in enumerate(items)
            ]
        if field.items == "stream" and depth == 0:
            return stream(items)
        return items

    def _named(self, name: str, random: Random) -> Any:
        number = random.randint(0, 9)
        if name in LEAVES:
            return random.choice(
                {
                    "Int": [number, -number, True, "12", 3.0],
                    "String": [f"text {number}", f"text {number}", 5, True, 1.5],
                    "Boolean": [True, False, 1],
                    "Float": [1.5, float(number), 7, "2.5"],
                    "ID": [f"id{number}", number],
                    "Color": [Color.RED, Color.BLUE, "red", 1, Color.ONE],
                    "Fussy": [f"fuss {number}", "refuse", "nothing", number],
                }[name]
            )
        possible = self.spec.possible(name)
        if random.random() < self.trouble:
            possible = tuple(each.name for each in self.spec.types)
        return self.thing(random.choice(possible), random.getrandbits(24))

    def allowed(self, source: Any, name: str) -> Any:
        random = Random(f"{self.seed}/allowed/{seed_of(source)}/{name}")  # noqa: S311
        if random.random() < self.trouble / 2:
            return random.choice([1, "yes", None])
        return random.random() < 0.7

    def _schema(self) -> strawberry.Schema:
        names: dict[str, Any] = dict(PYTHON)
        body = self._body(self.spec.interface_fields)
        names["I"] = strawberry.interface(type("I", (), body))
        owners = (*self.spec.types, self.spec.query, self.spec.mutation)
        for spec in owners:
            bases = (names["I"],) if spec.implements else ()
            body = self._body(spec.fields)
            test = self._is_type_of(spec)
            if test is not None:
                body["is_type_of"] = staticmethod(test)
            names[spec.name] = strawberry.type(type(spec.name, bases, body))
        members = tuple(names[name] for name in self.spec.union)
        names["U"] = Annotated[Union[members], strawberry.union("U")]  # noqa: UP007
        for name in ("I", *(each.name for each in owners)):
            # Only now are all types there, and until the schema is built nobody needs them.
            for field in names[name].__strawberry_definition__.fields:
                field.type_annotation = StrawberryAnnotation(
                    self.fields[field.name].kind.annotation(names)
                )
        return strawberry.Schema(
            names[self.spec.query.name],
            names[self.spec.mutation.name],
            types=[names[each.name] for each in self.spec.types],
            config=StrawberryConfig(auto_camel_case=False, scalar_map={Fussy: FUSSY}),
        )

    def _is_type_of(self, spec: TypeSpec) -> Callable[[Any, Any], Any] | None:
        if spec in {self.spec.query, self.spec.mutation}:
            return None
        if spec.is_type_of == "classes" and spec.objects == "rows":
            return is_instance_of(self.rows[spec.name])

        def told(value: Any, _info: Any) -> Any:
            if spec.is_type_of == "fails" and seed_of(value) == 3:
                raise ValueError("No telling.")
            return getattr(value, "name", None) == spec.name

        async def told_later(value: Any, info: Any) -> Any:
            return told(value, info)

        return told_later if self.later and spec.is_type_of == "later" else told

    def _body(self, fields: Sequence[FieldSpec]) -> dict[str, Any]:
        made: dict[str, Any] = {"__annotations__": {}}
        for field in fields:
            made[field.name] = self._field(field)
            if field.way in {"attribute", "guarded"}:
                made["__annotations__"][field.name] = Any
        return made

    def _field(self, field: FieldSpec) -> Any:
        permissions: list[BasePermission] = []
        if field.way == "watched":
            permissions = [self._permission(field)()]
        elif field.way in {"guarded", "batch_guarded"}:
            permissions = [self._batch_permission(field, turn)() for turn in range(2)]
        silent = field.kind.shape[0] and self.spec.silent
        extensions: Any = (
            [PermissionExtension(permissions, use_directives=False, fail_silently=silent)]
            if permissions
            else []
        )
        if field.way in {"attribute", "guarded"}:
            return strawberry.field(extensions=extensions)
        is_async = self.later and field.is_async
        if field.way.startswith("batch"):
            function = self._function(field, is_async=is_async, batch=True)
            return batch_field(function, graphql_type=int, extensions=extensions)
        resolver = self._function(field, is_async=is_async, batch=False)
        return strawberry.field(resolver, graphql_type=int, extensions=extensions)

    def _function(self, field: FieldSpec, *, is_async: bool, batch: bool) -> Any:
        def give(source: Any, arguments: dict[str, Any]) -> Any:
            value = self.resolved(field, seed_of(source), repr(sorted(arguments.items())))
            if not batch:
                return value.give() if isinstance(value, Raised) else value
            return ValueError(value.message) if isinstance(value, Raised) else value

        def give_all(parents: Sequence[Any], arguments: dict[str, Any]) -> Any:
            if field.always_fails:
                raise ValueError(f"{field.name} always fails")
            return [give(each, arguments) for each in parents]

        define = "async def" if is_async else "def"
        first = "parents" if batch else "self"
        arguments = ARGUMENTS[field.arguments]
        space: dict[str, Any] = {
            "give": give_all if batch else give, "Filter": Filter, "Info": Info,
        }  # fmt: skip
        passed = [each.split(":")[0].strip() for each in arguments.split(",") if each]
        given = "{" + ", ".join(f"{each!r}: {each}" for each in passed) + "}"
        source = f"{define} {field.name}({first}, {arguments}):\n    return give({first}, {given})"
        exec(source, space)  # noqa: S102  # the source is of this file
        space[field.name].__module__ = __name__
        return space[field.name]

    def _permission(self, field: FieldSpec) -> type[BasePermission]:
        world = self

        class Watch(BasePermission):
            message = f"{field.name} is watched."

            def has_permission(self, source: Any, info: Any, **kwargs: Any) -> Any:
                del info, kwargs
                return world.allowed(source, field.name)

        return Watch

    def _batch_permission(self, field: FieldSpec, turn: int) -> type[BasePermission]:
        world = self

        def decide(parents: Sequence[Any]) -> list[Any]:
            return [world.allowed(each, f"{field.name}{turn}") for each in parents]

        class Now(BatchPermission):
            message = f"{field.name} is guarded, {turn}."

            def decide_batch(self, parents: Sequence[Any], info: Info, **arguments: Any) -> Any:
                del info, arguments
                return decide(parents)

        class Then(BatchPermission):
            message = f"{field.name} is guarded, {turn}."

            async def decide_batch(
                self, parents: Sequence[Any], info: Info, **arguments: Any
            ) -> Any:
                del info, arguments
                return decide(parents)

        Now.__name__ = Then.__name__ = "Guard"  # told to the client
        return Then if self.later and field.is_async and turn else Now
