"""Teams beside the hubs: units' teams under the hub of their level, legal persons, branches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from db.enums import PermissionGroup, RegistrationStatus, TeamKind, TeamStatus
from db.names import grams, sort_key
from db.numbers import uscc
from db.numbers.business import team_no
from db.progress import Progress
from db.seed.bulk import copy_rows, reserve_ids
from db.seed.home import Home, Hub
from db.seed.hubs import attach_teams
from db.seed.people import People
from db.seed.team_rows import TeamRow
from db.seed.units import BRANCHES, LEGAL_FORMS, LEGAL_STEMS, UNITS, team_name

# Of a hundred teams so many are registered legal persons, and so many branches of these.
LEGAL_SHARE, BRANCH_SHARE = 4, 4
# Of a hundred unit teams so many live in the liveliest district, and so many in the second.
LIVELIEST_SHARE, LIVELY_SHARE = 80, 10
EDUCATION = "教育委员会"


@dataclass(frozen=True, slots=True)
class Teams:
    """The seeded teams, and which of them chose which as view team."""

    rows: Sequence[TeamRow]
    views: Sequence[tuple[int, int]]


async def form_teams(
    connection: Any, home: Home, *, count: int, seed: int, today: date, progress: Progress
) -> Teams:
    """Copies ``count`` teams with their history and view links."""
    ids = iter(await reserve_ids(connection, "teams", count))
    teams = plan_teams(home, ids, count=count, seed=seed, today=today)
    await copy_rows(connection, "teams", TeamRow, teams.rows, progress=progress, total=count)
    await attach_teams(connection)
    await connection.copy_records_to_table(
        "team_view_links",
        records=[(team, view, today) for team, view in teams.views],
        columns=("team_id", "view_team_id", "since"),
    )
    return teams


def plan_teams(home: Home, ids: Iterator[int], *, count: int, seed: int, today: date) -> Teams:
    """The teams, without a database: legal persons, their branches, then the units' teams."""
    maker = _Maker(People(Random(f"{seed}:teams")), ids, today)  # noqa: S311 - nothing secret
    legal = [maker.legal_person(home, n) for n in range(count * LEGAL_SHARE // 100)]
    branches = [
        maker.branch(home, legal[n // 3], n) for n in range(count * BRANCH_SHARE // 100) if legal
    ]
    units = list(maker.unit_teams(home, count - len(legal) - len(branches)))
    return Teams([*legal, *branches, *units], list(_views(home, legal, units)))


def _views(
    home: Home, legal: Sequence[TeamRow], units: Sequence[TeamRow]
) -> Iterator[tuple[int, int]]:
    """District education teams show themselves to the city's, some legal persons to a hub."""
    education = [team for team in units if EDUCATION in team.name]
    if education and education[0].contact_team_id == home.province_hub.id:
        for team in education[1:]:
            yield team.id, education[0].id
    for team in legal[::2]:
        yield team.id, _district_of(home, team).id


def _district_of(home: Home, team: TeamRow) -> Hub:
    return next(d for d in home.districts() if team.region_path.startswith(d.region_path))


@dataclass(frozen=True, slots=True)
class _Maker:
    """What every team is made with."""

    people: People
    ids: Iterator[int]
    today: date

    def legal_person(self, home: Home, n: int) -> TeamRow:
        """A registered organisation: a root of the forest, answering to its authority."""
        districts = home.districts()
        lively = (home.liveliest[0], home.lively[0])
        hub = lively[n % 2] if n % 3 else districts[(n // 3) % len(districts)]
        ending, body = LEGAL_FORMS[n % len(LEGAL_FORMS)]
        cycle = n // len(LEGAL_STEMS)
        stem = LEGAL_STEMS[n % len(LEGAL_STEMS)] + (LEGAL_STEMS[cycle % 20] if cycle else "")
        name = f"{home.province_hub.short_name}{hub.short_name}{stem}{ending}"
        row = self._team(hub, name, None, ["01", "17"])
        area = hub.code[:6] if hub.code[:6].isdigit() else home.province_hub.code[:6]
        return replace(
            row,
            kind=TeamKind.ORGANIZATION,
            registration_status=RegistrationStatus.LEGAL_PERSON,
            permission_group=PermissionGroup.MIDDLE,
            registration_authority_id=hub.region_id,
            uscc=uscc.make(body, area, f"MJ{n:06d}"),
            competent_unit=f"{hub.short_name}民政局",
            competent_unit_kind="党政机关",
        )

    def branch(self, home: Home, organisation: TeamRow, n: int) -> TeamRow:
        """A branch in a town of the organisation's district."""
        district = _district_of(home, organisation)
        towns = [
            hub
            for hub in home.hubs
            if hub.hub_level == "TOWN" and hub.region_path.startswith(district.region_path)
        ] or [district]
        town = towns[n % len(towns)]
        name = f"{organisation.name}{town.short_name}{BRANCHES[n // 3 % len(BRANCHES)]}"
        row = self._team(town, name, None, ["01"])
        return replace(
            row,
            contact_team_id=organisation.id,
            branch_of_id=organisation.id,
            affiliated_org_id=organisation.id,
            path=f"{organisation.path}{row.id}/",
            depth=organisation.depth + 1,
        )

    def unit_teams(self, home: Home, count: int) -> Iterator[TeamRow]:
        """Teams of units under the hub of their own level; the lively districts get most."""
        liveliest = count * LIVELIEST_SHARE // 100
        lively = count * LIVELY_SHARE // 100
        busy = (home.liveliest[0].id, home.lively[0].id)
        quiet = [hub for hub in home.districts() if hub.id not in busy]
        elsewhere = [home.province_hub, *quiet]
        yield from self._under(home, elsewhere, count - liveliest - lively)
        yield from self._under(home, home.liveliest, liveliest)
        yield from self._under(home, home.lively, lively)

    def _under(self, home: Home, hubs: Sequence[Hub], count: int) -> Iterator[TeamRow]:
        """Round after round, one team for every hub."""
        for n in range(count):
            hub = hubs[n % len(hubs)]
            place_in_hub = n // len(hubs)
            units = UNITS.get(hub.hub_level, UNITS["CITY"])
            unit, category = units[place_in_hub % len(units)]
            place = hub.short_name
            if hub.hub_level == "DISTRICT":
                place = home.province_hub.short_name + place
            name = team_name(place, unit, place_in_hub // len(units))
            yield self._with_state(self._team(hub, name, hub, [category]), n)

    def _with_state(self, team: TeamRow, n: int) -> TeamRow:
        """Of a hundred two wait for approval and one is disabled; a few were given more rights."""
        match n % 100:
            case 41 | 83:
                return replace(
                    team,
                    status=TeamStatus.PENDING,
                    permission_group=PermissionGroup.PENDING,
                    registered_at=None,
                )
            case 62:
                return replace(team, status=TeamStatus.DISABLED, status_reason="长期未开展活动")
            case 10 | 30 | 50 | 70:
                return replace(team, permission_group=PermissionGroup.JUNIOR_PROJECT)
            case 20 | 60:
                return replace(team, registration_status=RegistrationStatus.FILED)
            case _:
                return team

    def _team(self, place: Hub, name: str, contact: Hub | None, categories: list[str]) -> TeamRow:
        team_id = next(self.ids)
        founded_on = self.today - timedelta(days=400 + int(self.people.random.random() * 1500))
        principal, mobile = self.people.name(), self.people.mobile()
        return TeamRow(
            id=team_id,
            province=place.province,
            team_no=team_no(place.code, team_id),
            name=name,
            sort_key=sort_key(name),
            name_grams=grams(name),
            contact_team_id=contact.id if contact else None,
            path=f"{contact.path if contact else ''}{team_id}/",
            depth=contact.depth + 1 if contact else 1,
            region_id=place.region_id,
            region_path=place.region_path,
            founded_on=founded_on,
            planned_size=20 + int(self.people.random.random() * 180),
            service_categories=categories,
            intro=f"{name}在{place.short_name}开展经常性志愿服务。",
            principal_name=principal,
            principal_mobile=mobile,
            contact_name=self.people.name(),
            contact_mobile=self.people.mobile(),
            registered_at=datetime.combine(founded_on + timedelta(days=7), time(2), UTC),
        )
