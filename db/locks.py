"""The numbers of the advisory locks, in one place so that no two meet."""

from enum import IntEnum


class Lock(IntEnum):
    """What an advisory lock guards; writers take them in this order (DESIGN §4)."""

    MIGRATION = 7_301
    SEED = 7_302
    TEAM_TREE = 7_303
    CLOCK = 7_304
    LEDGER = 7_305
    IDENTITY = 7_306  # with four bytes of a blind index
    TEAM_NAMES = 7_307  # with a region, or the hash of a social credit code
    AUDIT = 7_310  # the same number stands in the function audit_seal
    FILES = 7_311  # with four bytes of a digest
