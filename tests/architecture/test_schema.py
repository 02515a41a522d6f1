import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_introspection_type,
    is_specified_scalar_type,
    parse,
    validate,
)

from permissions.viewer import Role
from schema.build import NODES, build_schema
from schema.role_schema import RoleSchema

CHINESE = re.compile("[\u4e00-\u9fff]")
PAGING = {"first": "Int", "after": "String", "last": "Int", "before": "String"}
EXAMPLES = sorted((Path(__file__).parents[2] / "gateway/web/examples").glob("*.graphql"))
WORKLOAD = sorted((Path(__file__).parents[1] / "benchmarks/documents").glob("*.graphql"))
# Lists that are given whole because the domain keeps them short, or that hold values of a row.
WHOLE = {
    *("ServiceRecord.revisions", "ServiceRecord.disputes", "RecordTransfer.records"),
    "Volunteer.servedHours",
    *("Volunteer.trainings", "Volunteer.awards", "Volunteer.evaluations", "Volunteer.starRatings"),
    *("Query.recordTransfers", "Query.starScale"),
    *("Query.nodes", "Query.serviceCategories"),
    *("Region.ancestors", "Region.children", "Region.childStatistics", "Team.childStatistics"),
    *("RegionStatistics.months", "TeamStatistics.months", "ChildStatistics.months"),
    *("ChildTeamStatistics.months", "StatisticsReport.totals", "StatisticsReport.series"),
    *("StatisticsPoint.figures", "StatisticsBreakdown.cells", "Query.rankings"),
    *("PublicStatistics.children", "PublicStatistics.breakdown", "Query.publicRankings"),
    *("Query.reviewCounts", "Review.changes", "Review.files"),
    *("Team.ancestors", "Team.childHubs", "Team.viewTeams", "Team.attachments", "Team.staff"),
    *("Query.partners", "Partner.keys", "Partner.documents"),
    *(
        "Project.allowedTeams",
        "Project.exclusiveProjects",
        "Project.posts",
        "Account.capacities",
        "Viewer.capacities",
    ),
    *("Viewer.consents", "Viewer.corrections", "Viewer.notifications"),
    "Query.pendingCorrections",
    "Query.regionUse",
    *("Station.administrators", "Station.serviceCategories"),
    *("Station.supportChannels", "Station.trainingLinks"),
    "Complaint.steps",
    *("Query.exports", "Query.trialFeedback"),
    *("Inspection.parts", "Inspection.measures", "Query.overdueInspectionParts"),
    *("Query.searchNeeds", "Query.searchOffers"),
    *("Query.rewardRules", "Query.rewardAccounts", "RewardAccount.entries"),
    *("TrialFeedbackSummary.levelsReached", "TrialFeedbackSummary.modulesTried"),
}


@pytest.fixture(scope="module")
def schemas() -> dict[Role, RoleSchema]:
    return {role: build_schema(role) for role in Role}


def core(schema: RoleSchema) -> GraphQLSchema:
    return schema._schema


def own_types(schema: GraphQLSchema) -> Iterator[GraphQLNamedType]:
    for each in schema.type_map.values():
        if not is_introspection_type(each) and not is_specified_scalar_type(each):
            yield each


def members(schema: GraphQLSchema) -> Iterator[tuple[str, Any]]:
    """Every type, field, argument and input field, by its place."""
    for each in own_types(schema):
        yield each.name, each
        if isinstance(each, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in each.fields.items():
                yield f"{each.name}.{name}", field
                for argument, given in field.args.items():
                    yield f"{each.name}.{name}({argument}:)", given
        elif isinstance(each, GraphQLInputObjectType):
            for name, given in each.fields.items():
                yield f"{each.name}.{name}", given


SCALARS = {"Date", "DateTime", "Decimal", "Void", "UUID", "JSON"}  # described by Strawberry
PLAIN = {"id", "ids", "host"}


def is_said_otherwise(place: str, member: Any) -> bool:
    """Whether it is a scalar of Strawberry's, or an argument that its type or name explains."""
    if not place.endswith(":)"):
        return place in SCALARS
    name = place[place.index("(") + 1 : -2]
    return name in PLAIN or bool(CHINESE.search(get_named_type(member.type).description or ""))


@pytest.mark.parametrize("role", Role)
def test_every_member_has_its_chinese_term(schemas: dict[Role, RoleSchema], role: Role) -> None:
    without = [
        place
        for place, member in members(core(schemas[role]))
        if not CHINESE.search(member.description or "") and not is_said_otherwise(place, member)
    ]

    assert without == []


@pytest.mark.parametrize("role", Role)
def test_every_list_of_objects_is_paged_or_named_as_short(
    schemas: dict[Role, RoleSchema], role: Role
) -> None:
    unbounded = []
    for place, field in members(core(schemas[role])):
        kind = get_named_type(getattr(field, "type", None))
        if "(" in place or not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            continue
        if kind.name.endswith("Connection"):
            given = {name: str(each.type) for name, each in field.args.items() if name in PAGING}
            assert given == PAGING, place
        is_list = isinstance(get_nullable_type(field.type), GraphQLList)
        owner = place.partition(".")[0]
        # What a mutation answers is bounded by what it was given.
        if is_list and not owner.endswith(("Connection", "Payload", "Result")):
            unbounded.append(place)

    assert set(unbounded) - WHOLE == set()


@pytest.mark.parametrize("cls", NODES, ids=lambda cls: cls.__name__)
def test_columns_that_fields_read_are_columns_of_the_row(cls: Any) -> None:
    row = cls.is_type_of.classes[0]
    for field in cls.__strawberry_definition__.fields:
        call = getattr(field, "batch_call", None)
        if field.base_resolver is None and call is None:
            assert field.python_name in row.__columns__, f"{cls.__name__}.{field.python_name}"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_is_valid_in_the_schema_of_its_role(
    schemas: dict[Role, RoleSchema], path: Path
) -> None:
    role = Role(path.name.partition("-")[0].upper())

    errors = validate(core(schemas[role]), parse(path.read_text("utf-8")))

    assert [error.message for error in errors] == []


@pytest.mark.parametrize("path", WORKLOAD, ids=lambda path: path.stem)
def test_workload_document_is_valid_in_the_schema_of_who_asks_it(
    schemas: dict[Role, RoleSchema], path: Path
) -> None:
    role = Role.VOLUNTEER if path.stem == "profile" else Role.HUB

    assert validate(core(schemas[role]), parse(path.read_text("utf-8"))) == []


def test_values_of_enums_are_upper_snake(schemas: dict[Role, RoleSchema]) -> None:
    for each in own_types(core(schemas[Role.HUB])):
        if isinstance(each, GraphQLEnumType):
            assert all(re.fullmatch("[A-Z][A-Z0-9_]*", name) for name in each.values), each.name
