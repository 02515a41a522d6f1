from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.enums import Sex
from db.numbers import resident_id, uscc
from db.numbers.business import project_no, team_no, volunteer_no

TODAY = date(2026, 6, 1)

RESIDENTS = [
    ("500112199001010017", Sex.MALE, date(1990, 1, 1)),
    ("500103198512310029", Sex.FEMALE, date(1985, 12, 31)),
    ("500243199912121236", Sex.MALE, date(1999, 12, 12)),
    ("510221197503078884", Sex.FEMALE, date(1975, 3, 7)),
    ("11010519491231002X", Sex.FEMALE, date(1949, 12, 31)),
    ("500157202601250011", Sex.MALE, date(2026, 1, 25)),
]
CODES = [
    "91110000600037341L",
    "52500112MJP000001W",
    "53500000MJP000002B",
    "54500112ME00000010",
    "11500000009275001P",
    "N2500112MF0000003W",
]


@pytest.mark.parametrize(("number", "sex", "born_on"), RESIDENTS)
def test_valid_resident_id_tells_its_holder(number: str, sex: Sex, born_on: date) -> None:
    assert resident_id.read(number, today=TODAY) == resident_id.ResidentId(
        number, number[:6], born_on, sex
    )


@pytest.mark.parametrize(("number", "_sex", "_born_on"), RESIDENTS)
def test_any_changed_digit_is_noticed(number: str, _sex: Sex, _born_on: date) -> None:
    for place, digit in enumerate(number):
        for other in "0123456789X":
            changed = number[:place] + other + number[place + 1 :]
            if other != digit:
                assert isinstance(resident_id.read(changed, today=TODAY), resident_id.Fault)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("500112199002300017", resident_id.Fault.BIRTH_DATE),
        ("50011219900101001", resident_id.Fault.FORM),
        ("500112900101001", resident_id.Fault.FORM),  # of fifteen: import only
        ("５００１１２１９９００１０１００１７", resident_id.Fault.FORM),
        ("", resident_id.Fault.FORM),
        ("500157202607250011", resident_id.Fault.BIRTH_DATE),  # not born yet
        ("500112199001010018", resident_id.Fault.CHECK_DIGIT),
    ],
)
def test_what_is_no_resident_id_says_why(text: str, fault: resident_id.Fault) -> None:
    assert resident_id.read(text, today=TODAY) is fault


def test_small_x_and_spaces_around_are_forgiven() -> None:
    found = resident_id.read(" 11010519491231002x ", today=TODAY)

    assert isinstance(found, resident_id.ResidentId)
    assert found.number == "11010519491231002X"


def test_region_that_is_retired_is_read_as_it_stands_on_the_card() -> None:
    found = resident_id.read("510221197503078884", today=TODAY)

    assert isinstance(found, resident_id.ResidentId)
    assert found.region_code == "510221"


@given(
    region=st.integers(110000, 659999).map(str),
    born_on=st.dates(date(1900, 1, 1), TODAY),
    order=st.integers(0, 999),
)
def test_made_resident_id_reads_back(region: str, born_on: date, order: int) -> None:
    found = resident_id.read(resident_id.make(region, born_on, order), today=TODAY)

    assert isinstance(found, resident_id.ResidentId)
    assert (found.region_code, found.born_on) == (region, born_on)
    assert found.sex is (Sex.MALE if order % 2 else Sex.FEMALE)


@pytest.mark.parametrize(("region", "order"), [("50011", 1), ("500Z01", 1), ("500112", 1000)])
def test_resident_id_is_not_made_of_bad_parts(region: str, order: int) -> None:
    with pytest.raises(ValueError, match="six digits"):
        resident_id.make(region, TODAY, order)


@pytest.mark.parametrize("code", CODES)
def test_valid_credit_code_has_no_fault(code: str) -> None:
    assert uscc.fault(code) is None


@pytest.mark.parametrize("code", CODES)
def test_any_changed_character_of_a_credit_code_is_noticed(code: str) -> None:
    for place, character in enumerate(code):
        for other in uscc.ALPHABET:
            if other != character:
                changed = code[:place] + other + code[place + 1 :]
                assert uscc.fault(changed) is not None


@pytest.mark.parametrize(
    "text",
    ["", "9111000060003734", "91110000600037341I", "91110O00600037341L", "52500112mjp000001w"],
)
def test_text_of_another_form_is_no_credit_code(text: str) -> None:
    assert uscc.fault(text) is uscc.Fault.FORM


def test_made_credit_code_is_valid_inside_and_out() -> None:
    code = uscc.make("52", "500112", "MJ000017")

    assert uscc.fault(code) is None
    assert code[16] == uscc.organisation_check("MJ000017")


def test_credit_code_in_use_whose_inner_check_fails_has_no_fault() -> None:
    code = "52500112MJP000001W"

    assert uscc.organisation_check(code[8:16]) != code[16]
    assert uscc.fault(code) is None


def test_credit_code_is_not_made_of_bad_parts() -> None:
    with pytest.raises(ValueError, match="eight characters"):
        uscc.make("52", "500112", "MJ17")
    with pytest.raises(ValueError, match="region of six digits"):
        uscc.make("5I", "500112", "MJ000017")


def test_numbers_of_the_provinces_own_station_are_plain() -> None:
    own = (50 << 40) + 28_878

    assert team_no("500112000000", own) == "T5001120028878"
    assert volunteer_no("500112000000", own) == "V5001120028878"
    assert project_no("511903240000", own, date(2024, 3, 1)) == "P51190324030028878S50"
    assert project_no("500112000000", own, date(2024, 3, 1)) == "P50011224030028878"


def test_two_stations_never_share_a_number() -> None:
    assert team_no("500112000000", (50 << 40) + 7) != team_no("500112000000", (0 << 40) + 7)
