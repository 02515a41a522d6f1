"""Unified social credit codes after GB 32100-2015: check and make."""

import re
from enum import StrEnum

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FORM = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_FORM = re.compile(rf"[{ALPHABET}]{{8}}")


class Fault(StrEnum):
    """Why a text is not a unified social credit code."""

    FORM = "FORM"
    CHECK_CHARACTER = "CHECK_CHARACTER"


def fault(text: str) -> Fault | None:
    """What is wrong with the code; nothing if it is valid.

    The second character (the kind of body) is not judged: its values change by circular. Nor is
    the check of the organisation code inside: codes are in use whose inner check is nobody's.
    """
    if not FORM.fullmatch(text):
        return Fault.FORM
    return None if check_character(text) == text[17] else Fault.CHECK_CHARACTER


def normalised(text: str) -> str:
    """The code as it is stored: no spaces, capitals."""
    return "".join(text.split()).upper()


def organisation_check(body: str) -> str:
    """The check character of an organisation code of eight (GB 11714)."""
    total = sum(w * int(c, 36) for w, c in zip(ORGANISATION_WEIGHTS, body, strict=True))
    return "0123456789X"[-total % 11]


def check_character(code: str) -> str:
    """The eighteenth character that the first seventeen ask for."""
    total = sum(w * ALPHABET.index(c) for w, c in zip(WEIGHTS, code, strict=False))
    return ALPHABET[-total % 31]


def make(authority: str, region_code: str, organisation: str) -> str:
    """The code of a body: two characters of authority and kind, region, organisation of eight.

    Raises:
        ValueError: a part is malformed.
    """
    if not ORGANISATION_FORM.fullmatch(organisation):
        raise ValueError("An organisation code has eight characters of the code's alphabet.")
    body = authority + region_code + organisation + organisation_check(organisation)
    code = body + (check_character(body) if set(body) <= set(ALPHABET) else "?")
    if fault(code) is not None:
        raise ValueError("A social credit code needs two characters and a region of six digits.")
    return code
