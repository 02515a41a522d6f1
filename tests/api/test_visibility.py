"""Which rows each viewer sees, by every path that leads to them.

The tables are complete: what a viewer's row does not name must stay hidden from them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.api import people_world as world
from tests.api.client import Client
from tests.api.people_world import account, global_id, name_of

pytestmark = pytest.mark.asyncio(loop_scope="module")

# Who asks, and in which capacity.
VIEWERS: Mapping[str, tuple[str | None, str | None]] = {
    "public": (None, None),
    "li": ("li", "volunteer"),
    "wang": ("wang", "volunteer"),
    "zhao": ("zhao", "volunteer"),
    "sun": ("sun", "volunteer"),
    "chen": ("chen", "volunteer"),
    "reading": ("reading", "team:T005"),
    "far": ("far", "team:T011"),
    "pending": ("pending", "team:T007"),
    "legal": ("legal", "team:T009"),
    "village": ("village", "team:T004"),
    "street": ("street", "team:T003"),
    "yubei": ("yubei", "team:T001"),
    "jiangbei": ("jiangbei", "team:T002"),
    "mca_yubei": ("mca_yubei", "department:500112000000"),
    "mca_jiangbei": ("mca_jiangbei", "department:500105000000"),
    "mca_city": ("mca_city", "department:500000000000"),
}
PERSONS = frozenset(VIEWERS) - {"public"}
MANAGERS = PERSONS - frozenset(world.VOLUNTEERS)

Names = frozenset[str]


def _names(text: str) -> Names:
    return frozenset(text.split())


def _of(default: str, **others: str) -> Mapping[str, Names]:
    """What each viewer sees: as said, else the default; ``+`` adds to the default."""
    common = _names(default)
    return {
        viewer: common | _names(others[viewer][1:])
        if others.get(viewer, "").startswith("+")
        else _names(others.get(viewer, default))
        for viewer in VIEWERS
    }


YUBEI_WORK = "+ draft quiet_day quiet_done"
ALL = {name: " ".join(names) for name, names in world.NAMES.items()}
SEEN: Mapping[str, Mapping[str, Names]] = {
    "Team": _of(
        "city yubei jiangbei street village reading changing legal branch far",
        li="+ quiet",
        chen="+ quiet",
        far="+ quiet",
        pending="+ pending",
        village="+ quiet pending",
        street="+ quiet pending",
        yubei="+ quiet pending refused_hub old_hub",
        mca_yubei="+ quiet pending refused_hub old_hub",
        mca_city=ALL["Team"],
    ),
    "TeamAttachment": _of(
        "",
        reading="a_reading a_reading_old",
        far="a_far",
        village="a_reading a_reading_old a_quiet",
        street="a_reading a_reading_old a_quiet",
        yubei="a_reading a_reading_old a_quiet",
        jiangbei="a_far",
        mca_yubei="a_reading a_reading_old a_quiet",
        mca_jiangbei="a_far",
        mca_city=ALL["TeamAttachment"],
    ),
    "Project": _of(
        "open_day far_day legal_day make_up",
        li="+ quiet_done",
        chen="+ quiet_done",
        reading="+ draft",
        village=YUBEI_WORK,
        street=YUBEI_WORK,
        yubei=YUBEI_WORK,
        mca_yubei=YUBEI_WORK,
        mca_city=ALL["Project"],
    ),
    "Volunteer": _of(
        "",
        li="li",
        wang="wang",
        zhao="zhao",
        sun="sun",
        chen="chen",
        reading="li sun",
        far="wang",
        legal="wang",
        village="li sun chen",
        street="li sun chen",
        yubei="li sun chen wang zhao",
        jiangbei="wang sun",
        mca_yubei="li sun chen wang zhao",
        mca_jiangbei="wang sun",
        mca_city=ALL["Volunteer"],
    ),
    "Membership": _of(
        "",
        li="m_li",
        wang="m_wang",
        sun="m_sun",
        chen="m_chen m_chen_left",
        reading="m_li m_sun",
        far="m_wang m_chen_left",
        village="m_li m_sun m_chen",
        street="m_li m_sun m_chen",
        yubei="m_li m_sun m_chen",
        jiangbei="m_wang m_chen_left",
        mca_yubei="m_li m_sun m_chen",
        mca_jiangbei="m_wang m_chen_left",
        mca_city=ALL["Membership"],
    ),
    "SignUp": _of(
        "",
        li="s_li",
        wang="s_wang",
        sun="s_sun",
        chen="s_chen",
        reading="s_li s_sun",
        far="s_wang",
        village="s_li s_sun s_chen",
        street="s_li s_sun s_chen",
        yubei="s_li s_sun s_chen",
        jiangbei="s_wang",
        mca_yubei="s_li s_sun s_chen",
        mca_jiangbei="s_wang",
        mca_city=ALL["SignUp"],
    ),
    "ServiceRecord": _of(
        "",
        li="r_li r_li_quiet",
        wang="r_wang r_wang_far",
        reading="r_li",
        far="r_wang_far",
        legal="r_wang",
        village="r_li r_li_quiet",
        street="r_li r_li_quiet",
        yubei="r_li r_li_quiet r_wang",
        jiangbei="r_wang_far",
        mca_yubei="r_li r_li_quiet r_wang",
        mca_jiangbei="r_wang_far",
        mca_city=ALL["ServiceRecord"],
    ),
    "Certificate": _of(
        "",
        li="c_li",
        wang="c_wang",
        reading="c_li",
        village="c_li",
        street="c_li",
        yubei="c_li",
        mca_yubei="c_li",
        # A certificate that a volunteer printed belongs to no team, and so to no department.
        mca_city="c_li",
    ),
    "Review": _of(
        "",
        sun="v_sun",
        reading="v_sun v_pending",
        far="v_far",
        pending="v_pending",
        legal="v_legal",
        village="v_sun v_pending v_up",
        street="v_sun v_pending v_up",
        yubei="v_sun v_pending v_up v_legal",
        jiangbei="v_far",
        mca_yubei="v_sun v_pending v_up v_legal",
        mca_jiangbei="v_far",
        mca_city=ALL["Review"],
    ),
}
SEEN = {
    **SEEN,
    "Complaint": _of(
        "",
        wang="k_reading k_day",
        li="k_far",
        sun="k_legal",
        reading="k_day k_li",
        far="k_far",
        village="k_day k_li",
        street="k_day k_li",
        yubei="k_day k_li",
        jiangbei="k_far",
        mca_yubei="k_reading k_day k_li",
        mca_jiangbei="k_far",
        mca_city=ALL["Complaint"],
    ),
    "Submission": _of(
        "b_out",
        li="+ b_draft",
        wang="+ b_in",
        chen="+ b_quiet",
        reading="+ b_own",
        far="+ b_in b_ready",
        village="+ b_quiet",
        street="+ b_quiet",
        yubei="+ b_quiet",
        jiangbei="+ b_in b_ready",
        mca_yubei="+ b_quiet",
        mca_jiangbei="+ b_in b_ready",
        mca_city="+ b_in b_ready b_quiet",
    ),
    "Notice": _of(
        "n_all",
        li="+ n_yubei n_village",
        zhao="+ n_yubei",
        chen="+ n_village",
        reading="+ n_yubei n_village",
        pending="+ n_yubei n_village",
        legal="+ n_yubei",
        village="+ n_yubei n_village",
        street="+ n_yubei",
        yubei="+ n_yubei",
        mca_yubei="+ n_yubei n_village n_offices n_wrong",
        mca_jiangbei="+ n_offices",
        mca_city=ALL["Notice"],
    ),
    "Inspection": _of(
        "i_public",
        legal="+ i_asked",
        yubei="+ i_asked",
        mca_yubei="+ i_asked",
        mca_jiangbei="+ i_drawn",
        mca_city=ALL["Inspection"],
    ),
    "InspectionItem": _of(
        "",
        reading="e_public",
        legal="e_asked",
        village="e_public",
        street="e_public",
        yubei="e_public e_asked",
        mca_yubei="e_public e_asked",
        mca_jiangbei="e_drawn",
        mca_city=ALL["InspectionItem"],
    ),
    "Need": _of(
        "n_open n_far",
        wang="+ n_closed",
        reading="+ n_closed",
        village="+ n_closed n_quiet",
        street="+ n_closed n_quiet",
        yubei="+ n_closed n_quiet",
        mca_yubei="+ n_closed n_quiet",
        mca_city=ALL["Need"],
    ),
    # A volunteer's offer is for teams that work, and a pending one does not yet.
    "Offer": _of(
        "o_far",
        li="+ o_li",
        wang="+ o_wang",
        reading="+ o_li",
        far="+ o_li",
        legal="+ o_li",
        village="+ o_li",
        street="+ o_li",
        yubei="+ o_li",
        jiangbei="+ o_li",
        mca_yubei="+ o_li",
        mca_jiangbei="+ o_wang",
        mca_city=ALL["Offer"],
    ),
    "NeedAnswer": _of(
        "",
        wang="a_wang",
        reading="a_wang a_far",
        far="a_far",
        village="a_wang a_far",
        street="a_wang a_far",
        yubei="a_wang a_far",
        mca_yubei="a_wang a_far",
        mca_city=ALL["NeedAnswer"],
    ),
    "RewardItem": _of("w_yubei", yubei="+ w_old", mca_yubei="+ w_old", mca_city=ALL["RewardItem"]),
    "Redemption": _of("", li="x_li", yubei="x_li", mca_yubei="x_li", mca_city=ALL["Redemption"]),
}
POSTS_SEEN = {
    viewer: frozenset(f"post_{project}" for project in projects)
    for viewer, projects in SEEN["Project"].items()
}
EXPECTED = {**SEEN, "Post": POSTS_SEEN}
NODES = [name for name in EXPECTED if name != "TeamAttachment"]

# The lists of the root, and to whom they exist.
ROOTS = {
    "Team": ("teams", frozenset(VIEWERS)),
    "Project": ("projects", frozenset(VIEWERS)),
    "Volunteer": ("volunteers", MANAGERS),
    "ServiceRecord": ("serviceRecords", PERSONS),
    "Review": ("reviews", PERSONS),
    "Complaint": ("complaints", PERSONS),
    "Submission": ("submissions", frozenset(VIEWERS)),
    "Notice": ("notices", frozenset(VIEWERS)),
    "Inspection": ("inspections", frozenset(VIEWERS)),
    "Need": ("needs", frozenset(VIEWERS)),
    "Offer": ("offers", frozenset(VIEWERS)),
    "NeedAnswer": ("needAnswers", PERSONS),
    "RewardItem": ("rewardItems", frozenset(VIEWERS)),
    "Redemption": ("redemptions", PERSONS - {"reading", "far", "pending"}),
}
# The entities that are found by a number: root field, argument, who it exists for.
NUMBERS = {
    "Team": ("team", "teamNo", frozenset(VIEWERS)),
    "Project": ("project", "projectNo", frozenset(VIEWERS)),
    "Volunteer": ("volunteer", "volunteerNo", PERSONS),
}


async def ask(people: Client, viewer: str, document: str, **variables: Any) -> Any:
    who, acting_as = VIEWERS[viewer]
    answer = await people.ask(
        document, variables, viewer=account(who) if who else None, acting_as=acting_as
    )
    return answer.good


async def refuse(people: Client, viewer: str, document: str) -> None:
    """What does not exist for the viewer's role is refused before anything runs."""
    who, acting_as = VIEWERS[viewer]
    answer = await people.ask(
        document, {}, viewer=account(who) if who else None, acting_as=acting_as
    )
    assert answer.codes == ["DOCUMENT_INVALID"]


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("entity", ROOTS)
async def test_root_list_and_its_count_hold_what_the_viewer_sees(
    people: Client, entity: str, viewer: str
) -> None:
    root, who = ROOTS[entity]
    if viewer not in who:
        await refuse(people, viewer, f"{{ {root} {{ totalCount }} }}")
        return

    data = await ask(
        people,
        viewer,
        f"{{ {root}(first: 100) {{ totalCount nodes {{ id }} edges {{ node {{ id }} }} }} }}",
    )

    listed = [name_of(entity, node["id"]) for node in data[root]["nodes"]]
    assert sorted(listed) == sorted(EXPECTED[entity][viewer])
    assert [edge["node"] for edge in data[root]["edges"]] == data[root]["nodes"]
    assert data[root]["totalCount"] == len(listed)


