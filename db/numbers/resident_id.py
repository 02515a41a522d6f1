"""Resident ID numbers after GB 11643: check and make."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from db.enums import Sex

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK = "10X98765432"
FORM = re.compile(r"[1-9][0-9]{16}[0-9X]", re.ASCII)
ORDERS = 1000


class Fault(StrEnum):
    """Why a number is not a resident ID."""

    FORM = "FORM"
    BIRTH_DATE = "BIRTH_DATE"
    CHECK_DIGIT = "CHECK_DIGIT"


@dataclass(frozen=True, slots=True)
class ResidentId:
    """What a valid number says of its holder.

    The region code is no part of the check: cards outlive the districts that issued them.
    """

    number: str
    region_code: str
    born_on: date
    sex: Sex


def read(text: str, *, today: date) -> ResidentId | Fault:
    """What the number says, or why it is none; spaces around it and a small x are forgiven."""
    number = text.strip().upper()
    if not FORM.fullmatch(number):
        return Fault.FORM
    born_on = _birth_date(number, today)
    if born_on is None:
        return Fault.BIRTH_DATE
    if check_digit(number) != number[17]:
        return Fault.CHECK_DIGIT
    return ResidentId(
        number=number,
        region_code=number[:6],
        born_on=born_on,
        sex=Sex.MALE if int(number[16]) % 2 else Sex.FEMALE,
    )


def check_digit(number: str) -> str:
    """The eighteenth character that the first seventeen ask for (ISO 7064 MOD 11-2)."""
    return CHECK[sum(w * int(d) for w, d in zip(WEIGHTS, number, strict=False)) % 11]


def make(region_code: str, born_on: date, order: int) -> str:
    """The number of the person born there that day with that order; odd orders are men's.

    Raises:
        ValueError: the region code has not six digits, or the order not at most three.
    """
    if not (re.fullmatch(r"[1-9][0-9]{5}", region_code) and 0 <= order < ORDERS):
        raise ValueError("A resident ID needs a region of six digits and an order below 1000.")
    body = f"{region_code}{born_on:%Y%m%d}{order:03d}"
    return body + check_digit(body)


def _birth_date(number: str, today: date) -> date | None:
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born_on if born_on <= today else None
