"""What is read of checks beside their lists: the parts of teams, measures, who is overdue."""

from datetime import date, datetime

from db.enums import MeasureKind
from db.rows import Row
from db.statements import Statement


class PartRow(Row):
    """A team's part in a check.

    ``is_told`` says whether what was asked and handed in is for the viewer to read, ``is_found``
    whether what was found is.
    """

    id: int
    inspection_id: int
    team_id: int
    due_on: date | None
    handed_in_at: datetime | None
    statement: str | None
    is_told: bool
    is_found: bool
    checked: int
    in_order: int
    defective: int
    forged: int


class MeasureRow(Row):
    """A measure that followed from a finding."""

    id: int
    inspection_id: int
    team_id: int
    item_id: int | None
    kind: MeasureKind
    reason: str
    created_at: datetime


class FileOfPartRow(Row):
    """A file that a team handed in."""

    id: int
    part_id: int


class FoundRow(Row):
    """Whether what was found in a check is for the viewer to read."""

    id: int
    is_found: bool


class OverdueRow(Row):
    """A team that has not handed in what was due."""

    id: int
    inspection_id: int
    team_id: int
    due_on: date


# Whether the viewer's department is over the check, and whether its team or one below was asked.
_VIEWED = """
cross join lateral (select
  r.path >= $2 and r.path < $3 as leads,
  i.asked_at is not null
    and (p.team_id = $4 or ($7::boolean and t.path >= $5 and t.path < $6)) as concerned
) v
"""
_STANDING = ("region", "region_end", "team", "path", "path_end", "is_hub")

PARTS = Statement(
    f"""
    select p.id, p.inspection_id, p.team_id, p.due_on, p.handed_in_at, p.statement,
      v.leads or v.concerned, v.leads or i.status = 'PUBLISHED',
      c.checked, c.in_order, c.defective, c.forged
    from inspection_teams p join inspections i on i.id = p.inspection_id
    join regions r on r.id = i.region_id join teams t on t.id = p.team_id {_VIEWED}
    cross join lateral (
      select count(*) as checked, count(*) filter (where verdict = 'IN_ORDER') as in_order,
        count(*) filter (where verdict = 'DEFECTIVE') as defective,
        count(*) filter (where verdict = 'FORGED') as forged
      from inspection_items e where e.inspection_id = p.inspection_id and e.team_id = p.team_id
    ) c
    where p.inspection_id = any($1::bigint[])
      and (v.leads or v.concerned or i.status = 'PUBLISHED')
    order by p.inspection_id, p.team_id
    """,  # noqa: S608 - a text of ours
    ("ids", *_STANDING),
    {},
    PartRow,
)
MEASURES = Statement(
    f"""
    select m.id, m.inspection_id, m.team_id, m.item_id, m.kind, m.reason, m.created_at
    from inspection_measures m join inspections i on i.id = m.inspection_id
    join regions r on r.id = i.region_id join teams t on t.id = m.team_id
    join inspection_teams p on p.inspection_id = m.inspection_id and p.team_id = m.team_id {_VIEWED}
    where m.inspection_id = any($1::bigint[])
      and (v.leads or v.concerned or i.status = 'PUBLISHED')
    order by m.id
    """,  # noqa: S608 - a text of ours
    ("ids", *_STANDING),
    {},
    MeasureRow,
)
FILES_OF_PARTS = Statement(
    """
    select f.id, f.subject_id from files f
    where f.subject_type = 'InspectionTeam' and f.subject_id = any($1::bigint[]) order by f.id
    """,
    ("ids",),
    {},
    FileOfPartRow,
)
OVERDUE = Statement(
    """
    select p.id, p.inspection_id, p.team_id, p.due_on
    from inspection_teams p join inspections i on i.id = p.inspection_id
    join regions r on r.id = i.region_id
    where p.handed_in_at is null and p.due_on < $3::date and i.status = 'MATERIALS_ASKED'
      and r.path >= $1 and r.path < $2
    order by p.due_on, p.id limit $4
    """,
    ("region", "region_end", "today", "most"),
    {},
    OverdueRow,
)


class DrawnRow(Row):
    """What a check was drawn from, to draw it again."""

    id: int
    region_path: str
    kind: str
    since: date
    until: date
    seed: bytes
    population: int
    fingerprint: int
    size: int
    team_ids: list[int]
    item_keys: list[bytes]


DRAWN = Statement(
    """
    select i.id, r.path, i.kind, i.since, i.until, i.seed, i.population, i.fingerprint, i.size,
      array(select s.team_id from inspection_scopes s where s.inspection_id = i.id),
      array(select e.draw_key from inspection_items e where e.inspection_id = i.id
            order by e.position)
    from inspections i join regions r on r.id = i.region_id where i.id = any($1::bigint[])
    """,
    ("ids",),
    {},
    DrawnRow,
)
FOUND = Statement(
    """
    select i.id, i.status = 'PUBLISHED' or (r.path >= $2 and r.path < $3)
    from inspections i join regions r on r.id = i.region_id where i.id = any($1::bigint[])
    """,
    ("ids", "region", "region_end"),
    {},
    FoundRow,
)
