"""The phases of a station, in any order that people try."""

from hypothesis import given, settings
from hypothesis import strategies as st

from db.enums import StationPhase
from resolvers.rules.station_states import NEXT, is_back


@settings(max_examples=200)
@given(steps=st.lists(st.sampled_from(list(StationPhase)), max_size=12))
def test_formal_run_is_reached_through_a_trial_alone_and_never_left(
    steps: list[StationPhase],
) -> None:
    now = StationPhase.LEGACY
    been = [now]
    for to in steps:
        if to in NEXT[now]:
            assert is_back(now, to) == (to is StationPhase.LEGACY)
            now = to
            been.append(now)

    if StationPhase.FORMAL in been:
        place = been.index(StationPhase.FORMAL)
        assert been[place - 1] is StationPhase.TRIAL
        assert been[place:] == [StationPhase.FORMAL]
