"""Finding things: names in Chinese, every filter once, every order once."""

from typing import Any

import pytest

from tests.api.client import Client
from tests.api.people_world import account, global_id, name_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

PUBLIC_TEAMS = {
    *("city", "yubei", "jiangbei", "street", "village"),
    *("reading", "changing", "legal", "branch", "far"),
}


async def found(
    people: Client, entity: str, arguments: str, who: str | None = None, **variables: Any
) -> list[str]:
    """The names of what a list of the root holds, in its order."""
    root = {"Team": "teams", "Project": "projects", "Volunteer": "volunteers"}.get(entity) or {
        "ServiceRecord": "serviceRecords",
        "Review": "reviews",
        "Region": "regions",
    }[entity]
    head = "query ($name: String)" if "$name" in arguments else "query"
    answer = await people.ask(
        f"{head} {{ {root}({arguments}) {{ totalCount nodes {{ id }} }} }}",
        variables,
        viewer=account(who) if who else None,
    )
    page = answer.good[root]
    assert page["totalCount"] == len(page["nodes"])
    return [name_of(entity, node["id"]) for node in page["nodes"]]


@pytest.mark.parametrize(
    ("name", "teams"),
    [
        ("阅", {"reading"}),
        ("社", {"village", "reading", "legal", "branch"}),
        ("爱心", {"legal", "branch"}),
        ("爱心社两路", {"branch"}),
        ("志愿服务", PUBLIC_TEAMS - {"yubei", "jiangbei", "legal", "branch"}),
        ("长空社区阅读志愿服务队", {"reading"}),
        (" 长空 社区\u3000阅读 ", {"reading"}),
        ("心爱", set()),
        ("长社", set()),  # both are in the name, and not side by side
        ("社区服务", set()),  # every pair stands in some name, not in this order
        ("静默", set()),  # of a disabled team
        ("渝北区志愿者协会", {"yubei"}),
        ("%", set()),
        ("_", set()),
        ("志愿服务队长空社区", set()),
        ("T", set()),
    ],
)
async def test_name_search_finds_what_holds_the_text(
    people: Client, name: str, teams: set[str]
) -> None:
    listed = await found(people, "Team", "first: 100, filter: {name: $name}", name=name)

    assert set(listed) == teams


@pytest.mark.parametrize(("name", "projects"), [("老３", []), ("敬老爱老４", ["far_day"])])
async def test_full_width_is_searched_as_half_width(
    people: Client, name: str, projects: list[str]
) -> None:
    assert await found(people, "Project", "filter: {name: $name}", name=name) == projects


@pytest.mark.parametrize("name", ["", " ", "\u3000", "\t\n", "队" * 51])
async def test_search_for_nothing_or_too_much_is_refused(people: Client, name: str) -> None:
    answer = await people.ask(
        "query ($name: String) { teams(filter: {name: $name}) { nodes { id } } }", {"name": name}
    )

    assert answer.errors[0]["extensions"] == {"code": "INVALID_INPUT", "field": "name"}
    assert answer.data is None


