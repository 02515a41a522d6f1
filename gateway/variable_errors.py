"""What is said of variables that do not fit: where and why, never what they hold.

graphql-core quotes the value, up to the whole input object; an ID number must not stand in an
error, wherever that goes next (DESIGN §12).
"""

import re

# In the order in which they are cut off; behind each stands a value.
VALUE_BEHIND = (", found", " Found:", "; found", ", but encountered error", ": ")
ENUM_VALUE = re.compile(r"Value '.*' does not exist in", re.DOTALL)
NO_NAME = re.compile(r"unknown field '(?![_A-Za-z][_0-9A-Za-z]*').*'", re.DOTALL)


def without_values(message: str) -> str:
    """The message of an error about a variable, without the value that it quotes."""
    place, colon, reason = message.partition(": ")
    if not colon:
        return message
    reason = ENUM_VALUE.sub("This value does not exist in", reason)
    for mark in VALUE_BEHIND:
        reason = reason.partition(mark)[0]
    reason = NO_NAME.sub("unknown field", reason)
    return f"{place}: {reason}" if reason.endswith((".", "?")) else f"{place}: {reason}."
