"""Every field of the schema that leads to rows is walked by the runs of this folder, or named."""

from collections.abc import Iterator

import pytest
from graphql import GraphQLObjectType, get_named_type

from permissions.viewer import Role
from schema.build import build_schema
from tests.fuzz.documents import ENTITIES

# Asked one by one by test_words_and_figures.
FIGURES = {
    *("ChildStatistics.region", "ChildTeamStatistics.team"),
    *("StatisticsRank.region", "StatisticsRank.team"),
}
# Who may see the scope of a report sees its figures; the scope is asked for by its id or code.
GIVEN = {"StatisticsReport.region", "StatisticsReport.team"}
# Regions are everyone's.
PUBLIC = {"Partner.region", "PublicStatistics.region", "RegionUse.region", "Station.region"} | {
    *("ComplaintStep.handlerDepartment", "TrialFeedback.region"),
}
# Rows of a person's file and of messages, of which the drawn world has none: their references are
# looked up by `schema.references.referred`, as those of rows that it has.
REFERRED = {
    *("Award.team", "Evaluation.project", "Evaluation.team", "TrainingRecord.team"),
    *("ComplaintStep.handlerTeam", "Correction.volunteer", "Notification.team"),
    *("RecordTransfer.fromTeam", "RecordTransfer.toTeam", "RecordTransfer.volunteer"),
}


def leading(role: Role) -> Iterator[str]:
    """The fields of a role's schema that lead to rows, but for those that are walked."""
    for owner in build_schema(role)._schema.type_map.values():
        walked = owner.name in ENTITIES | {"Query", "Viewer"}
        # What a mutation gives is held against the oracle whole: test_mutation_targets.
        written = owner.name.endswith(("Payload", "Result")) or owner.name == "Mutation"
        pages = owner.name.endswith(("Connection", "Edge"))
        if isinstance(owner, GraphQLObjectType) and not (walked or written or pages):
            for name, field in owner.fields.items():
                if get_named_type(field.type).name.removesuffix("Connection") in ENTITIES:
                    yield f"{owner.name}.{name}"


@pytest.mark.parametrize("role", Role)
def test_every_field_that_leads_to_rows_is_walked_or_named(role: Role) -> None:
    assert set(leading(role)) <= FIGURES | GIVEN | PUBLIC | REFERRED


def test_no_field_is_named_that_is_not_there() -> None:
    found = {each for role in Role for each in leading(role)}

    assert found >= FIGURES | GIVEN | PUBLIC | REFERRED
