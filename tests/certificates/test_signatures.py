"""Signatures and codes, without a database."""

import pytest
from gmssl.sm2 import CryptSM2

from db.enums import SignatureAlgorithm
from db.keys import Key
from db.numbers.certificates import (
    ALPHABET,
    RANDOM_LENGTH,
    certificate_no,
    random_text,
    read_typed,
    station_of,
)
from db.signatures import Signature, Signer, _sm2, _sm2_digest
from tests.small_world import NOW

KEY = Key(id="a", secret=b"a" * 32)
OTHER = Key(id="b", secret=b"b" * 32)
TEXT = "兹证明".encode() * 100
TODAY = NOW.date()


@pytest.mark.parametrize("algorithm", SignatureAlgorithm)
def test_only_the_signed_text_verifies(algorithm: SignatureAlgorithm) -> None:
    signer = Signer(keys=[KEY], algorithm=algorithm)
    signed = signer.sign(TEXT)

    assert signer.verify(TEXT, signed)
    assert not signer.verify(TEXT + b" ", signed)
    assert not Signer(keys=[Key(id="a", secret=b"c" * 32)]).verify(TEXT, signed)
    assert not Signer(keys=[OTHER]).verify(TEXT, signed)


@pytest.mark.parametrize("algorithm", SignatureAlgorithm)
@pytest.mark.parametrize("forged", [b"", b"\0" * 64, b"\xff" * 64, b"\1" * 63, b"\1" * 65])
def test_senseless_signature_is_refused(algorithm: SignatureAlgorithm, forged: bytes) -> None:
    signer = Signer(keys=[KEY], algorithm=algorithm)
    signed = signer.sign(TEXT)
    false = Signature(algorithm=algorithm, key_id=KEY.id, digest=signed.digest, signature=forged)

    assert not signer.verify(TEXT, false)


def test_station_that_changes_its_algorithm_verifies_what_it_signed() -> None:
    before = Signer(keys=[KEY]).sign(TEXT)

    assert Signer(keys=[KEY, OTHER], algorithm=SignatureAlgorithm.SM2).verify(TEXT, before)


def test_sm2_is_that_of_the_standard() -> None:
    """What the library itself signs and verifies, ours does: the same digest (GB/T 32918.2)."""
    curve = _sm2(b"k" * 32)
    signed = curve.sign_with_sm3(b"message", f"{12345:064x}")

    assert curve.verify(signed, _sm2_digest(curve, b"message"))
    # GB/T 32918.5 A.2, the example of the recommended curve.
    private = "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8"
    nonce = "59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21"
    example = CryptSM2(private_key=private, public_key="")
    example.public_key = example._kg(int(private, 16), example.ecc_table["g"])
    assert example.sign(_sm2_digest(example, b"message digest"), nonce).upper() == (
        "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
        "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
    )


def test_codes_differ_by_number_and_key() -> None:
    signer = Signer(keys=[KEY, OTHER])

    assert len({signer.code("C1"), signer.code("C2"), signer.code("C1", "a")}) == 3
    assert signer.code("C1") == signer.code("C1", "b")
    assert signer.code("C1", "lost") != signer.code("C1", "lost")


def test_numbers_hold_fifty_random_bits() -> None:
    numbers = {certificate_no("50", TODAY, station=50) for _ in range(2_000)}

    assert len(numbers) == 2_000
    assert len(ALPHABET) ** RANDOM_LENGTH == 2**50
    assert {number[:9] for number in numbers} == {"C50260520"}
    assert {len(number) for number in numbers} == {20}


@pytest.mark.parametrize(
    ("province", "station", "named"), [("50", 50, 50), ("50", 8_000, 8_000), ("51", 0, 0)]
)
def test_number_names_its_station(province: str, station: int, named: int) -> None:
    number = certificate_no(province, TODAY, station=station)

    assert station_of(number) == named
    assert read_typed(number) == number


def test_slips_of_the_pen_are_seen() -> None:
    number = certificate_no("50", TODAY, station=50, tail="0123456789")

    wrong = {
        number[:at] + character + number[at + 1 :]
        for at in range(3, len(number))
        for character in ALPHABET
        if character != number[at]
    }

    assert {station_of(each) for each in wrong} == {None}
    assert len(random_text(8)) == 8
