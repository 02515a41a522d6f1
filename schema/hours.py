"""Hours, derived from whole minutes (DOMAIN §7.1)."""

from decimal import ROUND_HALF_UP, Decimal

_PER_HOUR = Decimal(60)
_CENT = Decimal("0.01")


def hours(minutes: int) -> Decimal:
    """Minutes as hours with two decimals, rounded half up."""
    return (Decimal(minutes) / _PER_HOUR).quantize(_CENT, ROUND_HALF_UP)
