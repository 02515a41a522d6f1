"""Global ids: a type and the number of a row, as Relay wants them."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error, b2a_base64
from collections.abc import Iterable, Sequence
from typing import Any, cast

from strawberry import ID

from db.rows import Row
from permissions.errors import InvalidId
from schema.visibility import EVERYONE, batched

_FORM = re.compile(r"([A-Za-z]{1,40}):([1-9][0-9]{0,18})", re.ASCII)
_MOST = 2**63 - 1


def encode(type_name: str, number: int) -> ID:
    """The global id of a row."""
    return ID(urlsafe_b64encode(b"%b:%d" % (type_name.encode(), number)).decode().rstrip("="))


def decode(global_id: str, *, field: str = "id") -> tuple[str, int]:
    """The type and number in a global id.

    Raises:
        InvalidId: the text was not made by ``encode``.
    """
    try:
        text = urlsafe_b64decode(global_id + "=" * (-len(global_id) % 4)).decode("ascii")
    except (Error, UnicodeError, ValueError):
        raise InvalidId(field) from None
    found = _FORM.fullmatch(text)
    if found is None or int(found[2]) > _MOST or encode(found[1], int(found[2])) != global_id:
        raise InvalidId(field)
    return found[1], int(found[2])


def number_of(global_id: str, type_name: str, *, field: str) -> int:
    """The number in a global id of one type.

    Raises:
        InvalidId: it is no global id, or one of another type.
    """
    found, number = decode(global_id, field=field)
    if found != type_name:
        raise InvalidId(field)
    return number


def encode_all(type_name: str, rows: Iterable[Row]) -> list[ID]:
    """The global ids of rows."""
    # No byte of an id's text can give either of the two signs in which the alphabets differ, so
    # the plain one does, at half the time: an answer has thousands of ids.
    form = b"%b:%%d" % type_name.encode()
    ids = [b2a_base64(form % row.id, newline=False).decode().rstrip("=") for row in rows]
    return cast("list[ID]", ids)


def id_field(type_name: str) -> Any:
    """The field ``id`` of a type."""

    @batched(ID, to=EVERYONE, description="Global id (全局标识)", name="id", needs=("id",))
    def resolve(parents: Sequence[Row]) -> list[ID]:
        return encode_all(type_name, parents)

    return resolve
