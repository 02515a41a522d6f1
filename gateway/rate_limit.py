"""Rate budgets: token buckets in Redis, taken from by one atomic script.

A request takes from all of its buckets or from none. While Redis is away each process keeps
buckets of its own, so that answers go on; a partner may then ask each process for its whole pace.
"""

import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from redis.exceptions import RedisError

log = logging.getLogger(__name__)

MINUTE = 60.0
DAY = 86_400.0
KEY = "volunteer-gateway:budget:"
PAUSE_AFTER_FAILURE_S = 1.0
MOST_OWNERS = 10_000  # of a process's own buckets, so that many addresses do not fill its memory

# Redis's own clock, so that processes with wrong clocks share one budget. Numbers go back as texts:
# Redis would cut their fractions off.
SCRIPT = """
local at = redis.call('TIME')
local now = at[1] + at[2] / 1000000
local wait, short = 0, 0
local left = {}
for i = 0, #ARGV / 3 - 1 do
  local size, span, want = tonumber(ARGV[3*i+1]), tonumber(ARGV[3*i+2]), tonumber(ARGV[3*i+3])
  local held = redis.call('HMGET', KEYS[1], 'l' .. i, 't' .. i)
  local level = size
  if held[1] then
    level = math.min(size, tonumber(held[1]) + (now - tonumber(held[2])) * size / span)
  end
  left[i+1] = level
  if want > level then
    local needed = (want - level) * span / size
    if needed > wait then wait, short = needed, i + 1 end
  end
end
local answer = {tostring(short), tostring(wait)}
for i = 0, #ARGV / 3 - 1 do
  local level = left[i+1]
  if short == 0 then
    level = level - tonumber(ARGV[3*i+3])
    redis.call('HSET', KEYS[1], 'l' .. i, tostring(level), 't' .. i, string.format('%.6f', now))
  end
  answer[i+3] = tostring(level)
end
redis.call('EXPIRE', KEYS[1], 172800)
return answer
"""


@dataclass(frozen=True, slots=True)
class Bucket:
    """How much there is in a span of time, and how much of it a request takes."""

    name: str
    size: float
    span: float
    want: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is left in each bucket; if one was too empty, its name and how long to wait."""

    left: Mapping[str, int]
    short: str | None = None
    retry_after_seconds: int = 0


@dataclass(slots=True)
class Budgets:
    """Takes from the buckets that all processes share."""

    redis: Any
    clock: Callable[[], float] = time.monotonic
    _script: Any = None
    _away_until: float = 0.0
    _own: dict[str, dict[str, tuple[float, float]]] = field(default_factory=dict)

    async def take(self, owner: str, buckets: Sequence[Bucket]) -> Taken:
        """Takes what a request wants from all buckets of an owner, or nothing."""
        if self.clock() >= self._away_until:
            try:
                return await self._take_shared(owner, buckets)
            except (RedisError, OSError, TimeoutError) as error:
                self._away_until = self.clock() + PAUSE_AFTER_FAILURE_S
                log.warning("budgets_not_shared", extra={"error": type(error).__name__})
        return self._take_own(owner, buckets)

    async def _take_shared(self, owner: str, buckets: Sequence[Bucket]) -> Taken:
        if self._script is None:
            self._script = self.redis.register_script(SCRIPT)
        arguments = [value for each in buckets for value in (each.size, each.span, each.want)]
        short, wait, *levels = await self._script(keys=[f"{KEY}{owner}"], args=arguments)
        return _taken(buckets, [float(each) for each in levels], int(float(short)), float(wait))

    def _take_own(self, owner: str, buckets: Sequence[Bucket]) -> Taken:
        now = self.clock()
        if owner not in self._own and len(self._own) >= MOST_OWNERS:
            self._own.clear()
        held = self._own.setdefault(owner, {})
        levels: list[float] = []
        short, wait = 0, 0.0
        for number, each in enumerate(buckets, 1):
            level, at = held.get(each.name, (each.size, now))
            level = min(each.size, level + (now - at) * each.size / each.span)
            levels.append(level)
            needed = (each.want - level) * each.span / each.size
            if needed > wait:
                short, wait = number, needed
        if not short:
            levels = [level - each.want for level, each in zip(levels, buckets, strict=True)]
            held.update(
                (each.name, (level, now)) for level, each in zip(levels, buckets, strict=True)
            )
        return _taken(buckets, levels, short, wait)


def _taken(buckets: Sequence[Bucket], levels: Sequence[float], short: int, wait: float) -> Taken:
    return Taken(
        left={
            each.name: max(0, math.floor(level))
            for each, level in zip(buckets, levels, strict=True)
        },
        short=buckets[short - 1].name if short else None,
        retry_after_seconds=max(1, math.ceil(wait)) if short else 0,
    )
