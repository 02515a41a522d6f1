"""The draw of a random check, in one statement.

Whatever could be drawn is keyed by SHA-256 of the seed, its kind and its id; the items are those of
the smallest keys. Who knows the seed can say of any record whether it had to be drawn.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.enums import InspectionKind
from db.paths import path_end
from db.rows import Row
from db.statements import Statement

# Teams are of the region that they lie in now; what counts is drawn, not what is void or waits.
_DRAW = """
with population as materialized (
  select 'RECORD' as kind, r.id, r.team_id
  from service_records r join teams t on t.id = r.team_id
  where $5::text in ('RECORDS', 'BOTH') and r.status = 'EFFECTIVE'
    and r.starts_at >= $3 and r.starts_at < $4
    and t.region_path >= $1 and t.region_path < $2
    and ($6::bigint[] is null or r.team_id = any($6))
  union all
  select 'CERTIFICATE', c.id, c.team_id
  from certificates c join teams t on t.id = c.team_id
  where $5::text in ('CERTIFICATES', 'BOTH') and c.status in ('ISSUED', 'SUPERSEDED')
    and c.issued_at >= $3 and c.issued_at < $4
    and t.region_path >= $1 and t.region_path < $2
    and ($6::bigint[] is null or c.team_id = any($6))
), keyed as materialized (
  select kind, id, team_id, sha256($7::bytea || convert_to(kind || ':' || id, 'UTF8')) as key
  from population
), whole as (
  select count(*) as population,
    coalesce(bit_xor(('x' || encode(substr(key, 1, 8), 'hex'))::bit(64)::bigint), 0) as fingerprint
  from keyed
)
select k.kind, k.id, k.team_id, k.key, w.population, w.fingerprint
from whole w cross join (select * from keyed order by key limit $8) k
order by k.key
"""


class DrawnRow(Row):
    """What was drawn, the smallest key first, with what all of it came to."""

    kind: str
    id: int
    team_id: int
    key: bytes
    population: int
    fingerprint: int


DRAW = Statement(
    _DRAW,
    ("region", "region_end", "since", "before", "kind", "teams", "seed", "size"),
    {},
    DrawnRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """What a check draws from: of a region, a time, a kind, perhaps of a few teams."""

    region_path: str
    since: datetime
    before: datetime
    kind: InspectionKind
    team_ids: Collection[int] | None = None


async def draw(
    reader: Any, population: Population, *, seed: bytes, size: int
) -> Sequence[DrawnRow]:
    """The items of a draw: the same seed and population give the same, in the same order."""
    teams = population.team_ids
    rows: Sequence[DrawnRow] = await reader.fetch(
        DRAW,
        region=population.region_path,
        region_end=path_end(population.region_path),
        since=population.since,
        before=population.before,
        kind=population.kind.value,
        teams=None if teams is None else sorted(teams),
        seed=seed,
        size=size,
    )
    return rows
