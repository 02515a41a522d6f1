"""`explain-access`: the walk in words, on a station of named people."""

from collections.abc import Iterator

import pytest

from gateway.access import AccessQuestion, AccessQuestionRefused, answer_question
from permissions.actions import Action
from permissions.edges import Policy
from permissions.errors import CapacityNotHeld
from tests.api.people_world import account, global_id, prepare_people
from tests.servers import Databases
from tests.small_world import connected


@pytest.fixture(scope="module")
def url(databases: Databases) -> Iterator[str]:
    url = databases.clone("people", prepare_people)
    yield url
    databases.drop(url)


async def username(url: str, name: str) -> str:
    async with connected(url) as connection:
        found: str = await connection.fetchval(
            "select username from accounts where id = $1", account(name)
        )
    return found


async def asked(
    url: str, who: str, action: Action, subject: str, acting_as: str | None = None
) -> tuple[bool, list[str]]:
    question = AccessQuestion(await username(url, who), acting_as, action, subject)
    allowed, steps = await answer_question(url, question, policy=Policy())
    return allowed, list(steps)


async def test_granted_case_is_walked_from_who_asks_to_the_edge(url: str) -> None:
    allowed, steps = await asked(url, "street", Action.TEAM_REVIEW, global_id("Team", "pending"))

    assert allowed
    assert steps == [
        (
            "You act for 双凤桥街道志愿服务总队, a TOWN hub of group MIDDLE_QUICK, ENABLED,"
            " named as MANAGER."
        ),
        "It belongs to 长空社区新芽志愿服务队 (group PENDING, PENDING).",
        "  above: 长空社区志愿服务大队 (COMMUNITY hub, group JUNIOR_QUICK, ENABLED).",
        "  above: 双凤桥街道志愿服务总队 (TOWN hub, group MIDDLE_QUICK, ENABLED) (you act for it).",
        "  above: 渝北区志愿者协会 (DISTRICT hub, group SENIOR_QUICK, ENABLED).",
        "  above: 重庆市志愿服务联合会 (CITY hub, group SENIOR_QUICK, ENABLED).",
        "Its reviewer is 长空社区志愿服务大队 (COMMUNITY hub, group JUNIOR_QUICK, ENABLED).",
        "Granted: quick review of 双凤桥街道志愿服务总队.",
    ]


async def test_operator_is_told_by_the_policy_of_the_station(url: str) -> None:
    question = AccessQuestion(
        await username(url, "street"), None, Action.TEAM_REVIEW, global_id("Team", "pending")
    )

    allowed, steps = await answer_question(url, question, policy=Policy(quick_review=False))

    assert not allowed
    assert steps[-1] == "Refused: not its reviewer, and quick review is switched off."


async def test_refused_case_says_what_is_missing(url: str) -> None:
    allowed, steps = await asked(url, "far", Action.TEAM_DISABLE, global_id("Team", "reading"))

    assert not allowed
    assert steps[-1] == "Refused: no edge leads here."


async def test_operator_is_told_of_rows_that_the_viewer_may_not_read(url: str) -> None:
    allowed, steps = await asked(url, "far", Action.READ, global_id("Team", "pending"))

    assert not allowed
    assert "It belongs to 长空社区新芽志愿服务队 (group PENDING, PENDING)." in steps


async def test_subject_may_be_named_by_its_printed_number(url: str) -> None:
    async with connected(url) as connection:
        number = await connection.fetchval("select min(volunteer_no) from volunteers")

    allowed, steps = await asked(url, "mca_city", Action.ID_NUMBER_REVEAL, number)

    assert allowed
    assert steps[-1] == "Granted: department over region."


@pytest.mark.parametrize(
    ("action", "subject"),
    [(Action.READ, "no such thing"), (Action.READ, "VGVhbTo5OTk5OTk"), (Action.TEAM_MOVE, None)],
)
async def test_question_about_nothing_is_refused_in_a_sentence(
    url: str, action: Action, subject: str | None
) -> None:
    with pytest.raises(AccessQuestionRefused, match=r"^[A-Z].*\.$"):
        await asked(url, "far", action, subject or global_id("Team", "reading"))


async def test_capacity_that_is_not_held_is_refused(url: str) -> None:
    with pytest.raises(CapacityNotHeld):
        await asked(url, "far", Action.READ, global_id("Team", "far"), "team:none")
