"""Who a person is by document: names, numbers, age, and whose consent it takes (DOMAIN §7.4)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from db.enums import IdentityType, Sex
from db.identities import normalised_number
from db.numbers import resident_id
from permissions.errors import UserError, UserErrorCode

ADULT_AGE = 18
SENSITIVE_AGE = 14  # below it all personal information is sensitive (PIPL art. 28)
OLDEST = 130
LONG = 18

_CJK = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af\u3007"
CHINESE_NAME = re.compile(rf"[{_CJK}](?:[{_CJK}·]{{0,18}}[{_CJK}])")
FOREIGN_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'’·\-])*", re.UNICODE)
LONGEST_FOREIGN_NAME = 60

OTHER_NUMBERS: Mapping[IdentityType, re.Pattern[str]] = {
    # The old permits, and the residence permits of eighteen digits (81, 82, 83).
    IdentityType.HK_MO_TW_PERMIT: re.compile(r"[HM]?[0-9]{8,10}|8[1-3][0-9]{15}[0-9X]", re.ASCII),
    IdentityType.PASSPORT: re.compile(r"[A-Z0-9]{5,17}", re.ASCII),
    IdentityType.FOREIGN_RESIDENT: re.compile(r"[A-Z]{3}[0-9]{12}|9[0-9]{16}[0-9X]", re.ASCII),
}
FAULTS: Mapping[resident_id.Fault, str] = {
    resident_id.Fault.FORM: "An ID number has 17 digits and a digit or X.",
    resident_id.Fault.BIRTH_DATE: "The birth date in the ID number cannot be.",
    resident_id.Fault.CHECK_DIGIT: "The last character does not fit the ID number.",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """A document's number as it is kept, and what it says of its holder."""

    id_type: IdentityType
    number: str
    born_on: date
    sex: Sex


def read_identity(
    id_type: IdentityType, text: str, *, born_on: date | None, sex: Sex | None, today: date
) -> Identity | UserError:
    """What a document says; a resident ID says the birth date and sex itself.

    A birth date or sex that contradicts a resident ID is refused; without one both are needed.
    """
    if id_type is IdentityType.RESIDENT_ID:
        return _read_resident(text, born_on, sex, today)
    number = normalised_number(text)
    if born_on is None or sex is None:
        missing = "bornOn" if born_on is None else "sex"
        return UserError(UserErrorCode.REQUIRED, missing, "This document does not tell it.")
    if _is_of(id_type, number):
        return Identity(id_type, number, born_on, sex)
    return UserError(
        UserErrorCode.ID_NUMBER_INVALID, "idNumber", "Not a number of such a document."
    )


def _read_resident(
    text: str, born_on: date | None, sex: Sex | None, today: date
) -> Identity | UserError:
    read = resident_id.read(text, today=today)
    if isinstance(read, resident_id.Fault):
        return UserError(UserErrorCode.ID_NUMBER_INVALID, "idNumber", FAULTS[read])
    if born_on not in {None, read.born_on}:
        return _invalid("bornOn", "The ID number says another birth date.")
    if sex not in {None, read.sex}:
        return _invalid("sex", "The ID number says another sex.")
    return Identity(IdentityType.RESIDENT_ID, read.number, read.born_on, read.sex)


def _is_of(id_type: IdentityType, number: str) -> bool:
    """Whether a document of the type may have the number; eighteen digits hold their own check."""
    if not OTHER_NUMBERS[id_type].fullmatch(number):
        return False
    return len(number) < LONG or resident_id.check_digit(number) == number[-1]


def person_name_error(name: str, id_type: IdentityType, *, field: str = "name") -> UserError | None:
    """What is wrong with a person's name, already trimmed."""
    if id_type in {IdentityType.RESIDENT_ID, IdentityType.HK_MO_TW_PERMIT}:
        good = CHINESE_NAME.fullmatch(name) is not None
        message = "A name has 2 to 20 Chinese characters, with · between its parts."
    else:
        good = len(name) <= LONGEST_FOREIGN_NAME and FOREIGN_NAME.fullmatch(name) is not None
        message = f"A name has at most {LONGEST_FOREIGN_NAME} letters, spaces, points and hyphens."
    return None if good else _invalid(field, message)


def birth_date_error(born_on: date, *, today: date) -> UserError | None:
    """What is wrong with a birth date."""
    if born_on <= today and age_on(today, born_on) <= OLDEST:
        return None
    return _invalid("bornOn", "A birth date that cannot be.")


def age_on(today: date, born_on: date) -> int:
    """The age in completed years; who is born on 29 February has it on 1 March of other years."""
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def needs_guardian(born_on: date, *, today: date) -> bool:
    """Whether a guardian must consent."""
    return age_on(today, born_on) < ADULT_AGE


def is_sensitive(born_on: date, *, today: date) -> bool:
    """Whether all of the person's information is sensitive."""
    return age_on(today, born_on) < SENSITIVE_AGE


def _invalid(field: str, message: str) -> UserError:
    return UserError(UserErrorCode.INVALID, field, message)
