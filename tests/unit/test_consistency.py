"""Consistency tokens: their written form."""

import pytest

from db.consistency import Cluster, ConsistencyToken
from db.errors import TokenRefused


@pytest.mark.parametrize("transaction", [3, 81236, 2**64 - 1])
def test_written_form_is_read_back(transaction: int) -> None:
    text = f"7391823412341234567.2.{transaction}"

    token = ConsistencyToken.parse(text)

    assert token == ConsistencyToken(Cluster(7391823412341234567, 2), transaction)
    assert str(token) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.1",
        "1.1.3 ",
        "1.1.3\n",
        "-1.1.3",
        "1.1.g",
        "1.1.0/16B3740",
        f"1.1.{2**64}",
        "１.1.3",
        "1" * 5000 + ".1.3",
    ],
)
def test_malformed_token_is_refused(text: str) -> None:
    with pytest.raises(TokenRefused):
        ConsistencyToken.parse(text)
