"""The README's tutorial: its steps as they are written, and how a reader follows them."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from db.clock import CHINA, run_due
from db.migrate import upgrade
from db.seed.bare import OFFICER
from db.seed.demo import PASSWORD
from db.seed.run import seed_bare
from db.session import Database
from gateway.settings import Settings
from tests.api.client import Client, running
from tests.small_world import STATION

ROOT = Path(__file__).parents[2]
SECTIONS = {
    "README.md": "## From registration to a verified certificate",
    "README.zh-CN.md": "## 从注册到查验过的证明",
}
PIECE = re.compile(
    r"^<!-- (?P<mark>[^\n]+) -->$|^```(?P<lang>graphql|json)\n(?P<text>.*?)^```$"
    r"|^\| (?P<row>[^-\n][^\n]*) \|$",
    re.MULTILINE | re.DOTALL,
)
MARK = re.compile(r"as (?P<who>\w+): (?P<capacity>[^;]+)(; again (?P<again>\w+))?")
LATER = re.compile(r"later: (?P<number>[0-9]+) (?P<unit>hours|days)")
NAME = re.compile(r"^(?:query|mutation) (\w+)")
PLACE = re.compile(r"<(\w+)>")
HERE = "localhost"  # both the national site and the station
COLUMNS = ("name", "idNumber", "mobile", "username")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request of the tutorial, and the answer that it shows."""

    mark: str
    document: str
    variables: Mapping[str, Any]
    answer: Mapping[str, Any]

    @property
    def name(self) -> str:
        match = NAME.match(self.document)
        assert match is not None
        return match[1]


@dataclass(frozen=True, slots=True)
class Pause:
    """Time that passes between two steps."""

    length: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Tutorial:
    """The steps in order, and the people of the table."""

    steps: Sequence[Step | Pause]
    people: Sequence[Mapping[str, str]]


def read_tutorial(name: str) -> Tutorial:
    """The tutorial of one README."""
    text = (ROOT / name).read_text("utf-8")
    begin = text.index(SECTIONS[name])
    section = text[begin : text.index("\n## ", begin)]
    rows = [
        tuple(part.strip() for part in match["row"].split("|"))
        for match in PIECE.finditer(section)
        if match["row"]
    ]
    people = [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]]
    return Tutorial(steps=[*_steps(section)], people=people)


def _steps(section: str) -> Iterator[Step | Pause]:
    documents: dict[str, str] = {}
    mark, name, variables = "", "", {}
    for match in PIECE.finditer(section):
        if match["mark"]:
            mark, variables = match["mark"], {}
            if later := LATER.fullmatch(mark):
                yield Pause(timedelta(**{later["unit"]: int(later["number"])}))
            elif (again := MARK.fullmatch(mark)) and again["again"]:
                names = {NAME.match(text)[1]: text for text in documents.values()}  # type: ignore[index]
                name = next(each for each in names if each == again["again"])
        elif match["lang"] == "graphql":
            name = NAME.match(match["text"])[1]  # type: ignore[index]
            documents[name] = match["text"]
        elif match["lang"] == "json":
            given = json.loads(match["text"])
            if "variables" in given:
                variables = given["variables"]
            else:
                yield Step(mark=mark, document=documents[name], variables=variables, answer=given)


async def past_midnight() -> None:
    """Waits for tomorrow if today would end while somebody reads the tutorial."""
    now = datetime.now(CHINA)
    left = datetime.combine(now.date() + timedelta(days=1), time(), CHINA) - now
    if left < timedelta(minutes=1):
        await asyncio.sleep(left.total_seconds())


@dataclass(slots=True)
class LateClock:
    """The station's clock, later than the real one by what the tutorial has waited."""

    late: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.late


async def prepare_bare(url: str) -> None:
    """A station of regions where nobody acts yet."""
    await upgrade(url, station=STATION)
    await seed_bare(url)


@asynccontextmanager
async def reading(
    url: str, redis_url: str, settings: Settings | None = None
) -> AsyncIterator["Reader"]:
    """A reader at a bare station whose clock can be put forward."""
    await past_midnight()
    clock = LateClock()
    async with (
        Database(url) as database,
        running(url, redis_url, settings, clock=clock) as client,
    ):
        reader = Reader(client, database, clock)
        reader.passwords[OFFICER] = PASSWORD
        yield reader


@dataclass(slots=True)
class Reader:
    """Follows the tutorial over HTTP, and remembers what answers gave."""

    client: Client
    database: Database
    clock: LateClock
    known: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)

    async def follow(self, tutorial: Tutorial) -> None:
        """Does all that it says; fails at the first answer that is not the one it shows."""
        today = self.clock().astimezone(CHINA).date()
        self.known.update(today=str(today), tomorrow=str(today + timedelta(days=1)))
        for step in tutorial.steps:
            if isinstance(step, Pause):
                self.clock.late += step.length
                await run_due(self.database.engine, now=self.clock())
            else:
                await self._do(step, tutorial.people)

    async def _do(self, step: Step, people: Sequence[Mapping[str, str]]) -> None:
        if step.mark == "everyone":
            for person in people:
                given = {"person": {**step.variables["person"], **person}}
                self.passwords[person["username"]] = given["person"]["password"]
                await self._ask(step, given, {})
        elif step.mark == "sign in":
            for username, password in self.passwords.items():
                given = {"username": username, "password": password}
                self.known.pop("token", None)
                await self._ask(step, given, {})
                self.tokens[username] = self.known["token"]
        elif step.mark == "anyone":
            await self._ask(step, self._filled(step.variables), {})
        else:
            match = MARK.fullmatch(step.mark)
            assert match is not None, step.mark
            headers = {
                "authorization": f"Bearer {self.tokens[match['who']]}",
                "x-acting-as": self._filled(match["capacity"]),
            }
            await self._ask(step, self._filled(step.variables), headers)

    async def _ask(self, step: Step, variables: Any, headers: Mapping[str, str]) -> None:
        answer = await self.client.ask(step.document, variables, headers=headers, host=HERE)
        self.answers.append(answer.response.text)
        if step.mark == "everyone":
            self.known.pop("number", None)
        self._compare(step.answer["data"], answer.body.get("data"), step.name, answer.body)

    def _compare(self, shown: Any, found: Any, at: str, whole: Any) -> None:
        """Holds an answer to the one that is shown; a place in brackets takes what stands there."""
        if isinstance(shown, dict):
            assert isinstance(found, dict), (at, whole)
            assert shown.keys() == found.keys(), (at, whole)
            for key in shown:
                self._compare(shown[key], found[key], f"{at}.{key}", whole)
        elif isinstance(shown, list):
            assert isinstance(found, list), (at, whole)
            assert len(shown) == len(found), (at, whole)
            for n, (one, other) in enumerate(zip(shown, found, strict=True)):
                self._compare(one, other, f"{at}.{n}", whole)
        elif isinstance(shown, str) and (place := PLACE.fullmatch(shown)):
            assert isinstance(found, str), (at, whole)
            assert self.known.setdefault(place[1], found) == found, (at, whole)
        else:
            assert found == shown, (at, whole)

    def _filled(self, value: Any) -> Any:
        """A value with what is known in the places in brackets."""
        if isinstance(value, dict):
            return {key: self._filled(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._filled(each) for each in value]
        if isinstance(value, str):
            return PLACE.sub(lambda match: self.known[match[1]], value)
        return value
