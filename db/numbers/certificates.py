"""Numbers of certificates, which nobody can guess, and how people's writing of them is read.

``C``, the province, the day, ten random characters, a check character; a station that is not the
province's own adds ``S`` and its number. The alphabet is Crockford's: no I, L, O and U.
"""

import re
import secrets
from datetime import date

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_LENGTH = 10  # 50 bits
CHECKED = len("C50YYMMDD") + RANDOM_LENGTH
LONGEST_TYPED = 64
_LIKE = str.maketrans("OIL", "011")
_SEPARATORS = re.compile(r"[\s\-–—·]+")
_FORM = re.compile(
    rf"C(?P<province>[0-9]{{2}})[0-9]{{6}}[{ALPHABET}]{{{RANDOM_LENGTH + 1}}}"
    r"(?:S(?P<station>[0-9]{1,7}))?",
    re.ASCII,
)


def certificate_no(province: str, on: date, *, station: int, tail: str | None = None) -> str:
    """A new number (证明编号); ``tail`` is for data that must come out the same each time."""
    random = random_text(RANDOM_LENGTH) if tail is None else tail
    plain = f"C{province}{on:%y%m%d}{random}"
    number = plain + _check(plain)
    return number if is_own(province, station) else f"{number}S{station}"


def random_text(length: int) -> str:
    """Random characters of the alphabet, five bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def read_typed(text: str) -> str:
    """What people typed, in the one way it is stored; empty if it is nothing of ours."""
    if len(text) > LONGEST_TYPED:
        return ""
    plain = _SEPARATORS.sub("", text).upper().translate(_LIKE)
    return plain if plain.isascii() and plain.isalnum() else ""


def station_of(number: str) -> int | None:
    """The station that a well-formed number names; None if it has a slip of the pen."""
    found = _FORM.fullmatch(number)
    if found is None:
        return None
    if _check(number[:CHECKED]) != number[CHECKED]:
        return None
    return int(found["station"] or found["province"])


def is_own(province: str, station: int) -> bool:
    """Whether a station is the province's own."""
    return province == f"{station:02d}"


def _check(text: str) -> str:
    """Luhn's check character over the alphabet: one wrong or two swapped neighbours are seen."""
    total = 0
    for place, character in enumerate(reversed(text)):
        value = ALPHABET.index(character) * (2 - place % 2)
        total += sum(divmod(value, len(ALPHABET)))
    return ALPHABET[-total % len(ALPHABET)]
