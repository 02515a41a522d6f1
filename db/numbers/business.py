"""The system's own numbers: of teams, volunteers and projects.

A number begins with a letter and the area; the rest is the row's place in its station. A station
that is not the province's own adds its number, so that rows of many stations never share one.
"""

from datetime import date

SERIAL_BITS = 40
SERIAL_MASK = (1 << SERIAL_BITS) - 1


def team_no(region_code: str, id: int) -> str:
    """The number of a team (联络编号)."""
    return f"T{region_code[:6]}{_serial(region_code, id)}"


def volunteer_no(region_code: str, id: int) -> str:
    """The unified number of a volunteer (志愿者编号), used where the ID number must not be."""
    return f"V{region_code[:6]}{_serial(region_code, id)}"


def project_no(region_code: str, id: int, published_on: date) -> str:
    """The number of a project, in the form of system 2.0: area, year and month, serial."""
    return f"P{region_code[:6]}{published_on:%y%m}{_serial(region_code, id)}"


def _serial(region_code: str, id: int) -> str:
    station, serial = id >> SERIAL_BITS, id & SERIAL_MASK
    own = region_code[:2] == f"{station:02d}"
    return f"{serial:07d}" if own else f"{serial:07d}S{station}"
