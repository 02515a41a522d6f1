"""How often the process that serves looks for garbage in cycles."""

import gc

# Requests' objects die by their reference counts. At Python's own 700 the collector took a quarter
# of the time of a large answer, looking through rows and results that were all in use.
ALLOCATIONS = 50_000


def spare_the_collector() -> None:
    """Keeps what was made at start out of every collection, and collects more rarely.

    For the serving process, once: what is cyclic garbage afterwards and was made before stays.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS, 10, 10)
