"""Checks of texts that people type."""

import re
import unicodedata
from collections.abc import Sequence

from permissions.errors import UserError, UserErrorCode

MOBILE = re.compile(r"1[3-9][0-9]{9}", re.ASCII)
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,63}(\.[^@\s.]{1,63})+")
MAX_EMAIL_LENGTH = 254

# Control characters, lone surrogates, line and paragraph separators have no place in one line of
# text; direction overrides can make a text read as another.
UNFIT_CATEGORIES = {"Cc", "Cs", "Zl", "Zp"}
LINE_BREAKS = {ord(each): " " for each in "\r\n\t"}
MARKUP = re.compile(r"[<>]")
DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def text_errors(field: str, text: str, *, longest: int) -> Sequence[UserError]:
    """What is wrong with a text of several lines."""
    return line_errors(field, text.translate(LINE_BREAKS), longest=longest)


def line_errors(field: str, text: str, *, longest: int) -> Sequence[UserError]:
    """What is wrong with one line of text, already trimmed."""
    errors = []
    if len(text) > longest:
        errors.append(UserError(UserErrorCode.TOO_LONG, field, f"At most {longest} characters."))
    kept = text[:longest]
    # What is printable holds none of them, and nearly every text is.
    if not kept.isprintable() and any(
        unicodedata.category(character) in UNFIT_CATEGORIES or character in DIRECTION_MARKS
        for character in kept
    ):
        errors.append(
            UserError(UserErrorCode.INVALID, field, "Control characters are not allowed.")
        )
    return errors


def name_errors(field: str, text: str, *, longest: int) -> Sequence[UserError]:
    """What is wrong with a name, a title or another short text that stands for its bearer.

    It is read in lists, papers and messages of many makers, so it has no markup in it; free texts
    may have some, which every page escapes.
    """
    errors = line_errors(field, text, longest=longest)
    if MARKUP.search(text[:longest]):
        message = "No angle brackets in a name."
        return [*errors, UserError(UserErrorCode.INVALID, field, message)]
    return errors


def mobile_errors(field: str, text: str) -> Sequence[UserError]:
    """What is wrong with a mobile number of the mainland."""
    if MOBILE.fullmatch(text):
        return ()
    return (UserError(UserErrorCode.INVALID, field, "Not a mobile number of 11 digits."),)


def email_errors(field: str, text: str) -> Sequence[UserError]:
    """What is wrong with an e-mail address, as far as its form shows."""
    errors = line_errors(field, text, longest=MAX_EMAIL_LENGTH)
    if not errors and not EMAIL.fullmatch(text):
        errors = (UserError(UserErrorCode.INVALID, field, "Not an e-mail address."),)
    return errors
