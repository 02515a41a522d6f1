"""Feedback on the trial of 2021: the form is the annex's, and its sums add up."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import pytest_asyncio

from db.enums import RegionLevel, TrialLevel, TrialModule
from db.models import DepartmentUser, Region
from db.queries.trial_feedback import CHOICES, YES_NO
from db.session import Database
from permissions.errors import Forbidden
from permissions.viewer import ActingDepartment, Role, Viewer
from resolvers.outcomes import Outcome
from resolvers.trial_feedback import Answers, Form, submit_feedback
from schema.build import build_schema
from tests.api.client import Client, running
from tests.servers import Databases
from tests.small_world import Planter, empty_station

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Annex 1 of the notice of the Ministry of Civil Affairs' office of 2021-03-17; the boxes to tick
# are written as squares.
ANNEX = (Path(__file__).parent / "annex_1.txt").read_text("utf-8")
TODAY = date(2021, 8, 20)
ANSWERS = Answers(
    organised=True,
    levels_reached=(TrialLevel.PROVINCE, TrialLevel.COUNTY),
    accounts_work=True,
    modules_tried=(TrialModule.WEBSITE,),
    support_reachable=False,
    is_stable=True,
    meets_needs=False,
    wishes="证明打印\n批量导入",
)
NOT_ORGANISED = Answers(organised=False)
FORM = Form(
    unit="重庆市民政局",
    filled_on=TODAY,
    contact_name="何静",
    contact_phone="023-88888888",
    answers=ANSWERS,
)
# name -> parent
REGIONS = {
    "nation": None,
    "province": "nation",
    "city": "province",
    "east": "city",
    "west": "city",
    "other_city": "province",
    "south": "other_city",
    "other_province": "nation",
}
SUMMARY = """
query ($code: String!) {
  trialFeedbackSummary(regionCode: $code) {
    forms
    organised { yes no }
    levelsReached { choice forms }
    accountsWork { yes no }
    modulesTried { choice forms }
    supportReachable { yes no }
    isStable { yes no }
    meetsNeeds { yes no }
  }
}
"""
FORMS = """
query ($code: String!) {
  trialFeedback(regionCode: $code) {
    unit filledOn contactName contactPhone region { code } organised levelsReached accountsWork
    modulesTried supportReachable isStable meetsNeeds wishes
  }
}
"""
SUBMIT = """
mutation ($input: SubmitTrialFeedbackInput!) {
  submitTrialFeedback(input: $input) {
    trialFeedback { unit wishes region { code } } userErrors { code field }
  }
}
"""


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    url = empty_station(databases)
    yield url
    databases.drop(url)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def database(url: str) -> AsyncIterator[Database]:
    async with Database(url) as database:
        yield database


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client(url: str, redis_url: str) -> AsyncIterator[Client]:
    async with running(url, redis_url) as client:
        yield client


class Offices:
    """A tree of regions, each with a department and someone who acts for it."""

    def __init__(self) -> None:
        self.regions: dict[str, Region] = {}
        self.accounts: dict[str, int] = {}

    @classmethod
    async def plant(cls, planter: Planter) -> "Offices":
        offices = cls()
        for name, parent in REGIONS.items():
            bare = await planter.region()
            above = offices.regions.get(parent or "")
            number = bare.id + 2**30
            region = Region(
                id=number,
                province="50",
                parent_id=above.id if above else None,
                path=f"{above.path if above else ''}{number}/",
                depth=above.depth + 1 if above else 1,
                level=RegionLevel.COUNTY,
                code=f"F{number}",
                name=name,
                short_name=name,
            )
            account = await planter.account()
            await planter.add(region)
            await planter.add(
                DepartmentUser(province="50", account_id=account.id, region_id=region.id)
            )
            offices.regions[name] = region
            offices.accounts[name] = account.id
        return offices

    def viewer(self, name: str) -> Viewer:
        region = self.regions[name]
        return Viewer(
            role=Role.DEPARTMENT,
            account_id=self.accounts[name],
            department=ActingDepartment(
                region_id=region.id,
                region_code=region.code,
                region_name=name,
                region_path=region.path,
                region_level=RegionLevel.COUNTY,
            ),
        )

    def asking(self, name: str) -> dict[str, Any]:
        return {
            "viewer": self.accounts[name],
            "acting_as": f"department:{self.regions[name].code}",
        }

    def code(self, name: str) -> dict[str, str]:
        return {"code": self.regions[name].code}


@pytest_asyncio.fixture(loop_scope="module")
async def offices(database: Database) -> Offices:
    return await Offices.plant(Planter(database))


async def submit(database: Database, viewer: Viewer, form: Form, key: str | None = None) -> Outcome:
    return await submit_feedback(database, viewer, form, key, today=TODAY)


async def test_form_has_the_questions_of_the_annex_word_for_word() -> None:
    input_type: Any = build_schema(Role.DEPARTMENT)._schema.type_map["SubmitTrialFeedbackInput"]
    asked = {
        name: found[1]
        for name, field in input_type.fields.items()
        if (found := re.search(r"^Question (\d): .*\((.+)\)$", field.description))
    }
    said = [
        re.search(r"\((.+)\)$", field.description)[1]  # type: ignore[index]
        for field in input_type.fields.values()
        if field.description.startswith("Question")
    ]

    questions = re.findall(r"^\d\. (.+?[？])", ANNEX, flags=re.MULTILINE)
    boxes = [line.count("□") for line in ANNEX.splitlines() if re.match(r"\d\.", line)]

    assert list(asked.values()) == [str(n) for n in range(1, 9)]
    assert said == questions
    assert boxes == [2, len(TrialLevel), 2, len(TrialModule), 2, 2, 2, 0]
    for word in ("单位", "日期", "联系人", "联系电话"):
        assert word in ANNEX
        assert any(word in field.description for field in input_type.fields.values())


async def test_department_hands_the_form_in_over_http_and_reads_it_back(
    client: Client, offices: Offices
) -> None:
    given = {
        "unit": " 重庆市民政局 ",
        "filledOn": "2021-08-18",
        "contactName": "何静",
        "contactPhone": "023-88888888",
        "organised": True,
        "levelsReached": ["PROVINCE", "COUNTY", "PROVINCE"],
        "accountsWork": True,
        "modulesTried": ["WEBSITE"],
        "supportReachable": False,
        "isStable": True,
        "meetsNeeds": False,
        "wishes": "证明打印",
    }
    sent = await client.ask(SUBMIT, {"input": given}, **offices.asking("province"))
    read = await client.ask(FORMS, offices.code("province"), **offices.asking("nation"))

    code = offices.regions["province"].code
    assert sent.good["submitTrialFeedback"] == {
        "trialFeedback": {"unit": "重庆市民政局", "wishes": "证明打印", "region": {"code": code}},
        "userErrors": [],
    }
    expected = {**given, "unit": "重庆市民政局", "region": {"code": code}}
    assert read.good["trialFeedback"] == [{**expected, "levelsReached": ["PROVINCE", "COUNTY"]}]


async def test_sums_over_a_tree_add_up_and_only_the_newest_form_of_a_unit_counts(
    client: Client, database: Database, offices: Offices
) -> None:
    random = Random(20210331)  # noqa: S311 - the same forms each time
    newest: dict[str, Answers] = {}
    for _ in range(2):
        for name in REGIONS:
            if random.random() < 0.8:
                newest[name] = _drawn(random)
                await submit(database, offices.viewer(name), replace(FORM, answers=newest[name]))

    for name in REGIONS:
        answer = await client.ask(SUMMARY, offices.code(name), **offices.asking("nation"))
        below = [
            answers
            for each, answers in newest.items()
            if offices.regions[each].path.startswith(offices.regions[name].path)
        ]
        assert answer.good["trialFeedbackSummary"] == _summed(below), name


def _drawn(random: Random) -> Answers:
    if random.random() < 0.3:
        return NOT_ORGANISED
    return Answers(
        organised=True,
        levels_reached=random.sample(list(TrialLevel), random.randint(1, 3)),
        modules_tried=random.sample(list(TrialModule), random.randint(1, 3)),
        accounts_work=random.random() < 0.5,
        support_reachable=random.random() < 0.5,
        is_stable=random.random() < 0.5,
        meets_needs=random.random() < 0.5,
    )


def _summed(forms: list[Answers]) -> dict[str, Any]:
    def camel(name: str) -> str:
        head, *rest = name.split("_")
        return head + "".join(each.capitalize() for each in rest)

    yes_no = {
        camel(question): {
            "yes": sum(getattr(each, question) is True for each in forms),
            "no": sum(getattr(each, question) is False for each in forms),
        }
        for question in YES_NO
    }
    chosen = {
        camel(question): [
            {"choice": choice, "forms": sum(choice in getattr(each, question) for each in forms)}
            for choice in choices
        ]
        for question, choices in CHOICES.items()
    }
    return {"forms": len(forms), **yes_no, **chosen}


async def test_other_regions_are_as_regions_that_do_not_exist(
    client: Client, database: Database, offices: Offices
) -> None:
    await submit(database, offices.viewer("other_city"), FORM)

    for code in (offices.code("other_city"), offices.code("nation"), {"code": "nowhere"}):
        forms = await client.ask(FORMS, code, **offices.asking("city"))
        sums = await client.ask(SUMMARY, code, **offices.asking("city"))
        assert forms.good == {"trialFeedback": []}
        assert sums.good == {"trialFeedbackSummary": None}


async def test_only_a_department_hands_forms_in(database: Database, offices: Offices) -> None:
    volunteer = replace(offices.viewer("city"), role=Role.VOLUNTEER, department=None)

    with pytest.raises(Forbidden):
        await submit(database, volunteer, FORM)


async def test_same_key_hands_one_form_in(database: Database, offices: Offices) -> None:
    first = await submit(database, offices.viewer("west"), FORM, "k-1")
    again = await submit(database, offices.viewer("west"), FORM, "k-1")

    assert first.subject_id is not None
    assert again.subject_id == first.subject_id


@pytest.mark.parametrize(
    ("form", "refused"),
    [
        (replace(FORM, unit=""), ("REQUIRED", "unit")),
        (replace(FORM, unit="局" * 101), ("TOO_LONG", "unit")),
        (replace(FORM, unit="民政局\u202e"), ("INVALID", "unit")),
        (replace(FORM, contact_name="\x00"), ("INVALID", "contactName")),
        (replace(FORM, contact_phone=""), ("REQUIRED", "contactPhone")),
        (replace(FORM, contact_phone="1" * 41), ("TOO_LONG", "contactPhone")),
        (replace(FORM, filled_on=TODAY + timedelta(days=1)), ("INVALID", "filledOn")),
        (replace(FORM, answers=replace(ANSWERS, is_stable=None)), ("INVALID", "organised")),
        (replace(FORM, answers=replace(ANSWERS, levels_reached=())), ("INVALID", "organised")),
        (replace(FORM, answers=replace(NOT_ORGANISED, is_stable=True)), ("INVALID", "organised")),
        (replace(FORM, answers=replace(ANSWERS, wishes="愿" * 10_001)), ("TOO_LONG", "wishes")),
        (replace(FORM, answers=replace(ANSWERS, wishes="\x07")), ("INVALID", "wishes")),
    ],
)
async def test_form_that_cannot_be_kept_is_refused_by_field(
    database: Database, offices: Offices, form: Form, refused: tuple[str, str]
) -> None:
    outcome = await submit(database, offices.viewer("east"), form)

    assert [(each.code, each.field) for each in outcome.errors] == [refused]
    assert outcome.subject_id is None