READING = global_id("Team", "reading")
VILLAGE = global_id("Team", "village")
YUBEI = global_id("Team", "yubei")
JIANGBEI = global_id("Team", "jiangbei")
FILTERS = [
    ("Region", None, 'filter: {name: "区"}', {"yubei", "village", "jiangbei", "zone"}),
    ("Region", None, "filter: {level: [TOWN, VILLAGE]}", {"street", "village"}),
    ("Region", None, 'filter: {under: "500112"}', {"yubei", "street", "village"}),
    ("Team", None, 'filter: {region: "500112001"}', {"street", "village", "reading", "changing"}),
    ("Team", None, f'filter: {{under: "{VILLAGE}"}}', {"village", "reading"}),
    ("Team", None, "filter: {isHub: true}", {"city", "yubei", "jiangbei", "street", "village"}),
    ("Team", None, "filter: {isHub: false}", {"reading", "changing", "legal", "branch", "far"}),
    ("Team", None, "filter: {isHub: null}", PUBLIC_TEAMS),
    ("Team", None, "filter: {}", PUBLIC_TEAMS),
    ("Team", None, "filter: null", PUBLIC_TEAMS),
    ("Team", None, "filter: {hubLevel: [DISTRICT]}", {"yubei", "jiangbei"}),
    ("Team", None, "filter: {kind: [ORGANIZATION]}", {"legal"}),
    ("Team", None, "filter: {registrationStatus: [LEGAL_PERSON]}", {"legal"}),
    ("Team", None, "filter: {permissionGroup: [MIDDLE, SENIOR]}", {"legal", "jiangbei"}),
    ("Team", None, "filter: {status: [CHANGE_PENDING]}", {"changing"}),
    ("Team", None, "filter: {status: []}", set()),
    ("Team", None, "filter: {status: [DISABLED]}", set()),
    ("Team", "mca_city", "filter: {status: [DISABLED, DISSOLVED]}", {"quiet", "old_hub"}),
    ("Team", None, 'filter: {serviceCategories: ["CULTURE", "SPORT"]}', {"reading"}),
    ("Team", None, 'filter: {name: "志愿", isHub: true, region: "500105"}', {"jiangbei"}),
    ("Project", None, 'filter: {region: "500105"}', {"far_day"}),
    ("Project", None, f'filter: {{under: "{YUBEI}"}}', {"open_day", "legal_day", "make_up"}),
    ("Project", None, "filter: {status: [CLOSED, RUNNING]}", {"open_day", "legal_day"}),
    ("Project", None, "filter: {scope: [TEAMS]}", {"legal_day"}),
    ("Project", None, 'filter: {categories: ["CULTURE"]}', {"open_day"}),
    ("Project", None, 'filter: {targets: ["CHILDREN"]}', {"far_day"}),
    ("Project", None, 'filter: {since: "2080-01-01T00:00:00Z"}', {"open_day", "far_day"}),
    (
        *("Project", None, 'filter: {before: "2026-03-02T09:00:00+08:00"}'),
        {"legal_day", "make_up"},
    ),
    ("Project", None, "filter: {isRecruiting: true}", {"open_day"}),
    (
        *("Project", None, "filter: {isRecruiting: false}"),
        {"open_day", "far_day", "legal_day", "make_up"},
    ),
    ("Volunteer", "yubei", 'filter: {name: "明"}', {"li"}),
    ("Volunteer", "yubei", 'filter: {region: "500112001"}', {"li", "zhao"}),
    ("Volunteer", "mca_city", "filter: {status: [DISABLED]}", set()),
    ("Volunteer", "mca_city", "filter: {minStar: 1}", {"wang", "zhao", "chen"}),
    ("Volunteer", "mca_city", "filter: {minMinutes: 270}", {"sun", "chen"}),
    ("Volunteer", "mca_city", 'filter: {serviceCategories: ["COMMUNITY"]}', {"wang", "sun"}),
    ("ServiceRecord", "mca_city", "filter: {status: [OPEN, VOID]}", set()),
    ("ServiceRecord", "mca_city", "filter: {source: [CHECK_IN]}", {"r_li"}),
    (
        *("ServiceRecord", "mca_city", 'filter: {since: "2026-03-04T01:00:00Z"}'),
        {"r_wang", "r_wang_far"},
    ),
    ("ServiceRecord", "mca_city", 'filter: {before: "2026-03-02T02:00:00Z"}', {"r_li"}),
    ("ServiceRecord", "mca_city", 'filter: {region: "500105"}', {"r_wang_far"}),
    ("ServiceRecord", "mca_city", f'filter: {{under: "{READING}"}}', {"r_li"}),
    ("ServiceRecord", "mca_city", "filter: {isOverdue: true}", {"r_wang"}),
    ("Review", "mca_city", "filter: {state: [APPROVED]}", set()),
    ("Review", "mca_city", "filter: {kind: [MEMBERSHIP]}", {"v_sun"}),
    ("Review", "mca_city", f'filter: {{under: "{JIANGBEI}"}}', {"v_far"}),
    ("Review", "village", "filter: {awaitsViewer: true}", {"v_pending"}),
    ("Review", "mca_yubei", "filter: {awaitsViewer: true}", {"v_legal"}),
    ("Review", "mca_city", "filter: {awaitsViewer: true}", set()),
]


@pytest.mark.parametrize(("entity", "who", "arguments", "names"), FILTERS)
async def test_filter_leaves_what_it_says(
    people: Client, entity: str, who: str | None, arguments: str, names: set[str]
) -> None:
    listed = await found(people, entity, f"first: 100, {arguments}", who)

    assert set(listed) == names
    assert len(listed) == len(names)