@pytest.mark.parametrize("viewer", VIEWERS)
async def test_node_and_nodes_give_what_the_viewer_sees(people: Client, viewer: str) -> None:
    asked = [(entity, name) for entity in NODES for name in world.NAMES[entity]]
    ids = [global_id(entity, name) for entity, name in asked]

    data = await ask(
        people,
        viewer,
        "query ($ids: [ID!]!, $one: ID!)"
        " { nodes(ids: $ids) { __typename id } node(id: $one) { id } }",
        ids=ids,
        one=ids[-1],
    )

    expected = [
        {"__typename": entity, "id": global_id(entity, name)}
        if name in EXPECTED[entity][viewer]
        else None
        for entity, name in asked
    ]
    assert data["nodes"] == expected
    assert (data["node"] is None) == (expected[-1] is None)


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("entity", NUMBERS)
async def test_number_finds_what_the_viewer_sees(people: Client, entity: str, viewer: str) -> None:
    root, argument, who = NUMBERS[entity]
    if viewer not in who:
        await refuse(people, viewer, f'{{ {root}({argument}: "x") {{ id }} }}')
        return
    prefix = {"Team": "T{:03d}", "Project": "P{:03d}", "Volunteer": "50{:010d}"}[entity]
    fields = " ".join(
        f'{name}: {root}({argument}: "{prefix.format(n)}") {{ id }}'
        for n, name in enumerate(world.NAMES[entity])
    )

    data = await ask(people, viewer, f"{{ {fields} }}")

    found = {name for name, row in data.items() if row is not None}
    assert found == EXPECTED[entity][viewer]
    assert all(row["id"] == global_id(entity, name) for name, row in data.items() if row)


