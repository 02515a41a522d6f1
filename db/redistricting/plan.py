"""What a redistricting comes to in this database: which regions change, and how."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from db.enums import RegionLevel, SuccessionKind
from db.redistricting.file import RedistrictingRefused, TownLine
from db.region_file import Fault
from db.region_names import short_name
from db.write import Write

# A town that becomes another kind of town keeps its stem: 澄溪镇 and 澄溪街道 (DOMAIN §11.9).
TOWN_KINDS = ("街道", "镇", "乡")
TOWN_DIGITS = 9

_BY_CODE = """
select id, code, division_code, name, short_name, level, parent_id, path, depth, province
from regions where code = any($1::text[])
"""
_BELOW = """
select id, code, division_code, name, short_name, level, parent_id, path, depth, province
from regions where parent_id = any($1::bigint[]) order by path
"""
_ZONES = """
select id, code, division_code, name, short_name, level, parent_id, path, depth, province
from regions
where name = any($1::text[]) and level = 'COUNTY' and division_code is null and valid_to is null
"""
_DONE = """
select s.old_code, r.code as new_code, p.code as district from region_successions s
join regions r on r.id = s.new_region_id
join regions p on p.id = r.parent_id
where s.old_code = any($1::text[])
"""
_CHILDREN = """
select parent_id, count(*) as n from regions
where parent_id = any($1::bigint[]) and valid_to is null group by parent_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionChange:
    """A region as it will stand: the same row under another code, and maybe elsewhere."""

    id: int
    old_code: str
    new_code: str
    old_name: str
    new_name: str
    short_name: str
    level: RegionLevel
    parent_id: int
    path: str
    depth: int
    kinds: Sequence[SuccessionKind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Towns with their villages, districts that get a code, districts that come to an end.

    ``towns`` are by id with the district that each joins; ``dissolved`` by id with the successor.
    """

    changes: Sequence[RegionChange] = ()
    towns: Mapping[int, int] = field(default_factory=dict)
    lines: Mapping[int, int] = field(default_factory=dict)
    dissolved: Mapping[int, int] = field(default_factory=dict)
    districts: Sequence[int] = ()
    done: int = 0

    @property
    def villages(self) -> int:
        """How many villages and communities go with the towns."""
        return sum(change.level is RegionLevel.VILLAGE for change in self.changes)

    @property
    def place_of(self) -> Mapping[int, int]:
        """Where rows of a region lie from now on: there still, or in the successor."""
        return {change.id: change.id for change in self.changes} | dict(self.dissolved)


async def make_plan(write: Write, lines: Sequence[TownLine], districts: Mapping[str, str]) -> Plan:
    """The plan for the lines that are not yet done; ``districts`` names those that get a code.

    Raises:
        RedistrictingRefused: lines that do not fit what stands are named.
    """
    done = await _done(write, lines)
    todo = [line for line in lines if line.line not in done]
    if not todo:
        return Plan(done=len(done))
    regions = await _Standing.read(write, todo, districts)
    faults = [fault for line in todo if (fault := regions.fault(line)) is not None]
    if faults:
        raise RedistrictingRefused(faults)
    plan = regions.plan(todo, done=len(done))
    await _check_codes(write, todo, plan)
    return plan


async def _done(write: Write, lines: Sequence[TownLine]) -> set[int]:
    """The lines whose town succeeded its old code before, and stands where the line wants it."""
    rows = await write.run(_DONE, [line.old_code for line in lines])
    found = {(row["old_code"], row["new_code"], row["district"]) for row in rows}
    return {
        line.line for line in lines if (line.old_code, line.new_code, line.new_district) in found
    }


@dataclass(frozen=True, slots=True)
class _Standing:
    """The regions that the lines are about, as they stand."""

    by_code: Mapping[str, Any]
    zones: Mapping[str, Any]
    below: Mapping[int, Sequence[Any]]
    children: Mapping[int, int]

    @classmethod
    async def read(
        cls, write: Write, lines: Sequence[TownLine], districts: Mapping[str, str]
    ) -> "_Standing":
        codes = {
            code for line in lines for code in (line.old_code, line.old_district, line.new_district)
        }
        by_code = {row["code"]: row for row in await write.run(_BY_CODE, sorted(codes))}
        missing = {
            districts[code]: code
            for code in {line.new_district for line in lines} - set(by_code)
            if code in districts
        }
        zones = {missing[row["name"]]: row for row in await write.run(_ZONES, sorted(missing))}
        towns = [by_code[line.old_code]["id"] for line in lines if line.old_code in by_code]
        below: dict[int, list[Any]] = {}
        for row in await write.run(_BELOW, towns):
            below.setdefault(row["parent_id"], []).append(row)
        parents = [row["id"] for row in (*by_code.values(), *zones.values())]
        counts = await write.run(_CHILDREN, parents)
        return cls(by_code, zones, below, {row["parent_id"]: row["n"] for row in counts})

    def district(self, code: str) -> Any | None:
        return self.by_code.get(code) or self.zones.get(code)

    def fault(self, line: TownLine) -> Fault | None:
        """What does not fit between a line and what stands."""
        town = self.by_code.get(line.old_code)
        if town is None or town["level"] != RegionLevel.TOWN:
            return Fault([line.line], f"no town stands under the code {line.old_code}")
        old, new = self.by_code.get(line.old_district), self.district(line.new_district)
        villages = self.below.get(town["id"], ())
        message = None
        if stem(town["name"]) != stem(line.town):
            message = f"{line.old_code} is {town['name']}, not {line.town}"
        elif old is None or town["parent_id"] != old["id"]:
            message = f"{line.town} does not lie in {line.old_district}"
        elif new is None:
            message = (
                f"the district {line.new_district} is not known, and no zone without a code has"
                " its name"
            )
        elif new["level"] != RegionLevel.COUNTY or new["province"] != town["province"]:
            message = f"{line.new_district} is no district of the same province"
        elif len(villages) != line.villages:
            message = f"{line.town} has {len(villages)} villages, not {line.villages}"
        elif any(not _belongs(row["code"], line.old_code) for row in villages):
            message = f"a village of {line.town} has a code of another town"
        return Fault([line.line], message) if message else None

    def plan(self, lines: Sequence[TownLine], *, done: int) -> Plan:
        coded = {
            line.new_district: self.zones[line.new_district]
            for line in lines
            if line.new_district in self.zones
        }
        towns = {}
        changes = [_coded(row, code) for code, row in coded.items()]
        for line in lines:
            town, district = self.by_code[line.old_code], self.district(line.new_district)
            if district is None:  # said by ``fault``
                continue
            towns[town["id"]] = district["id"]
            changes += self._moved(line, town, district)
        old = {line.old_district for line in lines}
        new = {line.new_district for line in lines}
        return Plan(
            changes=changes,
            towns=towns,
            lines={self.by_code[line.old_code]["id"]: line.line for line in lines},
            dissolved=self._dissolved(lines, old - new),
            districts=sorted({row["id"] for code in old | new if (row := self.district(code))}),
            done=done,
        )

    def _moved(self, line: TownLine, town: Any, district: Any) -> Iterator[RegionChange]:
        kinds = [SuccessionKind.MOVED if line.old_district != line.new_district
                 else SuccessionKind.CODED]  # fmt: skip
        if line.town != town["name"]:
            kinds.append(SuccessionKind.RENAMED)
        path = f"{district['path']}{town['id']}/"
        depth = district["depth"] + 1
        yield RegionChange(
            id=town["id"],
            old_code=town["code"],
            new_code=line.new_code,
            old_name=town["name"],
            new_name=line.town,
            short_name=short_name(line.town, RegionLevel.TOWN),
            level=RegionLevel.TOWN,
            parent_id=district["id"],
            path=path,
            depth=depth,
            kinds=kinds,
        )
        for row in self.below.get(town["id"], ()):
            yield RegionChange(
                id=row["id"],
                old_code=row["code"],
                new_code=line.new_code[:TOWN_DIGITS] + row["code"][TOWN_DIGITS:],
                old_name=row["name"],
                new_name=row["name"],
                short_name=row["short_name"],
                level=RegionLevel(row["level"]),
                parent_id=town["id"],
                path=f"{path}{row['id']}/",
                depth=depth + 1,
                kinds=[SuccessionKind.CODED],
            )

    def _dissolved(self, lines: Sequence[TownLine], losing: set[str]) -> Mapping[int, int]:
        """The districts that lose their last town, each with the one that most villages go to."""
        ended = {}
        for code in sorted(losing):
            old = self.by_code[code]
            leaving = [line for line in lines if line.old_district == code]
            if len(leaving) == self.children.get(old["id"]):
                went = Counter[str]()
                for line in leaving:
                    went[line.new_district] += line.villages + 1
                successor = self.district(max(sorted(went), key=went.__getitem__))
                if successor is not None:
                    ended[old["id"]] = successor["id"]
        return ended


def stem(town: str) -> str:
    """The name of a town without its kind."""
    return next((town.removesuffix(kind) for kind in TOWN_KINDS if town.endswith(kind)), town)


def _belongs(village: str, town: str) -> bool:
    return len(village) == len(town) and village[:TOWN_DIGITS] == town[:TOWN_DIGITS]


def _coded(zone: Any, code: str) -> RegionChange:
    """A functional zone that becomes a district: the same region under its national code."""
    return RegionChange(
        id=zone["id"],
        old_code=zone["code"],
        new_code=code,
        old_name=zone["name"],
        new_name=zone["name"],
        short_name=zone["short_name"],
        level=RegionLevel(zone["level"]),
        parent_id=zone["parent_id"],
        path=zone["path"],
        depth=zone["depth"],
        kinds=[SuccessionKind.CODED],
    )


async def _check_codes(write: Write, lines: Sequence[TownLine], plan: Plan) -> None:
    """No new code may belong to a region that keeps it.

    Raises:
        RedistrictingRefused: the lines are named whose town or villages would get one.
    """
    leaving = {change.id for change in plan.changes}
    wanted = [change.new_code for change in plan.changes]
    rows = await write.run(_BY_CODE, wanted)
    taken = {row["code"]: row["name"] for row in rows if row["id"] not in leaving}
    faults = [
        Fault([line.line], f"the code {code} belongs to {name}")
        for line in lines
        for code, name in taken.items()
        if code[:TOWN_DIGITS] == line.new_code[:TOWN_DIGITS]
    ]
    if faults:
        raise RedistrictingRefused(faults)
