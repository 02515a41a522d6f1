"""What the viewer is offered on each row, in batch; and why, in words."""

import pytest

from db.enums import CertificateStatus
from gateway.settings import Settings
from permissions.edges import Policy
from tests.api.client import Client, running
from tests.api.people_world import account, global_id, id_of
from tests.small_world import NOW, connected

pytestmark = pytest.mark.asyncio(loop_scope="module")

YUBEI_OFFICE = "department:500112000000"
CITY_OFFICE = "department:500000000000"
TEAMS = """
query ($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Team { viewerCan {
    update manage invite createProject recordService registerTeam
  } } }
}
"""
OVERSEEN = """
query ($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Team { viewerCan {
    update review disable enable settableGroups registerTeam manage
  } } }
}
"""
SUBJECTS = """
query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Project { viewerCan { update submit publish disable enable } }
    ... on SignUp { viewerCan { decide } }
    ... on ServiceRecord { viewerCan { decide correct void evaluate } }
    ... on Certificate { viewerCan { issue decline revoke download } }
    ... on Review { viewerCan { decide decideInBulk withdraw } }
  }
}
"""
OWN = """
query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Team { viewerCan { join registerTeam } }
    ... on Project { viewerCan { signUp } }
    ... on SignUp { viewerCan { answer cancel } }
    ... on ServiceRecord { viewerCan { dispute } }
    ... on Certificate { viewerCan { cancel download } }
    ... on Review { viewerCan { withdraw } }
  }
}
"""
STANDS = "update certificates set status = $2, issued_at = $3, signature = $4 where id = $1"
EXPLAIN = """
query ($action: Action!, $id: ID!) { explainAccess(action: $action, id: $id) {
  allowed because steps
} }
"""


def granted(node: dict[str, dict[str, object]]) -> set[str]:
    """The names of what is offered."""
    return {name for name, offered in node["viewerCan"].items() if offered}


async def offers(
    client: Client, document: str, viewer: str, acting_as: str | None, *rows: tuple[str, str]
) -> list[set[str]]:
    answer = await client.ask(
        document,
        {"ids": [global_id(*row) for row in rows]},
        viewer=account(viewer),
        acting_as=acting_as,
    )
    return [granted(node) for node in answer.good["nodes"]]


@pytest.mark.parametrize(
    ("viewer", "expected"),
    [
        (
            "reading",
            [{"update", "manage", "invite", "createProject", "recordService"}, set()],
        ),
        ("far", [set(), {"update", "manage", "invite", "createProject", "recordService"}]),
    ],
)
async def test_team_is_offered_its_own_work(
    people: Client, viewer: str, expected: list[set[str]]
) -> None:
    found = await offers(people, TEAMS, viewer, None, ("Team", "reading"), ("Team", "far"))

    assert found == expected


async def test_hub_is_offered_what_its_place_above_allows(people: Client) -> None:
    found = await offers(
        people,
        OVERSEEN,
        "village",
        None,
        ("Team", "reading"),
        ("Team", "quiet"),
        ("Team", "pending"),
        ("Team", "village"),
        ("Team", "far"),
    )

    assert found == [
        {"update", "disable"},
        {"update", "enable"},
        {"update", "review"},
        {"update", "manage", "registerTeam"},
        set(),
    ]


async def test_district_reviews_quickly_and_sets_groups_below(people: Client) -> None:
    answer = await people.ask(
        OVERSEEN,
        {"ids": [global_id("Team", name) for name in ("reading", "village", "street", "legal")]},
        viewer=account("yubei"),
    )

    nodes = [node["viewerCan"] for node in answer.good["nodes"]]
    assert [node["settableGroups"] for node in nodes] == [
        ["JUNIOR_PROJECT", "JUNIOR_TEAM", "JUNIOR_QUICK", "MIDDLE", "MIDDLE_QUICK"],
        [],
        ["BASIC", "JUNIOR_PROJECT", "JUNIOR_TEAM", "JUNIOR_QUICK", "MIDDLE"],
        [],
    ]
    assert [node["disable"] for node in nodes] == [True, True, True, False]


async def test_abilities_of_all_rows_of_a_level_take_one_statement_an_entity(
    people: Client,
) -> None:
    async def statements(*names: str) -> int:
        answer = await people.ask(
            OVERSEEN,
            {"ids": [global_id("Team", name) for name in names]},
            viewer=account("yubei"),
        )
        assert all(answer.good["nodes"])
        return answer.statements

    one = await statements("reading")
    many = await statements("reading", "quiet", "pending", "village", "street", "legal", "branch")

    # Who asks, the rows, their facts, who asked for groups.
    assert one == many == 4


@pytest.mark.parametrize(
    ("viewer", "acting_as", "row", "expected"),
    [
        ("reading", None, ("Project", "draft"), {"update", "submit"}),
        ("reading", None, ("Project", "open_day"), {"update", "disable"}),
        ("village", None, ("Project", "open_day"), {"disable"}),
        ("far", None, ("Project", "open_day"), set()),
        ("reading", None, ("ServiceRecord", "r_li"), {"correct", "void", "evaluate"}),
        ("village", None, ("ServiceRecord", "r_li"), set()),
        ("reading", None, ("Certificate", "c_li"), {"issue", "decline"}),
        ("village", None, ("Certificate", "c_li"), set()),
        ("mca_yubei", YUBEI_OFFICE, ("Certificate", "c_li"), set()),
        ("far", None, ("SignUp", "s_wang"), {"decide"}),
        ("jiangbei", None, ("SignUp", "s_wang"), set()),
        (
            "reading",
            None,
            ("Review", "v_sun"),
            {"decide", "decideInBulk"},
        ),
        ("village", None, ("Review", "v_sun"), set()),
        ("village", None, ("Review", "v_pending"), {"decide", "decideInBulk"}),
        ("street", None, ("Review", "v_pending"), {"decide", "decideInBulk"}),
        ("reading", None, ("Review", "v_pending"), {"withdraw"}),
        ("mca_yubei", YUBEI_OFFICE, ("Review", "v_legal"), {"decide", "decideInBulk"}),
        ("mca_city", CITY_OFFICE, ("Review", "v_legal"), {"decide", "decideInBulk"}),
        ("jiangbei", None, ("Review", "v_far"), {"decide"}),
    ],
)
async def test_rows_offer_what_the_rule_allows_and_their_state_leaves_room_for(
    people: Client, viewer: str, acting_as: str | None, row: tuple[str, str], expected: set[str]
) -> None:
    found = await offers(people, SUBJECTS, viewer, acting_as, row)

    assert found == [expected]


