"""Consistency tokens: their written form, and who may have given them."""

import pytest

from db.consistency import ConsistencyToken
from db.errors import TokenRefused

PRIMARY = ConsistencyToken(system_id=7391823412341234567, timeline=2, lsn=0x2_0000_0010)


@pytest.mark.parametrize(
    ("text", "lsn"),
    [
        ("7391823412341234567.2.2/10", 0x2_0000_0010),
        ("7391823412341234567.2.0/16B3740", 0x16B3740),
        ("7391823412341234567.2.FFFFFFFF/FFFFFFFF", 2**64 - 1),
    ],
)
def test_written_form_is_read_back(text: str, lsn: int) -> None:
    token = ConsistencyToken.parse(text)

    assert token == ConsistencyToken(system_id=7391823412341234567, timeline=2, lsn=lsn)
    assert str(token) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.1",
        "1.1.0/0 ",
        "1.1.0/0\n",
        "-1.1.0/0",
        "1.1.0/g",
        "1.1.123456789/0",
        "１.1.0/0",
        "1" * 5000 + ".1.0/0",
    ],
)
def test_malformed_token_is_refused(text: str) -> None:
    with pytest.raises(TokenRefused):
        ConsistencyToken.parse(text)


@pytest.mark.parametrize(
    ("token", "known"),
    [
        (PRIMARY, True),
        (ConsistencyToken(PRIMARY.system_id, 1, PRIMARY.lsn - 1), True),
        (ConsistencyToken(PRIMARY.system_id, 2, PRIMARY.lsn + 1), False),
        (ConsistencyToken(PRIMARY.system_id, 3, 1), False),
        (ConsistencyToken(PRIMARY.system_id + 1, 2, 1), False),
    ],
)
def test_token_the_primary_cannot_have_given_is_refused(
    token: ConsistencyToken, known: bool
) -> None:
    if known:
        token.require_known_to(PRIMARY)
    else:
        with pytest.raises(TokenRefused):
            token.require_known_to(PRIMARY)


@pytest.mark.parametrize(
    ("replica", "reached"),
    [
        (PRIMARY, True),
        (ConsistencyToken(PRIMARY.system_id, 3, PRIMARY.lsn + 1), True),
        (ConsistencyToken(PRIMARY.system_id, 2, PRIMARY.lsn - 1), False),
        (ConsistencyToken(PRIMARY.system_id, 1, PRIMARY.lsn + 1), False),
        (ConsistencyToken(PRIMARY.system_id + 1, 2, PRIMARY.lsn), False),
    ],
)
def test_replica_behind_the_token_has_not_reached_it(
    replica: ConsistencyToken, reached: bool
) -> None:
    assert PRIMARY.is_reached_by(replica) is reached
