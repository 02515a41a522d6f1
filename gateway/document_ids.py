"""The ids of documents: their own, and the ones that other tools know them by."""

import re
from hashlib import md5, sha1, sha256

PREFIX = "sha256:"
OWN = re.compile(r"sha256:[0-9a-f]{64}")
HEX_64 = re.compile(r"[0-9a-f]{64}")
OTHER = re.compile(r"[A-Za-z0-9._~-][A-Za-z0-9._~:-]{0,255}")

DIGESTS = {32: md5, 40: sha1, 64: sha256}
"""What a bare hexadecimal id of this length is the digest of, among the tools that we read."""

RULE = f"A document id is {PREFIX} and 64 lower-case hexadecimal digits."
OTHER_RULE = "An id is 1 to 256 letters, digits, and - . _ ~ : in between."


def document_id(text: str) -> str:
    """The id of a text (GraphQL over HTTP, Appendix A)."""
    return f"{PREFIX}{sha256(text.encode()).hexdigest()}"


def is_own(given: str) -> bool:
    """Whether an id is of the form of ours, and not only meant to be."""
    return OWN.fullmatch(given) is not None


def means_own(given: str) -> bool:
    """Whether an id is meant to be of the form of ours."""
    return given.strip().lower().startswith(PREFIX)


def is_id(given: str) -> bool:
    """Whether a text can be the id of a document: ours, or a name that a manifest gave it."""
    if means_own(given):
        return is_own(given)
    return OTHER.fullmatch(given) is not None


def digest_matches(given: str, text: str) -> bool:
    """Whether an id that is a digest is that of the text; a name is nobody's digest and matches."""
    bare = given.removeprefix(PREFIX)
    make = DIGESTS.get(len(bare))
    if make is None or not all(each in "0123456789abcdef" for each in bare):
        return True
    return make(text.encode(), usedforsecurity=False).hexdigest() == bare


def rule_of(given: str) -> str:
    """What an id that is none should have been."""
    return RULE if means_own(given) else OTHER_RULE
