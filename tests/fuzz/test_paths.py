"""Every field of the schema that leads to rows is walked by the runs of this folder, or named."""

from collections.abc import Iterator

import pytest
from graphql import GraphQLObjectType, get_named_type

from permissions.viewer import Role
from schema.build import build_schema
from tests.fuzz.documents import ENTITIES

# Asked one by one by test_words_and_figures.
FIGURES = {"ChildTeamStatistics.team", "StatisticsRank.team"}
# Who may see the scope of a report sees its figures; the scope is asked for by its id.
GIVEN = {"StatisticsReport.team"}
# Of rows that lead to others and are no nodes themselves: their references are looked up in the
# viewer's scope by `schema.references.referred`, as those of rows that the drawn world has.
REFERRED = {
    *("Award.team", "Evaluation.project", "Evaluation.team", "TrainingRecord.team"),
    *("ServedHours.team", "ServedHours.project"),
    *("ComplaintStep.handlerTeam", "Correction.volunteer", "Notification.team"),
    *("RecordTransfer.fromTeam", "RecordTransfer.toTeam", "RecordTransfer.volunteer"),
    *("InspectionMeasure.team", "InspectionPart.team", "NeedMatch.need", "OfferMatch.offer"),
    *("OverdueInspectionPart.inspection", "OverdueInspectionPart.team"),
}
EVERYONES = {"Region", "Station"}


def leading(role: Role) -> Iterator[str]:
    """The fields of a role's schema that lead to rows, but for those that are walked."""
    for owner in build_schema(role)._schema.type_map.values():
        walked = owner.name in ENTITIES | {"Query", "Viewer"}
        # What a mutation gives is held against the oracle whole: test_mutation_targets.
        written = owner.name.endswith(("Payload", "Result")) or owner.name == "Mutation"
        pages = owner.name.endswith(("Connection", "Edge"))
        if isinstance(owner, GraphQLObjectType) and not (walked or written or pages):
            for name, field in owner.fields.items():
                entity = get_named_type(field.type).name.removesuffix("Connection")
                if entity in ENTITIES - EVERYONES:
                    yield f"{owner.name}.{name}"


@pytest.mark.parametrize("role", Role)
def test_every_field_that_leads_to_rows_is_walked_or_named(role: Role) -> None:
    assert set(leading(role)) <= FIGURES | GIVEN | REFERRED


def test_no_field_is_named_that_is_not_there() -> None:
    found = {each for role in Role for each in leading(role)}

    assert found >= FIGURES | GIVEN | REFERRED
