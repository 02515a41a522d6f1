"""Whether the contenders tell the same: each answer reduced to rows, plain ids and moments."""

import json
import re
from base64 import b64decode, urlsafe_b64decode
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.benchmarks.workloads import Workload

MOMENTS = frozenset({"startsAt", "endsAt", "registeredAt"})
COUNTS = frozenset({"volunteers", "teams", "hubs", "projects", "records", "minutes", "star"})
LISTS = frozenset({"childHubs", "childStatistics", "months"})


def plain(workload: Workload, answer: bytes) -> Any:
    """The data of an answer: ids as numbers, moments in UTC, hours as minutes, no cursors."""
    given = json.loads(answer)
    assert not given.get("errors"), given["errors"]
    data = given["data"]
    if workload.name == "Profile":
        data = data.get("viewer", data)
    return _plain(data)


def _plain(value: Any, name: str = "") -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if not isinstance(value, dict):
        return _leaf(value, name)
    if name in LISTS and "nodes" in value:
        return _plain(value["nodes"])
    found: dict[str, Any] = {}
    for key, each in value.items():
        if key in {"cursor", "endCursor"}:
            found[key] = bool(each)
        elif key == "hours":
            found["minutes"] = round(Decimal(each) * 60)
        elif key == "effectiveMinutes":
            found["minutes"] = int(each)
        elif key == "region" and "totals" in value:
            found.update(_plain(each))
        elif key != "asOf":
            found[key] = _plain(each, key)
    return found


def _leaf(value: Any, name: str) -> Any:
    if value is None:
        return None
    if name == "id":
        return int(value) if isinstance(value, int) else _number(value)
    if name in MOMENTS:
        return datetime.fromisoformat(value).astimezone(UTC)
    return int(value) if name in COUNTS else value


def _number(global_id: str) -> int:
    """The row's number in an opaque id: ours is `Type:n`, PostGraphile's `["Type","n"]`."""
    padded = global_id + "=" * (-len(global_id) % 4)
    text = (urlsafe_b64decode if re.search("[-_]", padded) else b64decode)(padded).decode()
    found = re.search(r"(\d+)\D*$", text)
    assert found is not None, text
    return int(found[1])
