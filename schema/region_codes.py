"""Codes of regions as people write them: 2 to 12 digits, 18 in system 2.0, or the station's own."""

import re

# Where the levels of a division code end: province, prefecture, county, town, village.
_FULL = 12
_SYSTEM_2_0 = 18
_DIGITS = re.compile(r"[0-9]{2,18}", re.ASCII)


def region_code(given: str) -> str:
    """The code as it is stored: division codes filled up with zeros to 12 digits.

    System 2.0 writes 18 digits, the 12 and six zeros (DOMAIN §7.6).
    """
    code = given.strip()
    if not _DIGITS.fullmatch(code):
        return code
    if len(code) == _SYSTEM_2_0 and code.endswith("000000"):
        code = code[:_FULL]
    return code.ljust(_FULL, "0")
