"""What a world's file tells, word by word: who may do what to which row.

``besides`` lists for each person what that person may do, in the words of ``words.yaml``; several
persons, and several rows, stand with 、 between them. An action's own name is a word too.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from db.enums import PermissionGroup
from permissions.actions import Action

AND, TO, ITSELF, ALL = "、", "->", "itself", "all "
MOVE, GROUP = "Move", "Group"
# A person, what is done, and to what: as names.
Grant = tuple[str, str, str]


@cache
def words() -> Mapping[str, Mapping[str, list[str]]]:
    """What each word allows, by the kind of what it is done to."""
    return dict(_documents()[0])


@cache
def groups() -> Mapping[str, list[str]]:
    """The permission groups that a word stands for."""
    return dict(_documents()[1]) | {each.value: [each.value] for each in PermissionGroup}


@cache
def _documents() -> list[Any]:
    text = Path(__file__).with_name("words.yaml").read_text(encoding="utf-8")
    return list(yaml.load_all(text, Loader=yaml.CSafeLoader))


class Names:
    """The rows of a world by name, and the persons of a world by what they are."""

    def __init__(
        self,
        kinds: Mapping[str, str],
        sections: Mapping[str, list[str]],
        people: Mapping[str, list[str]],
    ) -> None:
        self._kinds = kinds
        self._sections = sections
        self._people = people

    def people(self, said: str) -> Iterator[str]:
        """The persons that are said, each of them or all of a sort."""
        for name in _split(said):
            yield from self._people.get(name, [name])

    def kind(self, subject: str) -> str:
        """What sort of subject it is: the entity of a row, a move or a group that is given."""
        _, _, end = (part.strip() for part in subject.partition(TO))
        if end:
            return GROUP if end in groups() else MOVE
        return self._kinds[subject]

    def rows(self, said: Any, person: str) -> Iterator[str]:
        """The subjects that are said, one by one."""
        for each in [said] if isinstance(said, str) else said:
            start, _, end = (part.strip() for part in each.partition(TO))
            if not end:
                yield from self._rows(start, person)
                continue
            for first in self._rows(start, person):
                for second in self._ends(end, person):
                    yield f"{first} {TO} {second}"

    def _ends(self, said: str, person: str) -> Iterator[str]:
        yield from groups().get(said) or self._rows(said, person)

    def _rows(self, said: str, person: str) -> Iterator[str]:
        if said.startswith(ALL):
            yield from self._sections[said.removeprefix(ALL)]
            return
        for name in _split(said):
            yield person if name == ITSELF else name


def grants(names: Names, besides: Mapping[str, Mapping[str, Any]]) -> Iterator[Grant]:
    """Each thing that somebody may do, as ``besides`` tells it."""
    for who, told in besides.items():
        for person in names.people(who):
            for word, said in told.items():
                for subject in names.rows(said, person):
                    for action in _actions(word, names.kind(subject)):
                        yield person, action, subject


def said_actions() -> set[str]:
    """Every action that some word allows."""
    return {
        action for kinds in words().values() for allowed in kinds.values() for action in allowed
    }


def _actions(word: str, kind: str) -> Iterable[str]:
    return [word] if word in Action.__members__ else words()[word][kind]


def _split(said: str) -> list[str]:
    return [each.strip() for each in said.split(AND)]
