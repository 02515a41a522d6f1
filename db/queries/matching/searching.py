"""Needs and offers ranked by how well they fit, in one statement.

The points of a row are whole numbers, so that an order is the same wherever it is computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import DateTime, Text, bindparam, literal, select

from db import models
from db.queries.entity import Entity
from db.queries.joined import source_of
from db.rows import Row
from db.scope import Scope
from db.session import Snapshot
from db.statements import Statement, prepare

# What each likeness is worth at most, and what each step on the tree of regions takes away.
CATEGORIES, SKILLS, REGION, TIME = 40, 20, 30, 30
STEP = 6

# Who looks names what is left out nowhere: it is worth nothing and leaves nothing out. What is
# asked for must be met somehow: one category at least, and some of the time.
_RANKED = """
with open as ({open}
), likeness as (
  select o.id, o.starts_at,
    (select count(*) from unnest({categories}::text[]) c where c = any(o.categories))
      * {CATEGORIES} / greatest(cardinality({categories}::text[]), 1) as of_categories,
    (select count(*) from unnest({skills}::text[]) s where s = any(o.skills))
      * {SKILLS} / greatest(cardinality({skills}::text[]), 1) as of_skills,
    case when {region}::text is null then 0 else greatest(0, {REGION} - {STEP} * (
      array_length(w.steps, 1) + array_length(p.steps, 1) - 2 * (
        select count(*) from unnest(w.steps, p.steps) as both_(one, other) where one = other
      )
    )) end as of_region,
    case when {since}::timestamptz is null then 0 else
      {TIME} * extract(epoch from least(o.ends_at, {until}::timestamptz)
        - greatest(o.starts_at, {since}::timestamptz))::bigint
        / greatest(1, extract(epoch from {until}::timestamptz - {since}::timestamptz)::bigint)
    end as of_time
  from open o
  cross join lateral (select string_to_array(left(o.path, -1), '/') as steps) p
  cross join lateral (
    select string_to_array(left(coalesce({region}::text, '/'), -1), '/') as steps
  ) w
  where (cardinality({categories}::text[]) = 0 or o.categories && {categories}::text[])
    and ({since}::timestamptz is null
         or (o.starts_at < {until}::timestamptz and o.ends_at > {since}::timestamptz))
)
select id, of_categories + of_skills + of_region + of_time as score, of_categories, of_skills,
  of_region, of_time
from likeness order by 2 desc, starts_at, id limit {most}
"""
_WISHED = ("categories", "skills", "region", "since", "until", "most")


class MatchRow(Row):
    """A need or offer, and the points of its likeness to what was looked for."""

    id: int
    score: int
    of_categories: int
    of_skills: int
    of_region: int
    of_time: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is looked for; a time has both its ends, or none."""

    categories: Sequence[str] = ()
    skills: Sequence[str] = ()
    region_path: str | None = None
    since: datetime | None = None
    until: datetime | None = None


_STATEMENTS: dict[tuple[str, str], Statement[MatchRow]] = {}


async def fetch_matches(
    snapshot: Snapshot, entity: Entity, scope: Scope, wish: Wish, *, now: datetime, most: int
) -> Sequence[MatchRow]:
    """Open rows in scope that fit, the best first, of equals the earlier."""
    key = (entity.name, scope.key)
    if key not in _STATEMENTS:
        _STATEMENTS[key] = _statement(entity, scope)
    return await snapshot.fetch(
        _STATEMENTS[key],
        categories=list(wish.categories),
        skills=list(wish.skills),
        region=wish.region_path,
        since=wish.since,
        until=wish.until,
        now=now,
        most=most,
        **scope.values,
    )


def _statement(entity: Entity, scope: Scope) -> Statement[MatchRow]:
    """What is open and in scope, ranked by the text above; its parameters follow the scope's."""
    source, row, team = source_of(entity)
    region = models.Region.__table__.alias("place")
    query = (
        select(
            row.c.id, row.c.starts_at, row.c.ends_at, row.c.categories, row.c.skills, region.c.path
        )
        .select_from(source.join(region, region.c.id == row.c.region_id))
        .where(
            scope.clause(row, team),
            row.c.status == literal("OPEN", Text),
            row.c.ends_at > bindparam("now", type_=DateTime(timezone=True)),
        )
    )
    if "found" in row.c:  # a need that has found everybody looks for nobody
        query = query.where(row.c.found < row.c.people)
    found = prepare(query, MatchRow)
    places = {name: f"${place}" for place, name in enumerate(_WISHED, start=len(found.names) + 1)}
    worth = {"CATEGORIES": CATEGORIES, "SKILLS": SKILLS, "REGION": REGION, "TIME": TIME}
    sql = _RANKED.format(open=found.sql, STEP=STEP, **worth, **places)
    return Statement(sql, (*found.names, *_WISHED), found.fixed, MatchRow)
