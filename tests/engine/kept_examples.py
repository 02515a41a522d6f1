"""Cases in which two ways to execute once differed."""

from tests.engine.drawing import Case, Request
from tests.engine.specs import FieldSpec, Kind, TypeSpec, WorldSpec

TEXT = FieldSpec("i0", Kind((False,), "String"), way="batch_guarded", is_async=True, items="broken")
THING = TypeSpec("T0", (FieldSpec("t0_f0", Kind((False,), "Int")),), implements=True)
LATER_THING = TypeSpec("T0", THING.fields, implements=True, is_type_of="later")
QUERY = TypeSpec(
    "Query",
    (
        FieldSpec(
            "broken", Kind((True, False), "T0"), way="watched", is_async=True, items="broken"
        ),
        FieldSpec("either", Kind((True, True), "I"), way="ordinary", items="later_items"),
    ),
)
MUTATION = TypeSpec(
    "Mutation", (FieldSpec("made", Kind((False, False), "T0"), way="ordinary", is_async=True),)
)


def world(thing: TypeSpec) -> WorldSpec:
    return WorldSpec((thing,), QUERY, MUTATION, (TEXT,), ("T0",))


KEPT = [
    # A list that breaks off and an item in it that fails later take the same place.
    *(
        Case(world(thing), (Request("{ broken { i0 } either { i0 __typename } }"),), seed, trouble)
        for thing in (THING, LATER_THING)
        for seed in (0, 1, 2, 3)
        for trouble in (0.0, 0.3)
    ),
    # What a mutation lists is completed item by item.
    Case(world(THING), (Request("mutation { made { i0 t0_f0 } other: made { t0_f0 } }"),), 5, 0.3),
]