ORDERS = [
    # By pinyin: cháng, chóng, jiāng běi chéng, jiāng běi qū, shuāng … zhì, shuāng … zhù, yú.
    (
        *("Team", None, "orderBy: NAME"),
        [
            *("reading", "village", "city", "far", "jiangbei", "street", "changing"),
            *("legal", "branch", "yubei"),
        ],
    ),
    (
        *("Team", None, "orderBy: NEWEST"),
        [
            *("far", "branch", "legal", "changing", "reading", "village", "street"),
            *("jiangbei", "yubei", "city"),
        ],
    ),
    ("Project", None, "orderBy: LATEST", ["far_day", "open_day", "make_up", "legal_day"]),
    ("Project", None, "orderBy: EARLIEST", ["legal_day", "make_up", "open_day", "far_day"]),
    ("Project", None, "orderBy: NEWEST", ["make_up", "legal_day", "far_day", "open_day"]),
    ("Volunteer", "mca_city", "orderBy: NAME", ["chen", "li", "sun", "wang", "zhao"]),
    ("Volunteer", "mca_city", "orderBy: NEWEST", ["chen", "sun", "zhao", "wang", "li"]),
    ("Volunteer", "mca_city", "orderBy: MINUTES", ["chen", "sun", "zhao", "wang", "li"]),
    (
        *("ServiceRecord", "mca_city", "orderBy: LATEST"),
        ["r_wang_far", "r_wang", "r_li_quiet", "r_li"],
    ),
    (
        *("ServiceRecord", "mca_city", "orderBy: EARLIEST"),
        ["r_li", "r_li_quiet", "r_wang", "r_wang_far"],
    ),
    ("Review", "jiangbei", "orderBy: OLDEST", ["v_far"]),
    ("Review", "mca_city", "orderBy: OLDEST", ["v_sun", "v_pending", "v_legal", "v_far", "v_up"]),
    ("Review", "mca_city", "orderBy: NEWEST", ["v_up", "v_far", "v_legal", "v_pending", "v_sun"]),
    ("Region", None, "first: 10", ["city", "jiangbei", "yubei", "street", "village", "zone"]),
]


@pytest.mark.parametrize(("entity", "who", "arguments", "names"), ORDERS)
async def test_order_is_what_it_says(
    people: Client, entity: str, who: str | None, arguments: str, names: list[str]
) -> None:
    assert await found(people, entity, arguments, who) == names


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ("kind: ORGANIZATION", {"legal"}),
        ("hubs: true", {"street", "village"}),
        ("hubs: false", {"reading", "changing", "legal", "branch"}),
        ("levels: 1", {"street", "legal"}),
        ("levels: 2, hubs: true", {"street", "village"}),
        ("levels: 2, kind: GROUP", {"street", "village", "changing", "branch"}),
        ("levels: 100", {"street", "village", "reading", "changing", "legal", "branch"}),
    ],
)
async def test_descendants_are_narrowed_by_kind_hubs_and_levels(
    people: Client, arguments: str, names: set[str]
) -> None:
    answer = await people.ask(
        f'{{ hub(regionCode: "500112") {{ descendants({arguments}) '
        "{ totalCount nodes { id } } } }"
    )

    page = answer.good["hub"]["descendants"]
    assert {name_of("Team", node["id"]) for node in page["nodes"]} == names
    assert page["totalCount"] == len(names)


async def test_levels_count_from_each_parent(people: Client) -> None:
    names = ["city", "yubei", "street"]
    answer = await people.ask(
        "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Team {"
        " descendants(levels: 1) { totalCount nodes { id } } } } }",
        {"ids": [global_id("Team", name) for name in names]},
    )

    below = [
        {name_of("Team", row["id"]) for row in node["descendants"]["nodes"]}
        for node in answer.good["nodes"]
    ]
    assert below == [{"yubei", "jiangbei"}, {"street", "legal"}, {"village", "changing"}]


async def test_projects_of_a_team_are_narrowed_by_state(people: Client) -> None:
    answer = await people.ask(
        "query ($id: ID!) { node(id: $id) { ... on Team {"
        " own: projects(status: [DRAFT, RUNNING]) { totalCount nodes { id } }"
        " none: projects(status: [CLOSED]) { totalCount }"
        " } } }",
        {"id": READING},
        viewer=account("reading"),
    )

    node = answer.good["node"]
    assert {name_of("Project", row["id"]) for row in node["own"]["nodes"]} == {"open_day", "draft"}
    assert (node["own"]["totalCount"], node["none"]["totalCount"]) == (2, 0)
