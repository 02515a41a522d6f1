"""Every benchmark, one after the other: `python -m tests.benchmarks`."""

import subprocess
import sys

MODULES = (
    "engine_inmemory",
    "schemas",
    "policy",
    "documents_bench",
    "records_bench",
    "reviews_bench",
    "statistics_bench",
    "http_bench",
)


def main() -> int:
    """Each in a process of its own, so that none warms or burdens the next."""
    codes = [
        subprocess.run([sys.executable, "-m", f"tests.benchmarks.{name}"], check=False).returncode  # noqa: S603
        for name in MODULES
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