async def test_volunteer_is_offered_what_is_theirs(people: Client) -> None:
    rows = [
        ("Team", "reading"),
        ("Team", "village"),
        ("Project", "open_day"),
        ("SignUp", "s_li"),
        ("ServiceRecord", "r_li"),
        ("Certificate", "c_li"),
    ]

    found = await offers(people, OWN, "li", "volunteer", *rows)

    assert found == [{"join"}, {"join", "registerTeam"}, {"signUp"}, set(), {"dispute"}, {"cancel"}]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (
            CertificateStatus.ISSUED,
            {
                "reading": {"revoke", "download"},
                "village": {"revoke"},
                "mca_yubei": {"revoke", "download"},
                "li": {"download"},
            },
        ),
        (
            CertificateStatus.SUPERSEDED,
            {who: {"download"} for who in ("reading", "mca_yubei", "li")},
        ),
    ],
)
async def test_certificate_is_revoked_or_downloaded_as_it_stands(
    people_url: str, people: Client, status: CertificateStatus, expected: dict[str, set[str]]
) -> None:
    row = ("Certificate", "c_li")
    people_who_ask = {
        "reading": (SUBJECTS, None),
        "village": (SUBJECTS, None),
        "mca_yubei": (SUBJECTS, YUBEI_OFFICE),
        "li": (OWN, "volunteer"),
    }
    async with connected(people_url) as connection:
        # So that what is immutable, once issued, can be put back for the other tests.
        await connection.execute("set session_replication_role = replica")
        await connection.execute(STANDS, id_of(*row), status.value, NOW, b"0")
        try:
            found = {
                who: (await offers(people, document, who, capacity, row))[0]
                for who, (document, capacity) in people_who_ask.items()
            }
        finally:
            requested = CertificateStatus.REQUESTED.value
            await connection.execute(STANDS, id_of(*row), requested, None, None)

    assert {who: can for who, can in found.items() if can} == expected


async def test_explanation_walks_up_to_the_edge_that_grants(people: Client) -> None:
    answer = await people.ask(
        EXPLAIN,
        {"action": "TEAM_REVIEW", "id": global_id("Team", "pending")},
        viewer=account("street"),
    )

    found = answer.good["explainAccess"]
    assert (found["allowed"], found["because"]) == (
        True,
        "quick review of 双凤桥街道志愿服务总队",
    )
    assert [step for step in found["steps"] if "双凤桥" in step and "act for it" in step]
    assert found["steps"][-2].startswith("Its reviewer is 长空社区志愿服务大队")
    assert found["steps"][-1] == "Granted: quick review of 双凤桥街道志愿服务总队."


async def test_station_without_quick_review_leaves_it_to_the_reviewer(
    people_url: str, redis_url: str
) -> None:
    asked = {"action": "TEAM_REVIEW", "id": global_id("Team", "pending")}
    told = {}
    off = Settings(policy=Policy(quick_review=False))
    async with running(people_url, redis_url, off) as client:
        for who in ("street", "village", "mca_yubei"):
            answer = await client.ask(EXPLAIN, asked, viewer=account(who))
            told[who] = answer.good["explainAccess"]["because"]

    assert told == {
        "street": "not its reviewer, and quick review is switched off",
        "village": "contact team above",
        "mca_yubei": "department over region",
    }


async def test_explanation_says_what_is_missing(people: Client) -> None:
    answer = await people.ask(
        EXPLAIN,
        {"action": "TEAM_DISABLE", "id": global_id("Team", "legal")},
        viewer=account("yubei"),
    )

    found = answer.good["explainAccess"]
    assert found["steps"][-1] == "Refused: decided by a department."
    assert "Its reviewer is a civil-affairs department." in found["steps"]


@pytest.mark.parametrize("name", ["quiet", "pending"])
async def test_row_that_may_not_be_read_is_explained_like_a_missing_one(
    people: Client, name: str
) -> None:
    hidden = await people.ask(
        EXPLAIN,
        {"action": "TEAM_DISABLE", "id": global_id("Team", name)},
        viewer=account("jiangbei"),
    )
    missing = await people.ask(
        EXPLAIN,
        {"action": "TEAM_DISABLE", "id": "VGVhbTo5OTk5OTk"},
        viewer=account("jiangbei"),
    )

    assert hidden.good == {"explainAccess": None}
    assert hidden.response.content == missing.response.content


async def test_action_of_another_subject_is_refused_as_input(people: Client) -> None:
    answer = await people.ask(
        EXPLAIN,
        {"action": "TEAM_MOVE", "id": global_id("Team", "reading")},
        viewer=account("yubei"),
    )

    assert answer.codes == ["INVALID_INPUT"]
