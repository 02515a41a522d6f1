"""Moments that clients send: read as dateutil reads them, and refused in the same words."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.schema.types.base_scalars import DateTimeDefinition

from schema.moments import DATE_TIME

NUMBER = st.integers(0, 99).map("{:02}".format)
TIME = st.one_of(
    st.builds("T{}:{}".format, NUMBER, NUMBER),
    st.builds("T{}:{}:{}".format, NUMBER, NUMBER, NUMBER),
    st.builds(
        "T{}:{}:{}{}{}".format,
        *(NUMBER, NUMBER, NUMBER, st.sampled_from(".,"), st.text("0123456789", max_size=8)),
    ),
)
OFFSET = st.one_of(
    st.sampled_from(["", "Z", "z", "+00", "-00:00", "+0800", "+08:00:00"]),
    st.builds("{}{}:{}".format, st.sampled_from("+-"), NUMBER, NUMBER),
)
DAY = st.one_of(
    st.dates().map(str), st.builds("20{}-{}-{}".format, NUMBER, NUMBER, NUMBER), st.just("2026-W01")
)
WRITTEN = st.one_of(st.builds("{}{}{}".format, DAY, TIME, OFFSET), st.text(max_size=12))


def read(parse: object, text: str) -> object:
    assert callable(parse)
    try:
        moment = parse(text)
    except StrawberryInputCoercionError as error:
        return str(error)
    assert isinstance(moment, datetime)
    return moment.replace(tzinfo=None), moment.utcoffset()


@given(WRITTEN)
@example("2026-11-22T08:30:00+08:00")
@example("2026-11-22T24:00:00Z")
@example("2026-11-22T24:01:00Z")
@example("2026-11-22T08:30:60Z")
@example("2026-11-22T08:30:00.1234567Z")
@example("2026-02-30T08:30:00Z")
@example("2026-11-22T08:30:00+08:60")
@example("2026-11-22T08:30:00-24:00")
@example("２０２６-11-22T08:30:00Z")
def test_text_is_read_or_refused_as_dateutil_does(text: str) -> None:
    assert read(DATE_TIME.parse_value, text) == read(DateTimeDefinition.parse_value, text)


@pytest.mark.parametrize("given", [None, 5, True, ["2026-11-22T08:30:00Z"]])
def test_what_is_no_text_is_refused(given: object) -> None:
    assert callable(DATE_TIME.parse_value)
    with pytest.raises(StrawberryInputCoercionError, match="Expected a string"):
        DATE_TIME.parse_value(given)


def test_usual_form_gives_the_moment() -> None:
    assert callable(DATE_TIME.parse_value)
    moment = DATE_TIME.parse_value("2026-11-22T08:30:00+08:00")
    assert moment == datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