# Lists inside rows: from a parent's type and field to the rows and the parent of each.
EDGES: Mapping[tuple[str, str], tuple[str, Mapping[str, str | None]]] = {
    ("Team", "members"): ("Membership", {n: m[0] for n, m in world.MEMBERSHIPS.items()}),
    ("Team", "projects"): ("Project", {n: p[0] for n, p in world.PROJECTS.items()}),
    ("Team", "serviceRecords"): ("ServiceRecord", {n: r[1] for n, r in world.RECORDS.items()}),
    ("Team", "teams"): (
        "Team",
        {n: t[0] for n, t in world.TEAMS.items() if t[5] is None},
    ),
    ("Team", "branches"): ("Team", {"branch": "legal"}),
    ("Project", "signUps"): ("SignUp", {n: s[0] for n, s in world.SIGN_UPS.items()}),
    ("Project", "serviceRecords"): (
        "ServiceRecord",
        {n: r[2] for n, r in world.RECORDS.items()},
    ),
    ("Volunteer", "memberships"): (
        "Membership",
        {n: m[1] for n, m in world.MEMBERSHIPS.items()},
    ),
    ("Volunteer", "signUps"): ("SignUp", {n: s[1] for n, s in world.SIGN_UPS.items()}),
    ("Volunteer", "serviceRecords"): (
        "ServiceRecord",
        {n: r[0] for n, r in world.RECORDS.items()},
    ),
    ("Volunteer", "certificates"): (
        "Certificate",
        {n: c[0] for n, c in world.CERTIFICATES.items()},
    ),
    ("Region", "teams"): ("Team", {n: t[1] for n, t in world.TEAMS.items()}),
}
PUBLIC_EDGES = {
    ("Team", "projects"),
    ("Team", "teams"),
    ("Team", "branches"),
    ("Region", "teams"),
}
MANAGER_EDGES = {("Team", "members"), ("Team", "serviceRecords")}
FOR = {
    edge: frozenset(VIEWERS)
    if edge in PUBLIC_EDGES
    else (MANAGERS if edge in MANAGER_EDGES else PERSONS)
    for edge in EDGES
}


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("edge", EDGES, ids=".".join)
async def test_edge_and_its_count_hold_what_the_viewer_sees(
    people: Client, edge: tuple[str, str], viewer: str
) -> None:
    (parent, name), (entity, parent_of) = edge, EDGES[edge]
    if viewer not in FOR[edge]:
        document = f'{{ node(id: "x") {{ ... on {parent} {{ {name} {{ totalCount }} }} }} }}'
        await refuse(people, viewer, document)
        return
    parents = sorted(world.REGIONS if parent == "Region" else EXPECTED[parent][viewer])

    data = await ask(
        people,
        viewer,
        f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ id ... on {parent} {{ {name}(first: 100)"
        " { totalCount nodes { id } } } } }",
        ids=[global_id(parent, each) for each in parents],
    )

    for each, row in zip(parents, data["nodes"], strict=True):
        listed = sorted(name_of(entity, node["id"]) for node in row[name]["nodes"])
        assert listed == sorted(
            child for child in EXPECTED[entity][viewer] if parent_of.get(child) == each
        ), each
        assert row[name]["totalCount"] == len(listed)


@pytest.mark.parametrize("viewer", sorted(MANAGERS))
async def test_attachments_are_those_that_the_viewer_sees(people: Client, viewer: str) -> None:
    teams = sorted(EXPECTED["Team"][viewer])

    data = await ask(
        people,
        viewer,
        "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Team { attachments { validFrom } } } }",
        ids=[global_id("Team", each) for each in teams],
    )

    shown = {
        (team, each["validFrom"])
        for team, row in zip(teams, data["nodes"], strict=True)
        for each in row["attachments"]
    }
    assert shown == {
        (world.ATTACHMENTS[name][0], world.ATTACHMENTS[name][2].isoformat())
        for name in EXPECTED["TeamAttachment"][viewer]
    }


TREE = """
fragment T on Team { __typename id }
query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Team {
      ...T contactTeam { ...T } branchOf { ...T } successor { ...T }
      ancestors { ...T } childHubs { ...T } viewTeams { ...T }
      region { hub { ...T } }
      descendants(first: 100) { totalCount nodes { ...T } }
      projects(includeDescendants: true, first: 100) {
        totalCount
        nodes { __typename id team { ...T } posts { __typename id } }
      }
    }
  }
}
"""


@pytest.mark.parametrize("viewer", VIEWERS)
async def test_tree_walked_from_any_team_stays_within_what_the_viewer_sees(
    people: Client, viewer: str
) -> None:
    seen = EXPECTED["Team"][viewer]
    teams = sorted(seen)

    data = await ask(people, viewer, TREE, ids=[global_id("Team", each) for each in teams])

    for each, row in zip(teams, data["nodes"], strict=True):
        assert all(name in EXPECTED[type_name][viewer] for type_name, name in _met(row))
        below = {name for name in seen if name != each and _is_below(name, each)}
        chosen = {world.VIEW_TEAMS[each]} if each in world.VIEW_TEAMS else set()
        above = {name for name in seen if name != each and _is_below(each, name)}
        work = {
            name for name in EXPECTED["Project"][viewer] if _is_below(world.PROJECTS[name][0], each)
        }
        assert _teams(row["descendants"]["nodes"]) == below
        assert row["descendants"]["totalCount"] == len(below)
        assert _teams(row["viewTeams"]) == chosen & seen
        assert _teams(row["ancestors"]) == above
        assert {name_of("Project", one["id"]) for one in row["projects"]["nodes"]} == work
        assert row["projects"]["totalCount"] == len(work)


PEOPLE = """
fragment V on Volunteer { __typename id }
query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Membership { __typename id team { __typename id } volunteer { ...V } }
    ... on SignUp {
      __typename id project { __typename id } post { __typename id } volunteer { ...V }
    }
    ... on ServiceRecord {
      __typename id volunteer { ...V } team { __typename id } project { __typename id }
    }
    ... on Certificate { __typename id volunteer { ...V } team { __typename id } }
    ... on Review { __typename id team { __typename id } reviewerTeam { __typename id } }
  }
}
"""


@pytest.mark.parametrize("viewer", sorted(PERSONS))
async def test_references_of_rows_stay_within_what_the_viewer_sees(
    people: Client, viewer: str
) -> None:
    entities = ("Membership", "SignUp", "ServiceRecord", "Certificate", "Review")
    asked = [global_id(each, name) for each in entities for name in EXPECTED[each][viewer]]

    data = await ask(people, viewer, PEOPLE, ids=asked)

    met = list(_met(data))
    assert all(name in EXPECTED[type_name][viewer] for type_name, name in met)
    rows = {(each, name) for each in entities for name in EXPECTED[each][viewer]}
    assert rows <= set(met)


@pytest.mark.parametrize("viewer", VIEWERS)
async def test_hub_of_a_region_is_the_one_that_stands(people: Client, viewer: str) -> None:
    data = await ask(
        people,
        viewer,
        '{ hub(regionCode: "500112001") { id } region(code: "500112001") { hub { id } } }',
    )

    street = {"id": global_id("Team", "street")}
    assert data == {"hub": street, "region": {"hub": street}}


def _is_below(name: str, other: str) -> bool:
    return world.path_of("Team", name).startswith(world.path_of("Team", other))


def _teams(rows: Any) -> set[str]:
    return {name_of("Team", row["id"]) for row in rows}


def _met(value: Any) -> Iterator[tuple[str, str]]:
    """Every row in an answer, by type and name."""
    if isinstance(value, list):
        for each in value:
            yield from _met(each)
    elif isinstance(value, dict):
        if "__typename" in value:
            yield value["__typename"], name_of(value["__typename"], value["id"])
        for each in value.values():
            yield from _met(each)
