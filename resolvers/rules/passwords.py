"""What a new password and a new username must be; migrated ones are taken as they are."""

import re
from collections.abc import Collection

from permissions.errors import UserError, UserErrorCode

USERNAME = re.compile(r"[a-z][a-z0-9_]{3,29}", re.ASCII)
SHORTEST, LONGEST = 10, 128
LONG_ENOUGH_ALONE = 16
KINDS_ASKED = 3
KINDS = (
    re.compile(r"[a-z]"),
    re.compile(r"[A-Z]"),
    re.compile(r"[0-9]"),
    re.compile(r"[^a-zA-Z0-9]"),
)
LEAST_DIFFERENT = 6
SHORTEST_TELLTALE = 4


def username_error(username: str) -> UserError | None:
    """What is wrong with a new username, already in small letters."""
    if USERNAME.fullmatch(username):
        return None
    return UserError(
        UserErrorCode.INVALID,
        "username",
        "A username has 4 to 30 letters, digits and underscores, and begins with a letter.",
    )


def password_error(password: str, *, about: Collection[str]) -> UserError | None:
    """What is wrong with a new password; ``about`` is what others know of the person.

    Three of four kinds of characters, or sixteen of any; nothing that is known of the person, nor
    a few characters over and over.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        return _weak(f"A password has {SHORTEST} to {LONGEST} characters.")
    kinds = sum(1 for kind in KINDS if kind.search(password))
    if kinds < KINDS_ASKED and len(password) < LONG_ENOUGH_ALONE:
        return _weak(
            "Use three of small letters, capitals, digits and other characters, "
            f"or at least {LONG_ENOUGH_ALONE} characters."
        )
    if len(set(password)) < LEAST_DIFFERENT:
        return _weak("The password repeats a few characters.")
    plain = password.casefold()
    if any(len(known) >= SHORTEST_TELLTALE and known.casefold() in plain for known in about):
        return _weak("The password contains something that is known of you.")
    return None


def _weak(message: str) -> UserError:
    return UserError(UserErrorCode.PASSWORD_WEAK, "password", message)
