"""Statistics over HTTP: figures, breakdowns, who sees them, what the public gets."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
import pytest_asyncio

from db.clock import CHINA
from db.enums import (
    IdentityType,
    MembershipStatus,
    ProjectStatus,
    RecordStatus,
    ReviewKind,
    ReviewState,
    Sex,
    SignUpStatus,
)
from db.ledger.folding import fold_all
from db.models import (
    Membership,
    Post,
    Review,
    SignUp,
    TeamViewLink,
    Volunteer,
    VolunteerIdentity,
)
from db.session import Database
from resolvers.metrics import BREAKDOWNS, Dimension
from schema.ids import encode
from tests.api.client import Client, running
from tests.fuzz.partners import KEYS, PARTNERS, PLENTY, open_to_partners
from tests.small_world import Planter, connected
from tests.workflows.district import District

pytestmark = pytest.mark.asyncio(loop_scope="module")

SERVED = datetime(2026, 5, 10, 1, 0, tzinfo=UTC)
# Words of their own in the village must not become a figure that names them.
SKILLS = {"community": ["急救"], "village": ["我家住二楼"]}
GRADUATES = 4
GRADUATE: Mapping[str, Any] = {
    "star": 1, "effective_minutes": 700, "education": "20", "employment": "退休",
    "political_status": "01", "service_categories": ["01", "02"],
}  # fmt: skip
RESIDENTS = {"community": 12, "village": 3, "other": 40}

REGION = """
query ($code: String!, $asOf: Date) {
  region(code: $code) {
    statistics(asOf: $asOf) {
      volunteers activeVolunteers memberships teams hubs projects records minutes hours
      overdueRecords pendingReviews filledPlaces noShows communities coveredCommunities coverage
      volunteersPerResident goal
      months(count: 3) { month volunteers activeVolunteers records hours }
    }
    childStatistics(months: 2, asOf: $asOf) {
      region { name } totals { volunteers records } months { month records }
    }
  }
}
"""
TEAM = """
query ($id: ID!) {
  node(id: $id) { ... on Team {
    statistics { volunteers memberships records hours }
    childStatistics(months: 1) { team { name } totals { volunteers } months { records } }
  } }
}
"""
REPORT = """
query ($scope: StatisticsScopeInput!, $metrics: [Metric!]!, $from: Date, $to: Date,
       $granularity: Granularity, $by: Dimension) {
  statistics(scope: $scope, metrics: $metrics, from: $from, to: $to, granularity: $granularity,
             breakdown: $by) {
    from to region { code } team { id }
    totals { metric value }
    series { period figures { metric value } }
    breakdown { dimension isMultiValued cells { metric value figure } }
  }
}
"""
RANKING = """
query ($scope: StatisticsScopeInput!, $metric: Metric!, $first: Int!, $of: RankedKind) {
  rankings(scope: $scope, metric: $metric, first: $first, of: $of) {
    rank value region { code } team { id }
  }
}
"""
PUBLIC = """
query ($code: String!, $month: Date) {
  publicStatistics(regionCode: $code, month: $month) {
    month volunteers teams hubs minutes volunteersPerResident
    children { region { code } volunteers minutes volunteersPerResident }
  }
}
"""
POPULATION = """
update regions set population = $2, population_year = 2020, population_source = '普查' where id = $1
"""


@dataclass(slots=True)
class Figures:
    """The district, who asks, and how."""

    district: District
    client: Client
    accounts: dict[str, int]

    async def ask(self, document: str, who: str | None = None, **variables: Any) -> Any:
        viewer = self.accounts[who] if who else None
        return await self.client.ask(document, variables, viewer=viewer)

    def code(self, name: str) -> str:
        return self.district.regions[name].code

    def team(self, name: str) -> str:
        return encode("Team", self.district.forest.teams[name].id)


async def plant(url: str) -> tuple[District, dict[str, int]]:
    """Residents, a team with four members of whom two served, a viewing team, and accounts."""
    async with Database(url) as database:
        planter = Planter(database)
        district = await District.plant(planter)
        region = district.regions["community"]
        await district.team("group", "community", region, service_categories=["03"])
        await district.team("viewing", "other", district.regions["other"])
        group, viewing = district.forest.teams["group"], district.forest.teams["viewing"]
        await planter.add(
            TeamViewLink(team_id=group.id, view_team_id=viewing.id, since=SERVED.date())
        )
        people = [
            await planter.volunteer(
                district.regions[name],
                sex=Sex.MALE if n % 3 == 0 else Sex.FEMALE,
                registered_at=datetime(2026, 4, 20, tzinfo=UTC),
                skills=SKILLS.get(name, []),
                **(GRADUATE if name == "community" and n < GRADUATES else {}),
            )
            for name, count in RESIDENTS.items()
            for n in range(count)
        ]
        await planter.add(*(identity(volunteer) for volunteer in people[:2]))
        await planter.add(*(identity(volunteer) for volunteer in people[-2:]))
        for volunteer in people[:4]:
            await planter.add(
                Membership(
                    province="50", team_id=group.id, volunteer_id=volunteer.id,
                    status=MembershipStatus.JOINED, joined_at=SERVED,
                )
            )  # fmt: skip
        for volunteer in people[-12:]:
            await planter.add(
                Membership(
                    province="50", team_id=viewing.id, volunteer_id=volunteer.id,
                    status=MembershipStatus.JOINED, joined_at=SERVED,
                )
            )  # fmt: skip
        project = await planter.project(
            group, status=ProjectStatus.CLOSED, categories=["01", "02"], targets=["老年人"]
        )
        post = Post(province="50", project_id=project.id, post_no=1, name="岗位", planned=12)
        await planter.add(post)
        await planter.add(
            SignUp(
                province="50", project_id=project.id, post_id=post.id, team_id=group.id,
                volunteer_id=people[5].id, status=SignUpStatus.ATTENDED,
            ),
            Review(
                province="50", kind=ReviewKind.LATE_HOURS, subject_type="ServiceRecord",
                subject_id=1, team_id=group.id, state=ReviewState.PENDING,
                reviewer_team_id=district.forest.teams["community"].id,
            ),
        )  # fmt: skip
        for volunteer, minutes in zip(people, (90, 120), strict=False):
            await planter.record(
                volunteer, group, starts_at=SERVED, minutes=minutes, project_id=project.id,
                status=RecordStatus.EFFECTIVE, is_overdue=minutes == 120,
            )  # fmt: skip
        accounts = {
            "district": await account_of(district.forest.officer(district.regions["district"])),
            "other": await account_of(district.forest.officer(district.regions["other"])),
            "town hub": await account_of(district.forest.manager("town")),
            "group": await account_of(district.forest.manager("group")),
            "viewing": await account_of(district.forest.manager("viewing")),
        }
    async with connected(url) as db:
        town = district.regions["town"].id
        await db.execute(PARTNERS, 1, "合作方", town, PLENTY)
        await db.execute(KEYS, 1, sha256(b"vgk_1").digest())
        for name, residents in (("city", 500), ("district", 120)):
            await db.execute(POPULATION, district.regions[name].id, residents)
        # Half of it folded, half of it pending, and no figure may tell.
        await fold_all(db, limit=20)
    return district, accounts


def identity(volunteer: Volunteer) -> VolunteerIdentity:
    """A sealed number that nobody opens."""
    return VolunteerIdentity(
        volunteer_id=volunteer.id, id_type=IdentityType.RESIDENT_ID, sealed_number=b"-",
        key_id="k1", blind_index=volunteer.id.to_bytes(8, "big"),
    )  # fmt: skip


async def account_of(viewer: Any) -> int:
    account: int = (await viewer).account_id
    return account


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def figures(url: str, redis_url: str) -> AsyncIterator[Figures]:
    district, accounts = await plant(url)
    async with running(url, redis_url, alter=open_to_partners) as client:
        yield Figures(district, client, accounts)


async def test_district_reads_its_totals_months_and_children(figures: Figures) -> None:
    answer = await figures.ask(REGION, "district", code=figures.code("district"))

    region = answer.good["region"]
    told = region["statistics"]
    months = told.pop("months")
    assert told == {
        "volunteers": 15, "activeVolunteers": 0, "memberships": 4, "teams": 1, "hubs": 3,
        "projects": 1, "records": 2, "minutes": 210, "hours": "3.50", "overdueRecords": 1,
        "pendingReviews": 1, "filledPlaces": 1, "noShows": 0, "communities": 2,
        "coveredCommunities": 1, "coverage": 0.5, "volunteersPerResident": 0.125, "goal": 0.13,
    }  # fmt: skip
    assert len(months) == 3
    (town,) = region["childStatistics"]
    assert town["totals"] == {"volunteers": 15, "records": 2}
    # The region; its figures with those below; who asks: one statement each.
    assert answer.statements <= 5


async def test_figures_as_of_a_past_day_are_those_of_that_day(figures: Figures) -> None:
    """What is kept by month alone is known at the end of one, and before it nobody may guess."""
    told = {
        day: (await figures.ask(REGION, "district", code=figures.code("town"), asOf=day)).good[
            "region"
        ]
        for day in ("2026-04-19", "2026-05-09", "2026-05-10", "2026-05-31")
    }
    totals = [each["statistics"] for each in told.values()]
    below = [each["childStatistics"][0] for each in told.values()]

    assert [each["volunteers"] for each in totals] == [0, 15, 15, 15]
    assert [each["records"] for each in totals] == [0, 0, 2, 2]
    for name, at_end in (("activeVolunteers", 2), ("filledPlaces", 0), ("noShows", 0)):
        assert [each[name] for each in totals] == [None, None, None, at_end]
    months = [each["months"] for each in totals]
    assert [each["volunteers"] for each in months[2]] == [0, 15, 0]
    assert [each["volunteers"] for each in months[0]] == [0, 0, 0]
    assert [each[-1]["records"] for each in months] == [0, 0, 2, 2]
    assert [each[-1]["hours"] for each in months] == ["0.00", "0.00", "3.50", "3.50"]
    assert [each[-1]["activeVolunteers"] for each in months] == [None, None, None, 2]
    assert [each["activeVolunteers"] for each in months[2][:-1]] == [0, 0]
    assert [each["months"][-1]["records"] for each in below] == [0, 0, 2, 2]
    assert [each["totals"]["records"] for each in below] == [0, 0, 2, 2]


async def test_report_tells_parts_and_kinds(figures: Figures) -> None:
    scope = {"regionCode": figures.code("district")}

    by_month = await figures.ask(
        REPORT, "district", scope=scope, metrics=["RECORDS", "MINUTES"], granularity="MONTH",
        **{"from": "2026-04-01", "to": "2026-06-30"}, by="CATEGORY",
    )  # fmt: skip
    by_sex = await figures.ask(
        REPORT, "district", scope=scope, metrics=["VOLUNTEERS"], to="2026-05-31", by="SEX"
    )
    by_age = await figures.ask(REPORT, "district", scope=scope, metrics=["VOLUNTEERS"], by="AGE")

    report = by_month.good["statistics"]
    assert report["totals"] == [
        {"metric": "RECORDS", "value": 2},
        {"metric": "MINUTES", "value": 210},
    ]
    series = [[each["value"] for each in point["figures"]] for point in report["series"]]
    assert series == [[0, 0], [2, 210], [0, 0]]
    assert report["breakdown"]["isMultiValued"] is True
    assert [(cell["value"], cell["figure"]) for cell in report["breakdown"]["cells"]] == [
        *(("01", 2), ("02", 2)),
        *(("01", 210), ("02", 210)),
    ]
    cells = {
        cell["value"]: cell["figure"] for cell in by_sex.good["statistics"]["breakdown"]["cells"]
    }
    assert cells == {"FEMALE": 10, "MALE": 5}
    ages = by_age.good["statistics"]["breakdown"]["cells"]
    assert [(cell["value"], cell["figure"]) for cell in ages] == [("35_44", 15)]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"to": "2099-01-01"}, "to"),
        ({"from": "1999-12-31"}, "from"),
        ({"from": "2026-06-01", "to": "2026-05-01"}, "from"),
        ({"metrics": []}, "metrics"),
        ({"metrics": ["NO_SHOWS"], "to": "2026-05-15"}, "to"),
        ({"metrics": ["RECORDS"], "by": "SEX"}, "breakdown"),
        ({"metrics": ["HUBS"], "by": "KIND"}, "breakdown"),
        ({"by": "SEX", "to": "2026-05-15"}, "to"),
        ({"granularity": "DAY", "from": "2020-01-01"}, "from"),
        ({"scope": {}}, "scope"),
        ({"scope": {"team": "town"}, "metrics": ["COMMUNITIES"]}, "metrics"),
        ({"scope": {"team": "town"}, "metrics": ["TEAMS", "COVERED_COMMUNITIES"]}, "metrics"),
        ({"scope": {"regionCode": "500000", "teamId": "VGVhbTox"}}, "scope"),
        ({"scope": {"teamId": "nonsense"}}, "scope.teamId"),
    ],
)
async def test_question_that_cannot_be_answered_is_named(
    figures: Figures, more: dict[str, Any], field: str
) -> None:
    scope = {"regionCode": figures.code("district")}
    asked = {"scope": scope, "metrics": ["VOLUNTEERS"], **more}
    if "team" in asked["scope"]:
        asked["scope"] = {"teamId": figures.team(asked["scope"]["team"])}

    answer = await figures.ask(REPORT, "district", **asked)

    (error,) = answer.errors
    assert error["extensions"]["field"] == field


async def test_regions_and_teams_are_ranked(figures: Figures) -> None:
    city = {"regionCode": figures.code("district")}
    ranked = await figures.ask(RANKING, "district", scope=city, metric="VOLUNTEERS", first=5)
    hub = {"teamId": figures.team("town")}
    teams = await figures.ask(RANKING, "town hub", scope=hub, metric="MINUTES", first=5)

    assert [(each["rank"], each["value"]) for each in ranked.good["rankings"]] == [(1, 15)]
    assert [
        (each["rank"], each["value"], each["team"]["id"]) for each in teams.good["rankings"]
    ] == [(1, 210, figures.team("community"))]
    of_region = await figures.ask(
        RANKING, "district", scope=city, metric="MEMBERSHIPS", first=5, of="TEAMS"
    )
    assert of_region.good["rankings"] == [
        {"rank": 1, "value": 4, "region": None, "team": {"id": figures.team("group")}}
    ]
    of_team = await figures.ask(
        RANKING, "town hub", scope=hub, metric="MINUTES", first=5, of="REGIONS"
    )
    assert of_team.errors[0]["extensions"]["field"] == "of"


@pytest.mark.parametrize(
    ("who", "name", "sees"),
    [
        ("district", "district", True),
        ("district", "town", True),
        ("district", "city", False),
        ("district", "other", False),
        ("other", "district", False),
        ("town hub", "community", True),
        ("town hub", "district", False),
    ],
)
async def test_region_is_seen_by_who_answers_for_it(
    figures: Figures, who: str, name: str, *, sees: bool
) -> None:
    answer = await figures.ask(REGION, who, code=figures.code(name))

    region = answer.good["region"]
    assert (region["statistics"] is not None) is sees
    assert sees or region["childStatistics"] == []
    report = await figures.ask(
        REPORT, who, scope={"regionCode": figures.code(name)}, metrics=["VOLUNTEERS"]
    )
    assert (report.good["statistics"] is not None) is sees


@pytest.mark.parametrize(
    ("who", "name", "sees", "below"),
    [
        ("group", "group", True, 0),
        ("group", "community", False, 0),
        ("town hub", "group", True, 0),
        ("town hub", "community", True, 1),
        ("district", "community", True, 1),
        ("viewing", "group", True, 0),  # by its view link
        ("viewing", "community", False, 0),
        ("other", "group", False, 0),
    ],
)
async def test_team_is_seen_by_itself_from_above_and_by_its_view_team(
    figures: Figures, who: str, name: str, *, sees: bool, below: int
) -> None:
    answer = await figures.ask(TEAM, who, id=figures.team(name))

    team = answer.good["node"]
    assert len(team["childStatistics"]) == below
    told = {"volunteers": 4, "memberships": 4, "records": 2, "hours": "3.50"}
    assert team["statistics"] == (told if sees else None)


@pytest.mark.parametrize(
    ("name", "sees"), [("town", True), ("community", True), ("district", False), ("other", False)]
)
async def test_partner_reads_the_figures_of_its_contract_and_no_others(
    figures: Figures, name: str, *, sees: bool
) -> None:
    partner = {"authorization": "Bearer vgk_1"}
    code = figures.code(name)

    region = (await figures.client.ask(REGION, {"code": code}, headers=partner)).good["region"]
    asked = {"scope": {"regionCode": code}, "metrics": ["VOLUNTEERS"]}
    report = await figures.client.ask(REPORT, asked, headers=partner)
    ranked = {"scope": {"regionCode": code}, "metric": "VOLUNTEERS", "first": 5}
    ranking = await figures.client.ask(RANKING, ranked, headers=partner)

    assert (region["statistics"] is not None) is sees
    assert sees or region["childStatistics"] == []
    assert (report.good["statistics"] is not None) is sees
    assert sees or ranking.good["rankings"] == []
    assert not sees or region["statistics"]["volunteers"] == {"town": 15, "community": 12}[name]


@pytest.mark.parametrize(("name", "sees"), [("group", True), ("other", False)])
async def test_partner_reads_the_figures_of_teams_in_its_contract(
    figures: Figures, name: str, *, sees: bool
) -> None:
    answer = await figures.client.ask(
        TEAM, {"id": figures.team(name)}, headers={"authorization": "Bearer vgk_1"}
    )

    team = answer.good["node"]
    assert (team is not None and team["statistics"] is not None) is sees


# Of each dimension, the indicators that are broken down by it, each with its values.
BROKEN_DOWN: Mapping[str, Mapping[str, Sequence[tuple[str, int]]]] = {
    "SEX": {"VOLUNTEERS": [("FEMALE", 10), ("MALE", 5)]},
    "AGE": {"VOLUNTEERS": [("35_44", 15)]},
    "STAR": {"VOLUNTEERS": [("0", 11), ("1", 4)]},
    "HOURS": {
        "VOLUNTEERS": [("0", 11), ("10_49", 4)],
        "TEAMS": [("UNDER_100", 1)],
        "HUBS": [("0", 3)],
    },
    "EDUCATION": {"VOLUNTEERS": [("NONE", 11), ("20", 4)]},
    "EMPLOYMENT": {"VOLUNTEERS": [("NONE", 11), ("OTHER", 4)]},
    "POLITICAL_STATUS": {"VOLUNTEERS": [("NONE", 11), ("01", 4)]},
    "CATEGORY": {
        "VOLUNTEERS": [("01", 4), ("02", 4)],
        "TEAMS": [("03", 1)],
        "PROJECTS": [("01", 1), ("02", 1)],
        "PLANNED_PLACES": [("01", 12), ("02", 12)],
        "RECORDS": [("01", 2), ("02", 2)],
        "MINUTES": [("01", 210), ("02", 210)],
    },
    "KIND": {"TEAMS": [("GROUP", 1)]},
    "REGISTRATION_STATUS": {"TEAMS": [("UNREGISTERED", 1)]},
    "PERMISSION_GROUP": {
        "TEAMS": [("BASIC", 1)],
        "HUBS": [("JUNIOR_QUICK", 1), ("MIDDLE_QUICK", 1), ("SENIOR_QUICK", 1)],
    },
    "STATUS": {
        "PROJECTS": [("CLOSED", 1)],
        "PLANNED_PLACES": [("CLOSED", 12)],
        "SIGN_UPS": [("ATTENDED", 1)],
    },
    "RECRUIT_SCOPE": {"PROJECTS": [("OPEN", 1)], "PLANNED_PLACES": [("OPEN", 12)]},
    "TARGET": {"PROJECTS": [("老年人", 1)], "PLANNED_PLACES": [("老年人", 12)]},
    "HEADCOUNT": {"PROJECTS": [("10_29", 1)], "PLANNED_PLACES": [("10_29", 12)]},
    "SOURCE": {"RECORDS": [("TEAM_ENTRY", 2)], "MINUTES": [("TEAM_ENTRY", 210)]},
    "REVIEW_KIND": {"PENDING_REVIEWS": [("LATE_HOURS", 1)]},
    "SKILL": {"VOLUNTEERS": [("急救", 12), ("OTHER", 3)]},
    "ID_TYPE": {"VOLUNTEERS": [("RESIDENT_ID", 2)]},
    "SIZE": {"TEAMS": [("1_9", 1)], "HUBS": [("0", 3)]},
}


async def test_every_breakdown_is_asked_for() -> None:
    pairs = {(by.value, metric.value) for metric, each in BREAKDOWNS.items() for by in each}

    assert {(by, metric) for by, told in BROKEN_DOWN.items() for metric in told} == pairs


@pytest.mark.parametrize("by", [*Dimension])
async def test_breakdown_tells_each_value_and_how_many(figures: Figures, by: str) -> None:
    expected = BROKEN_DOWN[by]

    answer = await figures.ask(
        REPORT, "district", scope={"regionCode": figures.code("district")}, metrics=[*expected],
        by=by,
    )  # fmt: skip

    told = answer.good["statistics"]["breakdown"]
    assert told["dimension"] == by
    assert told["isMultiValued"] is (by in {"CATEGORY", "TARGET", "SKILL"})
    for metric, cells in expected.items():
        found = [
            (cell["value"], cell["figure"]) for cell in told["cells"] if cell["metric"] == metric
        ]
        assert found == cells, metric


@pytest.mark.parametrize(
    ("granularity", "since", "until", "series"),
    [
        (
            *("DAY", "2026-05-09", "2026-05-11"),
            {"2026-05-09": [15, 0, 0], "2026-05-10": [15, 2, 210], "2026-05-11": [15, 0, 0]},
        ),
        ("YEAR", "2025-03-01", "2026-06-30", {"2025-03-01": [0, 0, 0], "2026-01-01": [15, 2, 210]}),
    ],
)
async def test_series_goes_by_day_and_by_year(
    figures: Figures, granularity: str, since: str, until: str, series: Mapping[str, list[int]]
) -> None:
    answer = await figures.ask(
        REPORT, "district", scope={"regionCode": figures.code("district")},
        metrics=["VOLUNTEERS", "RECORDS", "MINUTES"], granularity=granularity,
        **{"from": since, "to": until},
    )  # fmt: skip

    told = answer.good["statistics"]["series"]
    assert {
        point["period"]: [each["value"] for each in point["figures"]] for point in told
    } == series


async def test_public_gets_closed_months_with_small_counts_withheld(figures: Figures) -> None:
    answer = await figures.ask(PUBLIC, code=figures.code("city"), month="2026-05-01")

    told = answer.good["publicStatistics"]
    # The teams came after that month.
    assert (told["volunteers"], told["minutes"], told["teams"]) == (55, 210, 0)
    assert told["volunteersPerResident"] == 0.11
    assert [each["volunteersPerResident"] for each in told["children"]] == [0.125, None]
    below = {each["region"]["code"]: each["volunteers"] for each in told["children"]}
    assert below == {figures.code("district"): 15, figures.code("other"): 40}
    town = await figures.ask(PUBLIC, code=figures.code("town"), month="2026-05-01")
    # Three in the village: with it the community is withheld, or it would follow from the town.
    counts = [each["volunteers"] for each in town.good["publicStatistics"]["children"]]
    assert counts == [None, None]
    village = await figures.ask(PUBLIC, code=figures.code("village"), month="2026-05-01")
    assert village.good["publicStatistics"]["volunteers"] is None
    assert village.good["publicStatistics"]["teams"] == 0


async def test_public_gets_hours_where_ten_persons_serve_and_ranks_by_what_is_told(
    figures: Figures,
) -> None:
    city, month = figures.code("city"), "2026-05-01"
    told = (await figures.ask(PUBLIC, code=city, month=month)).good["publicStatistics"]
    ranked = """
    query ($code: String!, $by: PublicMetric!) {
      publicRankings(regionCode: $code, metric: $by, month: "2026-05-01") {
        rank value region { code }
      }
    }"""
    by_volunteers = await figures.ask(ranked, code=city, by="VOLUNTEERS")
    by_minutes = await figures.ask(ranked, code=city, by="MINUTES")
    by_teams = await figures.ask(ranked, code=city, by="TEAMS")

    # Sixteen in all: four of the district, whose hours would follow from those of the others.
    assert told["minutes"] == 210
    assert [each["minutes"] for each in told["children"]] == [None, None]
    assert by_minutes.good["publicRankings"] == []
    assert by_volunteers.good["publicRankings"] == [
        {"rank": 1, "value": 40, "region": {"code": figures.code("other")}},
        {"rank": 2, "value": 15, "region": {"code": figures.code("district")}},
    ]
    assert [each["rank"] for each in by_teams.good["publicRankings"]] == [1, 1]
    month_to_come = ranked.replace("2026-05-01", "2099-01-01")
    assert (await figures.ask(month_to_come, code=city, by="TEAMS")).codes == ["INVALID_INPUT"]


async def test_public_is_told_whether_a_post_is_full_and_not_how_many_it_has(
    figures: Figures,
) -> None:
    public = await figures.ask("{ projects(first: 5) { nodes { posts { planned isFull } } } }")
    count = "{ projects(first: 5) { nodes { posts { joined } } } }"
    refused = await figures.ask(count)

    assert public.errors == []
    assert refused.errors[0]["message"].startswith("Cannot query field")
    assert (await figures.ask(count, "district")).errors == []


async def test_public_breaks_down_provinces_alone(figures: Figures) -> None:
    document = """
    query ($code: String!) { publicStatistics(regionCode: $code, month: "2026-05-31") {
      breakdown(by: SEX) { value volunteers }
    } }"""
    city = await figures.ask(document, code=figures.code("city"))
    district = await figures.ask(document, code=figures.code("district"))

    cells = city.good["publicStatistics"]["breakdown"]
    assert {cell["value"]: cell["volunteers"] for cell in cells} == {"FEMALE": 36, "MALE": 19}
    assert district.codes == ["INVALID_INPUT"]


async def test_public_asks_for_no_month_that_is_not_over(figures: Figures) -> None:
    # The day in a few minutes: the month may end before the station is asked.
    soon = (datetime.now(CHINA) + timedelta(minutes=5)).date().isoformat()

    answer = await figures.ask(PUBLIC, code=figures.code("city"), month=soon)

    assert answer.codes == ["INVALID_INPUT"]


async def test_public_schema_has_no_other_statistics(figures: Figures) -> None:
    answer = await figures.ask('{ region(code: "500000") { statistics { volunteers } } }')

    assert answer.errors[0]["message"].startswith("Cannot query field")
