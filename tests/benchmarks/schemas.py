"""What building each role's schema takes: python -m tests.benchmarks.schemas.

At most 200 ms and 6 MB for each; the memory is also a test, the time is told here only.
"""

import gc
import time
import tracemalloc

from permissions.viewer import Role
from schema.build import build_schema

ROUNDS = 5


def time_ms(role: Role) -> float:
    """The least time of a few builds."""
    times = []
    for _ in range(ROUNDS):
        gc.collect()
        began = time.perf_counter()
        build_schema(role)
        times.append((time.perf_counter() - began) * 1000)
    return min(times)


def size_mb(role: Role) -> float:
    """The memory that a built schema keeps."""
    gc.collect()
    tracemalloc.start()
    schema = build_schema(role)
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del schema
    return size / 2**20


def main() -> None:
    """Prints one line for each role."""
    for role in Role:
        types = len(build_schema(role)._schema.type_map)
        print(f"{role:<10} {types:>4} types {time_ms(role):>7.1f} ms {size_mb(role):>6.2f} MB")  # noqa: T201 - the outcome


if __name__ == "__main__":
    main()
