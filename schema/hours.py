"""Figures derived from whole numbers: hours from minutes, averages (DOMAIN §7.1)."""

from decimal import ROUND_HALF_UP, Decimal

from resolvers.rules.hours import hours_of

_CENT = Decimal("0.01")


def hours(minutes: int) -> Decimal:
    """Minutes as hours with two decimals, rounded half up."""
    return hours_of(minutes)


def average(total: int, count: int) -> Decimal | None:
    """A total by its count with two decimals, rounded half up; None of nothing."""
    if count == 0:
        return None
    return (Decimal(total) / count).quantize(_CENT, ROUND_HALF_UP)
