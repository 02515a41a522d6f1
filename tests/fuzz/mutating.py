"""Draws mutations from the schema of a role, with targets inside the viewer's scope or outside."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)

from permissions.viewer import Viewer
from schema.ids import encode
from tests.access.world import World
from tests.fuzz.documents import IDENTIFIED
from tests.fuzz.paths import team_of
from tests.fuzz.sensible import written

# What an id in an input is of, by the name of its field without Id or Ids.
OF = {
    "membership": "Membership",
    "post": "Post",
    "project": "Project",
    "exclusiveProject": "Project",
    "record": "ServiceRecord",
    "review": "Review",
    "signUp": "SignUp",
    "certificate": "Certificate",
    "complaint": "Complaint",
    "submission": "Submission",
    "notice": "Notice",
    "replaces": "Certificate",
    "volunteer": "Volunteer",
    "administrator": "Administrator",
    "inspection": "Inspection",
    "need": "Need",
    "offer": "Offer",
    "answer": "NeedAnswer",
    "redemption": "Redemption",
}
# What a field called `ids` is of, by its mutation; all other ids are of teams.
MANY = {
    "decideReviews": "Review",
    "decideSignUps": "SignUp",
    "issueCertificates": "Certificate",
    "markNoticesRead": "Notice",
}
# Not of this world: sessions, which end, and what no world has rows of.
LEFT_OUT = (
    *("signIn", "signOut", "refreshSession", "changePassword", "withdrawVolunteer"),
    *("File", "Partner", "Feedback", "Notification", "Station", "RewardRule"),
)
STRANGE = 10_000  # no world has as many rows


@dataclass(frozen=True, slots=True)
class Call:
    """A mutation with its input; ``target`` is the row that it is done to."""

    name: str
    target: tuple[str, int] | None
    written: Callable[[int | None], str]
    selection: str

    def text(self, alias: str, number: int | None = None) -> str:
        """The field, done to its own target or to the row of another number."""
        return f"{alias}: {self.name}(input: {self.written(number)}) {self.selection}"


@dataclass(slots=True)
class Writer:
    """Draws what one viewer would write."""

    draw: Random
    schema: GraphQLSchema
    world: World
    viewer: Viewer
    reads: Callable[[str, int], bool]
    _person: int = field(default=0)

    def mutations(self) -> Mapping[str, GraphQLField]:
        """The mutations of the role that are about rows of a world."""
        root = self.schema.mutation_type
        fields = {} if root is None else root.fields
        return {
            name: each
            for name, each in fields.items()
            if not any(out in name for out in LEFT_OUT) and "input" in each.args
        }

    def call(
        self,
        name: str,
        *,
        inside: bool,
        onto: int | None = None,
        sensible: bool = False,
    ) -> Call:
        """A call whose target is inside the viewer's scope, or outside, or the given row.

        A sensible one has the input that a person would give.
        """
        mutation = self.mutations()[name]
        given = get_named_type(mutation.args["input"].type)
        assert isinstance(given, GraphQLInputObjectType)
        self._person = self.draw.randrange(len(self.world.volunteers))
        target = self._target(name, given)
        meant = written(name, self._person) if sensible else None
        values, wanted = dict(meant or {}), None
        for key, each in given.fields.items():
            if key in {"idempotencyKey", "fileIds"} or key in values:
                continue
            required = isinstance(each.type, GraphQLNonNull)
            if key == target:
                entity = self._entity(name, key)
                row = self._row(entity, inside=inside) if onto is None else onto
                wanted = (entity, row)
            elif required or (meant is None and self.draw.random() < 0.2):
                values[key] = self._value(name, key, each.type)
        is_list = target is not None and "[" in str(given.fields[target].type)

        def text(number: int | None) -> str:
            parts = [f"{key}: {value}" for key, value in values.items()]
            if wanted is not None:
                row = f'"{encode(wanted[0], (wanted[1] if number is None else number) + 1)}"'
                parts.append(f"{target}: {f'[{row}]' if is_list else row}")
            return f"{{{', '.join(parts)}}}"

        payload = get_named_type(mutation.type)
        return Call(name, wanted, text, chosen(payload))

    def target(self, name: str) -> str | None:
        """The entity that a mutation is done to, if it is done to a row."""
        given = get_named_type(self.mutations()[name].args["input"].type)
        key = self._target(name, given)  # type: ignore[arg-type]
        return None if key is None else self._entity(name, key)

    def shown(self, name: str) -> set[str]:
        """The entities of which a mutation's payload shows rows."""
        return _shown(get_named_type(self.mutations()[name].type))

    def _target(self, name: str, given: GraphQLInputObjectType) -> str | None:
        """The first required id of an input: what the mutation is done to."""
        del name
        for key, each in given.fields.items():
            if isinstance(each.type, GraphQLNonNull) and get_named_type(each.type).name == "ID":
                return key
        return None

    def _entity(self, name: str, key: str) -> str:
        if key == "ids":
            return MANY[name]
        if key == "itemId":
            return "InspectionItem" if "Inspection" in name else "RewardItem"
        return OF.get(key.removesuffix("s").removesuffix("Id"), "Team")

    def _row(self, entity: str, *, inside: bool) -> int:
        """A row as wished for, of the viewer's own team if it can be; or one that is not there."""
        numbers = range(len(self.world.rows()[entity]))
        found = [n for n in numbers if self.reads(entity, n) == inside]
        own = self.viewer.team.id - 1 if self.viewer.team is not None else None
        near = [n for n in found if own is not None and _team(self.world, entity, n) == own]
        if inside and near and self.draw.random() < 0.6:
            return self.draw.choice(near)
        return self.draw.choice(found or [STRANGE])

    def _value(self, name: str, key: str, kind: Any) -> str:  # noqa: PLR0911 - one a kind
        if isinstance(kind, GraphQLNonNull):
            return self._value(name, key, kind.of_type)
        if isinstance(kind, GraphQLList):
            return f"[{self._value(name, key, kind.of_type)}]"
        if isinstance(kind, GraphQLEnumType):
            return self.draw.choice(list(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            parts = [
                f"{below}: {self._value(name, below, each.type)}"
                for below, each in kind.fields.items()
                if isinstance(each.type, GraphQLNonNull)
            ]
            return f"{{{', '.join(parts)}}}"
        match kind.name:
            case "ID":
                entity = self._entity(name, key)
                return f'"{encode(entity, self._row(entity, inside=self.draw.random() < 0.5) + 1)}"'
            case "Boolean":
                return self.draw.choice(["true", "false"])
            case "Int":
                return "0" if "unserved" in key else str(self.draw.randint(1, 9))
            case "Float" | "Decimal":
                return "1.5"
            case "Date" | "DateTime":
                return f'"{self._moment(key, kind.name)}"'
            case _:
                return f'"{self._text(key)}"'

    def _text(self, key: str) -> str:
        if key == "volunteerNo":
            return f"V{self._person}"
        if key == "name":
            return f"志愿者{self._person}"
        if key.endswith("Code"):
            return f"R{self.draw.randrange(len(self.world.regions))}"
        if "obile" in key:
            return "13800000000"
        return self.draw.choice(["说明", "查实", "社区服务"])

    def _moment(self, key: str, kind: str) -> str:
        hours = self.draw.randrange(24 * 40)
        now = datetime.now(UTC).replace(microsecond=0) - timedelta(days=20)
        later = timedelta(hours=2 if "end" in key.lower() else 0)
        when = now + timedelta(hours=hours) + later
        return when.date().isoformat() if kind == "Date" else when.isoformat()


def chosen(payload: Any, depth: int = 0) -> str:
    """What is asked of a payload: the rows in it, and why there are none."""
    if payload.name in {*IDENTIFIED, "Post"}:
        return "{ __typename id }"
    if payload.name == "UserError":
        return "{ code field message }"
    assert isinstance(payload, GraphQLObjectType)
    parts = ["__typename"]
    for name, each in payload.fields.items():
        below = get_named_type(each.type)
        plain = not any(isinstance(a.type, GraphQLNonNull) for a in each.args.values())
        if plain and isinstance(below, GraphQLObjectType) and depth < 3:
            parts.append(f"{name} {chosen(below, depth + 1)}")
    return f"{{ {' '.join(parts)} }}"


def _shown(payload: Any, depth: int = 0) -> set[str]:
    if payload.name in {*IDENTIFIED, "Post"}:
        return {payload.name}
    if payload.name == "UserError" or depth > 3:
        return set()
    found: set[str] = set()
    for each in payload.fields.values():
        below = get_named_type(each.type)
        plain = not any(isinstance(a.type, GraphQLNonNull) for a in each.args.values())
        if plain and isinstance(below, GraphQLObjectType):
            found |= _shown(below, depth + 1)
    return found


def given_rows(value: Any) -> Iterator[tuple[str, str]]:
    """The entity and global id of every row in an answer."""
    if isinstance(value, list):
        for each in value:
            yield from given_rows(each)
    elif isinstance(value, dict):
        if "id" in value:
            yield value["__typename"], value["id"]
        for each in value.values():
            yield from given_rows(each)


def _team(world: World, entity: str, n: int) -> int | None:
    if entity == "Post":
        return world.projects[n].team
    return (
        team_of(world, entity, n)
        if entity not in {"Volunteer", "Region", "Administrator"}
        else None
    )
