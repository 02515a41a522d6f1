import pytest

from db.enums import IdentityType
from db.identities import SealBroken, blind_index, seal, unseal
from db.keys import Key

NUMBER = "11010519491231002X"
KEY = Key(id="a", secret=bytes(range(32)))
OTHER = Key(id="b", secret=bytes(32))


def test_sealed_number_opens_for_its_volunteer() -> None:
    sealed = seal(NUMBER, volunteer_id=7, key=KEY)

    assert unseal(sealed, volunteer_id=7, key=KEY) == NUMBER
    assert NUMBER.encode() not in sealed
    assert seal(NUMBER, volunteer_id=7, key=KEY) != sealed


@pytest.mark.parametrize(
    ("volunteer_id", "key", "damage"),
    [(8, KEY, b""), (7, OTHER, b""), (7, KEY, b"!")],
    ids=["another row", "another key", "changed bytes"],
)
def test_sealed_number_opens_for_nobody_else(volunteer_id: int, key: Key, damage: bytes) -> None:
    sealed = seal(NUMBER, volunteer_id=7, key=KEY) + damage

    with pytest.raises(SealBroken) as refusal:
        unseal(sealed, volunteer_id=volunteer_id, key=key)

    assert NUMBER not in str(refusal.value)


def test_cut_off_seal_is_broken() -> None:
    with pytest.raises(SealBroken):
        unseal(b"short", volunteer_id=7, key=KEY)


def test_blind_index_is_one_for_one_number_of_one_kind() -> None:
    index = blind_index(IdentityType.RESIDENT_ID, NUMBER, key=KEY)

    assert blind_index(IdentityType.RESIDENT_ID, " 110105 19491231002x", key=KEY) == index
    assert blind_index(IdentityType.PASSPORT, NUMBER, key=KEY) != index
    assert blind_index(IdentityType.RESIDENT_ID, NUMBER, key=OTHER) != index
    assert len(index) == 32
